"""English."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="the hotline",
    digits=("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    greeting="Hello. This is {name}. Thank you for calling.",
    menu_choice="For English, press {digit}.",
    menu_again="That was not one of the choices. Please listen once more.",
    please_hold="Please stay on the line. We are finding someone to talk with you.",
    still_trying="Thank you for waiting. We are still finding someone to talk with you.",
    nobody_leave_message=(
        "Nobody is free to talk at the moment. "
        "You can leave a message after the tone. "
        "When you have finished, simply hang up."
    ),
    closed_leave_message=(
        "We are closed at the moment. You can leave a message after the tone. When you have finished, simply hang up."
    ),
    nobody_alternatives=(
        "Nobody is free to talk at the moment. "
        "Please call again a little later. "
        "If you need help right away, please call the emergency services."
    ),
    closed_alternatives=(
        "We are closed at the moment. "
        "Please call again another time. "
        "If you need help right away, please call the emergency services."
    ),
    message_thanks="Thank you. We have your message. Goodbye.",
    message_empty="We did not hear a message. You are welcome to call again. Goodbye.",
    blocked=(
        "We cannot take this call at the moment. If you need help right away, please call the emergency services."
    ),
    too_many_calls=(
        "We have had several calls from this phone in a short time. "
        "Please wait a few minutes and call again. "
        "If you need help right away, please call the emergency services."
    ),
    prove_human="Many calls are coming in at the moment. To continue, please press these four digits: {digits}.",
    prove_again="Those were different digits. Please try again.",
    confirm_private_phone="A call is waiting for you. To take it, press one.",
    fault=(
        "Something is not working on our side. "
        "Please call again in a few minutes. "
        "If you need help right away, please call the emergency services."
    ),
    no_hotline=(
        "This number is not in use at the moment. If you need help right away, please call the emergency services."
    ),
)
