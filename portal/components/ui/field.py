"""Form fields: label above, hint or error below and tied to the input by `aria-describedby`.

Inputs are uncontrolled (`default_value`): what is typed never waits for the server, and the debouncing input that
Reflex puts around controlled ones stays out of the bundle. To empty or replace a value from the server,
change its `key`.
"""

from typing import Any, Literal

import reflex as rx

from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Event, Flag, Text, attributes, classes, present, when


def field_error(text: Text, id: str) -> rx.Component:
    """What is wrong and how to fix it, announced when it appears. Nothing is drawn while `text` is empty."""
    shown = rx.el.p(
        icon("circle-alert", 16), rx.el.span(text), class_name="field__error", custom_attrs={"id": id, "role": "alert"}
    )
    return rx.cond(text != "", shown) if isinstance(text, rx.Var) else shown if text else rx.fragment()


def field(
    label: Text,
    control: rx.Component,
    *,
    id: str,
    hint: Text | None = None,
    error: Text = "",
    optional: bool | None = False,
    wide: bool = False,
) -> rx.Component:
    """The frame around any control: the label for `id`, "Optional" where it is, the error or the hint below.

    `wide` spans both columns of `fields`. On a form where most may be left empty, `optional` None marks nothing.
    """
    mark = rx.el.span(" Optional", class_name="field__opt") if optional else None
    note = None if hint is None else rx.el.p(hint, class_name="field__hint", custom_attrs={"id": f"{id}-hint"})
    return rx.el.div(
        *present(
            rx.el.label(*present(label, mark), class_name="field__label", html_for=id),
            control,
            field_error(error, f"{id}-error"),
            note,
        ),
        class_name=classes("field", "span2" if wide else "", when(_has(error), "has-error")),
    )


def described(id: str, hint: Text | None, error: Text) -> dict[str, Any]:
    """The attributes that tie a control to its hint and its error."""
    wrong = _has(error)
    hint_id = f"{id}-hint" if hint is not None else None
    both = f"{id}-error {hint_id}" if hint_id else f"{id}-error"
    return attributes(**{"aria-invalid": when(wrong, "true", None), "aria-describedby": when(wrong, both, hint_id)})


def _has(error: Text) -> Flag:
    return error != "" if isinstance(error, rx.Var) else bool(error)


def text_field(
    label: Text,
    name: str,
    *,
    id: str | None = None,
    type: Literal["text", "email", "tel", "date", "number", "search", "url"] = "text",
    default_value: Text = "",
    placeholder: Text | None = None,
    auto_complete: str | None = None,
    input_mode: str | None = None,
    prefix: Child = None,
    hint: Text | None = None,
    error: Text = "",
    optional: bool | None = False,
    read_only: Flag = False,
    max_length: int | None = None,
    wide: bool = False,
    on_change: Event = None,
    on_blur: Event = None,
    **props: Any,
) -> rx.Component:
    """A line of text. `prefix` stands before it inside the same frame. An email is `type="email"`."""
    id = id or name
    given = {
        "placeholder": placeholder,
        "max_length": max_length,
        "on_change": on_change,
        "on_blur": on_blur,
        "input_mode": input_mode,
    }
    control = rx.el.input(
        id=id,
        name=name,
        type=type,
        default_value=default_value,
        read_only=read_only,
        class_name="input",
        auto_complete=auto_complete or "off",
        custom_attrs=described(id, hint, error) | ({"aria-required": "true"} if optional is False else {}),
        **{prop: value for prop, value in given.items() if value is not None},
        **props,
    )
    if prefix is not None:
        control = rx.el.div(
            rx.el.span(prefix, class_name="inputgroup__pre", custom_attrs={"aria-hidden": "true"}),
            control,
            class_name="inputgroup",
        )
    return field(label, control, id=id, hint=hint, error=error, optional=optional, wide=wide)


def phone_field(
    label: Text = "Phone number", name: str = "phone", *, country_code: Text = "+1", **props: Any
) -> rx.Component:
    """A telephone number after its country code. Takes what `text_field` takes."""
    prefix = rx.fragment(icon("smartphone"), country_code)
    return text_field(label, name, type="tel", input_mode="tel", auto_complete="tel-national", prefix=prefix, **props)


def choices(options: list[tuple[str, str]] | rx.Var[Any], nothing: Text | None = None) -> list[Any]:
    """What a select offers: `options` are (value, words), after an empty choice in the words of `nothing`."""
    first = None if nothing is None else rx.el.option(nothing, value="")
    return present(first, rx.foreach(options, lambda option: rx.el.option(option[1], value=option[0])))


def select_field(
    label: Text,
    name: str,
    options: list[tuple[str, str]] | rx.Var[Any],
    *,
    id: str | None = None,
    default_value: Text = "",
    placeholder: Text | None = None,
    hint: Text | None = None,
    error: Text = "",
    optional: bool | None = False,
    wide: bool = False,
    on_change: Event = None,
    **props: Any,
) -> rx.Component:
    """One of several, as the device offers it. `options` are (value, words); a `placeholder` is an empty choice."""
    id = id or name
    control = rx.el.select(
        *choices(options, placeholder),
        id=id,
        name=name,
        default_value=default_value,
        class_name="select",
        custom_attrs=described(id, hint, error) | ({"aria-required": "true"} if optional is False else {}),
        **({} if on_change is None else {"on_change": on_change}),
        **props,
    )
    return field(label, control, id=id, hint=hint, error=error, optional=optional, wide=wide)


def text_area(
    label: Text,
    name: str,
    *,
    id: str | None = None,
    default_value: Text = "",
    hint: Text | None = None,
    error: Text = "",
    optional: bool | None = False,
    max_length: int | None = None,
    wide: bool = False,
    on_change: Event = None,
    on_blur: Event = None,
    **props: Any,
) -> rx.Component:
    """Several lines of text."""
    id = id or name
    given = {"max_length": max_length, "on_change": on_change, "on_blur": on_blur}
    control = rx.el.textarea(
        id=id,
        name=name,
        default_value=default_value,
        class_name="textarea",
        custom_attrs=described(id, hint, error) | ({"aria-required": "true"} if optional is False else {}),
        **{prop: value for prop, value in given.items() if value is not None},
        **props,
    )
    return field(label, control, id=id, hint=hint, error=error, optional=optional, wide=wide)


def fields(*children: Child, columns: Literal[1, 2, 3] = 2) -> rx.Component:
    """Fields under one another on a phone, in columns on a wider screen."""
    return rx.el.div(*present(*children), class_name=classes("fields", f"fields--{columns}" if columns > 1 else ""))
