"""Links in text, back links, downloads."""

import reflex as rx

from portal.components.ui.kit import Child, Text, attributes, classes, present
from portal.components.ui.icon import icon


def link(
    *children: Child, href: Text, icon_name: str | None = None, in_text: bool = False, class_name: Text = ""
) -> rx.Component:
    """A link. Alone it has a 44 px target; `in_text` it takes the height of its sentence."""
    return rx.el.a(
        *present(None if icon_name is None else icon(icon_name, 16), *children),
        href=href,
        class_name=classes("link", "link--inline" if in_text else "", class_name),
    )


def link_button(
    *children: Child, on_click: object, icon_name: str | None = None, class_name: Text = ""
) -> rx.Component:
    """A button that looks like a link, for an act that is not a way to another page."""
    return rx.el.button(
        *present(None if icon_name is None else icon(icon_name, 16), *children),
        type="button",
        on_click=on_click,
        class_name=classes("link", class_name),
    )


def download_link(href: Text, label: Text, *children: Child, class_name: Text = "iconbtn") -> rx.Component:
    """A file of ours. `label` names it for assistive technology.

    `reloadDocument` makes the browser fetch it; as a plain link the client-side router would take it for a page.
    """
    return rx.el.a(
        *(present(*children) or [icon("download")]),
        href=href,
        class_name=class_name,
        custom_attrs=attributes(**{"aria-label": label, "reloadDocument": True}),
    )


def phone_link(number: Text, href: Text) -> rx.Component:
    """A telephone number that calls when touched. `href` is the tel: address."""
    return rx.el.a(number, href=href, class_name="tel")
