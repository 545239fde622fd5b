"""The way through a questionnaire: its pages, the review, and submitting it."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import reflex as rx

from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.queries.dashboard import badges
from portal.queries.filling_page import REVIEW
from portal.security.intake import viewed
from portal.services import filling
from portal.state.bridge import Text, actor, patient_event, read, say, write
from portal.state.patient import answering
from portal.state.patient.answers import Answers
from portal.state.patient.dashboard import DashboardState
from portal.state.showing import show

TITLE = "step"  # the heading that the cursor goes to with each step
SUMMARY = "problems"
_FORM_ID = re.compile(r"/questionnaire/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)")


class QuestionnaireState(Answers, rx.State):
    """The questionnaire on the screen."""

    loading: bool = True
    busy: bool = False

    @patient_event
    async def load(self) -> None:
        """Open the questionnaire of the address where it was left; after a lost connection, where one is."""
        await self._open()
        (await self.get_state(DashboardState))._count(await read(badges))
        show(self, loading=False)

    @patient_event(passive=True)
    async def refresh(self) -> None:
        """Something changed: an answer in another window, or the form itself. What is being typed stays."""
        await self._again()

    @patient_event
    async def go_on(self) -> Any:
        """**Continue**: to the next page once this one is complete."""
        self._refused = {}
        sheet = await self._again()
        if sheet is None or sheet.page.state != "fill":
            return None
        self._half = ""
        if self._place not in self._asked:
            self._asked.append(self._place)
        self._mark(sheet)
        if self.errors:
            return rx.set_focus(SUMMARY)
        if self.others:
            await say(self, filling.ELSEWHERE, "error")
            return None
        return await self._turn(sheet.page.step + 1)

    @patient_event
    async def go_back(self) -> Any:
        """**Back**: to the page before."""
        if self.page is None:
            return None
        return await self._turn(self.page.step - (0 if self.page.state == REVIEW else 1))

    @patient_event
    async def edit(self, link_id: Text) -> Any:
        """**Edit** in the review: to that page."""
        return await self._to(link_id)

    @patient_event
    async def submit(self) -> AsyncIterator[Any]:
        """**Submit** what was reviewed."""
        if self.page is None or self.page.state != "review" or self.busy:
            return
        self.busy = True
        yield
        try:
            done = await write(filling.submit, UUID(self.page.form_id), self.page.sha256)
        except Invalid as incomplete:
            yield await self._to_first(incomplete)
        except (Conflict, Denied) as refused:  # submitted elsewhere, withdrawn, or changed since: look again
            await say(self, refused.sentence, "error")
            await self._again()
        else:
            await self._again()
            await say(self, f"{done.name} is submitted. Thank you.")
            (await self.get_state(DashboardState))._count(await read(badges))
            yield rx.set_focus(TITLE)
        self.busy = False

    async def _to_first(self, incomplete: Invalid) -> Any:
        """To the first page that lacks something, with what it lacks."""
        self._place, self._asked = "", []
        sheet = await self._again()
        if sheet is None:
            return None
        self._asked = [sheet.page.place]
        self._mark(sheet)
        await say(self, incomplete.sentence, "fields")
        return rx.set_focus(SUMMARY if self.errors else TITLE)

    async def _turn(self, step: int) -> Any:
        """To a page by its number, from 1; beyond the last one is the review."""
        if self.page is None:
            return None
        places = await read(answering.places, UUID(self.page.form_id))
        return await self._to(places[step - 1] if 0 < step <= len(places) else REVIEW if step > 0 else places[0])

    async def _to(self, place: str) -> Any:
        if self.page is None or self.others:
            return None
        self._place, self._half = place, ""
        await self._again()
        return rx.set_focus(TITLE)

    async def _open(self) -> None:
        named = _FORM_ID.search(str(self.router.url.path))
        form_id = named[1] if named else ""
        if self.page is not None and self.page.form_id != form_id:
            self.reset()
        begun = self.page is not None
        place = self._place or unquote(str(self.router.url.fragment))[:255]
        try:
            sheet = await write(answering.opened, UUID(form_id), place) if form_id else None
        except NotFound:
            sheet = None
        if sheet is None:
            show(self, page=None, missing=True)
            return
        self._show(sheet)
        show(self, missing=False)
        if not begun:
            viewed(actor(), "questionnaire.viewed", "assigned_form", UUID(form_id), actor().patient_id)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
