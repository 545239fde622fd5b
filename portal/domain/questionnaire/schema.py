"""Reading a questionnaire as it is stored. What cannot be asked soundly is refused here, before anybody is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.domain.questionnaire.fields import MOST_ITEMS, a_list, decimal, number, one_of, switch, whole, words, wrong
from portal.domain.questionnaire.items import (
    CHOSEN,
    LAST,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_PHOTOS,
    NUMBERS,
    SOURCES,
    Condition,
    Days,
    Item,
    Kind,
    Option,
    as_object,
)

MOST_OPTIONS = 80
MOST_CONDITIONS = 20
DEEPEST = 5
LONGEST_SCALE = 20

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ORDERED = {">", "<", ">=", "<="}
_OPERATORS = {"exists", "=", "!=", *_ORDERED}
_KEYS = {
    *("linkId", "type", "text", "help", "missing", "required", "repeats", "answerOption", "item", "enableWhen"),
    *("enableBehavior", "maxLength", "unit", "min", "max", "minLabel", "maxLabel", "days", "maxPhotos", "prefill"),
}
_ANSWERS = ("answerBoolean", "answerCoding", "answerString", "answerInteger", "answerDecimal", "answerDate")


@dataclass(frozen=True, slots=True)
class Schema:
    """A questionnaire: its pages (the outermost groups), and every item by its id, as they are read."""

    pages: tuple[Item, ...]
    items: Mapping[str, Item]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Schema":
        """The questionnaire in `{"item": […]}`. `Invalid` (`questions`) names the place of what is wrong."""
        if set(data) - {"resourceType", "title", "item"}:
            raise wrong("", f"unknown key {min(set(data) - {'resourceType', 'title', 'item'})!r}")
        raw = a_list(data, "item", "")
        if not raw:
            raise wrong("", "there is nothing to ask")
        pages = tuple(_item(one, "", 1) for one in raw)
        items: dict[str, Item] = {}
        for page in pages:
            if page.kind is not Kind.GROUP:
                raise wrong(page.link_id, "the outermost items are groups: each is one page")
            for item in page.walk():
                if item.link_id in items:
                    raise wrong(item.link_id, "this id is used twice")
                _check_conditions(item, items)
                items[item.link_id] = item
        if len(items) > MOST_ITEMS:
            raise wrong("", f"more than {MOST_ITEMS} items")
        if not any(item.asks for item in items.values()):
            raise wrong("", "there is nothing to ask")
        return cls(pages, items)

    def questions(self) -> list[Item]:
        """All that is asked, as it is read."""
        return [item for item in self.items.values() if item.asks]


def _item(data: object, inside: str, depth: int) -> Item:
    raw = as_object(data)
    if raw is None:
        raise wrong(inside, "an item is an object")
    link_id = raw.get("linkId")
    if not isinstance(link_id, str) or not _ID.fullmatch(link_id):
        raise wrong(inside, "an item needs a linkId of at most 64 letters, digits, dots, hyphens and underscores")
    if unknown := set(raw) - _KEYS:
        raise wrong(link_id, f"unknown key {min(map(str, unknown))!r}")
    try:
        kind = Kind(raw.get("type", ""))
    except ValueError:
        raise wrong(link_id, f"unknown type {raw.get('type')!r}") from None
    if depth > DEEPEST:
        raise wrong(link_id, f"groups within groups more than {DEEPEST} deep")
    inner = a_list(raw, "item", link_id)
    if bool(inner) != (kind is Kind.GROUP):
        raise wrong(link_id, "a group has items, and nothing else has")
    item = Item(
        link_id=link_id,
        kind=kind,
        text=words(raw, "text", link_id),
        help=words(raw, "help", link_id),
        missing=words(raw, "missing", link_id),
        required=switch(raw, "required", link_id),
        repeats=switch(raw, "repeats", link_id),
        options=tuple(_option(one, link_id) for one in a_list(raw, "answerOption", link_id)),
        items=tuple(_item(one, link_id, depth + 1) for one in inner),
        conditions=tuple(_condition(one, link_id) for one in a_list(raw, "enableWhen", link_id)),
        any_of=one_of(raw, "enableBehavior", ("all", "any"), link_id) == "any",
        longest=_longest(raw, kind, link_id),
        unit=words(raw, "unit", link_id),
        least=number(raw, "min", link_id),
        most=number(raw, "max", link_id),
        least_label=words(raw, "minLabel", link_id),
        most_label=words(raw, "maxLabel", link_id),
        days=Days(one_of(raw, "days", tuple(Days), link_id)),
        photos=whole(raw, "maxPhotos", MOST_PHOTOS, 12, link_id),
        prefill=one_of(raw, "prefill", ("", *SOURCES, LAST), link_id),
    )
    _check(item)
    return item


def _check(item: Item) -> None:
    """What has to go together."""
    codes = [option.code for option in item.options]
    if not item.text and item.kind is not Kind.GROUP:
        raise wrong(item.link_id, "there are no words")
    if bool(codes) != (item.kind in CHOSEN):
        raise wrong(item.link_id, "a choice has options, and nothing else has")
    if len(set(codes)) != len(codes) or len(codes) > MOST_OPTIONS:
        raise wrong(item.link_id, f"each option needs a code of its own, and there are at most {MOST_OPTIONS}")
    if item.repeats and item.kind not in CHOSEN:
        raise wrong(item.link_id, "only of options several can be chosen")
    if item.required and not item.asks:
        raise wrong(item.link_id, "only a question can be required")
    if item.kind is Kind.SCALE and not _sound_scale(item):
        raise wrong(item.link_id, f"a scale needs whole numbers as min and max, at most {LONGEST_SCALE} apart")
    if (item.least, item.most) != (None, None) and item.kind not in NUMBERS | {Kind.SCALE}:
        raise wrong(item.link_id, "only numbers have bounds")
    if item.least is not None and item.most is not None and item.least > item.most:
        raise wrong(item.link_id, "min is above max")
    if item.prefill and item.kind in {Kind.GROUP, Kind.DISPLAY, Kind.ATTACHMENT, Kind.SIGNATURE}:
        raise wrong(item.link_id, "this cannot be prefilled")


def _sound_scale(item: Item) -> bool:
    if item.least is None or item.most is None or item.least % 1 or item.most % 1:
        return False
    return 0 < item.most - item.least <= LONGEST_SCALE


def _option(data: object, link_id: str) -> Option:
    """`{"valueCoding": {"code", "display"}}` or `{"valueString"}`; `exclusive` beside it."""
    raw = as_object(data) or {}
    text = raw.get("valueString")
    coding = as_object(raw.get("valueCoding")) or {"code": text, "display": text}
    code, label = coding.get("code"), coding.get("display")
    foreign = set(raw) - {"valueCoding", "valueString", "exclusive"}
    if isinstance(code, str) and isinstance(label, str) and not foreign:
        label = label.strip()
        if 0 < len(code) <= LONGEST_LINE and 0 < len(label) <= LONGEST_LINE:
            return Option(code, label, switch(raw, "exclusive", link_id))
    raise wrong(link_id, "an option is a valueCoding with code and display, or a valueString")


def _condition(data: object, link_id: str) -> Condition:
    raw = as_object(data) or {}
    question, operator = raw.get("question"), raw.get("operator")
    given = [key for key in _ANSWERS if key in raw]
    if not isinstance(question, str) or operator not in _OPERATORS or len(given) != 1 or len(raw) != 3:
        raise wrong(link_id, "a condition has a question, an operator that we know, and one answer")
    (key,) = given
    return Condition(question, operator, _answer(key, raw[key], link_id))


def _answer(key: str, value: object, link_id: str) -> bool | str | Decimal | date:
    match key, value:
        case "answerBoolean", bool():
            return value
        case "answerCoding", {"code": str(code)}:
            return code
        case "answerString", str():
            return value
        case "answerInteger" | "answerDecimal", _ if (found := decimal(value)) is not None:
            return found
        case "answerDate", str():
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        case _:
            pass
    raise wrong(link_id, f"{key} does not fit")


def _check_conditions(item: Item, before: Mapping[str, Item]) -> None:
    """A condition speaks of a question above it, in that question's own kind of answer. So nothing runs in circles."""
    if len(item.conditions) > MOST_CONDITIONS:
        raise wrong(item.link_id, f"more than {MOST_CONDITIONS} conditions")
    for condition in item.conditions:
        asked = before.get(condition.question)
        if asked is None or not asked.asks:
            raise wrong(item.link_id, f"its condition needs a question above it, and {condition.question!r} is none")
        if not _fits(asked, condition):
            raise wrong(item.link_id, f"its condition on {condition.question!r} can never be judged")


def _fits(asked: Item, condition: Condition) -> bool:
    if condition.operator == "exists":
        return isinstance(condition.answer, bool)
    ordered = condition.operator in _ORDERED
    match asked.kind:
        case Kind.BOOLEAN:
            return isinstance(condition.answer, bool) and not ordered
        case Kind.CHOICE | Kind.OPEN_CHOICE:
            return asked.option(condition.answer) is not None and not ordered
        case Kind.INTEGER | Kind.DECIMAL | Kind.SCALE:
            return isinstance(condition.answer, Decimal)
        case Kind.DATE:
            return isinstance(condition.answer, date)
        case Kind.STRING | Kind.TEXT:
            return isinstance(condition.answer, str) and not ordered
        case _:
            return False


def _longest(raw: Mapping[str, Any], kind: Kind, link_id: str) -> int:
    most = LONGEST_TEXT if kind is Kind.TEXT else LONGEST_LINE
    return whole(raw, "maxLength", most, most, link_id)
