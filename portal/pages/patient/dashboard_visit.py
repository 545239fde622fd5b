"""The lit card of the Dashboard: the next visit; without one the paperwork that is due, or that all is done."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.pages.patient import visit_parts
from portal.state.patient.dashboard import DashboardState as State


def next_visit() -> rx.Component:
    """The one thing that matters most now."""
    return rx.cond(State.visit, _visit(), _no_visit())


def _visit() -> rx.Component:
    visit = State.visit
    details = rx.fragment(
        rx.cond(visit.provider != "", rx.fragment("With ", visit.provider, rx.el.br())),
        visit_parts.length_and_place(visit),
    )
    card = ui.visit_card(
        eyebrow=rx.fragment(
            rx.cond(visit.undo_seconds > 0, "This visit is cancelled", f"Your next visit is {visit.away.lower()}"),
            " ",
            visit_parts.status(visit),
        ),
        day=visit.day,
        weekday=visit.weekday,
        month=visit.month,
        time=visit.time,
        title=rx.el.a(visit.title, href=visit.view_href, class_name="plainlink"),
        details=details,
        acts=[_next_form(), visit_parts.acts(visit, lit=True), visit_parts.why_not(visit, "visit__why")],
        steps=ui.thread(rx.foreach(State.steps, _step)),
    )
    return rx.fragment(card, visit_parts.cancel_dialog())


def _step(step: rx.Var) -> rx.Component:
    return ui.thread_step(step.number, step.title, step.meta, href=step.href, state=step.state)


def _next_form() -> rx.Component:
    """Once the visit is confirmed, the forms are what is next; the button says what the step says."""
    words = State.next_words[0].upper() + State.next_words[1:]
    return rx.cond(
        State.next_href == routes.TASK_MANAGEMENT,
        ui.button_link(words, href=routes.TASK_MANAGEMENT, kind="primary", icon_name="list-checks"),
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
