"""Task Management: consents and questionnaires."""

import reflex as rx

from portal.components import ui
from portal.components.layout import patient_page
from portal.components.ui.kit import inline
from portal.state.patient.form_progress import FormProgressState as Progress
from portal.state.patient.tasks import TasksState as State
from portal.state.practice import PracticeState

STATUSES = ("Not Signed", "Witness Signature Required", "Signed", "Not Filled", "Filled")


def task_management() -> rx.Component:
    """The page at /task-management."""
    return patient_page(
        "Task Management",
        rx.cond(State.loading, _skeleton(), rx.fragment(_due(), _tabs(), _consents(), _questionnaires())),
    )


def _skeleton() -> rx.Component:
    return ui.loading("Loading your forms", ui.skeleton("9rem"), ui.skeleton_card(5), ui.skeleton_card(3))


def _due() -> rx.Component:
    """The lit card, while something is open."""
    start = ui.button_link("Start with the first form", href=Progress.next_href, kind="primary")
    card = ui.lit(
        rx.el.p(Progress.open_forms, class_name="visit__n due__n", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            rx.el.h2(
                rx.el.span(Progress.open_forms, " ", class_name="vh"),
                Progress.headline,
                class_name="title2",
                custom_attrs={"id": "due"},
            ),
            rx.el.p(Progress.note, class_name="muted sm"),
            _meter(),
            class_name="due__body",
        ),
        rx.cond(Progress.next_href != "", start),
        labelled_by="due",
        class_name="due",
    )
    return rx.cond(Progress.open_forms > 0, card)


def _meter() -> rx.Component:
    said = f"{Progress.done} of {Progress.total} forms complete"
    pieces = rx.foreach(Progress.pieces, lambda on: rx.el.span(class_name=rx.cond(on, "on", "")))
    return rx.el.div(
        rx.el.div(pieces, class_name="meter__track", custom_attrs={"role": "img", "aria-label": said}),
        rx.el.span(f"{Progress.done} of {Progress.total} done", class_name="xs nowrap"),
        class_name="due__meter",
    )


def _tabs() -> rx.Component:
    def badge(number: rx.Var[int]) -> rx.Component:
        return rx.cond(number > 0, ui.count(number, "to complete", tone="alert"))

    return ui.tabs(
        "Task Management",
        ui.tab(
            "Consents",
            "consents",
            selected=State.tab == "consents",
            on_click=State.show_consents,
            count=badge(State.open_consents),
        ),
        ui.tab(
            "Questionnaires",
            "questionnaires",
            selected=State.tab == "questionnaires",
            on_click=State.show_questionnaires,
            count=badge(State.open_questionnaires),
        ),
    )


def _consents() -> rx.Component:
    nothing = ui.empty_state(
        "clipboard-list", "No consents yet", "When a visit needs a consent, you find it here to read and sign."
    )
    lists = rx.fragment(
        rx.cond(State.open.length() > 0, _card("todo", "To complete", State.open)),
        rx.cond(State.done.length() > 0, _card("done", "Completed", State.done)),
        _correction(),
    )
    shown = rx.cond(State.open.length() + State.done.length() > 0, lists, nothing)
    return rx.cond(State.tab == "consents", ui.tab_panel("consents", ui.stack(shown, gap="1.25rem")))


def _questionnaires() -> rx.Component:
    nothing = ui.empty_state(
        "clipboard-list",
        "No questionnaires yet",
        "When the practice asks you about your health, you find the questions here.",
    )
    lists = rx.fragment(
        rx.cond(State.to_fill.length() > 0, _card("fill", "To complete", State.to_fill)),
        rx.cond(State.filled.length() > 0, _card("filled", "Completed", State.filled)),
        _correction(),
    )
    shown = rx.cond(State.to_fill.length() + State.filled.length() > 0, lists, nothing)
    return rx.cond(State.tab == "questionnaires", ui.tab_panel("questionnaires", ui.stack(shown, gap="1.25rem")))


def _card(name: str, title: str, forms: rx.Var) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="title2", custom_attrs={"id": name} | inline(margin_bottom="1rem")),
        ui.rows(rx.foreach(forms, _form)),
        class_name="card",
        custom_attrs={"aria-labelledby": name},
    )


def _form(form: rx.Var) -> rx.Component:
    def act(verb: str, href: rx.Var[str]) -> rx.Component:
        return ui.button_link(verb, href=href, small=True, label=f"{verb} {form.name}")

    expiring = rx.cond(
        form.expiry != "", rx.fragment(" ", ui.status_pill(form.expiry, only=("Expiring soon", "Expired")))
    )
    return ui.doc_row(
        form.name,
        rx.fragment(ui.status_pill(form.status, only=STATUSES), expiring),
        form.meta,
        rx.cond(form.view_href != "", act("View", form.view_href)),
        rx.cond(form.fill_href != "", act("Fill", form.fill_href)),
        rx.cond(form.sign_href != "", act("Sign", form.sign_href)),
        rx.cond(form.witness_href != "", act("Witness", form.witness_href)),
        ui.download_link(form.pdf_href, f"Download {form.name}"),
    )


def _correction() -> rx.Component:
    return rx.el.p(
        "A form cannot be edited once it is signed or submitted. If something is wrong, call ",
        ui.phone_link(PracticeState.phone, PracticeState.phone_href),
        " and we will reset it for you.",
        class_name="sm faint measure",
    )
