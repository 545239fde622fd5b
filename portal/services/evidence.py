"""What is kept beside a signature or a submission: who acted, and through which proven contact they came in."""

from portal.errors import NotFound
from portal.models import Channel, Contact, Guardian
from portal.work import Work


def verified_contact(work: Work) -> str:
    """The contact that this session's code was sent to, masked: "phone number ending in 0187", "a•••@example.com"."""
    contact = work.db.get(Contact, work.actor.contact_id) if work.actor.contact_id else None
    if contact is None:
        return ""
    if contact.channel is Channel.PHONE:
        return f"phone number ending in {contact.value[-4:]}"
    name, _, domain = contact.value.rpartition("@")
    return f"{name[:1]}•••@{domain}"


def acting_guardian(work: Work) -> Guardian | None:
    """The guardian who is signed in for this patient; None for the patient. `NotFound` for somebody else's guardian."""
    if work.actor.kind != "guardian":
        return None
    guardian = work.get(Guardian, work.actor.guardian_id)
    if guardian.patient_id != work.patient_id:
        raise NotFound
    return guardian
