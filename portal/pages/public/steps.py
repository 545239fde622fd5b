"""The steps that log-in and registration share: the code, the household, the date of birth, the way in."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.ui.kit import Child, Text
from portal.state.practice import PracticeState
from portal.state.public.entering import ANOTHER_WAY, Entering
from portal.state.staff.entering import StaffLoginState

Steps = type[Entering]
Began = type[Entering] | type[StaffLoginState]

#: A cookie can only be set over HTTP: a ticket makes the browser post it, once, as soon as it arrives.
DOOR = """
function Door({ children, ...form }) {
  const door = useRef(null);
  useEffect(() => door.current.submit(), []);
  return jsx("form", { ...form, ref: door, method: "post", hidden: true }, children);
}
"""

#: A heading that takes the focus when its step appears, so that a screen reader hears where it is.
HEADING = """
function StepHeading(props) {
  const heading = useRef(null);
  useEffect(() => heading.current.focus(), []);
  return jsx("h1", { ...props, ref: heading, tabIndex: -1 });
}
"""


class Door(rx.Component):
    """A form that submits itself."""

    tag = "Door"
    action: rx.Var[str]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useRef"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [DOOR]


class StepHeading(rx.Component):
    """The h1 of a step that came after another."""

    tag = "StepHeading"

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useRef"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [HEADING]


def door(state: Began, target: Text = routes.DASHBOARD, *, where: str = routes.SESSION) -> rx.Component:
    """Through the door, once there is a ticket; `where` is the patients' door, or the staff's."""
    form = Door.create(
        rx.el.input(type="hidden", name="ticket", value=state.ticket, read_only=True),
        rx.el.input(type="hidden", name="next", value=target, read_only=True),
        action=where,
    )
    return rx.cond(state.ticket != "", form)


def over(state: Began) -> rx.Component:
    """What ended a log-in, above its start."""
    words = state.errors.get("over", "").to(str)
    return rx.cond(words != "", ui.banner("Please note.", words, tone="warn", announce="alert"))


def code_step(state: Steps, action: str, back: Text, *, focus: bool = True) -> rx.Component:
    """The code: one field that takes a paste and the phone's own suggestion, and goes on at the sixth digit."""
    by_text = state.channel == "phone"
    where = rx.fragment(
        "We sent 6 digits to ", rx.el.b(state.masked, class_name="strong ink"), ". They work for 10 minutes."
    )
    hint = rx.cond(
        by_text,
        "Use the most recent text. Older codes stop working.",
        "Use the most recent email. Older codes stop working.",
    )
    form = rx.el.form(
        rx.el.div(
            rx.el.h1("Enter your passcode", class_name="title1"),
            rx.el.p(rx.cond(state.another_way, ANOTHER_WAY, where), class_name="muted", role="status"),
        ),
        ui.otp(
            hint=hint,
            error=state.errors.get("code", "").to(str),
            on_complete=state.enter_code,
            attempt=state.attempt,
            focus=focus,
        ),
        ui.button(action, kind="primary", block=True, type="submit", loading=state.busy, loading_text="Checking"),
        ui.split(
            ui.cluster(
                ui.button(
                    "Resend", kind="quiet", disabled=~state.may_resend, on_click=state.resend, class_name="flush"
                ),
                ui.countdown(state.resend_seconds, key=state.attempt, on_done=state.resend_ready),
                gap=".25rem",
            ),
            ui.link_button("Try another way", on_click=state.try_another_way),
        ),
        class_name="stack stack--5",
        on_submit=state.submit_code,
    )
    return rx.fragment(
        ui.link_button(back, icon_name="arrow-left", on_click=state.start_over, class_name="sm backlink"),
        form,
        ui.rule(),
        rx.cond(by_text, _text_hints(), _email_hints()),
        _no_code(by_text),
    )


def people_step(state: Steps) -> rx.Component:
    """Who of the household it is, by first name and initial."""

    def person(choice: Any) -> rx.Component:
        return rx.el.li(
            rx.el.button(
                ui.icon("user-round"),
                rx.el.span(choice.name, class_name="row__body row__title"),
                ui.icon("chevron-right"),
                type="button",
                class_name="row row--button",
                on_click=state.choose(choice.patient_id),
            )
        )

    return ui.stack(
        rx.el.div(
            StepHeading.create("Who is logging in?", class_name="title1"),
            rx.el.p(
                "More than one person shares this contact. Each reaches only their own record.", class_name="muted"
            ),
        ),
        rx.el.ul(rx.foreach(state.people, person), class_name="rows card card--flush"),
        ui.link_button("Start again", icon_name="arrow-left", on_click=state.start_over, class_name="sm"),
        gap="1.25rem",
    )


def birth_date_step(state: Steps) -> rx.Component:
    """The chosen person's date of birth."""
    return rx.el.form(
        ui.link_button("Someone else", icon_name="arrow-left", on_click=state.back_to_people, class_name="sm backlink"),
        rx.el.div(
            rx.el.h1("Hello, ", state.person, class_name="title1"),
            rx.el.p("Confirm your date of birth to open your record.", class_name="muted"),
        ),
        birth_date_field(state, auto_focus=True),
        ui.button("Log in", kind="primary", block=True, type="submit", loading=state.busy, loading_text="Checking"),
        class_name="stack stack--5",
        on_submit=state.confirm_birth_date,
    )


def birth_date_field(state: Steps, **props: Any) -> rx.Component:
    """A date of birth, as people write it."""
    return ui.text_field(
        "Date of birth",
        "birth_date",
        placeholder="MM/DD/YYYY",
        input_mode="numeric",
        auto_complete="bday",
        max_length=20,
        error=state.errors.get("birth_date", "").to(str),
        key=f"birth-date-{state.attempt}",
        **props,
    )


def captcha(state: Began) -> rx.Component:
    """The CAPTCHA with what is wrong about it."""
    return rx.el.div(
        ui.captcha(attempt=state.captcha_attempt),
        ui.field_error(state.errors.get("captcha", "").to(str), "captcha-error"),
        class_name="captchafield",
    )


def front_desk(*words: Child) -> rx.Component:
    """A sentence that ends with the practice's telephone."""
    return rx.el.p(
        *words, ui.phone_link(PracticeState.phone, PracticeState.phone_href), ".", class_name="xs faint frontdesk"
    )


def _text_hints() -> rx.Component:
    return ui.reminders(
        ("clock", "A text can take a minute or two."),
        ("message-square-off", "Messages from unknown numbers may be blocked on your phone."),
    )


def _email_hints() -> rx.Component:
    return ui.reminders(
        ("clock", "An email can take a minute or two."),
        ("mail-x", "Check your spam or junk folder."),
    )


def _no_code(by_text: rx.Var[bool]) -> rx.Component:
    """The help of the FAQ, in place."""
    text = ("Check that you entered your phone number correctly.", "Make sure your phone can receive text messages.")
    email = ("Make sure you entered your email address correctly.", "Add our sending address to your safe sender list.")
    both = ("Choose Resend to request a new code.", "Choose Try another way to switch between text and email.")

    def lines(*words: str) -> rx.Component:
        return rx.el.ul(*(rx.el.li(line) for line in words), class_name="helplist")

    return rx.el.details(
        rx.el.summary("I didn't receive my code", class_name="link sm"),
        rx.cond(by_text, lines(*text, *both), lines(*email, *both)),
        front_desk("Changed your number or email? Call the front desk at "),
        rx.el.p(ui.link("More help", href=f"{routes.HELP}#getting-in"), class_name="sm"),
        class_name="nocode",
    )
