"""Why a call is not put through: a code for the page, a sentence for the ear, in the volunteer's language."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Refusal(StrEnum):
    """The reasons, as the page knows them."""

    DIALLING_OFF = "dialling_off"
    WEBRTC_OFF = "webrtc_off"
    UNKNOWN_CALLER = "unknown_caller"
    NUMBER_NOT_UNDERSTOOD = "number_not_understood"
    COUNTRY_NOT_ALLOWED = "country_not_allowed"
    NUMBER_TYPE_NOT_ALLOWED = "number_type_not_allowed"
    EMERGENCY = "emergency"
    SHORT_CODE = "short_code"
    OWN_NUMBER = "own_number"
    NO_SUCH_COLLEAGUE = "no_such_colleague"
    COLLEAGUE_UNREACHABLE = "colleague_unreachable"
    YOURSELF = "yourself"
    ALREADY_IN_CALL = "already_in_call"
    TOO_MANY_CALLS = "too_many_calls"
    TOO_MANY_MINUTES = "too_many_minutes"
    SAME_NUMBER_AGAIN = "same_number_again"
    NO_CALLER_ID = "no_caller_id"
    FAULT = "fault"


ENGLISH: Mapping[Refusal, str] = {
    Refusal.DIALLING_OFF: "You may not call outside numbers. Ask an administrator.",
    Refusal.WEBRTC_OFF: "The browser phone is switched off.",
    Refusal.UNKNOWN_CALLER: "This phone is not known here.",
    Refusal.NUMBER_NOT_UNDERSTOOD: "This number was not understood. Check it and dial again.",
    Refusal.COUNTRY_NOT_ALLOWED: "Calls to this country are not allowed.",
    Refusal.NUMBER_TYPE_NOT_ALLOWED: "Calls to this kind of number are not allowed.",
    Refusal.EMERGENCY: "This phone cannot call emergency services. Use another phone.",
    Refusal.SHORT_CODE: "Short numbers cannot be called from here.",
    Refusal.OWN_NUMBER: "This is the hotline's own number.",
    Refusal.NO_SUCH_COLLEAGUE: "There is no colleague with this name or extension.",
    Refusal.COLLEAGUE_UNREACHABLE: "Your colleague's phone is not on at the moment.",
    Refusal.YOURSELF: "You have dialled yourself.",
    Refusal.ALREADY_IN_CALL: "You are in another call already.",
    Refusal.TOO_MANY_CALLS: "You have made many calls this hour. Try again later.",
    Refusal.TOO_MANY_MINUTES: "You have used your calling minutes for today.",
    Refusal.SAME_NUMBER_AGAIN: "You have just called there. Wait a minute.",
    Refusal.NO_CALLER_ID: "No number is set up to call from. Ask an administrator.",
    Refusal.FAULT: "Something went wrong here. Please try again.",
}

SPANISH: Mapping[Refusal, str] = {
    Refusal.DIALLING_OFF: "No puede llamar a números externos. Pregunte a un administrador.",
    Refusal.WEBRTC_OFF: "El teléfono del navegador está desactivado.",
    Refusal.UNKNOWN_CALLER: "Este teléfono no se conoce aquí.",
    Refusal.NUMBER_NOT_UNDERSTOOD: "No se entendió el número. Compruébelo y marque de nuevo.",
    Refusal.COUNTRY_NOT_ALLOWED: "No se permiten llamadas a este país.",
    Refusal.NUMBER_TYPE_NOT_ALLOWED: "No se permiten llamadas a este tipo de número.",
    Refusal.EMERGENCY: "Este teléfono no puede llamar a emergencias. Use otro teléfono.",
    Refusal.SHORT_CODE: "Desde aquí no se puede llamar a números cortos.",
    Refusal.OWN_NUMBER: "Este es el número de la propia línea.",
    Refusal.NO_SUCH_COLLEAGUE: "No hay ningún colega con este nombre o extensión.",
    Refusal.COLLEAGUE_UNREACHABLE: "El teléfono de su colega no está encendido ahora.",
    Refusal.YOURSELF: "Se ha marcado a sí mismo.",
    Refusal.ALREADY_IN_CALL: "Ya está en otra llamada.",
    Refusal.TOO_MANY_CALLS: "Ha hecho muchas llamadas esta hora. Inténtelo más tarde.",
    Refusal.TOO_MANY_MINUTES: "Ha usado sus minutos de llamada de hoy.",
    Refusal.SAME_NUMBER_AGAIN: "Acaba de llamar allí. Espere un minuto.",
    Refusal.NO_CALLER_ID: "No hay número desde el que llamar. Pregunte a un administrador.",
    Refusal.FAULT: "Algo ha fallado. Inténtelo de nuevo.",
}


def speaks_spanish(languages: Sequence[str]) -> bool:
    """True if Spanish comes before English among a volunteer's languages; who has neither hears English."""
    known = (tag.lower().partition("-")[0] for tag in languages)
    return next((tag for tag in known if tag in {"en", "es"}), "en") == "es"


def sentence(refusal: Refusal, languages: Sequence[str]) -> str:
    """The reason in words."""
    return (SPANISH if speaks_spanish(languages) else ENGLISH)[refusal]
