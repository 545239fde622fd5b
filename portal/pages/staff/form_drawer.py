"""One form beside a list, or over it: how it stands, what is in it, the witness's signature, the reset."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.ui.drawer import drawer
from portal.components.ui.kit import Child, inline, present
from portal.state.staff.form_drawer import FormDrawerState as State

STATUSES = ("Not Signed", "Witness Signature Required", "Signed", "Not Filled", "Filled", "Void")
DRAW = "Draw your signature with a finger or a mouse"
SHOWN: Any = State.shown  # there wherever it is used


def form_drawer() -> rx.Component:
    """The open form beside a list; nothing while none is open."""
    beside = drawer(
        SHOWN.form,
        *_parts(),
        sub=_who(),
        id="form",
        close_label="Close the form",
        on_close=State.close,
        key=SHOWN.form_id,
    )
    return rx.cond(State.shown, beside)


def form_over(*more: Child) -> rx.Component:
    """The open form over the page, where there is no room beside it. `more` stands before everything else."""
    return ui.dialog(
        SHOWN.form,
        rx.el.div(_who(), *present(*more), *_parts(), class_name="formover"),
        open=SHOWN,
        id="form",
        on_close=State.close,
        width="31rem",
    )


def _who() -> rx.Component:
    return rx.el.p(SHOWN.client, ", born ", SHOWN.born, class_name="row__meta")


def form_dialogs() -> rx.Component:
    """What opens over the page: the content of a form, and the question before a reset."""
    return rx.fragment(_reader(), _reset())


def _parts() -> list[Child]:
    return [
        rx.el.p(ui.status_pill(SHOWN.status, only=STATUSES)),
        rx.el.p(SHOWN.about, class_name="row__meta"),
        _facts(),
        _acts(),
        rx.foreach(SHOWN.signatures, _signature),
        rx.cond(SHOWN.submitted != "", _submitted()),
        rx.cond(SHOWN.can_witness, _witness()),
        rx.cond(
            SHOWN.why_not_witness != "",
            ui.banner("You cannot witness this form.", SHOWN.why_not_witness, tone="warn", icon_name="users-round"),
        ),
    ]


def _facts() -> rx.Component:
    def pair(one: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(one[0]), rx.el.dd(one[1]))

    return rx.el.dl(rx.foreach(SHOWN.facts, pair), class_name="formfacts")


def _acts() -> rx.Component:
    """View and Download, for who may read what is in it; the reset, for who may."""
    download = ui.download_link(
        SHOWN.pdf_href, f"Download {SHOWN.form}", ui.icon("download", 14), "Download", class_name="btn btn--sm"
    )
    view = ui.button("View", small=True, label=f"View {SHOWN.form}", on_click=State.read_form(SHOWN.form_id))
    again = ui.button("Reset form", small=True, kind="quiet", on_click=State.ask_reset(SHOWN.form_id))
    return rx.fragment(
        rx.el.div(
            rx.cond(SHOWN.why_not_read == "", rx.fragment(view, download)),
            rx.cond(SHOWN.can_reset, again),
            class_name="cluster",
            custom_attrs=inline(_gap=".5rem"),
        ),
        rx.cond(SHOWN.why_not_read != "", rx.el.p(SHOWN.why_not_read, class_name="sm muted")),
    )


def _signature(line: Any) -> rx.Component:
    drawn = ui.signature_ink(line.ink, line.view_box, f"Signature of {line.name}")
    return rx.el.div(
        rx.el.p(line.role, class_name="xs muted"),
        rx.cond(line.ink != "", drawn, rx.el.p(line.typed, class_name="typed")),
        rx.el.p(line.name, ", ", line.date, class_name="xs faint"),
        rx.cond(line.option != "", rx.el.p("Chosen: ", rx.el.b(line.option), class_name="xs")),
        class_name="sigmini",
    )


def _submitted() -> rx.Component:
    return rx.el.div(
        rx.el.p("Submitted by", class_name="xs muted"), rx.el.p(SHOWN.submitted, class_name="sm"), class_name="sigmini"
    )


def _witness() -> rx.Component:
    pad = rx.el.div(
        rx.el.p(DRAW, class_name="vh", custom_attrs={"aria-hidden": "true"}),
        ui.signature_pad(
            label=DRAW,
            name="ink",
            caption=SHOWN.today,
            on_stroke=lambda strokes, _width, _height: State.inked(strokes.length() > 0),
        ),
        ui.field_error(_error("signature"), "ink-error"),
    )
    typing = ui.stack(
        ui.text_field(
            "Type your name as your signature",
            "name",
            id="witness-name",
            max_length=120,
            error=_error("signature"),
            on_change=State.name_typed,
        ),
        ui.typed_signature(State.typed, SHOWN.today),
        gap=".5rem",
    )
    return rx.el.form(
        rx.el.h3("Witness signature", class_name="title3", custom_attrs={"id": "witness-title"}),
        ui.fields(
            ui.text_field("Name", "witness", id="witness-who", default_value=SHOWN.name, read_only=True),
            ui.text_field("Role", "role", id="witness-role", default_value=SHOWN.role, read_only=True),
        ),
        ui.segments(
            "How to sign",
            ui.segment("Draw", pressed=State.mode == "draw", on_click=State.draw, icon_name="pen-line"),
            ui.segment("Type", pressed=State.mode == "type", on_click=State.type, icon_name="type"),
            block=True,
        ),
        rx.cond(State.mode == "draw", pad, typing),
        ui.check(SHOWN.intent, name="intent", id="witness-intent", error=_error("intent"), on_change=State.intend),
        ui.button(
            "Sign",
            kind="primary",
            block=True,
            icon_name="signature",
            type="submit",
            disabled=~State.marked | ~State.intends,
            loading=State.busy,
            loading_text="Signing",
            custom_attrs={"aria-describedby": "witness-lacks"},
        ),
        rx.el.p(_lacks(), class_name="xs faint", role="status", custom_attrs={"id": "witness-lacks"}),
        class_name="stack witnessing",
        on_submit=State.sign,
        custom_attrs={"aria-labelledby": "witness-title", **inline(_gap=".75rem")},
        key=SHOWN.form_id,
    )


def _lacks() -> rx.Var[str]:
    """Why Sign is off."""
    return rx.cond(
        State.marked, rx.cond(State.intends, "", "Tick the box to sign."), "Sign above, then tick the box."
    ).to(str)


def _error(field: str) -> rx.Var[str]:
    return rx.cond(State.errors.contains(field), State.errors[field], "").to(str)


def _reader() -> rx.Component:
    """A consent's text or a questionnaire's answers, with the signatures below."""
    content: Any = State.content
    return ui.dialog(
        SHOWN.form,
        rx.el.p(SHOWN.client, ". ", SHOWN.about, class_name="row__meta"),
        rx.cond(content.html != "", rx.html(content.html, class_name="prose")),
        rx.foreach(content.parts, _part),
        rx.foreach(SHOWN.signatures, _signature),
        open=content,
        id="reader",
        on_close=State.stop_reading,
        actions=[
            ui.download_link(
                SHOWN.pdf_href, f"Download {SHOWN.form}", ui.icon("download", 16), "Download", class_name="btn"
            )
        ],
        width="46rem",
    )


def _part(part: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h3(part.title, class_name="title3"),
        rx.el.dl(rx.foreach(part.rows, _answer), class_name="answers"),
        class_name="answerpart",
    )


def _answer(row: Any) -> rx.Component:
    def picture(href: Any, number: Any) -> rx.Component:
        alt = f"Photograph {number + 1}: {row.question}"
        return ui.anchor(
            rx.el.img(src=href + "?size=small", alt=alt, class_name="answerphoto"), href=href, new_tab=True
        )

    return rx.el.div(
        rx.el.dt(row.question),
        rx.el.dd(row.answer, rx.foreach(row.photos, picture), class_name=rx.cond(row.answered, "", "faint")),
    )


def _reset() -> rx.Component:
    """What happens is said first; a reason is needed."""
    words = rx.el.p(
        rx.el.b(SHOWN.form, class_name="strong"),
        f" for {SHOWN.client} goes back to ",
        rx.el.b(SHOWN.reset_to, class_name="strong"),
        f", and {SHOWN.first_name} is asked to complete it again.",
    )
    return ui.dialog(
        "Reset form",
        rx.el.form(
            words,
            ui.banner("Nothing is lost.", SHOWN.reset_keeps, tone="info", icon_name="archive"),
            ui.choice_group("Reason", "why", SHOWN.reasons),
            ui.text_area(
                "Note for the record", "note", id="reset-note", optional=True, max_length=400, error=_error("reason")
            ),
            rx.el.p(
                f"{SHOWN.first_name} is told in the portal, and by text and email as their preferences allow.",
                class_name="sm muted",
            ),
            class_name="stack",
            id="reset-form",
            on_submit=State.reset_form,
            custom_attrs=inline(_gap=".875rem"),
        ),
        open=State.resetting,
        id="resetting",
        on_close=State.keep,
        actions=[
            ui.button(
                "Reset form",
                kind="danger-solid",
                icon_name="rotate-ccw",
                type="submit",
                loading=State.busy,
                loading_text="Resetting",
                custom_attrs={"form": "reset-form"},
            ),
            ui.button("Keep as it is", on_click=State.keep),
        ],
        width="31rem",
    )
