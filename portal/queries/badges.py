"""What the frame of every patient page carries: the counts of the menu and the bell, and the step that is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, true
from sqlmodel import case, col, func

from portal import dates
from portal.domain.billing import DUE
from portal.domain.paperwork import INCOMPLETE, FormStatus
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AppointmentType,
    AssignedForm,
    Clinic,
    Invoice,
    Notification,
    Patient,
    Practice,
)
from portal.models.db import columns, one_of
from portal.queries.next_step import Coming, Facts, NextStep, next_step, steps
from portal.queries.visits import RULES, ZONE, offers_of, upcoming, zone_of
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Badges:
    """What the menu and the bell count, how many invoices are unpaid, and what is next."""

    open_forms: int
    unread: int
    unpaid: int
    next: NextStep


def badges(work: Work) -> Badges:
    """The signed-in patient's; one statement. `NotFound` for anybody else."""
    return badges_of(frame_row(work, _FRAME), work.now())


def badges_of(row: Any, now: datetime) -> Badges:
    """From a row of `frame`."""
    return Badges(row.open_forms, row.unread, row.unpaid, next_step(steps(facts_of(row, now))))


def frame_row(work: Work, statement: Any) -> Any:
    """The one row of a `frame` statement."""
    row = work.rows(statement, patient=work.patient_id, now=work.now()).first()
    if row is None:
        raise NotFound
    return row


def facts_of(row: Any, now: datetime) -> Facts:
    """What the steps follow from, but for the details that only the Dashboard shows."""
    visit = None
    if row.visit_id is not None:
        visit = Coming(
            id=str(row.visit_id),
            starts_at=row.starts_at,
            zone=zone_of(row),
            status=row.status,
            may_confirm=offers_of(row, now).confirm,
            arrive_minutes=row.arrive_minutes or 0,
        )
    since = dates.local_day(row.unpaid_since, zone_of(row)) if row.unpaid_since else None
    return Facts(
        locale=row.locale,
        visit=visit,
        open_forms=row.open_forms,
        to_do=int(row.to_do or 0),
        unpaid=row.unpaid,
        unpaid_cents=int(row.unpaid_cents or 0),
        currency=row.currency,
        number=row.unpaid_number or 0,
        since=dates.month_and_day(since, row.locale) if since else "",
    )


_PATIENT = bindparam("patient")

# Each gives exactly one row, whatever there is.
_forms = (
    columns(
        func.count().label("open_forms"),
        func.sum(case((col(AssignedForm.status) == FormStatus.OPEN, 1), else_=0)).label("to_do"),
    )
    .where(AssignedForm.patient_id == _PATIENT, one_of(col(AssignedForm.status), INCOMPLETE))
    .subquery("forms")
)
_news = (
    columns(func.count().label("unread"))
    .where(Notification.patient_id == _PATIENT, col(Notification.read_at).is_(None))
    .subquery("news")
)
_bills = (
    columns(
        func.count().label("unpaid"),
        func.sum(Invoice.total_cents - Invoice.paid_cents).label("unpaid_cents"),
        func.min(Invoice.number).label("unpaid_number"),
        func.min(Invoice.issued_at).label("unpaid_since"),
    )
    .where(Invoice.patient_id == _PATIENT, one_of(col(Invoice.status), DUE))
    .subquery("bills")
)


def frame(*more: Any) -> Any:
    """A statement for one row with all that `facts_of` and `badges_of` read, and with `more` columns of the practice's
    or the patient's own."""
    next_visit = upcoming(columns(Appointment.id)).limit(1).scalar_subquery()
    return (
        columns(
            *_forms.c,
            *_news.c,
            *_bills.c,
            col(Practice.locale),
            col(Practice.currency),
            ZONE,
            col(Appointment.id).label("visit_id"),
            col(Appointment.starts_at),
            col(Appointment.status),
            col(AppointmentType.arrive_minutes),
            *RULES,
            *more,
        )
        .select_from(Patient)
        .join(Practice, col(Practice.id) == Patient.practice_id)
        .join(_forms, true())
        .join(_news, true())
        .join(_bills, true())
        .outerjoin(Appointment, col(Appointment.id) == next_visit)
        .outerjoin(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
        .outerjoin(Clinic, col(Clinic.id) == func.coalesce(Appointment.clinic_id, Patient.primary_clinic_id))
        .where(Patient.id == _PATIENT)
    )


_FRAME = frame()
