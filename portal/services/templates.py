"""Forms that the practice asks for. A text is published as a version, and a version never changes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from portal.documents.markdown import render_consent
from portal.domain.paperwork import FormCategory, FormKind
from portal.domain.questionnaire import Schema
from portal.errors import Invalid
from portal.models import FormTemplate, ServiceForm, TemplateVersion
from portal.queries.forms import MERGE_FIELDS
from portal.work import Work

MOST_INITIALS = 20
LONGEST_NAME = 120
LONGEST_VALIDITY = 120  # months
MOST_OPTIONS = 10
LONGEST_OPTION = 200


def create(
    work: Work,
    practice_id: UUID,
    name: str,
    kind: FormKind = FormKind.CONSENT,
    category: FormCategory | None = None,
) -> UUID:
    """A new form without a text yet; its category follows from its kind unless given.

    `Invalid` for a name that cannot head a document, and for a category of the other kind.
    """
    work.require_staff()
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid({"name": f"Give the form a name of at most {LONGEST_NAME} characters."})
    category = category or FormCategory(kind.value)
    if (kind is FormKind.QUESTIONNAIRE) != (category is FormCategory.QUESTIONNAIRE):
        raise Invalid({"category": "A questionnaire is filled, everything else is signed. Choose the category anew."})
    template = work.add(FormTemplate(practice_id=practice_id, name=name, kind=kind, category=category))
    work.audit("template.created", template, name=name, category=category.value)
    return template.id


def publish(
    work: Work,
    template_id: UUID,
    text: str,
    *,
    initials: Sequence[str] = (),
    options: Sequence[Mapping[str, str]] = (),
    questions: Mapping[str, Any] | None = None,
    needs_witness: bool = False,
    per_visit: bool = False,
    valid_months: int = 0,
) -> UUID:
    """Publish `text` (Markdown with merge fields) as the next version. Forms asked for before keep theirs.

    `initials` names the sections that want the patient's initials; of `options` (`[{"id", "label"}, …]`) the signer
    chooses one. A questionnaire has `questions`, as `domain.questionnaire.Schema` reads them, and `text` is its
    introduction, which may be empty. `TemplateError` for a text that cannot be filled in, `Invalid` for rules that
    cannot be kept.
    """
    work.require_staff()
    template = work.get(FormTemplate, template_id)
    render_consent(text, dict.fromkeys(MERGE_FIELDS, ""))
    sections = [" ".join(section.split()) for section in initials]
    choices = [{"id": option.get("id", ""), "label": " ".join(option.get("label", "").split())} for option in options]
    asks = template.kind is FormKind.QUESTIONNAIRE
    problems = {
        "text": "" if asks or text.strip() else "Write the text of the form.",
        "initials": ""
        if len(set(sections)) == len(sections) <= MOST_INITIALS and all(0 < len(s) <= LONGEST_NAME for s in sections)
        else f"Name each section that needs initials once, at most {MOST_INITIALS} of them.",
        "options": ""
        if _sound(choices)
        else f"Give at least two choices, at most {MOST_OPTIONS}, each with an id and words of its own.",
        "questions": _questions(questions, wanted=asks),
        "needs_witness": "A questionnaire is not signed: it has no witness, no initials and no choices."
        if asks and (needs_witness or sections or choices)
        else "",
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
            options=choices,
            questions=dict(questions) if questions is not None else None,
            needs_witness=needs_witness,
            per_visit=per_visit,
            valid_months=valid_months,
            published_at=work.now(),
        )
    )
    work.audit("template.published", version, template=str(template.id), number=version.number)
    return version.id


def _sound(choices: Sequence[Mapping[str, str]]) -> bool:
    """None at all, or two and more that can be told apart."""
    ids, labels = {choice["id"] for choice in choices}, {choice["label"] for choice in choices}
    told_apart = len(ids) == len(labels) == len(choices) != 1 and len(choices) <= MOST_OPTIONS
    return told_apart and all(0 < len(words) <= LONGEST_OPTION for words in ids | labels)


def _questions(questions: Mapping[str, Any] | None, *, wanted: bool) -> str:
    """What is wrong with the questions; empty when they are sound, and when there should be none and are none."""
    if questions is None:
        return "Add the questions." if wanted else ""
    if not wanted:
        return "Only a questionnaire has questions."
    try:
        Schema.parse(questions)
    except Invalid as wrong:
        return wrong.sentence
    return ""


def ask_for(work: Work, service_id: UUID, template_id: UUID) -> None:
    """Booking the service asks for the form from now on; saying it twice changes nothing."""
    work.require_staff()
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
