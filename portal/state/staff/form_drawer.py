"""One form, opened beside a list: how it stands, what is in it, the witness's signature, the reset.

Ink stays in the browser until Sign is pressed, and comes with that one event.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from portal.errors import Conflict, NotFound
from portal.security.intake import viewed
from portal.services import form_detail, paperwork, witnessing
from portal.services.form_detail import FormContent, FormDetail
from portal.services.witnessing import StaffAct
from portal.state.bridge import Fields, Id, actor, read, say, staff_event, write
from portal.state.patient.consent import SigningForm, as_ink, ticked
from portal.state.showing import show
from portal.state.staff.session import Privilege

WITNESSED = "Witnessed. The form is complete, and the client is told."
RESET = "The form is void and kept. A fresh one is asked for, and the client is told."


class FormDrawerState(rx.State):
    """The form that is open, if one is. `content` is there while it is read; `mode` is draw or type."""

    shown: FormDetail | None = None
    content: FormContent | None = None
    resetting: bool = False
    mode: str = "draw"
    typed: str = ""
    marked: bool = False  # something is drawn or typed
    intends: bool = False
    busy: bool = False
    errors: dict[str, str] = {}

    @staff_event(Privilege.PAPERWORK_VIEW, passive=True)
    async def load(self) -> None:
        """Bring the open form up to date."""
        await self._again()

    @staff_event(Privilege.PAPERWORK_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when something changed."""
        await self._again()

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def open_form(self, form_id: Id) -> None:
        """Show a form beside the list."""
        await self._open(form_id)

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def read_form(self, form_id: Id) -> None:
        """Show what is in a form."""
        if self.shown is None or self.shown.form_id != form_id:
            await self._open(form_id)
        await self._read()

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def stop_reading(self) -> None:
        """Put the content away."""
        self.content = None

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def close(self) -> None:
        """Put the form away."""
        self.reset()

    @staff_event(Privilege.PAPERWORK_WITNESS)
    async def draw(self) -> None:
        """Sign by drawing."""
        self.mode, self.typed, self.marked = "draw", "", False

    @staff_event(Privilege.PAPERWORK_WITNESS)
    async def type(self) -> None:
        """Sign by typing the name."""
        self.mode, self.typed, self.marked = "type", "", False

    @staff_event(Privilege.PAPERWORK_WITNESS)
    async def inked(self, there: bool) -> None:
        """Something was drawn, or the pad was cleared."""
        self.marked = there

    @staff_event(Privilege.PAPERWORK_WITNESS)
    async def name_typed(self, name: str) -> None:
        """The typed signature, to show how it will look."""
        self.typed, self.marked = name, bool(name.strip())

    @staff_event(Privilege.PAPERWORK_WITNESS)
    async def intend(self, on: bool) -> None:
        """The box that says that signing is meant."""
        self.intends = on

    @staff_event(Privilege.PAPERWORK_WITNESS)
    async def sign(self, form: SigningForm) -> AsyncIterator[Any]:
        """Witness with what the form holds."""
        shown = self.shown
        if shown is None or self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        try:
            await write(witnessing.witness_by_staff, UUID(shown.form_id), self._act(form, shown.sha256))
        except Conflict as refused:  # witnessed elsewhere, or reset: see it as it is
            await say(self, refused.sentence, "error")
        else:
            await say(self, WITNESSED)
        self.busy = False
        await self._again()

    @staff_event(Privilege.PAPERWORK_RESET)
    async def ask_reset(self, form_id: Id) -> None:
        """Ask before a reset: what happens to the form is said first."""
        await self._open(form_id)
        self.resetting, self.errors = bool(self.shown and self.shown.can_reset), {}

    @staff_event(Privilege.PAPERWORK_RESET)
    async def keep(self) -> None:
        """Leave the form as it is."""
        self.resetting, self.errors = False, {}

    @staff_event(Privilege.PAPERWORK_RESET)
    async def reset_form(self, form: Fields) -> AsyncIterator[Any]:
        """Make it void, and ask for a fresh one."""
        shown = self.shown
        if shown is None or self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        try:
            await write(paperwork.reset, UUID(shown.form_id), _reason(form, shown.reasons))
        except Conflict as refused:
            await say(self, refused.sentence, "error")
        else:
            await say(self, RESET)
        self.busy = self.resetting = False
        await self._again()

    async def _leave(self) -> None:
        """The page is left: nothing of the form stays."""
        self.reset()

    async def _open(self, form_id: str) -> None:
        found = await read(form_detail.detail, UUID(form_id))
        if self.shown is None or self.shown.form_id != form_id:
            self.reset()
            viewed(actor(), "form.viewed", "assigned_form", UUID(form_id), UUID(found.client_id))
        show(self, shown=found)

    async def _read(self) -> None:
        if self.shown is None or self.shown.why_not_read:
            return
        form_id, client_id = UUID(self.shown.form_id), UUID(self.shown.client_id)
        self.content = await read(form_detail.content, form_id)
        what = "consent.viewed" if self.shown.kind == "Consent" else "questionnaire.viewed"
        viewed(actor(), what, "assigned_form", form_id, client_id)

    async def _again(self) -> None:
        """The open form as it is now. What is being signed on it stays, if it can still be."""
        if self.shown is None:
            return
        try:
            found = await read(form_detail.detail, UUID(self.shown.form_id))
        except NotFound:
            self.reset()
            return
        if not found.can_witness:
            show(self, mode="draw", typed="", marked=False, intends=False, errors={})
        show(self, shown=found, resetting=self.resetting and found.can_reset)

    def _act(self, form: Mapping[str, str | bool | None], sha256: str) -> StaffAct:
        drawn = self.mode == "draw"
        return StaffAct(
            shown_sha256=sha256,
            intent=ticked(form, "intent"),
            ink=as_ink(str(form.get("ink") or "")) if drawn else None,
            typed_name="" if drawn else str(form.get("name") or ""),
        )


def _reason(form: Mapping[str, str | bool | None], offered: list[tuple[str, str]]) -> str:
    """The reason that was chosen, with the note: "Wrong form or version. Treatment area changed"."""
    chosen = str(form.get("why") or "")
    parts = [chosen if chosen in dict(offered) else "", str(form.get("note") or "").strip()]
    return ". ".join(part for part in parts if part)
