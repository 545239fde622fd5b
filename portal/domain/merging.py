"""What is chosen when two records of one person become one: each datum of the one or the other, whole.

Nobody's address is put together from two, nor an insurance from one record and its number from the other.
"""

from collections.abc import Mapping
from typing import Any

#: What a choice is called, and the columns of a record that go with it. "phone" and "email" are contacts.
CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": ("Name", ("prefix", "first_name", "last_name")),
    "preferred_name": ("Preferred name", ("preferred_name",)),
    "date_of_birth": ("Date of birth", ("date_of_birth",)),
    "phone": ("Phone", ()),
    "email": ("Email", ()),
    "clinic": ("Primary clinic", ("primary_clinic_id",)),
    "sex": ("Sex", ("sex",)),
    "pronouns": ("Pronouns", ("pronouns",)),
    "language": ("Language of messages", ("language",)),
    "address": ("Address", ("street", "city", "state", "postal_code", "country")),
    "emergency": ("Emergency contact", ("emergency_name", "emergency_phone", "emergency_relationship")),
    "referral": ("Referral source", ("referral_source_id", "referral_source", "referral_detail")),
    "carrier": ("Insurance carrier", ("carrier_name", "carrier_member_id")),
    "pharmacy": ("Pharmacy", ("pharmacy_name", "pharmacy_phone")),
}
_SAYS_NOTHING = {"country", "prefix"}  # filled by themselves, or part of another datum


def values_of(record: Any, choice: str) -> dict[str, Any]:
    """The columns of one choice, as they are in a record."""
    return {name: getattr(record, name) for name in CHOICES[choice][1]}


def is_empty(values: Mapping[str, Any]) -> bool:
    """Whether nothing is known there."""
    return not any(value for name, value in values.items() if name not in _SAYS_NOTHING)


def differs(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> bool:
    """Whether there is something to choose: both know something, and not the same."""
    return not is_empty(kept) and not is_empty(gone) and dict(kept) != dict(gone)
