"""What is edited in the panel itself: address, phone, email, primary clinic, one at a time."""

from uuid import UUID

import reflex as rx

from portal.domain.client_record import CONTACTS, LABELS
from portal.errors import NotFound
from portal.queries.client_form import Choices, ClientForm, client_form
from portal.security.access import Fields, Text
from portal.services import client_drafts
from portal.services.client_editing import Meanwhile, edit
from portal.state.bridge import read, say, staff_event, write
from portal.state.staff.opened import client_of
from portal.state.staff.session import Privilege

#: What has a pencil, and the fields behind it.
PLACES: dict[str, tuple[str, ...]] = {
    "address": ("street", "city", "state", "postal_code"),
    "phone": ("phone",),
    "email": ("email",),
    "clinic": ("clinic_id",),
}
WORDS = {"address": "Address", "phone": "Phone", "email": "Email", "clinic": "Primary clinic"}


class ClientPlaceState(rx.State):
    """`editing` is the word of what is open (`PLACES`), empty for nothing; `meanwhile` what others made of it."""

    editing: str = ""
    values: dict[str, str] = {}
    saved: dict[str, str] = {}
    clinics: Choices = []
    errors: dict[str, str] = {}
    busy: bool = False
    meanwhile: list[Meanwhile] = []

    _client: str = ""
    _base: dict[str, str] = {}
    _typed: dict[str, str] = {}

    @staff_event(Privilege.CLIENTS_EDIT)
    async def begin(self, what: Text) -> None:
        """The pencil: the field as it is on file now, or as it was typed before and not saved."""
        if what not in PLACES:
            raise NotFound
        client_id = client_of(self)
        self._open(what, await read(client_form, client_id))
        self._client = str(client_id)  # whose it is, wherever the tab is by now

    @staff_event(Privilege.CLIENTS_EDIT)
    async def cancel(self) -> None:
        """**Cancel**, or Escape: as it was; what was typed into it may go."""
        if self.editing:
            await write(client_drafts.drop, UUID(self._client), PLACES[self.editing])
        self.reset()

    @staff_event(Privilege.CLIENTS_EDIT)
    async def keep(self, typed: Fields) -> None:
        """Keep what was typed and is not saved."""
        if self.editing:
            await write(client_drafts.keep, UUID(self._client), typed, self._base)

    @staff_event(Privilege.CLIENTS_EDIT)
    async def save(self, form: Fields):  # Reflex events
        """**Save**."""
        if not self.editing:
            return
        self.busy, self.errors = True, {}
        yield
        self._typed = {name: str(form.get(name) or "") for name in PLACES[self.editing]}
        await self._save()

    @staff_event(Privilege.CLIENTS_EDIT)
    async def keep_theirs(self) -> None:
        """Somebody else changed it meanwhile, and that stays."""
        if self.editing:
            await write(client_drafts.drop, UUID(self._client), PLACES[self.editing])
            await self._done("What was saved meanwhile stays.")

    @staff_event(Privilege.CLIENTS_EDIT)
    async def keep_mine(self) -> None:
        """Somebody else changed it meanwhile; this person has seen that, and theirs goes over it."""
        if self.editing and self.meanwhile:
            self._base |= {one.field: one.theirs_value for one in self.meanwhile}
            await self._save()

    async def _again(self) -> None:
        """The page is loaded anew while something is open: what was typed into it is there."""
        if self.editing:
            form = await read(client_form, UUID(self._client))
            typed = form.draft.typed if form.draft else {}
            fields = PLACES[self.editing]
            self.saved = {name: form.values[name] for name in fields}
            self.values, self.busy = {name: typed.get(name, form.values[name]) for name in fields}, False

    async def _save(self) -> None:
        what = self.editing
        outcome = await write(edit, UUID(self._client), self._typed, self._base)
        self.busy = False
        if outcome.contested:
            self.meanwhile = [one for one in outcome.meanwhile if one.contested]
            return
        told = " The old one was told, and open log-ins were ended." if what in CONTACTS and self._base[what] else ""
        await self._done(f"{WORDS[what]} saved.{told}" if outcome.saved else "Nothing had changed.")

    async def _done(self, words: str) -> None:
        from portal.state.staff.client import ClientState  # holds this one

        self.reset()
        await (await self.get_state(ClientState))._read_panel()
        await say(self, words)

    def _open(self, what: str, form: ClientForm) -> None:
        self.reset()
        fields = PLACES[what]
        typed = form.draft.typed if form.draft else {}
        base = form.draft.base if form.draft else {}
        self.editing, self.clinics = what, form.clinics
        self.saved = {name: form.values[name] for name in fields}
        self._base = {name: base.get(name, form.values[name]) for name in fields}
        self.values = {name: typed.get(name, form.values[name]) for name in fields}


__all__ = ["LABELS", "PLACES", "WORDS", "ClientPlaceState", "Meanwhile"]
