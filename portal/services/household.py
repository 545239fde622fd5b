"""Whom a phone number or email address reaches: one person, a household, or nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_
from sqlalchemy import select as sa_select
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from portal.domain.passcodes import MOST_DESTINATIONS
from portal.domain.people import may_log_in, short_name
from portal.models import Channel, Contact, Patient, PatientStatus, Practice, Staff
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


def staff_by_email(work: Work, email: str) -> Staff | None:
    """The member of staff with that work email, while they work here."""
    return work.db.exec(select(Staff).where(Staff.email == email, col(Staff.active).is_(True))).first()


def staff_reached(work: Work, email: str) -> list[Reached]:
    """Where a code for that work email goes: there, or nowhere."""
    known = staff_by_email(work, email) is not None
    return [Reached(None, Channel.EMAIL, email, verified=True, blocked=False)] if known else []


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
    # Columns, not objects: the less there is to unpack, the less the time says about who was found.
    person_columns = (Patient.id, Patient.first_name, Patient.preferred_name, Patient.last_name, Patient.date_of_birth)
    way_columns = (other.id, other.guardian_id, other.channel, other.value, other.verified_at, other.blocked_at)
    columns: tuple[Any, ...] = (*person_columns, Patient.source, *way_columns)
    rows = work.db.execute(
        sa_select(*columns)
        .join(typed, col(typed.patient_id) == Patient.id)
        .join(other, and_(col(other.patient_id) == Patient.id, same_owner, col(other.retired_at).is_(None)))
        .where(
            col(typed.channel) == channel,
            col(typed.value) == value,
            col(typed.retired_at).is_(None),
            col(Patient.status) == PatientStatus.ACTIVE,
            col(Patient.deceased_at).is_(None),
        )
        .order_by(col(Patient.id), col(other.id))
    ).all()
    people: dict[tuple[UUID, UUID | None], Person] = {}
    for patient_id, first, preferred, last, born, source, way_id, guardian_id, kind, written, proved, blocked in rows:
        if not may_log_in(born, today, by_guardian=guardian_id is not None):
            continue
        known = people.get((patient_id, guardian_id))
        way = Reached(way_id, kind, written, verified=proved is not None, blocked=blocked is not None)
        ways = {**(known.ways if known else {}), kind: way}
        people[patient_id, guardian_id] = Person(
            patient_id=patient_id,
            guardian_id=guardian_id,
            name=short_name(preferred or first, last),
            born=born,
            established=channel not in ways or ways[channel].verified or source != "sign-up",
            ways=ways,
        )
    established = [person for person in people.values() if person.established]
    return established or list(people.values())


def destinations(people: Iterable[Person], wanted: Channel) -> list[Reached]:
    """Where one ask for a code goes: each distinct contact once."""
    found: dict[tuple[Channel, str], Reached] = {}
    for person in people:
        way = person.way(wanted)
        if way is not None:
            found.setdefault((way.channel, way.value), way)
    return list(found.values())[:MOST_DESTINATIONS]


def proved_by(people: Iterable[Person], sent_hash: str) -> list[tuple[Person, Reached]]:
    """Those of `people` whose own contact the code went to, with that contact."""
    return [
        (person, way)
        for person in people
        for way in person.ways.values()
        if contact_hash(way.channel, way.value) == sent_hash
    ]
