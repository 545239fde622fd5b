"""Witnessing one consent: a companion who saw the signing adds a signature on the same device."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import focused_page
from portal.components.ui.kit import inline
from portal.pages.patient.consent import BACK, download, sheet, signatures, text, title
from portal.state.patient.consent import ConsentState as Consent
from portal.state.patient.form_progress import FormProgressState as Progress
from portal.state.patient.witness import OPTIONS
from portal.state.patient.witness import WitnessState as State

DRAW = "Draw your signature with a finger or a mouse"


def consent_witness() -> rx.Component:
    """The page at /consent/[form_id]/witness: who signed, the text that was signed, and the witness's own part."""
    return focused_page(
        BACK,
        title(),
        sheet(
            _to_go(),
            signatures(margin_top="1.5rem", padding_top="0", border_top="0"),
            _signed_text(),
            rx.cond(Consent.shown.can_witness, _details()),
        ),
        actions=[
            ui.button_link("Leave for check-in", href=routes.TASK_MANAGEMENT, kind="quiet"),
            rx.cond(Consent.shown.can_witness, _button(), rx.el.span()),
        ],
        tool=download(),
    )


def _to_go() -> rx.Component:
    return ui.banner(
        "One signature to go.",
        "An adult who watched the signing can add theirs here. Or leave it, and a team member will witness it at "
        "check-in.",
        tone="warn",
        icon_name="users-round",
        announce="status",
    )


def _signed_text() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Read the text that was signed", class_name="link"),
        text(),
        class_name="more",
        custom_attrs=inline(margin_top="1.25rem"),
    )


def _details() -> rx.Component:
    return rx.fragment(
        ui.rule(),
        rx.el.form(
            ui.stack(
                rx.el.h2("Witness details", class_name="title2", custom_attrs={"id": "witness-details"}),
                ui.fields(
                    ui.text_field(
                        "Full legal name", "witness", auto_complete="off", max_length=120, error=_error("name")
                    ),
                    ui.select_field(
                        "Relation to the patient",
                        "relationship",
                        OPTIONS,
                        placeholder="Choose one",
                        error=_error("relationship"),
                    ),
                ),
                ui.segments(
                    "How to sign",
                    ui.segment("Draw", pressed=State.mode == "draw", on_click=State.draw, icon_name="pen-line"),
                    ui.segment("Type", pressed=State.mode == "type", on_click=State.type, icon_name="type"),
                    block=True,
                ),
                rx.cond(State.mode == "draw", _draw(), _type()),
                ui.check("I am at least 18 years old.", name="adult", error=_error("adult")),
                ui.check(Consent.shown.witness_intent, name="intent", error=_error("intent"), on_change=State.intend),
                gap="1.125rem",
                class_name="signsheet",
            ),
            id="witnessing",
            on_submit=State.sign,
            custom_attrs={"aria-labelledby": "witness-details"},
        ),
    )


def _draw() -> rx.Component:
    return rx.el.div(
        rx.el.p(DRAW, class_name="field__label padlabel", custom_attrs={"aria-hidden": "true"}),
        ui.signature_pad(
            label=DRAW,
            name="ink",
            caption=Consent.shown.today,
            on_stroke=lambda strokes, _width, _height: State.inked(strokes.length() > 0),
        ),
        ui.field_error(_error("signature"), "ink-error"),
    )


def _type() -> rx.Component:
    return ui.stack(
        ui.text_field(
            "Type your name as your signature",
            "name",
            auto_complete="off",
            max_length=120,
            error=_error("signature"),
            on_change=State.name_typed,
        ),
        ui.typed_signature(State.typed, "This is how it will appear on the form"),
        gap=".875rem",
    )


def _error(field: str) -> rx.Var[str]:
    return rx.cond(State.errors.contains(field), State.errors[field], "")


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
            custom_attrs={"form": "witnessing", "aria-describedby": "lacks"},
        ),
        rx.el.p(Progress.lacks, class_name="xs faint signreason", role="status", custom_attrs={"id": "lacks"}),
    )
