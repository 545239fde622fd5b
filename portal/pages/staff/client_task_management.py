"""Task Management of one client, beside the panel: every form, its status, what can be done about it."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.ui.kit import inline
from portal.pages.staff.form_drawer import form_dialogs, form_over
from portal.state.staff.client_forms import ClientFormsState as State
from portal.state.staff.form_drawer import FormDrawerState as Drawer
from portal.state.staff.session import Privilege, may

STATUSES = ("Not Signed", "Witness Signature Required", "Signed", "Not Filled", "Filled", "Void")
SHOWN: Any = State.found
CHOICES: Any = State.choices


def tab() -> rx.Component:
    """What stands beside the panel at ?tab=task-management."""
    return rx.fragment(
        rx.cond(State.loading, ui.loading("Loading the forms", ui.skeleton_card(5)), _forms()),
        form_over(),
        form_dialogs(),
        _assigning(),
    )


def _forms() -> rx.Component:
    more = ui.button("Assign form", small=True, icon_name="plus", on_click=State.choose)
    nothing = rx.el.p("No forms yet. Booking a visit asks for its forms by itself.", class_name="muted formless")
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Paperwork", class_name="title2", custom_attrs={"id": "paperwork"}),
            rx.cond(may(Privilege.PAPERWORK_ASSIGN), more),
            class_name="card__head toolbar split",
        ),
        rx.cond(SHOWN.rows.length() > 0, _table(), nothing),
        rx.cond(SHOWN.kept.length() > 0, _kept()),
        class_name="card card--flush",
        custom_attrs={"aria-labelledby": "paperwork"},
    )


def _table() -> rx.Component:
    heads = ("Form", "Kind", "Status", "Last change", "Expires")
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    *(rx.el.th(words, scope="col") for words in heads),
                    rx.el.th(rx.el.span("Actions", class_name="vh"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(SHOWN.rows, _row)),
            class_name="table",
        ),
        class_name="tablewrap",
        role="region",
        custom_attrs={"aria-label": "Paperwork, scrolls sideways on small screens", "tabIndex": 0},
    )


def _row(row: Any) -> rx.Component:
    late = rx.cond(row.late, ui.pill("Overdue", tone="danger", icon_name="clock"))
    timer = rx.el.span(ui.icon("timer", 16, label="Documents expiring or expired"), row.expires, class_name="expiring")
    expires = rx.cond(row.expires != "", rx.cond(row.expiry != "", timer, row.expires), "None")
    may_sign = (row.status == "Witness Signature Required") & may(Privilege.PAPERWORK_WITNESS)
    acts = rx.el.span(
        rx.cond(may(Privilege.PAPERWORK_RESET), _act("Reset", row, Drawer.ask_reset)),
        _act("View", row, Drawer.open_form),
        rx.cond(may_sign, _act("Sign", row, Drawer.open_form)),
        _download(row),
        class_name="acts",
    )
    return rx.el.tr(
        rx.el.td(row.form, class_name="strong"),
        rx.el.td(row.kind),
        rx.el.td(rx.el.span(ui.status_pill(row.status, only=STATUSES), late, class_name="pillrow")),
        rx.el.td(row.changed, class_name="muted"),
        rx.el.td(expires, class_name="nowrap"),
        rx.el.td(acts),
    )


def _act(verb: str, row: Any, event: Any) -> rx.Component:
    return ui.button(verb, small=True, label=f"{verb} {row.form}", on_click=event(row.form_id))


def _download(row: Any) -> rx.Component:
    link = ui.download_link(row.pdf_href, f"Download {row.form}", ui.icon("download", 16))
    return rx.cond(row.pdf_href != "", link, rx.el.span(class_name="iconbtn", aria_hidden="true"))


def _kept() -> rx.Component:
    """What was made void and stays in the record."""

    def one(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(rx.el.p(row.form, class_name="strong"), rx.el.p(row.changed, class_name="row__meta")),
            rx.el.span(_act("View", row, Drawer.open_form), _download(row), class_name="acts"),
            class_name="split",
        )

    return rx.el.details(
        rx.el.summary(f"Void, kept in the record ({SHOWN.kept.length()})", class_name="link"),
        rx.el.ul(rx.foreach(SHOWN.kept, one), class_name="keptforms"),
        class_name="more keptmore",
    )


def _assigning() -> rx.Component:
    """Which forms, for which visit, until when."""
    return ui.dialog(
        "Assign form",
        rx.el.form(
            rx.el.fieldset(
                rx.el.legend("Forms", class_name="field__label"),
                rx.el.div(rx.foreach(CHOICES.templates, _choice), class_name="choice"),
                ui.field_error(_error("templates"), "templates-error"),
                class_name="choicegroup",
            ),
            ui.fields(
                ui.select_field(
                    "Visit",
                    "visit",
                    CHOICES.visits,
                    id="assign-visit",
                    placeholder="No visit",
                    hint="The form is due when the visit begins.",
                    optional=True,
                ),
                ui.text_field(
                    "Due",
                    "due",
                    id="assign-due",
                    type="date",
                    optional=True,
                    error=_error("due"),
                    hint="If not the visit.",
                ),
            ),
            class_name="stack",
            id="assign-form",
            on_submit=State.assign,
            custom_attrs=inline(_gap=".875rem"),
        ),
        open=CHOICES,
        id="assigning",
        on_close=State.leave_choice,
        actions=[
            ui.button(
                "Assign",
                kind="primary",
                type="submit",
                loading=State.busy,
                loading_text="Assigning",
                custom_attrs={"form": "assign-form"},
            ),
            ui.button("Assign nothing", on_click=State.leave_choice),
        ],
        width="34rem",
    )


def _choice(one: Any) -> rx.Component:
    note = rx.cond(
        one.note != "",
        rx.el.span(one.kind, ". ", one.note, class_name="xs faint"),
        rx.el.span(one.kind, class_name="xs faint"),
    )
    return rx.el.label(
        rx.el.input(type="checkbox", name=f"t-{one.id}", disabled=one.taken),
        rx.el.span(rx.el.span(one.name), rx.el.br(), note, class_name="row__body"),
        class_name="check",
    )


def _error(field: str) -> rx.Var[str]:
    return rx.cond(State.errors.contains(field), State.errors[field], "").to(str)
