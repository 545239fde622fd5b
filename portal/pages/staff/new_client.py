"""New client: the button above the list, and its dialog."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.ui.error_focus import error_focus
from portal.state.practice import PracticeState
from portal.state.staff.new_client import RELATIONSHIPS
from portal.state.staff.new_client import NewClientState as State
from portal.state.staff.session import Privilege, may

FORM = "new-client-form"


def new_client_button() -> rx.Component:
    """Only for whoever may edit clients."""
    button = ui.button("New client", kind="primary", icon_name="user-plus", on_click=State.begin)
    return rx.cond(may(Privilege.CLIENTS_EDIT), button)


def new_client_dialog() -> rx.Component:
    """The form, and above it who may be the same person."""
    save = ui.button(
        "Register client",
        kind="primary",
        type="submit",
        loading=State.busy,
        loading_text="Registering",
        custom_attrs={"form": FORM},
    )
    return ui.dialog(
        "New client",
        ui.stack(rx.cond(State.alike.length() > 0, _alike()), _form()),
        open=State.open,
        id="new-client",
        actions=[save, ui.button("Cancel", kind="quiet", on_click=State.close)],
        on_close=State.close,
        width="40rem",
    )


def _alike() -> rx.Component:
    def one(client: Any) -> rx.Component:
        name = ui.link(client.name, href=f"{routes.STAFF_CLIENTS}/{client.id}", in_text=True)
        gone = rx.cond(client.inactive, " (inactive)", "")
        facts = rx.el.span(client.born, " (", client.age, ") ", client.phone, " ", client.email, class_name="faint")
        return rx.el.li(name, gone, " ", facts, rx.el.br(), rx.el.span(client.why, class_name="xs"))

    return ui.banner(
        "This may be somebody who is here already.",
        rx.el.ul(rx.foreach(State.alike, one), class_name="alike"),
        ui.button("It is another person", small=True, on_click=State.another),
        tone="warn",
        announce="alert",
    )


def _form() -> rx.Component:
    return rx.el.form(
        error_focus(State.errors),
        ui.fields(
            _text("First name", "first_name", max_length=80),
            _text("Last name", "last_name", max_length=80),
            _text("Preferred name", "preferred_name", optional=True, max_length=80),
            _text(
                "Date of birth",
                "date_of_birth",
                input_mode="numeric",
                placeholder="MM/DD/YYYY",
                max_length=20,
                on_blur=State.born,
            ),
            rx.cond(State.minor, _guardian()),
            ui.phone_field(
                country_code=PracticeState.country_code,
                hint="A phone number or an email address is enough.",
                error=_error("phone"),
                max_length=40,
            ),
            _text("Email address", "email", input_mode="email", max_length=254),
            ui.select_field(
                "Primary clinic",
                "clinic_id",
                State.clinics,
                placeholder="Choose a clinic",
                error=_error("clinic_id"),
                wide=True,
            ),
        ),
        id=FORM,
        on_submit=State.register,
        no_validate=True,
        auto_complete="off",
    )


def _guardian() -> rx.Component:
    return rx.fragment(
        _text("Parent or guardian's name", "guardian_name", max_length=80),
        ui.select_field(
            "Relationship",
            "guardian_relationship",
            list(RELATIONSHIPS.items()),
            placeholder="Choose",
            error=_error("guardian_relationship"),
        ),
        rx.el.p("Under 18: the phone and email are the guardian's.", class_name="field__hint span2", role="status"),
    )


def _text(label: str, name: str, **props: Any) -> rx.Component:
    return ui.text_field(label, name, error=_error(name), **props)


def _error(name: str) -> rx.Var[str]:
    return State.errors.get(name, "").to(str)
