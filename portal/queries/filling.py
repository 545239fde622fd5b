"""A questionnaire with its answers: while it is being filled, and once it is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, func

from portal import dates
from portal.domain import paperwork, questionnaire
from portal.domain.contacts import show_phone
from portal.domain.paperwork import FormKind, FormStatus, SignerRole
from portal.domain.questionnaire import Answers, Schema, Section, Value
from portal.errors import NotFound
from portal.models import (
    AssignedForm,
    Contact,
    FormAnswer,
    FormPhoto,
    FormSubmission,
    Patient,
    Practice,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries import forms
from portal.queries.forms import Form
from portal.work import Work

MOST_SCHEMAS = 64
MOST_BEGUN = 5
ONE_ACT = timedelta(minutes=1)  # a form that was asked for when another was withdrawn takes its place
_schemas: dict[UUID, Schema] = {}  # a version never changes


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it stands. `revision` is 0 where nobody has saved it: then it is `prefilled` from what is known."""

    value: Value
    revision: int
    prefilled: bool = False
    saved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What was submitted, by whom and how: `record` is the canonical JSON that `sha256` is the hash of."""

    record: str
    sha256: str
    name: str
    role: SignerRole
    relationship: str
    submitted_at: datetime
    zone_name: str
    verified_contact: str
    address: str
    device: str


@dataclass(frozen=True)
class Filling:
    """A questionnaire and what is answered so far; of a filled one, what was submitted.

    `photos` has the hash of each photograph by its id. `may_fill` is whether the person signed in is who fills it.
    """

    form: Form
    schema: Schema
    answers: Mapping[str, Answer]
    photos: Mapping[str, str]
    may_fill: bool
    now: datetime
    submission: Submission | None = None

    @property
    def filled(self) -> bool:
        """Whether it was submitted; it may have been withdrawn since."""
        return self.submission is not None

    @property
    def today(self) -> date:
        """The day where the clinic is."""
        return self.form.today(self.now)

    @cached_property
    def values(self) -> Answers:
        """What is answered, prefilled answers too."""
        return {link_id: answer.value for link_id, answer in self.answers.items() if answer.value is not None}

    @cached_property
    def visible(self) -> set[str]:
        """What is asked, as the answers stand."""
        return questionnaire.visible(self.schema, self.values)

    @cached_property
    def pages(self) -> list[questionnaire.Item]:
        """The pages that ask something, as the answers stand."""
        return [page for page in self.schema.pages if page.link_id in self.visible]

    @cached_property
    def problems(self) -> dict[str, str]:
        """What is missing or wrong, one sentence for each question."""
        return questionnaire.problems(self.schema, self.values, self.today)

    @cached_property
    def sections(self) -> list[Section]:
        """The answers in words."""
        return questionnaire.describe(self.schema, self.values, lambda day: dates.full_date(day, self.form.locale))

    @property
    def saved_at(self) -> datetime | None:
        """When an answer was last saved."""
        return max((answer.saved_at for answer in self.answers.values() if answer.saved_at), default=None)

    @cached_property
    def record(self) -> str:
        """What was or would be submitted, as canonical JSON: the answers to what is asked, and what they read as."""
        if self.submission is not None:
            return self.submission.record
        asked = {link_id: value for link_id, value in self.values.items() if link_id in self.visible}
        words = [
            {"title": section.title, "lines": [[line.question, line.answer] for line in section.lines]}
            for section in self.sections
        ]
        photos = [photo for value in asked.values() if isinstance(value, list) for photo in value]
        return json.dumps(
            {
                "version": str(self.form.version_id),
                "answers": asked,
                "photos": {photo: self.photos[photo] for photo in photos if photo in self.photos},
                "sections": words,
            },
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @cached_property
    def sha256(self) -> str:
        """The hash of `record`: what was reviewed is what is submitted."""
        return hashlib.sha256(self.record.encode()).hexdigest()

    def page_of_first_problem(self) -> int:
        """Which of `pages` has the first question that needs something, from 0; their number when none does."""
        for number, page in enumerate(self.pages):
            if any(item.link_id in self.problems for item in page.walk()):
                return number
        return len(self.pages)


def filling(work: Work, form_id: UUID) -> Filling:
    """The signed-in patient's questionnaire. `NotFound` for a stranger's, and for a form of another kind."""
    return _filling(work, forms.form(work, form_id), prefill=True)


def any_filling(work: Work, form_id: UUID) -> Filling:
    """A questionnaire whosever it is, with nothing prefilled: for staff and documents."""
    return _filling(work, forms.any_form(work, form_id), prefill=False)


def begun(work: Work) -> dict[UUID, Filling]:
    """The signed-in patient's open questionnaires that have answers, those that were worked on last: where one is."""
    found = work.rows(_BEGUN, patient=work.patient_id)
    return {form_id: filling(work, form_id) for form_id, _ in found}


def schema(version_id: UUID, questions: Mapping[str, Any] | None) -> Schema:
    """A version's questions. Reading them takes some milliseconds, and is done once in each process."""
    known = _schemas.get(version_id)
    if known is None:
        known = Schema.parse(questions or {})
        while len(_schemas) >= MOST_SCHEMAS:
            _schemas.pop(next(iter(_schemas)), None)
        _schemas[version_id] = known
    return known


def _filling(work: Work, form: Form, *, prefill: bool) -> Filling:
    if form.kind is not FormKind.QUESTIONNAIRE:
        raise NotFound
    now = work.now()
    may_fill = (
        prefill
        and form.status is FormStatus.OPEN
        and paperwork.may_sign(form.born, form.today(now), by_guardian=work.actor.kind == "guardian")
    )
    asks = schema(form.version_id, work.rows(_QUESTIONS, version=form.version_id).scalar())
    photos = {str(row.id): row for row in work.rows(_PHOTOS, form=form.id)}
    hashes = {photo: row.sha256 for photo, row in photos.items()}
    submitted = work.rows(_SUBMISSION, form=form.id).first()
    if submitted is not None:
        submission = Submission(*submitted)
        answers = {link_id: Answer(value, 1) for link_id, value in json.loads(submission.record)["answers"].items()}
        return Filling(form, asks, answers, hashes, may_fill, now, submission)
    answers = {
        row.link_id: Answer(json.loads(row.value) if row.value else None, row.revision, saved_at=row.saved_at)
        for row in work.rows(_ANSWERS, form=form.id)
        if row.link_id in asks.items
    }
    for link_id in dict.fromkeys(row.link_id for row in photos.values()):
        own = [row for row in photos.values() if row.link_id == link_id]
        ids = [str(row.id) for row in own]
        answers[link_id] = Answer(ids, len(ids), saved_at=max(row.uploaded_at for row in own))
    if prefill and form.status is FormStatus.OPEN:
        for link_id, value in _prefilled(work, form, asks).items():
            answers.setdefault(link_id, Answer(value, 0, prefilled=True))
    return Filling(form, asks, answers, hashes, may_fill, now)


def _prefilled(work: Work, form: Form, asks: Schema) -> dict[str, Value]:
    """What is known of the patient, what was submitted last, and what a withdrawn copy of this form had."""
    wanted = {item.prefill for item in asks.questions() if item.prefill}
    last: Answers = {}
    if "last" in wanted:
        submitted = work.rows(_LAST, version=form.version_id, patient=form.patient_id, form=form.id).scalar()
        last = json.loads(submitted)["answers"] if submitted else {}
    known = _known(work, form) if wanted - {"last"} else {}
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
        submitted = work.rows(_SUBMISSION, form=old.id).first()
        if submitted is not None:
            return json.loads(submitted.answers)["answers"] | found
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

_QUESTIONS = columns(TemplateVersion.questions).where(TemplateVersion.id == _VERSION)

_ANSWERS = (
    columns(FormAnswer.link_id, FormAnswer.value, FormAnswer.revision, FormAnswer.saved_at)
    .where(FormAnswer.form_id == _FORM)
    .order_by(col(FormAnswer.id))
)

_PHOTOS = (
    columns(FormPhoto.id, FormPhoto.link_id, FormPhoto.sha256, FormPhoto.uploaded_at)
    .where(FormPhoto.form_id == _FORM, col(FormPhoto.removed_at).is_(None))
    .order_by(col(FormPhoto.id))
)

# In the order of `Submission`.
_SUBMISSION = columns(
    FormSubmission.answers,
    FormSubmission.answers_sha256,
    FormSubmission.name,
    FormSubmission.role,
    FormSubmission.relationship,
    FormSubmission.submitted_at,
    FormSubmission.time_zone,
    FormSubmission.verified_contact,
    FormSubmission.address,
    FormSubmission.device,
).where(FormSubmission.form_id == _FORM)

_BEGUN = (
    columns(AssignedForm.id, func.max(FormAnswer.saved_at))
    .join(FormAnswer, col(FormAnswer.form_id) == AssignedForm.id)
    .where(
        AssignedForm.patient_id == _PATIENT,
        AssignedForm.kind == FormKind.QUESTIONNAIRE,
        AssignedForm.status == FormStatus.OPEN,
    )
    .group_by(col(AssignedForm.id))
    .order_by(func.max(FormAnswer.saved_at).desc())
    .limit(MOST_BEGUN)
)

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
