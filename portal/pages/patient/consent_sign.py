"""Signing one consent: draw or type, initials where they are asked for, say that it is meant."""

import reflex as rx

from portal.components import ui
from portal.components.layout import focused_page
from portal.pages.patient.consent import BACK, download, paper, title
from portal.state.patient.consent import ConsentState as State
from portal.state.patient.form_progress import FormProgressState as Progress

KEPT = (
    "We keep the date and time, your device and the version that you signed together with your signature. "
    "A sealed PDF is saved in Task Management."
)


def consent_sign() -> rx.Component:
    """The page at /consent/[form_id]/sign: the paper, and the signing sheet over it."""
    return focused_page(
        BACK,
        title(),
        paper(),
        rx.cond(State.page == "sign", rx.cond(State.shown, _sheet())),
        tool=download(),
    )


def _sheet() -> rx.Component:
    return ui.dialog(
        "Sign",
        rx.el.form(
            ui.stack(
                rx.el.p(f"{State.shown.name}, version {State.shown.version}", class_name="row__meta"),
                _how(),
                rx.cond(State.mode == "draw", _draw(), _type()),
                rx.cond(State.shown.initials.length() > 0, _initials()),
                rx.cond(State.shown.options.length() > 0, _options()),
                ui.check(
                    State.shown.intent,
                    name="intent",
                    error=_error("intent"),
                    on_change=State.intend,
                    class_name="intent",
                ),
                rx.el.p(KEPT, class_name="xs faint"),
                class_name="signsheet",
            ),
            id="signing",
            on_mount=State.begin,
            on_submit=State.sign,
        ),
        open=True,
        id="sign",
        on_close=rx.redirect(State.shown.read_href, replace=True),
        actions=[_button(), ui.button_link("Cancel", href=State.shown.read_href, kind="quiet")],
        width="38rem",
    )


def _error(field: str | rx.Var[str]) -> rx.Var[str]:
    return rx.cond(State.errors.contains(field), State.errors[field], "")


def _how() -> rx.Component:
    return ui.segments(
        "How to sign",
        ui.segment("Draw", pressed=State.mode == "draw", on_click=State.draw, icon_name="pen-line"),
        ui.segment("Type", pressed=State.mode == "type", on_click=State.type, icon_name="type"),
        block=True,
    )


def _draw() -> rx.Component:
    words = "Draw your signature with a finger or a mouse"
    return rx.el.div(
        rx.el.p(words, class_name="field__label padlabel", custom_attrs={"aria-hidden": "true"}),
        ui.signature_pad(
            label=words,
            name="ink",
            caption=f"{State.shown.signer}, {State.shown.today}",
            on_stroke=lambda strokes, _width, _height: State.inked(strokes.length() > 0),
        ),
        ui.field_error(_error("signature"), "ink-error"),
    )


def _type() -> rx.Component:
    return ui.stack(
        ui.text_field(
            "Type your full legal name",
            "name",
            auto_complete="name",
            default_value=State.kept_name,
            max_length=120,
            error=_error("signature"),
            on_change=State.name_typed,
        ),
        ui.typed_signature(State.typed, "This is how it will appear on the form"),
        gap=".875rem",
    )


def _initials() -> rx.Component:
    def line(section: rx.Var[str], number: rx.Var[int]) -> rx.Component:
        name = f"initials.{number}"
        return ui.text_field(
            f"Your initials for “{section}”",
            name,
            default_value=rx.cond(State.kept_letters.contains(section), State.kept_letters[section], ""),
            max_length=12,
            error=_error(name),
            on_change=lambda letters: State.initial(number, letters),
            auto_capitalize="characters",
        )

    return rx.el.div(ui.fields(rx.foreach(State.shown.initials, line), columns=1), class_name="initials")


def _options() -> rx.Component:
    return ui.choice_group(
        "What I agree to", "option", State.shown.options, error=_error("option"), on_change=State.choose
    )


def _button() -> rx.Component:
    """Sign, with the reason beside it while something is missing."""
    return rx.fragment(
        ui.button(
            "Sign",
            kind="primary",
            icon_name="signature",
            type="submit",
            disabled=Progress.lacks != "",
            loading=State.busy,
            loading_text="Signing",
            custom_attrs={"form": "signing", "aria-describedby": "lacks"},
        ),
        rx.el.p(Progress.lacks, class_name="xs faint signreason", role="status", custom_attrs={"id": "lacks"}),
    )
