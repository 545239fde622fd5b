"""The Dashboard: the next visit and what to do before it, paperwork, invoices, the month, what is new.

Six statements at most, whatever the number of rows.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal import dates, routes
from portal.domain import billing, paperwork
from portal.domain.billing import DUE
from portal.domain.paperwork import INCOMPLETE, FormKind, FormStatus
from portal.domain.scheduling import UNDO
from portal.models import (
    Appointment,
    AssignedForm,
    Banner,
    Clinic,
    FormTemplate,
    Invoice,
    Notification,
    Patient,
    Practice,
    TemplateVersion,
)
from portal.models.db import columns, one_of
from portal.money import money
from portal.queries import calendar
from portal.queries.badges import Badges, badges, facts_of, frame, frame_row
from portal.queries.calendar import Month
from portal.queries.form_lines import LENGTH
from portal.queries.next_step import Step, next_step, steps
from portal.queries.visit_row import COMING, VISIT, Reminder, VisitRow, visit_row
from portal.work import Work

FORMS_SHOWN, VISITS_SHOWN, INVOICES_SHOWN, NOTICES_SHOWN = 3, 5, 5, 3
MOST_FORMS = 50  # looked through for how long they take


@dataclass(frozen=True, slots=True)
class FormLine:
    """One open form on the Dashboard, with the one thing to do about it."""

    id: str
    name: str
    status: str
    href: str
    verb: str


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One unpaid invoice: what is left to pay, for what, since when."""

    id: str
    number: str
    title: str
    amount: str
    date: str
    status: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the feed."""

    id: str
    title: str
    body: str
    when: str
    href: str
    unread: bool


@dataclass(frozen=True, slots=True)
class BannerLine:
    """A promotion that is current. `href` is empty, an address of ours, or one that begins with https://."""

    id: str
    text: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page. `visit` is None without a visit ahead, `visits` are those after it, `total` is what is owed."""

    greeting: str
    today: str
    visit: VisitRow | None
    steps: list[Step]
    visits: list[VisitRow]
    forms: list[FormLine]
    invoices: list[InvoiceLine]
    total: str
    reminders: list[Reminder]
    banner: BannerLine | None
    notices: list[Notice]
    month: Month
    badges: Badges


def overview(work: Work, month: str = "", chosen: str = "") -> Overview:
    """The signed-in patient's Dashboard, with the month and the day of it that the calendar shows."""
    row, now = frame_row(work, _FRAME), work.now()
    home = ZoneInfo(row.home_zone)
    facts = facts_of(row, now)
    visits = _visits(work, row.locale, now)
    first = visits[0] if visits else None
    forms, minutes = _forms(work)
    facts = replace(facts, minutes=minutes)
    stands = first is not None and facts.visit is not None and first.id == facts.visit.id  # and is not being cancelled
    if first is not None and facts.visit is not None and stands:
        near = replace(facts.visit, provider=first.provider.partition(" ")[0], street=row.street or "")
        facts = replace(facts, visit=near)
    found = steps(facts)
    return Overview(
        greeting=f"{_greeting(now, home)}, {row.called}",
        today=dates.weekday_and_date(dates.local_day(now, home), row.locale),
        visit=first,
        steps=found if stands else [],
        visits=visits[1:],
        forms=forms,
        invoices=_invoices(work, home, row.locale) if facts.unpaid else [],
        total=money(facts.unpaid_cents, facts.currency, facts.locale) if facts.unpaid else "",
        reminders=[line for line in first.reminders if not line.href] if first else [],  # the steps lead on
        banner=_banner(row),
        notices=_notices(work, home, row.locale, now),
        month=calendar.month(work, month, chosen),
        badges=Badges(row.open_forms, row.unread, row.unpaid, next_step(found)),
    )


def _greeting(now: datetime, zone: ZoneInfo) -> str:
    """By the clock of the clinic."""
    hour = now.astimezone(zone).hour
    if 4 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _visits(work: Work, locale: str, now: datetime) -> list[VisitRow]:
    rows = work.rows(_VISITS, patient=work.patient_id, now=now, undo_from=now - UNDO)
    return [visit_row(row, locale, now) for row in rows]


def _forms(work: Work) -> tuple[list[FormLine], int]:
    """The first open forms, and how many minutes all of them take."""
    rows = work.rows(_FORMS, patient=work.patient_id).all()
    minutes = sum(paperwork.minutes_for(length) for _, _, status, _, length in rows if status is FormStatus.OPEN)
    return [_form(*row) for row in rows[:FORMS_SHOWN]], minutes


def _form(form_id: UUID, kind: FormKind, status: FormStatus, name: str, _length: int) -> FormLine:
    return FormLine(
        id=str(form_id),
        name=name,
        status=paperwork.label(kind, status),
        href=routes.consent(str(form_id)) if kind is FormKind.CONSENT else routes.TASK_MANAGEMENT,
        verb="View" if status is FormStatus.WITNESS else "Sign" if kind is FormKind.CONSENT else "Fill",
    )


def _invoices(work: Work, home: ZoneInfo, locale: str) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            id=str(invoice.id),
            number=f"Invoice {invoice.number}",
            title=invoice.title,
            amount=money(invoice.total_cents - invoice.paid_cents, invoice.currency, locale),
            date=dates.full_date(dates.local_day(invoice.issued_at, home), locale),
            status=billing.LABELS[invoice.status],
        )
        for invoice in work.rows(_INVOICES, patient=work.patient_id)
    ]


def _notices(work: Work, home: ZoneInfo, locale: str, now: datetime) -> list[Notice]:
    return [
        Notice(str(id_), title, body, dates.when(at, now, home, locale), href, read_at is None)
        for id_, title, body, at, href, read_at in work.rows(_NOTICES, patient=work.patient_id)
    ]


def _banner(row: Any) -> BannerLine | None:
    if row.banner_id is None:
        return None
    return BannerLine(str(row.banner_id), row.banner_text, row.banner_href, row.banner_label)


_PATIENT, _NOW = bindparam("patient"), bindparam("now")

_HOME = Clinic.__table__.alias("home")  # pyright: ignore[reportAttributeAccessIssue]
_CURRENT = (
    columns(Banner.id)
    .where(Banner.practice_id == Practice.id, col(Banner.active), Banner.starts_at <= _NOW, Banner.ends_at > _NOW)
    .order_by(col(Banner.starts_at).desc(), col(Banner.id))
    .limit(1)
    .correlate(Practice)
    .scalar_subquery()
)
_FRAME = (
    frame(
        func.coalesce(func.nullif(Patient.preferred_name, ""), Patient.first_name).label("called"),
        func.coalesce(_HOME.c.time_zone, Practice.time_zone).label("home_zone"),
        col(Clinic.street),
        col(Banner.id).label("banner_id"),
        col(Banner.text).label("banner_text"),
        col(Banner.href).label("banner_href"),
        col(Banner.link_label).label("banner_label"),
    )
    .outerjoin(_HOME, _HOME.c.id == Patient.primary_clinic_id)
    .outerjoin(Banner, col(Banner.id) == _CURRENT)
)

_VISITS = VISIT.where(COMING).order_by(col(Appointment.starts_at), col(Appointment.id)).limit(VISITS_SHOWN)

_FORMS = (
    columns(AssignedForm.id, AssignedForm.kind, AssignedForm.status, FormTemplate.name, LENGTH)
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .where(AssignedForm.patient_id == _PATIENT, one_of(col(AssignedForm.status), INCOMPLETE))
    .order_by(col(AssignedForm.due_at).is_(None), AssignedForm.due_at, col(AssignedForm.id))
    .limit(MOST_FORMS)
)

_INVOICES = (
    columns(
        Invoice.id,
        Invoice.number,
        Invoice.title,
        Invoice.total_cents,
        Invoice.paid_cents,
        Invoice.currency,
        Invoice.issued_at,
        Invoice.status,
    )
    .where(Invoice.patient_id == _PATIENT, one_of(col(Invoice.status), DUE))
    .order_by(Invoice.issued_at, col(Invoice.number))
    .limit(INVOICES_SHOWN)
)

_NOTICES = (
    columns(
        Notification.id,
        Notification.title,
        Notification.body,
        Notification.created_at,
        Notification.href,
        Notification.read_at,
    )
    .where(Notification.patient_id == _PATIENT)
    .order_by(col(Notification.created_at).desc(), col(Notification.id).desc())
    .limit(NOTICES_SHOWN)
)

__all__ = ["Badges", "BannerLine", "FormLine", "InvoiceLine", "Notice", "Overview", "badges", "overview"]
