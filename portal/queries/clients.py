"""What the front desk looks up of a client: who it is, how the person is reached, which forms there are."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, func, select

from portal import dates
from portal.domain import contacts as rules
from portal.domain.entry import Unclear
from portal.domain.people import is_adult, read_birth_date
from portal.errors import NotFound
from portal.models import (
    Channel,
    Clinic,
    Contact,
    Guardian,
    Patient,
    PatientStatus,
)
from portal.work import Work

MOST = 25
FEWEST_DIGITS = 3  # of a telephone number, to search by


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client found."""

    id: UUID
    name: str
    born: str
    clinic: str
    status: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A phone or email on file. `whose` and `guardian_id` are empty for the client's own; `login` says whether a code
    to it logs in."""

    channel: str
    value: str
    whose: str
    proved: str
    login: bool
    guardian_id: str


def find(work: Work, text: str) -> list[ClientRow]:
    """Clients by any part of name, phone, email, or by date of birth; at most `MOST`, by name."""
    work.require_staff()
    practice = work.practice()
    rows = work.db.exec(
        select(  # pyright: ignore[reportCallIssue]  # SQLModel types selects of a few columns only
            Patient.id, Patient.first_name, Patient.last_name, Patient.date_of_birth, Clinic.name, Patient.status
        )
        .outerjoin(Clinic, col(Clinic.id) == Patient.primary_clinic_id)
        .where(_matching(text, work.now().astimezone(ZoneInfo(practice.time_zone)).date()))
        .order_by(col(Patient.last_name), col(Patient.first_name), col(Patient.id))
        .limit(MOST)
    ).all()
    return [
        ClientRow(
            row_id,
            f"{first} {last}",
            dates.full_date(born, practice.locale),
            clinic or "",
            "" if status is PatientStatus.ACTIVE else "inactive",
        )
        for row_id, first, last, born, clinic, status in rows
    ]


def contacts(work: Work, patient_id: UUID) -> list[ContactRow]:
    """Which phone and email are registered, the client's own and the guardians'."""
    work.require_staff()
    practice, patient = work.practice(), work.get(Patient, patient_id)
    rows = work.db.exec(
        select(  # pyright: ignore[reportCallIssue]
            Contact.channel, Contact.value, Contact.verified_at, Guardian.id, Guardian.name, Guardian.relationship
        )
        .outerjoin(Guardian, col(Guardian.id) == Contact.guardian_id)
        .where(Contact.patient_id == patient_id, col(Contact.retired_at).is_(None))
        .order_by(col(Contact.guardian_id), col(Contact.channel).desc())
    ).all()
    zone = ZoneInfo(practice.time_zone)
    adult = is_adult(patient.date_of_birth, work.now().astimezone(zone).date())
    active = patient.status is PatientStatus.ACTIVE and patient.deceased_at is None
    return [
        ContactRow(
            rules.KINDS[channel.value],
            rules.show(channel.value, value, practice.country),
            f"{guardian}, {relationship.lower()}" if guardian else "",
            dates.full_date(dates.local_day(proved, zone), practice.locale) if proved else "",
            active and adult == (guardian is None),
            str(guardian_id or ""),
        )
        for channel, value, proved, guardian_id, guardian, relationship in rows
    ]


def _matching(text: str, today: date) -> ColumnElement[bool]:
    text = " ".join(text.split())
    if not text:
        raise NotFound("Say whom to look for: a part of the name, phone or email, or the date of birth.")
    try:
        return col(Patient.date_of_birth) == read_birth_date(text, today)
    except Unclear:
        pass
    digits = re.sub(r"\D", "", text)
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\d\s()+./-]", text):
        return _reached(Channel.PHONE, digits)
    name = func.lower(col(Patient.first_name) + " " + col(Patient.preferred_name) + " " + col(Patient.last_name))
    by_name = and_(*(name.contains(word.lower(), autoescape=True) for word in text.split()))
    return or_(by_name, _reached(Channel.EMAIL, text.lower()))


def _reached(channel: Channel, part: str) -> ColumnElement[bool]:
    """Patients with a current contact that has `part` in it."""
    return col(Patient.id).in_(
        select(Contact.patient_id).where(
            Contact.channel == channel,
            col(Contact.retired_at).is_(None),
            col(Contact.value).contains(part, autoescape=True),
        )
    )
