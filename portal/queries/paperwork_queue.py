"""The paperwork queue: what waits for somebody in the whole practice, and what is done, a page at a time by key.

Nine statements at most, whatever the number of forms: what is shown of a form is asked for the page's own rows.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, case, literal
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, func, or_, select

from portal import dates
from portal.domain import paperwork, search
from portal.domain.access import Privilege
from portal.domain.paperwork import INCOMPLETE, FormKind, FormStatus
from portal.models import (
    Appointment,
    AssignedForm,
    Clinic,
    FormTemplate,
    Patient,
    PatientStatus,
    SearchWord,
    Signature,
    SignerRole,
    TemplateVersion,
)
from portal.models.db import columns
from portal.models.types import UtcDateTime
from portal.queries.expiring import expiring_forms
from portal.queries.keys import read_key, write_key
from portal.queries.symbols import NONE, Symbols, symbols_of
from portal.work import Work

PAGE = 25
MOST_TYPED = 100  # letters of a search
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # forms that are due on no day come last


class View(StrEnum):
    """The tabs of the queue."""

    WITNESS = "witness"
    OVERDUE = "overdue"
    UNSIGNED = "not-signed"
    UNFILLED = "not-filled"
    EXPIRING = "expiring"
    SIGNED = "signed"
    FILLED = "filled"


class Sort(StrEnum):
    """What comes first: what is needed soonest, or what was asked for first. What is done comes newest first."""

    DUE = "due"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One form of one client, ready to print. `visit` is when it is needed, `since` when it was signed, asked for, or
    until when it counts. `expiry` is "Expired", "Expiring soon" or empty, `late` says that its day is over."""

    form_id: str
    client_id: str
    client: str
    symbols: Symbols
    form: str
    kind: str
    status: str
    visit: str
    since: str
    expiry: str
    late: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page, and the key of the next one; empty at the end."""

    rows: list[QueueRow]
    next: str


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many forms wait in each tab."""

    witness: int = 0
    overdue: int = 0
    unsigned: int = 0
    unfilled: int = 0
    expiring: int = 0


def page(
    work: Work,
    view: View,
    *,
    typed: str = "",
    clinic_id: UUID | None = None,
    sort: Sort = Sort.DUE,
    after: str = "",
    most: int = PAGE,
) -> QueuePage:
    """The next `most` rows of a tab from `after` on: of a clinic (the visit's, else the client's own), of clients and
    forms that `typed` finds. A key that is none counts as not given. `Denied` for who may not see paperwork.
    """
    work.require(Privilege.PAPERWORK_VIEW)
    practice, now = work.practice(), work.now()
    zone = ZoneInfo(practice.time_zone)
    order, down = _order(view, sort)
    query = _forms(columns(_form.id, order.label("key")), clinic_id).where(*_of(work, view, now))
    if typed.strip():
        query = query.where(_found(typed, dates.local_day(now, zone)))
    if (seen := read_key(after)) is not None:
        beyond = (order < seen.at, _form.id < seen.id) if down else (order > seen.at, _form.id > seen.id)
        query = query.where(or_(beyond[0], and_(order == seen.at, beyond[1])))
    by = (order.desc(), _form.id.desc()) if down else (order, _form.id)
    keys = work.db.execute(query.order_by(*by).limit(most + 1)).all()
    shown = keys[:most]
    if not shown:
        return QueuePage([], "")
    found = {row.id: row for row in work.rows(_ROWS, forms=[key.id for key in shown])}
    symbols = symbols_of(work, {row.patient_id for row in found.values()})
    rows = [
        _row(found[key.id], view, symbols.get(found[key.id].patient_id, NONE), now, zone, practice) for key in shown
    ]
    return QueuePage(rows, write_key(shown[-1].key, shown[-1].id) if len(keys) > most else "")


def clinics(work: Work) -> list[tuple[str, str]]:
    """What the queue can be narrowed to, as (id, name)."""
    work.require(Privilege.PAPERWORK_VIEW)
    return [(str(row.id), row.name) for row in work.rows(_CLINICS)]


def counts(work: Work, clinic_id: UUID | None = None) -> QueueCounts:
    """How many forms wait, of one clinic or of all. Four statements. `Denied` for who may not see paperwork."""
    work.require(Privilege.PAPERWORK_VIEW)
    now = work.now()

    def number(condition: Any) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    waiting = columns(
        number(_form.status == FormStatus.WITNESS).label("witness"),
        number(_form.due_at < now).label("overdue"),
        number(and_(_form.status == FormStatus.OPEN, _form.kind == FormKind.CONSENT)).label("unsigned"),
        number(and_(_form.status == FormStatus.OPEN, _form.kind == FormKind.QUESTIONNAIRE)).label("unfilled"),
    )
    row = work.db.execute(_forms(waiting, clinic_id).where(_form.status.in_(INCOMPLETE))).one()
    ending = _forms(columns(func.count()), clinic_id).where(*_of(work, View.EXPIRING, now))
    expiring = work.db.execute(ending).scalar_one()
    return QueueCounts(row.witness, row.overdue, row.unsigned, row.unfilled, expiring)


# Typed loosely: their columns are SQL and no values.
_form: Any = AssignedForm


def _forms(wanted: Any, clinic_id: UUID | None) -> Any:
    """The forms of clients who are active, at one clinic if it is given."""
    query = (
        wanted.select_from(AssignedForm)
        .join(Patient, col(Patient.id) == _form.patient_id)
        .where(
            Patient.status == PatientStatus.ACTIVE,
            col(Patient.deceased_at).is_(None),
            col(Patient.merged_into_id).is_(None),
        )
    )
    if clinic_id is None:
        return query
    return query.outerjoin(Appointment, col(Appointment.id) == _form.appointment_id).where(
        func.coalesce(Appointment.clinic_id, Patient.primary_clinic_id) == clinic_id
    )


def _of(work: Work, view: View, now: datetime) -> tuple[Any, ...]:
    match view:
        case View.WITNESS:
            return (_form.status == FormStatus.WITNESS,)
        case View.OVERDUE:
            return (_form.status.in_(INCOMPLETE), _form.due_at < now)
        case View.UNSIGNED:
            return (_form.status == FormStatus.OPEN, _form.kind == FormKind.CONSENT)
        case View.UNFILLED:
            return (_form.status == FormStatus.OPEN, _form.kind == FormKind.QUESTIONNAIRE)
        case View.EXPIRING:
            return (_form.id.in_(expiring_forms(work)),)
        case View.SIGNED:
            return (_form.status == FormStatus.DONE, _form.kind == FormKind.CONSENT)
        case View.FILLED:
            return (_form.status == FormStatus.DONE, _form.kind == FormKind.QUESTIONNAIRE)


def _order(view: View, sort: Sort) -> tuple[Any, bool]:
    """The moment by which a tab is sorted, and whether the latest comes first."""
    never = literal(_NEVER, UtcDateTime())
    if view in (View.SIGNED, View.FILLED):
        return func.coalesce(_form.done_at, _form.assigned_at), True
    if view is View.EXPIRING:
        return _form.valid_until, False
    return (_form.assigned_at if sort is Sort.ASKED else func.coalesce(_form.due_at, never)), False


def _found(typed: str, today: Any) -> Any:
    """Every word begins some word of the client's, or the form's name has what was typed."""
    words = typed.strip()[:MOST_TYPED]
    template = (
        select(TemplateVersion.id)
        .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
        .where(col(FormTemplate.name).icontains(words, autoescape=True))
    )
    named = _form.version_id.in_(template)
    question = search.read_question(words, today)
    client: list[Any] = [
        col(Patient.id).in_(select(SearchWord.patient_id).where(col(SearchWord.word).startswith(term, autoescape=True)))
        for term in question.terms
    ]
    if question.born is not None:
        client.append(Patient.date_of_birth == question.born)
    return or_(named, and_(*client)) if client else named


def _row(row: Any, view: View, symbols: Symbols, now: datetime, zone: ZoneInfo, practice: Any) -> QueueRow:
    there = ZoneInfo(row.zone) if row.zone else zone
    done = row.status is FormStatus.DONE
    since = row.valid_until if view is View.EXPIRING else row.done_at if done else row.signed_at or row.assigned_at
    needed = row.starts_at or row.due_at
    return QueueRow(
        form_id=str(row.id),
        client_id=str(row.patient_id),
        client=f"{row.first_name} {row.last_name}",
        symbols=symbols,
        form=row.name,
        kind="Consent" if row.kind is FormKind.CONSENT else "Questionnaire",
        status=paperwork.label(row.kind, row.status),
        visit=dates.ahead(needed, now, there, practice.locale) if needed else "",
        since=dates.moment(since, now, zone, practice.locale) if since else "",
        expiry=paperwork.expiry(row.valid_until, now, practice.expiring_days) if done else "",
        late=not done and row.due_at is not None and row.due_at < now,
    )


_CLINICS = columns(Clinic.id, Clinic.name).where(col(Clinic.active)).order_by(col(Clinic.name))
_clinic: Any = aliased(Clinic)
_ROWS = (
    columns(
        _form.id,
        _form.patient_id,
        _form.kind,
        _form.status,
        _form.assigned_at,
        _form.due_at,
        _form.done_at,
        _form.valid_until,
        Patient.first_name,
        Patient.last_name,
        FormTemplate.name,
        Appointment.starts_at,
        _clinic.time_zone.label("zone"),
        Signature.signed_at,
    )
    .select_from(AssignedForm)
    .join(Patient, col(Patient.id) == _form.patient_id)
    .join(TemplateVersion, col(TemplateVersion.id) == _form.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .outerjoin(Appointment, col(Appointment.id) == _form.appointment_id)
    .outerjoin(_clinic, _clinic.id == Appointment.clinic_id)
    .outerjoin(Signature, (col(Signature.form_id) == _form.id) & (col(Signature.role) != SignerRole.WITNESS))
    .where(_form.id.in_(bindparam("forms", expanding=True)))
)
