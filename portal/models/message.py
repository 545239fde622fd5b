"""What leaves the building, and what the patient is told inside it."""

from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from portal.models.types import Row, encrypted, instant, to, word


class OutboxStatus(StrEnum):
    """The life of an outgoing message."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # given up
    EXPIRED = "expired"  # its code or link is dead, so it was not sent
    WITHDRAWN = "withdrawn"  # what it told of is no longer so
    UNCERTAIN = "uncertain"  # it may have gone out, nobody can tell, and it is not worth a second one


ON_ITS_WAY = (OutboxStatus.PENDING, OutboxStatus.SENDING)


class Priority(IntEnum):
    """Which messages go first."""

    AWAITED = 0  # somebody sits before a screen: a code
    NEWS = 1
    REMINDER = 2  # sent by the hundred, and not worth sending twice


class OutboxMessage(Row, table=True):
    """A text or email that was decided on in the same transaction as the fact it tells of.

    `key` is stable: the same fact never makes two messages. Address, subject and bodies are encrypted. Those with a
    secret in them (`secret`) are erased once delivered or expired, the bodies of others 90 days after they are over.
    """

    __tablename__ = "outbox_message"
    key: str = Field(unique=True)
    channel: str  # sms, email
    patient_id: UUID | None = to("patient", default=None)
    appointment_id: UUID | None = to("appointment", default=None)  # withdrawn when that visit changes
    contact_id: UUID | None = to("contact", default=None)
    recipient: str | None = encrypted("outbox_message.recipient", default=None)
    subject: str | None = encrypted("outbox_message.subject", default=None)
    text: str | None = encrypted("outbox_message.text", default=None)
    html: str | None = encrypted("outbox_message.html", default=None)
    calendar: str | None = encrypted("outbox_message.calendar", default=None)  # an iCalendar object to attach
    unsubscribe: str | None = encrypted("outbox_message.unsubscribe", default=None)  # for List-Unsubscribe (RFC 8058)
    secret: bool = False
    heeds_wishes: bool = False  # it goes to whom such messages may still reach when it is sent, and to nobody else
    priority: int = Priority.NEWS
    hours: str = ""  # when it may go out, as `domain.reminders.Hours` writes it; empty for any time
    status: OutboxStatus = word(OutboxStatus, default=OutboxStatus.PENDING)
    attempts: int = 0
    due_at: datetime = instant()
    created_at: datetime = instant()
    expires_at: datetime | None = instant(default=None)
    handed_at: datetime | None = instant(default=None)  # the vendor had it, and has not answered yet
    sent_at: datetime | None = instant(default=None)
    provider_id: str = ""
    last_error: str = ""
    fallback_of: UUID | None = Field(default=None)  # the blocked text this email stands in for

    __table_args__ = (Index("ix_outbox_due", "status", "priority", "due_at"),)


class Notification(Row, table=True):
    """One line in the patient's feed; `href` opens what it is about. `key` is stable where a fact must be told once."""

    __tablename__ = "notification"
    patient_id: UUID = to("patient", index=False)
    key: str | None = Field(default=None, unique=True)
    kind: str
    title: str
    body: str = ""
    href: str = ""
    created_at: datetime = instant()
    read_at: datetime | None = instant(default=None)

    __table_args__ = (Index("ix_notification_feed", "patient_id", "created_at"),)


class PracticeNotice(Row, table=True):
    """One line in the practice's own feed: what a patient or a job did that staff should know."""

    __tablename__ = "practice_notice"
    kind: str
    title: str
    body: str = ""
    patient_id: UUID | None = to("patient", default=None)
    appointment_id: UUID | None = to("appointment", default=None)
    created_at: datetime = instant(index=True)
