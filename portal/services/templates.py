"""Forms that the practice asks for. A text is published as a version, and a version never changes."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, func, select

from portal.documents.markdown import render_consent
from portal.domain.paperwork import FormKind
from portal.errors import Invalid
from portal.models import FormTemplate, ServiceForm, TemplateVersion
from portal.queries.forms import MERGE_FIELDS
from portal.work import Work

MOST_INITIALS = 20
LONGEST_NAME = 120
LONGEST_VALIDITY = 120  # months


def create(work: Work, practice_id: UUID, name: str, kind: FormKind = FormKind.CONSENT) -> UUID:
    """A new form without a text yet. `Invalid` for a name that cannot head a document."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": f"Give the form a name of at most {LONGEST_NAME} characters."})
    template = work.add(FormTemplate(practice_id=practice_id, name=name, kind=kind))
    work.audit("template.created", template, name=name)
    return template.id


def publish(
    work: Work,
    template_id: UUID,
    text: str,
    *,
    initials: Sequence[str] = (),
    needs_witness: bool = False,
    per_visit: bool = False,
    valid_months: int = 0,
) -> UUID:
    """Publish `text` (Markdown with merge fields) as the next version. Forms asked for before keep theirs.

    `initials` names the sections that want the patient's initials. `TemplateError` for a text that cannot be filled in,
    `Invalid` for rules that cannot be kept.
    """
    template = work.get(FormTemplate, template_id)
    render_consent(text, dict.fromkeys(MERGE_FIELDS, ""))
    sections = [" ".join(section.split()) for section in initials]
    problems = {
        "text": "" if text.strip() else "Write the text of the form.",
        "initials": ""
        if len(set(sections)) == len(sections) <= MOST_INITIALS and all(0 < len(s) <= LONGEST_NAME for s in sections)
        else f"Name each section that needs initials once, at most {MOST_INITIALS} of them.",
        "valid_months": ""
        if 0 <= valid_months <= LONGEST_VALIDITY
        else f"A signature counts for 1 to {LONGEST_VALIDITY} months, or 0 for good.",
    }
    if any(problems.values()):
        raise Invalid({field: sentence for field, sentence in problems.items() if sentence})
    work.hold(f"template:{template_id}")
    latest = work.db.exec(
        select(func.max(TemplateVersion.number)).where(TemplateVersion.template_id == template_id)
    ).one()
    version = work.add(
        TemplateVersion(
            template_id=template.id,
            number=(latest or 0) + 1,
            text=text,
            initials=sections,
            needs_witness=needs_witness,
            per_visit=per_visit,
            valid_months=valid_months,
            published_at=work.now(),
        )
    )
    work.audit("template.published", version, template=str(template.id), number=version.number)
    return version.id


def ask_for(work: Work, service_id: UUID, template_id: UUID) -> None:
    """Booking the service asks for the form from now on; saying it twice changes nothing."""
    known = work.db.exec(
        select(ServiceForm.id).where(ServiceForm.service_id == service_id, ServiceForm.template_id == template_id)
    ).first()
    if known is None:
        link = work.add(ServiceForm(service_id=service_id, template_id=template_id))
        work.audit("template.tied", link, service=str(service_id), template=str(template_id))


def latest(work: Work, template_id: UUID) -> TemplateVersion | None:
    """The version that new assignments use."""
    return work.db.exec(
        select(TemplateVersion)
        .where(TemplateVersion.template_id == template_id)
        .order_by(col(TemplateVersion.number).desc())
        .limit(1)
    ).first()
