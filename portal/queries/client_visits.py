"""A client's visits for staff: what is coming, and what was, the newest first. Three statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import and_, col, func, or_

from portal import dates
from portal.domain.access import Privilege
from portal.domain.paperwork import INCOMPLETE
from portal.domain.scheduling import LABELS, UPCOMING, AppointmentStatus
from portal.models import Appointment, AssignedForm, Clinic
from portal.models.db import columns, one_of
from portal.queries.visits import PROVIDER, TITLE, ZONE, provider_of, visits_with, zone_of
from portal.work import Work

PAGE = 20
MOST = 500


@dataclass(frozen=True, slots=True)
class ClientVisit:
    """One visit in a line, by the clock of its clinic. `forms` counts those that are still open."""

    id: str
    day: str
    time: str
    title: str
    provider: str
    clinic: str
    status: str
    forms: int


@dataclass(frozen=True, slots=True)
class ClientVisits:
    """`coming` from the next one on, `past` from the last one back; `more` says that there are older ones."""

    coming: list[ClientVisit]
    past: list[ClientVisit]
    more: bool


def client_visits(work: Work, client_id: UUID, most: int = PAGE) -> ClientVisits:
    """A client's visits, of those that are past at most `most`. A cancelled one that can still be undone counts as
    coming. `Denied` for who may not see visits."""
    work.require(Privilege.VISITS_VIEW)
    practice, now = work.practice(), work.now()
    most = max(1, min(most, MOST))
    coming = work.rows(_COMING, patient=client_id, now=now).all()
    past = work.rows(_PAST, patient=client_id, now=now, most=most + 1).all()
    return ClientVisits(
        coming=[_line(row, practice.locale, now) for row in coming],
        past=[_line(row, practice.locale, now) for row in past[:most]],
        more=len(past) > most,
    )


def _line(row: Any, locale: str, now: datetime) -> ClientVisit:
    zone = zone_of(row)
    day = dates.local_day(row.starts_at, zone)
    same_year = day.year == dates.local_day(now, zone).year
    return ClientVisit(
        id=str(row.id),
        day=dates.short_day(day, locale) if same_year else dates.medium_date(day, locale),
        time=dates.clock_time(row.starts_at, zone, locale),
        title=row.title,
        provider=provider_of(row),
        clinic=row.clinic or "",
        status=LABELS[row.status],
        forms=0 if row.status is AppointmentStatus.CANCELLED else row.forms,
    )


_FORMS = (
    columns(func.count())
    .where(AssignedForm.appointment_id == Appointment.id, one_of(col(AssignedForm.status), INCOMPLETE))
    .correlate(Appointment)
    .scalar_subquery()
)
_IS_COMING = or_(
    and_(one_of(col(Appointment.status), UPCOMING), col(Appointment.ends_at) > bindparam("now")),
    and_(col(Appointment.status) == AppointmentStatus.CANCELLED, col(Appointment.settled_at).is_(None)),
)
_LINES = visits_with(
    Appointment.id,
    Appointment.starts_at,
    Appointment.status,
    TITLE,
    *PROVIDER,
    col(Clinic.name).label("clinic"),
    ZONE,
    _FORMS.label("forms"),
).where(Appointment.patient_id == bindparam("patient"))
_COMING = _LINES.where(_IS_COMING).order_by(col(Appointment.starts_at), col(Appointment.id)).limit(MOST)
_PAST = (
    _LINES.where(~_IS_COMING)
    .order_by(col(Appointment.starts_at).desc(), col(Appointment.id).desc())
    .limit(bindparam("most"))
)
