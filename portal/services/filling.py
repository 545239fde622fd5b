"""Filling a questionnaire: every answer is kept as it is given, and what was reviewed is what is submitted.

Each answer has a revision. Whoever saves names the one they saw; if somebody saved meanwhile (another tab, another
device), they are shown that answer first and nothing is overwritten unseen. Submission, evidence, status, audit row and
notification are one transaction. Answers are no audit rows, one by one: the form's events say that it was worked on.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from portal import routes
from portal.domain import paperwork, questionnaire
from portal.domain.entry import Unclear
from portal.domain.paperwork import FormKind, FormStatus
from portal.domain.questionnaire import Item, Kind, Value
from portal.errors import Conflict, Invalid, NotFound
from portal.models import AssignedForm, FormAnswer, FormSubmission
from portal.queries import filling, forms
from portal.queries.filling import Filling
from portal.queries.forms import Form
from portal.services import notifications, notify
from portal.services.evidence import acting_guardian, verified_contact
from portal.services.paperwork import note, note_once
from portal.work import Work

OPENED, SAVED, SUBMITTED = "opened", "answers saved", "submitted"
ALREADY_FILLED = "This questionnaire is submitted already. Your answers are in Task Management."
WITHDRAWN = (
    "The practice has withdrawn this questionnaire. Your answers are kept: where a new one waits, it begins with them."
)
ELSEWHERE = "This answer was changed meanwhile, in another window or on another device. Please choose which one counts."
NOT_AS_REVIEWED = "Some answers have changed since you reviewed them. Please look at them once more, then submit."


class Changed(Conflict):
    """Somebody saved this answer meanwhile: `value` and `revision` are what stands there now."""

    def __init__(self, link_id: str, value: Value, revision: int, saved_at: datetime, device: str) -> None:
        super().__init__(ELSEWHERE)
        self.link_id, self.value, self.revision = link_id, value, revision
        self.saved_at, self.device = saved_at, device


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer as it is kept. `problem` is what has to be mended before it can be submitted; empty when nothing."""

    revision: int
    saved_at: datetime
    value: Value
    problem: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of the questionnaire."""

    form_id: UUID
    name: str
    status: FormStatus


def open_form(work: Work, form_id: UUID) -> Filling:
    """The signed-in patient's questionnaire with what is answered and what is known; puts the opening on record.

    `NotFound` for a stranger's form and for one of another kind.
    """
    found = filling.filling(work, form_id)
    if found.may_fill:
        note_once(work, form_id, OPENED)
    notifications.mark_read_at(work, routes.questionnaire(str(form_id)))
    return found


def save_answer(work: Work, form_id: UUID, link_id: str, value: object, based_on: int) -> Saved:
    """Keep one answer; `based_on` is the revision that was on the screen, 0 for none. None or "" takes it away.

    Raises `NotFound` for a stranger's form and an unknown question, `Conflict` when it is submitted or withdrawn,
    `Changed` when somebody saved meanwhile, `Denied` when someone else has to fill it, `Invalid` (the question's id)
    for what is no answer to it. What is hidden just now is kept as well; it does not count while it is hidden.
    """
    form, item = _open(work, form_id, link_id)
    try:
        kept = questionnaire.clean(item, value)
    except Unclear as unclear:
        raise Invalid({link_id: str(unclear)}) from None
    text = None if kept is None else json.dumps(kept, ensure_ascii=False, sort_keys=True)
    now, device = work.now(), work.actor.device
    answer = work.db.exec(
        select(FormAnswer).where(FormAnswer.form_id == form_id, FormAnswer.link_id == link_id)
    ).first()
    problem = questionnaire.problem(item, kept, form.today(now))
    if answer is not None and answer.value == text:  # said twice, or the same on two devices
        return Saved(answer.revision, answer.saved_at, kept, problem)
    if based_on != (answer.revision if answer else 0):
        raise _changed(link_id, answer, now)
    if answer is None:
        answer = FormAnswer(form_id=form_id, link_id=link_id, value=text, saved_at=now, device=device)
    else:
        answer.value, answer.revision = text, answer.revision + 1
        answer.saved_at, answer.device = now, device
    work.add(answer)
    worked_on(work, form_id)
    return Saved(answer.revision, now, kept, problem)


def photo_question(work: Work, form_id: UUID, link_id: str) -> Item:
    """The question that photographs are added to or taken from; the form is locked for this transaction.

    Raises as `save_answer` does.
    """
    _form, item = _open(work, form_id, link_id, Kind.ATTACHMENT)
    return item


def worked_on(work: Work, form_id: UUID) -> None:
    """The signed-in patient changed an answer: put it on record, and let the open pages know."""
    note_once(work, form_id, SAVED)
    work.changed(work.patient_id, "forms")


def submit(work: Work, form_id: UUID, seen_sha256: str) -> Submitted:
    """Submit the questionnaire as the signed-in patient, or as the guardian of a minor.

    `seen_sha256` is `Filling.sha256` of what was reviewed. Raises `NotFound` for a stranger's form, `Conflict` when it
    is submitted or withdrawn or not what was reviewed, `Denied` when someone else has to fill it, `Invalid` with one
    sentence for each question that is missing or wrong.
    """
    row = _own(work, form_id)
    guardian = acting_guardian(work)
    found = filling.filling(work, form_id)
    form = found.form
    role = paperwork.signer(form.born, found.today, by_guardian=guardian is not None)
    if found.problems:
        raise Invalid(found.problems)
    if seen_sha256 != found.sha256:
        raise Conflict(NOT_AS_REVIEWED)
    now = work.now()
    record = _salted(found.record)
    sha256 = hashlib.sha256(record.encode()).hexdigest()
    try:
        work.add(
            FormSubmission(
                form_id=row.id,
                answers=record,
                answers_sha256=sha256,
                name=guardian.name if guardian else form.patient,
                role=role,
                relationship=guardian.relationship if guardian else "",
                submitted_at=now,
                time_zone=form.zone_name,
                verified_contact=verified_contact(work),
                session_id=work.actor.session_id,
                address=work.actor.address,
                device=work.actor.device,
            )
        )
    except IntegrityError:
        raise Conflict(ALREADY_FILLED) from None
    row.status, row.done_at, row.text_sha256 = FormStatus.DONE, now, sha256
    row.valid_until = paperwork.valid_until(now, form.valid_months, form.zone)
    note(work, row.id, SUBMITTED)
    work.audit("form.submitted", row, role=role.value, answers_sha256=sha256)
    work.changed(row.patient_id, "forms")
    work.changed(None, "practice")  # the paperwork queue
    notify.form_filled(work, row, form.name)
    return Submitted(row.id, form.name, row.status)


def _salted(record: str) -> str:
    """With something random in it: the hash stands in the open, and few answers would be found by trying them all."""
    return filling.canonical(json.loads(record) | {"salt": secrets.token_hex(16)})


def _own(work: Work, form_id: UUID) -> AssignedForm:
    """The signed-in patient's open questionnaire, locked: a second tab waits here and finds what the first did."""
    row = work.own(AssignedForm, form_id)
    if row.kind is not FormKind.QUESTIONNAIRE:
        raise NotFound
    if row.status is FormStatus.VOID:
        raise Conflict(WITHDRAWN)
    if row.status is not FormStatus.OPEN:
        raise Conflict(ALREADY_FILLED)
    return row


def _open(work: Work, form_id: UUID, link_id: str, kind: Kind | None = None) -> tuple[Form, Item]:
    """The form, which is locked, and one of its questions, for the person who fills it."""
    _own(work, form_id)
    form, guardian = forms.form(work, form_id), acting_guardian(work)
    paperwork.signer(form.born, form.today(work.now()), by_guardian=guardian is not None)
    item = filling.schema(work, form.version_id).items.get(link_id)
    if item is None or not item.asks or (kind is not None and item.kind is not kind):
        raise NotFound
    return form, item


def _changed(link_id: str, answer: FormAnswer | None, now: datetime) -> Changed:
    if answer is None:  # a revision that never was
        return Changed(link_id, None, 0, now, "")
    value = json.loads(answer.value) if answer.value else None
    return Changed(link_id, value, answer.revision, answer.saved_at, answer.device)
