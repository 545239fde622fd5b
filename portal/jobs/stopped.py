"""When the carrier says STOP: remembered for all whom the number reached; a code goes by email instead."""

from sqlmodel import col, select

from portal.clock import Clock
from portal.models import Channel, Contact, OutboxMessage, Priority
from portal.work import SYSTEM, open_work


def stopped_by_carrier(message: OutboxMessage, clock: Clock) -> None:
    """The carrier refuses this text's number.

    A code's message names no person (see `services.passcodes`), so its number says whom it was for.
    """
    with open_work(SYSTEM, clock=clock) as work:
        now = work.now()
        current = select(Contact).where(col(Contact.retired_at).is_(None))
        reached = current.where(Contact.channel == Channel.PHONE, Contact.value == message.recipient)
        addresses: dict[str, Contact] = {}
        for phone in work.db.exec(reached.order_by(col(Contact.id))).all():
            phone.blocked_at = phone.blocked_at or now
            theirs = current.where(
                Contact.patient_id == phone.patient_id,
                Contact.guardian_id == phone.guardian_id,
                Contact.channel == Channel.EMAIL,
            )
            for email in work.db.exec(theirs).all():
                addresses.setdefault(email.value, email)
        for number, email in enumerate(addresses.values() if message.secret else ()):
            work.send(
                OutboxMessage(
                    key=f"{message.key}:email:{number}",
                    channel="email",
                    contact_id=email.id,
                    recipient=email.value,
                    subject=message.subject or "Your one-time passcode",
                    text=message.text,
                    html=message.html,
                    secret=True,
                    priority=Priority.AWAITED,
                    due_at=now,
                    created_at=now,
                    expires_at=message.expires_at,
                    fallback_of=message.id,
                )
            )
