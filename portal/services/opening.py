"""Opening a practice on an empty installation: the business and its first clinic."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import available_timezones

from sqlmodel import select

from portal.domain.contacts import read_email, read_phone
from portal.domain.entry import Unclear
from portal.domain.referrals import FIRST
from portal.errors import Conflict, Invalid
from portal.models import Clinic, Practice
from portal.services import referrals
from portal.work import Work


@dataclass(frozen=True, slots=True)
class NewPractice:
    """What must be known to begin; everything else is edited later."""

    name: str
    phone: str
    email: str
    time_zone: str
    country: str
    clinic: str
    street: str
    city: str
    state: str
    postal_code: str


def open_practice(work: Work, new: NewPractice) -> UUID:
    """Create the practice, its first clinic and its first referral sources.

    `Invalid` names each wrong field; `Conflict` where there is a practice.
    """
    work.hold("practice")
    if work.db.exec(select(Practice.id)).first() is not None:
        raise Conflict("There is a practice here already: one installation serves exactly one.")
    phone, email = _checked(new)
    practice = work.add(
        Practice(
            name=new.name.strip(),
            wordmark=new.name.split()[0],
            phone=phone,
            email=email,
            time_zone=new.time_zone,
            country=new.country,
        )
    )
    work.add(
        Clinic(
            practice_id=practice.id,
            name=new.clinic.strip() or new.name.strip(),
            street=new.street,
            city=new.city,
            state=new.state,
            postal_code=new.postal_code,
            phone=phone,
            time_zone=new.time_zone,
        )
    )
    referrals.add_all(work, FIRST)
    work.audit("practice.opened", practice)
    return practice.id


def _checked(new: NewPractice) -> tuple[str, str]:
    wrong: dict[str, str] = {}
    phone = email = ""
    try:
        phone = read_phone(new.phone, new.country)
    except Unclear as problem:
        wrong["phone"] = str(problem)
    try:
        email = read_email(new.email)
    except Unclear as problem:
        wrong["email"] = str(problem)
    if not new.name.strip():
        wrong["name"] = "Give the practice a name."
    if new.time_zone not in available_timezones():
        wrong["time-zone"] = "Name a time zone such as America/Los_Angeles."
    if wrong:
        raise Invalid(wrong)
    return phone, email
