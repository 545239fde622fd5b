"""What may stand in a questionnaire before anybody has typed: what is known of the person, and what they said last."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from portal.domain.entry import Unclear

if TYPE_CHECKING:
    from portal.domain.questionnaire.items import Item
    from portal.domain.questionnaire.schema import Schema
    from portal.domain.questionnaire.values import Answers, Value

LAST = "last"  # the person's latest submission of the same form
SOURCES = (
    *("patient.name", "patient.preferredName", "patient.birthDate", "patient.phone", "patient.email"),
    *("patient.address", "emergency.name", "emergency.phone", "emergency.relationship"),
    *("pharmacy.name", "pharmacy.phone", "carrier.name", "carrier.memberId", "referral"),
)


def prefilled(schema: "Schema", known: Mapping[str, str], last: "Answers", kept: "Answers") -> "dict[str, Value]":
    """What may stand in each question that is not answered yet.

    `known` has a value for some of `SOURCES`, `last` the latest submission, `kept` what was answered in a copy of this
    form that was withdrawn: all of that is offered again. What no longer fits the question is left out. Photographs and
    signatures are never carried over.
    """
    from portal.domain.questionnaire.items import Kind

    found: dict[str, Value] = {}
    for item in schema.questions():
        if item.kind in {Kind.ATTACHMENT, Kind.SIGNATURE}:
            continue
        value = kept.get(item.link_id)
        if value is None and item.prefill:
            value = last.get(item.link_id) if item.prefill == LAST else known.get(item.prefill)
        fitting = _fitting(item, value)
        if fitting is not None:
            found[item.link_id] = fitting
    return found


def _fitting(item: "Item", value: "Value") -> "Value":
    from portal.domain.questionnaire.values import clean

    try:
        return clean(item, value)
    except Unclear:
        return None
