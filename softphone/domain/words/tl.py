"""Tagalog."""

from softphone.domain.words.shape import Words

WORDS = Words(
    unnamed="hotline",
    digits=("sero", "isa", "dalawa", "tatlo", "apat", "lima", "anim", "pito", "walo", "siyam"),
    greeting="Kumusta po. Ito po ang {name}. Salamat po sa pagtawag.",
    menu_choice="Para sa Tagalog, pindutin po ang {digit}.",
    menu_again="Wala po iyan sa mga pagpipilian. Pakinggan po ninyong muli.",
    please_hold="Manatili po kayo sa linya. Humahanap po kami ng makakausap ninyo.",
    still_trying="Salamat po sa paghihintay. Humahanap pa rin po kami ng makakausap ninyo.",
    nobody_leave_message=(
        "Wala pong makasagot sa ngayon. "
        "Maaari po kayong mag-iwan ng mensahe pagkatapos ng tunog. "
        "Kapag tapos na po kayo, ibaba lamang ang telepono."
    ),
    closed_leave_message=(
        "Sarado po kami sa ngayon. "
        "Maaari po kayong mag-iwan ng mensahe pagkatapos ng tunog. "
        "Kapag tapos na po kayo, ibaba lamang ang telepono."
    ),
    nobody_alternatives=(
        "Wala pong makasagot sa ngayon. "
        "Tumawag po kayong muli mamaya. "
        "Kung kailangan po ninyo ng tulong ngayon din, tumawag po sa mga serbisyong pang-emerhensiya."
    ),
    closed_alternatives=(
        "Sarado po kami sa ngayon. "
        "Tumawag po kayong muli sa ibang oras. "
        "Kung kailangan po ninyo ng tulong ngayon din, tumawag po sa mga serbisyong pang-emerhensiya."
    ),
    message_thanks="Salamat po. Natanggap na po namin ang inyong mensahe. Paalam po.",
    message_empty="Wala po kaming narinig na mensahe. Maaari po kayong tumawag muli. Paalam po.",
    blocked=(
        "Hindi po namin matatanggap ang tawag na ito sa ngayon. "
        "Kung kailangan po ninyo ng tulong ngayon din, tumawag po sa mga serbisyong pang-emerhensiya."
    ),
    too_many_calls=(
        "Ilang beses na pong tumawag ang teleponong ito sa maikling panahon. "
        "Maghintay po kayo ng ilang minuto at tumawag muli. "
        "Kung kailangan po ninyo ng tulong ngayon din, tumawag po sa mga serbisyong pang-emerhensiya."
    ),
    prove_human="Marami pong tumatawag sa ngayon. Para magpatuloy, pindutin po ang apat na numerong ito: {digits}.",
    prove_again="Iba po ang mga numerong pinindot ninyo. Pakisubukan po muli.",
    confirm_private_phone="May tawag pong naghihintay sa inyo. Para sagutin ito, pindutin po ang isa.",
    fault=(
        "May hindi po gumagana sa aming panig. "
        "Tumawag po kayong muli pagkalipas ng ilang minuto. "
        "Kung kailangan po ninyo ng tulong ngayon din, tumawag po sa mga serbisyong pang-emerhensiya."
    ),
    no_hotline=(
        "Hindi po ginagamit ang numerong ito sa ngayon. "
        "Kung kailangan po ninyo ng tulong ngayon din, tumawag po sa mga serbisyong pang-emerhensiya."
    ),
)
