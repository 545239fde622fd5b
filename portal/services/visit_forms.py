"""The forms of a visit, when the visit is moved or does not take place."""

from datetime import datetime

from sqlmodel import col, select

from portal.domain.paperwork import INCOMPLETE, FormStatus
from portal.domain.scheduling import OPEN
from portal.models import Appointment, AssignedForm, ServiceForm, TemplateVersion
from portal.models.appointment import AppointmentExtra
from portal.models.practice import AppointmentType
from portal.services.paperwork import assign_for_appointment, void
from portal.work import Work


def follow(work: Work, visit: Appointment, before: datetime) -> None:
    """The visit was at `before` and has another time: what was due at its start is due at the new one, and what does
    not count that long any more is asked for again."""
    for form in _forms(work, visit, *INCOMPLETE):
        if form.due_at == before:
            form.due_at = visit.starts_at
    work.db.flush()
    assign_for_appointment(work, visit.id)
    work.changed(visit.patient_id, "forms")


def let_go(work: Work, visit: Appointment, reason: str) -> None:
    """The visit does not take place: forms that nobody signed are made void, unless another visit ahead wants them too,
    which takes them over. What was signed stays."""
    forms = _forms(work, visit, FormStatus.OPEN)
    for form in forms:
        other = _other_visit(work, visit, form)
        if other is not None:
            form.appointment_id, form.due_at = other.id, other.starts_at
        else:
            void(work, form, reason)
            work.audit("form.voided", form)
    if forms:
        work.db.flush()
        work.changed(visit.patient_id, "forms")
        work.changed(None, "practice")


def _forms(work: Work, visit: Appointment, *statuses: FormStatus) -> list[AssignedForm]:
    query = select(AssignedForm).where(AssignedForm.appointment_id == visit.id, col(AssignedForm.status).in_(statuses))
    return list(work.db.exec(query.order_by(col(AssignedForm.id)).with_for_update(key_share=True)).all())


def _other_visit(work: Work, visit: Appointment, form: AssignedForm) -> Appointment | None:
    """The patient's next visit that asks for the same form; none for a form that each visit has of its own."""
    version = work.get(TemplateVersion, form.version_id)
    if version.per_visit:
        return None
    services = select(ServiceForm.service_id).where(ServiceForm.template_id == version.template_id)
    types = select(AppointmentType.id).where(col(AppointmentType.service_id).in_(services))
    extra = select(AppointmentExtra.appointment_id).where(col(AppointmentExtra.appointment_type_id).in_(types))
    return work.db.exec(
        select(Appointment)
        .where(
            Appointment.patient_id == visit.patient_id,
            Appointment.id != visit.id,
            col(Appointment.status).in_(OPEN),
            Appointment.starts_at > work.now(),
            col(Appointment.appointment_type_id).in_(types) | col(Appointment.id).in_(extra),
        )
        .order_by(col(Appointment.starts_at))
        .limit(1)
    ).first()
