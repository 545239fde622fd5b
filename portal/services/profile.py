"""**My Profile**: what a person changes of their own record, and the change of the contact they log in with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from portal.domain.contacts import read_contact, show, show_phone
from portal.domain.entry import Unclear
from portal.domain.profile import (
    APPEARANCES,
    EMAIL_WORDING,
    FIELDS,
    LANGUAGES,
    SMS_WORDING,
    ProfileEntries,
    read_profile,
)
from portal.errors import Conflict, Invalid, NotFound
from portal.models import Channel, Clinic, Contact, Patient, Practice, Purpose
from portal.services import client_changes, search, withdrawing
from portal.services.contacts import retire
from portal.services.household import OTHER, Reached
from portal.services.passcodes import Ask, Sent, send
from portal.services.registration import record_consent
from portal.services.signing_in import Outcome, check_code
from portal.work import Work

CHANGED_ELSEWHERE = "Your profile was changed somewhere else meanwhile. Reload the page to see it, then save again."
KEEP_ONE = "Confirm your other contact first: it would be the only way to log in."


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of **Save**: the new version, and the contacts that become the login once their code is entered."""

    version: int
    to_prove: tuple[str, ...]  # "phone", "email"


def save(work: Work, typed: Mapping[str, Any], version: int) -> Saved:
    """Save the form. `Invalid` with all problems; `Conflict` when the record was changed since `version` was read."""
    practice, patient = work.practice(), _own_patient(work)
    if patient.version != version:
        raise Conflict(CHANGED_ELSEWHERE)
    clinics = {str(row): "" for row in work.db.exec(select(Clinic.id).where(col(Clinic.active))).all()}
    if patient.primary_clinic_id is None:
        clinics[""] = ""
    entries = read_profile(typed, practice.country, clinics)
    before = _as_read(work, practice, patient)
    changed = [name for name, value in entries.values.items() if getattr(patient, name) != value]
    for name in changed:
        setattr(patient, name, entries.values[name])
    clinic_id = UUID(entries.clinic_id) if entries.clinic_id else None
    if clinic_id != patient.primary_clinic_id:
        patient.primary_clinic_id = clinic_id
        changed.append("primary_clinic_id")
    changed += _preferences(work, patient, entries)
    to_prove = _contacts(work, practice, patient, entries)
    if changed:
        patient.version += 1
        work.db.add(patient)
        search.index(work, patient)
        work.audit("profile.changed", patient, patient_id=patient.id, fields=sorted(changed))
    client_changes.record(work, patient.id, before, _as_read(work, practice, patient))
    return Saved(patient.version, tuple(to_prove))


def set_appearance(work: Work, mode: str) -> None:
    """Light, dark, or as the device is set: kept at once, as it shows at once."""
    if mode not in APPEARANCES:
        raise NotFound
    patient = _own_patient(work)
    patient.appearance = mode  # no version: nobody else edits this
    work.db.add(patient)


def request_contact_code(work: Work, channel: str, typed: str) -> Sent:
    """Send a code to a new phone number or email address (or to one on file that was never proved)."""
    practice, patient = work.practice(), _own_patient(work)
    kind = Channel(channel)
    try:
        value = read_contact(kind, typed, practice.country)
    except Unclear as problem:
        raise Invalid({channel: str(problem)}) from None
    to = [Reached(None, kind, value, verified=False, blocked=False)]
    return send(work, practice, Ask(Purpose.CONTACT, kind, value, kind, to, patient_id=patient.id))


def confirm_contact(work: Work, challenge_id: UUID, code: str) -> Outcome:
    """The code sent to the new contact: right, and it is the login from now on; the old one is told."""
    proof = check_code(work, challenge_id, code, (Purpose.CONTACT,))
    if proof.wrong:
        return Outcome(wrong=proof.wrong.value)
    challenge = proof.challenge
    if challenge.patient_id != work.patient_id:
        raise NotFound
    now, practice, patient = work.now(), work.practice(), _own_patient(work)
    challenge.closed_at = now
    before = _as_read(work, practice, patient)
    old = current_contacts(work).get(challenge.typed_channel)
    value = challenge.typed_value or ""
    if old is not None and old.value == value:
        old.verified_at = now
        work.db.add(old)
    else:
        if old is not None:
            retire(work, practice, patient, old)
        work.add(
            Contact(
                patient_id=patient.id,
                guardian_id=work.actor.guardian_id,
                channel=challenge.typed_channel,
                value=value,
                verified_at=now,
                created_at=now,
            )
        )
        patient.version += 1
        work.db.add(patient)
    search.index(work, patient)
    work.audit("contact.changed", patient, patient_id=patient.id, channel=challenge.typed_channel.value)
    client_changes.record(work, patient.id, before, _as_read(work, practice, patient))
    return Outcome()


def current_contacts(work: Work) -> dict[Channel, Contact]:
    """The acting person's own current contacts: the patient's, or the guardian's."""
    mine = work.actor.guardian_id
    rows = work.db.exec(
        select(Contact).where(
            Contact.patient_id == work.patient_id,
            col(Contact.retired_at).is_(None),
            col(Contact.guardian_id) == mine if mine else col(Contact.guardian_id).is_(None),
        )
    ).all()
    return {row.channel: row for row in rows}


def _as_read(work: Work, practice: Practice, patient: Patient) -> dict[str, str]:
    """What the person can change, in the words in which the practice reads it."""
    values = {name: getattr(patient, name) for name in FIELDS}
    for name in ("emergency_phone", "pharmacy_phone"):
        values[name] = show_phone(values[name], practice.country)
    clinic = work.db.get(Clinic, patient.primary_clinic_id) if patient.primary_clinic_id else None
    contacts = {kind: show(kind.value, row.value, practice.country) for kind, row in current_contacts(work).items()}
    return values | {
        "clinic_id": clinic.name if clinic else "",
        "language": LANGUAGES.get(patient.language, patient.language),
        "phone": contacts.get(Channel.PHONE, ""),
        "email": contacts.get(Channel.EMAIL, ""),
        "wants_sms": "Yes" if patient.wants_sms and not patient.do_not_sms else "No",
        "wants_email": "Yes" if patient.wants_email and not patient.do_not_email else "No",
    }


def _own_patient(work: Work) -> Patient:
    patient = work.db.exec(select(Patient).where(Patient.id == work.patient_id).with_for_update(key_share=True)).first()
    if patient is None:
        raise NotFound
    return patient


def _preferences(work: Work, patient: Patient, entries: ProfileEntries) -> list[str]:
    """Yes or no to texts and emails, with proof. A person's own yes lifts an earlier Do Not SMS or Do Not Email."""
    changed = []
    for channel, name, stop, wording in (
        (Channel.PHONE, "wants_sms", "do_not_sms", SMS_WORDING),
        (Channel.EMAIL, "wants_email", "do_not_email", EMAIL_WORDING),
    ):
        wanted = getattr(entries, name)
        if wanted == (getattr(patient, name) and not getattr(patient, stop)):
            continue
        setattr(patient, name, wanted)
        if wanted:
            setattr(patient, stop, False)
        else:
            withdrawing.unwanted(work, patient.id, channel)
        record_consent(work, patient.id, channel, granted=wanted, wording=wording, source="profile")
        changed.append(name)
    return changed


def _contacts(work: Work, practice: Practice, patient: Patient, entries: ProfileEntries) -> list[str]:
    """Which contacts need a code; one that was taken out is retired, when another way in stays."""
    current, to_prove = current_contacts(work), []
    for channel, value in ((Channel.PHONE, entries.phone), (Channel.EMAIL, entries.email)):
        old, other = current.get(channel), current.get(OTHER[channel])
        if value and (old is None or old.value != value):
            to_prove.append(channel.value)
        elif not value and old is not None:
            if other is None or other.verified_at is None:
                raise Invalid({channel.value: KEEP_ONE})
            retire(work, practice, patient, old)
            search.index(work, patient)
            work.audit("contact.removed", patient, patient_id=patient.id, channel=channel.value)
    return to_prove
