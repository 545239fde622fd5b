"""Arguments of handlers: exactly what was declared, bounded, or nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.security.access import Fields, Id, LongText, Text, arguments, parse

UUID = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"


async def handler(self: object, form_id: Id, note: str, agreed: bool, fields: Fields, count: int = 0) -> None: ...


def payload(**changes: Any) -> dict[str, Any]:
    return {"form_id": UUID, "note": "hi", "agreed": True, "fields": {"a": "b"}} | changes


def test_what_was_declared_passes() -> None:
    assert parse(handler, payload()) == payload()
    assert parse(handler, payload(count=3)) == payload(count=3)


@pytest.mark.parametrize(
    "changes",
    [
        {"form_id": "1; DROP TABLE patient"},
        {"form_id": UUID.upper() + "\n"},
        {"form_id": {"$ne": None}},
        {"form_id": None},
        {"note": "x" * 501},
        {"note": 5},
        {"note": ["hi"]},
        {"agreed": "true"},
        {"agreed": 1},
        {"count": "3"},
        {"count": 2.5},
        {"count": True},
        {"fields": {"a": {"b": "c"}}},
        {"fields": {"a": "x" * 4001}},
        {"fields": {str(number): "x" for number in range(81)}},
        {"fields": [["a", "b"]]},
        {"patient_id": UUID},
        {"__class__": "x"},
    ],
)
def test_anything_else_is_refused(changes: dict[str, Any]) -> None:
    assert parse(handler, payload(**changes)) is None


def test_a_missing_argument_is_refused() -> None:
    assert parse(handler, {"form_id": UUID}) is None


def test_deep_nesting_is_refused_and_does_not_crash() -> None:
    deep: Any = "x"
    for _ in range(50_000):
        deep = {"a": deep}
    assert parse(handler, payload(fields=deep)) is None
    # Take it apart from the outside in: Python's own destructor would recurse.
    while isinstance(deep, dict):
        deep = deep.pop("a")


async def untyped(self: object, anything) -> None: ...  # the very thing that is refused


async def unbounded(self: object, anything: dict[str, Any]) -> None: ...


@pytest.mark.parametrize("bad", [untyped, unbounded])
def test_a_handler_must_bound_what_it_takes(bad: Callable[..., Any]) -> None:
    with pytest.raises(TypeError):
        arguments(bad)


def test_long_text_is_its_own_choice() -> None:
    async def takes(self: object, short: Text, long: LongText) -> None: ...

    assert parse(takes, {"short": "x" * 500, "long": "x" * 20_000}) is not None
    assert parse(takes, {"short": "x", "long": "x" * 20_001}) is None
