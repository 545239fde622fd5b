"""One message for several forms. It waits a little, and is written anew while more are asked for or some are signed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col, delete, or_, select

from portal import routes
from portal.domain.paperwork import INCOMPLETE
from portal.mails import FormsToCompleteMail
from portal.models import Appointment, AssignedForm, OutboxMessage, OutboxStatus
from portal.services.addressing import Terms, link, write
from portal.services.visit_words import forms_to_complete
from portal.work import Work

#: Forms that staff ask for one after the other within this time are one message.
WAIT = timedelta(seconds=30)
_KEY = "forms:"


def ask(work: Work, form: AssignedForm) -> None:
    """Let the message say that this form waits as well."""
    _write(work, form.patient_id, _drop(work, form.patient_id) or work.now() + WAIT)


def refresh(work: Work, patient_id: UUID) -> None:
    """A form is done or void: a message that has not gone out says so, or does not go."""
    due_at = _drop(work, patient_id)
    if due_at is not None:
        _write(work, patient_id, due_at)


def leave_out(work: Work, visit: Appointment) -> None:
    """The visit's own forms are told of elsewhere. A message goes only if it has others to tell of."""
    due_at = _drop(work, visit.patient_id)
    if due_at is None:
        return
    others = select(AssignedForm.id).where(
        AssignedForm.patient_id == visit.patient_id,
        col(AssignedForm.status).in_(INCOMPLETE),
        AssignedForm.assigned_at > work.now() - WAIT,
        or_(col(AssignedForm.appointment_id).is_(None), AssignedForm.appointment_id != visit.id),
    )
    if work.db.exec(others.limit(1)).first() is not None:
        _write(work, visit.patient_id, due_at)


def _drop(work: Work, patient_id: UUID) -> datetime | None:
    """Take back a message that has not gone out; when it was to go, or None."""
    waiting = (
        col(OutboxMessage.patient_id) == patient_id,
        col(OutboxMessage.key).startswith(_KEY),
        col(OutboxMessage.status) == OutboxStatus.PENDING,
        col(OutboxMessage.handed_at).is_(None),  # what a vendor may have is not taken back
    )
    work.db.flush()
    in_order = select(OutboxMessage.due_at).where(*waiting).order_by(col(OutboxMessage.id))
    due_at = work.db.exec(in_order.with_for_update(key_share=True)).first()
    if due_at is not None:
        work.db.exec(delete(OutboxMessage).where(*waiting))
    return due_at


def _write(work: Work, patient_id: UUID, due_at: datetime) -> None:
    practice = work.practice()
    forms = forms_to_complete(work, practice, patient_id)
    if forms is None:
        return
    href = link(routes.TASK_MANAGEMENT)
    write(
        work,
        practice,
        patient_id,
        f"{_KEY}{patient_id}:{due_at.timestamp():.6f}",
        lambda reader, writer: FormsToCompleteMail(reader.first_name, writer, href, forms.count, forms.by).letter(),
        Terms(due_at=due_at, stoppable=True),
    )
