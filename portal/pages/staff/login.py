"""Staff log in. All of the first step stands in the prerendered HTML."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import auth_page
from portal.components.ui.passkey import passkey_button
from portal.pages.public import steps
from portal.state.staff.entering import StaffLoginState

State: Any = StaffLoginState
CODE_ERROR = State.errors.get("code", "").to(str)


def staff_login() -> rx.Component:
    """The page at /staff/login."""
    hero = rx.match(
        State.step,
        ("code", "Check your email."),
        ("enrol", "One more key."),
        ("codes", "Just in case."),
        ("second", "Almost there."),
        ("recovery", "Almost there."),
        "Good to see you.",
    )
    step = rx.match(
        State.step,
        ("code", _code()),
        ("enrol", _enrol()),
        ("codes", _codes()),
        ("second", _second()),
        ("recovery", _recovery()),
        _start(),
    )
    return auth_page(hero, step, steps.door(State, State.next, where=routes.STAFF_SESSION), staff=True)


def _start() -> rx.Component:
    form = rx.el.form(
        rx.el.div(
            rx.el.h1("Staff log-in", class_name="title1"),
            rx.el.p("We will email you a one-time passcode, then ask your authenticator.", class_name="muted"),
        ),
        ui.text_field(
            "Work email",
            "contact",
            id="email",
            input_mode="email",
            auto_complete="username",
            default_value=State.typed,
            max_length=254,
            error=State.errors.get("contact", "").to(str),
        ),
        steps.captcha(State),
        ui.button("Send OTP", kind="primary", block=True, type="submit", loading=State.busy, loading_text="Sending"),
        class_name="stack stack--5",
        on_submit=State.request,
        no_validate=True,  # the CAPTCHA's own hidden box would hold the form back without a word
    )
    return rx.fragment(
        steps.over(State),
        rx.cond(State.notice != "", ui.banner("", State.notice, announce="status")),
        form,
        rx.cond(State.passkeys, _passkey()),
        ui.rule(),
        rx.el.p(
            "Are you a client? ",
            ui.link("Log in to the patient portal", href=routes.LOGIN, in_text=True),
            class_name="sm muted",
        ),
    )


def _passkey() -> rx.Component:
    """The better choice where the device has one: nothing to type, nothing to be tricked out of."""
    return rx.el.div(
        passkey_button(
            "Use a passkey instead",
            asked=State.asked,
            on_ask=State.ask_passkey,
            on_answer=State.answer_passkey,
            on_failed=State.passkey_failed,
        ),
        ui.field_error(State.errors.get("passkey", "").to(str), "passkey-error"),
        class_name="stack passkeys",
    )


def _code() -> rx.Component:
    where = rx.fragment("We sent 6 digits to ", rx.el.b(State.masked, class_name="strong ink"), ".")
    again = ui.button("Resend", kind="quiet", disabled=~State.may_resend, on_click=State.resend, class_name="flush")
    return _step(
        "Enter your passcode",
        rx.fragment(where, " They work for 10 minutes."),
        _field("Use the most recent email. Older codes stop working.", "One-time passcode"),
        "Continue",
        ui.cluster(
            again, ui.countdown(State.resend_seconds, key=State.attempt, on_done=State.resend_ready), gap=".25rem"
        ),
    )


def _second() -> rx.Component:
    return _step(
        "Your authenticator",
        "Enter the 6 digits that your authenticator app shows now.",
        _field("Each code works once, for half a minute.", "Authenticator code"),
        "Log in",
        ui.link_button("Use a recovery code", on_click=State.use_recovery),
    )


def _recovery() -> rx.Component:
    return _step(
        "A recovery code",
        "One of the ten you kept when you set up your authenticator. Each works once.",
        ui.text_field("Recovery code", "code", id="recovery", max_length=40, error=CODE_ERROR, auto_focus=True),
        "Log in",
        ui.link_button("Use my authenticator", on_click=State.use_authenticator),
    )


def _enrol() -> rx.Component:
    return _step(
        "Set up your authenticator",
        "Scan this with an authenticator app on your phone. Then enter the 6 digits it shows.",
        rx.fragment(
            authenticator_qr(State.qr_path, State.qr_box, State.secret),
            _field("Each code works once, for half a minute.", "Authenticator code"),
        ),
        "Continue",
        None,
    )


def _codes() -> rx.Component:
    return ui.stack(
        rx.el.div(
            steps.StepHeading.create("Keep these recovery codes", class_name="title1"),
            rx.el.p(
                "Each lets you in once when your authenticator is lost. They are shown this one time.",
                class_name="muted",
            ),
        ),
        recovery_codes(State.codes),
        ui.button("I have kept them", kind="primary", block=True, on_click=State.kept),
        gap="1.25rem",
    )


def authenticator_qr(path: rx.Var[str], box: rx.Var[str], secret: rx.Var[str]) -> rx.Component:
    """The QR code, and the secret for those who type it."""
    picture = rx.el.svg(
        rx.el.path(d=path),
        class_name="qr",
        custom_attrs={"viewBox": box, "role": "img", "aria-label": "QR code for your authenticator app"},
    )
    typed = rx.el.details(
        rx.el.summary("I cannot scan it", class_name="link sm"),
        rx.el.p("Type this key into the app:", class_name="sm muted"),
        rx.el.code(secret, class_name="secret"),
    )
    return rx.el.div(picture, typed, class_name="stack qrblock")


def recovery_codes(codes: rx.Var[list[str]]) -> rx.Component:
    """The ten codes, to be printed or written down."""
    return rx.el.ol(rx.foreach(codes, lambda code: rx.el.li(rx.el.code(code))), class_name="recovery")


def _field(hint: str, label: str) -> rx.Component:
    return ui.otp(label, hint=hint, error=CODE_ERROR, on_complete=State.enter, attempt=State.attempt, focus=True)


def _step(title: str, words: rx.Component | str, field: rx.Component, action: str, below: rx.Component | None):
    form = rx.el.form(
        rx.el.div(rx.el.h1(title, class_name="title1"), rx.el.p(words, class_name="muted", role="status")),
        field,
        ui.button(action, kind="primary", block=True, type="submit", loading=State.busy, loading_text="Checking"),
        *([] if below is None else [below]),
        class_name="stack stack--5",
        on_submit=State.submit,
    )
    back = ui.link_button("Start again", icon_name="arrow-left", on_click=State.start_over, class_name="sm backlink")
    return rx.fragment(back, form)
