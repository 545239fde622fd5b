"""The Medical History tab beside a client's panel: for now, the allergies."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.state.staff.allergies import SEVERITIES
from portal.state.staff.allergies import AllergiesState as State
from portal.state.staff.session import Privilege, may

SEVERITY = {
    "Severe": ("danger", "octagon-alert"),
    "Moderate": ("warn", "triangle-alert"),
    "Mild": ("info", "info"),
}


def tab() -> rx.Component:
    """What the client must not be given or touched with."""
    waiting = ui.loading("Loading the medical history", ui.skeleton_card(4))
    return rx.fragment(rx.cond(State.loading, waiting, _allergies()), _adding(), _ending())


def _allergies() -> rx.Component:
    add = ui.button("Add allergy", icon_name="plus", small=True, on_click=State.start)
    head = rx.el.div(
        rx.el.h2("Allergies", class_name="title2", custom_attrs={"id": "allergies"}),
        rx.cond(may(Privilege.MEDICAL_EDIT), add),
        class_name="card__head",
    )
    return rx.el.section(
        head,
        rx.cond(State.current.length() > 0, ui.rows(rx.foreach(State.current, _row)), _nothing()),
        rx.cond(State.earlier.length() > 0, _earlier()),
        class_name="card med",
        custom_attrs={"aria-labelledby": "allergies"},
    )


def _nothing() -> rx.Component:
    """None known, which is an answer; or nobody asked yet."""
    asked = rx.el.p(ui.icon("circle-check", 16), rx.el.span(State.none_known), class_name="mline")
    record = ui.button("Record “No known allergies”", small=True, on_click=State.none)
    unasked = rx.el.div(
        rx.el.p(
            "Nothing is recorded yet. Ask the client, also about latex, lidocaine and antibiotics.", class_name="muted"
        ),
        rx.cond(may(Privilege.MEDICAL_EDIT), rx.el.p(record)),
        class_name="stack",
    )
    return rx.cond(State.none_known != "", asked, unasked)


def _row(row: Any) -> rx.Component:
    end = ui.button("End", kind="quiet", small=True, label=f"End {row.substance}", on_click=State.ask_end(row.id))
    return rx.el.li(
        rx.el.div(
            rx.el.p(row.substance, class_name="row__title"),
            rx.cond(row.reaction != "", rx.el.p(row.reaction, class_name="row__meta")),
            rx.el.p(row.noted, class_name="row__meta faint"),
            class_name="row__body",
        ),
        _severity(row.severity),
        rx.cond(may(Privilege.MEDICAL_EDIT), end),
        class_name="row",
    )


def _severity(word: Any) -> rx.Component:
    """How severe, in the colour and with the symbol of it."""
    tones = rx.match(word, *((name, f"pill pill--{tone}") for name, (tone, _icon) in SEVERITY.items()), "pill")
    icons: Any = rx.match(word, *((name, icon) for name, (_tone, icon) in SEVERITY.items()), "circle-help")
    used = (*(icon for _tone, icon in SEVERITY.values()), "circle-help")
    said = rx.cond(word == SEVERITIES[""], "Severity not known", word)
    return rx.el.span(ui.icon(icons, 14, options=used), said, class_name=tones)


def _earlier() -> rx.Component:
    def line(row: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                rx.el.p(row.substance, class_name="row__title"),
                rx.el.p(row.ended, class_name="row__meta"),
                rx.el.p(row.noted, class_name="row__meta faint"),
                class_name="row__body",
            ),
            class_name="row",
        )

    return rx.el.details(
        rx.el.summary(f"Earlier allergies ({State.earlier.length()})", class_name="link"),
        ui.rows(rx.foreach(State.earlier, line)),
        class_name="earlier",
    )


def _adding() -> rx.Component:
    form = rx.el.form(
        ui.stack(
            ui.text_field(
                "Substance",
                "substance",
                hint="What the client is allergic to, such as Latex or Lidocaine.",
                error=_error("substance"),
                max_length=200,
            ),
            ui.text_field(
                "Reaction",
                "reaction",
                hint="What it does, such as hives or swelling of the lips.",
                error=_error("reaction"),
                optional=True,
                max_length=300,
            ),
            ui.select_field("Severity", "severity", list(SEVERITIES.items()), error=_error("severity"), optional=True),
            ui.cluster(
                ui.button(
                    "Add allergy", kind="primary", type="submit", loading=State.busy, loading_text="Adding the allergy"
                ),
                ui.button("Close without adding", kind="quiet", on_click=State.stop),
            ),
        ),
        on_submit=State.add,
        no_validate=True,
        key=f"allergy-{State.epoch}",
    )
    return ui.dialog("Add allergy", form, open=State.adding, id="add-allergy", on_close=State.stop, width="30rem")


def _ending() -> rx.Component:
    row: Any = State.ending
    return rx.cond(
        row,
        ui.confirm(
            f"End {row.substance}?",
            "The red symbol goes when no other allergy is left. The entry stays, with your name and today's date.",
            open=True,
            id="end-allergy",
            action=ui.button(f"End {row.substance}", kind="danger-solid", on_click=State.end(row.id)),
            keep="Keep it",
            on_close=State.keep,
        ),
    )


def _error(name: str) -> rx.Var[str]:
    return State.errors.get(name, "").to(str)
