"""Answers as they are kept, as JSON.

What is typed stays text: a number ("72.5") and a date ("1988-03-14") in one form when they can be read, and otherwise
just as they were typed, so that nothing is lost while the problem is said beside the question. What is chosen is a
code, of several a list of codes; an open choice is `{"chosen": [codes], "other": text}`. Yes or no is a boolean, a
scale a whole number, photographs a list of their ids, a signature `{"drawing": …}` or `{"typed_name": …}`.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from portal.domain import signature
from portal.domain.entry import Unclear
from portal.domain.questionnaire.items import LARGEST, NUMBERS, Item, Kind, as_list, as_object

Value = str | bool | int | list[str] | dict[str, Any] | None
Answers = Mapping[str, Value]

FOREIGN = "Choose from the answers that are offered."
UNREADABLE = "We could not read that answer. Please give it again."
_TYPED = frozenset({Kind.STRING, Kind.TEXT, Kind.DATE, *NUMBERS})
_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_US = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4})", re.ASCII)
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # letters that turn others around


def clean(item: Item, raw: object) -> Value:
    """An answer as it came from outside, as it is kept; None for an empty one.

    Strict in what it is made of: `Unclear` for what is no answer to this question at all. What was typed and cannot be
    read yet stays as it is.
    """
    if not item.asks or item.kind is Kind.ATTACHMENT:
        raise Unclear(UNREADABLE)
    if raw in (None, "", [], {}):
        return None
    if item.kind in _TYPED:
        return _typed(item, raw)
    match item.kind:
        case Kind.BOOLEAN:
            return _boolean(raw)
        case Kind.CHOICE:
            return _many(item, raw) if item.many else _one(item, raw)
        case Kind.OPEN_CHOICE:
            return _open(item, raw)
        case Kind.SCALE:
            return _step(item, raw)
        case _:
            return _signature(raw)


def toggle(item: Item, value: Value, code: str) -> Value:
    """The answer after one of several options was switched: one that stands alone takes the others away."""
    other = value.get("other", "") if isinstance(value, dict) else ""
    before = chosen(item, value)
    pressed = item.option(code)
    if pressed is None:
        raise Unclear(FOREIGN)
    if code in before:
        after = [one for one in before if one != code]
    elif pressed.exclusive or not item.many:
        after, other = [code], ""
    else:
        after = [one for one in before if not _exclusive(item, one)] + [code]
    if item.kind is Kind.OPEN_CHOICE:
        return _open(item, {"chosen": after, "other": other})
    return _many(item, after) if item.many else (after or [None])[0]


def chosen(item: Item, value: Value) -> list[str]:
    """The codes of the options that are chosen, in the order they are offered."""
    if isinstance(value, dict):
        value = value.get("chosen")
    codes = value if isinstance(value, list) else [value]
    return [option.code for option in item.options if option.code in codes]


def other(value: Value) -> str:
    """What was written beside the options of an open choice."""
    return str(value.get("other", "")) if isinstance(value, dict) else ""


def number(value: Value) -> Decimal | None:
    """A number as it was typed; None when it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value) if abs(value) < LARGEST else None
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def day(value: Value) -> date | None:
    """A date as it was typed, 1988-03-14 or 3/14/1988; None when there is no such day."""
    if not isinstance(value, str):
        return None
    if found := _ISO.fullmatch(value):
        year, month, day_ = found.groups()
    elif found := _US.fullmatch(value):
        month, day_, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day_))
    except ValueError:
        return None


def _typed(item: Item, raw: object) -> str | None:
    if isinstance(raw, int | float) and not isinstance(raw, bool) and item.kind in NUMBERS:
        raw = str(raw) if abs(raw) < LARGEST else None
    if not isinstance(raw, str):
        raise Unclear(UNREADABLE)
    if len(raw) > 4 * item.longest:  # before anything is done with it
        raise Unclear(f"Please keep this to {item.longest:,} characters.")
    text = printable(raw)
    text = text.strip() if item.kind is Kind.TEXT else " ".join(text.split())
    if len(text) > item.longest:
        raise Unclear(f"Please keep this to {item.longest:,} characters.")
    if item.kind in NUMBERS:
        bare = text.removesuffix(item.unit).strip() if item.unit else text
        found = number(bare)
        return text or None if found is None else _plain(found)
    if item.kind is Kind.DATE:
        found = day(text)
        return text or None if found is None else found.isoformat()
    return text or None


def printable(raw: str) -> str:
    """The text in composed letters, without what cannot be printed and what turns letters around; lines are kept."""
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return "".join(
        letter
        for letter in text
        if letter == "\n" or (unicodedata.category(letter) not in {"Cc", "Cs", "Cn"} and letter not in _TURNING)
    )


def _plain(found: Decimal) -> str:
    text = format(found, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "false"):
        return raw == "true"
    raise Unclear(UNREADABLE)


def _one(item: Item, raw: object) -> str:
    option = item.option(raw) if isinstance(raw, str) else None
    if option is None:
        raise Unclear(FOREIGN)
    return option.code


def _many(item: Item, raw: object) -> list[str] | None:
    given = [raw] if isinstance(raw, str) else as_list(raw)
    if given is None or len(given) > len(item.options):
        raise Unclear(FOREIGN)
    codes = {_one(item, one) for one in given}
    if len(codes) > 1 and any(_exclusive(item, code) for code in codes):
        raise Unclear("Choose either that one alone, or the others.")
    return [option.code for option in item.options if option.code in codes] or None


def _open(item: Item, raw: object) -> dict[str, Any] | None:
    if isinstance(raw, str):  # a code, or words of one's own
        raw = {"chosen": [raw]} if item.option(raw) else {"other": raw}
    given = as_object(raw)
    if given is None or set(given) - {"chosen", "other"}:
        raise Unclear(UNREADABLE)
    codes = _many(item, given.get("chosen") or []) or []
    words = _typed(item, given.get("other") or "") or ""
    if (len(codes) + bool(words) > 1) and (not item.many or any(_exclusive(item, code) for code in codes)):
        raise Unclear("Choose either one of the answers, or write your own.")
    return {"chosen": codes, "other": words} if codes or words else None


def _step(item: Item, raw: object) -> int:
    found = number(raw) if isinstance(raw, str | int) else None
    if found is None or item.least is None or item.most is None or found % 1 or not item.least <= found <= item.most:
        raise Unclear(FOREIGN)
    return int(found)


def _signature(raw: object) -> dict[str, Any]:
    """`{"strokes", "width", "height"}` as the pad reports it, or `{"typed_name"}`."""
    given = as_object(raw)
    if given is None:
        raise Unclear(UNREADABLE)
    try:
        if "typed_name" in given:
            name = given["typed_name"]
            return {"typed_name": signature.typed(name if isinstance(name, str) else "")}
        drawing = signature.drawn(given.get("strokes"), given.get("width", 0), given.get("height", 0))
    except signature.SignatureRefused as refused:
        raise Unclear(refused.sentence) from None
    return {"drawing": drawing.to_json()}


def _exclusive(item: Item, code: str) -> bool:
    option = item.option(code)
    return option is not None and option.exclusive
