"""Taking a contact out of use: the same for staff and for the person."""

from sqlmodel import col, update

from portal.domain.contacts import KINDS
from portal.mails import ContactChangedMail
from portal.models import Contact, Guardian, Invite, Patient, Practice
from portal.services.household import Reached
from portal.services.passcodes import as_message, mail_practice
from portal.work import Work


def retire(work: Work, practice: Practice, patient: Patient, old: Contact) -> None:
    """The old contact reaches nobody any more, its invitations are over, and it is told so."""
    now = work.now()
    old.retired_at = now
    work.add(old)
    work.db.exec(
        update(Invite)
        .where(col(Invite.contact_id) == old.id, col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
        .values(expires_at=now)
    )
    guardian = work.db.get(Guardian, old.guardian_id) if old.guardian_id else None
    first_name = guardian.name.split()[0] if guardian else patient.preferred_name or patient.first_name
    letter = ContactChangedMail(first_name, mail_practice(practice), KINDS[old.channel.value]).letter()
    reached = Reached(old.id, old.channel, old.value, old.verified_at is not None, blocked=old.blocked_at is not None)
    message = as_message(f"contact-changed:{old.id}", reached, letter, now=now)
    message.patient_id = patient.id
    work.send(message)
