"""The Clients tab: the practice's clients by name or newest first, searched and filtered, a page at a time by key.

Six statements at most, whatever the number of clients: what is shown beside a name is asked for the page's own rows.
"""

import base64
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, exists, tuple_
from sqlmodel import col, func, select

from portal import dates
from portal.domain import search
from portal.domain.access import Privilege
from portal.domain.billing import DUE
from portal.domain.contacts import show
from portal.domain.paperwork import INCOMPLETE
from portal.domain.people import age_on
from portal.domain.scheduling import UPCOMING, AppointmentStatus
from portal.models import (
    Allergy,
    Appointment,
    AssignedForm,
    Channel,
    Clinic,
    Contact,
    Invoice,
    Patient,
    PatientStatus,
    Practice,
    SearchWord,
)
from portal.models.db import columns
from portal.queries.expiring import expiring_patients, has_expiring
from portal.work import Work

PAGE = 25
Sort = Literal["name", "newest"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What is left of the list. `clinic_id` is the primary clinic; the others narrow when they are true."""

    clinic_id: UUID | None = None
    unsigned: bool = False  # paperwork to complete
    unpaid: bool = False
    expiring: bool = False  # documents that expire soon or have expired
    not_accepted: bool = False  # the portal's invitation
    inactive: bool = False  # only those who are inactive; they are left out otherwise


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One client, ready to print. `allergic` and `expiring` are the red symbols by the name."""

    id: str
    name: str
    born: str
    age: int
    phone: str
    email: str
    clinic: str
    last_visit: str
    next_visit: str
    portal: str
    allergic: bool
    expiring: bool
    inactive: bool


@dataclass(frozen=True, slots=True)
class ClientPage:
    """A page, and the key of the next one; empty at the end."""

    lines: list[ClientLine]
    next: str


def page(work: Work, typed: str = "", filters: Filters = Filters(), sort: Sort = "name", after: str = "") -> ClientPage:
    """The clients that were asked for, from `after` on. A key that is none counts as not given.

    `Denied` for who may not see clients.
    """
    work.require(Privilege.CLIENTS_VIEW)
    practice, now = work.practice(), work.now()
    today = dates.local_day(now, ZoneInfo(practice.time_zone))
    question = search.read_question(typed, today)
    if typed.strip() and not question.terms and question.born is None:
        return ClientPage([], "")  # signs alone: nobody is found by them
    query = _PEOPLE.where(*_asked(question), *_left(work, filters))
    key = _SORTS[sort]
    if (seen := _read_key(after, sort)) is not None:
        query = query.where(tuple_(*key.by) < tuple_(*seen) if key.down else tuple_(*key.by) > tuple_(*seen))
    query = query.order_by(*(column.desc() if key.down else column for column in key.by)).limit(PAGE + 1)
    rows = work.db.execute(query).all()  # pyright: ignore[reportDeprecated]  # rows of columns
    shown = rows[:PAGE]
    return ClientPage(_lines(work, practice, shown, today), _key(shown[-1], sort) if len(rows) > PAGE else "")


@dataclass(frozen=True, slots=True)
class _Key:
    by: tuple[Any, ...]
    down: bool = False


_SORTS: dict[str, _Key] = {
    "name": _Key((col(Patient.last_name), col(Patient.first_name), col(Patient.id))),
    "newest": _Key((col(Patient.created_at), col(Patient.id)), down=True),
}
_PEOPLE = columns(
    Patient.id,
    Patient.first_name,
    Patient.last_name,
    Patient.date_of_birth,
    Patient.created_at,
    Patient.status,
    Patient.portal_accepted_at,
    col(Clinic.name).label("clinic"),
).outerjoin(Clinic, col(Clinic.id) == Patient.primary_clinic_id)


def _asked(question: search.Question) -> list[Any]:
    """Every term begins some word of the client's."""
    wanted: list[Any] = [
        col(Patient.id).in_(
            select(SearchWord.patient_id).where(SearchWord.word >= term, SearchWord.word < _beyond(term))
        )
        for term in question.terms
    ]
    if question.born is not None:
        wanted.append(Patient.date_of_birth == question.born)
    return wanted


def _beyond(term: str) -> str:
    """The first word after all those that begin with the term."""
    return term[:-1] + chr(min(ord(term[-1]) + 1, 0x10FFFF))


def _left(work: Work, filters: Filters) -> list[Any]:
    active = (col(Patient.status) == PatientStatus.ACTIVE) & col(Patient.deceased_at).is_(None)
    left: list[Any] = [col(Patient.merged_into_id).is_(None), ~active if filters.inactive else active]
    if filters.clinic_id is not None:
        left.append(Patient.primary_clinic_id == filters.clinic_id)
    if filters.unsigned:
        left.append(exists().where(AssignedForm.patient_id == Patient.id, col(AssignedForm.status).in_(INCOMPLETE)))  # pyright: ignore[reportArgumentType]
    if filters.unpaid:
        left.append(exists().where(Invoice.patient_id == Patient.id, col(Invoice.status).in_(DUE)))  # pyright: ignore[reportArgumentType]
    if filters.expiring:
        left.append(col(Patient.id).in_(expiring_patients(work)))
    if filters.not_accepted:
        left.append(col(Patient.portal_accepted_at).is_(None))
    return left


def _lines(work: Work, practice: Practice, rows: Sequence[Any], today: date) -> list[ClientLine]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    reached, visits = _contacts(work, ids), _visits(work, ids)
    allergic = set(
        work.db.exec(
            select(Allergy.patient_id).where(col(Allergy.patient_id).in_(ids), col(Allergy.ended_at).is_(None))
        ).all()
    )
    expiring = has_expiring(work, ids)
    zone = ZoneInfo(practice.time_zone)

    def day(at: datetime | None) -> str:
        return dates.short_date(dates.local_day(at, zone), practice.locale) if at else ""

    def contact(row_id: UUID, channel: Channel) -> str:
        value = reached.get((row_id, channel), "")
        return show(channel.value, value, practice.country) if value else ""

    return [
        ClientLine(
            id=str(row.id),
            name=f"{row.last_name}, {row.first_name}",
            born=dates.full_date(row.date_of_birth, practice.locale),
            age=age_on(today, row.date_of_birth),
            phone=contact(row.id, Channel.PHONE),
            email=contact(row.id, Channel.EMAIL),
            clinic=row.clinic or "",
            last_visit=day(visits.get(row.id, (None, None))[0]),
            next_visit=day(visits.get(row.id, (None, None))[1]),
            portal="Accepted" if row.portal_accepted_at else "Not accepted",
            allergic=row.id in allergic,
            expiring=row.id in expiring,
            inactive=row.status is not PatientStatus.ACTIVE,
        )
        for row in rows
    ]


def _contacts(work: Work, ids: Collection[UUID]) -> dict[tuple[UUID, Channel], str]:
    """The current contacts; the client's own before a guardian's."""
    rows = work.db.exec(
        select(Contact.patient_id, Contact.channel, Contact.value)
        .where(col(Contact.patient_id).in_(ids), col(Contact.retired_at).is_(None))
        .order_by(col(Contact.guardian_id).is_(None))
    ).all()
    return {(patient_id, channel): value for patient_id, channel, value in rows}


def _visits(work: Work, ids: Collection[UUID]) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    """The last visit that took place, and the next one."""
    now = work.now()
    came = case((col(Appointment.status) == AppointmentStatus.COMPLETED, Appointment.starts_at))
    comes = case((col(Appointment.status).in_(UPCOMING) & (col(Appointment.starts_at) > now), Appointment.starts_at))
    rows = work.db.exec(
        select(Appointment.patient_id, func.max(came), func.min(comes))
        .where(col(Appointment.patient_id).in_(ids))
        .group_by(col(Appointment.patient_id))
    ).all()
    return {patient_id: (last, following) for patient_id, last, following in rows}


def _key(row: Any, sort: Sort) -> str:
    parts = [row.last_name, row.first_name] if sort == "name" else [row.created_at.isoformat()]
    return base64.urlsafe_b64encode(json.dumps([*parts, str(row.id)]).encode()).decode()


def _read_key(key: str, sort: Sort) -> tuple[Any, ...] | None:
    """A key came from a browser: what is none is None."""
    try:
        *parts, row_id = json.loads(base64.urlsafe_b64decode(key.encode()))
        given = [str(part) for part in parts] if sort == "name" else [datetime.fromisoformat(str(parts[0]))]
        return (*given, UUID(row_id)) if len(given) == len(_SORTS[sort].by) - 1 else None
    except (ValueError, TypeError, IndexError):
        return None
