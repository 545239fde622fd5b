"""A submitted questionnaire as a FHIR R4 QuestionnaireResponse (hl7.org/fhir/R4/questionnaireresponse.html)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from portal.domain.questionnaire import values
from portal.domain.questionnaire.conditions import visible
from portal.domain.questionnaire.items import CHOSEN, NUMBERS, Item, Kind
from portal.domain.questionnaire.schema import Schema
from portal.domain.questionnaire.values import Answers, Value


def response(
    schema: Schema, answers: Answers, *, questionnaire: str, subject: str, authored: datetime
) -> dict[str, Any]:
    """The answers to what was asked. `questionnaire` is the version's address, `subject` a reference to the patient."""
    shown = visible(schema, answers)
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": questionnaire,
        "status": "completed",
        "subject": {"reference": subject},
        "authored": authored.isoformat(),
        "item": [_item(page, answers, shown) for page in schema.pages if page.link_id in shown],
    }


def _item(item: Item, answers: Answers, shown: set[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"linkId": item.link_id} | ({"text": item.text} if item.text else {})
    if inner := [_item(one, answers, shown) for one in item.items if one.link_id in shown]:
        made["item"] = inner
    if given := list(_answers(item, answers.get(item.link_id))):
        made["answer"] = given
    return made


def _answers(item: Item, value: Value) -> Iterator[dict[str, Any]]:
    if value is None or not item.asks:
        return
    if item.kind in CHOSEN:
        for code in values.chosen(item, value):
            option = item.option(code)
            yield {"valueCoding": {"code": code, "display": option.label if option else code}}
        if words := values.other(value):
            yield {"valueString": words}
    elif item.kind is Kind.ATTACHMENT:
        for photo in value if isinstance(value, list) else []:
            yield {"valueAttachment": {"url": f"urn:uuid:{photo}"}}
    elif item.kind is Kind.SIGNATURE:
        name = value.get("typed_name") if isinstance(value, dict) else None
        yield {"valueString": f"Signed by typing: {name}" if name else "Signed by hand"}
    elif item.kind is Kind.BOOLEAN:
        yield {"valueBoolean": value}
    elif item.kind is Kind.DATE:
        yield {"valueDate": value}
    elif item.kind in NUMBERS or item.kind is Kind.SCALE:
        yield _number(item, value)
    else:
        yield {"valueString": value}


def _number(item: Item, value: Value) -> dict[str, Any]:
    found = values.number(value)
    plain = None if found is None else int(found) if found % 1 == 0 else float(found)
    if item.unit:
        return {"valueQuantity": {"value": plain, "unit": item.unit}}
    return {"valueDecimal": plain} if item.kind is Kind.DECIMAL else {"valueInteger": plain}
