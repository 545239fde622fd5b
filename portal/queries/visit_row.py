"""A visit as its patient sees it: when, with whom, where, what to know before it, and what can be done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import and_, case, col, func, or_

from portal import dates, routes
from portal.domain import scheduling
from portal.domain.paperwork import FormStatus
from portal.domain.scheduling import LABELS, MOST_UNDOS, OPEN, UNDO, UPCOMING, AppointmentStatus, Offers
from portal.models import Appointment, AppointmentType, AssignedForm, Clinic, Practice
from portal.models.db import columns, one_of
from portal.money import money
from portal.queries.visits import (
    PROVIDER,
    RULES,
    TITLE,
    ZONE,
    minutes_of,
    offers_of,
    provider_of,
    rules_of,
    visits_with,
    zone_of,
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One line of Important Reminders. Where there is an `href`, `link` is what leads there, before the words."""

    icon: str
    words: str
    link: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit, ready to print in the clinic's zone. What an older system did not know is empty.

    `note` says why something is not offered and `call` what to telephone for; both are empty where all is offered. Of
    a cancelled visit, `note` says what it comes to unless that is taken back.
    `undo_seconds` is what is left to take a cancellation back, 0 where there is nothing to take back.
    """

    id: str
    title: str
    status: str
    away: str
    day: str
    weekday: str
    month: str
    time: str
    day_month: str
    when: str
    full_day: str
    provider: str
    clinic: str
    address: str
    lasts: str
    confirm: bool
    move: bool
    cancel: bool
    note: str
    call: str
    undo_seconds: int
    forms: int
    reminders: list[Reminder]
    view_href: str
    move_href: str
    ics_href: str


def visit_row(visit: Any, locale: str, now: datetime) -> VisitRow:
    """A row of `VISIT` ready to print."""
    zone = zone_of(visit)
    day, time = dates.local_day(visit.starts_at, zone), dates.clock_time(visit.starts_at, zone, locale)
    offers = offers_of(visit, now)
    note, call = _what_it_costs(visit, locale) if visit.undoable else _why_not(visit, offers, now)
    visit_id, minutes = str(visit.id), minutes_of(visit)
    ahead = visit.status in UPCOMING and visit.ends_at > now
    return VisitRow(
        id=visit_id,
        title=visit.title,
        status=status_words(visit.status, visit.ends_at, now),
        away=dates.days_away(visit.starts_at, now, zone).capitalize(),
        day=str(day.day),
        weekday=dates.weekday(day, locale),
        month=dates.month(day, locale),
        time=time,
        day_month=dates.day_and_month(day, locale),
        when=f"{dates.short_day(day, locale)} at {time}",
        full_day=dates.full_day(day, locale),
        provider=provider_of(visit),
        clinic=visit.clinic or "",
        address=f"{visit.street}, {visit.city}, {visit.state} {visit.postal_code}" if visit.clinic else "",
        lasts=f"{minutes} minute{'' if minutes == 1 else 's'}" if minutes > 0 else "",
        confirm=offers.confirm,
        move=offers.move,
        cancel=offers.cancel,
        note=note,
        call=call,
        undo_seconds=_undo_seconds(visit, now),
        forms=visit.forms,
        reminders=_reminders(visit, zone, locale) if ahead else [],
        view_href=routes.appointment(visit_id),
        move_href=routes.reschedule(visit_id),
        ics_href=routes.visit_ics(visit_id) if ahead else "",
    )


def status_words(status: AppointmentStatus, ends_at: datetime, now: datetime) -> str:
    """The status as it is called. A visit that is over and that nobody has closed yet has none."""
    return "" if status in UPCOMING and ends_at <= now else LABELS[status]


def _why_not(visit: Any, offers: Offers, now: datetime) -> tuple[str, str]:
    """Why the buttons that are missing are missing, and what to call for."""
    given = {
        "confirm": offers.confirm or visit.status is not AppointmentStatus.BOOKED,
        "move": offers.move,
        "cancel": offers.cancel,
    }
    missing = [verb for verb, there in given.items() if not there]
    if visit.status not in OPEN or visit.ends_at <= now or not missing:
        return "" if visit.ends_at <= now else offers.why_not, ""
    why = offers.why_not or scheduling.why_not_confirm(rules_of(visit), visit.status, visit.starts_at, now)
    *first, last = missing
    return why, f"To {', '.join(first)} or {last} it, call" if first else f"To {last} it, call"


def _what_it_costs(visit: Any, locale: str) -> tuple[str, str]:
    """What a cancellation comes to that is not taken back."""
    if not visit.fee_cents:
        return "", ""
    fee = money(visit.fee_cents, visit.currency, locale)
    return f"Unless you undo this, the late cancellation fee of {fee} applies.", ""


def _undo_seconds(visit: Any, now: datetime) -> int:
    """Rounded up: while a second is shown, undoing works."""
    return max(0, -((now - visit.cancelled_at - UNDO) // timedelta(seconds=1))) if visit.undoable else 0


def _reminders(visit: Any, zone: ZoneInfo, locale: str) -> list[Reminder]:
    """When to arrive, where to park, what to bring, what to do before, and what the practice tells everybody."""
    early = visit.arrive_minutes or 0
    at = dates.clock_time(visit.starts_at - timedelta(minutes=early), zone, locale).replace(" ", "\u00a0")
    found = [Reminder("clock", f"Arrive {early} minutes early, at {at}." if early else f"Arrive by {at}.")]
    found += [Reminder("square-parking", visit.parking)] if visit.parking else []
    found += [Reminder("wallet", visit.bring)] if visit.bring else []
    found += [Reminder("circle-check", words) for words in map(str.strip, (visit.prepare or "").splitlines()) if words]
    found += [Reminder("info", visit.important_reminders)] if visit.important_reminders else []
    if visit.forms:
        forms = "Complete 1 form" if visit.forms == 1 else f"Complete {visit.forms} forms"
        found.append(Reminder("list-checks", "before you arrive.", forms, routes.TASK_MANAGEMENT))
    return found


PATIENT = bindparam("patient")
NOW = bindparam("now")

#: A cancellation by the patient that can still be taken back; wants `undo_from`, the earliest moment it was made at.
UNDOABLE = and_(
    Appointment.status == AppointmentStatus.CANCELLED,
    Appointment.cancelled_by == "patient",
    col(Appointment.settled_at).is_(None),
    col(Appointment.cancelled_at).is_not(None),
    col(Appointment.cancelled_at) > bindparam("undo_from"),
    Appointment.undone < MOST_UNDOS,
)
#: What stands under Upcoming Appointments; all else is past. Wants `now` and `undo_from`.
COMING = or_(and_(one_of(col(Appointment.status), UPCOMING), col(Appointment.ends_at) > NOW), UNDOABLE)

_OPEN_FORMS = (
    columns(func.count())
    .where(AssignedForm.appointment_id == Appointment.id, AssignedForm.status == FormStatus.OPEN)
    .correlate(Appointment)
    .scalar_subquery()
)

#: The visits of `patient` with all that `visit_row` prints.
VISIT = visits_with(
    Appointment.id,
    TITLE,
    Appointment.status,
    Appointment.starts_at,
    Appointment.ends_at,
    Appointment.cancelled_at,
    col(Appointment.late_fee_cents).label("fee_cents"),
    Appointment.kept_fee_cents,
    Appointment.free_to_cancel,
    Appointment.undone,
    case((UNDOABLE, 1), else_=0).label("undoable"),
    *PROVIDER,
    col(Clinic.name).label("clinic"),
    Clinic.street,
    Clinic.city,
    Clinic.state,
    Clinic.postal_code,
    Clinic.parking,
    ZONE,
    *RULES,
    AppointmentType.arrive_minutes,
    AppointmentType.bring,
    AppointmentType.prepare,
    Practice.important_reminders,
    Practice.currency,
    _OPEN_FORMS.label("forms"),
).where(Appointment.patient_id == PATIENT)
