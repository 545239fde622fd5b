"""Delivers the outbox: each message once, with retries, after the commit that decided on it.

A message is claimed (SENDING), noted as handed over, sent, then marked SENT; the notes right before and right after
are commits of their own. A runner that dies leaves what it had: what was not handed over is simply sent; of what was,
the provider is asked where it can tell, and decision 4 says what happens where it cannot. Bodies with a secret in them
are erased on delivery or expiry.

Messages that somebody waits for have a road of their own, so that neither a thousand reminders nor a slow vendor hold
up a code.
"""

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlmodel import case, col, or_, select, update

from portal.clock import Clock, SystemClock
from portal.domain.reminders import Hours
from portal.gateways import Gateways, gateways
from portal.gateways.delivery import Delivery, Knowing
from portal.gateways.email import Attachment, EmailMessage
from portal.gateways.errors import Blocked, PermanentFailure, Unanswered
from portal.gateways.storage import write_durably
from portal.jobs.stopped import stopped_by_carrier
from portal.metrics import OUTBOX
from portal.models import ON_ITS_WAY, OutboxMessage, OutboxStatus, Patient, PatientStatus, Priority
from portal.services import addressing
from portal.services.withdrawing import UNWANTED
from portal.settings import settings
from portal.work import SYSTEM, Work, open_work

log = logging.getLogger("portal.outbox")

BATCH = 20
SENDERS = 4
CLAIM = timedelta(minutes=2)
MOST_ATTEMPTS = 8
RETRY_SECONDS = (2, 10, 30, 120, 600, 1800, 7200)
LOOK_AGAIN = timedelta(seconds=30)  # until a provider's list surely has what it was handed; a code does not wait
KEY_WAIT = timedelta(hours=1)  # for what cannot be decrypted: the key may be on its way


def recently_sent(message_id: UUID) -> dict[str, str]:
    """What a delivered message said: known in development only, where the outbox page shows it."""
    file = _kept_folder() / f"{message_id}.json"
    return json.loads(file.read_text()) if not settings().production and file.exists() else {}


def deliver_awaited() -> int:
    """Send what somebody waits for: codes and ways in."""
    return deliver(ranks=(Priority.AWAITED,))


def deliver_others() -> int:
    """Send everything else, news before reminders."""
    return deliver(ranks=(Priority.NEWS, Priority.REMINDER))


def deliver(
    clock: Clock | None = None, through: Gateways | None = None, ranks: Sequence[Priority] = tuple(Priority)
) -> int:
    """Send what is due, some messages at a time; returns how many were taken up."""
    clock, through = clock or SystemClock(), through or gateways()
    claimed = _claim(clock, ranks)
    send = partial(_deliver, clock=clock, through=through)
    if len(claimed) > 1:
        with ThreadPoolExecutor(SENDERS, thread_name_prefix="outbox") as pool:
            list(pool.map(send, claimed))
    elif claimed:
        send(claimed[0])
    return len(claimed)


def _claim(clock: Clock, ranks: Sequence[Priority]) -> list[OutboxMessage]:
    with open_work(SYSTEM, clock=clock, write=False) as work:
        due = work.db.exec(
            select(OutboxMessage.id)
            .where(
                col(OutboxMessage.status).in_(ON_ITS_WAY),
                col(OutboxMessage.priority).in_(ranks),
                col(OutboxMessage.due_at) <= work.now(),
            )
            .order_by(col(OutboxMessage.priority), col(OutboxMessage.due_at))
            .limit(BATCH)
        ).all()
    if not due:
        return []
    claimed: list[OutboxMessage] = []
    with open_work(SYSTEM, clock=clock) as work:
        now = work.now()
        for message_id in sorted(due):  # always in this order, so that two who meet do not lock each other out
            mine = work.db.exec(
                update(OutboxMessage)
                .where(
                    col(OutboxMessage.id) == message_id,
                    col(OutboxMessage.status).in_(ON_ITS_WAY),
                    col(OutboxMessage.due_at) <= now,
                )
                .values(status=OutboxStatus.SENDING, due_at=now + CLAIM, attempts=OutboxMessage.attempts + 1)
            )
            if mine.rowcount:
                claimed.extend(_read(work, message_id))
        claimed.sort(key=lambda message: due.index(message.id))
        gone, unwelcome = _gone(work, claimed), addressing.unwelcome(work, claimed)
        for message in claimed:
            if message.patient_id in gone and not message.secret:
                message.status, message.last_error = OutboxStatus.WITHDRAWN, "the record is inactive"
            elif message.heeds_wishes and message.contact_id in unwelcome:
                message.status, message.last_error = OutboxStatus.WITHDRAWN, UNWANTED
    return [message for message in claimed if message.status is OutboxStatus.SENDING]


def _read(work: Work, message_id: UUID) -> list[OutboxMessage]:
    """The message. One that cannot be decrypted holds up no other: it waits for its key, and is given up in the end."""
    try:
        return [work.get(OutboxMessage, message_id)]
    except (InvalidTag, ValueError, IndexError):
        log.exception("message %s cannot be read", message_id)
        over = case((col(OutboxMessage.attempts) >= MOST_ATTEMPTS, OutboxStatus.FAILED), else_=OutboxStatus.PENDING)
        broken = update(OutboxMessage).where(col(OutboxMessage.id) == message_id)
        work.db.exec(broken.values(status=over, due_at=work.now() + KEY_WAIT, last_error="it cannot be read"))
        return []


def _gone(work: Work, messages: Sequence[OutboxMessage]) -> set[UUID]:
    """Patients who became inactive, or died, since the message was written."""
    patients = {message.patient_id for message in messages if message.patient_id}
    if not patients:
        return set()
    inactive = or_(col(Patient.status) != PatientStatus.ACTIVE, col(Patient.deceased_at).is_not(None))
    return set(work.db.exec(select(Patient.id).where(col(Patient.id).in_(patients), inactive)).all())


def _deliver(message: OutboxMessage, clock: Clock, through: Gateways) -> None:
    now = clock.now()
    if message.expires_at is not None and message.expires_at <= now:
        _settle(message, clock, OutboxStatus.EXPIRED, "it was of no use any more")
    elif message.hours and not (sending := Hours.read(message.hours)).allow(now):
        _mark(message, clock, status=OutboxStatus.PENDING, due_at=sending.next(now), attempts=message.attempts - 1)
    elif message.handed_at is not None and (outcome := _earlier_try(message, through)) is not None:
        outcome_status, delivery = outcome
        if outcome_status is OutboxStatus.PENDING:
            _retry(message, clock, "the provider could not be asked about an earlier try")
        else:
            _settle(message, clock, outcome_status, "", delivery.provider_id if delivery else "")
    elif _mark(message, clock, handed_at=now, due_at=now + CLAIM):
        _hand_over(message, clock, through)


def _earlier_try(message: OutboxMessage, through: Gateways) -> tuple[OutboxStatus, Delivery | None] | None:
    """What became of a try whose answer was lost: SENT, UNCERTAIN, or PENDING when that is not known yet. None when it
    is to be sent, because it never arrived or because twice is better than never (decision 4)."""
    gateway = through.sms if message.channel == "sms" else through.email
    if isinstance(gateway, Knowing) and message.handed_at is not None:
        try:
            known = gateway.find(message.recipient or "", message.text or "", message.key, message.handed_at)
        except Exception as failure:  # noqa: BLE001  # a vendor's client may raise anything
            log.warning("message %s: the provider cannot be asked: %s", message.id, type(failure).__name__)
            return OutboxStatus.PENDING, None
        return (OutboxStatus.SENT, known) if known is not None else None
    return (OutboxStatus.UNCERTAIN, None) if _told_otherwise(message) else None


def _told_otherwise(message: OutboxMessage) -> bool:
    """Whether the same reminder went out on another channel, or is about to: then a second email is worth less than
    the doubt."""
    if message.priority != Priority.REMINDER:
        return False
    fact = message.key.rpartition(":")[0]  # the rest of a key is the contact it goes to
    others = select(OutboxMessage.id).where(
        col(OutboxMessage.key).startswith(f"{fact}:", autoescape=True),
        OutboxMessage.id != message.id,
        col(OutboxMessage.status).in_((*ON_ITS_WAY, OutboxStatus.SENT)),
    )
    with open_work(SYSTEM, write=False) as work:
        return work.db.exec(others.limit(1)).first() is not None


def _hand_over(message: OutboxMessage, clock: Clock, through: Gateways) -> None:
    try:
        delivery = _send(message, through)
    except Blocked as refusal:
        stopped_by_carrier(message, clock)
        _settle(message, clock, OutboxStatus.FAILED, str(refusal))
    except PermanentFailure as failure:
        _settle(message, clock, OutboxStatus.FAILED, str(failure))
    except Unanswered as failure:
        _retry(message, clock, type(failure).__name__)
    except Exception as failure:  # noqa: BLE001  # a vendor's client may raise anything; it is tried again
        _retry(message, clock, type(failure).__name__, refused=True)
    else:
        if not settings().production:
            _keep(message)
        _settle(message, clock, OutboxStatus.SENT, "", delivery.provider_id)


def _send(message: OutboxMessage, through: Gateways) -> Delivery:
    if message.channel == "sms":
        if through.sms is None:
            raise PermanentFailure("texts are switched off")
        return through.sms.send(message.recipient or "", message.text or "", message.key)
    if through.email is None:
        raise PermanentFailure("email is switched off")
    return through.email.send(_email(message), message.key)


def _email(message: OutboxMessage) -> EmailMessage:
    """The message with its calendar entry, and the headers by which a mail program offers to stop such emails."""
    attachments: tuple[Attachment, ...] = ()
    if message.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in message.calendar else "PUBLISH"
        parameters = {"method": method, "charset": "utf-8"}
        attachments = (Attachment("visit.ics", "text/calendar", message.calendar.encode(), parameters),)
    headers = {}
    if message.unsubscribe:
        headers = {
            "List-Unsubscribe": f"<{message.unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return EmailMessage(
        to=message.recipient or "",
        subject=message.subject or "",
        text=message.text or "",
        html=message.html or "",
        attachments=attachments,
        headers=headers,
    )


def _keep(message: OutboxMessage) -> None:
    """Development only: codes are erased from the table on delivery, and the outbox page must still show them."""
    kept = {"to": message.recipient or "", "subject": message.subject or "", "text": message.text or ""}
    folder = _kept_folder()
    write_durably(folder / f"{message.id}.json", json.dumps(kept).encode(), folder)  # whole: the page may be looking


def _kept_folder() -> Path:
    return settings().var / "outbox"


def _mark(message: OutboxMessage, clock: Clock, **values: object) -> bool:
    """Note something of a message that is still ours: not withdrawn, and not taken up again by another runner."""
    with open_work(SYSTEM, clock=clock) as work:
        ours = (
            col(OutboxMessage.id) == message.id,
            col(OutboxMessage.status) == OutboxStatus.SENDING,
            col(OutboxMessage.attempts) == message.attempts,
        )
        return bool(work.db.exec(update(OutboxMessage).where(*ours).values(**values)).rowcount)


def _settle(message: OutboxMessage, clock: Clock, status: OutboxStatus, error: str, provider_id: str = "") -> None:
    OUTBOX.labels(channel=message.channel, outcome=status.value).inc()
    erase = {"text": None, "html": None, "subject": None, "recipient": None} if message.secret else {}
    with open_work(SYSTEM, clock=clock) as work:
        work.db.exec(
            update(OutboxMessage)
            .where(col(OutboxMessage.id) == message.id)
            .values(
                status=status,
                sent_at=work.now() if status is OutboxStatus.SENT else None,
                provider_id=provider_id,
                last_error=error[:300],
                **erase,
            )
        )


def _retry(message: OutboxMessage, clock: Clock, why: str, *, refused: bool = False) -> None:
    """Try again later. `refused`: the vendor certainly does not have it."""
    if message.attempts >= MOST_ATTEMPTS:
        _settle(message, clock, OutboxStatus.FAILED, f"given up: {why}")
        return
    OUTBOX.labels(channel=message.channel, outcome="retry").inc()
    log.warning("message %s will be tried again: %s", message.id, why)
    wait = timedelta(seconds=RETRY_SECONDS[min(message.attempts, len(RETRY_SECONDS)) - 1])
    if not refused and message.priority != Priority.AWAITED:
        wait = max(wait, LOOK_AGAIN)
    forget = {"handed_at": None} if refused else {}
    _mark(message, clock, status=OutboxStatus.PENDING, due_at=clock.now() + wait, last_error=why[:300], **forget)
