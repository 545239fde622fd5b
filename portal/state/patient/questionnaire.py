"""Filling a questionnaire: each answer is kept as it is given; where another window was quicker, both are shown."""

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from portal.domain.questionnaire import Value
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.queries.dashboard import badges
from portal.queries.filling_page import REVIEW, FillingPage
from portal.security.access import as_uuid
from portal.security.intake import viewed
from portal.services import filling
from portal.services.filling import Changed
from portal.state.bridge import Id, LongText, Text, actor, patient_event, read, say, write
from portal.state.patient import answering
from portal.state.patient.answering import Sheet
from portal.state.patient.consent import SigningForm
from portal.state.patient.dashboard import DashboardState
from portal.state.showing import show

TITLE = "step"  # the heading that the cursor goes to with each step
SUMMARY = "problems"
_FORM_ID = re.compile(r"/questionnaire/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)")
_TYPED = frozenset({"line", "area"})
_NOT_TAKEN = "We could not take that photograph. Please try again."
_PHOTO_WORDS = {
    401: "You are not signed in any more. Please log in again.",
    409: "This photograph was not added: there are enough, or the questionnaire is closed.",
    413: "That photograph is too large: at most 10 MB and 40 megapixels.",
    415: "That file is no photograph that we can read. Please choose a JPEG or PNG.",
    429: "That is a lot of photographs. Please wait a few minutes.",
}


class QuestionnaireState(rx.State):
    """The questionnaire on the screen. `others` are answers in words that another window gave to what is asked here."""

    loading: bool = True
    missing: bool = False
    busy: bool = False
    page: FillingPage | None = None
    errors: dict[str, str] = {}
    wrong: list[tuple[str, str]] = []  # link id and number of each question with an error
    others: dict[str, str] = {}
    turns: dict[str, int] = {}  # a field is made anew when its answer comes from elsewhere
    typing: bool = False  # a signature is typed, not drawn
    sending: str = ""  # the question whose photograph is on its way
    unsaved: str = ""  # what was typed when the form was closed meanwhile

    _place: str = ""
    _asked: list[str] = []  # pages that somebody wanted to go on from: what they lack is said
    _values: dict[str, Any] = {}
    _based: dict[str, int] = {}
    _mine: dict[str, Any] = {}  # how what was answered here is kept, once the person has chosen it

    @patient_event
    async def load(self) -> None:
        """Open the questionnaire of the address where it was left; after a lost connection, where one is."""
        named = _FORM_ID.search(str(self.router.url.path))
        form_id = named[1] if named else ""
        if self.page is not None and self.page.form_id != form_id:
            self.reset()
        begun = self.page is not None
        try:
            sheet = await write(answering.opened, UUID(form_id), self._place) if form_id else None
        except NotFound:
            sheet = None
        if sheet is None:
            show(self, page=None, missing=True, loading=False)
            return
        if begun:
            await self._catch_up(sheet)
        else:
            self._show(sheet)
            viewed(actor(), "questionnaire.viewed", "assigned_form", UUID(form_id), actor().patient_id)
        (await self.get_state(DashboardState))._count(await read(badges))
        show(self, missing=False, loading=False)

    @patient_event(passive=True)
    async def refresh(self) -> None:
        """Something changed: an answer in another window, or the form itself. What is being typed stays."""
        if self.page is not None:
            await self._again()

    @patient_event
    async def fill_in(self, link_id: Text, words: LongText) -> None:
        """A field was left: keep what stands in it."""
        await self._keep(link_id, words, answering.written, self._values.get(link_id))

    @patient_event
    async def choose(self, link_id: Text, code: Text) -> None:
        """An answer was pressed."""
        await self._keep(link_id, code, answering.chosen, self._values.get(link_id))

    @patient_event
    async def clear(self, link_id: Text) -> None:
        """Take an answer away."""
        await self._keep(link_id, "", answering.kept)

    @patient_event
    async def take_other(self, link_id: Text) -> None:
        """The answer from elsewhere counts."""
        self._settle(link_id)
        self._based.pop(link_id, None)  # taken over as it stands, with its revision
        self.turns[link_id] = self.turns.get(link_id, 0) + 1
        await self._again()

    @patient_event
    async def keep_mine(self, link_id: Text) -> None:
        """The answer that was given here counts."""
        if link_id not in self.others or self.page is None:
            return
        service, mine, seen = self._mine.get(link_id) or (answering.kept, self._values.get(link_id), ())
        now = await read(answering.as_it_is, UUID(self.page.form_id), self._place)
        self._based[link_id] = now.revisions.get(link_id, 0)
        await self._keep(link_id, mine, service, *seen)

    @patient_event
    async def sign(self, form: SigningForm) -> None:
        """Keep a signature, drawn or typed."""
        link_id = str(form.get("question") or "")[:255]
        drawn: object = {"typed_name": str(form.get("name") or "")}
        if not self.typing:
            try:
                drawn = json.loads(str(form.get("ink") or "{}"))
            except (ValueError, RecursionError):
                drawn = {}
            drawn = drawn or {"strokes": [], "width": 1, "height": 1}
        await self._keep(link_id, drawn, answering.kept)

    @patient_event
    async def sign_by(self, typing: bool) -> None:
        """Draw or type the signature."""
        self.typing = typing

    @patient_event
    async def photo_going(self, link_id: Text) -> None:
        """A photograph is on its way."""
        self.sending = link_id
        self.errors.pop(link_id, None)

    @patient_event
    async def photo_told(self, link_id: Text, status: int) -> None:
        """What became of a photograph, as our own route answered the browser."""
        self.sending = ""
        await self._again()
        if status != 201:
            self.errors[link_id] = _PHOTO_WORDS.get(status, _NOT_TAKEN)

    @patient_event
    async def remove_photo(self, photo_id: Id) -> None:
        """Take a photograph away."""
        if self.page is not None:
            await self._run(answering.photo_removed, as_uuid(photo_id))

    @patient_event
    async def go_on(self) -> Any:
        """**Continue**: to the next page once this one is complete."""
        sheet = await self._again()
        if sheet is None or sheet.page.state != "fill":
            return None
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
        self._place = place
        self._based, self._values, self._mine = {}, {}, {}
        await self._again()
        return rx.set_focus(TITLE)

    async def _keep(self, link_id: str, answer: Any, service: Callable[..., Sheet], *seen: Value) -> None:
        """Keep an answer through `service`; where somebody was quicker, show theirs beside it."""
        if self.page is None:
            return
        if service is answering.written and answer == self._shown(link_id) and link_id not in self.others:
            return  # left as it was
        based_on = self._based.get(link_id, 0)
        self._mine[link_id] = (service, answer, seen)
        try:
            await self._run(service, link_id, answer, *seen, based_on)
        except Changed as other:
            self.others[link_id] = (
                await read(answering.in_words, UUID(self.page.form_id), link_id, other.value) or "No answer"
            )
            await say(self, other.sentence, "error")
        except Conflict as closed:  # submitted or withdrawn meanwhile
            self.unsaved = answer if isinstance(answer, str) and service is answering.written else ""
            await self._again()
            await say(self, closed.sentence, "error")

    async def _run(self, service: Callable[..., Sheet], *args: Any) -> None:
        if self.page is None:
            return
        sheet = await write(service, UUID(self.page.form_id), self._place, *args)
        link_id = str(args[0])
        self._based.pop(link_id, None)
        self._mine.pop(link_id, None)
        self.others.pop(link_id, None)
        await self._catch_up(sheet)

    async def _again(self) -> Sheet | None:
        """The page as it stands now; None when it is gone."""
        if self.page is None:
            return None
        try:
            sheet = await read(answering.as_it_is, UUID(self.page.form_id), self._place)
        except NotFound:
            show(self, page=None, missing=True)
            return None
        await self._catch_up(sheet)
        return sheet

    async def _catch_up(self, sheet: Sheet) -> None:
        """Show what is new. A field that may be in use keeps what stands in it: the other answer is shown beside it."""
        shown = {question.link_id: question for question in self.page.questions} if self.page else {}
        kept = []
        for question in sheet.page.questions:
            link_id, before = question.link_id, shown.get(question.link_id)
            known, now = self._based.get(link_id), sheet.revisions.get(link_id, 0)
            theirs = before is not None and known is not None and known != now
            if theirs and before is not None and question.shape in _TYPED and question.value != before.value:
                self.others[link_id] = question.value or "No answer"
                kept.append(before)
            else:
                kept.append(question)
        self._show(replace(sheet, page=replace(sheet.page, questions=tuple(kept))))

    def _show(self, sheet: Sheet) -> None:
        self._place = sheet.page.place
        for link_id, value in sheet.values.items():
            if link_id not in self.others:
                self._values[link_id], self._based[link_id] = value, sheet.revisions[link_id]
        asked = {question.link_id for question in sheet.page.questions}
        for link_id in set(self.others) - asked:  # not asked any more
            self._settle(link_id)
        show(self, page=sheet.page)
        self._mark(sheet)

    def _mark(self, sheet: Sheet) -> None:
        """Say what is wrong with what was answered; what is missing once somebody wanted to go on."""
        asked = self._place in self._asked
        found = {
            question.link_id: sheet.problems[question.link_id]
            for question in sheet.page.questions
            if question.link_id in sheet.problems and (asked or self._values.get(question.link_id) not in (None, []))
        }
        numbers = [(one.link_id, one.number) for one in sheet.page.questions if one.link_id in found]
        show(self, errors=found, wrong=numbers if asked else [])

    def _settle(self, link_id: str) -> None:
        self.others.pop(link_id, None)
        self._mine.pop(link_id, None)

    def _shown(self, link_id: str) -> str | None:
        questions = self.page.questions if self.page else ()
        return next((question.value for question in questions if question.link_id == link_id), None)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
