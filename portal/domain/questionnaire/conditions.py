"""Which items are asked: `enableWhen`, as FHIR R4 has it.

A question that is not asked has no answer, whatever was given before: conditions on it see none. Every condition speaks
of a question above it (`Schema.parse` sees to that), so one pass from top to bottom knows all.
"""

import operator
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from portal.domain.questionnaire import values
from portal.domain.questionnaire.items import CHOSEN, NUMBERS, Condition, Item, Kind
from portal.domain.questionnaire.schema import Schema
from portal.domain.questionnaire.values import Answers, Value

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
}


def visible(schema: Schema, answers: Answers) -> set[str]:
    """The ids of the items that are shown: groups and texts too. A group whose items are all hidden is hidden."""
    shown: set[str] = set()
    for page in schema.pages:
        _look(schema, page, answers, shown)
    return shown


def _look(schema: Schema, item: Item, answers: Answers, shown: set[str]) -> bool:
    judged = (_holds(schema, condition, answers, shown) for condition in item.conditions)
    if item.conditions and not (any(judged) if item.any_of else all(judged)):
        return False
    within = [_look(schema, inner, answers, shown) for inner in item.items]
    if item.kind is Kind.GROUP and not any(within):
        return False
    shown.add(item.link_id)
    return True


def _holds(schema: Schema, condition: Condition, answers: Answers, shown: set[str]) -> bool:
    """`=` and the comparisons want one answer for which they hold, `!=` wants none that equals."""
    asked = schema.items[condition.question]
    value = answers.get(asked.link_id) if asked.link_id in shown else None
    given = list(_readings(asked, value))
    if condition.operator == "exists":
        return bool(given) == condition.answer
    if condition.operator == "!=":
        return condition.answer not in given
    return any(_COMPARE[condition.operator](one, condition.answer) for one in given)


def _readings(item: Item, value: Value) -> Iterator[bool | str | Decimal | date]:
    """The answers as they are compared; what cannot be read is none."""
    if value is None:
        return
    if item.kind in CHOSEN:
        yield from values.chosen(item, value)
        if words := values.other(value):
            yield words
    elif item.kind in NUMBERS or item.kind is Kind.SCALE:
        if (number := values.number(value)) is not None:
            yield number
    elif item.kind is Kind.DATE:
        if (day := values.day(value)) is not None:
            yield day
    elif item.kind in {Kind.ATTACHMENT, Kind.SIGNATURE}:
        yield True
    elif isinstance(value, bool | str):
        yield value
