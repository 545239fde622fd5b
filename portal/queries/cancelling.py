"""What is said before a visit is cancelled: which one, what it costs now, and the reasons to choose from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates
from portal.domain import scheduling
from portal.domain.scheduling import MOST_UNDOS, UNDO, AppointmentStatus
from portal.errors import Conflict, NotFound
from portal.models import Appointment, Patient, Practice
from portal.models.db import columns
from portal.money import money
from portal.queries.appointments import MISSING
from portal.queries.visit_row import PATIENT, VISIT, visit_row
from portal.queries.visits import rules_of, zone_of
from portal.work import Work


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """`fee_cents` is what cancelling costs now, `fee` says so; `starts_at` is ISO in UTC; `reasons` are (value, words).
    `final` says that it cannot be undone any more, having been undone so often."""

    id: str
    title: str
    when: str
    starts_at: str
    fee_cents: int
    fee: str
    reasons: list[tuple[str, str]]
    final: str


def cancel_terms(work: Work, visit_id: UUID) -> CancelTerms:
    """What cancelling this visit of the signed-in patient means now; two statements.

    Raises:
        NotFound: when it is not theirs.
        Conflict: when it can no longer be cancelled here, with the reason.
    """
    now = work.now()
    visit = work.rows(_ONE, patient=work.patient_id, visit=visit_id, undo_from=now - UNDO).first()
    if visit is None:
        raise NotFound(MISSING)
    reasons, currency, locale = work.rows(_PRACTICE, patient=work.patient_id).one()
    row = visit_row(visit, locale, now)
    if visit.status is AppointmentStatus.CANCELLED:
        raise Conflict("This visit is already cancelled.")
    if not row.cancel:
        raise Conflict(row.note or "This visit can no longer be cancelled here.")
    fee = scheduling.late_fee(rules_of(visit), visit.starts_at, now, visit.kept_fee_cents, free=visit.free_to_cancel)
    return CancelTerms(
        id=row.id,
        title=row.title,
        when=row.when,
        starts_at=visit.starts_at.isoformat(),
        fee_cents=fee,
        fee=_late(visit, money(fee, currency, locale), now) if fee else _free(visit, locale),
        reasons=[(reason, reason) for reason in reasons],
        final=_FINAL if visit.undone >= MOST_UNDOS else "",
    )


def starts_at(work: Work, visit_id: UUID) -> str:
    """When this visit of the signed-in patient is now, as `CancelTerms` has it; empty where there is none."""
    found = work.rows(_STARTS, patient=work.patient_id, visit=visit_id).first()
    return found.starts_at.isoformat() if found else ""


def _late(visit: Any, fee: str, now: datetime) -> str:
    within = _span(rules_of(visit).late_within)
    if visit.starts_at - now >= rules_of(visit).late_within:
        return f"Cancelling costs {fee}: you moved this visit less than {within} before it was to begin."
    return f"Cancelling now costs {fee}: it is less than {within} before your visit."


def _free(visit: Any, locale: str) -> str:
    """Where a fee will apply, until when there is none."""
    rules, zone = rules_of(visit), zone_of(visit)
    if not rules.late_fee_cents or visit.free_to_cancel:
        return "There is no fee."
    until = visit.starts_at - rules.late_within
    day = dates.short_day(dates.local_day(until, zone), locale)
    return f"There is no fee until {day} at {dates.clock_time(until, zone, locale)}."


def _span(length: timedelta) -> str:
    """A length of time in words: "24 hours", "90 minutes"."""
    minutes = length // timedelta(minutes=1)
    number, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


_FINAL = f"You have undone this {MOST_UNDOS} times. This time it cannot be undone."

_ONE = VISIT.where(Appointment.id == bindparam("visit"))

_STARTS = columns(Appointment.starts_at).where(Appointment.id == bindparam("visit"), Appointment.patient_id == PATIENT)

_PRACTICE = (
    columns(Practice.cancel_reasons, Practice.currency, Practice.locale)
    .join(Patient, col(Patient.practice_id) == Practice.id)
    .where(Patient.id == PATIENT)
)
