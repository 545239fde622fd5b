"""Links in text, back links, downloads."""

from typing import Any

import reflex as rx

from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Text, attributes, classes, present


class Anchor(rx.Component):
    """A plain `<a>` that the browser follows. `rx.el.a` belongs to the router of the pages."""

    tag = "a"
    _is_tag_in_global_scope = True
    href: rx.Var[str]


def anchor(
    *children: Child, href: Text, label: Text | None = None, class_name: Text = "", new_tab: bool = False
) -> rx.Component:
    """A link that leaves the client-side router: to a file, a telephone, a place in the page, another website."""
    apart = {"target": "_blank", "rel": "noopener"} if new_tab else {}
    named = attributes(**{"aria-label": label, **apart})
    return Anchor.create(*present(*children), href=href, class_name=class_name, custom_attrs=named)


def link(
    *children: Child, href: Text, icon_name: str | None = None, in_text: bool = False, class_name: Text = ""
) -> rx.Component:
    """A link. Alone it has a 44 px target; `in_text` it takes the height of its sentence."""
    return rx.el.a(
        *present(None if icon_name is None else icon(icon_name, 16), *children),
        href=href,
        class_name=classes("link", "link--inline" if in_text else "", class_name),
    )


def link_button(*children: Child, on_click: Any, icon_name: str | None = None, class_name: Text = "") -> rx.Component:
    """A button that looks like a link, for an act that is not a way to another page."""
    return rx.el.button(
        *present(None if icon_name is None else icon(icon_name, 16), *children),
        type="button",
        on_click=on_click,
        class_name=classes("link", class_name),
    )


def download_link(href: Text, label: Text, *children: Child, class_name: Text = "iconbtn") -> rx.Component:
    """A file of ours. `label` names it for assistive technology ("Download HydraFacial Consent")."""
    return anchor(*(present(*children) or [icon("download")]), href=href, label=label, class_name=class_name)


def phone_link(number: Text, href: Text) -> rx.Component:
    """A telephone number that calls when touched. `href` is the tel: address; nothing is there before it is known."""
    calls = anchor(number, href=href, class_name="tel")
    return rx.cond(href != "", calls) if isinstance(href, rx.Var) else calls


def skip_link() -> rx.Component:
    """The first thing that Tab reaches: past the menu, to the content (`id="main"`)."""
    return anchor("Skip to main content", href="#main", class_name="skip")
