"""A questionnaire with every type of item, and how tests fill it."""

from typing import Any
from uuid import UUID

from portal.domain.paperwork import FormKind
from portal.queries import filling as reading
from portal.services import filling, paperwork, templates
from portal.services.filling import Saved, Submitted
from portal.work import SYSTEM, Actor, Work
from tests.support.clinic import OpenAs, TestClinic


def options(*labels: str, alone: str = "") -> list[dict[str, Any]]:
    """Options whose code is their label in lower case; `alone` is the exclusive one."""
    made: list[dict[str, Any]] = [{"valueCoding": {"code": label.lower(), "display": label}} for label in labels]
    return made + [{"valueCoding": {"code": "none", "display": alone}, "exclusive": True}] * bool(alone)


QUESTIONS: dict[str, Any] = {
    "item": [
        {
            "linkId": "you",
            "type": "group",
            "text": "About you",
            "item": [
                {"linkId": "hello", "type": "display", "text": "Take your time."},
                {"linkId": "name", "type": "string", "text": "Your name", "required": True, "prefill": "patient.name"},
                {"linkId": "born", "type": "date", "text": "Your birthday", "days": "birth", "required": True},
                {"linkId": "weight", "type": "decimal", "text": "Your weight", "unit": "lb", "min": 50, "max": 900},
                {"linkId": "children", "type": "integer", "text": "Your children", "min": 0, "max": 30},
            ],
        },
        {
            "linkId": "health",
            "type": "group",
            "text": "Your health today",
            "item": [
                {"linkId": "pregnant", "type": "boolean", "text": "Are you pregnant?", "required": True},
                {
                    "linkId": "weeks",
                    "type": "integer",
                    "text": "How many weeks?",
                    "required": True,
                    "min": 1,
                    "max": 45,
                    "enableWhen": [{"question": "pregnant", "operator": "=", "answerBoolean": True}],
                },
                {
                    "linkId": "twins",
                    "type": "boolean",
                    "text": "Is it twins?",
                    "required": True,
                    "enableWhen": [{"question": "weeks", "operator": ">=", "answerInteger": 12}],
                },
                {
                    "linkId": "lately",
                    "type": "choice",
                    "repeats": True,
                    "required": True,
                    "text": "Lately, did you have any of these?",
                    "answerOption": options("Flu", "Vaccine", alone="None of these"),
                },
                {
                    "linkId": "skin",
                    "type": "choice",
                    "text": "Your skin",
                    "prefill": "last",
                    "answerOption": options("Dry", "Oily"),
                },
                {
                    "linkId": "allergy",
                    "type": "open-choice",
                    "repeats": True,
                    "text": "Allergies",
                    "answerOption": options("Latex", "Lidocaine", alone="No known allergies"),
                },
            ],
        },
        {
            "linkId": "more",
            "type": "group",
            "text": "Anything else",
            "item": [
                {"linkId": "pain", "type": "scale", "text": "Your pain now", "min": 0, "max": 10},
                {"linkId": "since", "type": "date", "text": "Since when?", "days": "past"},
                {"linkId": "note", "type": "text", "text": "What should we know?"},
                {"linkId": "photo", "type": "attachment", "text": "A photograph"},
                {"linkId": "mark", "type": "signature", "text": "Your signature"},
            ],
        },
    ]
}
WHOLE: dict[str, Any] = {"born": "3/14/1988", "pregnant": False, "lately": ["none"]}


def published(work: Work, clinic: TestClinic, questions: dict[str, Any] | None = None, **rules: Any) -> UUID:
    """A questionnaire that the service asks for."""
    template = templates.create(work, clinic.practice_id, "Health Check", FormKind.QUESTIONNAIRE)
    templates.publish(work, template, "Tell us how you are.", questions=questions or QUESTIONS, **rules)
    templates.ask_for(work, clinic.service_id, template)
    return template


def to_fill(
    open_as: OpenAs, clinic: TestClinic, who: Actor | None = None, questions: dict[str, Any] | None = None, **rules: Any
) -> UUID:
    """A questionnaire that waits for Amelia (or `who`), for a visit in three days."""
    who = who or clinic.amelia
    assert who.patient_id is not None
    with open_as(SYSTEM) as work:
        return paperwork.assign(
            work, who.patient_id, published(work, clinic, questions, **rules), clinic.visit(work, who)
        )


def save(open_as: OpenAs, who: Actor, form_id: UUID, link_id: str, value: object, based_on: int | None = None) -> Saved:
    """Save one answer, upon what is there unless said otherwise."""
    with open_as(who) as work:
        if based_on is None:
            there = reading.filling(work, form_id).answers.get(link_id)
            based_on = there.revision if there else 0
        return filling.save_answer(work, form_id, link_id, value, based_on)


def seen(open_as: OpenAs, who: Actor, form_id: UUID) -> str:
    """The hash of what stands on the review page."""
    with open_as(who, write=False) as work:
        return reading.filling(work, form_id).sha256


def fill(open_as: OpenAs, who: Actor, form_id: UUID, answers: dict[str, Any] | None = None) -> None:
    """Open it and answer; without `answers`, as little as is needed."""
    with open_as(who) as work:
        filling.open_form(work, form_id)
    for link_id, value in (WHOLE if answers is None else answers).items():
        save(open_as, who, form_id, link_id, value)


def submit(open_as: OpenAs, who: Actor, form_id: UUID) -> Submitted:
    """Review it and submit it."""
    sha256 = seen(open_as, who, form_id)
    with open_as(who) as work:
        return filling.submit(work, form_id, sha256)
