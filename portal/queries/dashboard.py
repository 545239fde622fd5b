"""The Dashboard: the next visit, what is to complete, what is new. Four statements, whatever the number of rows."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import case, col, func

from portal import dates, routes
from portal.domain import paperwork
from portal.domain.paperwork import INCOMPLETE, FormKind, FormStatus
from portal.models import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    AssignedForm,
    Clinic,
    FormTemplate,
    Notification,
    Staff,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries.paperwork import Reader, reader
from portal.work import Work

FORMS_SHOWN = 3
NOTICES_SHOWN = 4
UPCOMING = (AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED, AppointmentStatus.CHECKED_IN)


@dataclass(frozen=True, slots=True)
class VisitCard:
    """The next visit, its date as a picture."""

    eyebrow: str
    day: str
    weekday: str
    month: str
    time: str
    title: str
    provider: str
    place: str
    address: str
    status: str


@dataclass(frozen=True, slots=True)
class FormLine:
    """One open form on the Dashboard, with the one thing to do about it."""

    id: str
    name: str
    status: str
    href: str
    verb: str


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
class Badges:
    """What the menu and the bell count."""

    open_forms: int
    unread: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page. `visit` is None without a visit ahead."""

    greeting: str
    today: str
    visit: VisitCard | None
    forms: list[FormLine]
    notices: list[Notice]
    badges: Badges


def overview(work: Work) -> Overview:
    """The signed-in patient's Dashboard."""
    who, now = reader(work), work.now()
    forms, open_forms = _forms(work)
    notices, unread = _notices(work, who, now)
    return Overview(
        greeting=f"{_greeting(now, who)}, {who.first_name}",
        today=dates.weekday_and_date(dates.local_day(now, who.zone), who.locale),
        visit=_next_visit(work, who, now),
        forms=forms,
        notices=notices,
        badges=Badges(open_forms, unread),
    )


def badges(work: Work) -> Badges:
    """The counts alone, for the frame of any page; one statement."""
    return Badges(*work.rows(_BADGES, patient=work.patient_id).one())


def _greeting(now: datetime, who: Reader) -> str:
    """By the clock of the clinic."""
    hour = now.astimezone(who.zone).hour
    if 4 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _next_visit(work: Work, who: Reader, now: datetime) -> VisitCard | None:
    row = work.rows(_NEXT_VISIT, patient=work.patient_id, now=now).first()
    if row is None:
        return None
    starts_at, status, title, minutes, first, last, credentials, clinic, street, zone_name = row
    zone = ZoneInfo(zone_name)
    day = dates.local_day(starts_at, zone)
    return VisitCard(
        eyebrow=f"Your next visit is {dates.days_away(starts_at, now, zone)}",
        day=str(day.day),
        weekday=dates.weekday(day, who.locale),
        month=dates.month(day, who.locale),
        time=dates.clock_time(starts_at, zone, who.locale),
        title=title,
        provider=f"With {first} {last}" + (f", {credentials}" if credentials else ""),
        place=f"{minutes} minutes, {clinic}",
        address=street,
        status="Not confirmed" if status is AppointmentStatus.BOOKED else "Confirmed",
    )


def _forms(work: Work) -> tuple[list[FormLine], int]:
    rows = work.rows(_FORMS, patient=work.patient_id).all()
    lines = [
        FormLine(
            id=str(form_id),
            name=name,
            status=paperwork.label(kind, status),
            href=routes.consent(str(form_id)) if kind is FormKind.CONSENT else routes.TASK_MANAGEMENT,
            verb="View" if status is FormStatus.WITNESS else "Sign" if kind is FormKind.CONSENT else "Fill",
        )
        for form_id, kind, status, name, _ in rows
    ]
    return lines, rows[0][4] if rows else 0


def _notices(work: Work, who: Reader, now: datetime) -> tuple[list[Notice], int]:
    rows = work.rows(_NOTICES, patient=work.patient_id).all()
    notices = [
        Notice(str(id_), title, body, dates.when(at, now, who.zone, who.locale), href, read_at is None)
        for id_, title, body, at, href, read_at, _ in rows
    ]
    return notices, int(rows[0][6]) if rows else 0


_PATIENT = bindparam("patient")

_BADGES = columns(
    columns(func.count())
    .where(AssignedForm.patient_id == _PATIENT, col(AssignedForm.status).in_(INCOMPLETE))
    .scalar_subquery(),
    columns(func.count())
    .where(Notification.patient_id == _PATIENT, col(Notification.read_at).is_(None))
    .scalar_subquery(),
)

_NEXT_VISIT = (
    columns(
        Appointment.starts_at,
        Appointment.status,
        AppointmentType.name,
        AppointmentType.minutes,
        Staff.first_name,
        Staff.last_name,
        Staff.credentials,
        Clinic.name,
        Clinic.street,
        Clinic.time_zone,
    )
    .join(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
    .join(Staff, col(Staff.id) == Appointment.provider_id)
    .join(Clinic, col(Clinic.id) == Appointment.clinic_id)
    .where(
        Appointment.patient_id == _PATIENT,
        col(Appointment.status).in_(UPCOMING),
        Appointment.ends_at > bindparam("now"),
    )
    .order_by(Appointment.starts_at)
    .limit(1)
)

_FORMS = (
    columns(AssignedForm.id, AssignedForm.kind, AssignedForm.status, FormTemplate.name, func.count().over())
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .where(AssignedForm.patient_id == _PATIENT, col(AssignedForm.status).in_(INCOMPLETE))
    .order_by(col(AssignedForm.due_at).is_(None), AssignedForm.due_at, col(AssignedForm.id))
    .limit(FORMS_SHOWN)
)

_NOTICES = (
    columns(
        Notification.id,
        Notification.title,
        Notification.body,
        Notification.created_at,
        Notification.href,
        Notification.read_at,
        func.sum(case((col(Notification.read_at).is_(None), 1), else_=0)).over(),
    )
    .where(Notification.patient_id == _PATIENT)
    .order_by(col(Notification.created_at).desc(), col(Notification.id).desc())
    .limit(NOTICES_SHOWN)
)
