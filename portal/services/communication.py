"""Do Not SMS and Do Not Email of a client: switched by staff, by online booking, by STOP and START."""

from uuid import UUID

from sqlmodel import select

from portal.domain.access import Privilege
from portal.domain.communication import TOLD, wording
from portal.errors import Invalid, NotFound
from portal.models import Channel, Patient
from portal.services import withdrawing
from portal.services.registration import record_consent
from portal.work import Work


def switch(work: Work, patient_id: UUID, channel: str, on: bool, told: str) -> bool:
    """A member of staff writes down what the client said; `told` is how (`domain.communication.TOLD`)."""
    work.require(Privilege.COMMUNICATION)
    if told not in TOLD:
        raise Invalid({"told": "Choose how the client told you."})
    words = wording(channel, told, stop=on)
    return set_do_not(work, patient_id, Channel(channel), on, source="staff", wording=words)


def set_do_not(work: Work, patient_id: UUID, channel: Channel, on: bool, *, source: str, wording: str) -> bool:
    """Switch Do Not SMS (`Channel.PHONE`) or Do Not Email on or off, with a new row of its history; what still waits to
    be sent is held back. Returns False where it was so already: two who say the same write one row.

    `source` is where it was said (`domain.communication.SOURCES`), `wording` what exactly. Off means that the client
    wants such messages again, whatever was said before.
    """
    work.require(Privilege.COMMUNICATION)
    patient = work.db.exec(select(Patient).where(Patient.id == patient_id).with_for_update(key_share=True)).first()
    if patient is None:
        raise NotFound("There is no client at this address.")
    stop, wants = ("do_not_sms", "wants_sms") if channel is Channel.PHONE else ("do_not_email", "wants_email")
    if getattr(patient, stop) == on and (on or getattr(patient, wants)):
        return False
    setattr(patient, stop, on)
    if not on:
        setattr(patient, wants, True)
    patient.version += 1
    work.db.add(patient)
    record_consent(work, patient_id, channel, granted=not on, wording=wording, source=source)
    if on:
        withdrawing.unwanted(work, patient_id, channel)
    action = "communication.stopped" if on else "communication.allowed"
    work.audit(action, patient, patient_id=patient_id, channel=channel.value, source=source)
    work.changed(patient_id, "record")
    return True
