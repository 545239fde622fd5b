"""What every component of the design system is made with: the types of props, class names, attributes."""

from typing import Any, TypeAlias

import reflex as rx

Text: TypeAlias = str | rx.Var[str]
Flag: TypeAlias = bool | rx.Var[bool]
Number: TypeAlias = int | rx.vars.NumberVar[int]
Child: TypeAlias = rx.Component | str | rx.Var[Any] | None
#: A handler, a handler with arguments, or a list of them. Guarded handlers look like plain functions to a type checker.
Event: TypeAlias = Any


def when(flag: Flag, yes: Any, no: Any = "") -> Any:
    """`yes` or `no`: decided now for a plain bool, in the browser for a var."""
    return rx.cond(flag, yes, no) if isinstance(flag, rx.Var) else (yes if flag else no)


def classes(*names: Text | None) -> Text:
    """Join class names, leaving out the empty ones; vars are joined in the browser."""
    kept = [name for name in names if isinstance(name, rx.Var) or name]
    return " ".join(f"{name}" if isinstance(name, rx.Var) else name for name in kept)


def present(*children: Child) -> list[rx.Component | str | rx.Var[Any]]:
    """The children that are there."""
    return [child for child in children if child is not None]


def attributes(custom_attrs: dict[str, Any] | None = None, /, **more: Any) -> dict[str, Any]:
    """Attributes for `custom_attrs=`, without the missing ones. Values reach React as they are (camelCase names)."""
    return {name: value for name, value in {**(custom_attrs or {}), **more}.items() if value is not None}


def inline(**properties: Text) -> dict[str, Any]:
    """A real `style` attribute. Reflex's own `style=` makes a class and a style element for each use instead.

    `inline(gap="1rem", margin_top="2rem")` sets margin-top and, as no property is named `_gap`, custom properties are
    written with a leading underscore: `inline(_gap="1rem")` sets --gap.
    """
    names = {name: f"--{name[1:].replace('_', '-')}" if name.startswith("_") else name for name in properties}
    camel = {name: key if key.startswith("--") else _camel(key) for name, key in names.items()}
    style = {camel[name]: value for name, value in properties.items()}
    # A var inside a plain dict would lose the state that it reads.
    return {"style": rx.Var.create(style) if any(isinstance(value, rx.Var) for value in style.values()) else style}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def hidden_text(text: Text) -> rx.Component:
    """Words for a screen reader alone."""
    return rx.el.span(text, class_name="vh")
