"""**Sign Up**: New Client Registration. Nothing is made, and nothing revealed, before the code proves the contact."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from portal.domain.alike import Who
from portal.domain.notifications import PRACTICE_TITLES, PracticeKind
from portal.domain.registration import EMAIL_WORDING, TEXT_WORDING, Registration, read_registration
from portal.errors import Invalid
from portal.models import (
    Channel,
    Clinic,
    CommunicationConsent,
    Contact,
    Guardian,
    Patient,
    Practice,
    PracticeNotice,
    Purpose,
)
from portal.queries.duplicates import alike
from portal.queries.referrals import choices
from portal.services import captcha, search
from portal.services.household import Reached, contact_hash, local_day, reached_by
from portal.services.passcodes import Ask, Sent, send
from portal.services.signing_in import FRONT_DESK, Outcome, Proof, issue_ticket
from portal.settings import settings
from portal.work import Work


def submit(work: Work, typed: Mapping[str, Any], captcha_payload: str) -> Sent:
    """Take the form and send a code to the contact given: the phone, or the email where texts are off.

    `Invalid` carries every problem at once, the CAPTCHA's too.
    """
    practice = work.practice()
    clinics = {
        str(clinic_id): name
        for clinic_id, name in work.db.exec(select(Clinic.id, Clinic.name).where(col(Clinic.active))).all()
    }
    problems: dict[str, str] = {}
    registration = None
    try:
        registration = read_registration(typed, local_day(work, practice), practice.country, clinics, choices(work))
    except Invalid as invalid:
        problems = invalid.fields
    if problems and not captcha_payload:
        problems["captcha"] = captcha.MISSING
    if registration is None:
        raise Invalid(problems)
    captcha.spend(work, captcha_payload)
    channel = Channel.EMAIL if settings().sms == "off" else Channel.PHONE
    value = registration.email if channel is Channel.EMAIL else registration.phone
    to = [Reached(None, channel, value, verified=False, blocked=False)]
    draft = json.dumps(registration.as_draft())
    return send(work, practice, Ask(Purpose.REGISTER, channel, value, channel, to, draft))


def complete(work: Work, proof: Proof) -> Outcome:
    """The code was right: sign in to the record of this contact and date of birth, or make a new one."""
    challenge = proof.challenge
    draft = Registration.of_draft(json.loads(challenge.draft or "{}"))
    channel = next(kind for kind in Channel if contact_hash(kind, _value(draft, kind)) == proof.sent_to)
    practice = work.practice()
    work.hold(f"register:{proof.sent_to}")
    known = _known(work, draft, channel)
    if known is None:
        patient, contact = _create(work, draft, practice, channel)
        work.audit(
            "patient.registered",
            patient,
            patient_id=patient.id,
            privacy=practice.privacy_version,
            terms=practice.terms_version,
        )
        return Outcome(ticket=issue_ticket(work, challenge, patient.id, contact.id))
    work.audit("patient.registered_again", challenge, patient_id=known)
    for person in reached_by(work, channel, _value(draft, channel), local_day(work, practice)):
        if person.patient_id == known:
            return Outcome(ticket=issue_ticket(work, challenge, known, person.ways[channel].id))
    challenge.closed_at, challenge.draft = (
        work.now(),
        None,
    )  # inactive, or the front desk must sort out who acts for whom
    return Outcome(wrong=FRONT_DESK, over=True)


def _known(work: Work, draft: Registration, channel: Channel) -> UUID | None:
    """The patient whom the proved contact and the date of birth name; among twins the one of this first name."""
    found = work.db.exec(
        select(Patient.id, Patient.first_name)
        .join(Contact, col(Contact.patient_id) == Patient.id)
        .where(
            Contact.channel == channel,
            Contact.value == _value(draft, channel),
            col(Contact.retired_at).is_(None),
            Patient.date_of_birth == draft.date_of_birth,
        )
        .order_by(col(Patient.id))
    ).all()
    same_name = [patient_id for patient_id, first in found if first.casefold() == draft.first_name.casefold()]
    return next(iter(same_name or [patient_id for patient_id, _ in found]), None)


def _create(work: Work, draft: Registration, practice: Practice, proved: Channel) -> tuple[Patient, Contact]:
    now = work.now()
    optional: dict[str, Any] = dict(draft.optional)
    patient = work.add(
        Patient(
            practice_id=practice.id,
            primary_clinic_id=UUID(draft.clinic_id),
            first_name=draft.first_name,
            last_name=draft.last_name,
            date_of_birth=draft.date_of_birth,
            country=practice.country,
            wants_sms=draft.text_me,
            wants_email=draft.email_me,
            source="sign-up",
            referral_source_id=UUID(draft.referral_id) if draft.referral_id else None,
            created_at=now,
            **optional,
        )
    )
    guardian = None
    if draft.is_minor:
        guardian = work.add(
            Guardian(patient_id=patient.id, name=draft.guardian_name, relationship=draft.guardian_relationship)
        )
    contacts = {
        channel: work.add(
            Contact(
                patient_id=patient.id,
                guardian_id=guardian.id if guardian else None,
                channel=channel,
                value=_value(draft, channel),
                verified_at=now if channel is proved else None,
                created_at=now,
            )
        )
        for channel in Channel
    }
    for channel, granted, wording in (
        (Channel.PHONE, draft.text_me, TEXT_WORDING),
        (Channel.EMAIL, draft.email_me, EMAIL_WORDING),
    ):
        if granted:
            record_consent(work, patient.id, channel, granted=granted, wording=wording, source="sign-up")
    search.index(work, patient)
    _tell_of_duplicates(work, draft, patient)
    return patient, contacts[proved]


def _tell_of_duplicates(work: Work, draft: Registration, patient: Patient) -> None:
    """Whether the person is here already is for the practice to find out: who registers learns nothing of others."""
    reached = frozenset({draft.phone, draft.email})
    preferred = draft.optional.get("preferred_name", "")
    who = Who(draft.first_name, draft.last_name, draft.date_of_birth, preferred, reached)
    reasons = alike(work, who, but=patient.id)
    if not reasons:
        return
    kind = PracticeKind.POSSIBLE_DUPLICATE
    name = f"{draft.first_name} {draft.last_name}"
    words = (
        f"{name} registered and may be somebody who is a client already. {'; '.join(sorted(set(reasons.values())))}."
    )
    work.add(
        PracticeNotice(
            kind=kind, title=PRACTICE_TITLES[kind], body=words[:400], patient_id=patient.id, created_at=work.now()
        )
    )
    work.changed(None, "practice")


def record_consent(work: Work, patient_id: UUID, channel: Channel, *, granted: bool, wording: str, source: str) -> None:
    """Keep the proof of a yes or no to texts or emails: the wording on the screen, when, and from where."""
    work.add(
        CommunicationConsent(
            patient_id=patient_id,
            channel=channel,
            granted=granted,
            wording=wording,
            source=source,
            by_whom=work.actor.label if work.actor.kind in {"patient", "guardian", "staff"} else "",
            address=work.actor.address,
            at=work.now(),
        )
    )


def _value(draft: Registration, channel: Channel) -> str:
    return draft.phone if channel is Channel.PHONE else draft.email
