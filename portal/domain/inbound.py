"""What other systems tell us about texts and emails: the words of a carrier, and what stands as proof."""

from enum import StrEnum


class Said(StrEnum):
    """What a text to the practice's number means to the carrier."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = "other"


# https://www.twilio.com/docs/messaging/guides/opt-out-keywords: whole messages, in any case.
_KEYWORDS = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), Said.STOP),
    **dict.fromkeys(("START", "YES", "UNSTOP"), Said.START),
    **dict.fromkeys(("HELP", "INFO"), Said.HELP),
}


def carrier_word(text: str, opt_out_type: str = "") -> Said:
    """What a text means; Twilio's own word for it (`OptOutType`, with Advanced Opt-Out) counts before the text's."""
    word = opt_out_type.strip().upper() or text.strip().strip(".!\"'").upper()
    return _KEYWORDS.get(word, Said.OTHER)


CARRIER_WORDING = {
    Said.STOP: "Texted STOP to the practice's number: no more text messages.",
    Said.START: "Texted START to the practice's number: text messages again.",
}


def booking_wording(given: str, *, stop: bool) -> str:
    """What was agreed to at online booking: its own words, or ours where it sent none."""
    if given:
        return given
    return "Opted out at online booking." if stop else "Opted in again at online booking."
