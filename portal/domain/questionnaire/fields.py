"""The fields of a stored questionnaire, read strictly. `Invalid` (`questions`) names the item that is wrong."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from portal.domain.questionnaire.items import LARGEST, as_list
from portal.errors import Invalid

MOST_ITEMS = 400
LONGEST_WORDS = 2_000


def a_list(raw: Mapping[str, Any], key: str, link_id: str) -> Sequence[object]:
    """A list, empty where there is none."""
    value = as_list(raw.get(key, []))
    if value is None or len(value) > MOST_ITEMS:
        raise wrong(link_id, f"{key} is a list of at most {MOST_ITEMS}")
    return value


def words(raw: Mapping[str, Any], key: str, link_id: str) -> str:
    """Text without spaces around it, empty where there is none."""
    value = raw.get(key, "")
    if not isinstance(value, str) or len(value) > LONGEST_WORDS:
        raise wrong(link_id, f"{key} is text of at most {LONGEST_WORDS} characters")
    return value.strip()


def switch(raw: Mapping[str, Any], key: str, link_id: str) -> bool:
    """A switch, off where it is not set."""
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise wrong(link_id, f"{key} is true or false")
    return value


def one_of(raw: Mapping[str, Any], key: str, known: Sequence[str], link_id: str) -> str:
    """One of the `known` words, the first where there is none."""
    value = raw.get(key, known[0])
    if not isinstance(value, str) or value not in known:
        raise wrong(link_id, f"{key} is one of {', '.join(filter(None, known))}")
    return value


def number(raw: Mapping[str, Any], key: str, link_id: str) -> Decimal | None:
    """A finite number, or None."""
    value = raw.get(key)
    found = decimal(value)
    if value is not None and found is None:
        raise wrong(link_id, f"{key} is a number")
    return found


def decimal(value: object) -> Decimal | None:
    """A number of JSON as it was written; None for anything else, and for one beyond reason."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < LARGEST:
        return None
    return Decimal(str(value))


def whole(raw: Mapping[str, Any], key: str, usual: int, most: int, link_id: str) -> int:
    """A whole number from 1 to `most`; `usual` where there is none."""
    value = raw.get(key, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
        raise wrong(link_id, f"{key} is a whole number up to {most}")
    return value


def wrong(link_id: str, what: str) -> Invalid:
    """What is wrong, and where."""
    place = f"Question “{link_id}”: " if link_id else "Questionnaire: "
    return Invalid({"questions": f"{place}{what}."}, f"{place}{what}.")
