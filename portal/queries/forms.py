"""One form with all that its text speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, bindparam
from sqlmodel import col, func

from portal import dates
from portal.domain.access import Privilege
from portal.domain.paperwork import FormCategory, FormKind, FormStatus
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AppointmentType,
    AssignedForm,
    Clinic,
    FormTemplate,
    Patient,
    Practice,
    Service,
    Staff,
    TemplateVersion,
)
from portal.models.db import columns
from portal.work import Work

# What the text of a form may speak of: `Form.words` has words for each, even where there is no visit.
MERGE_FIELDS = ("patient", "provider", "clinic", "practice", "service", "date")


@dataclass(frozen=True, slots=True)
class Form:
    """A form, its version, its patient and its visit, if it is for one."""

    id: UUID
    patient_id: UUID
    kind: FormKind
    status: FormStatus
    assigned_at: datetime
    due_at: datetime | None
    valid_until: datetime | None
    done_at: datetime | None
    frozen_html: str | None
    text_sha256: str | None
    version_id: UUID
    number: int
    text: str
    initials: list[str]
    options: list[dict[str, str]]
    needs_witness: bool
    valid_months: int
    name: str
    category: FormCategory
    first_name: str
    last_name: str
    preferred_name: str
    born: date
    practice: str
    locale: str
    zone_name: str
    clinic_id: UUID | None
    clinic: str
    visit_at: datetime | None
    provider_id: UUID | None
    provider_first: str | None
    provider_last: str | None
    provider_credentials: str | None
    service: str | None

    @property
    def zone(self) -> ZoneInfo:
        """Where the clinic is."""
        return ZoneInfo(self.zone_name)

    @property
    def patient(self) -> str:
        """The patient's legal name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def provider(self) -> str:
        """The treating provider as patients see the name; empty without a visit."""
        name = " ".join(part for part in (self.provider_first, self.provider_last) if part)
        return f"{name}, {self.provider_credentials}" if name and self.provider_credentials else name

    def today(self, now: datetime) -> date:
        """The day where the clinic is."""
        return dates.local_day(now, self.zone)

    def words(self) -> dict[str, str]:
        """What each merge field of the text says for this patient and visit."""
        day = dates.local_day(self.visit_at or self.assigned_at, self.zone)
        return {
            "patient": self.patient,
            "provider": self.provider or "your provider",
            "clinic": self.clinic,
            "practice": self.practice,
            "service": self.service or "your treatment",
            "date": dates.full_date(day, self.locale),
        }


def form(work: Work, form_id: UUID) -> Form:
    """The signed-in patient's form. `NotFound` for a stranger's or a missing one."""
    return _one(work.rows(_OWN, form=form_id, patient=work.patient_id))


def any_form(work: Work, form_id: UUID) -> Form:
    """A form whosever it is: for staff and jobs."""
    return _one(work.rows(_ANY, form=form_id))


def readable(work: Work, form_id: UUID) -> Form:
    """A client's form for staff who may read what is in it: of a questionnaire, its answers. `Denied` for others."""
    work.require(Privilege.PAPERWORK_VIEW)
    found = any_form(work, form_id)
    if found.kind is FormKind.QUESTIONNAIRE:
        work.require(Privilege.MEDICAL_VIEW)
    return found


def _one(found: CursorResult[Any]) -> Form:
    row = found.first()
    if row is None:
        raise NotFound
    return Form(*row)


# In the order of `Form`.
_COLUMNS: Sequence[object] = (
    AssignedForm.id,
    AssignedForm.patient_id,
    AssignedForm.kind,
    AssignedForm.status,
    AssignedForm.assigned_at,
    AssignedForm.due_at,
    AssignedForm.valid_until,
    AssignedForm.done_at,
    AssignedForm.frozen_html,
    AssignedForm.text_sha256,
    AssignedForm.version_id,
    TemplateVersion.number,
    TemplateVersion.text,
    TemplateVersion.initials,
    TemplateVersion.options,
    TemplateVersion.needs_witness,
    TemplateVersion.valid_months,
    FormTemplate.name,
    FormTemplate.category,
    Patient.first_name,
    Patient.last_name,
    Patient.preferred_name,
    Patient.date_of_birth,
    Practice.name,
    Practice.locale,
    func.coalesce(Clinic.time_zone, Practice.time_zone),
    Clinic.id,
    func.coalesce(Clinic.name, Practice.name),
    Appointment.starts_at,
    Staff.id,
    Staff.first_name,
    Staff.last_name,
    Staff.credentials,
    Service.name,
)

_ANY = (
    columns(*_COLUMNS)
    .select_from(AssignedForm)
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .join(Patient, col(Patient.id) == AssignedForm.patient_id)
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Appointment, col(Appointment.id) == AssignedForm.appointment_id)
    .outerjoin(Clinic, col(Clinic.id) == func.coalesce(Appointment.clinic_id, Patient.primary_clinic_id))
    .outerjoin(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
    .outerjoin(Service, col(Service.id) == AppointmentType.service_id)
    .outerjoin(Staff, col(Staff.id) == Appointment.provider_id)
    .where(AssignedForm.id == bindparam("form"))
)
_OWN = _ANY.where(AssignedForm.patient_id == bindparam("patient"))
