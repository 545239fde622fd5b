"""The life of a form: what it is called, who may sign it, what a signature needs, how long it counts.

A form is OPEN until its person signs, then WITNESS if somebody has to confirm the signing, then DONE. Staff may make
any of them VOID; what is DONE or VOID never changes again.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.domain.months import end, turned
from portal.domain.people import is_adult
from portal.errors import Conflict, Denied, Invalid

INTENT = "I have read and understood this consent, and I intend this to be my legal signature."
ALREADY_SIGNED = "This form is already signed. Your copy is in Task Management."
WITHDRAWN = "The practice has withdrawn this form. There is nothing left to sign here."
TEXT_CHANGED = "The text of this form has changed since you opened it. Please read it again, then sign."

RESET = "The practice has reset this form and asks you to sign it anew. Please read it, then sign."
SAME_AS_SIGNER = "A witness is somebody else than who signed. Leave it for check-in if you have the same name."
TREATS = "Who gives the treatment cannot witness the consent to it."

#: What a companion may be to the patient, as it is offered and kept.
RELATIONSHIPS = (
    "Spouse or partner",
    "Parent",
    "Adult child",
    "Brother or sister",
    "Other relative",
    "Friend",
    "Caregiver",
    "Other",
)

LONGEST_INITIALS = 6
LONGEST_NAME = 120
WORDS_A_MINUTE = 210


class FormKind(StrEnum):
    """The two tabs of Task Management."""

    CONSENT = "consent"
    QUESTIONNAIRE = "questionnaire"


class FormCategory(StrEnum):
    """What a form is for. Photo releases ask for their scope, agreements come with what they are an agreement to."""

    CONSENT = "consent"
    PHOTO_RELEASE = "photo_release"
    AGREEMENT = "agreement"
    QUESTIONNAIRE = "questionnaire"


class FormStatus(StrEnum):
    """Where a form stands. OPEN reads "Not Signed" or "Not Filled", DONE "Signed" or "Filled"."""

    OPEN = "open"
    WITNESS = "witness"
    DONE = "done"
    VOID = "void"


class SignerRole(StrEnum):
    """In what capacity a person signed."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    WITNESS = "witness"


ROLES = {SignerRole.PATIENT: "Patient", SignerRole.GUARDIAN: "Parent or guardian", SignerRole.WITNESS: "Witness"}


INCOMPLETE = (FormStatus.OPEN, FormStatus.WITNESS)

_LABELS = {
    (FormKind.CONSENT, FormStatus.OPEN): "Not Signed",
    (FormKind.CONSENT, FormStatus.DONE): "Signed",
    (FormKind.QUESTIONNAIRE, FormStatus.OPEN): "Not Filled",
    (FormKind.QUESTIONNAIRE, FormStatus.DONE): "Filled",
}


def label(kind: FormKind, status: FormStatus) -> str:
    """The words of a status, as the product's texts spell them."""
    if status is FormStatus.WITNESS:
        return "Witness Signature Required"
    return _LABELS.get((kind, status), "Void")


def incomplete(statuses: Iterable[FormStatus]) -> int:
    """What the badge counts: all that is not finished. A void form asks for nothing."""
    return sum(status in INCOMPLETE for status in statuses)


def signed(status: FormStatus, *, needs_witness: bool) -> FormStatus:
    """The status after its person signed. `Conflict` when there is nothing left to sign."""
    if status is FormStatus.VOID:
        raise Conflict(WITHDRAWN)
    if status is not FormStatus.OPEN:
        raise Conflict(ALREADY_SIGNED)
    return FormStatus.WITNESS if needs_witness else FormStatus.DONE


def witnessed(status: FormStatus) -> FormStatus:
    """The status after the witness signed. `Conflict` unless one is waited for."""
    if status is FormStatus.WITNESS:
        return FormStatus.DONE
    if status is FormStatus.OPEN:
        raise Conflict("The patient signs first. A witness confirms a signature that is there.")
    raise Conflict(WITHDRAWN if status is FormStatus.VOID else ALREADY_SIGNED)


def capacity(role: SignerRole, relationship: str) -> str:
    """In what capacity somebody signs: "Parent or guardian, mother"."""
    return ", ".join(part for part in (ROLES[role], relationship) if part)


def witness_intent(signer: str) -> str:
    """The sentence that a witness ticks."""
    return f"I saw {signer} sign this consent, and I intend this to be my legal signature."


def same_device(session: UUID | None, device: str | None, session_now: UUID | None, device_now: str) -> bool:
    """Whether who acts now is where a signature was given: in its session or, after another log-in of the same
    patient's, in a browser that calls itself the same."""
    return (session is not None and session == session_now) or bool(device and device == device_now)


def same_person(one: str, other: str) -> bool:
    """Whether two names are the same name: accents, case, punctuation, invisible letters and order left aside."""
    return bool(_name_parts(one)) and _name_parts(one) == _name_parts(other)


def legal_name(text: str) -> str:
    """A name fit for a signature line, its spaces evened out; empty when it is none."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    letters = sum(unicodedata.category(letter)[0] == "L" for letter in name)
    clean = all(unicodedata.category(letter)[0] in "LMPZ" for letter in name)
    return name if clean and letters >= 2 and len(name) <= LONGEST_NAME else ""


def _name_parts(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = (
        letter if unicodedata.category(letter)[0] in "LN" else " " if unicodedata.category(letter)[0] in "PZ" else ""
        for letter in plain
    )
    return sorted("".join(kept).split())


def voided(status: FormStatus) -> FormStatus:
    """The status after a reset. `Conflict` when it is void already."""
    if status is FormStatus.VOID:
        raise Conflict("This form is void already.")
    return FormStatus.VOID


def signer(born: date, day: date, *, by_guardian: bool) -> SignerRole:
    """In what capacity the person who is signed in may sign on `day`. `Denied` when someone else has to."""
    adult = is_adult(born, day)
    if by_guardian and adult:
        raise Denied("This form belongs to an adult now, who signs in and signs in person.")
    if not by_guardian and not adult:
        raise Denied("Until you are 18, a parent or guardian signs in and signs this for you.")
    return SignerRole.GUARDIAN if by_guardian else SignerRole.PATIENT


def may_sign(born: date, day: date, *, by_guardian: bool) -> bool:
    """Whether `signer` would let the person sign."""
    return is_adult(born, day) != by_guardian


def initialled(sections: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """The initials for each section that wants them, in order.

    `Invalid`, with one sentence for each section that lacks them, under the key `initials.<n>` from 0.
    """
    initials = {section: _initials(given.get(section, "")) for section in sections}
    missing = {
        f"initials.{number}": f"Add your initials for “{section}”, one to {LONGEST_INITIALS} letters."
        for number, (section, letters) in enumerate(initials.items())
        if not letters
    }
    if missing:
        raise Invalid(missing)
    return initials


def _initials(text: str) -> str:
    """The letters as given, without spaces; empty when they are no initials. Dots and hyphens belong to names."""
    letters = "".join(unicodedata.normalize("NFC", text).split())
    kinds = {unicodedata.category(letter)[0] for letter in letters if letter not in ".-"}
    return letters if kinds and kinds <= {"L", "M"} and len(letters) <= LONGEST_INITIALS else ""


def chosen(options: Sequence[Mapping[str, str]], given: str) -> str:
    """The words of the choice that the signer made, by its id; empty where there is nothing to choose.

    `Invalid` (`option`) for none, and for one that is not offered.
    """
    if not options:
        return ""
    words = next((option["label"] for option in options if option["id"] == given), "")
    if not words:
        raise Invalid({"option": "Choose one of these."})
    return words


def valid_until(signed_at: datetime, months: int, zone: ZoneInfo) -> datetime | None:
    """When a signature stops to count: the same day and hour `months` later where the clinic is; None is never.

    A month that is too short ends on its last day.
    """
    if months <= 0:
        return None
    local = signed_at.astimezone(zone)
    month = turned(local.date(), months)
    day = min(local.day, end(month).day)
    return local.replace(year=month.year, month=month.month, day=day).astimezone(signed_at.tzinfo)


def covers(until: datetime | None, when: datetime) -> bool:
    """Whether a signature that counts `until` still does at `when`."""
    return until is None or when <= until


def expiry(until: datetime | None, now: datetime, days: int) -> str:
    """ "Expired", "Expiring soon" with no more than `days` to go, or nothing."""
    if until is None or until - now > timedelta(days=days):
        return ""
    return "Expiring soon" if covers(until, now) else "Expired"


def minutes_for(characters: int) -> int:
    """How long reading takes, in whole minutes, at least one; a word has six characters with its space."""
    return max(1, round(characters / 6 / WORDS_A_MINUTE))
