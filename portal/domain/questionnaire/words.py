"""A filled questionnaire in words: for the review, for reading it later, for its document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from portal.domain.questionnaire import values
from portal.domain.questionnaire.conditions import visible
from portal.domain.questionnaire.items import CHOSEN, NUMBERS, Item, Kind
from portal.domain.questionnaire.schema import Schema
from portal.domain.questionnaire.values import Answers, Value
from portal.domain.signature import Drawing

UNANSWERED = "Not answered"


@dataclass(frozen=True, slots=True)
class Line:
    """A question and its answer in words. `photos` are ids; `drawing` is a signature that was drawn."""

    question: str
    answer: str
    link_id: str = ""
    kind: Kind = Kind.STRING
    answered: bool = True
    photos: tuple[str, ...] = ()
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the questionnaire; `link_id` is the page's."""

    title: str
    lines: list[Line]
    link_id: str = ""


def describe(schema: Schema, answers: Answers, say_date: Callable[[date], str] = date.isoformat) -> list[Section]:
    """What was asked and what was answered, page by page. What was not asked is not there; `say_date` writes a date."""
    shown = visible(schema, answers)
    return [
        Section(page.text, list(_lines(page, answers, shown, say_date)), page.link_id)
        for page in schema.pages
        if page.link_id in shown and any(item.asks and item.link_id in shown for item in page.walk())
    ]


def _lines(page: Item, answers: Answers, shown: set[str], say_date: Callable[[date], str]) -> Iterator[Line]:
    for item in page.walk():
        if not item.asks or item.link_id not in shown:
            continue
        value = answers.get(item.link_id)
        said = say(item, value, say_date)
        yield Line(
            question=item.text,
            answer=said or UNANSWERED,
            link_id=item.link_id,
            kind=item.kind,
            answered=bool(said),
            photos=tuple(value) if item.kind is Kind.ATTACHMENT and isinstance(value, list) else (),
            drawing=_drawing(value) if item.kind is Kind.SIGNATURE else None,
        )


def say(item: Item, value: Value, say_date: Callable[[date], str] = date.isoformat) -> str:
    """One answer in words; empty when there is none."""
    if value is None or value == []:
        return ""
    if item.kind in CHOSEN:
        chosen = values.chosen(item, value)
        said = [option.label for option in item.options if option.code in chosen]
        return ", ".join([*said, *filter(None, [values.other(value)])])
    match item.kind, value:
        case Kind.BOOLEAN, _:
            return "Yes" if value is True else "No"
        case Kind.DATE, _:
            day = values.day(value)
            return say_date(day) if day else str(value)
        case Kind.ATTACHMENT, list():
            return f"{len(value)} photograph{'s' * (len(value) > 1)}"
        case Kind.SCALE, _:
            return f"{value} of {item.most:f}" if item.most is not None else str(value)
        case Kind.SIGNATURE, {"typed_name": str(name)}:
            return f"Signed by typing: {name}"
        case Kind.SIGNATURE, _:
            return "Signed by hand"
        case _:
            numbered = item.kind in NUMBERS and item.unit and values.number(value) is not None
            return f"{value} {item.unit}" if numbered else str(value)


def _drawing(value: Value) -> Drawing | None:
    if isinstance(value, dict) and isinstance(value.get("drawing"), str):
        return Drawing.from_json(value["drawing"])
    return None
