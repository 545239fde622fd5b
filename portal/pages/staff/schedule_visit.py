"""One visit in a drawer: who, what, when, what can be done with it, its forms, and who did what with it."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.client_symbols import client_symbols
from portal.state.staff.booking import BookingState
from portal.state.staff.session import Privilege, may
from portal.state.staff.visit import VisitSheetState as State

Sheet = State.shown
STATUSES = ("Not confirmed", "Confirmed", "Checked in", "Completed", "Cancelled", "No show")
FORM_STATUSES = ("Not Signed", "Not Filled", "Witness Signature Required", "Signed", "Filled")


def visit_drawer() -> rx.Component:
    """The visit that is open, and over it the question before a cancellation."""
    body = ui.dialog(
        Sheet.title,
        rx.el.div(
            _who(),
            rx.cond(may(Privilege.VISITS_MANAGE), rx.cond(State.cancelling, _cancelling(), _acts())),
            _when(),
            _forms(),
            _history(),
            class_name="vsheet",
        ),
        open=True,
        id="visit",
        on_close=State.close,
        width="27rem",
    )
    return rx.cond(Sheet, body)


def _who() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.a(Sheet.client, href=Sheet.client_href, class_name="vsheet__client"),
            client_symbols(Sheet.symbols),
        ),
        rx.el.p(
            f"Born {Sheet.born}", rx.cond(Sheet.phone != "", rx.fragment(", ", Sheet.phone)), class_name="sm muted"
        ),
        rx.el.p(ui.status_pill(Sheet.status, only=STATUSES)),
        rx.cond(Sheet.about != "", rx.el.p(Sheet.about, class_name="sm muted")),
        class_name="vsheet__who",
    )


def _acts() -> rx.Component:
    undo = rx.fragment(
        _act("undo", "Undo cancellation", "undo-2", kind="primary"),
        ui.countdown(Sheet.undo_seconds, prefix="Time left: ", on_done=State.refresh, class_name="sm muted num"),
    )
    first = rx.cond(
        Sheet.check_in,
        _act("check_in", "Check in", "circle-check", kind="primary"),
        rx.cond(Sheet.complete, _act("complete", "Complete", "circle-check", kind="primary")),
    )
    return rx.el.div(
        rx.cond(Sheet.undo_seconds > 0, undo),
        first,
        rx.cond(Sheet.confirm, _act("confirm", "Confirm", "check")),
        rx.cond(Sheet.complete & Sheet.check_in, _act("complete", "Complete")),
        rx.cond(Sheet.no_show, _act("no_show", "No show")),
        rx.cond(Sheet.move, ui.button("Move", icon_name="calendar-clock", on_click=BookingState.move(Sheet.id))),
        rx.cond(Sheet.cancel, ui.button("Cancel", kind="quiet-danger", on_click=State.ask_cancel)),
        class_name="vsheet__acts",
    )


def _act(what: str, words: str, icon_name: str | None = None, kind: Any = "plain") -> rx.Component:
    return ui.button(words, kind=kind, icon_name=icon_name, loading=State.working == what, on_click=State.act(what))


def _cancelling() -> rx.Component:
    """Why, and what it costs; then the button that does it."""
    fee = ui.choice_group(
        f"The late fee of {Sheet.fee} applies",
        "fee",
        [("waive", "Waive it"), ("charge", "Charge it: an invoice, once this cannot be undone any more")],
        value="waive",
    )
    return rx.el.form(
        rx.el.h3("Cancel this visit?", class_name="title3"),
        ui.select_field("Reason", "reason", Sheet.reasons, placeholder="Choose a reason", error=_error("reason")),
        ui.text_area("Note", "note", optional=True, max_length=500, error=_error("note")),
        rx.cond(Sheet.fee != "", fee),
        rx.el.div(
            ui.button(
                "Cancel visit", kind="danger-solid", type="submit", loading=State.busy, loading_text="Cancelling"
            ),
            ui.button("Keep it", kind="quiet", on_click=State.keep),
            class_name="vsheet__acts",
        ),
        on_submit=State.cancel,
        class_name="well vsheet__cancel",
    )


def _when() -> rx.Component:
    def line(term: str, value: Any) -> rx.Component:
        return rx.cond(value != "", rx.el.div(rx.el.dt(term), rx.el.dd(value)))

    return rx.el.dl(
        line("Day", Sheet.day),
        line("Time", Sheet.time),
        line("Length", Sheet.lasts),
        line("Provider", Sheet.provider),
        line("Clinic", Sheet.clinic),
        class_name="kvl",
    )


def _forms() -> rx.Component:
    def form(item: Any) -> rx.Component:
        return rx.el.li(rx.el.span(item.name), ui.status_pill(item.status, only=FORM_STATUSES))

    listed = rx.el.ul(rx.foreach(Sheet.forms, form), class_name="vsheet__forms")
    return rx.el.section(
        ui.split(
            rx.el.h3("Paperwork", class_name="title3"),
            rx.cond(may(Privilege.PAPERWORK_VIEW), ui.link("Task Management", href=Sheet.paperwork_href)),
        ),
        rx.cond(Sheet.forms.length() > 0, listed, rx.el.p("This visit asks for no forms.", class_name="sm muted")),
    )


def _history() -> rx.Component:
    def deed(item: Any) -> rx.Component:
        return rx.el.li(
            rx.el.span(item.words, class_name="strong"),
            rx.el.span(rx.cond(item.who != "", f"{item.who}, ", ""), item.when, class_name="sm muted"),
        )

    return rx.el.section(
        rx.el.h3("History", class_name="title3"),
        rx.cond(
            Sheet.history.length() > 0,
            rx.el.ol(rx.foreach(Sheet.history, deed), class_name="vsheet__history"),
            rx.el.p("It was taken over from an older system.", class_name="sm muted"),
        ),
    )


def _error(field: str) -> rx.Var[str]:
    return rx.cond(State.errors.contains(field), State.errors[field], "")
