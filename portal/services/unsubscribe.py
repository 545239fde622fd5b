"""Stopping emails by the link in them, without a log-in: the link says whose, to us alone."""

import base64
import binascii
from uuid import UUID

from cryptography.exceptions import InvalidTag
from sqlmodel import select

from portal.domain.profile import EMAIL_WORDING
from portal.errors import NotFound
from portal.models import Channel, Patient
from portal.security.keys import LinkCipher
from portal.services import withdrawing
from portal.services.registration import record_consent
from portal.work import Work

SOURCE = "unsubscribe link"
_cipher = LinkCipher("unsubscribe.link")


def token_for(patient_id: UUID) -> str:
    """What stands in the link: another one in each email, forged by nobody, and telling nothing."""
    return base64.urlsafe_b64encode(_cipher.seal(patient_id.hex)).decode().rstrip("=")


def is_ours(token: str) -> bool:
    """Whether the link is one that this portal wrote."""
    return _patient_id(token) is not None


def stop(work: Work, token: str) -> None:
    """No more emails about visits and forms, with the proof of it; codes that somebody asks for still go.

    Once stopped, asking again changes nothing. `NotFound` for a link that this portal did not write.
    """
    patient_id = _patient_id(token)
    if patient_id is None:
        raise NotFound
    patient = work.db.exec(select(Patient).where(Patient.id == patient_id).with_for_update(key_share=True)).first()
    if patient is None:
        raise NotFound
    if not patient.wants_email:
        return
    patient.wants_email = False
    patient.version += 1
    work.db.add(patient)
    record_consent(work, patient.id, Channel.EMAIL, granted=False, wording=EMAIL_WORDING, source=SOURCE)
    withdrawing.unwanted(work, patient.id, Channel.EMAIL)
    work.changed(patient.id, "record")
    work.audit("emails.stopped", patient, patient_id=patient.id)


def _patient_id(token: str) -> UUID | None:
    try:
        return UUID(hex=_cipher.open(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))))
    except (InvalidTag, ValueError, binascii.Error, IndexError):
        return None
