"""Dashboard: the next visit, the paperwork, what is new."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import patient_page
from portal.components.ui.kit import inline
from portal.pages.patient.frame import BADGES
from portal.state.patient.dashboard import DashboardState as State


def dashboard() -> rx.Component:
    """The page at /dashboard."""
    return patient_page(
        "Dashboard",
        rx.el.div(
            rx.cond(State.loading, _skeleton(), rx.fragment(_visit(), rx.el.div(_paperwork()), rx.el.div(_notices()))),
            class_name="dash",
        ),
        heading=rx.cond(State.loading, "Welcome", State.greeting),
        tools=rx.el.p(rx.cond(State.today != "", State.today, "\u00a0"), class_name="muted dash__today"),
        badges=BADGES,
        unread=State.unread,
    )


def _skeleton() -> rx.Component:
    return rx.fragment(
        _whole_row(ui.loading("Loading your Dashboard", ui.skeleton("16rem"))),
        rx.el.div(ui.skeleton_card(4)),
        rx.el.div(ui.skeleton_card(3)),
        key="skeleton",  # other elements than the page's own: those appear in their place, nothing moves
    )


def _whole_row(child: rx.Component) -> rx.Component:
    return rx.el.div(child, custom_attrs=inline(grid_column="1 / -1"))


def _visit() -> rx.Component:
    """The lit card; without a visit ahead it holds the paperwork that is due, or says that all is done."""
    return _whole_row(rx.cond(State.visit, _next_visit(), _no_visit()))


def _next_visit() -> rx.Component:
    visit = State.visit
    forms = rx.cond(State.open_forms == 1, "Complete 1 form", f"Complete {State.open_forms} forms")
    return ui.visit_card(
        eyebrow=visit.eyebrow,
        day=visit.day,
        weekday=visit.weekday,
        month=visit.month,
        time=visit.time,
        title=visit.title,
        details=rx.fragment(visit.provider, rx.el.br(), visit.place),
        acts=[
            rx.cond(
                State.open_forms > 0,
                ui.button_link(forms, href=routes.TASK_MANAGEMENT, kind="primary", icon_name="list-checks"),
            )
        ],
        steps=ui.thread(
            rx.cond(
                State.open_forms > 0,
                ui.thread_step("1", forms, "On any phone or computer", href=routes.TASK_MANAGEMENT, state="now"),
                ui.thread_step("1", "Forms complete", "Nothing left to sign", state="done"),
            ),
            ui.thread_step("2", f"Arrive at {visit.time}", visit.address),
        ),
    )


def _no_visit() -> rx.Component:
    words = rx.cond(State.open_forms == 1, "form to complete", "forms to complete")
    note = "You can stop and come back at any time."
    start = ui.button_link("Go to Task Management", href=routes.TASK_MANAGEMENT, kind="primary")
    return rx.cond(
        State.open_forms > 0,
        ui.due_card(State.open_forms.to_string(), words, note, start),
        ui.empty_state(
            "calendar-check-2", "No visit ahead", "When the practice books a visit for you, it appears here."
        ),
    )


def _paperwork() -> rx.Component:
    badge = rx.cond(State.open_forms > 0, ui.count(State.open_forms, "to complete", tone="alert"))
    title = rx.el.h2("Paperwork ", badge, class_name="title2", custom_attrs={"id": "paperwork"})
    more = State.open_forms - State.forms.length()
    return rx.el.section(
        rx.el.div(title, ui.link("Task Management", href=routes.TASK_MANAGEMENT), class_name="card__head"),
        rx.cond(
            State.forms.length() > 0,
            ui.rows(rx.foreach(State.forms, _form), tight=True),
            rx.el.p("Nothing to complete. New forms appear here.", class_name="muted"),
        ),
        rx.cond(more > 0, rx.el.p(f"And {more} more in Task Management.", class_name="row__meta")),
        class_name="card",
        custom_attrs={"aria-labelledby": "paperwork"},
    )


def _form(form: rx.Var) -> rx.Component:
    status = ui.status_pill(form.status, only=("Not Signed", "Witness Signature Required", "Not Filled"))
    return rx.el.li(
        rx.el.a(
            rx.el.span(rx.el.span(form.name, class_name="row__title"), status, class_name="row__body"),
            rx.el.span(form.verb, class_name="btn btn--sm"),
            href=form.href,
            class_name="row",
        )
    )


def _notices() -> rx.Component:
    badge = rx.cond(State.unread > 0, ui.count(State.unread, "new"))
    title = rx.el.h2("Notifications ", badge, class_name="title2", custom_attrs={"id": "notifications"})
    return rx.el.section(
        rx.el.div(title, class_name="card__head"),
        rx.cond(
            State.notices.length() > 0,
            ui.rows(rx.foreach(State.notices, _notice), tight=True),
            rx.el.p("Nothing new. Forms and visits are announced here.", class_name="muted"),
        ),
        class_name="card",
        custom_attrs={"aria-labelledby": "notifications"},
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
            href=notice.href,
            class_name="row row--top",
        )
    )
