"""Whether what was signed, submitted and sealed still is what its hash says."""

import hashlib
from collections.abc import Iterator

from sqlmodel import col, select

from portal.models import AssignedForm, AuditEvent, FormSubmission, StoredDocument
from portal.work import Work


def altered(work: Work) -> Iterator[str]:
    """One sentence for each signed text, submission and document that is not what was signed, submitted or sealed.

    Which file was sealed for a form stands in the audit log too, in its chain: a whole file of another form, or one
    that was sealed anew, does not pass for it.
    """
    texts = select(AssignedForm).where(col(AssignedForm.frozen_html).is_not(None)).order_by(col(AssignedForm.id))
    for form in work.db.exec(texts.execution_options(yield_per=200)):
        if _hash(form.frozen_html or "") != form.text_sha256:
            yield f"Form {form.id}: its text is not the one that was signed."
    ids = list(work.db.exec(select(FormSubmission.form_id).order_by(col(FormSubmission.id))))
    for form_id in ids:
        try:
            row = work.db.exec(select(FormSubmission).where(FormSubmission.form_id == form_id)).one()
            whole = _hash(row.answers) == row.answers_sha256
        except Exception:  # noqa: BLE001  # whatever keeps an answer from being opened, it is not as it was stored
            whole = False
        if not whole:
            yield f"Form {form_id}: its answers are not those that were submitted."
    told = select(AuditEvent.subject_id, AuditEvent.detail).where(AuditEvent.action == "document.sealed")
    sealed = {document_id: detail.get("sha256") for document_id, detail in work.db.exec(told)}
    stored = select(StoredDocument.id, StoredDocument.form_id, StoredDocument.sha256).order_by(col(StoredDocument.id))
    for document_id, form_id, sha256 in work.db.exec(stored):
        if sealed.get(document_id) != sha256:
            yield f"Document {document_id} of form {form_id}: it is not the one that was sealed for this form."


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
