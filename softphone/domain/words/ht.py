"""Haitian Creole."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="liy asistans lan",
    digits=("zewo", "en", "de", "twa", "kat", "senk", "sis", "sèt", "uit", "nèf"),
    greeting="Bonjou. Ou rele {name}. Mèsi dèske ou rele.",
    menu_choice="Pou kreyòl ayisyen, peze {digit}.",
    menu_again="Chwa sa a pa disponib. Tanpri koute yon lòt fwa.",
    please_hold="Tanpri rete sou liy lan. N ap chèche yon moun pou pale avèk ou.",
    still_trying="Mèsi dèske w ap tann. N ap kontinye chèche yon moun pou pale avèk ou.",
    nobody_leave_message=(
        "Pa gen moun ki disponib kounye a. Ou ka kite yon mesaj apre son an. Lè ou fini, annik rakwoche."
    ),
    closed_leave_message="Nou fèmen kounye a. Ou ka kite yon mesaj apre son an. Lè ou fini, annik rakwoche.",
    nobody_alternatives=(
        "Pa gen moun ki disponib kounye a. "
        "Tanpri rele ankò yon ti kras pita. "
        "Si ou bezwen èd touswit, tanpri rele sèvis ijans yo."
    ),
    closed_alternatives=(
        "Nou fèmen kounye a. Tanpri rele ankò yon lòt lè. Si ou bezwen èd touswit, tanpri rele sèvis ijans yo."
    ),
    message_thanks="Mèsi. Nou resevwa mesaj ou a. Orevwa.",
    message_empty="Nou pa t tande mesaj. Ou mèt rele ankò. Orevwa.",
    blocked="Nou pa ka pran apèl sa a kounye a. Si ou bezwen èd touswit, tanpri rele sèvis ijans yo.",
    too_many_calls=(
        "Nou resevwa plizyè apèl ki soti nan telefòn sa a nan yon ti tan. "
        "Tanpri tann kèk minit epi rele ankò. "
        "Si ou bezwen èd touswit, tanpri rele sèvis ijans yo."
    ),
    prove_human="Gen anpil apèl k ap antre kounye a. Pou kontinye, tanpri peze kat chif sa yo: {digits}.",
    prove_again="Chif yo te diferan. Tanpri eseye ankò.",
    confirm_private_phone="Gen yon apèl k ap tann ou. Pou pran li, peze en.",
    fault=(
        "Gen yon bagay ki pa mache bò kote pa nou. "
        "Tanpri rele ankò nan kèk minit. "
        "Si ou bezwen èd touswit, tanpri rele sèvis ijans yo."
    ),
    no_hotline="Nimewo sa a pa an sèvis kounye a. Si ou bezwen èd touswit, tanpri rele sèvis ijans yo.",
)
