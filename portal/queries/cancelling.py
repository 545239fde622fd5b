"""What is said before a visit is cancelled: which one, what it costs now, and the reasons to choose from."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates
from portal.domain import scheduling
from portal.domain.scheduling import UNDO
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
    """`fee_cents` is what cancelling costs now, `fee` says so; `reasons` are (value, words)."""

    id: str
    title: str
    when: str
    fee_cents: int
    fee: str
    reasons: list[tuple[str, str]]


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
    if not row.cancel:
        raise Conflict(row.note or "This visit can no longer be cancelled here.")
    fee = scheduling.late_fee(rules_of(visit), visit.starts_at, now)
    return CancelTerms(
        id=row.id,
        title=row.title,
        when=row.when,
        fee_cents=fee,
        fee=_late(visit, money(fee, currency, locale)) if fee else _free(visit, locale),
        reasons=[(reason, reason) for reason in reasons],
    )


def _late(visit: Any, fee: str) -> str:
    within = _span(rules_of(visit).late_within)
    return f"Cancelling now costs {fee}: it is less than {within} before your visit."


def _free(visit: Any, locale: str) -> str:
    """Where a fee will apply, until when there is none."""
    rules, zone = rules_of(visit), zone_of(visit)
    if not rules.late_fee_cents:
        return "There is no fee."
    until = visit.starts_at - rules.late_within
    day = dates.short_day(dates.local_day(until, zone), locale)
    return f"There is no fee until {day} at {dates.clock_time(until, zone, locale)}."


def _span(length: timedelta) -> str:
    """A length of time in words: "24 hours", "90 minutes"."""
    minutes = length // timedelta(minutes=1)
    number, unit = (minutes // 60, "hour") if minutes % 60 == 0 else (minutes, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"


_ONE = VISIT.where(Appointment.id == bindparam("visit"))

_PRACTICE = (
    columns(Practice.cancel_reasons, Practice.currency, Practice.locale)
    .join(Patient, col(Patient.practice_id) == Practice.id)
    .where(Patient.id == PATIENT)
)
