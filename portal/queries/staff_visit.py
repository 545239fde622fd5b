"""One visit as staff have it open: who, what, when, what can be done with it, its forms, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_
from sqlmodel import col, select

from portal import dates, routes
from portal.domain import scheduling
from portal.domain.access import Privilege
from portal.domain.contacts import show_phone
from portal.domain.paperwork import FormStatus, label
from portal.domain.scheduling import LABELS, UNDO, AppointmentStatus
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AssignedForm,
    AuditEvent,
    Channel,
    Clinic,
    Contact,
    FormTemplate,
    Patient,
    Practice,
    TemplateVersion,
)
from portal.models.db import columns
from portal.money import money
from portal.queries.symbols import NONE, Symbols, symbols_of
from portal.queries.visits import (
    PROVIDER,
    RULES,
    TITLE,
    ZONE,
    minutes_of,
    provider_of,
    rules_of,
    version,
    visits_with,
    zone_of,
)
from portal.work import Work

MOST_DEEDS = 100
NO_VISIT = "There is no such visit."


@dataclass(frozen=True, slots=True)
class VisitForm:
    """A form of the visit, and how it stands."""

    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did with the visit."""

    words: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class VisitSheet:
    """Ready to print, by the clock of the clinic. `version` is what an act is compared with: somebody else may have
    changed the visit meanwhile. The acts are true where they are possible now; `fee` says what a cancellation costs
    the client unless it is waived, empty where nothing."""

    id: str
    version: str
    title: str
    client_id: str
    client: str
    client_href: str
    paperwork_href: str
    born: str
    phone: str
    symbols: Symbols
    day: str
    time: str
    lasts: str
    provider: str
    clinic: str
    status: str
    about: str
    confirm: bool
    check_in: bool
    complete: bool
    no_show: bool
    move: bool
    cancel: bool
    undo_seconds: int
    fee: str
    reasons: list[tuple[str, str]]
    forms: list[VisitForm]
    history: list[Deed]


def visit_sheet(work: Work, visit_id: UUID) -> VisitSheet:
    """Everything about a visit; eight statements. `NotFound` where there is none, `Denied` for who may not see it."""
    work.require(Privilege.VISITS_VIEW)
    row = work.rows(_VISIT, visit=visit_id).first()
    if row is None:
        raise NotFound(NO_VISIT)
    now, zone, locale = work.now(), zone_of(row), row.locale
    day, today = dates.local_day(row.starts_at, zone), dates.local_day(now, zone)
    status, begun, held = row.status, now >= row.starts_at, row.provider_id is not None and row.clinic_id is not None

    def may(wanted: AppointmentStatus) -> bool:
        return scheduling.can_become(status, wanted)

    fee = scheduling.late_fee(rules_of(row), row.starts_at, now, row.kept_fee_cents, free=row.free_to_cancel)
    client_id = str(row.patient_id)
    return VisitSheet(
        id=str(visit_id),
        version=version(row),
        title=row.title,
        client_id=client_id,
        client=f"{row.client_first} {row.client_last}",
        client_href=routes.staff_client(client_id),
        paperwork_href=routes.staff_client(client_id, "task-management"),
        born=dates.medium_date(row.date_of_birth, locale),
        phone=_phone(work, row.patient_id, row.country),
        symbols=symbols_of(work, [row.patient_id]).get(row.patient_id, NONE),
        day=dates.full_day(day, locale),
        time=f"{dates.clock_time(row.starts_at, zone, locale)} to {dates.clock_time(row.ends_at, zone, locale)}",
        lasts=_lasts(row),
        provider=provider_of(row),
        clinic=row.clinic or "",
        status=LABELS[status],
        about=_about(row, now),
        confirm=may(AppointmentStatus.CONFIRMED),
        check_in=may(AppointmentStatus.CHECKED_IN) and day == today,
        complete=may(AppointmentStatus.COMPLETED) and begun,
        no_show=may(AppointmentStatus.NO_SHOW) and begun,
        move=may(AppointmentStatus.BOOKED) and held,
        cancel=may(AppointmentStatus.CANCELLED),
        undo_seconds=_undo_seconds(row, now) if status is AppointmentStatus.CANCELLED else 0,
        fee=money(fee, row.currency, locale) if fee else "",
        reasons=[(reason, reason) for reason in row.cancel_reasons],
        forms=[VisitForm(form.name, label(form.kind, form.status)) for form in work.rows(_FORMS, visit=visit_id)],
        history=[_deed(deed, zone, locale, now) for deed in work.rows(_DEEDS, visit=visit_id, patient=row.patient_id)],
    )


def _lasts(row: Any) -> str:
    minutes = minutes_of(row)
    words = f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"{words}, then {row.buffer_minutes} kept free" if row.buffer_minutes else words


def _about(row: Any, now: datetime) -> str:
    """Of a cancelled visit: who cancelled it, why, and what it costs."""
    if row.status is not AppointmentStatus.CANCELLED:
        return ""
    who = "Cancelled by the client" if row.cancelled_by == "patient" else "Cancelled by the practice"
    fee = f"late fee {money(row.fee_cents, row.currency, row.locale)}" if row.fee_cents else ""
    return "; ".join(filter(None, (who, row.cancel_reason, row.cancel_note, fee))) + "."


def _undo_seconds(row: Any, now: datetime) -> int:
    if not scheduling.can_undo(row.cancelled_at, row.settled_at, now):
        return 0
    return max(0, -((now - row.cancelled_at - UNDO) // timedelta(seconds=1)))


def _phone(work: Work, patient_id: UUID, country: str) -> str:
    """The client's own before a guardian's."""
    found = work.rows(_PHONE, patient=patient_id).first()
    return show_phone(found.value, country) if found else ""


_DONE = {
    "appointment.booked": "Booked",
    "appointment.confirmed": "Confirmed",
    "appointment.moved": "Moved",
    "appointment.cancelled": "Cancelled",
    "appointment.restored": "Cancellation undone",
    "appointment.settled": "Cancellation final",
    "appointment.checked_in": "Checked in",
    "appointment.completed": "Completed",
    "appointment.no_show": "No show",
}


def _deed(row: Any, zone: ZoneInfo, locale: str, now: datetime) -> Deed:
    words = _DONE[row.action]
    was = str(row.detail.get("was", ""))
    if row.action == "appointment.moved" and was:
        before = datetime.fromisoformat(was)
        day = dates.short_day(dates.local_day(before, zone), locale)
        words = f"Moved from {day} at {dates.clock_time(before, zone, locale)}"
    who = row.actor_label or ("Portal" if row.actor_kind == "system" else "")
    return Deed(words, who, dates.moment(row.at, now, zone, locale))


_VISIT = visits_with(
    Appointment.id,
    Appointment.patient_id,
    Appointment.provider_id,
    Appointment.clinic_id,
    TITLE,
    Appointment.status,
    Appointment.starts_at,
    Appointment.ends_at,
    Appointment.buffer_minutes,
    Appointment.sequence,
    Appointment.cancelled_at,
    Appointment.cancelled_by,
    Appointment.cancel_reason,
    Appointment.cancel_note,
    Appointment.settled_at,
    col(Appointment.late_fee_cents).label("fee_cents"),
    Appointment.kept_fee_cents,
    Appointment.free_to_cancel,
    col(Patient.first_name).label("client_first"),
    col(Patient.last_name).label("client_last"),
    Patient.date_of_birth,
    *PROVIDER,
    col(Clinic.name).label("clinic"),
    ZONE,
    *RULES,
    Practice.locale,
    Practice.currency,
    Practice.country,
    Practice.cancel_reasons,
).where(Appointment.id == bindparam("visit"))
_FORMS = (
    columns(FormTemplate.name, AssignedForm.kind, AssignedForm.status)
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .where(AssignedForm.appointment_id == bindparam("visit"), col(AssignedForm.status) != FormStatus.VOID)
    .order_by(col(FormTemplate.name), col(AssignedForm.id))
)
_PHONE = (
    columns(Contact.value)
    .where(
        Contact.patient_id == bindparam("patient"),
        Contact.channel == Channel.PHONE,
        col(Contact.retired_at).is_(None),
    )
    .order_by(col(Contact.guardian_id).is_not(None), col(Contact.id))
    .limit(1)
)
# A client's deeds may stand under a record that was merged into theirs.
_WHOSE = select(Patient.id).where(
    or_(col(Patient.id) == bindparam("patient"), col(Patient.merged_into_id) == bindparam("patient"))
)
_DEEDS = (
    columns(AuditEvent.action, AuditEvent.actor_label, AuditEvent.actor_kind, AuditEvent.at, AuditEvent.detail)
    .where(
        col(AuditEvent.patient_id).in_(_WHOSE),
        AuditEvent.subject_id == bindparam("visit"),
        col(AuditEvent.action).in_(_DONE),
    )
    .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
    .limit(MOST_DEEDS)
)
