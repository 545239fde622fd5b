"""Log in. All of the first step stands in the prerendered HTML."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import auth_page
from portal.pages.public import steps
from portal.state.practice import PracticeState
from portal.state.public.login import LoginState

State = LoginState


def login() -> rx.Component:
    """The page at /login."""
    hero = rx.match(
        State.step,
        ("code", rx.cond(State.channel == "phone", "Check your texts.", "Check your email.")),
        ("people", "Almost there."),
        ("birth_date", "Almost there."),
        "Good to see you again.",
    )
    step = rx.match(
        State.step,
        ("code", steps.code_step(State, "Log in", rx.cond(State.by == "phone", "Change number", "Change email"))),
        ("people", steps.people_step(State)),
        ("birth_date", steps.birth_date_step(State)),
        _start(),
    )
    return auth_page(hero, step, steps.door(State, State.next))


def _start() -> rx.Component:
    by_phone = State.by == "phone"
    form = rx.el.form(
        rx.el.div(
            rx.el.h1("Log in", class_name="title1"),
            rx.el.p(
                rx.cond(by_phone, "We will text you a one-time passcode. ", "We will email you a one-time passcode. "),
                "There is no password to remember.",
                class_name="muted",
            ),
        ),
        rx.cond(by_phone, _phone(), _email()),
        steps.captcha(State),
        ui.button("Send OTP", kind="primary", block=True, type="submit", loading=State.busy, loading_text="Sending"),
        rx.el.p(
            rx.cond(
                by_phone,
                ui.link_button("Use email to log in", icon_name="mail", on_click=State.use_email),
                ui.link_button("Use phone to log in", icon_name="smartphone", on_click=State.use_phone),
            ),
            class_name="otherway",
        ),
        class_name="stack stack--5",
        on_submit=State.request,
        no_validate=True,  # the CAPTCHA's own hidden box would hold the form back without a word
    )
    return rx.fragment(
        steps.over(State),
        rx.cond(State.notice != "", ui.banner("", State.notice, announce="status")),
        form,
        ui.rule(),
        ui.split(
            rx.el.p("New to ", PracticeState.wordmark_a, "?", class_name="muted"),
            ui.button_link("Sign Up", href=routes.SIGN_UP),
        ),
        rx.el.p(
            "Changed your number or email? Call the front desk at ",
            ui.phone_link(PracticeState.phone, PracticeState.phone_href),
            " and they will update it for you. ",
            ui.link("Help", href=routes.HELP, in_text=True),
            class_name="xs faint frontdesk",
        ),
    )


def _phone() -> rx.Component:
    return ui.phone_field(
        "Phone number",
        "contact",
        id="phone",
        country_code=PracticeState.country_code,
        default_value=State.typed,
        max_length=40,
        error=State.errors.get("contact", "").to(str),
        key="phone",
    )


def _email() -> rx.Component:
    return ui.text_field(
        "Email address",
        "contact",
        id="email",
        type="text",
        input_mode="email",
        auto_complete="email",
        default_value=State.typed,
        max_length=254,
        error=State.errors.get("contact", "").to(str),
        key="email",
    )
