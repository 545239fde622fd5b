"""Reading a consent and signing it.

Ink stays in the browser until Sign is pressed, and comes with that one event. Typed name and initials are kept for the
fresh form when the practice resets this one meanwhile.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any
from uuid import UUID

import reflex as rx
from pydantic import BeforeValidator, Field, StringConstraints

from portal import routes
from portal.domain.paperwork import LONGEST_NAME, RESET, TEXT_CHANGED, FormStatus
from portal.errors import Conflict, NotFound
from portal.queries.dashboard import badges
from portal.security.access import form_entries
from portal.security.intake import viewed
from portal.services import reading, signing
from portal.services.reading import Consent
from portal.services.signing import Act, Ink
from portal.state.bridge import actor, patient_event, read, say, write
from portal.state.patient.dashboard import DashboardState
from portal.state.patient.form_progress import FormProgressState
from portal.state.showing import show

LONGEST_LETTERS = 12
LARGEST_INK = 550_000  # characters of JSON; the pad's own limits are in `domain.signature`
SigningForm = Annotated[
    dict[str, Annotated[str, StringConstraints(max_length=LARGEST_INK)] | bool | None],
    BeforeValidator(form_entries),
    Field(max_length=80),
]
_FORM_ID = re.compile(r"/consent/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)")


class ConsentState(rx.State):
    """The consent on the screen.

    `page` is read, sign or witness, or empty on the way to another; `mode` is draw or type.
    """

    loading: bool = True
    missing: bool = False
    page: str = ""
    shown: Consent | None = None
    read_to_end: bool = False
    busy: bool = False
    mode: str = "draw"
    typed: str = ""
    errors: dict[str, str] = {}
    letters: dict[str, str] = {}  # initials by section
    kept_name: str = ""  # from the form that this one took the place of
    kept_letters: dict[str, str] = {}

    @patient_event
    async def load_reading(self) -> None:
        """Open the consent of the address to read it."""
        await self._open("read")

    @patient_event
    async def load_signing(self) -> Any:
        """Open the consent of the address to sign it; where there is nothing to sign, read it.

        Runs again after a lost connection, and then leaves alone what the person has done so far.
        """
        before = self.shown
        await self._open("sign")
        return await self._to_reading(before)

    @patient_event
    async def load_witnessing(self) -> Any:
        """Open the consent of the address for a companion to witness; where that cannot be, read it."""
        await self._open("witness")
        return self._to_witnessing()

    @patient_event(passive=True)
    async def refresh(self) -> Any:
        """The form changed meanwhile: a witness signed, it was reset, or signed in another tab. Nothing is recorded."""
        before = self.shown
        if before is None:
            return None
        try:
            now = await read(reading.as_it_is, UUID(before.form_id))
        except NotFound:
            now = None
        show(self, shown=now, missing=now is None)
        if self.page == "witness":
            return await self._to_fresh() or self._to_witnessing()
        if self.page != "sign":
            return None
        return await self._to_fresh() or await self._to_reading(before)

    async def _to_fresh(self) -> Any:
        """From a form that was reset to the one that took its place, with what can be kept of the signature."""
        if self.shown is None or not self.shown.fresh_href:
            return None
        self._keep(self.typed, self.letters)
        await say(self, RESET, "error")
        return self._go(self.shown.fresh_href)

    def _keep(self, name: str, letters: Mapping[str, str]) -> None:
        """Hold on to a draft; what is no name and no initials is not worth it."""
        self.kept_name = name[:LONGEST_NAME]
        self.kept_letters = {section: text[:LONGEST_LETTERS] for section, text in letters.items() if text.strip()}

    async def _to_reading(self, before: Consent | None) -> Any:
        """From a signing sheet on which there is nothing to sign, or not what was read."""
        now = self.shown
        if now is None:
            return None
        if before is not None and before.form_id == now.form_id and before.sha256 != now.sha256 and now.can_sign:
            await say(self, TEXT_CHANGED, "error")
        elif now.can_sign:
            return None
        return self._go(now.witness_href if now.can_witness else now.read_href)

    def _to_witnessing(self) -> Any:
        """From a witness's page on which nobody can sign."""
        now = self.shown
        return None if now is None or now.can_witness else self._go(now.read_href)

    def _go(self, href: str) -> Any:
        """To another page, once: who moves on from there at once is not called back by news that comes meanwhile."""
        self.page = ""
        return rx.redirect(href, replace=True)

    @patient_event(passive=True)
    async def begin(self) -> None:
        """An empty signing sheet is on the screen."""
        kept, self.letters = self.kept_name, dict(self.kept_letters)
        self.mode, self.typed, self.errors, self.busy = "type" if kept else "draw", kept, {}, False
        progress, shown = await self._progress(), self.shown
        sections = shown.initials if shown else []
        progress._start([section in self.letters for section in sections], choice=bool(shown and shown.options))
        progress._mark(there=bool(kept))

    @patient_event
    async def reached_end(self) -> None:
        """The end of the text is on the screen."""
        if self.shown is None or self.read_to_end:
            return
        self.read_to_end = True
        await write(signing.viewed_to_end, UUID(self.shown.form_id))

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
        """The typed name, to show how it will look."""
        self.typed = name
        (await self._progress())._mark(there=bool(name.strip()))

    @patient_event
    async def intend(self, on: bool) -> None:
        """The box that says that signing is meant."""
        (await self._progress())._intend(on=on)

    @patient_event
    async def initial(self, number: int, letters: str) -> None:
        """The initials of a section were typed."""
        sections = self.shown.initials if self.shown else []
        if 0 <= number < len(sections):
            self.letters[sections[number]] = letters[:LONGEST_LETTERS]
        (await self._progress())._initial(number, there=bool(letters.strip()))

    @patient_event
    async def choose(self, option: str) -> None:
        """One of the form's options was chosen."""
        (await self._progress())._choose(there=bool(option))

    @patient_event
    async def sign(self, form: SigningForm) -> AsyncIterator[Any]:
        """Sign with what the form holds."""
        if self.shown is None or self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        act, form_id, go_on = self._act(form), UUID(self.shown.form_id), self.shown.read_href
        try:
            done = await write(signing.sign, form_id, act)
        except Conflict as refused:  # signed in another tab, reset, or the text changed: read it again
            self._keep(act.typed_name, act.initials)
            fresh = (await read(reading.as_it_is, form_id)).fresh_href
            await say(self, RESET if fresh else refused.sentence, "error")
            go_on = fresh or go_on
        else:
            self._keep("", {})
            await say(self, _outcome(done.status))
            (await self.get_state(DashboardState))._count(await read(badges))
            if done.status is FormStatus.WITNESS:
                go_on = self.shown.witness_href
        self.busy = False
        yield self._go(go_on)

    async def _leave(self) -> None:
        """Reading and signing are left: nothing of the form stays, no ink and no name."""
        self.reset()
        (await self._progress())._forget_form()

    async def _open(self, page: str) -> None:
        form_id = self._asked()
        if self.shown is not None and self.shown.form_id != str(form_id):
            name, letters = self.kept_name, self.kept_letters
            fresh = self.shown.fresh_href
            self.reset()
            if form_id is not None and fresh == routes.consent(str(form_id)):
                self._keep(name, letters)
        self.page = page
        try:
            self.shown = await write(reading.read_consent, form_id) if form_id else None
        except NotFound:
            self.shown = None
        self.missing = self.shown is None
        if self.shown is not None:
            viewed(actor(), "consent.viewed", "assigned_form", form_id, actor().patient_id)
        self.loading = False

    def _asked(self) -> UUID | None:
        """The form that the address names."""
        named = _FORM_ID.search(str(self.router.url.path))
        return UUID(named[1]) if named else None

    async def _progress(self) -> FormProgressState:
        return await self.get_state(FormProgressState)

    async def _use(self, mode: str) -> None:
        self.mode, self.typed = mode, ""
        (await self._progress())._mark(there=False)

    def _act(self, form: Mapping[str, str | bool | None]) -> Act:
        sections = self.shown.initials if self.shown else []
        drawn = self.mode == "draw"
        return Act(
            shown_sha256=self.shown.sha256 if self.shown else "",
            intent=ticked(form, "intent"),
            ink=as_ink(str(form.get("ink") or "")) if drawn else None,
            typed_name="" if drawn else str(form.get("name") or ""),
            option=str(form.get("option") or ""),
            initials={section: str(form.get(f"initials.{n}") or "") for n, section in enumerate(sections)},
        )


def ticked(form: Mapping[str, str | bool | None], name: str) -> bool:
    """Whether a box of the form is ticked, as a browser says it."""
    return form.get(name) in (True, "on")


def as_ink(field: str) -> Ink:
    """What the pad left in its field; anything else is an empty pad."""
    try:
        data: Any = json.loads(field)
        return Ink(data["strokes"], data["width"], data["height"])
    except (ValueError, TypeError, LookupError, RecursionError):
        return Ink([], 1, 1)


def _outcome(status: FormStatus) -> str:
    if status is FormStatus.WITNESS:
        return "Signed. One signature to go: a witness's."
    return "Signed. Your copy is in Task Management."
