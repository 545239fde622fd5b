"""What a registration asks for, and the words people agree to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from portal.domain import entry
from portal.domain.contacts import read_email, read_phone
from portal.domain.entry import Entries
from portal.domain.people import is_adult, read_birth_date
from portal.domain.referrals import Source, heard

# The wording kept as proof is the wording on the screen: both come from here.
TEXT_WORDING = "Text me about my visits and forms. Message and data rates may apply. Reply STOP at any time to end."
EMAIL_WORDING = "Email me about my visits and forms."

SEXES = {"female": "Female", "male": "Male", "another": "Another term", "unsaid": "Prefer not to say"}
REFERRAL = ("referral_source", "referral_sub", "referral_detail")
RELATIONSHIPS = {"parent": "Parent", "guardian": "Legal guardian", "grandparent": "Grandparent", "other": "Other"}


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration that was filled in soundly. It waits, encrypted, for its code."""

    first_name: str
    last_name: str
    date_of_birth: date
    phone: str
    email: str
    clinic_id: str
    guardian_name: str = ""
    guardian_relationship: str = ""
    text_me: bool = False
    email_me: bool = False
    referral_id: str = ""
    optional: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_minor(self) -> bool:
        """Whether a guardian registers a child: the contacts are then the guardian's."""
        return bool(self.guardian_name)

    def as_draft(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {"date_of_birth": self.date_of_birth.isoformat()}

    @classmethod
    def of_draft(cls, draft: Mapping[str, Any]) -> "Registration":
        """The registration of `as_draft`."""
        values: dict[str, Any] = {**draft, "date_of_birth": date.fromisoformat(draft["date_of_birth"])}
        return cls(**values)


def read_registration(
    typed: Mapping[str, Any], today: date, region: str, clinics: Mapping[str, str], sources: Sequence[Source]
) -> Registration:
    """The whole form at once; `clinics` are the practice's by id, `sources` where people hear of it.

    `Invalid` with every problem beside its field.
    """
    form = Entries(typed)
    first = form.take("first_name", entry.person_name, "first name")
    last = form.take("last_name", entry.person_name, "last name")
    born = form.take("date_of_birth", read_birth_date, today)
    phone = form.take("phone", read_phone, region)
    email = form.take("email", read_email)
    clinic = form.take("clinic_id", entry.one_of, clinics, "Choose the clinic you would like to visit.")
    guardian = relationship = ""
    if born is not None and not is_adult(born, today):
        guardian = (
            form.take("guardian_name", entry.required, "Under 18, a parent or guardian signs up. Add their name.") or ""
        )
        relationship = (
            form.take("guardian_relationship", entry.one_of, RELATIONSHIPS, "Choose how you are related.") or ""
        )
    optional = _optional(form, region)
    said = heard(sources, *(form.take(name, entry.line, entry.LONGEST_NAME) or "" for name in REFERRAL))
    optional |= {"referral_source": said.source, "referral_detail": said.detail}
    if not form.ticked("privacy"):
        form.refuse("privacy", "Please read the privacy notice and tick the box.")
    if not form.ticked("terms"):
        form.refuse("terms", "Please read the terms and tick the box.")
    form.check()
    if not (first and last and born and phone and email and clinic):
        raise AssertionError("a field that is missing has no sentence")  # `check` speaks for each of them
    return Registration(
        first_name=first,
        last_name=last,
        date_of_birth=born,
        phone=phone,
        email=email,
        clinic_id=clinic,
        guardian_name=guardian,
        guardian_relationship=RELATIONSHIPS.get(relationship, ""),
        text_me=form.ticked("text_me"),
        email_me=form.ticked("email_me"),
        referral_id=said.id,
        optional={name: value for name, value in optional.items() if value},
    )


def _optional(form: Entries, region: str) -> dict[str, str | None]:
    def phone_or_nothing(typed: str) -> str:
        return read_phone(typed, region) if typed.strip() else ""

    def choice(typed: str, known: Mapping[str, Any]) -> str:
        return entry.one_of(typed, known, "Choose one from the list.") if typed else ""

    return {
        "preferred_name": form.take("preferred_name", entry.line, entry.LONGEST_NAME),
        "sex": form.take("sex", choice, SEXES),
        "street": form.take("street", entry.line),
        "city": form.take("city", entry.line, entry.LONGEST_NAME),
        "state": form.take("state", entry.state_code),
        "postal_code": form.take("postal_code", entry.zip_code),
        "emergency_name": form.take("emergency_name", entry.line, entry.LONGEST_NAME),
        "emergency_phone": form.take("emergency_phone", phone_or_nothing),
        "emergency_relationship": form.take("emergency_relationship", entry.line, entry.LONGEST_NAME),
    }
