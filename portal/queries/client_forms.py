"""A client's forms as staff see them: what counts, what was made void and is kept, and what could be asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from portal import dates, routes
from portal.domain import paperwork
from portal.domain.access import Privilege
from portal.domain.paperwork import INCOMPLETE, FormKind, FormStatus
from portal.domain.scheduling import UPCOMING
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AppointmentType,
    AssignedForm,
    AuditEvent,
    Clinic,
    FormAnswer,
    FormTemplate,
    Patient,
    Practice,
    Signature,
    SignerRole,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries.visits import TITLE
from portal.work import Work

MOST = 200


@dataclass(frozen=True, slots=True)
class ClientForm:
    """One form, ready to print. `changed` is what happened to it last, `expires` the day until which it counts.

    `expiry` is "Expired", "Expiring soon" or empty. `pdf_href` is empty where the person may not read what is in it.
    """

    form_id: str
    form: str
    kind: str
    status: str
    changed: str
    expires: str
    expiry: str
    pdf_href: str
    late: bool


@dataclass(frozen=True, slots=True)
class ClientForms:
    """All forms of a client: those to complete first, then the newest; `kept` were made void, with when, by whom and
    why in `changed`."""

    first_name: str
    waiting: int
    rows: list[ClientForm]
    kept: list[ClientForm]


@dataclass(frozen=True, slots=True)
class Choice:
    """A form that could be asked for. `note` says that it waits already (`taken`), or until when it counts."""

    id: str
    name: str
    kind: str
    note: str
    taken: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be assigned, and the visits ahead that it may be for, as (id, words)."""

    templates: list[Choice]
    visits: list[tuple[str, str]]


def client_forms(work: Work, patient_id: UUID) -> ClientForms:
    """The forms of one client; four statements. `Denied` for who may not see paperwork, `NotFound` for no client."""
    work.require(Privilege.PAPERWORK_VIEW)
    who, now = _client(work, patient_id), work.now()
    rows = work.rows(_FORMS, patient=patient_id).all()
    voided = {row.subject_id: row.actor_label for row in work.rows(_WHO_VOIDED, patient=patient_id)}
    reads_answers = work.actor.may(Privilege.MEDICAL_VIEW)
    counting = [row for row in rows if row.status is not FormStatus.VOID]
    waiting = [row for row in counting if row.status in INCOMPLETE]
    done = [row for row in counting if row.status is FormStatus.DONE]
    waiting.sort(key=lambda row: (row.due_at is None, row.due_at or now))
    done.sort(key=lambda row: row.done_at or row.assigned_at, reverse=True)
    kept = sorted((row for row in rows if row.status is FormStatus.VOID), key=lambda row: row.voided_at or now)
    return ClientForms(
        first_name=who.first_name,
        waiting=len(waiting),
        rows=[_row(row, who, now, done, reads_answers) for row in (*waiting, *done)],
        kept=[_kept(row, who, now, voided.get(row.id, ""), reads_answers) for row in reversed(kept)],
    )


def choices(work: Work, patient_id: UUID) -> Choices:
    """What this client may be asked for; four statements. `Denied` for who may not assign, `NotFound` for no client."""
    work.require(Privilege.PAPERWORK_ASSIGN)
    who, now = _client(work, patient_id), work.now()
    mine = work.rows(_FORMS, patient=patient_id).all()
    ahead = work.rows(_AHEAD, patient=patient_id, now=now)
    return Choices(
        templates=[_choice(row, mine, who, now) for row in work.rows(_TEMPLATES)],
        visits=[(str(row.id), _visit(row, who, now)) for row in ahead],
    )


def _client(work: Work, patient_id: UUID) -> Any:
    row = work.rows(_CLIENT, patient=patient_id).first()
    if row is None:
        raise NotFound
    return row


def _row(row: Any, who: Any, now: datetime, done: list[Any], reads_answers: bool) -> ClientForm:
    zone = ZoneInfo(who.zone)
    newer = any(other.template_id == row.template_id and _longer(other, row) for other in done)
    counts = row.status is FormStatus.DONE and row.expires and not newer
    return ClientForm(
        form_id=str(row.id),
        form=row.name,
        kind=_kind(row),
        status=paperwork.label(row.kind, row.status),
        changed=_changed(row, now, zone, who.locale),
        expires=dates.medium_date(dates.local_day(row.valid_until, zone), who.locale) if row.valid_until else "",
        expiry=paperwork.expiry(row.valid_until, now, who.expiring_days) if counts else "",
        pdf_href=_pdf(row, reads_answers),
        late=row.status in INCOMPLETE and row.due_at is not None and row.due_at < now,
    )


def _longer(one: Any, other: Any) -> bool:
    return other.valid_until is not None and (one.valid_until is None or one.valid_until > other.valid_until)


def _changed(row: Any, now: datetime, zone: ZoneInfo, locale: str) -> str:
    """What happened last: "Sent Nov 20, 4:05 PM", "Saved today", "Signed Nov 20, 6:42 PM"."""
    if row.status is FormStatus.WITNESS and row.signed_at:
        verb, at = "Signed", row.signed_at
    elif row.status is FormStatus.DONE:
        verb, at = paperwork.label(row.kind, row.status), row.done_at or row.assigned_at
    elif row.saved_at:
        verb, at = "Begun, saved", row.saved_at
    else:
        verb, at = "Sent", row.assigned_at
    return f"{verb} {_lower(dates.moment(at, now, zone, locale))}"


def _lower(words: str) -> str:
    """Within a sentence: "today, 9:12 AM"; the name of a month keeps its capital."""
    return f"today{words.removeprefix('Today')}" if words.startswith("Today") else words


def _kept(row: Any, who: Any, now: datetime, by: str, reads_answers: bool) -> ClientForm:
    at = _lower(dates.moment(row.voided_at, now, ZoneInfo(who.zone), who.locale)) if row.voided_at else ""
    words = " ".join(part for part in ("Made void", at, f"by {by}" if by else "") if part)
    return ClientForm(
        form_id=str(row.id),
        form=row.name,
        kind=_kind(row),
        status=paperwork.label(row.kind, row.status),
        changed=f"{words}. {row.void_reason}" if row.void_reason else f"{words}.",
        expires="",
        expiry="",
        pdf_href=_pdf(row, reads_answers),
        late=False,
    )


def _kind(row: Any) -> str:
    return "Consent" if row.kind is FormKind.CONSENT else "Questionnaire"


def _pdf(row: Any, reads_answers: bool) -> str:
    return routes.staff_form_pdf(str(row.id)) if row.kind is FormKind.CONSENT or reads_answers else ""


def _choice(row: Any, mine: Any, who: Any, now: datetime) -> Choice:
    """A template; one that is asked anew for each visit may wait several times."""
    own = [form for form in mine if form.template_id == row.id]
    waits = any(form.status in INCOMPLETE for form in own)
    signed = [form for form in own if form.status is FormStatus.DONE and paperwork.covers(form.valid_until, now)]
    note = ""
    if waits:
        note = "Waits to be completed already"
    elif signed and not row.per_visit:
        latest = max(signed, key=lambda form: (form.valid_until is None, form.valid_until or now))
        until = latest.valid_until
        day = dates.medium_date(dates.local_day(until, ZoneInfo(who.zone)), who.locale) if until else ""
        note = f"Counts until {day}" if day else f"{paperwork.label(latest.kind, latest.status)} already"
    return Choice(str(row.id), row.name, _kind(row), note, waits and not row.per_visit)


def _visit(row: Any, who: Any, now: datetime) -> str:
    return f"{dates.ahead(row.starts_at, now, ZoneInfo(row.zone or who.zone), who.locale)}: {row.title}"


_PATIENT = bindparam("patient")
_CLIENT = (
    columns(
        func.coalesce(func.nullif(Patient.preferred_name, ""), Patient.first_name).label("first_name"),
        func.coalesce(Clinic.time_zone, Practice.time_zone).label("zone"),
        Practice.locale,
        Practice.expiring_days,
    )
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Clinic, col(Clinic.id) == Patient.primary_clinic_id)
    .where(Patient.id == _PATIENT)
)

_SAVED = (
    select(func.max(FormAnswer.saved_at))
    .where(FormAnswer.form_id == AssignedForm.id)
    .correlate(AssignedForm)
    .scalar_subquery()
    .label("saved_at")
)
_FORMS = (
    columns(
        AssignedForm.id,
        AssignedForm.kind,
        AssignedForm.status,
        AssignedForm.assigned_at,
        AssignedForm.due_at,
        AssignedForm.done_at,
        AssignedForm.valid_until,
        AssignedForm.voided_at,
        AssignedForm.void_reason,
        FormTemplate.name,
        col(FormTemplate.id).label("template_id"),
        (col(FormTemplate.active) & ~col(TemplateVersion.per_visit)).label("expires"),
        Signature.signed_at,
        _SAVED,
    )
    .select_from(AssignedForm)
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .outerjoin(Signature, (col(Signature.form_id) == AssignedForm.id) & (col(Signature.role) != SignerRole.WITNESS))
    .where(AssignedForm.patient_id == _PATIENT)
    .order_by(col(AssignedForm.assigned_at).desc(), col(AssignedForm.id))
    .limit(MOST)
)
_WHO_VOIDED = columns(AuditEvent.subject_id, AuditEvent.actor_label).where(
    AuditEvent.patient_id == _PATIENT, col(AuditEvent.action).in_(("form.reset", "form.voided"))
)

_newest: Any = aliased(TemplateVersion)
_TEMPLATES = (
    columns(FormTemplate.id, FormTemplate.name, FormTemplate.kind, TemplateVersion.per_visit)
    .join(TemplateVersion, col(TemplateVersion.template_id) == FormTemplate.id)
    .where(
        col(FormTemplate.active),
        TemplateVersion.number
        == select(func.max(_newest.number))
        .where(_newest.template_id == FormTemplate.id)
        .correlate(FormTemplate)
        .scalar_subquery(),
    )
    .order_by(col(FormTemplate.kind), col(FormTemplate.name))
)
_AHEAD = (
    columns(Appointment.id, Appointment.starts_at, TITLE, col(Clinic.time_zone).label("zone"))
    .outerjoin(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
    .outerjoin(Clinic, col(Clinic.id) == Appointment.clinic_id)
    .where(
        Appointment.patient_id == _PATIENT,
        col(Appointment.status).in_(UPCOMING),
        Appointment.ends_at > bindparam("now"),
    )
    .order_by(col(Appointment.starts_at))
    .limit(20)
)
