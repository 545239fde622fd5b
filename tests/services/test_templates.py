"""Publishing: what a form may ask, and that a published version never changes."""

import copy
from typing import Any

import pytest
from sqlmodel import select

from portal.domain.paperwork import FormCategory, FormKind
from portal.errors import Invalid
from portal.models import FormTemplate, TemplateVersion
from portal.services import templates
from portal.work import SYSTEM
from tests.support.clinic import TEXT, OpenAs, TestClinic
from tests.support.questions import QUESTIONS, published

SCOPES = [{"id": "chart", "label": "In my record only"}, {"id": "public", "label": "In public"}]


def test_a_questionnaire_is_published_with_its_questions(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        template = published(work, clinic)
    shorter = {"item": QUESTIONS["item"][:1]}
    with open_as(SYSTEM) as work:
        templates.publish(work, template, "", questions=shorter, valid_months=6)
        made = work.db.exec(select(TemplateVersion).order_by(TemplateVersion.number)).all()
        assert [(one.number, one.questions == QUESTIONS, one.valid_months) for one in made] == [
            (1, True, 0),
            (2, False, 6),
        ]
        form = work.get(FormTemplate, template)
        assert (form.kind, form.category) == (FormKind.QUESTIONNAIRE, FormCategory.QUESTIONNAIRE)


def test_a_release_is_published_with_its_choices(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        template = templates.create(work, clinic.practice_id, "Photo Release", category=FormCategory.PHOTO_RELEASE)
        templates.publish(work, template, TEXT, options=SCOPES)
        assert work.db.exec(select(TemplateVersion.options)).one() == SCOPES


@pytest.mark.parametrize(
    ("kind", "rules", "field"),
    [
        (FormKind.QUESTIONNAIRE, {}, "questions"),
        (FormKind.QUESTIONNAIRE, {"questions": {}}, "questions"),
        (FormKind.QUESTIONNAIRE, {"questions": {"item": [{"linkId": "a", "type": "quiz"}]}}, "questions"),
        (FormKind.QUESTIONNAIRE, {"questions": QUESTIONS, "needs_witness": True}, "needs_witness"),
        (FormKind.QUESTIONNAIRE, {"questions": QUESTIONS, "initials": ["Risks"]}, "needs_witness"),
        (FormKind.QUESTIONNAIRE, {"questions": QUESTIONS, "valid_months": -1}, "valid_months"),
        (FormKind.CONSENT, {"questions": QUESTIONS}, "questions"),
        (FormKind.CONSENT, {"options": SCOPES[:1]}, "options"),
        (FormKind.CONSENT, {"options": [*SCOPES, SCOPES[0]]}, "options"),
        (FormKind.CONSENT, {"options": [{"id": "a", "label": " "}, {"id": "b", "label": "B"}]}, "options"),
        (FormKind.CONSENT, {"options": [{"id": str(n), "label": str(n)} for n in range(11)]}, "options"),
        (FormKind.CONSENT, {"options": [{"label": "A"}, {"label": "B"}]}, "options"),
    ],
)
def test_what_cannot_be_kept_is_not_published(
    clinic: TestClinic, open_as: OpenAs, kind: FormKind, rules: dict[str, Any], field: str
) -> None:
    with open_as(SYSTEM) as work:
        template = templates.create(work, clinic.practice_id, "Form", kind)
        with pytest.raises(Invalid) as wrong:
            templates.publish(work, template, TEXT, **copy.deepcopy(rules))
        assert set(wrong.value.fields) == {field}
        assert templates.latest(work, template) is None


def test_what_is_wrong_with_the_questions_is_said_with_its_place(clinic: TestClinic, open_as: OpenAs) -> None:
    questions = copy.deepcopy(QUESTIONS)
    questions["item"][1]["item"][1]["enableWhen"][0]["question"] = "note"
    with open_as(SYSTEM) as work:
        template = templates.create(work, clinic.practice_id, "Form", FormKind.QUESTIONNAIRE)
        with pytest.raises(Invalid) as wrong:
            templates.publish(work, template, "", questions=questions)
    assert wrong.value.fields["questions"].startswith("Question “weeks”: its condition needs a question above it")


@pytest.mark.parametrize(
    ("kind", "category"),
    [(FormKind.CONSENT, FormCategory.QUESTIONNAIRE), (FormKind.QUESTIONNAIRE, FormCategory.AGREEMENT)],
)
def test_a_category_of_the_other_kind_is_refused(
    clinic: TestClinic, open_as: OpenAs, kind: FormKind, category: FormCategory
) -> None:
    with open_as(SYSTEM) as work, pytest.raises(Invalid):
        templates.create(work, clinic.practice_id, "Form", kind, category)
