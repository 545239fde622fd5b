"""What is not so any more is not sent: messages about a visit that was moved or cancelled before they went out, and
those that their reader wants no more."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from portal import routes
from portal.domain.notifications import Kind
from portal.models import ON_ITS_WAY, Appointment, Channel, Notification, OutboxMessage, OutboxStatus
from portal.work import Work

MOVED = "the visit was moved"
CANCELLED = "the visit was cancelled"
UNWANTED = "such messages are not wanted any more"


def moved(work: Work, visit: Appointment) -> None:
    """The visit has another time: nothing about the old one goes out, and its reminders are no news."""
    _withdraw(work, _about(visit), MOVED)
    reminders_answered(work, visit)


def cancelled(work: Work, visit: Appointment) -> None:
    """The visit is cancelled: nothing about it goes out."""
    _withdraw(work, _about(visit), CANCELLED)
    reminders_answered(work, visit)


def restored(work: Work, visit: Appointment) -> None:
    """The cancellation was taken back: what it had kept back goes out after all."""
    work.db.flush()
    work.db.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.appointment_id) == visit.id,
            col(OutboxMessage.status) == OutboxStatus.WITHDRAWN,
            col(OutboxMessage.last_error) == CANCELLED,
        )
        .values(status=OutboxStatus.PENDING, last_error="")
    )


def reminders_answered(work: Work, visit: Appointment) -> None:
    """The feed's reminders of the visit as it was are read."""
    work.db.flush()
    read = work.db.exec(
        update(Notification)
        .where(
            col(Notification.patient_id) == visit.patient_id,
            col(Notification.kind) == Kind.REMINDER,
            col(Notification.href) == routes.appointment(str(visit.id)),
            col(Notification.read_at).is_(None),
        )
        .values(read_at=work.now())
    )
    if read.rowcount:
        work.changed(visit.patient_id, "notifications")


def unwanted(work: Work, patient_id: UUID, channel: Channel) -> None:
    """Texts, or emails, are not wanted any more: those that still wait do not go. What was asked for (a code) does."""
    heeding = (
        col(OutboxMessage.patient_id) == patient_id,
        col(OutboxMessage.channel) == ("sms" if channel is Channel.PHONE else "email"),
        col(OutboxMessage.heeds_wishes),
    )
    _withdraw(work, heeding, UNWANTED)


def _about(visit: Appointment) -> tuple[Any, ...]:
    return (col(OutboxMessage.appointment_id) == visit.id,)


def _withdraw(work: Work, which: tuple[Any, ...], why: str) -> None:
    """Also what is claimed but not yet in the vendor's hands: it is asked for once more before it is handed over."""
    work.db.flush()
    waiting = (*which, col(OutboxMessage.status).in_(ON_ITS_WAY), col(OutboxMessage.handed_at).is_(None))
    # Locked in the order of their ids, as whoever takes them up does: two who meet do not lock each other out.
    found = work.db.exec(
        select(OutboxMessage.id).where(*waiting).order_by(col(OutboxMessage.id)).with_for_update(key_share=True)
    )
    withdrawn = update(OutboxMessage).where(col(OutboxMessage.id).in_(found.all()))
    work.db.exec(withdrawn.values(status=OutboxStatus.WITHDRAWN, last_error=why))
