"""Spanish."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="la línea de ayuda",
    digits=("cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"),
    greeting="Hola. Ha llamado a {name}. Gracias por su llamada.",
    menu_choice="Para español, marque el {digit}.",
    menu_again="Esa no es una de las opciones. Por favor, escuche una vez más.",
    please_hold="Por favor, no cuelgue. Estamos buscando a una persona que hable con usted.",
    still_trying="Gracias por esperar. Seguimos buscando a una persona que hable con usted.",
    nobody_leave_message=(
        "En este momento nadie puede atender su llamada. "
        "Puede dejar un mensaje después del tono. "
        "Cuando termine, simplemente cuelgue."
    ),
    closed_leave_message=(
        "En este momento el servicio está cerrado. "
        "Puede dejar un mensaje después del tono. "
        "Cuando termine, simplemente cuelgue."
    ),
    nobody_alternatives=(
        "En este momento nadie puede atender su llamada. "
        "Por favor, llame de nuevo un poco más tarde. "
        "Si necesita ayuda de inmediato, llame a los servicios de emergencia."
    ),
    closed_alternatives=(
        "En este momento el servicio está cerrado. "
        "Por favor, llame de nuevo en otro momento. "
        "Si necesita ayuda de inmediato, llame a los servicios de emergencia."
    ),
    message_thanks="Gracias. Hemos recibido su mensaje. Hasta luego.",
    message_empty="No hemos oído ningún mensaje. Puede llamar de nuevo cuando quiera. Hasta luego.",
    blocked=(
        "En este momento no podemos atender esta llamada. "
        "Si necesita ayuda de inmediato, llame a los servicios de emergencia."
    ),
    too_many_calls=(
        "Hemos recibido varias llamadas de este teléfono en poco tiempo. "
        "Por favor, espere unos minutos y llame de nuevo. "
        "Si necesita ayuda de inmediato, llame a los servicios de emergencia."
    ),
    prove_human=(
        "En este momento recibimos muchas llamadas. Para continuar, por favor, marque estos cuatro números: {digits}."
    ),
    prove_again="Los números eran otros. Por favor, inténtelo de nuevo.",
    confirm_private_phone="Tiene una llamada en espera. Para atenderla, marque el uno.",
    fault=(
        "Algo no funciona de nuestro lado. "
        "Por favor, llame de nuevo en unos minutos. "
        "Si necesita ayuda de inmediato, llame a los servicios de emergencia."
    ),
    no_hotline=(
        "Este número no está en servicio en este momento. "
        "Si necesita ayuda de inmediato, llame a los servicios de emergencia."
    ),
)
