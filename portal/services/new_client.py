"""A client registered by staff, at the desk or on the telephone. Messages wait for the person's own yes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from portal.domain import entry
from portal.domain.access import Privilege
from portal.domain.alike import Who
from portal.domain.client_record import ADD_GUARDIAN, ADD_RELATIONSHIP
from portal.domain.contacts import read_email, read_phone
from portal.domain.entry import Entries
from portal.domain.people import is_adult, read_birth_date
from portal.domain.registration import RELATIONSHIPS
from portal.models import Channel, Clinic, Contact, Guardian, Patient
from portal.queries.duplicates import Duplicate, duplicates_of_new
from portal.services import search
from portal.services.household import local_day
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of it: the new client's id; or none yet, and who may be the same person."""

    client_id: UUID | None = None
    alike: list[Duplicate] = field(default_factory=list[Duplicate])


def register(work: Work, typed: Mapping[str, Any], *, despite: bool = False) -> Registered:
    """Register a client: name, date of birth, clinic, and a phone or an email (a guardian's for a minor).

    Where somebody like that is here already nothing is made, unless `despite` says that it is another person.
    `Invalid` carries every problem at once; `Denied` for who may not edit clients.
    """
    work.require(Privilege.CLIENTS_EDIT)
    practice = work.practice()
    clinics = {str(clinic_id): "" for clinic_id in work.db.exec(select(Clinic.id).where(col(Clinic.active))).all()}
    given = _read(typed, local_day(work, practice), practice.country, clinics)
    who = Who(given.first, given.last, given.born, given.preferred, frozenset(given.contacts.values()))
    for value in sorted(who.reached):  # two desks that register one person at once
        work.hold(f"register:{value}")
    found = duplicates_of_new(work, who)
    if found and not despite:
        return Registered(alike=found)
    now = work.now()
    patient = work.add(
        Patient(
            practice_id=practice.id,
            primary_clinic_id=UUID(given.clinic_id),
            first_name=given.first,
            last_name=given.last,
            preferred_name=given.preferred,
            date_of_birth=given.born,
            country=practice.country,
            source="staff",
            created_at=now,
        )
    )
    guardian = None
    if given.guardian:
        guardian = work.add(Guardian(patient_id=patient.id, name=given.guardian, relationship=given.relationship))
    for channel, value in given.contacts.items():
        work.add(
            Contact(
                patient_id=patient.id,
                guardian_id=guardian.id if guardian else None,
                channel=channel,
                value=value,
                created_at=now,
            )
        )
    search.index(work, patient)
    work.audit("client.registered", patient, patient_id=patient.id, alike=[one.id for one in found])
    work.changed(None, "practice")
    return Registered(patient.id)


@dataclass(frozen=True, slots=True)
class _Given:
    first: str
    last: str
    preferred: str
    born: date
    clinic_id: str
    contacts: dict[Channel, str]
    guardian: str
    relationship: str


def _read(typed: Mapping[str, Any], today: date, region: str, clinics: Mapping[str, str]) -> _Given:
    form = Entries(typed)
    first = form.take("first_name", entry.person_name, "first name")
    last = form.take("last_name", entry.person_name, "last name")
    preferred = form.take("preferred_name", entry.line, entry.LONGEST_NAME)
    born = form.take("date_of_birth", read_birth_date, today)
    clinic = form.take("clinic_id", entry.one_of, clinics, "Choose the client's primary clinic.")
    phone = form.take("phone", lambda text: read_phone(text, region) if text.strip() else "")
    email = form.take("email", lambda text: read_email(text) if text.strip() else "")
    if phone == "" and email == "":
        form.refuse("phone", "Add a phone number or an email address.")
    guardian = relationship = ""
    if born is not None and not is_adult(born, today):
        guardian = form.take("guardian_name", entry.required, ADD_GUARDIAN) or ""
        word = form.take("guardian_relationship", entry.one_of, RELATIONSHIPS, ADD_RELATIONSHIP)
        relationship = RELATIONSHIPS.get(word or "", "")
    form.check()
    if not (first and last and born and clinic):
        raise AssertionError("a field that is missing has no sentence")  # `check` speaks for each of them
    contacts = {channel: value for channel, value in ((Channel.PHONE, phone), (Channel.EMAIL, email)) if value}
    return _Given(first, last, preferred or "", born, clinic, contacts, guardian, relationship)
