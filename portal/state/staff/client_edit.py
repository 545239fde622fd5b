"""**Actions > Edit**: all of a client's record in one form, against what the editor had in front of them."""

from datetime import date
from typing import Any
from uuid import UUID

import reflex as rx

from portal import routes
from portal.domain.client_record import LABELS
from portal.domain.people import reads_as_minor
from portal.errors import NotFound
from portal.queries.client_form import Choices, ClientForm, client_form
from portal.security.access import Fields, Text
from portal.services import client_drafts
from portal.services.client_editing import Meanwhile, changed_meanwhile, edit
from portal.state.bridge import read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.opened import client_of
from portal.state.staff.session import Privilege

CHOOSE = "Choose which one stays."


class ClientEditState(rx.State):
    """The page. `values` fill the fields anew when `epoch` grows; `saved` is the record as it is on file.

    What this person read is `_base`: a field that is otherwise on file now was changed by somebody else, and stands in
    `meanwhile`.
    """

    client_id: str = ""
    name: str = ""
    guardian: str = ""
    minor: bool = False
    heard: str = ""
    missing: bool = False
    values: dict[str, str] = {}
    saved: dict[str, str] = {}
    epoch: int = 0
    errors: dict[str, str] = {}
    busy: bool = False
    draft_from: str = ""  # when what stands in the fields was typed, if it was before
    meanwhile: list[Meanwhile] = []

    clinics: Choices = []
    sexes: Choices = []
    pronouns: Choices = []
    relationships: Choices = []
    languages: Choices = []
    sources: Choices = []
    subs: Choices = []  # of the source that is chosen

    _today: date = date.min  # where the practice is, as the form was read
    _base: dict[str, str] = {}
    _all_subs: list[tuple[str, str, str]] = []

    @staff_event(Privilege.CLIENTS_EDIT)
    async def load(self) -> None:
        """Open the form; what was typed before and not saved is in it again.

        This runs as well when a lost connection is back, and when the page is loaded anew: what the person had read
        stays what they had read, and fields in use are left alone (they are the same fields).
        """
        try:
            client_id = client_of(self)
            form = await read(client_form, client_id)
        except NotFound:
            self.reset()
            self.missing = True
            return
        again = self.client_id == str(client_id)
        if not again:
            self.reset()
        self.client_id, self.busy = str(client_id), False
        self._fill(form, again=again)
        if again or form.draft:
            self.meanwhile = await read(_compare, client_id, self._base)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays, but for the draft."""
        self.reset()

    @staff_event(Privilege.CLIENTS_EDIT, passive=True)
    async def refresh(self) -> None:
        """Somebody changed the record meanwhile: say what."""
        if self.client_id:
            show(self, meanwhile=await read(_compare, UUID(self.client_id), self._base))

    @staff_event(Privilege.CLIENTS_EDIT)
    async def keep(self, typed: Fields) -> None:
        """Keep what was typed and is not saved."""
        if self.client_id:  # whose form this is, wherever the tab is by now
            await write(client_drafts.keep, UUID(self.client_id), typed, self._base)

    @staff_event(Privilege.CLIENTS_EDIT)
    async def discard(self) -> None:
        """What was typed may go."""
        if self.client_id:
            await write(client_drafts.drop, UUID(self.client_id))
            self._fill(await read(client_form, UUID(self.client_id)))

    @staff_event(Privilege.CLIENTS_EDIT)
    async def born(self, typed: Text) -> None:
        """Whoever is under 18 has a guardian."""
        self.minor = reads_as_minor(typed, self._today)

    @staff_event(Privilege.CLIENTS_EDIT)
    async def choose_source(self, source: Text) -> None:
        """Offer the subcategories of a source."""
        self.subs = self._subs_of(source)

    @staff_event(Privilege.CLIENTS_EDIT)
    async def save(self, form: Fields):  # Reflex events
        """**Save**: back to the profile; or what somebody else changed, to choose from."""
        if not self.client_id:
            return
        self.busy, self.errors = True, {}
        self.minor = reads_as_minor(str(form.get("date_of_birth", "")), self._today)
        yield
        client_id, base, typed = UUID(self.client_id), dict(self._base), dict(form)
        unsettled = {}
        for one in self.meanwhile:
            choice = form.get(f"keep.{one.field}")
            if one.contested and choice not in {"theirs", "mine"}:
                unsettled[f"keep.{one.field}"] = CHOOSE
            elif one.contested:
                base[one.field] = one.theirs_value
                typed |= {one.field: one.theirs_value} if choice == "theirs" else {}
        if unsettled:
            self.errors, self.busy = unsettled, False
            await say(self, "Somebody else changed this client. Choose what stays, then save again.", "fields")
            yield rx.set_focus("meanwhile")
            return
        done = await write(edit, client_id, typed, base)
        self.busy = False
        if done.contested:
            self.meanwhile = list(done.meanwhile)
            await say(self, "Somebody else changed this client meanwhile. Nothing was saved yet.", "error")
            yield rx.set_focus("meanwhile")
            return
        self._fill(await read(client_form, client_id))
        yield
        await say(self, _outcome(done.saved, done.meanwhile))
        yield rx.redirect(routes.staff_client(str(client_id)))

    def _fill(self, form: ClientForm, *, again: bool = False) -> None:
        """Show the record, with what was typed before and not saved."""
        draft = form.draft
        typed = draft.typed if draft else {}
        self.name, self.guardian, self.heard = form.name, form.guardian, form.heard
        self._base = self._base if again else form.values | (draft.base if draft else {})
        self.saved, self.values = form.values, form.values | typed
        self.draft_from = draft.when if draft else ""
        self.meanwhile = []
        self._today, self.relationships = form.today, form.relationships
        self.minor = reads_as_minor(self.values["date_of_birth"], self._today)
        self.clinics, self.sexes, self.pronouns = form.clinics, form.sexes, form.pronouns
        self.languages, self.sources, self._all_subs = form.languages, form.sources, form.subs
        self.subs = self._subs_of(self.values["referral_id"])
        if not again:
            self.errors = {}
            self.epoch += 1

    def _subs_of(self, source: str) -> Choices:
        return [(sub, words) for sub, words, parent in self._all_subs if parent == source]


def _compare(work: Any, client_id: Any, base: dict[str, str]) -> list[Meanwhile]:
    """What is otherwise on file than this person read, with what they typed so far."""
    form = client_form(work, client_id)
    return list(changed_meanwhile(work, client_id, form, form.draft.typed if form.draft else {}, base))


def _outcome(saved: tuple[str, ...], meanwhile: tuple[Meanwhile, ...]) -> str:
    words = f"Saved: {', '.join(saved)}." if saved else "Nothing had changed."
    others = ", ".join(f"{one.label} by {one.who}" for one in meanwhile)
    return f"{words} Changed by others meanwhile, and kept: {others}." if others else words


__all__ = ["LABELS", "ClientEditState", "Meanwhile"]
