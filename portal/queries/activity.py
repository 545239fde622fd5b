"""What happened with a client, in words, newest first: their own acts and staff's, visits that were, messages sent.

Three streams of rows that exist anyway, each asked by key and merged: nothing is written for this list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_
from sqlmodel import col, select

from portal import dates
from portal.domain import audit
from portal.domain.access import Privilege
from portal.domain.scheduling import AppointmentStatus
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AssignedForm,
    AuditEvent,
    FormTemplate,
    Invoice,
    OutboxMessage,
    OutboxStatus,
    Patient,
    Practice,
    Session,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries.keys import Key, before, read_key, write_key
from portal.queries.merged import records_of
from portal.queries.staff_names import staff_names
from portal.work import Work

PAGE = 40
# What a message was about, by the beginning of its stable key.
_ABOUT = {
    "passcode": "a log-in code",
    "invite": "the invitation to the portal",
    "reminder": "a visit reminder",
    "forms-due": "a reminder of forms",
    "forms": "forms to complete",
    "form-reset": "a form that was reset",
    "form-signed": "a signed form",
    "invoice": "an invoice",
    "instructions": "treatment instructions",
    "contact-changed": "a changed contact",
    "visit": "an appointment",
}
_OUTCOMES = {AppointmentStatus.COMPLETED: "Visit", AppointmentStatus.NO_SHOW: "Did not come"}
_WENT = (OutboxStatus.SENT, OutboxStatus.FAILED, OutboxStatus.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One line. `heading` says that a new day begins with it; `who` is empty where the words say it; `origin` is the
    network address that it came from."""

    id: str
    day: str
    heading: bool
    time: str
    when: str
    words: str
    who: str
    origin: str
    icon: str


@dataclass(frozen=True, slots=True)
class Activity:
    """A page, and the key of the next one; empty at the end."""

    rows: list[ActivityRow]
    next: str


@dataclass(frozen=True, slots=True)
class _Line:
    at: datetime
    id: UUID
    words: str
    who: str = ""
    origin: str = ""
    icon: str = "circle-dot"


def page(work: Work, client_id: UUID, after: str = "", most: int = PAGE) -> Activity:
    """What happened, from `after` on. `Denied` for who may not see clients; a key that is none counts as not given."""
    work.require(Privilege.CLIENTS_VIEW)
    client = work.db.exec(
        select(Patient, Practice).join(Practice, col(Practice.id) == Patient.practice_id).where(Patient.id == client_id)
    ).first()
    if client is None:
        raise NotFound("There is no client at this address.")
    patient, practice = client
    ids, seen = records_of(work, client_id), read_key(after)
    name = f"{patient.first_name} {patient.last_name}"
    lines = [
        *_acts(work, ids, seen, most + 1, name),
        *_visits(work, ids, seen, most + 1),
        *_messages(work, ids, seen, most + 1),
    ]
    lines.sort(key=lambda line: (line.at, line.id), reverse=True)
    shown = lines[:most]
    return Activity(
        list(_rows(shown, work.now(), practice)),
        write_key(shown[-1].at, shown[-1].id) if len(lines) > most else "",
    )


def _rows(lines: Sequence[_Line], now: datetime, practice: Practice) -> Iterable[ActivityRow]:
    zone, locale, before = ZoneInfo(practice.time_zone), practice.locale, None
    for line in lines:
        day = dates.local_day(line.at, zone)
        yield ActivityRow(
            id=str(line.id),
            day=dates.full_day(day, locale),
            heading=day != before,
            time=dates.clock_time(line.at, zone, locale),
            when=dates.moment(line.at, now, zone, locale),
            words=line.words,
            who=line.who,
            origin=line.origin,
            icon=line.icon,
        )
        before = day


def _acts(work: Work, ids: list[UUID], seen: Key | None, most: int, name: str) -> list[_Line]:
    query = (
        select(AuditEvent)
        .where(
            _one_of(AuditEvent.patient_id, ids),
            col(AuditEvent.action).not_in(audit.QUIET),
            *before(col(AuditEvent.at), col(AuditEvent.id), seen),
        )
        .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
        .limit(most)
    )
    events = work.db.exec(query).all()
    things = named(work, events)
    return [
        _Line(
            at=event.at,
            id=event.id,
            words=audit.words(event.action, things.get(event.subject_id, "")),
            who=_who(event, name),
            origin=event.address,
            icon=ICONS.get(audit.act(event.action).kind, "circle-dot"),
        )
        for event in events
    ]


ICONS = {
    audit.Kind.OPENED: "eye",
    audit.Kind.SIGN_IN: "smartphone",
    audit.Kind.RECORD: "user-round",
    audit.Kind.MEDICAL: "stethoscope",
    audit.Kind.NOTES: "pencil",
    audit.Kind.VISITS: "calendar-days",
    audit.Kind.PAPERWORK: "clipboard-list",
    audit.Kind.COMMUNICATION: "message-square",
    audit.Kind.MONEY: "receipt-text",
}


def _who(event: AuditEvent, name: str) -> str:
    """The person by name; of an act before a log-in nothing is known but what it was for: the client's own."""
    if event.actor_kind in {"patient", "guardian", "staff", "locked"}:
        return event.actor_label or name
    return event.actor_label or ("The portal" if event.actor_kind == "system" else name)


def named(work: Work, events: Iterable[AuditEvent]) -> dict[UUID | None, str]:
    """Forms, visits, invoices and members of staff that events are about, by their own names."""
    wanted: dict[str, set[UUID]] = {}
    for event in events:
        if event.subject_id is not None:
            wanted.setdefault(event.subject_kind, set()).add(event.subject_id)
    found: dict[UUID | None, str] = {}
    if ids := wanted.get("assigned_form"):
        rows = work.rows(_FORMS.where(col(AssignedForm.id).in_(ids))).all()
        found |= {row.id: row.name for row in rows}
    if ids := wanted.get("appointment"):
        rows = work.rows(_VISITS.where(col(Appointment.id).in_(ids))).all()
        found |= {row.id: row.title for row in rows if row.title}
    if ids := wanted.get("invoice"):
        rows = work.rows(columns(Invoice.id, Invoice.number).where(col(Invoice.id).in_(ids))).all()
        found |= {row.id: f"invoice {row.number}" for row in rows}
    whose: dict[UUID | None, UUID | None] = {one: one for one in wanted.get("staff", ())}
    if ids := wanted.get("session"):
        whose |= {row.id: row.staff_id for row in work.rows(_SESSIONS.where(col(Session.id).in_(ids))).all()}
    if whose:
        people = staff_names(work, whose.values())
        found |= {one: people[staff_id].name for one, staff_id in whose.items() if staff_id in people}
    return found


def _visits(work: Work, ids: list[UUID], seen: Key | None, most: int) -> list[_Line]:
    query = _VISITS.where(
        _one_of(Appointment.patient_id, ids),
        col(Appointment.status).in_(_OUTCOMES),
        Appointment.starts_at <= work.now(),
        *before(col(Appointment.starts_at), col(Appointment.id), seen),
    ).order_by(col(Appointment.starts_at).desc(), col(Appointment.id).desc())
    return [
        _Line(
            at=row.starts_at,
            id=row.id,
            words=f"{_OUTCOMES[row.status]}: {row.title or 'an appointment'}",
            icon=ICONS[audit.Kind.VISITS],
        )
        for row in work.rows(query.limit(most)).all()
    ]


def _messages(work: Work, ids: list[UUID], seen: Key | None, most: int) -> list[_Line]:
    at = func.coalesce(OutboxMessage.sent_at, OutboxMessage.created_at)
    query = (
        columns(OutboxMessage.id, OutboxMessage.key, OutboxMessage.channel, OutboxMessage.status, at.label("at"))
        .where(
            _one_of(OutboxMessage.patient_id, ids),
            col(OutboxMessage.status).in_(_WENT),
            *before(at, col(OutboxMessage.id), seen),
        )
        .order_by(at.desc(), col(OutboxMessage.id).desc())
        .limit(most)
    )
    return [
        _Line(
            at=row.at,
            id=row.id,
            words=_sent(row),
            who="The portal",
            icon="mail" if row.channel == "email" else "message-square",
        )
        for row in work.rows(query).all()
    ]


def _sent(row: Any) -> str:
    what = "Email" if row.channel == "email" else "Text"
    about = _ABOUT.get(row.key.partition(":")[0], "news of the practice")
    outcome = {OutboxStatus.SENT: "sent", OutboxStatus.FAILED: "could not be delivered"}.get(
        row.status, "may have gone out"
    )
    return f"{what} {outcome}: {about}"


def _one_of(column: Any, ids: list[UUID]) -> Any:
    return or_(*(column == one for one in ids))


_FORMS = (
    columns(AssignedForm.id, FormTemplate.name)
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
)
_SESSIONS = columns(Session.id, Session.staff_id)
_VISITS = columns(Appointment.id, Appointment.starts_at, Appointment.status, Appointment.title)
