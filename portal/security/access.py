"""Who may call a handler. Every public method of every state is a remote procedure that anybody can call; one without
a declaration made here is refused (`portal.security.guard`), and makes the test suite fail."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Annotated, Any, Literal, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError, create_model
from pydantic import Field as ArgField
from reflex_base.utils.form import FORM_DATA_ENTRIES_KEY

from portal.domain.access import Privilege

Audience = Literal["public", "patient", "staff", "locked"]  # locked: staff, their screen locked or not

# Argument types for handlers. Reflex sees the plain type, the guard the bounds.
Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Text = Annotated[str, StringConstraints(max_length=500)]
LongText = Annotated[str, StringConstraints(max_length=20_000)]


MOST_ENTRIES = 160  # fields of a form, and Reflex's own references to them by id


def form_entries(value: Any) -> Any:
    """A form as Reflex sends it, `{"__reflex_form_data__": [[name, value], …]}`; the last of a name stands."""
    if isinstance(value, dict) and set(value) == {FORM_DATA_ENTRIES_KEY}:
        entries = value[FORM_DATA_ENTRIES_KEY]
        pairs = isinstance(entries, list) and all(
            isinstance(entry, list) and len(entry) == 2 and isinstance(entry[0], str)
            for entry in entries[:MOST_ENTRIES]
        )
        return dict(entries) if pairs and len(entries) <= MOST_ENTRIES else None
    return value


Fields = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=4_000)] | bool | None],
    BeforeValidator(form_entries),
    ArgField(max_length=80),
]


@dataclass(frozen=True, slots=True)
class Access:
    """A handler's declaration. `passive` events are no sign of the person's activity."""

    audience: Audience
    privilege: Privilege | None = None  # of staff
    passive: bool = False


MARK = "__portal_access__"


def declare(handler: Callable[..., Any], access: Access) -> None:
    """Put the declaration on the handler."""
    setattr(handler, MARK, access)


def runs_by_itself(handler: Callable[..., Any]) -> None:
    """Mark what a page loads and reloads: it also runs when a socket connects again or something changed, so it is no
    sign of life."""
    declaration = declared(handler)
    if declaration is not None:
        declare(handler, replace(declaration, passive=True))


def declared(handler: Callable[..., Any]) -> Access | None:
    """The handler's declaration, or None: refused."""
    return getattr(handler, MARK, None)


@cache
def arguments(handler: Callable[..., Any]) -> type[BaseModel]:
    """The strict model of a handler's arguments: known names only, exact types, bounded sizes."""
    hints = get_type_hints(handler, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(handler).parameters.items())[1:]:
        kind = hints.get(name)
        if kind is None:
            raise TypeError(f"{handler.__qualname__}: the argument {name} needs a type")
        if kind is str:
            kind = Text
        elif kind is Any or kind in (dict, list) or (get_origin(kind) in (dict, list)):
            raise TypeError(f"{handler.__qualname__}: the argument {name} needs a bounded type, such as Fields")
        fields[name] = (kind, ... if parameter.default is inspect.Parameter.empty else parameter.default)
    return create_model(
        handler.__qualname__.replace(".", "_"),
        __config__=ConfigDict(strict=True, extra="forbid", arbitrary_types_allowed=False),
        **fields,
    )


def parse(handler: Callable[..., Any], payload: dict[str, Any]) -> dict[str, Any] | None:
    """The handler's arguments when the payload fits exactly, else None."""
    try:
        model = arguments(handler).model_validate(payload)
    except (ValidationError, RecursionError):
        return None
    return {name: getattr(model, name) for name in type(model).model_fields if name in model.model_fields_set}


def as_uuid(text: str) -> UUID:
    """An `Id` argument as the services take it."""
    return UUID(text)
