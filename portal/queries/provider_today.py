"""Today's clients, for the Provider App: of the provider who is signed in, or of a clinic, in the clinic's zone."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal import dates
from portal.domain import paperwork
from portal.domain.access import Privilege, Role
from portal.domain.paperwork import INCOMPLETE, FormKind
from portal.domain.people import age_on
from portal.domain.scheduling import LABELS, OPEN, AppointmentStatus
from portal.models import (
    Allergy,
    Appointment,
    AssignedForm,
    Clinic,
    FormTemplate,
    Patient,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries.symbols import NONE, Symbols, symbols_of
from portal.queries.visits import PROVIDER, TITLE, ZONE, minutes_of, provider_of, visits_with, zone_of
from portal.work import Work

A_DAY_AROUND = timedelta(hours=36)  # no zone's today lies farther away
MOST = 2000


@dataclass(frozen=True, slots=True)
class FormToDo:
    """A form that is not complete, in words."""

    form_id: str
    form: str
    status: str
    kind: str


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One visit of today, ready to print. `allergies` are in words; `over` says that nothing is left to do."""

    visit_id: str
    client_id: str
    client: str
    symbols: Symbols
    born: str
    allergies: list[str]
    time: str
    lasts: str
    title: str
    provider: str
    clinic: str
    status: str
    can_check_in: bool
    can_complete: bool
    over: bool
    forms: list[FormToDo] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Today:
    """The day: "Sunday, November 22", its visits by time, the clinics to choose from, and whether it is one's own."""

    day: str
    rows: list[TodayRow]
    clinics: list[tuple[str, str]]
    treats: bool
    mine: bool


def treats(work: Work) -> bool:
    """Whether the person who is signed in sees clients of their own."""
    return work.actor.role in (Role.PROVIDER, Role.MEDICAL_DIRECTOR)


def today(work: Work, *, mine: bool = True, clinic_id: UUID | None = None) -> Today:
    """Today's visits; `mine` are those of the provider who is signed in, for others it means nothing.

    Eight statements, whatever the number of visits. `Denied` for who may not see visits and paperwork.
    """
    work.require(Privilege.VISITS_VIEW)
    work.require(Privilege.PAPERWORK_VIEW)
    practice, now = work.practice(), work.now()
    mine = mine and treats(work)
    around = {"early": now - A_DAY_AROUND, "late": now + A_DAY_AROUND}
    found = work.rows(_MINE, provider=work.actor.staff_id, **around) if mine else work.rows(_VISITS, **around)
    visits = [
        row
        for row in found
        if dates.local_day(row.starts_at, zone_of(row)) == dates.local_day(now, zone_of(row))
        and (clinic_id is None or row.clinic_id == clinic_id)
    ]
    people = {row.patient_id for row in visits}
    symbols, allergies, forms = symbols_of(work, people), _allergies(work, people), _forms(work, people)
    clinics = work.rows(_CLINICS).all()
    zone = zone_of(visits[0]) if visits else _zone(clinics, clinic_id, practice.time_zone)
    may = work.actor.may(Privilege.VISITS_MANAGE)
    return Today(
        day=dates.weekday_and_date(dates.local_day(now, zone), practice.locale),
        rows=[
            _row(row, symbols.get(row.patient_id, NONE), allergies[row.patient_id], forms, now, practice.locale, may)
            for row in visits
        ],
        clinics=[(str(one.id), one.name) for one in clinics],
        treats=treats(work),
        mine=mine,
    )


def _zone(clinics: Any, clinic_id: UUID | None, otherwise: str) -> ZoneInfo:
    return ZoneInfo(next((one.time_zone for one in clinics if one.id == clinic_id), otherwise))


def _row(
    row: Any,
    symbols: Symbols,
    allergies: list[str],
    forms: dict[UUID, list[Any]],
    now: datetime,
    locale: str,
    may: bool,
) -> TodayRow:
    zone, minutes = zone_of(row), minutes_of(row)
    day = dates.local_day(now, zone)
    begun = row.starts_at <= now
    return TodayRow(
        visit_id=str(row.id),
        client_id=str(row.patient_id),
        client=f"{row.first} {row.last}",
        symbols=symbols,
        born=f"{dates.full_date(row.date_of_birth, locale)}, {age_on(day, row.date_of_birth)} years",
        allergies=allergies,
        time=dates.clock_time(row.starts_at, zone, locale),
        lasts=f"{minutes} min" if minutes > 0 else "",
        title=row.title,
        provider=provider_of(row),
        clinic=row.clinic or "",
        status=LABELS[row.status],
        can_check_in=may and row.status in OPEN,
        can_complete=may and row.status is AppointmentStatus.CHECKED_IN and begun,
        over=row.status in (AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW),
        forms=[
            FormToDo(
                str(form.id),
                form.name,
                paperwork.label(form.kind, form.status),
                "Consent" if form.kind is FormKind.CONSENT else "Questionnaire",
            )
            for form in forms[row.patient_id]
            if form.appointment_id in (None, row.id)
        ],
    )


def _allergies(work: Work, people: Collection[UUID]) -> dict[UUID, list[str]]:
    """What each of them must not be given: "Latex (hives)"."""
    words: dict[UUID, list[str]] = defaultdict(list)
    if people:
        for row in work.rows(_ALLERGIES, patients=list(people)):
            words[row.patient_id].append(f"{row.substance} ({row.reaction.lower()})" if row.reaction else row.substance)
    return words


def _forms(work: Work, people: Collection[UUID]) -> dict[UUID, list[Any]]:
    forms: dict[UUID, list[Any]] = defaultdict(list)
    if people:
        for row in work.rows(_FORMS, patients=list(people)):
            forms[row.patient_id].append(row)
    return forms


_PEOPLE = bindparam("patients", expanding=True)
_SHOWN = tuple(status for status in AppointmentStatus if status is not AppointmentStatus.CANCELLED)
_VISITS = (
    visits_with(
        Appointment.id,
        Appointment.patient_id,
        Appointment.provider_id,
        Appointment.clinic_id,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.status,
        func.coalesce(func.nullif(Patient.preferred_name, ""), Patient.first_name).label("first"),
        col(Patient.last_name).label("last"),
        Patient.date_of_birth,
        col(Clinic.name).label("clinic"),
        TITLE,
        ZONE,
        *PROVIDER,
    )
    .where(
        Appointment.starts_at >= bindparam("early"),
        Appointment.starts_at <= bindparam("late"),
        col(Appointment.status).in_(_SHOWN),
    )
    .order_by(col(Appointment.starts_at), col(Appointment.id))
    .limit(MOST)
)
_MINE = _VISITS.where(Appointment.provider_id == bindparam("provider"))
_ALLERGIES = (
    columns(Allergy.patient_id, Allergy.substance, Allergy.reaction)
    .where(col(Allergy.patient_id).in_(_PEOPLE), col(Allergy.ended_at).is_(None))
    .order_by(col(Allergy.substance))
)
_FORMS = (
    columns(
        AssignedForm.id,
        AssignedForm.patient_id,
        AssignedForm.appointment_id,
        AssignedForm.kind,
        AssignedForm.status,
        FormTemplate.name,
    )
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .where(col(AssignedForm.patient_id).in_(_PEOPLE), col(AssignedForm.status).in_(INCOMPLETE))
    .order_by(col(AssignedForm.status).desc(), col(FormTemplate.name))
)
_CLINICS = columns(Clinic.id, Clinic.name, Clinic.time_zone).where(col(Clinic.active)).order_by(col(Clinic.name))
