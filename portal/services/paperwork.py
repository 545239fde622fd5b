"""Asking a patient for a form, and taking a form back."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, or_, select

from portal.domain import paperwork
from portal.domain.access import Privilege
from portal.domain.paperwork import INCOMPLETE, FormStatus
from portal.errors import Conflict, Invalid, NotFound
from portal.models import (
    Appointment,
    AppointmentExtra,
    AppointmentType,
    AssignedForm,
    FormEvent,
    FormTemplate,
    Patient,
    PatientStatus,
    ServiceForm,
    TemplateVersion,
)
from portal.services import notify, templates
from portal.work import Work

LONGEST_REASON = 500
MOST_AT_ONCE = 20  # forms assigned with one press
LATEST_DUE = timedelta(days=731)
# Within this time it is the same sitting: neither a page that is reloaded nor saving by itself fills the record.
SAME_SITTING = timedelta(minutes=30)


def assign(
    work: Work,
    patient_id: UUID,
    template_id: UUID,
    appointment_id: UUID | None = None,
    due_at: datetime | None = None,
) -> UUID:
    """Ask the patient for a form in its present version; due at the visit's start unless said otherwise.

    A form that already waits to be completed is not asked for twice: its id is returned.
    `Conflict` for an inactive patient and for a form without a published text.
    """
    patient, template = work.get(Patient, patient_id), work.get(FormTemplate, template_id)
    if patient.status is not PatientStatus.ACTIVE:
        raise Conflict("This record is inactive: no forms can be assigned.")
    visit = _locked(work, appointment_id) if appointment_id else None
    if visit is not None and visit.patient_id != patient_id:
        raise NotFound
    version = templates.latest(work, template_id)
    if version is None or not template.active:
        raise Conflict(f"“{template.name}” is not in use: publish its text first.")
    work.hold(f"assign:{patient_id}")
    waiting = _waiting(work, patient_id, version, appointment_id)
    if waiting is not None:
        return waiting
    due_at = due_at or (visit.starts_at if visit else None)
    form = _ask(work, patient_id, template, version, appointment_id, due_at)
    notify.form_assigned(work, form, template.name)
    return form.id


def assign_chosen(
    work: Work,
    patient_id: UUID,
    template_ids: Collection[UUID],
    appointment_id: UUID | None = None,
    due: str = "",
) -> list[UUID]:
    """Ask the patient for the forms that a member of staff chose: all of them, or none. `due` is the last day, such as
    "2026-12-01", where the practice is.

    `Denied` for who may not, `Invalid` (`templates`, `due`) for no choice, for too many, for a form that waits to be
    completed already, and for a day that is none or over; otherwise as `assign`.
    """
    work.require(Privilege.PAPERWORK_ASSIGN)
    chosen = sorted(set(template_ids))
    if not 0 < len(chosen) <= MOST_AT_ONCE:
        raise Invalid({"templates": f"Choose at least one form, and at most {MOST_AT_ONCE}."})
    due_at = _end_of(work, due) if due else None
    if appointment_id is not None and _locked(work, appointment_id).patient_id != patient_id:
        raise NotFound
    work.hold(f"assign:{patient_id}")
    waiting = [
        work.get(FormTemplate, template_id).name
        for template_id in chosen
        if (version := templates.latest(work, template_id)) and _waiting(work, patient_id, version, appointment_id)
    ]
    if waiting:
        names = " and ".join(f"“{name}”" for name in waiting)
        verb = "waits" if len(waiting) == 1 else "wait"
        raise Invalid({"templates": f"{names} {verb} to be completed already. Nothing was assigned."})
    return [assign(work, patient_id, template_id, appointment_id, due_at) for template_id in chosen]


def assign_for_appointment(work: Work, appointment_id: UUID) -> list[UUID]:
    """Ask for the forms of what is booked, extras too, but for those that are signed and still count on that day."""
    visit = work.get(Appointment, appointment_id)
    extras = select(AppointmentExtra.appointment_type_id).where(AppointmentExtra.appointment_id == appointment_id)
    wanted = work.db.exec(
        select(FormTemplate.id)
        .join(ServiceForm, col(ServiceForm.template_id) == FormTemplate.id)
        .join(AppointmentType, col(AppointmentType.service_id) == ServiceForm.service_id)
        .join(TemplateVersion, col(TemplateVersion.template_id) == FormTemplate.id)
        .where(
            or_(col(AppointmentType.id) == visit.appointment_type_id, col(AppointmentType.id).in_(extras)),
            col(FormTemplate.active),
        )
        .distinct()
        .order_by(col(FormTemplate.id))
    ).all()
    return [
        assign(work, visit.patient_id, template_id, visit.id)
        for template_id in wanted
        if not still_counts(work, visit, template_id)
    ]


def reset(work: Work, form_id: UUID, reason: str) -> UUID:
    """Make a form void, keeping it and its signatures, and ask for a fresh one, whose id is returned.

    Whoever is signing meanwhile waits for this or comes first, and is told (`replacement`).
    `Denied` for who may not, `Invalid` without a reason, `Conflict` for a form that is void already.
    """
    work.require(Privilege.PAPERWORK_RESET)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Invalid({"reason": f"Give a reason, in at most {LONGEST_REASON} characters."})
    visit_id = work.db.exec(select(AssignedForm.appointment_id).where(AssignedForm.id == form_id)).first()
    if visit_id is not None:
        _locked(work, visit_id)
    form = work.db.exec(select(AssignedForm).where(AssignedForm.id == form_id).with_for_update(key_share=True)).first()
    if form is None:
        raise NotFound
    void(work, form, reason)
    work.audit("form.reset", form)
    template = work.get(FormTemplate, work.get(TemplateVersion, form.version_id).template_id)
    version = templates.latest(work, template.id)
    if version is None:
        raise NotFound
    work.hold(f"assign:{form.patient_id}")
    waiting = _waiting(work, form.patient_id, version, form.appointment_id)
    if waiting is not None:
        fresh = work.get(AssignedForm, waiting)
    else:
        due_at = form.due_at if form.due_at is not None and form.due_at > work.now() else None
        fresh = _ask(work, form.patient_id, template, version, form.appointment_id, due_at)
    notify.form_reset(work, fresh, template.name)
    work.changed(form.patient_id, "forms")
    work.changed(None, "practice")
    return fresh.id


def void(work: Work, form: AssignedForm, reason: str) -> None:
    """Make a form void and keep it; the line of the log is the caller's. `Conflict` for one that is void already."""
    form.status = paperwork.voided(form.status)
    form.voided_at, form.void_reason = work.now(), reason
    note(work, form.id, "voided")


def replacement(work: Work, form_id: UUID) -> UUID | None:
    """The open form of the signed-in patient that took the place of this void one, if there is one."""
    old = work.db.exec(
        select(AssignedForm).where(AssignedForm.id == form_id, AssignedForm.patient_id == work.patient_id)
    ).first()
    if old is None or old.status is not FormStatus.VOID:
        return None
    template = select(TemplateVersion.template_id).where(TemplateVersion.id == old.version_id).scalar_subquery()
    return work.db.exec(
        select(AssignedForm.id)
        .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
        .where(
            AssignedForm.patient_id == old.patient_id,
            AssignedForm.status == FormStatus.OPEN,
            TemplateVersion.template_id == template,
        )
        .order_by(col(AssignedForm.assigned_at).desc(), col(AssignedForm.id).desc())
        .limit(1)
    ).first()


def _end_of(work: Work, day: str) -> datetime:
    """The last minute of a day."""
    zone = ZoneInfo(work.practice().time_zone)
    try:
        end = datetime.combine(date.fromisoformat(day), time(23, 59), zone)
    except ValueError:
        raise Invalid({"due": "Choose a day, such as 12/01/2026."}) from None
    if not work.now() <= end < work.now() + LATEST_DUE:
        raise Invalid({"due": "Choose a day from today on, within two years."})
    return end


def note(work: Work, form_id: UUID, what: str) -> None:
    """Add a line to the form's evidence."""
    actor = work.actor
    work.add(FormEvent(form_id=form_id, what=what, at=work.now(), address=actor.address, device=actor.device))


def note_once(work: Work, form_id: UUID, what: str) -> None:
    """The same, once in each sitting on each device."""
    before = work.db.exec(
        select(FormEvent.id)
        .where(
            FormEvent.form_id == form_id,
            FormEvent.what == what,
            FormEvent.device == work.actor.device,
            FormEvent.address == work.actor.address,
            FormEvent.at > work.now() - SAME_SITTING,
        )
        .limit(1)
    ).first()
    if before is None:
        note(work, form_id, what)


def _locked(work: Work, visit_id: UUID) -> Appointment:
    """The visit, before its forms, as whoever moves or cancels it takes them: two who meet wait for one another."""
    visit = work.db.exec(select(Appointment).where(Appointment.id == visit_id).with_for_update(key_share=True)).first()
    if visit is None:
        raise NotFound
    return visit


def _ask(
    work: Work,
    patient_id: UUID,
    template: FormTemplate,
    version: TemplateVersion,
    appointment_id: UUID | None,
    due_at: datetime | None,
) -> AssignedForm:
    form = work.add(
        AssignedForm(
            patient_id=patient_id,
            version_id=version.id,
            appointment_id=appointment_id,
            kind=template.kind,
            assigned_at=work.now(),
            due_at=due_at,
        )
    )
    note(work, form.id, "assigned")
    work.audit("form.assigned", form, template=str(template.id), version=version.number)
    work.changed(patient_id, "forms")
    work.changed(None, "practice")
    return form


def _waiting(work: Work, patient_id: UUID, version: TemplateVersion, appointment_id: UUID | None) -> UUID | None:
    """The patient's unfinished form of this template; one for each visit where every visit is asked."""
    query = (
        select(AssignedForm.id)
        .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
        .where(
            AssignedForm.patient_id == patient_id,
            TemplateVersion.template_id == version.template_id,
            col(AssignedForm.status).in_(INCOMPLETE),
        )
    )
    if version.per_visit:
        query = query.where(AssignedForm.appointment_id == appointment_id)
    return work.db.exec(query.limit(1)).first()


def still_counts(work: Work, visit: Appointment, template_id: UUID) -> bool:
    """Whether a signed form of this template covers the visit."""
    version = templates.latest(work, template_id)
    signed = work.db.exec(
        select(AssignedForm.valid_until, AssignedForm.appointment_id)
        .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
        .where(
            AssignedForm.patient_id == visit.patient_id,
            AssignedForm.status == FormStatus.DONE,
            TemplateVersion.template_id == template_id,
        )
    ).all()
    if version is not None and version.per_visit:
        return any(appointment_id == visit.id for _, appointment_id in signed)
    return any(paperwork.covers(until, visit.starts_at) for until, _ in signed)
