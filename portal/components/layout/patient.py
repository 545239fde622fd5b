"""A patient's page: the left menu on a wide screen, a bottom bar on a phone, the bell and the profile on top."""

from itertools import groupby
from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import parts
from portal.components.ui.kit import Child, Text, attributes, hidden_text
from portal.routes import MENU, MenuItem
from portal.state.patient.dashboard import DashboardState
from portal.state.practice import PracticeState
from portal.state.session import SessionState

BAR_PLACES = 4  # entries of the bottom bar before More
BAR = ("Dashboard", "Appointments", "Task Management", "Client Wallet")


def patient_page(
    title: str,
    *children: Child,
    heading: Child = None,
    tools: Child = None,
    narrow: bool = False,
    today: Text | None = None,
) -> rx.Component:
    """The frame of a patient's page called `title`, which is also the name of its menu entry.

    `heading` replaces the h1 (a greeting), `tools` stand beside it, `today` stands where the next step does.
    """
    head = ui.page_head(title if heading is None else heading, tools)
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(
            _side_menu(title),
            _top_bar(today),
            rx.el.main(head, *children, class_name="main main--narrow" if narrow else "main", custom_attrs=MAIN),
            _bottom_bar(title),
            class_name="shell",
        ),
        _more_sheet(),
        parts.live_regions(),
        parts.idle_watch(),
    )


MAIN = {"id": "main", "tabIndex": -1}
#: What the menu counts, by label, with what is counted.
BADGES: dict[str, tuple[Any, str]] = {
    "Task Management": (DashboardState.open_forms, "to complete"),
    "Notifications": (DashboardState.unread, "new"),
}
QUIET = {"Notifications"}  # news is no work


def _badge(label: str, **props: Any) -> Child:
    if label not in BADGES:
        return None
    number, what = BADGES[label]
    return rx.cond(number > 0, ui.count(number, what, **props))


def _side_menu(title: str) -> rx.Component:
    groups = [list(items) for _, items in groupby(MENU, key=lambda item: item.group)]

    def entry(item: MenuItem) -> rx.Component:
        badge = _badge(item.label, tone="quiet" if item.label in QUIET else "brand")
        content = [ui.icon(item.icon), item.label, *([] if badge is None else [badge])]
        return rx.el.li(rx.el.a(*content, href=item.href, class_name="navlink", custom_attrs=_current(item, title)))

    return rx.el.nav(
        parts.brandmark(routes.DASHBOARD),
        *(rx.el.ul(*map(entry, group)) for group in groups),
        parts.contacts("sidenav__foot"),
        class_name="sidenav",
        custom_attrs={"aria-label": "Main"},
    )


def _current(item: MenuItem, title: str) -> dict[str, Any]:
    return attributes(**{"aria-current": "page" if item.label == title else None})


def _top_bar(today: Text | None) -> rx.Component:
    """On a wide screen it names the one step that is due, or what day it is."""
    chip = rx.el.a(
        rx.el.span(class_name="orb", aria_hidden="true"),
        rx.el.span(rx.el.b("Next:"), " ", DashboardState.next_words),
        href=DashboardState.next_href,
        class_name="nextchip",
    )
    due = rx.cond(DashboardState.next_words != "", chip, rx.el.span())
    if today is not None:
        due = rx.el.p(today, class_name="nextchip nextchip--today")
    return rx.el.header(
        parts.brandmark(routes.DASHBOARD, short=True),
        due,
        rx.el.div(_bell(), _profile_menu(), class_name="topbar__tools"),
        class_name="topbar",
    )


def _bell() -> rx.Component:
    unread = DashboardState.unread
    words = rx.cond(unread > 0, f"Notifications, {unread} new", "Notifications")
    disc = rx.cond(unread > 0, rx.el.span(unread, class_name="count bell__n", aria_hidden="true"), rx.fragment())
    return rx.el.a(hidden_text(words), ui.icon("bell"), disc, href=routes.NOTIFICATIONS, class_name="iconbtn")


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


def _bottom_bar(title: str) -> rx.Component:
    def entry(item: MenuItem) -> rx.Component:
        number, what = BADGES.get(item.label, (0, ""))
        disc, said = rx.fragment(), rx.fragment()
        if item.label in BADGES:
            disc = rx.cond(number > 0, rx.el.span(number, class_name="count", aria_hidden="true"))
            said = rx.cond(number > 0, hidden_text(f", {number} {what}"))
        picture = rx.el.span(ui.icon(item.icon, 24), disc, class_name="tabbar__ico")
        return rx.el.a(picture, item.label, said, href=item.href, custom_attrs=_current(item, title))

    chosen = [item for item in MENU if item.label in BAR][:BAR_PLACES]
    here = attributes(**{"aria-current": None if title in {item.label for item in chosen} else "page"})
    more = rx.el.button(ui.icon("ellipsis", 24), "More", type="button", custom_attrs=ui.opens("more") | here)
    return rx.el.nav(*map(entry, chosen), more, class_name="tabbar", custom_attrs={"aria-label": "Main, short"})


def _more_sheet() -> rx.Component:
    """The rest of the menu with a line of status each, the profile, where the practice is, and log out."""
    items = [item for item in MENU if item.label not in BAR] + [MenuItem("Help", routes.HELP, "circle-help", 0)]
    lines = [
        ui.row(
            item.label,
            meta=_status(item.label),
            icon_name=item.icon,
            href=item.href,
            trail=ui.icon("chevron-right"),
        )
        for item in items
    ]
    head = rx.el.a(
        ui.avatar(SessionState.initials),
        rx.el.span(
            rx.el.span(SessionState.display_name, class_name="title3"),
            rx.el.br(),
            rx.el.span("My Profile", class_name="row__meta"),
        ),
        href=routes.PROFILE,
        class_name="morehead",
    )
    call = ui.anchor(ui.icon("phone"), "Call us", href=PracticeState.phone_href, class_name="btn btn--quiet")
    return ui.sheet(
        rx.el.nav(rx.el.ul(*lines, class_name="rows morelist"), custom_attrs={"aria-label": "More"}),
        parts.contacts("morefoot"),
        id="more",
        label="More",
        head=head,
        foot=ui.split(parts.log_out("btn btn--quiet"), call),
    )


def _status(label: str) -> Child:
    """How things stand there, in a few words."""
    if label == "Notifications":
        return rx.cond(DashboardState.unread > 0, f"{DashboardState.unread} new", "Nothing new")
    if label == "Help":
        return "Answers, and how to reach us"
    return None
