"""Whom a phone number or email address reaches: one person, a household, or nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from portal.domain.passcodes import MOST_DESTINATIONS
from portal.domain.people import may_log_in, short_name
from portal.errors import NotFound
from portal.models import Channel, Contact, Patient, PatientStatus, Practice
from portal.security.keys import keyed_hash
from portal.settings import settings
from portal.work import Work

OTHER = {Channel.PHONE: Channel.EMAIL, Channel.EMAIL: Channel.PHONE}


@dataclass(frozen=True, slots=True)
class Reached:
    """One way to reach a person: its value, whether its owner has proved it, or the carrier blocks it.

    It has no id while it is only written down, in a registration or in My Profile.
    """

    id: UUID | None
    channel: Channel
    value: str
    verified: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may log in with a contact: a patient, or the guardian of one. `ways` are all their contacts."""

    patient_id: UUID
    guardian_id: UUID | None
    name: str
    born: date
    established: bool
    ways: Mapping[Channel, Reached]

    def way(self, wanted: Channel) -> Reached | None:
        """Where a code for `wanted` really goes: a number that takes no texts hands over to email, and an email
        service that is off to texts. None when there is nothing on file."""
        sms_on, email_on = settings().sms != "off", settings().email != "off"
        usable = {
            channel: way
            for channel, way in self.ways.items()
            if (sms_on and not way.blocked if channel is Channel.PHONE else email_on)
        }
        if wanted in usable:
            return usable[wanted]
        return usable.get(OTHER[wanted]) if wanted in self.ways else None


def contact_hash(channel: Channel, value: str) -> str:
    """The keyed hash of a contact: what limits count by and codes are bound to."""
    return keyed_hash("contact", f"{channel.value}:{value}")


def practice_of(work: Work) -> Practice:
    """The practice of this deployment."""
    practice = work.db.exec(select(Practice)).first()
    if practice is None:
        raise NotFound("This portal has no practice yet.")
    return practice


def local_day(work: Work, practice: Practice) -> date:
    """Today, where the practice is."""
    return work.now().astimezone(ZoneInfo(practice.time_zone)).date()


def reached_by(work: Work, channel: Channel, value: str, today: date) -> list[Person]:
    """Everyone who may log in with this contact today, in the order of their records. One statement.

    Left out: the inactive and the deceased, a minor's own contact, an adult's former guardian, and a contact that
    somebody merely wrote into a registration while it is another's.
    """
    typed, other = aliased(Contact), aliased(Contact)
    same_owner = or_(
        col(typed.guardian_id) == other.guardian_id,
        and_(col(typed.guardian_id).is_(None), col(other.guardian_id).is_(None)),
    )
    rows = work.db.exec(
        select(Patient, other)
        .join(typed, col(typed.patient_id) == Patient.id)
        .join(other, and_(col(other.patient_id) == Patient.id, same_owner, col(other.retired_at).is_(None)))
        .where(
            typed.channel == channel,
            typed.value == value,
            col(typed.retired_at).is_(None),
            Patient.status == PatientStatus.ACTIVE,
            col(Patient.deceased_at).is_(None),
        )
        .order_by(col(Patient.id), col(other.id))
    ).all()
    people: dict[tuple[UUID, UUID | None], Person] = {}
    for patient, way in rows:
        if not may_log_in(patient.date_of_birth, today, by_guardian=way.guardian_id is not None):
            continue
        known = people.get((patient.id, way.guardian_id))
        ways = {**(known.ways if known else {}), way.channel: _reached(way)}
        proved = channel not in ways or ways[channel].verified or patient.source != "sign-up"
        people[patient.id, way.guardian_id] = Person(
            patient_id=patient.id,
            guardian_id=way.guardian_id,
            name=short_name(patient.preferred_name or patient.first_name, patient.last_name),
            born=patient.date_of_birth,
            established=proved,
            ways=ways,
        )
    established = [person for person in people.values() if person.established]
    return established or list(people.values())


def destinations(people: Iterable[Person], wanted: Channel) -> list[tuple[Person, Reached]]:
    """Where one ask for a code goes: each distinct contact once, with the first person it reaches."""
    found: dict[tuple[Channel, str], tuple[Person, Reached]] = {}
    for person in people:
        way = person.way(wanted)
        if way is not None:
            found.setdefault((way.channel, way.value), (person, way))
    return list(found.values())[:MOST_DESTINATIONS]


def proved_by(people: Iterable[Person], sent_hash: str) -> list[tuple[Person, Reached]]:
    """Those of `people` whose own contact the code went to, with that contact."""
    return [
        (person, way)
        for person in people
        for way in person.ways.values()
        if contact_hash(way.channel, way.value) == sent_hash
    ]


def _reached(contact: Contact) -> Reached:
    return Reached(
        contact.id, contact.channel, contact.value, contact.verified_at is not None, contact.blocked_at is not None
    )
