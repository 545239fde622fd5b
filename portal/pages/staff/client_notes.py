"""The Notes tab beside a client's panel: what staff write for each other, newest first. Patients never see it."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.ui.button import Kind
from portal.components.ui.error_focus import error_focus
from portal.components.ui.field import described
from portal.components.ui.kept_field import kept_field
from portal.components.ui.kit import hidden_text
from portal.state.staff.notes import LONGEST, NEW
from portal.state.staff.notes import NotesState as State
from portal.state.staff.session import Privilege, may


def tab() -> rx.Component:
    """A field for a new note, and the notes."""
    waiting = ui.loading("Loading the notes", ui.skeleton_card(2), ui.skeleton_card(3))
    shown = ui.stack(rx.cond(may(Privilege.NOTES_WRITE), _new()), _notes(), gap="1.125rem")
    return rx.fragment(rx.cond(State.loading, waiting, shown), _removing())


def _new() -> rx.Component:
    hint = "For staff alone: the client never sees it. What you type is kept until you save it."
    error = rx.cond(State.editing == "", _error(), "").to(str)
    form = rx.el.form(
        error_focus(State.errors),
        ui.field(
            "New note",
            _kept("note-new", NEW, State.new_text, State.new_revision, State.new_turn, hint, error),
            id="note-new",
            hint=hint,
            error=error,
        ),
        rx.el.p(
            rx.cond(State.editing == "", _save("primary"), _save("plain"))  # one button leads at a time
        ),
        class_name="stack",
        on_submit=State.save_new,
        no_validate=True,
    )
    return rx.el.div(form, class_name="card")


def _save(kind: Kind) -> rx.Component:
    return ui.button("Save note", kind=kind, type="submit", loading=State.busy, loading_text="Saving the note")


def _notes() -> rx.Component:
    nothing = ui.empty_state(
        "pencil", "No notes yet", "What staff should know about this client stands here: wishes, agreements, a call."
    )
    more = rx.cond(State.more, rx.el.p("Older notes are kept, but not listed here.", class_name="sm faint"))
    listed = rx.el.section(
        rx.el.h2("Notes", class_name="vh", custom_attrs={"id": "notes"}),
        rx.el.ol(rx.foreach(State.rows, _note), class_name="notes"),
        more,
        class_name="card",
        custom_attrs={"aria-labelledby": "notes"},
    )
    return rx.cond(State.rows.length() > 0, listed, nothing)


def _note(note: Any) -> rx.Component:
    said = rx.cond(
        note.removed != "",
        rx.el.p(note.removed, class_name="faint"),
        rx.cond(State.editing == note.id, _change(note), rx.el.p(note.text, class_name="note__text")),
    )
    acts = rx.el.div(
        ui.button(
            "Edit", kind="quiet", small=True, label=f"Edit your note of {note.when}", on_click=State.edit(note.id)
        ),
        ui.button(
            "Remove",
            kind="quiet",
            small=True,
            label=f"Remove your note of {note.when}",
            on_click=State.ask_remove(note.id),
        ),
        class_name="acts",
    )
    may_change = note.mine & (note.removed == "") & (State.editing != note.id) & may(Privilege.NOTES_WRITE)
    edited = rx.cond((note.edited != "") & (note.removed == ""), rx.el.span(note.edited, class_name="faint"))
    return rx.el.li(
        rx.el.div(
            rx.el.p(rx.el.b(note.who), " ", rx.el.span(note.when, class_name="muted"), " ", edited, class_name="sm"),
            rx.cond(may_change, acts),
            class_name="note__head",
        ),
        said,
        class_name="note",
    )


def _change(note: Any) -> rx.Component:
    error = _error()
    return rx.el.form(
        error_focus(State.errors),
        rx.el.label(hidden_text("Your note of "), hidden_text(note.when), html_for="note-edit"),
        _kept("note-edit", note.id, State.edit_text, State.edit_revision, 0, None, error),
        ui.field_error(error, "note-edit-error"),
        ui.cluster(
            ui.button("Save changes", kind="primary", small=True, type="submit", loading=State.busy),
            ui.button("Leave it as it was", kind="quiet", small=True, on_click=State.leave_edit),
        ),
        class_name="stack",
        on_submit=State.save_change,
        no_validate=True,
    )


def _kept(name: str, about: Any, text: Any, revision: Any, turn: Any, hint: str | None, error: Any) -> rx.Component:
    return kept_field(
        "textarea",
        place=State.place,
        question=about,
        value=text,
        revision=revision,
        heard=State.heard,
        turn=turn,
        on_keep=lambda words, shown, ticket, left: State.keep(about, words, shown, ticket, left),
        custom_attrs={
            **described(name, hint, error),
            "id": name,
            "name": "text",
            "className": "textarea",
            "rows": 3,
            "maxLength": LONGEST,
            "aria-required": "true",
        },
    )


def _removing() -> rx.Component:
    return ui.confirm(
        "Remove this note?",
        "It leaves the list for everybody. That there was a note, and that you removed it, stays on record.",
        open=State.removing != "",
        id="remove-note",
        action=ui.button("Remove the note", kind="danger-solid", on_click=State.remove),
        keep="Keep it",
        on_close=State.keep_note,
    )


def _error() -> rx.Var[str]:
    return State.errors.get("text", "").to(str)
