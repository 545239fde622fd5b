"""What the front desk does for a client who cannot get in: correct the contact, sign out everywhere."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from portal.domain.access import Privilege
from portal.domain.contacts import KINDS, read_contact, show
from portal.domain.entry import Unclear
from portal.domain.people import is_adult
from portal.errors import Conflict, Invalid, NotFound
from portal.models import Channel, Contact, Guardian, Patient, PatientStatus, Practice
from portal.queries.client_form import guardians
from portal.security.sessions import end_all_sessions
from portal.services import notify, search
from portal.services.contacts import retire
from portal.services.household import local_day
from portal.work import Work

NO_GUARDIAN = "no guardian on file. Add one in Actions > Edit first."
SEVERAL = "more than one guardian on file. Correct the contact of the one who is meant under Access Client Portal."
KEEP_ONE = "Keep a phone number or an email address: it is how the client logs in."


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of it: the contact as people read it, whether an old one was told, how many log-ins ended."""

    value: str
    told_old: bool
    signed_out: int


def set_contact(
    work: Work, patient_id: UUID, channel: Channel, typed: str, guardian_id: UUID | None = None
) -> Corrected:
    """Make a phone number or email address the log-in of a client, or of a minor's guardian, from now on. Of several
    guardians `guardian_id` says whose.

    Staff made sure who is asking; no code is needed. Whoever has the old contact is told, loses open log-ins and
    invitations. `Invalid` for what is no contact, `Conflict` where it cannot be set.
    """
    work.require(Privilege.PORTAL_ACCESS)
    practice, patient = work.practice(), _locked(work, patient_id)
    name = f"{patient.first_name} {patient.last_name}"
    if patient.status is not PatientStatus.ACTIVE or patient.deceased_at is not None:
        raise Conflict(f"{name} is inactive: the contact stays as it is.")
    try:
        value = read_contact(channel.value, typed, practice.country)
    except Unclear as problem:
        raise Invalid({channel.value: str(problem)}, str(problem)) from None
    guardian = _guardian(work, practice, patient, guardian_id)
    old = _current(work, patient, channel, guardian)
    if old is not None and old.value == value:
        raise Conflict(f"That is the {KINDS[channel.value]} on file already.")
    if old is not None:
        retire(work, practice, patient, old)
    work.add(
        Contact(
            patient_id=patient.id,
            guardian_id=guardian.id if guardian else None,
            channel=channel,
            value=value,
            created_at=work.now(),
        )
    )
    patient.version += 1
    work.db.add(patient)
    search.index(work, patient)
    work.audit("contact.corrected", patient, patient_id=patient.id, channel=channel.value)
    work.changed(patient.id, "record")
    notify.access_changed(work, patient.id, f"We changed the {KINDS[channel.value]} you log in with.")
    signed_out = end_all_sessions(work, patient.id, "staff")
    return Corrected(show(channel.value, value, practice.country), old is not None, signed_out)


def remove_contact(work: Work, patient_id: UUID, channel: Channel) -> None:
    """Take a phone number or email address out of use for good: whoever has it is told and loses open log-ins.

    `Invalid` where it is the only way in.
    """
    work.require(Privilege.PORTAL_ACCESS)
    practice, patient = work.practice(), _locked(work, patient_id)
    guardian = _guardian(work, practice, patient)
    old = _current(work, patient, channel, guardian)
    if old is None:
        return
    if all(_current(work, patient, other, guardian) is None for other in Channel if other is not channel):
        raise Invalid({channel.value: KEEP_ONE})
    retire(work, practice, patient, old)
    patient.version += 1
    work.db.add(patient)
    search.index(work, patient)
    work.audit("contact.removed", patient, patient_id=patient.id, channel=channel.value)
    work.changed(patient.id, "record")
    notify.access_changed(work, patient.id, f"We took out the {KINDS[channel.value]} you logged in with.")
    end_all_sessions(work, patient.id, "staff")


def sign_out(work: Work, patient_id: UUID) -> int:
    """End every open log-in to a client's record, on all devices; returns how many there were."""
    work.require(Privilege.PORTAL_ACCESS)
    return end_all_sessions(work, work.get(Patient, patient_id).id, "staff")


def _locked(work: Work, patient_id: UUID) -> Patient:
    patient = work.db.exec(select(Patient).where(Patient.id == patient_id).with_for_update(key_share=True)).first()
    if patient is None:
        raise NotFound
    return patient


def _guardian(work: Work, practice: Practice, patient: Patient, wanted: UUID | None = None) -> Guardian | None:
    """Whose contact it is: nobody's but an adult's own, a minor's one guardian's or the one who is `wanted`."""
    if is_adult(patient.date_of_birth, local_day(work, practice)):
        return None
    named = [one for one in guardians(work, patient.id) if wanted in (None, one.id)]
    if wanted and not named:
        raise NotFound
    if len(named) != 1:
        name = f"{patient.first_name} {patient.last_name}"
        raise Conflict(f"{name} is under 18 and has {SEVERAL if named else NO_GUARDIAN}")
    return named[0]


def _current(work: Work, patient: Patient, channel: Channel, guardian: Guardian | None) -> Contact | None:
    whose = col(Contact.guardian_id) == guardian.id if guardian else col(Contact.guardian_id).is_(None)
    return work.db.exec(
        select(Contact).where(
            Contact.patient_id == patient.id, Contact.channel == channel, col(Contact.retired_at).is_(None), whose
        )
    ).first()
