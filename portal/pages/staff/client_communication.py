"""**Communication consents** in the panel: Do Not SMS and Do Not Email, the caution beside them, what was said."""

import reflex as rx

from portal.components import ui
from portal.state.staff.communication import CAUTION, TOLD, Said, Wish
from portal.state.staff.communication import CommunicationState as State
from portal.state.staff.session import Privilege, may


def section() -> rx.Component:
    """The section, with its dialogs."""
    allowed = may(Privilege.COMMUNICATION)
    history = rx.cond(
        allowed, ui.link_button("History", on_click=State.open_history, class_name="spanel__more"), rx.fragment()
    )
    return rx.el.section(
        rx.el.h2("Communication consents", history, class_name="spanel__h"),
        rx.el.div(rx.foreach(State.rows, _switch), role="group", custom_attrs={"aria-label": "Communication consents"}),
        rx.el.p(ui.icon("triangle-alert", 14), rx.el.span(CAUTION), id="do-not-caution", class_name="xs muted caution"),
        rx.cond(State.asking != "", _question()),
        rx.cond(State.reading, _history()),
        class_name="spanel__sec",
    )


def _switch(row: Wish) -> rx.Component:
    """It moves when the question behind it is answered."""
    named = f"do-not-{row.channel}"
    return rx.el.div(
        rx.el.label(
            row.name,
            rx.cond(row.note != "", rx.el.span(row.note, class_name="faint xs")),
            rx.cond(row.blocked != "", rx.el.span(row.blocked, class_name="xs danger")),
            html_for=named,
        ),
        rx.el.input(
            type="checkbox",
            role="switch",
            id=named,
            checked=row.on,
            disabled=~may(Privilege.COMMUNICATION),
            on_change=State.ask(row.channel, ~row.on),
            class_name="switch",
            custom_attrs={"aria-describedby": "do-not-caution"},
        ),
        class_name="switchrow",
    )


def _question() -> rx.Component:
    """How the client said so: without that nothing is switched."""
    verb = rx.cond(State.stopping, "on", "off")
    caution = ui.banner(
        "It stops more than offers.",
        "Messages about appointments and follow-ups stop too, and those that wait to be sent are held back. "
        "Codes to log in with are always sent.",
        tone="warn",
    )
    form = rx.el.form(
        rx.cond(State.stopping, caution),
        ui.choice_group(
            "How did the client tell you?",
            "told",
            list(TOLD.items()),
            row=True,
            error=State.errors.get("told", "").to(str),
            on_change=State.choose,
        ),
        rx.cond(State.record != "", rx.el.p("On record: ", rx.el.q(State.record), class_name="sm muted")),
        id="do-not-form",
        on_submit=State.save,
        no_validate=True,
        class_name="stack",
    )
    return ui.dialog(
        f"Switch {State.name} {verb}?",
        form,
        open=True,
        id="do-not",
        actions=[
            ui.button(
                f"Switch {verb}",
                kind="primary",
                type="submit",
                loading=State.busy,
                loading_text="Switching",
                custom_attrs={"form": "do-not-form"},
            ),
            ui.button("Leave it", kind="quiet", on_click=State.leave_it),
        ],
        on_close=State.leave_it,
        width="32rem",
    )


def _history() -> rx.Component:
    lines = rx.el.ol(rx.foreach(State.said, _said), class_name="rows rows--tight")
    none = rx.el.p("Nothing was ever said about texts or emails.", class_name="muted")
    return ui.dialog(
        "What the client said about messages",
        rx.cond(State.said.length() > 0, lines, none),
        open=True,
        id="do-not-history",
        on_close=State.close_history,
        width="38rem",
    )


def _said(said: Said) -> rx.Component:
    stopped, granted = (
        ui.pill(said.what, tone="danger", icon_name="circle-slash"),
        ui.pill(said.what, tone="ok", icon_name="circle-check"),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.cond(said.stopped, stopped, granted),
                rx.el.span(said.when, class_name="row__meta num"),
                class_name="split",
            ),
            rx.el.p(rx.el.q(said.wording)),
            rx.el.p(said.where, class_name="row__meta"),
            class_name="saidline",
        )
    )
