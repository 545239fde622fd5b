"""Sign Up: New Client Registration."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import auth_page
from portal.components.ui.error_focus import error_focus
from portal.pages.public import steps
from portal.state.practice import PracticeState
from portal.state.public.sign_up import EMAIL_WORDING, RELATIONSHIPS, SEXES, TEXT_WORDING, SignUpState

State = SignUpState


def sign_up() -> rx.Component:
    """The page at /sign-up. The form stays mounted under the code, so that going back finds it as it was."""
    code = steps.code_step(State, "Finish", "Change my details")
    hero = rx.cond(
        State.step == "code",
        rx.cond(State.channel == "phone", "Check your texts.", "Check your email."),
        "Lovely to meet you.",
    )
    form = rx.el.div(_form(), hidden=State.step == "code")
    return auth_page(hero, rx.cond(State.step == "code", rx.el.div(code)), form, steps.door(State))


def _form() -> rx.Component:
    return rx.el.form(
        error_focus(State.errors),
        steps.over(State),
        rx.el.div(
            rx.el.h1("New Client Registration", class_name="title1"),
            rx.el.p("Two minutes, and you can log in right away.", class_name="muted"),
        ),
        ui.fields(
            _text("First name", "first_name", auto_complete="given-name", max_length=80),
            _text("Last name", "last_name", auto_complete="family-name", max_length=80),
            _text(
                "Date of birth",
                "date_of_birth",
                auto_complete="bday",
                input_mode="numeric",
                placeholder="MM/DD/YYYY",
                max_length=20,
                on_blur=State.born,
                wide=True,
            ),
            rx.cond(State.minor, _guardian()),
            ui.phone_field(
                country_code=PracticeState.country_code,
                hint="Your passcodes arrive here.",
                error=_error("phone"),
                max_length=40,
                wide=True,
            ),
            _text("Email address", "email", input_mode="email", auto_complete="email", max_length=254, wide=True),
            ui.select_field(
                "Primary clinic",
                "clinic_id",
                State.clinics,
                placeholder="Choose a clinic",
                error=_error("clinic_id"),
                wide=True,
            ),
            _referral(),
        ),
        _more(),
        rx.el.div(
            ui.check(TEXT_WORDING, name="text_me"),
            ui.check(EMAIL_WORDING, name="email_me"),
            ui.check(
                "I have read the ",
                _opens("Notice of Privacy Practices", routes.PRIVACY),
                name="privacy",
                error=_error("privacy"),
            ),
            ui.check("I agree to the ", _opens("Terms of Use", routes.TERMS), name="terms", error=_error("terms")),
        ),
        steps.captcha(State),
        ui.button("Sign Up", kind="primary", block=True, type="submit", loading=State.busy, loading_text="Signing up"),
        rx.el.p("Already a client? ", ui.link("Log in", href=routes.LOGIN), class_name="muted otherway"),
        class_name="stack stack--5",
        on_submit=State.submit,
        no_validate=True,
    )


def _guardian() -> rx.Component:
    return rx.fragment(
        rx.el.p(
            "Under 18, a parent or guardian signs up and logs in. The phone and email below are theirs.",
            class_name="field__hint span2",
            role="status",
        ),
        _text("Parent or guardian's name", "guardian_name", auto_complete="name", max_length=80),
        ui.select_field(
            "Relationship",
            "guardian_relationship",
            list(RELATIONSHIPS.items()),
            placeholder="Choose",
            error=_error("guardian_relationship"),
        ),
    )


def _referral() -> rx.Component:
    """Asked where the practice has a list."""
    asked: dict[str, Any] = {"placeholder": "Choose, if you like", "optional": True, "wide": True}
    source = ui.select_field(
        "How did you hear about us?", "referral_source", State.sources, on_change=State.heard, **asked
    )
    where = ui.select_field("Where was that?", "referral_sub", State.subs, on_change=State.heard_where, **asked)
    name = _text("Please tell us how", "referral_detail", optional=True, max_length=80, wide=True)
    more = rx.fragment(rx.cond(State.subs.length() > 0, where), rx.cond(State.asks_name, name))
    return rx.cond(State.sources.length() > 0, rx.fragment(source, more))


def _more() -> rx.Component:
    """What is optional, folded away."""
    return rx.el.details(
        rx.el.summary("Add more now, if you like", class_name="link sm"),
        ui.fields(
            _text("Preferred name", "preferred_name", optional=True, max_length=80),
            ui.select_field("Sex", "sex", list(SEXES.items()), placeholder="Choose", optional=True),
            _text("Street", "street", optional=True, auto_complete="street-address", max_length=160, wide=True),
            _text("City", "city", optional=True, auto_complete="address-level2", max_length=80, wide=True),
            _text("State", "state", optional=True, auto_complete="address-level1", max_length=20),
            _text("ZIP code", "postal_code", optional=True, auto_complete="postal-code", max_length=10),
            _text("Emergency contact", "emergency_name", optional=True, max_length=80, wide=True),
            _text("Their phone number", "emergency_phone", optional=True, type="tel", max_length=40),
            _text("How you are related", "emergency_relationship", optional=True, max_length=80),
        ),
        class_name="more",
    )


def _text(label: str, name: str, **props: Any) -> rx.Component:
    return ui.text_field(label, name, error=_error(name), **props)


def _error(name: str) -> rx.Var[str]:
    return State.errors.get(name, "").to(str)


def _opens(words: str, href: str) -> rx.Component:
    """A text to read beside the form: in a tab of its own, so that nothing typed is lost."""
    return rx.el.a(words, href=href, target="_blank", class_name="link link--inline")
