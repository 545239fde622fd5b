"""**Loyalty Programs** in the panel and in Actions > Edit: ticks by the practice alone, what is on file, and a log-in
shown for half a minute."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.ui.field import described
from portal.components.ui.kit import Child, Text
from portal.state.staff.loyalty import HOWS, LOG_IN, LONGEST_PASSWORD, SHOWN_SECONDS, ProgramRow
from portal.state.staff.loyalty import LoyaltyState as State
from portal.state.staff.session import Privilege, may

Shown: Any = State.shown


def section() -> rx.Component:
    """The section, with its dialogs."""
    return rx.el.section(
        rx.el.h2(
            "Loyalty Programs",
            ui.link_button("Details", on_click=State.open_list, class_name="spanel__more"),
            class_name="spanel__h",
        ),
        rx.el.div(
            rx.foreach(State.rows, lambda row: _tick(row, rx.cond(row.enrolled, "check", "check muted"))),
            class_name="loyalty",
            role="group",
            custom_attrs={"aria-label": "Loyalty Programs"},
        ),
        rx.cond(State.listing, _list()),
        questions(),
        class_name="spanel__sec",
    )


def programs() -> rx.Component:
    """Each program in a row of its own, to tick and to edit, within another form; `questions` stand outside of it."""
    return rx.el.div(rx.foreach(State.rows, _line), class_name="loyedit")


def questions() -> rx.Component:
    """What a tick asks for, and what the end of one asks."""
    return rx.fragment(rx.cond(State.asking != "", _form()), rx.cond(State.ending != "", _ending()))


def _line(row: ProgramRow) -> rx.Component:
    return rx.el.div(
        _tick(row, "check strong"),
        rx.el.span(row.meta, class_name=rx.cond(row.enrolled, "muted", "faint")),
        rx.cond(row.enrolled, ui.pill("Enrolled", tone="ok", icon_name="circle-check"), rx.el.span()),
        _edit(row),
        class_name="loyedit__row",
    )


def _edit(row: ProgramRow) -> rx.Component:
    may_edit = may(Privilege.LOYALTY_MANAGE) & row.enrolled & row.asks
    return rx.cond(may_edit, ui.button("Edit", small=True, on_click=State.edit(row.program), label=f"Edit {row.name}"))


def _tick(row: ProgramRow, look: Text) -> rx.Component:
    box = rx.el.input(
        type="checkbox",
        checked=row.enrolled,
        disabled=~may(Privilege.LOYALTY_MANAGE),
        on_change=State.tick(row.program, ~row.enrolled),
    )
    return rx.el.label(box, rx.el.span(row.name), class_name=look)


def _list() -> rx.Component:
    note = (
        "Only the practice can enroll a client. Log-ins are stored encrypted, and every time someone shows one it is "
    )
    return ui.dialog(
        "Loyalty Programs",
        ui.stack(
            rx.el.p(ui.icon("lock", 14), rx.el.span(f"{note}logged."), class_name="xs muted caution"),
            rx.el.ul(rx.foreach(State.rows, _program), class_name="rows rows--tight"),
        ),
        open=True,
        id="loyalty-list",
        on_close=State.close_list,
        width="40rem",
    )


def _program(row: ProgramRow) -> rx.Component:
    shows = rx.cond(
        (row.kept != "") & may(Privilege.LOYALTY_REVEAL),
        ui.button("Show", small=True, icon_name="eye", on_click=State.reveal(row.program), label=f"Show {row.name}"),
    )
    begins = rx.cond(
        may(Privilege.LOYALTY_MANAGE) & ~row.enrolled,
        ui.button("Enroll", small=True, on_click=State.begin(row.program), label=f"Enroll in {row.name}"),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.el.span(row.name, class_name="row__title"),
                rx.el.span(row.meta, class_name="row__meta"),
                _site(row.site, f"Open {row.name}"),
                _site(row.integration, f"{row.name} integration: turn it on at its maker"),
                class_name="row__body",
            ),
            rx.el.span(shows, _edit(row), begins, class_name="cluster"),
            class_name="row",
        ),
        rx.cond(Shown & (Shown.program == row.program), _shown()),
    )


def _site(address: rx.Var[str], words: Text) -> rx.Component:
    link = ui.anchor(words, ui.icon("external-link", 14), href=address, class_name="link xs", new_tab=True)
    return rx.cond(address != "", link)


def _shown() -> rx.Component:
    """In clear: to be selected and copied by the person's own hand, and gone by itself."""
    return rx.el.div(
        rx.el.dl(
            _value("Username", Shown.username),
            _value("Password", Shown.password),
            _value("Member number", Shown.member_number),
            class_name="kvl",
        ),
        ui.split(
            ui.countdown(SHOWN_SECONDS, prefix="Hidden again in ", key=State.shows, on_done=State.hide),
            ui.button("Hide", small=True, on_click=State.hide),
        ),
        class_name="well shownlogin",
        role="status",
    )


def _value(term: str, value: rx.Var[str]) -> rx.Component:
    return rx.cond(value != "", rx.el.div(rx.el.dt(term), rx.el.dd(rx.el.code(value))))


def _form() -> rx.Component:
    login = State.how == LOG_IN
    keeps = rx.cond(State.kept == State.how, "Leave empty to keep what is on file.", "")
    form = rx.el.form(
        rx.el.p(f"What the client logs in with at {State.name}, to find coupons and points.", class_name="muted"),
        ui.choice_group(
            "What did the client give you?", "how", list(HOWS.items()), value=State.how, row=True,
            error=_error("how"), on_change=State.choose,
        ),
        rx.cond(
            login,
            ui.fields(
                _field("Username", "username", "text", 254, keeps),
                _field("Password", "password", "password", LONGEST_PASSWORD, keeps),
            ),
            ui.fields(_field("Member number", "member_number", "text", 40, keeps), columns=1),
        ),
        rx.el.p(
            ui.icon("lock", 14),
            rx.el.span("Stored encrypted. Every time someone shows it, it is logged."),
            class_name="xs muted caution",
        ),
        id="loyalty-form",
        on_submit=State.save,
        no_validate=True,
        auto_complete="off",
        class_name="stack",
    )  # fmt: skip
    return ui.dialog(
        rx.cond(State.kept == "", f"Enroll in {State.name}", f"Edit {State.name}"),
        form,
        open=True,
        id="loyalty-entry",
        actions=[
            ui.button(
                "Save",
                kind="primary",
                type="submit",
                loading=State.busy,
                loading_text="Saving",
                custom_attrs={"form": "loyalty-form"},
            ),
            ui.button("Leave it", kind="quiet", on_click=State.leave_it),
        ],
        on_close=State.leave_it,
        width="36rem",
    )


def _field(label: str, name: str, kind: str, longest: int, hint: Text) -> rx.Component:
    """One field; a password manager must neither fill nor keep it."""
    named, error = f"loyalty-{name}", _error(name)
    control = rx.el.input(
        id=named,
        name=name,
        type=kind,
        max_length=longest,
        auto_complete="new-password" if kind == "password" else "off",
        spell_check=False,
        class_name="input",
        custom_attrs=described(named, hint, error) | {"autoCapitalize": "none"},
    )
    return ui.field(label, control, id=named, hint=hint, error=error)


def _ending() -> rx.Component:
    """Unticking takes what is on file with it."""
    words: Child = f"The client is no longer ticked for {State.name}. What is on file for it is erased."
    return ui.confirm(
        f"Untick {State.name}?",
        words,
        open=True,
        id="loyalty-ending",
        action=ui.button(
            "Untick", kind="danger-solid", on_click=State.withdraw, loading=State.busy, loading_text="Erasing"
        ),
        keep="Keep it",
        on_close=State.leave_it,
    )


def _error(name: str) -> rx.Var[str]:
    return State.errors.get(name, "").to(str)
