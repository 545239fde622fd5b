"""What My Profile lets a person change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain import entry
from portal.domain.contacts import EMAIL, PHONE, read_email, read_phone
from portal.domain.entry import Entries

APPEARANCES = {"light": "Light", "dark": "Dark", "system": "System"}
LANGUAGES = {"en": "English"}  # those that our messages are written in
SMS_WORDING = (
    "Text messages about my visits and forms. Message and data rates may apply. Reply STOP at any time to end."
)
EMAIL_WORDING = "Emails about my visits and forms."


@dataclass(frozen=True, slots=True)
class ProfileEntries:
    """A profile as it was filled in soundly: `values` go into the record, the contacts must be proved first."""

    values: dict[str, str]
    clinic_id: str
    phone: str  # "" when taken out
    email: str
    wants_sms: bool
    wants_email: bool


def read_profile(typed: Mapping[str, Any], region: str, clinics: Mapping[str, str]) -> ProfileEntries:
    """The whole form at once. `Invalid` with every problem beside its field."""
    form = Entries(typed)

    def phone(text: str) -> str:
        return read_phone(text, region) if text.strip() else ""

    def email(text: str) -> str:
        return read_email(text) if text.strip() else ""

    found = {PHONE: form.take("phone", phone), EMAIL: form.take("email", email)}
    if not found[PHONE] and not found[EMAIL] and not form.problems:
        form.refuse("phone", "Keep a phone number or an email address here: it is how you log in.")
    names = {name: form.take(name, entry.line, entry.LONGEST_NAME) for name in _SHORT_LINES}
    values = names | {
        "street": form.take("street", entry.line),
        "state": form.take("state", entry.state_code),
        "postal_code": form.take("postal_code", entry.zip_code),
        "emergency_phone": form.take("emergency_phone", phone),
        "pharmacy_phone": form.take("pharmacy_phone", phone),
        "language": form.take("language", entry.one_of, LANGUAGES, "Choose a language from the list."),
    }
    clinic = form.take("clinic_id", entry.one_of, clinics, "Choose a clinic from the list.")
    form.check()
    return ProfileEntries(
        values={name: value or "" for name, value in values.items()},
        clinic_id=clinic or "",
        phone=found[PHONE] or "",
        email=found[EMAIL] or "",
        wants_sms=form.ticked("wants_sms"),
        wants_email=form.ticked("wants_email"),
    )


_SHORT_LINES = (
    "preferred_name",
    "city",
    "emergency_name",
    "emergency_relationship",
    "carrier_name",
    "carrier_member_id",
    "pharmacy_name",
)
#: The fields of the record that a person changes here, beside contacts, clinic, language and messages.
FIELDS = (*_SHORT_LINES, "street", "state", "postal_code", "emergency_phone", "pharmacy_phone")
