"""The locked screen: who it is, and a second factor. Nothing of any client is on it."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import auth_page, parts
from portal.components.layout.proof import proof_field, proof_passkey
from portal.state.staff.proving import ProvingState

State: Any = ProvingState


def lock() -> rx.Component:
    """The page at /staff/lock."""
    form = rx.el.form(
        rx.el.div(
            rx.el.h1("Your screen is locked", class_name="title1"),
            rx.el.p(
                "Locked for ",
                rx.el.b(State.who, class_name="strong ink"),
                ". Unlock it to go on where you were.",
                class_name="muted",
            ),
        ),
        proof_field(focus=True),
        ui.button("Unlock", kind="primary", block=True, type="submit"),
        class_name="stack stack--5",
        on_submit=State.submit,
    )
    return auth_page(
        "Welcome back.",
        form,
        rx.cond(State.passkeys, proof_passkey()),
        ui.rule(),
        ui.split(
            rx.el.p("Not you?", class_name="muted"), parts.log_out("btn btn--quiet", where=routes.STAFF_SESSION_END)
        ),
        staff=True,
    )
