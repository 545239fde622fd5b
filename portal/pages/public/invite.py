"""The link of an invitation: confirm the date of birth, and in."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import auth_page
from portal.pages.public import steps
from portal.state.public.invite import InviteState

State = InviteState


def invite() -> rx.Component:
    """The page at /invite/[token]."""
    form = rx.el.form(
        rx.el.div(
            rx.el.h1("Welcome", class_name="title1"),
            rx.el.p("Confirm your date of birth to open your portal.", class_name="muted"),
        ),
        steps.birth_date_field(State),
        ui.button("Log in", kind="primary", block=True, type="submit", loading=State.busy, loading_text="Checking"),
        class_name="stack stack--5",
        on_submit=State.confirm,
    )
    over = ui.stack(
        rx.el.h1("This link no longer works", class_name="title1"),
        rx.el.p(
            "It works once, for 7 days, and has been used or is too old. Log in with the phone number or email we have "
            "for you, or ask us for a new link.",
            class_name="muted",
        ),
        ui.button_link("Log in", href=routes.LOGIN, kind="primary", block=True),
        steps.front_desk("Need a hand? Call the front desk at "),
    )
    waiting = ui.loading(
        "Loading your invitation", ui.skeleton("2rem", "60%"), ui.skeleton("3rem"), ui.skeleton("3rem")
    )
    shown = rx.match(State.link, ("open", form), ("over", over), waiting)
    return auth_page("Good to have you here.", shown, steps.door(State))
