"""A questionnaire as the document that it becomes: rows in, every word of the PDF out."""

from portal import dates
from portal.documents.paper import SignatureBlock
from portal.documents.questionnaire import AnswerLine, AnswerSection, Picture, QuestionnaireDocument
from portal.domain import paperwork
from portal.domain.devices import device_name
from portal.domain.paperwork import FormStatus, SignerRole
from portal.domain.questionnaire import Kind, Line
from portal.models import FormSubmission
from portal.models.db import columns
from portal.queries import filling
from portal.queries.filling import Filling, Submission
from portal.queries.forms import Form
from portal.services import document_parts as parts
from portal.work import Work

_EVENTS = {
    "assigned": "Form assigned",
    "opened": "Opened",
    "answers saved": "Answers saved",
    "submitted": "Reviewed and submitted",
    "voided": "Made void by the practice",
}


def compose(work: Work, form: Form, *, sealing: bool) -> QuestionnaireDocument:
    """The document of a questionnaire: about to be sealed, or a copy of what is answered so far."""
    found = filling.any_filling(work, form.id)
    submission, now, locale = found.submission, work.now(), form.locale
    head, size = parts.letterhead(work, form)
    session_id = work.db.execute(columns(FormSubmission.session_id).where(FormSubmission.form_id == form.id)).scalar()
    trail = parts.trail(
        work,
        form,
        _EVENTS,
        actor=submission.name if submission else form.patient,
        session_id=session_id,
        contact=submission.verified_contact if submission else "",
        sealed_at=now if sealing else None,
    )
    return QuestionnaireDocument(
        practice=head,
        paper=size,
        title=form.name,
        version=str(form.number),
        version_date=parts.published(work, form),
        document_id=parts.document_number(form.kind, form.id),
        check_at=parts.check_at(form),
        void=form.status is FormStatus.VOID,
        patient=form.patient,
        date_of_birth=dates.full_date(form.born, locale),
        status=paperwork.label(form.kind, form.status),
        text_sha256=submission.sha256 if submission else "",
        zone=dates.zone_name(form.done_at or now, form.zone, locale),
        created=form.done_at or now,
        facts=parts.facts(form),
        sections=tuple(
            AnswerSection(section.title, tuple(_line(line, found) for line in section.lines))
            for section in found.sections
        ),
        statement=_statement(submission, form) if submission else "",
        begun=bool(found.answers),
        evidence=_evidence(submission, form) if submission else (),
        trail=trail,
        sealed_on=dates.full_date(dates.local_day(now, form.zone), locale) if sealing else "",
    )


def _line(line: Line, found: Filling) -> AnswerLine:
    known = [photo for photo in line.photos if photo in found.photos]
    pictures = tuple(
        Picture(found.photos[photo], f"Photograph {number} of {len(known)}") for number, photo in enumerate(known, 1)
    )
    signature = None
    if line.kind is Kind.SIGNATURE and line.answered:
        name = found.submission.name if found.submission else found.form.patient
        typed = line.answer.removeprefix("Signed by typing: ") if line.drawing is None else ""
        role = found.submission.role if found.submission else SignerRole.PATIENT
        signature = SignatureBlock(role=paperwork.ROLES[role], name=name, drawing=line.drawing, typed_name=typed)
    return AnswerLine(line.question, line.answer, line.answered, pictures, signature)


def _statement(submission: Submission, form: Form) -> str:
    """Who gave these answers, and when."""
    return f"Reviewed and submitted by {_who(submission, form)} on {_at(submission, form)}."


def _who(submission: Submission, form: Form) -> str:
    return parts.acting_as(submission.name, submission.role, submission.relationship, form.patient)


def _at(submission: Submission, form: Form) -> str:
    return dates.exact(submission.submitted_at, form.zone, form.locale)


def _evidence(submission: Submission, form: Form) -> tuple[tuple[str, str], ...]:
    contact = submission.verified_contact
    pairs = (
        ("Submitted by", _who(submission, form)),
        ("Submitted at", _at(submission, form)),
        ("Identity", f"One-time code to the {contact}" if contact else ""),
        ("Network address", submission.address),
        ("Device", device_name(submission.device) if submission.device else ""),
        ("Form version", f"{form.name}, version {form.number}"),
        ("Answers' fingerprint", f"SHA-256 {submission.sha256}"),
    )
    return tuple(pair for pair in pairs if pair[1])
