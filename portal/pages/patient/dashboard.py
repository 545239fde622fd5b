"""Dashboard: the next visit, the paperwork, what is owed, what to know, the month, what is new."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import patient_page
from portal.components.ui.kit import hidden_text, inline
from portal.pages.patient import dashboard_visit
from portal.state.patient.calendar import CalendarState
from portal.state.patient.dashboard import DashboardState as State
from portal.state.patient.notifications import NotificationsState
from portal.state.practice import PracticeState

TO_COMPLETE = ("Not Signed", "Witness Signature Required", "Not Filled")
VISIT_STATUSES = ("Not confirmed", "Confirmed", "Checked in", "Completed")


def dashboard() -> rx.Component:
    """The page at /dashboard. Its parts stand in the order of need, which is theirs on a phone too."""
    content = rx.fragment(
        _whole_row(dashboard_visit.next_visit(), _banner()),
        rx.el.div(_paperwork(), _invoices(), _reminders()),
        rx.el.div(_calendar(), _more_visits(), _notices()),
    )
    return patient_page(
        "Dashboard",
        rx.el.div(rx.cond(State.loading, _skeleton(), content), class_name="dash"),
        heading=rx.cond(State.loading, "Welcome", State.greeting),
        today=State.today,
    )


def _skeleton() -> rx.Component:
    return rx.fragment(
        _whole_row(ui.loading("Loading your Dashboard", ui.skeleton("16rem"))),
        rx.el.div(ui.skeleton_card(4)),
        rx.el.div(ui.skeleton_card(3)),
        key="skeleton",  # other elements than the page's own: those appear in their place, nothing moves
    )


def _whole_row(*children: rx.Component) -> rx.Component:
    return rx.el.div(*children, custom_attrs=inline(grid_column="1 / -1"))


def _card(
    name: str, head: list[rx.Component | str], *content: rx.Component, more: rx.Component | None = None
) -> rx.Component:
    """A quiet card with its title, and where more of the same is."""
    title = rx.el.h2(*head, class_name="title2", custom_attrs={"id": name})
    return rx.el.section(
        rx.el.div(title, *([more] if more is not None else []), class_name="card__head"),
        *content,
        class_name="card",
        custom_attrs={"aria-labelledby": name},
    )


def _banner() -> rx.Component:
    """A promotion, while one is current and has not been closed in this tab."""
    banner = State.banner
    away = ui.anchor(banner.label, href=banner.href, class_name="link link--inline", new_tab=True)
    here = ui.link(banner.label, href=banner.href, in_text=True)
    link = rx.fragment(" ", rx.cond(banner.href.startswith("/"), here, away))
    shown = rx.el.aside(
        ui.icon("gift"),
        rx.el.p(banner.text, rx.cond(banner.href != "", link), class_name="promo__words"),
        ui.icon_button("x", "Hide this offer", on_click=State.close_banner),
        class_name="promo",
        custom_attrs={"aria-label": "From the practice"},
    )
    return rx.cond(State.banner, shown)


def _paperwork() -> rx.Component:
    badge = rx.cond(State.open_forms > 0, ui.count(State.open_forms, "to complete", tone="alert"))
    more = State.open_forms - State.forms.length()
    return _card(
        "paperwork",
        ["Paperwork ", badge],
        rx.cond(
            State.forms.length() > 0,
            ui.rows(rx.foreach(State.forms, _form), tight=True),
            rx.el.p("Nothing to complete. New forms appear here.", class_name="muted"),
        ),
        rx.cond(more > 0, rx.el.p(f"And {more} more in Task Management.", class_name="row__meta")),
        more=ui.link("Task Management", href=routes.TASK_MANAGEMENT),
    )


def _form(form: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(
                rx.el.span(form.name, class_name="row__title"),
                ui.status_pill(form.status, only=TO_COMPLETE),
                class_name="row__body",
            ),
            rx.el.span(form.verb, class_name="btn btn--sm"),
            href=form.href,
            class_name="row",
        )
    )


def _invoices() -> rx.Component:
    """What is owed, and how to pay it."""
    one = State.invoices.length() == 1
    first = State.invoices[0]
    title = [rx.cond(one, first.number, "Unpaid invoices "), rx.cond(one, rx.fragment(), _unpaid_count())]
    amount = rx.el.p(State.total, class_name="figure num figure--lg")
    detail = rx.cond(
        one,
        rx.el.p(first.title, ", ", first.date, class_name="row__meta"),
        ui.rows(rx.foreach(State.invoices, _invoice), tight=True),
    )
    more = State.unpaid - State.invoices.length()
    card = _card(
        "invoices",
        title,
        rx.cond(one, rx.fragment(), rx.el.p("Total to pay", class_name="row__meta")),
        amount,
        detail,
        rx.cond(more > 0, rx.el.p(f"And {more} more.", class_name="row__meta")),
        rx.el.p(
            "To pay, call ",
            ui.phone_link(PracticeState.phone, PracticeState.phone_href),
            rx.cond(State.visit, " or pay at your visit.", "."),
            class_name="row__meta",
        ),
        more=rx.cond(one, ui.status_pill(first.status, only=("Unpaid", "Partly paid"))),
    )
    return rx.cond(State.invoices.length() > 0, card)


def _unpaid_count() -> rx.Component:
    return ui.count(State.unpaid, "unpaid", tone="alert")


def _invoice(invoice: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(invoice.number, class_name="row__title"),
            rx.el.span(invoice.title, ", ", invoice.date, class_name="row__meta"),
            ui.status_pill(invoice.status, only=("Unpaid", "Partly paid")),
            class_name="row__body",
        ),
        rx.el.span(invoice.amount, class_name="num strong"),
        class_name="row",
    )


def _reminders() -> rx.Component:
    icons = ("clock", "square-parking", "wallet", "circle-check", "info")
    lines = rx.foreach(
        State.reminders,
        lambda line: rx.el.li(ui.icon(line.icon, options=icons), rx.el.span(line.words)),
    )
    card = _card("reminders", ["Important Reminders"], rx.el.ul(lines, class_name="reminders"))
    return rx.cond(State.reminders.length() > 0, card)


def _more_visits() -> rx.Component:
    """Visits after the next one."""
    card = _card(
        "upcoming",
        ["Also coming up"],
        ui.rows(rx.foreach(State.visits, _visit), tight=True),
        more=ui.link("Appointments", href=routes.APPOINTMENTS),
    )
    return rx.cond(State.visits.length() > 0, card)


def _visit(visit: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            ui.day(visit.day, visit.day_month),
            rx.el.span(
                rx.el.span(visit.title, class_name="row__title"),
                rx.el.span(visit.time, class_name="row__meta"),
                ui.status_pill(visit.status, only=VISIT_STATUSES),
                class_name="row__body",
            ),
            href=visit.view_href,
            class_name="row row--top",
        )
    )


def _calendar() -> rx.Component:
    """The month; the visits of the day that is picked stand beneath it."""
    picked = rx.el.div(
        rx.el.h3(CalendarState.chosen_words, class_name="title3"),
        ui.rows(rx.foreach(CalendarState.visits, _day_visit), tight=True),
        class_name="calday",
    )
    return rx.el.section(
        ui.month_calendar(
            CalendarState.title,
            CalendarState.weeks,
            id="calendar",
            weekdays=CalendarState.weekdays,
            on_day=CalendarState.pick,
            on_previous=CalendarState.previous,
            on_next=CalendarState.following,
        ),
        rx.el.div(rx.cond(CalendarState.chosen != "", picked), custom_attrs={"aria-live": "polite"}),
        class_name="card calcard",
        custom_attrs={"aria-labelledby": "calendar"},
    )


def _day_visit(visit: rx.Var) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(
                rx.el.span(visit.title, class_name="row__title"),
                rx.el.span(visit.time, class_name="row__meta"),
                ui.status_pill(visit.status, only=VISIT_STATUSES),
                class_name="row__body",
            ),
            ui.icon("chevron-right", 16),
            href=visit.href,
            class_name="row",
        )
    )


def _notices() -> rx.Component:
    badge = rx.cond(State.unread > 0, ui.count(State.unread, "new"))
    return _card(
        "notifications",
        ["Notifications ", badge],
        rx.cond(
            State.notices.length() > 0,
            ui.rows(rx.foreach(State.notices, _notice), tight=True),
            rx.el.p("Nothing new. Forms and visits are announced here.", class_name="muted"),
        ),
        more=ui.link("View", hidden_text(" all notifications"), href=routes.NOTIFICATIONS),
    )


def _notice(notice: rx.Var) -> rx.Component:
    words = rx.cond(notice.body != "", f"{notice.title}: {notice.body}", notice.title)
    return rx.el.li(
        rx.el.a(
            rx.el.span(rx.cond(notice.unread, ui.dot("New")), class_name="noticedot"),
            rx.el.span(
                rx.el.span(words, class_name="row__title sm"),
                rx.el.span(notice.when, class_name="xs faint"),
                class_name="row__body",
            ),
            href=rx.cond(notice.href != "", notice.href, routes.NOTIFICATIONS),
            on_click=NotificationsState.open(notice.id),
            class_name="row row--top",
        )
    )
