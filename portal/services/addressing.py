"""Whom a message about a patient reaches, and how: the one place that knows who must not be written to.

Nobody writes to the inactive and the deceased, against a person's preferences or Do Not SMS / Do Not Email, to a number
that the carrier blocks or a contact out of use. A minor's messages go to the guardian.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from portal import routes
from portal.domain.people import is_adult
from portal.mails import Letter, Reader
from portal.mails import Practice as MailPractice
from portal.models import Channel, Contact, Guardian, OutboxMessage, Patient, PatientStatus, Practice, Priority
from portal.models.db import columns
from portal.services.household import local_day
from portal.services.passcodes import mail_practice
from portal.services.unsubscribe import token_for
from portal.settings import settings
from portal.work import Work

Write = Callable[[Reader, MailPractice], Letter]
"""Makes the letter for one reader; the practice is as that reader's letter names it."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach one reader."""

    reader: Reader
    contact_id: UUID
    channel: Channel
    value: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How a message travels: what it is about, its rank, until when it is of use, when it may go out, and the calendar
    entry that goes with an email. `stoppable` ones offer to stop all such emails (RFC 8058)."""

    visit_id: UUID | None = None
    priority: Priority = Priority.NEWS
    due_at: datetime | None = None
    expires_at: datetime | None = None
    hours: str = ""
    calendar: str | None = None
    stoppable: bool = False


def ways(work: Work, practice: Practice, patient_id: UUID) -> list[Way]:
    """Every way that a notification about the patient may go now. One statement."""
    found: list[Way] = []
    today = local_day(work, practice)
    for row in work.rows(_WAYS, patient=patient_id):
        if is_adult(row.date_of_birth, today) != (row.guardian_id is None) or not _wanted(row):
            continue
        own = row.preferred_name or row.patient_first
        reader = Reader(row.guardian.split()[0], own) if row.guardian else Reader(own)
        found.append(Way(reader, row.contact_id, row.channel, row.value))
    return found


def unwelcome(work: Work, messages: Iterable[OutboxMessage]) -> set[UUID]:
    """Contacts of those messages that may not be written to any more: a wish that was said, a contact that went out of
    use, a record that became inactive since. One statement for each patient, and none for messages that ask nobody."""
    asking = {(message.patient_id, message.contact_id) for message in messages if message.heeds_wishes}
    if not asking:
        return set()
    practice = work.practice()
    welcome = {
        way.contact_id
        for patient in {patient for patient, _ in asking}
        if patient
        for way in ways(work, practice, patient)
    }
    return {contact for _, contact in asking if contact and contact not in welcome}


def write(work: Work, practice: Practice, patient_id: UUID, key: str, letter: Write, terms: Terms) -> int:
    """Put the letter on its way to everyone whom it may reach; returns how many messages that makes.

    `key` is the stable name of the fact.
    """
    now, reached = work.now(), ways(work, practice, patient_id)
    ourselves = mail_practice(practice)
    stop = _stop_link(patient_id) if terms.stoppable else ""
    for way in reached:
        by_email = way.channel is Channel.EMAIL
        written = letter(way.reader, replace(ourselves, unsubscribe=stop if by_email else ""))
        work.send(
            OutboxMessage(
                key=f"{key}:{way.contact_id}",
                channel="email" if by_email else "sms",
                patient_id=patient_id,
                appointment_id=terms.visit_id,
                contact_id=way.contact_id,
                recipient=way.value,
                subject=written.subject if by_email else None,
                text=written.text if by_email else written.sms,
                html=written.html if by_email else None,
                calendar=terms.calendar if by_email else None,
                unsubscribe=stop or None if by_email else None,
                heeds_wishes=True,
                priority=terms.priority,
                hours=terms.hours,
                due_at=max(now, terms.due_at or now),
                created_at=now,
                expires_at=terms.expires_at,
            )
        )
    return len(reached)


def write_practice(work: Work, practice: Practice, kind: str, key: str, letter: Letter) -> int:
    """Put an email on its way to the addresses that the practice chose for this kind of event: its own unless it chose
    others, none where it chose none."""
    if settings().email == "off":
        return 0
    addresses = list(dict.fromkeys(practice.recipients.get(kind, [practice.email])))
    for number, address in enumerate(addresses):
        work.send(
            OutboxMessage(
                key=f"{key}:{number}",
                channel="email",
                recipient=address,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                due_at=work.now(),
                created_at=work.now(),
            )
        )
    return len(addresses)


def link(path: str) -> str:
    """An address of this portal as it stands in a message."""
    return f"{settings().public_url.rstrip('/')}{path}"


def _stop_link(patient_id: UUID) -> str:
    return link(routes.unsubscribe(token_for(patient_id)))


def _wanted(row: Any) -> bool:
    if row.channel is Channel.EMAIL:
        return row.wants_email and not row.do_not_email and settings().email != "off"
    return row.wants_sms and not row.do_not_sms and row.blocked_at is None and settings().sms != "off"


_WAYS = (
    columns(
        Patient.date_of_birth,
        col(Patient.first_name).label("patient_first"),
        Patient.preferred_name,
        Patient.wants_sms,
        Patient.wants_email,
        Patient.do_not_sms,
        Patient.do_not_email,
        col(Guardian.name).label("guardian"),
        col(Contact.id).label("contact_id"),
        Contact.guardian_id,
        Contact.channel,
        Contact.value,
        Contact.blocked_at,
    )
    .join(Contact, col(Contact.patient_id) == Patient.id)
    .outerjoin(Guardian, col(Guardian.id) == Contact.guardian_id)
    .where(
        Patient.id == bindparam("patient"),
        Patient.status == PatientStatus.ACTIVE,
        col(Patient.deceased_at).is_(None),
        col(Contact.retired_at).is_(None),
    )
    .order_by(col(Contact.id))
)
