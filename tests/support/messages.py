"""People who can be written to, and what is on its way to them."""

from uuid import UUID

from sqlmodel import col, select

from portal.models import Channel, Contact, Notification, OutboxMessage, OutboxStatus, Patient, PracticeNotice
from portal.work import Actor, Work


def reachable(work: Work, who: Actor, email: str = "", *, sms: bool = True, mail: bool = True) -> Patient:
    """Let a person of `tests.support.clinic` want texts and emails; the email is made of the name unless given."""
    assert who.patient_id is not None
    patient = work.get(Patient, who.patient_id)
    patient.wants_sms, patient.wants_email = sms, mail
    value = email or f"{who.label.lower().replace(' ', '.')}@example.com"
    work.add(
        Contact(
            patient_id=patient.id,
            guardian_id=who.guardian_id,
            channel=Channel.EMAIL,
            value=value,
            created_at=work.now(),
        )
    )
    return patient


def waiting(work: Work, channel: str = "") -> list[OutboxMessage]:
    """Messages that have not gone out, oldest first."""
    query = select(OutboxMessage).where(OutboxMessage.status == OutboxStatus.PENDING)
    rows = work.db.exec(query.order_by(col(OutboxMessage.id)).execution_options(populate_existing=True)).all()
    return [row for row in rows if not channel or row.channel == channel]


def to(work: Work, address: str) -> list[str]:
    """The subjects of emails, or the words of texts, that wait for one address."""
    return [row.subject or row.text or "" for row in waiting(work) if row.recipient == address]


def feed(work: Work, patient_id: UUID | None) -> list[tuple[str, str, bool]]:
    """Title, body and whether it is unread, oldest first."""
    query = select(Notification).where(Notification.patient_id == patient_id).order_by(col(Notification.id))
    rows = work.db.exec(query.execution_options(populate_existing=True)).all()
    return [(row.title, row.body, row.read_at is None) for row in rows]


def notices(work: Work) -> list[tuple[str, str]]:
    """Kind and body of the practice's notices, oldest first."""
    rows = work.db.exec(select(PracticeNotice).order_by(col(PracticeNotice.id))).all()
    return [(row.kind, row.body) for row in rows]
