"""Choices: check boxes, radio groups, switches. The whole row is the target."""

from typing import Any

import reflex as rx

from portal.components.ui.field import described, field_error
from portal.components.ui.kit import Child, Event, Flag, Text, classes, present, when


def check(
    *words: Child,
    name: str,
    id: str | None = None,
    default_checked: Flag = False,
    error: Text = "",
    on_change: Event = None,
    class_name: Text = "",
) -> rx.Component:
    """A box to tick, with its words. `on_change` receives True or False."""
    id = id or name
    box = rx.el.input(
        type="checkbox",
        id=id,
        name=name,
        default_checked=default_checked,
        custom_attrs=described(id, None, error),
        **_changed(on_change),
    )
    return rx.el.div(
        rx.el.label(box, rx.el.span(*present(*words)), class_name=classes("check", class_name)),
        field_error(error, f"{id}-error"),
        class_name="checkfield",
    )


def choice_group(
    legend: Text,
    name: str,
    options: list[tuple[str, str]] | rx.Var[Any],
    *,
    value: Text = "",
    many: bool = False,
    values: rx.vars.ArrayVar[list[str]] | list[str] | None = None,
    row: bool = False,
    hint: Text | None = None,
    error: Text = "",
    on_change: Event = None,
) -> rx.Component:
    """One of several, or with `many` any of several. `options` are (value, words).

    `value` (or `values` with `many`) is chosen at first. `on_change` receives the value of the row that was touched;
    bind it with `lambda`-free handlers: `on_change=State.choose`.
    """

    def chosen(option: Any) -> Flag:
        if not many:
            return value == option
        return values.contains(option) if isinstance(values, rx.vars.ArrayVar) else option in (values or [])

    def line(option: Any) -> rx.Component:
        box = rx.el.input(
            type="checkbox" if many else "radio",
            name=name,
            value=option[0],
            default_checked=chosen(option[0]),
            custom_attrs=described(name, None, error),
            **_picked(on_change, option[0]),
        )
        return rx.el.label(box, rx.el.span(option[1], class_name="row__body"), class_name="check")

    lines = rx.foreach(options, line) if isinstance(options, rx.Var) else rx.fragment(*map(line, options))
    note = None if hint is None else rx.el.p(hint, class_name="field__hint")
    wrong = error != "" if isinstance(error, rx.Var) else bool(error)
    return rx.el.fieldset(
        *present(
            rx.el.legend(legend, class_name="field__label"),
            note,
            rx.el.div(lines, class_name=classes("choice", "choice--row" if row else "")),
            field_error(error, f"{name}-error"),
        ),
        class_name=classes("choicegroup", when(wrong, "has-error")),
    )


def switch(
    label: Text, name: str, *, checked: Flag = False, note: Text | None = None, on_change: Event = None
) -> rx.Component:
    """On or off, at once. `on_change` receives True or False."""
    under = None if note is None else rx.el.span(note, class_name="faint xs")
    return rx.el.div(
        rx.el.label(*present(label, under), html_for=name),
        rx.el.input(
            type="checkbox",
            role="switch",
            id=name,
            name=name,
            default_checked=checked,
            class_name="switch",
            **_changed(on_change),
        ),
        class_name="switchrow",
    )


def slots(
    legend: Text, name: str, times: list[tuple[str, str]] | rx.Var[Any], *, on_change: Event = None
) -> rx.Component:
    """Times to choose from, as (value, words)."""

    def slot(time: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(type="radio", name=name, value=time[0], **_picked(on_change, time[0])),
            time[1],
            class_name="slot",
        )

    rows = rx.foreach(times, slot) if isinstance(times, rx.Var) else rx.fragment(*map(slot, times))
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="field__hint"), rx.el.div(rows, class_name="slots"), class_name="slotgroup"
    )


def _changed(event: Event) -> dict[str, Any]:
    """`on_change` of a check box as True or False (the element's own event carries the text "on")."""
    if event is None:
        return {}
    return {"on_change": rx.EventChain.create(event, args_spec=_checked_spec, key="on_change")}


def _checked_spec(event: rx.Var[Any]) -> tuple[rx.Var[bool]]:
    return (rx.Var(f"{event}.target.checked").to(bool),)


def _picked(event: Event, value: Any) -> dict[str, Any]:
    return {} if event is None else {"on_change": event(value)}
