"""**Access Client Portal**: what staff do for a client who was not in yet, or cannot get in any more.

Each step is in the audit log and told to the client: an invitation is the letter itself, a corrected contact is told to
the old one (`services.contacts`), a log-out to whoever logs in.
"""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from portal.domain.access import Privilege
from portal.domain.passcodes import in_words
from portal.domain.people import is_adult
from portal.errors import Conflict, TooMany
from portal.ids import uuid7
from portal.mails import SignedOutMail
from portal.models import Channel, Contact, Guardian, Invite, Patient, PatientStatus, Practice
from portal.services import clients, invites, notify
from portal.services.household import Reached, local_day
from portal.services.passcodes import as_message, mail_practice
from portal.settings import settings
from portal.work import Work

AGAIN_AFTER = timedelta(minutes=1)
MOST, WITHIN = 5, timedelta(hours=24)


def send_link(work: Work, patient_id: UUID) -> None:
    """Email the client a way in, once or again: it works once, for seven days, and earlier ones stop working.

    `TooMany` for more than one in a minute or `MOST` in a day, `Conflict` where there is nowhere to send it.
    """
    work.require(Privilege.PORTAL_ACCESS)
    if settings().email == "off":
        raise Conflict("Email is switched off in this portal: no invitation can be sent.")
    work.hold(f"invite:{patient_id}")
    now = work.now()
    sent = work.db.exec(
        select(Invite.created_at)
        .where(Invite.patient_id == patient_id, Invite.created_at > now - WITHIN)
        .order_by(col(Invite.created_at).desc())
    ).all()
    free = max(sent[0] + AGAIN_AFTER if sent else now, sent[MOST - 1] + WITHIN if len(sent) >= MOST else now)
    if free > now:
        wait = max(1, round((free - now).total_seconds()))
        raise TooMany(f"A link was sent just now. You can send another one {in_words(wait)}.", wait)
    invites.create(work, patient_id)
    work.changed(patient_id, "record")


def correct(
    work: Work, patient_id: UUID, channel: str, typed: str, guardian_id: UUID | None = None
) -> clients.Corrected:
    """Correct the phone or email that logs in (`services.clients.set_contact`)."""
    return clients.set_contact(work, patient_id, Channel(channel), typed, guardian_id)


def sign_out_everywhere(work: Work, patient_id: UUID) -> int:
    """End every open log-in of the client, and say so to whoever logs in; returns how many there were."""
    work.require(Privilege.PORTAL_ACCESS)
    ended = clients.sign_out(work, patient_id)
    if ended:
        notify.access_changed(work, patient_id, "We logged you out on all devices.")
        _tell(work, work.practice(), work.get(Patient, patient_id))
    work.changed(patient_id, "record")
    return ended


def _tell(work: Work, practice: Practice, patient: Patient) -> None:
    """A letter to who logs in, by email where there is one: it is about safety, whatever other messages are wanted."""
    if patient.status is not PatientStatus.ACTIVE or patient.deceased_at is not None:
        return
    adult = is_adult(patient.date_of_birth, local_day(work, practice))
    rows = work.db.exec(
        select(Contact, Guardian.name)
        .outerjoin(Guardian, col(Guardian.id) == Contact.guardian_id)
        .where(
            Contact.patient_id == patient.id,
            col(Contact.retired_at).is_(None),
            col(Contact.guardian_id).is_(None) if adult else col(Contact.guardian_id).is_not(None),
        )
        .order_by(col(Contact.id))
    ).all()
    by_email = [row for row in rows if row[0].channel is Channel.EMAIL]
    fact = uuid7()
    for contact, guardian in by_email or rows:
        name = guardian.split()[0] if guardian else patient.preferred_name or patient.first_name
        reached = Reached(contact.id, contact.channel, contact.value, contact.verified_at is not None, blocked=False)
        letter = SignedOutMail(name, mail_practice(practice)).letter()
        message = as_message(f"signed-out:{fact}:{contact.id}", reached, letter, now=work.now())
        message.patient_id = patient.id
        work.send(message)
