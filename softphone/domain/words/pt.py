"""Portuguese, as spoken in Brazil."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="a linha de apoio",
    digits=("zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"),
    greeting="Olá. Aqui é {name}. Agradecemos a sua ligação.",
    menu_choice="Para português, tecle {digit}.",
    menu_again="Essa opção não existe. Por favor, ouça mais uma vez.",
    please_hold="Por favor, continue na linha. Estamos procurando uma pessoa para falar com você.",
    still_trying="Agradecemos a espera. Ainda estamos procurando uma pessoa para falar com você.",
    nobody_leave_message=(
        "No momento ninguém pode atender. "
        "Você pode deixar uma mensagem depois do sinal. "
        "Quando terminar, basta desligar."
    ),
    closed_leave_message=(
        "No momento o serviço está fechado. "
        "Você pode deixar uma mensagem depois do sinal. "
        "Quando terminar, basta desligar."
    ),
    nobody_alternatives=(
        "No momento ninguém pode atender. "
        "Por favor, ligue de novo um pouco mais tarde. "
        "Se precisar de ajuda imediata, ligue para os serviços de emergência."
    ),
    closed_alternatives=(
        "No momento o serviço está fechado. "
        "Por favor, ligue de novo em outro horário. "
        "Se precisar de ajuda imediata, ligue para os serviços de emergência."
    ),
    message_thanks="Agradecemos. Recebemos a sua mensagem. Até logo.",
    message_empty="Não ouvimos nenhuma mensagem. Você pode ligar de novo quando quiser. Até logo.",
    blocked=(
        "No momento não podemos atender esta ligação. "
        "Se precisar de ajuda imediata, ligue para os serviços de emergência."
    ),
    too_many_calls=(
        "Recebemos várias ligações deste telefone em pouco tempo. "
        "Por favor, espere alguns minutos e ligue de novo. "
        "Se precisar de ajuda imediata, ligue para os serviços de emergência."
    ),
    prove_human=(
        "Estamos recebendo muitas ligações no momento. Para continuar, por favor, tecle estes quatro números: {digits}."
    ),
    prove_again="Os números eram outros. Por favor, tente de novo.",
    confirm_private_phone="Há uma ligação à sua espera. Para atender, tecle um.",
    fault=(
        "Algo não está funcionando do nosso lado. "
        "Por favor, ligue de novo em alguns minutos. "
        "Se precisar de ajuda imediata, ligue para os serviços de emergência."
    ),
    no_hotline=(
        "Este número não está em uso no momento. Se precisar de ajuda imediata, ligue para os serviços de emergência."
    ),
)
