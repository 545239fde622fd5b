"""What may stand in a questionnaire before anybody has typed: what is known of the person, and what they said last."""

from collections.abc import Mapping

from portal.domain.entry import Unclear
from portal.domain.questionnaire.items import LAST, Item, Kind
from portal.domain.questionnaire.schema import Schema
from portal.domain.questionnaire.values import Answers, Value, clean


def prefilled(schema: Schema, known: Mapping[str, str], last: Answers, kept: Answers) -> dict[str, Value]:
    """What may stand in each question that is not answered yet.

    `known` has a value for some of `items.SOURCES`, `last` is the latest submission, `kept` what was answered in a copy
    of this form that was withdrawn: all of that is offered again. What no longer fits the question is left out.
    Photographs and signatures are never carried over.
    """
    found: dict[str, Value] = {}
    for item in schema.questions():
        if item.kind in {Kind.ATTACHMENT, Kind.SIGNATURE}:
            continue
        value = kept.get(item.link_id)
        if item.link_id not in kept and item.prefill:
            value = last.get(item.link_id) if item.prefill == LAST else known.get(item.prefill)
        fitting = _fitting(item, value)
        if fitting is not None:
            found[item.link_id] = fitting
    return found


def _fitting(item: Item, value: Value) -> Value:
    try:
        return clean(item, value)
    except Unclear:
        return None
