"""What a client's record holds that people edit: its fields, what they are called, how what is typed is read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.domain import entry
from portal.domain.contacts import read_email, read_phone
from portal.domain.entry import Entries, Unclear
from portal.domain.people import read_birth_date
from portal.domain.profile import LANGUAGES
from portal.domain.registration import RELATIONSHIPS, SEXES

#: Every field of the form by its name, in the order of the form, with its label.
LABELS: dict[str, str] = {
    "first_name": "First name",
    "last_name": "Last name",
    "preferred_name": "Preferred name",
    "date_of_birth": "Date of birth",
    "guardian_name": "Parent or guardian's name",
    "guardian_relationship": "Relationship",
    "phone": "Phone",
    "email": "Email",
    "clinic_id": "Primary clinic",
    "sex": "Sex",
    "pronouns": "Pronouns",
    "language": "Language of messages",
    "street": "Street",
    "city": "City",
    "state": "State",
    "postal_code": "ZIP code",
    "emergency_name": "Emergency contact",
    "emergency_phone": "Emergency phone",
    "emergency_relationship": "How they are related",
    "referral_id": "Referral source",
    "referral_sub_id": "Subcategory",
    "referral_detail": "Referred by",
    "carrier_name": "Insurance carrier",
    "carrier_member_id": "Member number",
    "pharmacy_name": "Pharmacy",
    "pharmacy_phone": "Pharmacy's phone",
    "wants_sms": "Text messages",
    "wants_email": "Emails",
}
CONTACTS = ("phone", "email")
GUARDIAN = ("guardian_name", "guardian_relationship")
#: The fields that say who logs in and how: whoever has the privilege to correct a contact changes them.
WAY_IN = (*GUARDIAN, *CONTACTS)
ADD_GUARDIAN = "Under 18, a parent or guardian signs and logs in. Add their name."
ADD_RELATIONSHIP = "Choose how they are related."
PRONOUNS = ("She, her", "He, him", "They, them")

#: What clients change by themselves, as the practice reviews it.
AREAS = {
    "profile": "Profile",
    "emergency": "Emergency contact",
    "carrier": "Carrier and pharmacy",
    "contact": "Phone or email",
    "medical": "Medical history",
}


def area_of(field: str) -> str:
    """Which of `AREAS` a field belongs to."""
    if field in CONTACTS:
        return "contact"
    first = field.partition("_")[0]
    return {"emergency": "emergency", "carrier": "carrier", "pharmacy": "carrier"}.get(first, "profile")


def read_record(
    typed: Mapping[str, Any], region: str, today: date, clinics: Mapping[str, str], referrals: Mapping[str, str]
) -> dict[str, Any]:
    """The fields that are there, as they are kept; `clinics` and `referrals` are the practice's by id.

    `Invalid` with every problem beside its field. A field that is none of ours is left out.
    """
    form = Entries(typed)
    readers: dict[str, tuple[Any, ...]] = {
        "first_name": (_name, "first name"),
        "last_name": (_name, "last name"),
        "preferred_name": (entry.line, entry.LONGEST_NAME),
        "date_of_birth": (_born, today),
        "guardian_name": (entry.line, entry.LONGEST_NAME),
        "guardian_relationship": (_choice, RELATIONSHIPS.values(), ADD_RELATIONSHIP),
        "phone": (_phone, region),
        "email": (_email,),
        "clinic_id": (_choice, clinics, "Choose a clinic from the list."),
        "sex": (_choice, SEXES, "Choose one from the list."),
        "pronouns": (_choice, PRONOUNS, "Choose one from the list."),
        "language": (entry.one_of, LANGUAGES, "Choose a language from the list."),
        "street": (entry.line,),
        "city": (entry.line, entry.LONGEST_NAME),
        "state": (entry.state_code,),
        "postal_code": (entry.zip_code,),
        "emergency_name": (entry.line, entry.LONGEST_NAME),
        "emergency_phone": (_phone, region),
        "emergency_relationship": (entry.line, entry.LONGEST_NAME),
        "referral_id": (_choice, referrals, "Choose a source from the list."),
        "referral_sub_id": (_choice, referrals, "Choose a subcategory from the list."),
        "referral_detail": (entry.line, entry.LONGEST_NAME),
        "carrier_name": (entry.line, entry.LONGEST_NAME),
        "carrier_member_id": (entry.line, entry.LONGEST_NAME),
        "pharmacy_name": (entry.line, entry.LONGEST_NAME),
        "pharmacy_phone": (_phone, region),
    }
    found = {name: form.take(name, *reader) for name, reader in readers.items() if name in typed}
    form.check()
    return found


def _name(typed: str, what: str) -> str:
    try:
        return entry.person_name(typed, what)
    except Unclear as problem:  # said to the person themself elsewhere
        raise Unclear(str(problem).replace("your ", "the ").replace("on the ID", "on the client's ID")) from None


def _born(typed: str, today: date) -> date:
    return read_birth_date(typed, today)


def _phone(typed: str, region: str) -> str:
    return read_phone(typed, region) if typed.strip() else ""


def _email(typed: str) -> str:
    return read_email(typed) if typed.strip() else ""


def _choice(typed: str, known: Any, sentence: str) -> str:
    return entry.one_of(typed, known, sentence) if typed else ""
