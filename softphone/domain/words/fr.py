"""French."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="la ligne d'écoute",
    digits=("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
    greeting="Bonjour. Ici {name}. Merci de votre appel.",
    menu_choice="Pour le français, appuyez sur le {digit}.",
    menu_again="Ce choix n'existe pas. Veuillez écouter encore une fois.",
    please_hold="Veuillez rester en ligne. Nous cherchons une personne pour vous répondre.",
    still_trying="Merci de patienter. Nous cherchons encore une personne pour vous répondre.",
    nobody_leave_message=(
        "Personne ne peut vous répondre pour le moment. "
        "Vous pouvez laisser un message après le signal sonore. "
        "Quand vous aurez terminé, il suffit de raccrocher."
    ),
    closed_leave_message=(
        "Notre ligne est fermée pour le moment. "
        "Vous pouvez laisser un message après le signal sonore. "
        "Quand vous aurez terminé, il suffit de raccrocher."
    ),
    nobody_alternatives=(
        "Personne ne peut vous répondre pour le moment. "
        "Veuillez rappeler un peu plus tard. "
        "Si vous avez besoin d'aide tout de suite, veuillez appeler les services d'urgence."
    ),
    closed_alternatives=(
        "Notre ligne est fermée pour le moment. "
        "Veuillez rappeler à un autre moment. "
        "Si vous avez besoin d'aide tout de suite, veuillez appeler les services d'urgence."
    ),
    message_thanks="Merci. Nous avons bien reçu votre message. Au revoir.",
    message_empty="Nous n'avons pas entendu de message. Vous pouvez rappeler quand vous voulez. Au revoir.",
    blocked=(
        "Nous ne pouvons pas prendre cet appel pour le moment. "
        "Si vous avez besoin d'aide tout de suite, veuillez appeler les services d'urgence."
    ),
    too_many_calls=(
        "Nous avons reçu plusieurs appels de ce téléphone en peu de temps. "
        "Veuillez attendre quelques minutes, puis rappeler. "
        "Si vous avez besoin d'aide tout de suite, veuillez appeler les services d'urgence."
    ),
    prove_human=(
        "Nous recevons beaucoup d'appels en ce moment. "
        "Pour continuer, veuillez composer ces quatre chiffres : {digits}."
    ),
    prove_again="Les chiffres étaient différents. Veuillez réessayer.",
    confirm_private_phone="Un appel vous attend. Pour le prendre, appuyez sur le un.",
    fault=(
        "Quelque chose ne fonctionne pas de notre côté. "
        "Veuillez rappeler dans quelques minutes. "
        "Si vous avez besoin d'aide tout de suite, veuillez appeler les services d'urgence."
    ),
    no_hotline=(
        "Ce numéro n'est pas en service pour le moment. "
        "Si vous avez besoin d'aide tout de suite, veuillez appeler les services d'urgence."
    ),
)
