"""Buttons and links that look like buttons. A disabled button keeps its focus, so that its reason can be read."""

from typing import Any, Literal

import reflex as rx

from portal.components.ui.icon import Size, icon
from portal.components.ui.kit import Child, Event, Flag, Text, attributes, classes, present, when
from portal.components.ui.link import anchor

Kind = Literal["primary", "plain", "quiet", "danger", "danger-solid", "quiet-danger"]
LOOKS: dict[str, str] = {
    "primary": "btn--primary",
    "plain": "",
    "quiet": "btn--quiet",
    "danger": "btn--danger",
    "danger-solid": "btn--danger-solid",
    "quiet-danger": "btn--quiet btn--danger",
}


def _looks(kind: Kind, small: bool, block: bool, class_name: Text) -> Text:
    return classes("btn", LOOKS[kind], "btn--sm" if small else "", "btn--block" if block else "", class_name)


def _icon(name: str | None, small: bool) -> Child:
    return None if name is None else icon(name, 16 if small else 20)


def button(
    *children: Child,
    kind: Kind = "plain",
    icon_name: str | None = None,
    small: bool = False,
    block: bool = False,
    disabled: Flag = False,
    loading: Flag = False,
    loading_text: Text | None = None,
    type: Literal["button", "submit"] = "button",
    on_click: Event = None,
    label: Text | None = None,
    class_name: Text = "",
    custom_attrs: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """A button. `label` replaces its words for assistive technology where they are too short ("Sign" → "Sign form X").

    Disabled and loading set `aria-disabled` and drop the click; the state that handles it decides again by itself.
    Loading shows a spinner before `loading_text` (the verb with its object: "Paying $185.00").
    """
    off = (disabled | loading) if isinstance(disabled, rx.Var) or isinstance(loading, rx.Var) else disabled or loading
    words = present(_icon(icon_name, small), *children)
    busy = rx.fragment(rx.el.span(class_name="spinner", aria_hidden="true"), loading_text or rx.fragment(*children))
    content = (
        [when(loading, busy, rx.fragment(*words))] if isinstance(loading, rx.Var) else [busy] if loading else words
    )
    click = {} if on_click is None else {"on_click": _unless(off, on_click)}
    blocked = {"onClick": _swallow(off)} if on_click is None and type == "submit" and off is not False else {}
    return rx.el.button(
        *content,
        type=type,
        class_name=classes(_looks(kind, small, block, class_name), when(loading, "is-loading")),
        custom_attrs=attributes(
            custom_attrs, **{"aria-disabled": when(off, "true", None), "aria-label": label, **blocked}
        ),
        **click,
        **props,
    )


def _unless(off: Flag, event: Event) -> Event:
    """No event while the button is off."""
    return rx.cond(off, rx.noop(), event) if isinstance(off, rx.Var) else rx.noop() if off else event


def _swallow(off: Flag) -> rx.Var[object]:
    """Keep a submit button that is off from submitting its form."""
    flag = off if isinstance(off, rx.Var) else rx.Var.create(off)
    return rx.Var(f"((event) => {{ if ({flag}) event.preventDefault(); }})", _var_data=flag._get_all_var_data())


def icon_button(
    name: str,
    label: Text,
    *,
    on_click: Event = None,
    size: Size = 20,
    lined: bool = False,
    class_name: Text = "",
    custom_attrs: dict[str, Any] | None = None,
    **props: Any,
) -> rx.Component:
    """A round button with an icon alone; `label` names it and what it acts on ("Download HydraFacial Consent")."""
    click = {} if on_click is None else {"on_click": on_click}
    return rx.el.button(
        icon(name, size),
        type="button",
        class_name=classes("iconbtn", "iconbtn--line" if lined else "", class_name),
        custom_attrs=attributes(custom_attrs, **{"aria-label": label}),
        **click,
        **props,
    )


def button_link(
    *children: Child,
    href: Text,
    kind: Kind = "plain",
    icon_name: str | None = None,
    small: bool = False,
    block: bool = False,
    label: Text | None = None,
    class_name: Text = "",
    full_load: bool = False,
) -> rx.Component:
    """A link that looks like a button. `full_load` leaves the client-side router (see `anchor`)."""
    words = present(_icon(icon_name, small), *children)
    looks = _looks(kind, small, block, class_name)
    if full_load:
        return anchor(*words, href=href, label=label, class_name=looks)
    return rx.el.a(*words, href=href, class_name=looks, custom_attrs=attributes(**{"aria-label": label}))
