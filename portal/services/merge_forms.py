"""A form that both records were asked for is asked of the one that stays once."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from portal.domain.paperwork import INCOMPLETE, FormStatus
from portal.models import Appointment, AssignedForm, FormAnswer, FormPhoto, TemplateVersion
from portal.services.paperwork import still_counts, void
from portal.work import Work

REASON = "It was asked for twice: two records became one"


def once(work: Work, kept: UUID) -> None:
    """Make void, of the forms that wait in a record which another one went into, those that are asked for twice, or
    that the signature of either covers. What somebody began stays, and so does its twin where both were begun.
    """
    asked: dict[tuple[UUID, UUID | None], list[tuple[AssignedForm, TemplateVersion]]] = defaultdict(list)
    rows = work.db.exec(
        select(AssignedForm, TemplateVersion)
        .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
        .where(AssignedForm.patient_id == kept, col(AssignedForm.status).in_(INCOMPLETE))
        .order_by(col(AssignedForm.id))
    ).all()
    for form, version in rows:
        asked[version.template_id, form.appointment_id if version.per_visit else None].append((form, version))
    begun = _begun(work, [form for form, _ in rows])
    for (template, _), copies in asked.items():
        waiting = [copy for copy in copies if copy[0].id not in begun]
        wanted = [copy for copy in waiting if not _covered(work, copy[0], template)]
        stays = None
        if wanted and len(waiting) == len(copies):  # nobody began: the newest wording, and what was asked first of it
            stays = max(wanted, key=lambda copy: copy[1].number)[0]
            _due_first(stays, [form for form, _ in wanted])
        for form, _ in waiting:
            if form is not stays:
                void(work, form, REASON)
                work.audit("form.voided", form)
    work.db.flush()


def _begun(work: Work, forms: Sequence[AssignedForm]) -> set[UUID]:
    """Those with a signature, an answer or a photograph."""
    ids = [form.id for form in forms]
    found = {form.id for form in forms if form.status is not FormStatus.OPEN}
    for table in (FormAnswer, FormPhoto):
        found |= set(work.db.exec(select(table.form_id).where(col(table.form_id).in_(ids))).all())
    return found


def _covered(work: Work, form: AssignedForm, template: UUID) -> bool:
    visit = work.db.get(Appointment, form.appointment_id) if form.appointment_id else None
    return visit is not None and still_counts(work, visit, template)


def _due_first(stays: AssignedForm, copies: Sequence[AssignedForm]) -> None:
    """What stays is due when the first of them was, and for that visit."""
    due = [form for form in copies if form.due_at is not None]
    first = min(due, key=lambda form: (form.due_at, form.id), default=stays)
    stays.appointment_id, stays.due_at = first.appointment_id, first.due_at
