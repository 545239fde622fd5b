"""The Clients tab: the practice's clients searched, filtered and sorted, a page at a time by key.

Twelve statements at most, whatever the number of clients: what is shown beside a name is asked for the page's own rows.
"""

import base64
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, tuple_
from sqlmodel import col, select

from portal import dates
from portal.domain import search
from portal.domain.access import Privilege
from portal.domain.contacts import show
from portal.domain.paperwork import INCOMPLETE, FormStatus
from portal.domain.people import age_on
from portal.domain.scheduling import UPCOMING, AppointmentStatus
from portal.models import Appointment, AssignedForm, Channel, Clinic, Contact, Invite, Patient, PatientStatus, Practice
from portal.models.db import columns
from portal.queries.client_conditions import EVERYBODY, Chosen, Filters, asked, choose, left, listed
from portal.queries.symbols import Symbols, symbols_of
from portal.work import Work

PAGE = 25
#: What the list can be sorted by; a minus before the word turns it around.
SORTS = ("name", "-name", "born", "-born", "added", "-added")


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One client, ready to print; what is not known is empty. `paperwork` is "Complete", or how many are open."""

    id: str
    first: str
    last: str
    born: str
    age: int
    phone: str
    email: str
    clinic: str
    portal: str
    paperwork: str
    next_visit: str
    last_visit: str
    added: str
    symbols: Symbols
    inactive: str

    @property
    def name(self) -> str:
        """As people say it."""
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class ClientPage:
    """A page, and the key of the next one; empty at the end. `found` is how many there are in all, counted with the
    first page where that is quick; None elsewhere."""

    lines: list[ClientLine]
    next: str
    found: int | None = None


def page(work: Work, typed: str = "", filters: Filters = EVERYBODY, sort: str = "name", after: str = "") -> ClientPage:
    """The clients that were asked for, from `after` on. A key that is none counts as not given.

    `Denied` for who may not see clients.
    """
    work.require(Privilege.CLIENTS_VIEW)
    practice = work.practice()
    today = dates.local_day(work.now(), ZoneInfo(practice.time_zone))
    question = search.read_question(typed, today, day_first=dates.day_first(practice.locale))
    if typed.strip() and not question.terms and question.born is None:
        return ClientPage([], "", 0)  # signs alone: nobody is found by them
    chosen = choose(work, [*asked(question), *left(work, filters)])
    query = _in_order([*chosen.where, *listed(filters)], chosen, sort if sort in SORTS else "name", after)
    rows = work.rows(query).all()
    shown = rows[:PAGE]
    return ClientPage(
        lines=_lines(work, practice, shown, today),
        next=_key(shown[-1], sort) if len(rows) > PAGE else "",
        found=None if after else _found(work, chosen, rows),
    )


def _found(work: Work, chosen: Chosen, rows: Sequence[Any]) -> int | None:
    if chosen.few:
        return rows[0].found if rows else 0
    if len(rows) <= PAGE:
        return len(rows)
    return None if chosen.where else number(work)


def number(work: Work) -> int:
    """How many clients the practice has: the living and active."""
    work.require(Privilege.CLIENTS_VIEW)
    return work.rows(_NUMBER).scalar_one()


def _in_order(where: list[Any], chosen: Chosen, sort: str, after: str) -> Any:
    """One row more than a page has: it says whether there is another."""
    down, by = sort.startswith("-"), _BY[sort.removeprefix("-")]
    counted = chosen.few and not after
    query = (_PEOPLE.add_columns(func.count().over().label("found")) if counted else _PEOPLE).where(*where)
    if (seen := _read_key(after, sort)) is not None:
        query = query.where(tuple_(*by) < tuple_(*seen) if down else tuple_(*by) > tuple_(*seen))
    return query.order_by(*(column.desc() if down else column for column in by)).limit(PAGE + 1)


_BY: dict[str, tuple[Any, Any]] = {
    "name": (col(Patient.sort_name), col(Patient.id)),
    "born": (col(Patient.date_of_birth), col(Patient.id)),
    "added": (col(Patient.created_at), col(Patient.id)),
}
_READ: dict[str, Any] = {"name": str, "born": date.fromisoformat, "added": datetime.fromisoformat}
_PEOPLE = columns(
    Patient.id,
    Patient.first_name,
    Patient.last_name,
    Patient.sort_name,
    Patient.date_of_birth,
    Patient.created_at,
    Patient.status,
    Patient.deceased_at,
    Patient.portal_accepted_at,
    col(Clinic.name).label("clinic"),
).outerjoin(Clinic, col(Clinic.id) == Patient.primary_clinic_id)
_NO_VISITS = (None, None)
_NUMBER = columns(func.count()).select_from(Patient).where(*listed(EVERYBODY))


def _lines(work: Work, practice: Practice, rows: Sequence[Any], today: date) -> list[ClientLine]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    reached, visits, forms, invited = _contacts(work, ids), _visits(work, ids), _forms(work, ids), _invited(work, ids)
    symbols = symbols_of(work, ids)
    zone = ZoneInfo(practice.time_zone)

    def day(at: datetime | None) -> str:
        if at is None:
            return ""
        local = dates.local_day(at, zone)
        return (dates.short_day if local >= today else dates.medium_date)(local, practice.locale)

    def last_visit(came: datetime | None, comes: datetime | None) -> str:
        return "First visit" if comes is not None and came is None else day(came)

    def contact(row_id: UUID, channel: Channel) -> str:
        value = reached.get((row_id, channel), "")
        return show(channel.value, value, practice.country) if value else ""

    def portal(row: Any) -> str:
        return "Accepted" if row.portal_accepted_at else "Invited" if row.id in invited else "Not invited"

    def inactive(row: Any) -> str:
        return "Deceased" if row.deceased_at else "" if row.status is PatientStatus.ACTIVE else "Inactive"

    return [
        ClientLine(
            id=str(row.id),
            first=row.first_name,
            last=row.last_name,
            born=dates.numeric_date(row.date_of_birth, practice.locale),
            age=age_on(today, row.date_of_birth),
            phone=contact(row.id, Channel.PHONE),
            email=contact(row.id, Channel.EMAIL),
            clinic=row.clinic or "",
            portal=portal(row),
            paperwork=forms.get(row.id, ""),
            next_visit=day(visits.get(row.id, _NO_VISITS)[1]),
            last_visit=last_visit(*visits.get(row.id, _NO_VISITS)),
            added=dates.medium_date(dates.local_day(row.created_at, zone), practice.locale),
            symbols=symbols[row.id],
            inactive=inactive(row),
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
    return {(patient_id, Channel(channel)): value for patient_id, channel, value in rows}


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


def _forms(work: Work, ids: Collection[UUID]) -> dict[UUID, str]:
    """How the paperwork of each stands."""
    is_open = case((col(AssignedForm.status).in_(INCOMPLETE), 1), else_=0)
    rows = work.rows(
        columns(AssignedForm.patient_id, func.sum(is_open))
        .where(col(AssignedForm.patient_id).in_(ids), col(AssignedForm.status) != FormStatus.VOID)
        .group_by(col(AssignedForm.patient_id))
    )
    return {patient_id: f"{to_do} to complete" if to_do else "Complete" for patient_id, to_do in rows}


def _invited(work: Work, ids: Collection[UUID]) -> set[UUID]:
    return set(work.rows(columns(Invite.patient_id).where(col(Invite.patient_id).in_(ids)).distinct()).scalars())


def _key(row: Any, sort: str) -> str:
    by = {"name": row.sort_name, "born": row.date_of_birth.isoformat(), "added": row.created_at.isoformat()}
    return base64.urlsafe_b64encode(json.dumps([sort, by[sort.removeprefix("-")], str(row.id)]).encode()).decode()


def _read_key(key: str, sort: str) -> tuple[Any, Any] | None:
    """A key came from a browser, or belongs to another order: what is none is None."""
    try:
        of, value, row_id = json.loads(base64.urlsafe_b64decode(key.encode()))
        return (_READ[sort.removeprefix("-")](value), UUID(row_id)) if of == sort else None
    except (ValueError, TypeError, AttributeError):
        return None
