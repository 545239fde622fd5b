"""A questionnaire with its answers: while it is being filled, and once it is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal import dates
from portal.domain import paperwork, questionnaire
from portal.domain.paperwork import FormKind, FormStatus, SignerRole
from portal.domain.questionnaire import Answers, Schema, Section, Value
from portal.errors import NotFound
from portal.models import (
    AssignedForm,
    FormAnswer,
    FormPhoto,
    FormSubmission,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries import forms, prefill
from portal.queries.forms import Form
from portal.work import Work

MOST_SCHEMAS = 64
MOST_BEGUN = 5
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


def canonical(record: Mapping[str, Any]) -> str:
    """The one way to write a record as JSON, so that the same record has the same hash."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


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
        return canonical(
            {
                "version": str(self.form.version_id),
                "answers": asked,
                "photos": {photo: self.photos[photo] for photo in photos if photo in self.photos},
                "sections": words,
            }
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
    return _filling(work, forms.form(work, form_id), known=True)


def any_filling(work: Work, form_id: UUID) -> Filling:
    """A questionnaire whosever it is, with nothing prefilled: for staff and documents."""
    return _filling(work, forms.any_form(work, form_id), known=False)


def begun(work: Work) -> dict[UUID, Filling]:
    """The signed-in patient's open questionnaires that have answers, those that were worked on last: where one is."""
    found = work.rows(_BEGUN, patient=work.patient_id).scalars().all()
    return {form_id: filling(work, form_id) for form_id in found}


def question(work: Work, form_id: UUID, link_id: str) -> questionnaire.Item | None:
    """One question of the signed-in patient's questionnaire, without any answers."""
    return schema(work, forms.form(work, form_id).version_id).items.get(link_id)


def schema(work: Work, version_id: UUID) -> Schema:
    """A version's questions. Reading them takes some milliseconds, and is done once in each process."""
    found = _schemas.get(version_id)
    if found is None:
        found = Schema.parse(work.rows(_QUESTIONS, version=version_id).scalar() or {})
        while len(_schemas) >= MOST_SCHEMAS:
            _schemas.pop(next(iter(_schemas)), None)
        _schemas[version_id] = found
    return found


def _filling(work: Work, form: Form, *, known: bool) -> Filling:
    if form.kind is not FormKind.QUESTIONNAIRE:
        raise NotFound
    now = work.now()
    may_fill = (
        known
        and form.status is FormStatus.OPEN
        and paperwork.may_sign(form.born, form.today(now), by_guardian=work.actor.kind == "guardian")
    )
    asks = schema(work, form.version_id)
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
    if known and form.status is FormStatus.OPEN:
        for link_id, value in prefill.prefilled(work, form, asks).items():
            answers.setdefault(link_id, Answer(value, 0, prefilled=True))
    return Filling(form, asks, answers, hashes, may_fill, now)


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

_KEPT = func.coalesce(FormAnswer.saved_at, FormPhoto.uploaded_at)
_BEGUN = (
    columns(AssignedForm.id)
    .outerjoin(FormAnswer, col(FormAnswer.form_id) == AssignedForm.id)
    .outerjoin(FormPhoto, (col(FormPhoto.form_id) == AssignedForm.id) & col(FormPhoto.removed_at).is_(None))
    .where(
        AssignedForm.patient_id == _PATIENT,
        AssignedForm.kind == FormKind.QUESTIONNAIRE,
        AssignedForm.status == FormStatus.OPEN,
        _KEPT.is_not(None),
    )
    .group_by(col(AssignedForm.id))
    .order_by(func.max(_KEPT).desc())
    .limit(MOST_BEGUN)
)
