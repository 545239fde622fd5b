"""What is kept beside a signature: through which proven contact the signer came in."""

from portal.models import Channel, Contact
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
