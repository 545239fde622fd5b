"""Reminding patients of visits: a line of the feed, a text, an email, once for each reminder of a visit's time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from portal import routes
from portal.domain import reminders, scheduling
from portal.domain.notifications import Kind
from portal.domain.reminders import Hours, Reminder
from portal.domain.scheduling import OPEN
from portal.errors import NotFound
from portal.mails import ReminderMail
from portal.models import (
    Appointment,
    AppointmentType,
    Clinic,
    Notification,
    Patient,
    PatientStatus,
    Practice,
    Priority,
    Staff,
)
from portal.models.db import columns
from portal.queries.visits import rules_of
from portal.services import notify
from portal.services.addressing import Terms, write
from portal.services.visit_words import Told, told
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that should have gone out by now. `key` is its name for ever; another time of the visit is another."""

    visit_id: UUID
    starts_at: datetime
    reminder: Reminder
    sending: Hours

    @property
    def key(self) -> str:
        """The stable key of its line in the feed and of its messages."""
        return f"reminder:{self.visit_id}:{self.starts_at:%Y%m%dT%H%M}:{self.reminder.hours}"


def due_now(work: Work) -> list[Due]:
    """The reminders that should go out now and have not, the nearest visit first. Two statements, however many."""
    try:
        practice, now = work.practice(), work.now()
    except NotFound:
        return []  # a fresh installation
    until = now + reminders.horizon(practice.reminder_hours)
    found: list[Due] = []
    for row in work.rows(_AHEAD, now=now, until=until):
        sending = _sending(practice, row.zone)
        reminder = reminders.due(row.starts_at, row.booked_at, practice.reminder_hours, sending, now)
        if reminder is not None:
            found.append(Due(row.id, row.starts_at, reminder, sending))
    done = _told_already(work, found)
    return [one for one in found if one.key not in done]


def remind(work: Work, batch: Iterable[Due]) -> int:
    """Remind of these visits; returns how many. Left out: what was reminded of, changed or cancelled meanwhile.

    A visit that somebody is changing right now is left to the next time.
    """
    work.hold("reminders")
    batch = list(batch)
    done = _told_already(work, batch)
    visits = {visit.id: visit for visit in work.db.exec(_locked(batch)).all()}
    practice, sent = work.practice(), 0
    _around = _surroundings(work, visits.values())  # held, so that the session has each of them at hand
    for one in batch:
        visit = visits.get(one.visit_id)
        if visit is not None and visit.starts_at == one.starts_at and one.key not in done:
            _remind(work, told(work, visit, practice), one)
            sent += 1
    return sent


def _remind(work: Work, about: Told, one: Due) -> None:
    visit, words = about.visit, about.words
    kind = work.db.get(AppointmentType, visit.appointment_type_id) if visit.appointment_type_id else None
    confirm = scheduling.offers(rules_of(kind), visit.status, visit.starts_at, work.now()).confirm
    if confirm:
        provider = work.db.get(Staff, visit.provider_id) if visit.provider_id else None
        title = f"Confirm your visit on {words.weekday}"
        body = f"{visit.title} at {words.time}" + (f" with {provider.display_name}" if provider else "")
    else:
        title, body = "", f"{visit.title} on {words.when}"
    notify.line(work, visit.patient_id, Kind.REMINDER, body, routes.appointment(str(visit.id)), title, one.key)
    terms = Terms(
        visit_id=visit.id,
        priority=Priority.REMINDER,
        expires_at=visit.starts_at,
        hours=str(one.sending),
        stoppable=True,
    )
    write(
        work,
        about.practice,
        visit.patient_id,
        one.key,
        lambda reader, practice: ReminderMail(reader, practice, words, confirm).letter(),
        terms,
    )


def _sending(practice: Practice, zone: str) -> Hours:
    return Hours.of(practice.sending_from, practice.sending_until, zone)


def _told_already(work: Work, wanted: list[Due]) -> set[str | None]:
    keys = [one.key for one in wanted]
    if not keys:
        return set()
    return set(work.db.exec(select(Notification.key).where(col(Notification.key).in_(keys))).all())


def _surroundings(work: Work, visits: Iterable[Appointment]) -> list[Sequence[SQLModel]]:
    """Clinics, types and providers of the visits, each kind in one statement."""
    visits = list(visits)
    wanted: list[tuple[Any, set[UUID | None]]] = [
        (Clinic, {visit.clinic_id for visit in visits}),
        (AppointmentType, {visit.appointment_type_id for visit in visits}),
        (Staff, {visit.provider_id for visit in visits}),
    ]
    return [work.db.exec(select(table).where(table.id.in_(ids - {None}))).all() for table, ids in wanted]


def _locked(batch: list[Due]) -> SelectOfScalar[Appointment]:
    return (
        select(Appointment)
        .where(col(Appointment.id).in_([one.visit_id for one in batch]), col(Appointment.status).in_(OPEN))
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )


_AHEAD = (
    columns(
        Appointment.id,
        Appointment.starts_at,
        Appointment.booked_at,
        func.coalesce(Clinic.time_zone, Practice.time_zone).label("zone"),
    )
    .join(Patient, col(Patient.id) == Appointment.patient_id)
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Clinic, col(Clinic.id) == Appointment.clinic_id)
    .where(
        Appointment.starts_at > bindparam("now"),
        Appointment.starts_at < bindparam("until"),
        col(Appointment.status).in_(OPEN),
        Patient.status == PatientStatus.ACTIVE,
        col(Patient.deceased_at).is_(None),
    )
    .order_by(col(Appointment.starts_at), col(Appointment.id))
)
