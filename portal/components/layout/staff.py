"""The staff side: dense, a dark bar with tabs on top that shows at once which side one is on."""

from dataclasses import dataclass

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import parts
from portal.components.layout.patient import MAIN
from portal.components.ui.kit import Child, Number, Text, attributes, hidden_text, present


@dataclass(frozen=True, slots=True)
class StaffMenuItem:
    """One tab; `waiting` is a count, where it has one."""

    label: str
    href: str
    waiting: Number = 0


def staff_page(
    title: str,
    *children: Child,
    menu: tuple[StaffMenuItem, ...],
    name: Text,
    initials: Text,
    role: Text,
    search: Child = None,
    form: bool = False,
) -> rx.Component:
    """The frame of a staff page; `title` is the label of its tab. `menu` holds what this person's role may open.

    The page brings its own h1. `search` is the client search of the bar; `form` narrows the page.
    """

    def entry(item: StaffMenuItem) -> rx.Component:
        has = item.waiting > 0
        badge = ui.count(item.waiting, "waiting")
        shown = rx.cond(has, badge) if isinstance(has, rx.Var) else badge if has else None
        current = attributes(**{"aria-current": "page" if item.label == title else None})
        return rx.el.a(*present(item.label, shown), href=item.href, custom_attrs=current)

    account = ui.menu(
        rx.el.li(rx.el.p(rx.el.b(name), rx.el.br(), role, class_name="menu__head")),
        rx.el.li(parts.log_out()),
        id="account-menu",
        trigger=rx.fragment(ui.avatar(initials), hidden_text(f"Account of {name}")),
        trigger_class="profilebtn",
    )
    bar = rx.el.header(
        parts.brandmark(routes.STAFF_CLIENTS, suffix="Staff"),
        rx.el.nav(*map(entry, menu), custom_attrs={"aria-label": "Main"}),
        rx.el.div(*present(search, account), class_name="sbar__tools"),
        class_name="sbar",
    )
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(
            bar,
            rx.el.main(*present(*children), class_name="smain smain--form" if form else "smain", custom_attrs=MAIN),
            parts.live_regions(),
            class_name="staff",
        ),
    )
