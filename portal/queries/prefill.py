"""What may stand in a questionnaire before anybody has typed: what is on record, and what was answered before."""

import json
from datetime import timedelta

from sqlalchemy import and_, bindparam, or_
from sqlalchemy.orm import aliased
from sqlmodel import col

from portal.domain import questionnaire
from portal.domain.contacts import show_phone
from portal.domain.paperwork import FormStatus
from portal.domain.questionnaire import Answers, Schema, Value
from portal.domain.questionnaire.items import LAST
from portal.models import AssignedForm, Contact, FormAnswer, FormSubmission, Patient, Practice, TemplateVersion
from portal.models.db import columns
from portal.queries.forms import Form
from portal.work import Work

ONE_ACT = timedelta(minutes=1)  # a form that was asked for when another was withdrawn takes its place


def prefilled(work: Work, form: Form, asks: Schema) -> dict[str, Value]:
    """What is known of the patient, what was submitted last, and what a withdrawn copy of this form had."""
    wanted = {item.prefill for item in asks.questions() if item.prefill}
    last: Answers = {}
    if LAST in wanted:
        submitted = work.rows(_LAST, version=form.version_id, patient=form.patient_id, form=form.id).scalar()
        last = json.loads(submitted)["answers"] if submitted else {}
    known = _known(work, form) if wanted - {LAST} else {}
    return questionnaire.prefilled(asks, known, last, _kept(work, form))


def _kept(work: Work, form: Form) -> Answers:
    """What was answered in the copy that was withdrawn when this one was asked for, and in those before it.

    Nothing that was given is lost where a questionnaire is withdrawn twice; an answer that was taken away stays away.
    """
    found: dict[str, Value] = {}
    asked_at = form.assigned_at
    for old in work.rows(_WITHDRAWN, version=form.version_id, patient=form.patient_id, form=form.id):
        if not timedelta(0) <= asked_at - old.voided_at <= ONE_ACT:
            continue
        submitted = work.rows(_SUBMISSION, form=old.id).scalar()
        if submitted is not None:
            return json.loads(submitted)["answers"] | found
        for row in work.rows(_ANSWERS, form=old.id):
            found.setdefault(row.link_id, json.loads(row.value) if row.value else None)
        asked_at = old.assigned_at
    return found


def _known(work: Work, form: Form) -> dict[str, str]:
    """What the record has, by the names of `domain.questionnaire.items.SOURCES`."""
    row = work.rows(_RECORD, patient=form.patient_id).one()
    # A contact of the patient's own goes before one of who speaks for them.
    reached = {one.channel.value: one.value for one in work.rows(_CONTACTS, patient=form.patient_id)}

    def phone(number: str) -> str:
        return show_phone(number, row.country) if number else ""

    town = f"{row.city}, {row.state} {row.postal_code}".strip(" ,")
    return {
        "patient.name": form.patient,
        "patient.preferredName": row.preferred_name,
        "patient.birthDate": form.born.isoformat(),
        "patient.phone": phone(reached.get("phone", "")),
        "patient.email": reached.get("email", ""),
        "patient.address": ", ".join(part for part in (row.street, town) if part),
        "emergency.name": row.emergency_name,
        "emergency.phone": phone(row.emergency_phone),
        "emergency.relationship": row.emergency_relationship,
        "pharmacy.name": row.pharmacy_name,
        "pharmacy.phone": phone(row.pharmacy_phone),
        "carrier.name": row.carrier_name,
        "carrier.memberId": row.carrier_member_id,
        "referral": row.referral_source,
    }


_FORM, _VERSION, _PATIENT = bindparam("form"), bindparam("version"), bindparam("patient")

_SUBMISSION = columns(FormSubmission.answers).where(FormSubmission.form_id == _FORM)

_ANSWERS = columns(FormAnswer.link_id, FormAnswer.value).where(FormAnswer.form_id == _FORM)

_RECORD = (
    columns(
        Patient.preferred_name,
        Patient.street,
        Patient.city,
        Patient.state,
        Patient.postal_code,
        Patient.emergency_name,
        Patient.emergency_phone,
        Patient.emergency_relationship,
        Patient.pharmacy_name,
        Patient.pharmacy_phone,
        Patient.carrier_name,
        Patient.carrier_member_id,
        Patient.referral_source,
        Practice.country,
    )
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .where(Patient.id == _PATIENT)
)

_CONTACTS = (
    columns(Contact.channel, Contact.value)
    .where(Contact.patient_id == _PATIENT, col(Contact.retired_at).is_(None))
    .order_by(col(Contact.guardian_id).is_(None), col(Contact.id))
)

# The versions of one template, by any of them.
_SIBLINGS = columns(TemplateVersion.id).where(
    col(TemplateVersion.template_id)
    == columns(TemplateVersion.template_id).where(TemplateVersion.id == _VERSION).scalar_subquery()
)

_LAST = (
    columns(FormSubmission.answers)
    .join(AssignedForm, col(AssignedForm.id) == FormSubmission.form_id)
    .where(
        AssignedForm.patient_id == _PATIENT,
        AssignedForm.status == FormStatus.DONE,
        AssignedForm.id != _FORM,
        col(AssignedForm.version_id).in_(_SIBLINGS),
    )
    .order_by(col(FormSubmission.submitted_at).desc())
    .limit(1)
)

_this = aliased(AssignedForm)
_SAME_VISIT = or_(
    col(_this.appointment_id) == col(AssignedForm.appointment_id),
    and_(col(_this.appointment_id).is_(None), col(AssignedForm.appointment_id).is_(None)),
)
# What was withdrawn of the same form for the same visit, the latest first.
_WITHDRAWN = (
    columns(AssignedForm.id, AssignedForm.assigned_at, AssignedForm.voided_at)
    .join(_this, col(_this.id) == _FORM)
    .where(
        AssignedForm.patient_id == _PATIENT,
        AssignedForm.id != _FORM,
        AssignedForm.status == FormStatus.VOID,
        _SAME_VISIT,
        col(AssignedForm.version_id).in_(_SIBLINGS),
    )
    .order_by(col(AssignedForm.voided_at).desc(), col(AssignedForm.id).desc())
    .limit(20)
)
