"""A patient's page: the left menu on a wide screen, a bottom bar on a phone, the bell and the profile on top."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import parts
from portal.components.ui.kit import Child, Number, Text, attributes, hidden_text, when
from portal.routes import MENU, MenuItem
from portal.state.practice import PracticeState
from portal.state.session import SessionState

BAR_PLACES = 4  # entries of the bottom bar before More
BAR = ("Dashboard", "Appointments", "Task Management", "Client Wallet")


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one step that is due, named in the top bar. Not shown while `words` is empty."""

    words: Text
    href: Text


def patient_page(
    title: str,
    *children: Child,
    next: NextStep | None = None,
    heading: Child = None,
    tools: Child = None,
    narrow: bool = False,
    badges: dict[str, tuple[Number, str]] | None = None,
    unread: Number = 0,
) -> rx.Component:
    """The frame of a patient's page called `title`, which is also the name of its menu entry.

    `heading` replaces the h1 (a greeting), `tools` stand beside it. `badges` are counts by menu label with what they
    count: `{"Task Management": (State.open_forms, "to complete")}`; `unread` is the bell's.
    """
    badges = badges or {}
    head = ui.page_head(title if heading is None else heading, tools)
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(
            _side_menu(title, badges),
            _top_bar(next, unread),
            rx.el.main(head, *children, class_name="main main--narrow" if narrow else "main", custom_attrs=MAIN),
            _bottom_bar(title, badges),
            class_name="shell",
        ),
        _more_sheet(),
        parts.live_regions(),
        parts.idle_watch(),
    )


MAIN = {"id": "main", "tabIndex": -1}


def _badge(label: str, badges: dict[str, tuple[Any, str]], **props: Any) -> Child:
    if label not in badges:
        return None
    number, what = badges[label]
    return rx.cond(number > 0, ui.count(number, what, **props))


def _side_menu(title: str, badges: dict[str, tuple[Any, str]]) -> rx.Component:
    groups = [list(items) for _, items in groupby(MENU, key=lambda item: item.group)]

    def entry(item: MenuItem) -> rx.Component:
        badge = _badge(item.label, badges)
        content = [ui.icon(item.icon), item.label, *([] if badge is None else [badge])]
        return rx.el.li(rx.el.a(*content, href=item.href, class_name="navlink", custom_attrs=_current(item, title)))

    return rx.el.nav(
        parts.brandmark(routes.DASHBOARD),
        *(rx.el.ul(*map(entry, group)) for group in groups),
        rx.el.p(
            rx.foreach(PracticeState.address_lines, lambda line: rx.fragment(line, rx.el.br())),
            ui.phone_link(PracticeState.phone, PracticeState.phone_href),
            class_name="sidenav__foot",
        ),
        class_name="sidenav",
        custom_attrs={"aria-label": "Main"},
    )


def _current(item: MenuItem, title: str) -> dict[str, Any]:
    return attributes(**{"aria-current": "page" if item.label == title else None})


def _top_bar(next: NextStep | None, unread: Number) -> rx.Component:
    due: rx.Component = rx.el.span()
    if next is not None:
        chip = rx.el.a(
            rx.el.span(class_name="orb", aria_hidden="true"),
            rx.el.span("Next: ", rx.el.b(next.words)),
            href=next.href,
            class_name="nextchip",
        )
        due = rx.cond(next.words != "", chip, rx.el.span()) if isinstance(next.words, rx.Var) else chip
    return rx.el.header(
        parts.brandmark(routes.DASHBOARD, short=True),
        due,
        rx.el.div(*_bell(unread), _profile_menu(), class_name="topbar__tools"),
        class_name="topbar",
    )


def _bell(unread: Number) -> list[rx.Component]:
    """The bell, where the page of notifications exists."""
    item = next((item for item in MENU if item.label == "Notifications"), None)
    if item is None:
        return []
    has = unread > 0
    words = when(has, f"Notifications, {unread} new", "Notifications")
    disc = rx.el.span(unread, class_name="count bell__n", aria_hidden="true")
    return [
        rx.el.a(
            hidden_text(words), ui.icon("bell"), when(has, disc, rx.fragment()), href=item.href, class_name="iconbtn"
        )
    ]


def _profile_menu() -> rx.Component:
    trigger = rx.fragment(
        ui.avatar(SessionState.initials),
        rx.el.span(SessionState.display_name, class_name="profilebtn__name"),
        hidden_text(" Profile menu"),
    )
    return ui.menu(
        ui.menu_link("My Profile", routes.PROFILE, "user-round"),
        ui.menu_link("Help", routes.HELP, "circle-help"),
        rx.el.li(parts.log_out()),
        id="profile-menu",
        trigger=trigger,
        trigger_class="profilebtn",
    )


def _bottom_bar(title: str, badges: dict[str, tuple[Any, str]]) -> rx.Component:
    def entry(item: MenuItem) -> rx.Component:
        number, what = badges.get(item.label, (0, ""))
        disc, said = rx.fragment(), rx.fragment()
        if item.label in badges:
            disc = rx.cond(number > 0, rx.el.span(number, class_name="count", aria_hidden="true"))
            said = rx.cond(number > 0, hidden_text(f", {number} {what}"))
        picture = rx.el.span(ui.icon(item.icon, 24), disc, class_name="tabbar__ico")
        return rx.el.a(picture, item.label, said, href=item.href, custom_attrs=_current(item, title))

    more = rx.el.button(ui.icon("ellipsis", 24), "More", type="button", custom_attrs=ui.opens("more"))
    chosen = [item for item in MENU if item.label in BAR][:BAR_PLACES]
    return rx.el.nav(*map(entry, chosen), more, class_name="tabbar", custom_attrs={"aria-label": "Main, short"})


def _more_sheet() -> rx.Component:
    """The rest of the menu, the profile, and log out."""
    rest = [item for item in MENU if item.label not in BAR]
    items = [
        MenuItem("My Profile", routes.PROFILE, "user-round", 0),
        *rest,
        MenuItem("Help", routes.HELP, "circle-help", 0),
    ]
    lines = [ui.row(item.label, icon_name=item.icon, href=item.href, trail=ui.icon("chevron-right")) for item in items]
    head = rx.el.div(
        ui.avatar(SessionState.initials),
        rx.el.span(SessionState.display_name, class_name="title3"),
        class_name="morehead",
    )
    call = ui.anchor(ui.icon("phone"), "Call us", href=PracticeState.phone_href, class_name="btn btn--quiet")
    return ui.sheet(
        rx.el.nav(rx.el.ul(*lines, class_name="rows morelist"), custom_attrs={"aria-label": "More"}),
        id="more",
        label="More",
        head=head,
        foot=ui.split(parts.log_out("btn btn--quiet"), call),
    )
