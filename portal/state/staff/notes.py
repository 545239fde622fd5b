"""The Notes tab of a client's profile: what staff write for each other."""

from uuid import UUID

import reflex as rx

from portal.errors import PortalError
from portal.queries.notes import NoteRow, Notes, notes
from portal.security import intake
from portal.security.access import Fields, Id, LongText, Text
from portal.services import notes as service
from portal.services.notes import LONGEST
from portal.state.bridge import actor, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.opened import OfClient
from portal.state.staff.session import Privilege

NEW = "new"  # what a new note is called where notes go by their ids


class NotesState(OfClient, rx.State):
    """The tab. What is typed is kept on the server as it is typed (`components.ui.kept_field`): a new note, and the one
    that is changed. `heard` says which sending of the browser came last; a new turn puts the server's words into the
    field."""

    loading: bool = True
    place: str = ""
    rows: list[NoteRow] = []
    more: bool = False
    heard: dict[str, tuple[str, int]] = {}
    new_text: str = ""
    new_revision: int = 0
    new_turn: int = 0
    editing: str = ""
    edit_text: str = ""
    edit_revision: int = 0
    removing: str = ""
    errors: dict[str, str] = {}
    busy: bool = False

    _stamp: str = ""  # of the note that is changed, as it was read

    @staff_event(Privilege.NOTES_VIEW)
    async def load(self) -> None:
        """Open the tab: that is a view. A note that was begun is in the field."""
        client_id = self._opens()
        found = await read(notes, client_id)
        text, revision = found.drafts.get("", ("", 0))
        show(self, new_text=text, new_revision=revision, place=f"notes-{client_id}")
        self._show(found)
        intake.viewed(actor(), "notes.viewed", "patient", client_id, patient_id=client_id)

    @staff_event(Privilege.NOTES_VIEW, passive=True)
    async def refresh(self) -> None:
        """Somebody wrote something; what is typed here stays."""
        self._show(await read(notes, self._whose()))

    @staff_event(Privilege.NOTES_WRITE)
    async def keep(self, about: Text, words: LongText, shown: int, ticket: Text, left: bool) -> None:
        """Keep what is being written."""
        if about not in {NEW, self.editing}:
            return
        try:
            revision = await write(service.keep_draft, self._whose(), "" if about == NEW else about, words)
        except PortalError:
            self.heard[about] = (ticket, -1)
            raise
        self.heard[about] = (ticket, revision)
        if about == NEW:
            self.new_text, self.new_revision = words, revision
        else:
            self.edit_text, self.edit_revision = words, revision

    @staff_event(Privilege.NOTES_WRITE)
    async def save_new(self, form: Fields):  # Reflex events
        """**Save note**."""
        self.busy, self.errors = True, {}
        yield
        client_id = self._whose()
        await write(service.write_note, client_id, _words(form))
        self.busy, self.new_text, self.new_revision = False, "", 0
        self.new_turn += 1
        self._show(await read(notes, client_id))
        await say(self, "The note is saved.")

    @staff_event(Privilege.NOTES_WRITE)
    async def edit(self, note_id: Id) -> None:
        """**Edit** one's own note, with what was typed into it before, if it was not saved."""
        found = await read(notes, self._whose())
        note = next((row for row in found.rows if row.id == note_id and row.mine), None)
        if note is None:
            return
        self._stamp, self.errors = note.changed, {}
        self.edit_text, self.edit_revision = found.drafts.get(note_id, (note.text, 0))
        self.editing = note_id

    @staff_event(Privilege.NOTES_WRITE)
    async def save_change(self, form: Fields):  # Reflex events
        """**Save changes**."""
        if not self.editing:
            return
        self.busy, self.errors = True, {}
        yield
        client_id = self._whose()
        await write(service.change_note, client_id, UUID(self.editing), _words(form), self._stamp)
        self.busy, self.editing = False, ""
        self._show(await read(notes, client_id))
        await say(self, "The note is changed.")

    @staff_event(Privilege.NOTES_WRITE)
    async def leave_edit(self) -> None:
        """The note stays as it is."""
        if self.editing:
            await write(service.drop_draft, self._whose(), self.editing)
        self.editing, self.errors = "", {}

    @staff_event(Privilege.NOTES_WRITE)
    async def ask_remove(self, note_id: Id) -> None:
        """**Remove** asks first."""
        self.removing = note_id

    @staff_event(Privilege.NOTES_WRITE)
    async def keep_note(self) -> None:
        """The note stays."""
        self.removing = ""

    @staff_event(Privilege.NOTES_WRITE)
    async def remove(self) -> None:
        """Take one's own note out of the list."""
        if not self.removing:
            return
        client_id, note_id = self._whose(), UUID(self.removing)
        self.removing = ""
        await write(service.remove_note, client_id, note_id)
        self._show(await read(notes, client_id))
        await say(self, "The note is removed.")

    def _show(self, found: Notes) -> None:
        show(self, rows=found.rows, more=found.more, loading=False)


def _words(form: Fields) -> str:
    typed = form.get("text")
    return typed if isinstance(typed, str) else ""


__all__ = ["LONGEST", "NEW", "NoteRow", "NotesState"]
