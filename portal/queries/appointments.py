"""The Appointments pages: what is coming, what was, one visit in full."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import case, col, func, not_

from portal import dates, routes
from portal.domain import billing, paperwork
from portal.domain.paperwork import FormKind, FormStatus
from portal.domain.scheduling import UNDO, AppointmentStatus
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AssignedForm,
    Clinic,
    FormTemplate,
    Invoice,
    TemplateVersion,
)
from portal.models.db import columns
from portal.money import money
from portal.queries.reader import Reader, reader
from portal.queries.visit_row import COMING, PATIENT, VISIT, VisitRow, status_words, visit_row
from portal.queries.visits import PROVIDER, TITLE, ZONE, provider_of, visits_with, zone_of
from portal.work import Work

PAGE = 25  # past visits at a time
MISSING = "We could not find that appointment. It may have been removed."


@dataclass(frozen=True, slots=True)
class PastRow:
    """One line of the history; `label` names its button for a screen reader."""

    id: str
    day: str
    day_month: str
    title: str
    where: str
    status: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class PastYear:
    """The visits of one calendar year."""

    year: str
    visits: list[PastRow]


@dataclass(frozen=True, slots=True)
class Past:
    """The history, newest first. `more` says that there are earlier ones, `since` is the month of the first shown."""

    years: list[PastYear]
    more: bool
    since: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many visits stand under each tab."""

    coming: int
    past: int


@dataclass(frozen=True, slots=True)
class VisitForm:
    """A form of one visit."""

    id: str
    name: str
    status: str
    href: str
    pdf_href: str


@dataclass(frozen=True, slots=True)
class VisitInvoice:
    """The invoice of one visit."""

    title: str
    amount: str
    status: str


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit in full. `coming` as long as it stands under Upcoming Appointments; `cancelled` says when and why."""

    visit: VisitRow
    coming: bool
    cancelled: str
    forms: list[VisitForm]
    invoices: list[VisitInvoice]


def coming(work: Work) -> list[VisitRow]:
    """The signed-in patient's visits ahead, the next one first; two statements."""
    who, now = reader(work), work.now()
    rows = work.rows(_COMING, patient=work.patient_id, now=now, undo_from=now - UNDO)
    return [visit_row(row, who.locale, now) for row in rows]


def counts(work: Work) -> Counts:
    """How many visits are ahead and how many are over; one statement."""
    now = work.now()
    every, ahead = work.rows(_COUNTS, patient=work.patient_id, now=now, undo_from=now - UNDO).one()
    return Counts(ahead, every - ahead)


def past(work: Work, most: int = PAGE) -> Past:
    """The latest `most` visits that are over, by year; two statements."""
    who, now = reader(work), work.now()
    rows = work.rows(_PAST, patient=work.patient_id, now=now, undo_from=now - UNDO, most=most + 1)
    found = [_past_row(row, who, now) for row in rows]
    shown = found[:most]
    by_year = groupby(shown, key=lambda dated: dated[0].year)
    return Past(
        years=[PastYear(str(year), [row for _, row in rows]) for year, rows in by_year],
        more=len(found) > most,
        since=dates.month_and_year(shown[-1][0], who.locale) if shown else "",
    )


def visit(work: Work, visit_id: UUID) -> VisitPage:
    """One visit of the signed-in patient; four statements. `NotFound` for anybody else's."""
    who, now = reader(work), work.now()
    row = work.rows(_ONE, patient=work.patient_id, visit=visit_id, now=now, undo_from=now - UNDO).first()
    if row is None:
        raise NotFound(MISSING)
    return VisitPage(
        visit=visit_row(row, who.locale, now),
        coming=bool(row.coming),
        cancelled=_cancelled(row, who) if row.status is AppointmentStatus.CANCELLED else "",
        forms=[_form(*form) for form in work.rows(_FORMS_OF, patient=work.patient_id, visit=visit_id)],
        invoices=[_invoice(invoice, who) for invoice in work.rows(_BILLS, patient=work.patient_id, visit=visit_id)],
    )


def _past_row(row: Any, who: Reader, now: datetime) -> tuple[date, PastRow]:
    day = dates.local_day(row.starts_at, zone_of(row))
    return day, PastRow(
        id=str(row.id),
        day=str(day.day),
        day_month=dates.day_and_month(day, who.locale),
        title=row.title,
        where=", ".join(filter(None, (provider_of(row), row.clinic))),
        status=status_words(row.status, row.ends_at, now),
        href=routes.appointment(str(row.id)),
        label=f"View {row.title}, {dates.short_day(day, who.locale)}",
    )


def _cancelled(row: Any, who: Reader) -> str:
    """When and why, in one sentence. An older system may have kept neither."""
    words = "Cancelled"
    if row.cancelled_at is not None:
        words += f" on {dates.full_date(dates.local_day(row.cancelled_at, zone_of(row)), who.locale)}"
    words += " by the practice" if row.cancelled_by == "practice" else ""
    return f"{words}: {row.cancel_reason}." if row.cancel_reason else f"{words}."


def _form(form_id: UUID, kind: FormKind, status: FormStatus, name: str) -> VisitForm:
    return VisitForm(
        id=str(form_id),
        name=name,
        status=paperwork.label(kind, status),
        href=routes.consent(str(form_id)) if kind is FormKind.CONSENT else routes.TASK_MANAGEMENT,
        pdf_href=routes.form_pdf(str(form_id)),
    )


def _invoice(row: Any, who: Reader) -> VisitInvoice:
    number, title, status, cents, currency = row
    return VisitInvoice(f"Invoice {number}: {title}", money(cents, currency, who.locale), billing.LABELS[status])


_VISIT_ID = bindparam("visit")

_COMING = VISIT.where(COMING).order_by(Appointment.starts_at, col(Appointment.id))

_ONE = VISIT.where(Appointment.id == _VISIT_ID).add_columns(
    case((COMING, 1), else_=0).label("coming"), Appointment.cancelled_by, Appointment.cancel_reason
)

_COUNTS = columns(func.count(), func.coalesce(func.sum(case((COMING, 1), else_=0)), 0)).where(
    Appointment.patient_id == PATIENT
)

_PAST = (
    visits_with(
        Appointment.id,
        TITLE,
        Appointment.status,
        Appointment.starts_at,
        Appointment.ends_at,
        *PROVIDER,
        col(Clinic.name).label("clinic"),
        ZONE,
    )
    .where(Appointment.patient_id == PATIENT, not_(COMING))
    .order_by(col(Appointment.starts_at).desc(), col(Appointment.id).desc())
    .limit(bindparam("most"))
)

_FORMS_OF = (
    columns(AssignedForm.id, AssignedForm.kind, AssignedForm.status, FormTemplate.name)
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .where(
        AssignedForm.patient_id == PATIENT,
        AssignedForm.appointment_id == _VISIT_ID,
        AssignedForm.status != FormStatus.VOID,
    )
    .order_by(FormTemplate.name, col(AssignedForm.id))
)

_BILLS = (
    columns(Invoice.number, Invoice.title, Invoice.status, Invoice.total_cents, Invoice.currency)
    .where(Invoice.patient_id == PATIENT, Invoice.appointment_id == _VISIT_ID)
    .order_by(Invoice.number)
)
