"""Delivers the outbox: each message once, with retries, after the commit that decided on it.

A message is claimed (SENDING, due again in two minutes), sent, then marked SENT. A runner that dies in between
leaves it claimed; it is tried again when the claim lapses, under the same stable key. Bodies with a secret in them
are erased on delivery or expiry.
"""

import json
import logging
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlmodel import col, select, update

from portal.clock import Clock, SystemClock
from portal.gateways import Gateways, gateways
from portal.gateways.email import EmailMessage
from portal.gateways.errors import Blocked, PermanentFailure
from portal.metrics import OUTBOX
from portal.models import Channel, Contact, OutboxMessage, OutboxStatus
from portal.security.keys import private_folder
from portal.settings import settings
from portal.work import SYSTEM, open_work

log = logging.getLogger("portal.outbox")

BATCH = 20
CLAIM = timedelta(minutes=2)
MOST_ATTEMPTS = 8
RETRY_SECONDS = (2, 10, 30, 120, 600, 1800, 7200)


def recently_sent(message_id: UUID) -> dict[str, str]:
    """What a delivered message said: known in development only, where the outbox page shows it."""
    file = _kept_folder() / f"{message_id}.json"
    return json.loads(file.read_text()) if not settings().production and file.exists() else {}


def deliver(clock: Clock | None = None, through: Gateways | None = None) -> int:
    """Send what is due; returns how many messages were taken up."""
    clock, through = clock or SystemClock(), through or gateways()
    claimed = _claim(clock)
    for message in claimed:
        _deliver(message, clock, through)
    return len(claimed)


def _claim(clock: Clock) -> list[OutboxMessage]:
    open_states = (OutboxStatus.PENDING, OutboxStatus.SENDING)
    with open_work(SYSTEM, clock=clock, write=False) as work:
        due = work.db.exec(
            select(OutboxMessage.id)
            .where(col(OutboxMessage.status).in_(open_states), col(OutboxMessage.due_at) <= work.now())
            .order_by(col(OutboxMessage.due_at))
            .limit(BATCH)
        ).all()
    if not due:
        return []
    claimed: list[OutboxMessage] = []
    with open_work(SYSTEM, clock=clock) as work:
        now = work.now()
        for message_id in due:
            mine = work.db.exec(
                update(OutboxMessage)
                .where(
                    col(OutboxMessage.id) == message_id,
                    col(OutboxMessage.status).in_(open_states),
                    col(OutboxMessage.due_at) <= now,
                )
                .values(status=OutboxStatus.SENDING, due_at=now + CLAIM, attempts=OutboxMessage.attempts + 1)
            )
            if mine.rowcount:
                claimed.append(work.get(OutboxMessage, message_id))
    return claimed


def _deliver(message: OutboxMessage, clock: Clock, through: Gateways) -> None:
    now = clock.now()
    if message.expires_at is not None and message.expires_at <= now:
        _settle(message, clock, OutboxStatus.EXPIRED, "its code or link was no longer good")
        return
    try:
        delivery = _send(message, through)
    except Blocked as refusal:
        _blocked(message, clock, str(refusal))
    except PermanentFailure as failure:
        _settle(message, clock, OutboxStatus.FAILED, str(failure))
    except Exception as failure:  # noqa: BLE001  # a vendor's client may raise anything; it is tried again
        _retry(message, clock, failure)
    else:
        if not settings().production:
            _keep(message)
        _settle(message, clock, OutboxStatus.SENT, "", delivery.provider_id)


def _send(message: OutboxMessage, through: Gateways):  # gateways' Delivery
    if message.channel == "sms":
        if through.sms is None:
            raise PermanentFailure("texts are switched off")
        return through.sms.send(message.recipient or "", message.text or "", message.key)
    if through.email is None:
        raise PermanentFailure("email is switched off")
    mail = EmailMessage(
        to=message.recipient or "", subject=message.subject or "", text=message.text or "", html=message.html or ""
    )
    return through.email.send(mail, message.key)


def _keep(message: OutboxMessage) -> None:
    """Development only: codes are erased from the table on delivery, and the outbox page must still show them."""
    kept = {"to": message.recipient or "", "subject": message.subject or "", "text": message.text or ""}
    private_folder(_kept_folder())
    (_kept_folder() / f"{message.id}.json").write_text(json.dumps(kept))


def _kept_folder() -> Path:
    return settings().var / "outbox"


def _settle(message: OutboxMessage, clock: Clock, status: OutboxStatus, error: str, provider_id: str = "") -> None:
    OUTBOX.labels(channel=message.channel, outcome=status.value).inc()
    erase = {"text": None, "html": None, "subject": None, "recipient": None} if message.secret else {}
    with open_work(SYSTEM, clock=clock) as work:
        work.db.exec(
            update(OutboxMessage)
            .where(col(OutboxMessage.id) == message.id)
            .values(status=status, sent_at=work.now(), provider_id=provider_id, last_error=error[:300], **erase)
        )


def _retry(message: OutboxMessage, clock: Clock, failure: Exception) -> None:
    if message.attempts >= MOST_ATTEMPTS:
        _settle(message, clock, OutboxStatus.FAILED, f"given up: {type(failure).__name__}")
        return
    OUTBOX.labels(channel=message.channel, outcome="retry").inc()
    log.warning("message %s will be tried again: %s", message.id, type(failure).__name__)
    wait = timedelta(seconds=RETRY_SECONDS[min(message.attempts, len(RETRY_SECONDS)) - 1])
    with open_work(SYSTEM, clock=clock) as work:
        work.db.exec(
            update(OutboxMessage)
            .where(col(OutboxMessage.id) == message.id)
            .values(status=OutboxStatus.PENDING, due_at=work.now() + wait, last_error=type(failure).__name__)
        )


def _blocked(message: OutboxMessage, clock: Clock, error: str) -> None:
    """The carrier refuses this number (STOP): remember it for all whom it reached, and let a code go by email instead.

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
                    due_at=now,
                    created_at=now,
                    expires_at=message.expires_at,
                    fallback_of=message.id,
                )
            )
    _settle(message, clock, OutboxStatus.FAILED, error)
