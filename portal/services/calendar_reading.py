"""What calendar programs read: one visit for its signed-in owner, or all by a private address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal.documents import calendar
from portal.domain.people import may_log_in
from portal.domain.scheduling import AppointmentStatus
from portal.errors import NotFound
from portal.models import Appointment, CalendarFeed, Patient, PatientStatus
from portal.security.keys import keyed_hash
from portal.services.household import local_day
from portal.services.visit_words import told
from portal.work import Work

#: How far back a feed goes.
PAST = timedelta(days=30)
MOST_VISITS = 500
#: A calendar program that asks more often is noted once in this time.
NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A calendar to subscribe to, and whether this reading is yet to be noted."""

    feed_id: UUID
    text: str
    unnoted: bool


def visit_file(work: Work, visit_id: UUID) -> str:
    """One visit of the signed-in patient for a calendar. `NotFound` for a stranger's."""
    query = select(Appointment).where(Appointment.id == visit_id, Appointment.patient_id == work.patient_id)
    visit = work.db.exec(query).first()
    if visit is None:
        raise NotFound
    cancelled = visit.status is AppointmentStatus.CANCELLED
    return calendar.one(told(work, visit).entry(work.now()), "CANCEL" if cancelled else "PUBLISH")


def subscribed(work: Work, token: str) -> Subscribed:
    """The calendar behind a private address: what lies ahead, and the last 30 days.

    The same `NotFound` for an address that never was, one that was revoked, and a person who may not log in any more.
    """
    found = work.db.exec(
        select(CalendarFeed, Patient)
        .join(Patient, col(Patient.id) == CalendarFeed.patient_id)
        .where(
            CalendarFeed.token_hash == keyed_hash("calendar", token),
            col(CalendarFeed.revoked_at).is_(None),
            Patient.status == PatientStatus.ACTIVE,
            col(Patient.deceased_at).is_(None),
        )
    ).first()
    if found is None:
        raise NotFound
    feed, patient = found
    practice, now = work.practice(), work.now()
    if not may_log_in(patient.date_of_birth, local_day(work, practice), by_guardian=feed.guardian_id is not None):
        raise NotFound
    visits = work.db.exec(
        select(Appointment)
        .where(
            Appointment.patient_id == patient.id,
            Appointment.starts_at > now - PAST,
            Appointment.status != AppointmentStatus.NO_SHOW,
        )
        .order_by(col(Appointment.starts_at), col(Appointment.id))
        .limit(MOST_VISITS)
    ).all()
    entries = [told(work, visit, practice).entry(_changed_at(visit)) for visit in visits]
    text = calendar.feed(f"Visits at {practice.name}", entries, ZoneInfo(practice.time_zone), now)
    unnoted = feed.fetched_at is None or now - feed.fetched_at >= NOTED_EVERY
    return Subscribed(feed.id, text, unnoted)


def note_reading(work: Work, feed_id: UUID) -> None:
    """Remember when the calendar was read last."""
    work.get(CalendarFeed, feed_id).fetched_at = work.now()


def _changed_at(visit: Appointment) -> datetime:
    """When the visit last became what it is, as far as it was noted: the same for the same visit at each reading."""
    known = [at for at in (visit.booked_at, visit.confirmed_at, visit.cancelled_at) if at is not None]
    return max(known, default=visit.starts_at)
