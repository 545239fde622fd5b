"""Whether a questionnaire is complete: one clear sentence for each question that is asked and not answered soundly."""

from datetime import date, timedelta

from portal.domain.entry import Unclear
from portal.domain.people import read_birth_date
from portal.domain.questionnaire import values
from portal.domain.questionnaire.conditions import visible
from portal.domain.questionnaire.items import NUMBERS, Days, Item, Kind
from portal.domain.questionnaire.schema import Schema
from portal.domain.questionnaire.values import Answers, Value

_MISSING = {
    Kind.BOOLEAN: "Choose Yes or No.",
    Kind.CHOICE: "Choose one of the answers.",
    Kind.OPEN_CHOICE: "Choose one of the answers, or write your own.",
    Kind.SCALE: "Choose a number on the scale.",
    Kind.INTEGER: "Write a number.",
    Kind.DECIMAL: "Write a number.",
    Kind.DATE: "Add the date, such as 03/14/2020.",
    Kind.ATTACHMENT: "Add a photograph.",
    Kind.SIGNATURE: "Sign here, or type your name.",
}
_SEVERAL = "Choose all that apply. One at least is needed."
_FARTHEST = timedelta(days=366 * 100)


def problems(schema: Schema, answers: Answers, today: date) -> dict[str, str]:
    """What is missing or wrong, by question, as they are read. Nothing is: it may be submitted.

    `today` is the day where the clinic is.
    """
    shown = visible(schema, answers)
    found = {
        item.link_id: _problem(item, answers.get(item.link_id), today)
        for item in schema.questions()
        if item.link_id in shown
    }
    return {link_id: sentence for link_id, sentence in found.items() if sentence}


def problem(item: Item, value: Value, today: date) -> str:
    """What is wrong with an answer that was given; empty for a sound one and for none at all."""
    return "" if value is None else _problem(item, value, today)


def _problem(item: Item, value: Value, today: date) -> str:
    if value is None or value == []:
        if not item.required:
            return ""
        if item.missing:
            return item.missing
        return _SEVERAL if item.many else _MISSING.get(item.kind, "Please answer this question.")
    if item.kind in NUMBERS:
        return _number(item, value)
    if item.kind is Kind.DATE:
        return _date(item, value, today)
    if item.kind is Kind.ATTACHMENT:
        many = isinstance(value, list) and len(value) > item.photos
        return f"Keep to {item.photos} photograph{'s' * (item.photos > 1)}." if many else ""
    if item.kind is Kind.SIGNATURE:
        return ""  # read strictly when it was given
    try:
        values.clean(item, value)
    except Unclear as unclear:
        return str(unclear)
    return ""


def _number(item: Item, value: Value) -> str:
    found, unit = values.number(value), f" {item.unit}" if item.unit else ""
    if found is None:
        return (
            "Write a number, in figures, such as 12." if item.kind is Kind.INTEGER else "Write a number, such as 7.5."
        )
    if item.kind is Kind.INTEGER and found % 1:
        return "Write a whole number, without a fraction."
    low = item.least is not None and found < item.least
    high = item.most is not None and found > item.most
    if not low and not high:
        return ""
    if item.least is not None and item.most is not None:
        return f"That should be between {item.least:f} and {item.most:f}{unit}. Please check it."
    return f"That should be {item.least:f}{unit} or more." if low else f"That should be {item.most:f}{unit} or less."


def _date(item: Item, value: Value, today: date) -> str:
    if item.days is Days.BIRTH:
        try:
            read_birth_date(value if isinstance(value, str) else "", today)
        except Unclear as unclear:
            return str(unclear)
        return ""
    found = values.day(value)
    if found is None:
        return "Write the date as month, day and year, such as 03/14/2020."
    if item.days is Days.PAST and found > today:
        return "That date is still to come. Please check the year."
    if item.days is Days.FUTURE and found < today:
        return "That date is over. Please check it."
    return "" if abs(found - today) < _FARTHEST else "That is more than 100 years away. Please check the year."
