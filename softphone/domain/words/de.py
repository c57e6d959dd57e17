"""German."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="das Hilfetelefon",
    digits=("null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"),
    greeting="Guten Tag. Hier ist {name}. Danke für Ihren Anruf.",
    menu_choice="Für Deutsch drücken Sie bitte die Taste {digit}.",
    menu_again="Diese Auswahl gibt es nicht. Bitte hören Sie noch einmal zu.",
    please_hold="Bitte bleiben Sie am Telefon. Wir suchen jemanden, der mit Ihnen spricht.",
    still_trying="Danke, dass Sie warten. Wir suchen weiter jemanden, der mit Ihnen spricht.",
    nobody_leave_message=(
        "Im Moment kann niemand mit Ihnen sprechen. "
        "Sie können nach dem Ton eine Nachricht hinterlassen. "
        "Wenn Sie fertig sind, legen Sie einfach auf."
    ),
    closed_leave_message=(
        "Unser Telefon ist im Moment nicht besetzt. "
        "Sie können nach dem Ton eine Nachricht hinterlassen. "
        "Wenn Sie fertig sind, legen Sie einfach auf."
    ),
    nobody_alternatives=(
        "Im Moment kann niemand mit Ihnen sprechen. "
        "Bitte rufen Sie etwas später noch einmal an. "
        "Wenn Sie sofort Hilfe brauchen, rufen Sie bitte den Notruf an."
    ),
    closed_alternatives=(
        "Unser Telefon ist im Moment nicht besetzt. "
        "Bitte rufen Sie ein anderes Mal wieder an. "
        "Wenn Sie sofort Hilfe brauchen, rufen Sie bitte den Notruf an."
    ),
    message_thanks="Danke. Ihre Nachricht ist bei uns angekommen. Auf Wiederhören.",
    message_empty="Wir haben keine Nachricht gehört. Sie können gern noch einmal anrufen. Auf Wiederhören.",
    blocked=(
        "Wir können diesen Anruf im Moment nicht annehmen. "
        "Wenn Sie sofort Hilfe brauchen, rufen Sie bitte den Notruf an."
    ),
    too_many_calls=(
        "Von diesem Telefon kamen in kurzer Zeit mehrere Anrufe. "
        "Bitte warten Sie einige Minuten und rufen Sie dann wieder an. "
        "Wenn Sie sofort Hilfe brauchen, rufen Sie bitte den Notruf an."
    ),
    prove_human=(
        "Im Moment gehen viele Anrufe ein. Bitte drücken Sie diese vier Ziffern, damit es weitergeht: {digits}."
    ),
    prove_again="Das waren andere Ziffern. Bitte versuchen Sie es noch einmal.",
    confirm_private_phone="Ein Anruf wartet auf Sie. Um ihn anzunehmen, drücken Sie die Taste eins.",
    fault=(
        "Bei uns funktioniert gerade etwas nicht. "
        "Bitte rufen Sie in einigen Minuten wieder an. "
        "Wenn Sie sofort Hilfe brauchen, rufen Sie bitte den Notruf an."
    ),
    no_hotline=(
        "Diese Nummer ist im Moment nicht in Betrieb. Wenn Sie sofort Hilfe brauchen, rufen Sie bitte den Notruf an."
    ),
)
