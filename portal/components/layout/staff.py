"""The staff side: dense, a dark bar with tabs on top that shows at once which side one is on."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import parts
from portal.components.layout.find_client import find_client
from portal.components.layout.patient import MAIN
from portal.components.layout.proof import lock_watch, proof_dialog
from portal.components.ui.kit import Child, attributes, hidden_text, present
from portal.state.staff.menu import STAFF_MENU, StaffTab
from portal.state.staff.session import Privilege, StaffSessionState, may


def staff_page(title: str, *children: Child, panel: Child = None, form: bool = False) -> rx.Component:
    """The frame of a staff page; `title` is the label of its tab. The page brings its own h1.

    `panel` stands to the left of the page, beside its whole height; `form` narrows the page.
    """
    main = rx.el.main(*present(*children), class_name="smain smain--form" if form else "smain", custom_attrs=MAIN)
    body = main if panel is None else rx.el.div(panel, main, class_name="client")
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(_bar(title), body, parts.live_regions(), lock_watch(), proof_dialog(), class_name="staff"),
    )


def _bar(title: str) -> rx.Component:
    return rx.el.header(
        parts.brandmark(routes.STAFF_CLIENTS, suffix="Staff"),
        rx.el.nav(*(_tab(item, title) for item in STAFF_MENU), custom_attrs={"aria-label": "Main"}),
        rx.el.div(find_client(), _bell(), _account(), class_name="sbar__tools"),
        class_name="sbar",
    )


def _tab(item: StaffTab, title: str) -> rx.Component:
    """Only for whoever may open it."""
    waiting = StaffSessionState.waiting
    badge = rx.cond(waiting > 0, ui.count(waiting, "waiting")) if item.place == routes.STAFF_TASKS else None
    current = attributes(**{"aria-current": "page" if item.label == title else None})
    link = rx.el.a(*present(item.label, badge), href=item.place, custom_attrs=current)
    return rx.cond(may(item.privilege), link)


def _bell() -> rx.Component:
    news = StaffSessionState.news
    link = rx.el.a(
        hidden_text("Practice notifications"),
        ui.icon("bell"),
        rx.cond(news != "", ui.count(news, "new", tone="alert")),
        href=routes.STAFF_NOTICES,
        class_name="iconbtn",
    )
    return rx.cond(may(Privilege.NOTICES_VIEW), link)


def _account() -> rx.Component:
    return ui.menu(
        rx.el.li(rx.el.p(rx.el.b(StaffSessionState.name), rx.el.br(), StaffSessionState.role, class_name="menu__head")),
        ui.menu_link("Account and devices", routes.STAFF_ACCOUNT, "user-round"),
        rx.cond(
            may(Privilege.REFERRALS_MANAGE),
            ui.menu_link("Referral sources", routes.STAFF_REFERRALS, "users-round"),
        ),
        ui.menu_button("Lock screen", StaffSessionState.lock, "lock"),
        rx.el.li(parts.log_out(where=routes.STAFF_SESSION_END)),
        id="account-menu",
        trigger=rx.fragment(ui.avatar(StaffSessionState.initials), hidden_text(f"Account of {StaffSessionState.name}")),
        trigger_class="profilebtn",
    )
