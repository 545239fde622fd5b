"""The PDF of a form: sealed once, when it is signed or filled, and the same bytes ever after.

Nobody waits for the PDF. What is done and not yet sealed is found in the database, so a crash in between loses nothing;
whoever comes first makes the document, and the one row for each form says which bytes are the document.
"""

import logging
import threading
import time
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, or_, select

from portal.clock import Clock
from portal.documents import consent, questionnaire
from portal.documents.consent import ConsentDocument
from portal.documents.questionnaire import QuestionnaireDocument
from portal.domain.paperwork import FormKind, FormStatus
from portal.errors import NotFound
from portal.gateways import Gateways, gateways, images
from portal.gateways.errors import GatewayError
from portal.models import AssignedForm, FormEvent, FormPhoto, FormSubmission, StoredDocument
from portal.queries import forms
from portal.queries.forms import Form
from portal.services import consent_document, questionnaire_document
from portal.work import SYSTEM, Actor, Work, open_work

log = logging.getLogger("portal.documents")

BATCH = 10
REST_SECONDS = 60.0  # a document that cannot be made now is left alone for this long

# Within a process nobody draws a document that another thread is drawing.
_drawing: WeakValueDictionary[UUID, threading.Lock] = WeakValueDictionary()
_drawing_guard = threading.Lock()
_resting: dict[UUID, float] = {}


@dataclass(frozen=True, slots=True)
class Download:
    """A file for its owner, the patient, or for staff."""

    filename: str
    content: bytes
    patient_id: UUID
    sealed: bool


def download(actor: Actor, form_id: UUID, *, engine: Engine | None = None, through: Gateways | None = None) -> Download:
    """The PDF of the signed-in patient's own form: the sealed document if it is signed, else a copy that says so.

    Staff who may read the form (`forms.readable`) get the same. Blocking, up to some seconds. `NotFound` for a
    stranger's form, `Denied` for staff who may not.
    """
    through = through or gateways()
    with open_work(actor, engine=engine, write=False) as work:
        form = forms.readable(work, form_id) if actor.kind == "staff" else forms.form(work, form_id)
        sha256 = _stored(work, form_id)
        sealing = sha256 is None and _finished(work, form)
        copy = None if sha256 or sealing else _compose(work, form, sealing=False)
    if copy is not None:
        return Download(_filename(form.name, copy.status), _draw(copy, through), form.patient_id, sealed=False)
    sha256 = sha256 or seal_signed(form_id, engine=engine, through=through)
    return Download(_filename(form.name), through.storage.get(sha256), form.patient_id, sealed=True)


def seal_signed(
    form_id: UUID, *, engine: Engine | None = None, through: Gateways | None = None, clock: Clock | None = None
) -> str:
    """Make the document of a signed or filled form, once; returns the SHA-256 of the one document there is.

    Blocking, about a second. `NotFound` when the form is neither; `GatewayError` when it cannot be made now.
    """
    through = through or gateways()
    with _lock(form_id):
        with open_work(SYSTEM, engine=engine, clock=clock, write=False) as work:
            known = _stored(work, form_id)
            if known is not None:
                return known
            form = forms.any_form(work, form_id)
            if not _finished(work, form):
                raise NotFound
            document = _compose(work, form, sealing=True)
        how = "signed" if form.kind is FormKind.CONSENT else "filled"
        sealed = through.seal.sign(_draw(document, through), f"{form.name}, {how} by {form.patient}")
        sha256 = through.storage.put(sealed)
        try:
            with open_work(SYSTEM, engine=engine, clock=clock) as work:
                stored = work.add(
                    StoredDocument(
                        patient_id=form.patient_id,
                        form_id=form_id,
                        number=document.document_id,
                        sha256=sha256,
                        size=len(sealed),
                        title=form.name,
                        created_at=work.now(),
                    )
                )
                work.add(FormEvent(form_id=form_id, what="sealed", at=work.now()))
                work.audit("document.sealed", stored, sha256=sha256)
        except IntegrityError:  # another process was first: its bytes are the document
            with open_work(SYSTEM, engine=engine, write=False) as work:
                known = _stored(work, form_id)
            if known is None:
                raise
            return known
    return sha256


def pending(*, engine: Engine | None = None) -> list[UUID]:
    """Signed and filled forms whose document is still to be made, oldest first."""
    with open_work(SYSTEM, engine=engine, write=False) as work:
        return list(
            work.db.exec(
                select(AssignedForm.id)
                .outerjoin(StoredDocument, col(StoredDocument.form_id) == AssignedForm.id)
                .outerjoin(FormSubmission, col(FormSubmission.form_id) == AssignedForm.id)
                .where(
                    or_(AssignedForm.kind == FormKind.CONSENT, col(FormSubmission.id).is_not(None)),
                    AssignedForm.status == FormStatus.DONE,
                    col(StoredDocument.id).is_(None),
                )
                .order_by(col(AssignedForm.done_at))
                .limit(BATCH + len(_resting))
            )
        )


def seal_pending(*, engine: Engine | None = None, through: Gateways | None = None) -> int:
    """The job: make what is to be made; returns how many documents were. One that fails rests, the others go on."""
    made = 0
    for form_id in pending(engine=engine):
        if _resting.get(form_id, 0.0) > time.monotonic():
            continue
        try:
            seal_signed(form_id, engine=engine, through=through)
            made += 1
            _resting.pop(form_id, None)
        except GatewayError as error:
            _resting[form_id] = time.monotonic() + REST_SECONDS
            log.warning("form %s could not be sealed: %s", form_id, error)
    return made


def damaged(work: Work, *, through: Gateways | None = None) -> list[str]:
    """One sentence for each stored document or photograph that is missing, changed, or not as it was sealed."""
    through = through or gateways()
    wrong = []
    for stored in work.db.exec(select(StoredDocument).order_by(col(StoredDocument.id))):
        try:
            report = through.seal.check(through.storage.get(stored.sha256))
        except GatewayError as error:
            wrong.append(f"Document {stored.id} of form {stored.form_id}: {error}")
            continue
        if not (report.intact and report.whole_file):
            wrong.append(f"Document {stored.id} of form {stored.form_id}: its seal is broken.")
    for photo in work.db.exec(select(FormPhoto).where(col(FormPhoto.removed_at).is_(None)).order_by(col(FormPhoto.id))):
        try:
            through.storage.get(photo.sha256)
        except GatewayError as error:
            wrong.append(f"Photograph {photo.id} of form {photo.form_id}: {error}")
    return wrong


def _finished(work: Work, form: Form) -> bool:
    """Whether there is something to seal. A questionnaire filled on paper, years ago, has no answers here."""
    if form.status is not FormStatus.DONE:
        return False
    if form.kind is FormKind.CONSENT:
        return True
    submission = select(FormSubmission.id).where(FormSubmission.form_id == form.id)
    return work.db.exec(submission).first() is not None


def _compose(work: Work, form: Form, *, sealing: bool) -> ConsentDocument | QuestionnaireDocument:
    if form.kind is FormKind.CONSENT:
        return consent_document.compose(work, form, sealing=sealing)
    return questionnaire_document.compose(work, form, sealing=sealing)


def _draw(document: ConsentDocument | QuestionnaireDocument, through: Gateways) -> bytes:
    """The PDF. Photographs are fetched here, out of any transaction; one that is not to be had stops a document."""
    if isinstance(document, ConsentDocument):
        return through.pdf.render(consent.render(document))
    small = {sha256: images.small(through.storage.get(sha256)) for sha256 in document.photographs}
    return through.pdf.render(questionnaire.render(document, small))


def _lock(form_id: UUID) -> threading.Lock:
    with _drawing_guard:
        return _drawing.setdefault(form_id, threading.Lock())


def _stored(work: Work, form_id: UUID) -> str | None:
    return work.db.exec(select(StoredDocument.sha256).where(StoredDocument.form_id == form_id)).first()


def _filename(name: str, status: str = "") -> str:
    """A name that every system takes: letters, digits, spaces and hyphens of the form's own name."""
    words = "".join(letter if letter.isalnum() or letter in " -" else " " for letter in name)
    return f"{' '.join(words.split())[:100] or 'Form'}{f' ({status})' if status else ''}.pdf"
