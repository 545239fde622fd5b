"""A companion witnesses a consent on the device on which it was signed.

Ink and names stay in the browser until Sign is pressed, and come with that one event.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from portal.domain.paperwork import RELATIONSHIPS
from portal.errors import Conflict, Denied
from portal.queries.dashboard import badges
from portal.services import witnessing
from portal.services.witnessing import WitnessAct
from portal.state.bridge import patient_event, read, say, write
from portal.state.patient.consent import ConsentState, SigningForm, as_ink, ticked
from portal.state.patient.dashboard import DashboardState
from portal.state.patient.form_progress import FormProgressState

OPTIONS = [(words, words) for words in RELATIONSHIPS]
DONE = "Witnessed. The form is complete."


class WitnessState(rx.State):
    """The witness's part of the page; the consent itself is `ConsentState`'s. `mode` is draw or type."""

    form_id: str = ""
    mode: str = "draw"
    typed: str = ""
    busy: bool = False
    errors: dict[str, str] = {}

    @patient_event
    async def load(self) -> None:
        """Begin anew for another form. Runs again after a lost connection, and then leaves alone what is there."""
        shown = (await self.get_state(ConsentState)).shown
        form_id = shown.form_id if shown else ""
        if form_id != self.form_id:
            self.reset()
            self.form_id = form_id
            (await self._progress())._start([])

    @patient_event
    async def draw(self) -> None:
        """Sign by drawing."""
        await self._use("draw")

    @patient_event
    async def type(self) -> None:
        """Sign by typing the name."""
        await self._use("type")

    @patient_event
    async def inked(self, there: bool) -> None:
        """Something was drawn, or the pad was cleared."""
        (await self._progress())._mark(there=there)

    @patient_event
    async def name_typed(self, name: str) -> None:
        """The typed signature, to show how it will look."""
        self.typed = name
        (await self._progress())._mark(there=bool(name.strip()))

    @patient_event
    async def intend(self, on: bool) -> None:
        """The box that says that signing is meant."""
        (await self._progress())._intend(on=on)

    @patient_event
    async def sign(self, form: SigningForm) -> AsyncIterator[Any]:
        """Witness with what the form holds."""
        consent = await self.get_state(ConsentState)
        shown = consent.shown
        if shown is None or self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        try:
            await write(witnessing.witness_here, UUID(shown.form_id), self._act(form, shown.sha256))
        except (Conflict, Denied) as refused:  # witnessed elsewhere, reset, or another device: read it again
            await say(self, refused.sentence, "error")
        else:
            await say(self, DONE)
            (await self.get_state(DashboardState))._count(await read(badges))
        self.busy = False
        yield consent._go(shown.read_href)

    async def _leave(self) -> None:
        """The page is left: nothing of the form stays."""
        self.reset()
        (await self._progress())._forget_form()

    async def _progress(self) -> FormProgressState:
        return await self.get_state(FormProgressState)

    async def _use(self, mode: str) -> None:
        self.mode, self.typed = mode, ""
        (await self._progress())._mark(there=False)

    def _act(self, form: Mapping[str, str | bool | None], sha256: str) -> WitnessAct:
        drawn = self.mode == "draw"
        return WitnessAct(
            shown_sha256=sha256,
            name=str(form.get("witness") or ""),
            relationship=str(form.get("relationship") or ""),
            adult=ticked(form, "adult"),
            intent=ticked(form, "intent"),
            ink=as_ink(str(form.get("ink") or "")) if drawn else None,
            typed_name="" if drawn else str(form.get("name") or ""),
        )
