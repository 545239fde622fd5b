"""The practice's paperwork as staff see it, ready to print."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from portal import dates
from portal.domain import paperwork
from portal.domain.paperwork import FormKind, FormStatus
from portal.models import AssignedForm, FormTemplate, Patient, Practice, TemplateVersion
from portal.models.db import columns
from portal.work import Work

MOST = 200


@dataclass(frozen=True, slots=True)
class FormLine:
    """One form of one client. `expiry` is "Expired", "Expiring soon" or empty."""

    id: UUID
    name: str
    client: str
    status: str
    asked: str
    due: str
    done: str
    until: str
    expiry: str


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """One template: its version in use, and its rules in words."""

    id: UUID
    name: str
    kind: str
    version: str
    rules: str


def forms(
    work: Work, *, patient_id: UUID | None = None, statuses: tuple[FormStatus, ...] = (), ids: list[UUID] | None = None
) -> list[FormLine]:
    """Forms by due date, at most `MOST`; those that are void only when asked for. `Denied` for patients."""
    work.require_staff()
    practice = work.practice()
    query = (
        columns(AssignedForm, FormTemplate.name, Patient.first_name, Patient.last_name)
        .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
        .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
        .join(Patient, col(Patient.id) == AssignedForm.patient_id)
        .order_by(col(AssignedForm.due_at).is_(None), AssignedForm.due_at, col(AssignedForm.id))
        .limit(MOST)
    )
    if patient_id:
        query = query.where(AssignedForm.patient_id == patient_id)
    if ids is not None:
        query = query.where(col(AssignedForm.id).in_(ids))
    wanted = statuses or (FormStatus.OPEN, FormStatus.WITNESS, FormStatus.DONE)
    query = query.where(col(AssignedForm.status).in_(wanted))
    return [_line(work, practice, *row) for row in work.db.exec(query).all()]


def templates(work: Work) -> list[TemplateLine]:
    """Templates by name, with the version that new assignments use."""
    work.require_staff()
    latest = select(func.max(TemplateVersion.number)).where(TemplateVersion.template_id == FormTemplate.id)
    query = (
        columns(FormTemplate, TemplateVersion)
        .outerjoin(
            TemplateVersion,
            (col(TemplateVersion.template_id) == FormTemplate.id)
            & (col(TemplateVersion.number) == latest.correlate(FormTemplate).scalar_subquery()),
        )
        .order_by(FormTemplate.name)
    )
    return [_template(*row) for row in work.db.exec(query).all()]


def _line(work: Work, practice: Practice, form: AssignedForm, name: str, first: str, last: str) -> FormLine:
    zone = ZoneInfo(practice.time_zone)

    def day(at: Any) -> str:
        return dates.local_day(at, zone).isoformat() if at else ""

    expiry = paperwork.expiry(form.valid_until, work.now(), practice.expiring_days)
    return FormLine(
        id=form.id,
        name=name,
        client=f"{first} {last}",
        status=paperwork.label(form.kind, form.status),
        asked=day(form.assigned_at),
        due=day(form.due_at),
        done=day(form.done_at),
        until=day(form.valid_until),
        expiry=expiry if form.status is FormStatus.DONE else "",
    )


def _template(template: FormTemplate, version: TemplateVersion | None) -> TemplateLine:
    if version is None:
        return TemplateLine(template.id, template.name, template.category.value, "no text yet", "")
    counts = "for each visit" if version.per_visit else "once"
    if version.valid_months:
        counts = f"counts {version.valid_months} months"
    rules = [counts, "with a witness" if version.needs_witness else "", "" if template.active else "not in use"]
    kind = template.category.value if template.kind is FormKind.CONSENT else template.kind.value
    return TemplateLine(
        template.id, template.name, kind, f"version {version.number}", ", ".join(rule for rule in rules if rule)
    )
