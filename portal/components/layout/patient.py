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
from portal.state.patient.dashboard import DashboardState
from portal.state.practice import PracticeState
from portal.state.session import SessionState

BAR_PLACES = 4  # entries of the bottom bar before More
BAR = ("Dashboard", "Appointments", "Task Management", "Client Wallet")


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one step that is due, named in the top bar of a wide screen. Not shown while `words` is empty."""

    words: Text
    href: Text


def patient_page(
    title: str,
    *children: Child,
    next: NextStep | None = None,
    heading: Child = None,
    tools: Child = None,
    narrow: bool = False,
    today: Text | None = None,
    badges: dict[str, tuple[Number, str]] | None = None,
    unread: Number | None = None,
) -> rx.Component:
    """The frame of a patient's page called `title`, which is also the name of its menu entry.

    `heading` replaces the h1 (a greeting), `tools` stand beside it, `today` stands where the next step does. The next
    step, the counts of the menu and the bell are the patient's own, unless given.
    """
    badges = BADGES if badges is None else badges
    unread = DashboardState.unread if unread is None else unread
    next = next or NextStep(DashboardState.next_words, DashboardState.next_href)
    head = ui.page_head(title if heading is None else heading, tools)
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(
            _side_menu(title, badges),
            _top_bar(next, today, unread),
            rx.el.main(head, *children, class_name="main main--narrow" if narrow else "main", custom_attrs=MAIN),
            _bottom_bar(title, badges),
            class_name="shell",
        ),
        _more_sheet(),
        parts.live_regions(),
        parts.idle_watch(),
    )


MAIN = {"id": "main", "tabIndex": -1}
#: What the menu counts, by label, with what is counted.
BADGES: dict[str, tuple[Number, str]] = {
    "Task Management": (DashboardState.open_forms, "to complete"),
    "Notifications": (DashboardState.unread, "new"),
}
QUIET = {"Notifications"}  # news is no work


def _badge(label: str, badges: dict[str, tuple[Any, str]], **props: Any) -> Child:
    if label not in badges:
        return None
    number, what = badges[label]
    return rx.cond(number > 0, ui.count(number, what, **props))


def _side_menu(title: str, badges: dict[str, tuple[Any, str]]) -> rx.Component:
    groups = [list(items) for _, items in groupby(MENU, key=lambda item: item.group)]

    def entry(item: MenuItem) -> rx.Component:
        badge = _badge(item.label, badges, tone="quiet" if item.label in QUIET else "brand")
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


def _top_bar(next: NextStep, today: Text | None, unread: Number) -> rx.Component:
    chip = rx.el.a(
        rx.el.span(class_name="orb", aria_hidden="true"),
        rx.el.span(rx.el.b("Next:"), " ", next.words),
        href=next.href,
        class_name="nextchip",
    )
    due = when(next.words != "", chip, rx.el.span())
    if today is not None:
        due = rx.el.p(today, class_name="nextchip nextchip--today")
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
