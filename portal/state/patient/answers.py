"""The answers of the questionnaire on the screen: each is kept as it is given, and where another window was quicker
both are shown.

What is typed comes with the revision that it rests upon and with a ticket (`components/ui/kept_field.py`), so that a
lost connection or a server that was started anew changes nothing: it is sent until it is heard.
"""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import reflex as rx

from portal.domain.questionnaire import LARGEST_PHOTO, Value
from portal.errors import Conflict, NotFound
from portal.queries.filling_page import FillingPage
from portal.security.access import as_uuid
from portal.services.filling import Changed
from portal.state.bridge import Id, LongText, Text, patient_event, read, say, write
from portal.state.patient import answering
from portal.state.patient.answering import Sheet
from portal.state.patient.consent import SigningForm
from portal.state.showing import show

__all__ = ["LARGEST_PHOTO", "Answers"]

NO_ANSWER = "No answer"
NOT_TAKEN = -1
MOST_UNSAVED = 20
_TYPED = frozenset({"line", "area"})
_NO_PHOTO = "We could not take that photograph. Please try again."
_PHOTO_WORDS = {
    401: "You are not signed in any more. Please log in again.",
    409: "This photograph was not added: there are enough, or the questionnaire is closed.",
    413: "That photograph is too large: at most 10 MB and 40 megapixels.",
    404: "That photograph is not there any more. Please choose again.",
    415: "That file is no photograph that we can read. Please choose a JPEG, PNG or WebP picture.",
    429: "That is a lot of photographs. Please wait a few minutes, then try again.",
}


class Answers(rx.State, mixin=True):
    """What is asked and answered. `others` are answers in words that another window gave to what is asked here."""

    missing: bool = False
    page: FillingPage | None = None
    errors: dict[str, str] = {}
    wrong: list[tuple[str, str]] = []  # link id and number of each question with an error
    others: dict[str, str] = {}
    heard: dict[str, tuple[str, int]] = {}  # by question: the last ticket, and the revision that came of it
    turns: dict[str, int] = {}  # counts how often the answer from elsewhere was chosen
    typing: bool = False  # a signature is typed, not drawn
    unsaved: list[str] = []  # what was typed when the form was closed meanwhile

    _place: str = ""
    _asked: list[str] = []  # pages that somebody wanted to go on from: what they lack is said
    _half: str = ""  # the field that is being typed in: it is not judged yet
    _values: dict[str, Any] = {}
    _based: dict[str, int] = {}  # revisions on the screen
    _own: dict[str, tuple[int, int]] = {}  # revisions that this tab made one upon the other, first and last
    _refused: dict[str, str] = {}  # why a photograph was not taken, until another is tried or one goes on
    _mine: dict[str, Any] = {}  # how what was answered here is kept, once the person has chosen it

    @patient_event
    async def fill_in(self, link_id: Text, words: LongText, shown: int, ticket: Text, left: bool) -> None:
        """Words in a field, which rest upon the revision `shown`. Until the field is `left` they are not judged."""
        if self.page is None:
            await self._open()
        self._half = "" if left else link_id
        first, last = self._own.get(link_id, (shown, shown))
        revision = NOT_TAKEN
        try:
            based_on = last if first <= shown <= last else shown
            revision = await self._keep(link_id, words, answering.written, self._values.get(link_id), based_on=based_on)
        except NotFound:  # no question of this form: nothing of it stays
            ticket = ""
            raise
        finally:
            if ticket and self.page is not None:
                self.heard[link_id] = (ticket, revision)

    @patient_event
    async def choose(self, link_id: Text, code: Text, on: bool) -> None:
        """An answer was pressed: it shall be chosen, or not."""
        if self.page is None:
            await self._open()
        await self._keep(link_id, code, answering.chosen, self._values.get(link_id), on)

    @patient_event
    async def clear(self, link_id: Text) -> None:
        """Take an answer away."""
        await self._keep(link_id, "", answering.kept)

    @patient_event
    async def take_other(self, link_id: Text) -> None:
        """The answer from elsewhere counts."""
        if link_id not in self.others:
            return
        self._settle(link_id)
        self.turns[link_id] = self.turns.get(link_id, 0) + 1
        await self._again()

    @patient_event
    async def keep_mine(self, link_id: Text) -> None:
        """The answer that was given here counts."""
        if link_id not in self.others or self.page is None:
            return
        service, mine, seen = self._mine.get(link_id) or (answering.kept, self._values.get(link_id), ())
        now = await read(answering.as_it_is, UUID(self.page.form_id), self._place)
        revision = await self._keep(link_id, mine, service, *seen, based_on=now.revisions.get(link_id, 0))
        if link_id in self.heard:
            self.heard[link_id] = (self.heard[link_id][0], revision)

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
        self._refused.pop(link_id, None)
        self.errors.pop(link_id, None)

    @patient_event
    async def photo_told(self, link_id: Text, status: int) -> None:
        """What became of a photograph, as our own route answered the browser."""
        sheet = await self._again()
        if sheet is not None and status != 201 and any(one.link_id == link_id for one in sheet.page.questions):
            self._refused[link_id] = _PHOTO_WORDS.get(status, _NO_PHOTO)
            self._mark(sheet)

    @patient_event
    async def remove_photo(self, photo_id: Id) -> None:
        """Take a photograph away; that there were enough is over with it."""
        self._refused = {}
        if self.page is not None:
            form_id = UUID(self.page.form_id)
            self._show(await write(answering.photo_removed, form_id, self._place, as_uuid(photo_id)))

    async def _keep(
        self, link_id: str, answer: Any, service: Callable[..., Sheet], *seen: Value, based_on: int | None = None
    ) -> int:
        """Keep an answer through `service` and return its revision. `NOT_TAKEN` where somebody was quicker, whose
        answer is then shown beside it, and when the form was closed meanwhile."""
        if self.page is None:
            return NOT_TAKEN
        form_id = UUID(self.page.form_id)
        if based_on is None:
            based_on = self._based.get(link_id, 0)
        try:
            sheet = await write(service, form_id, self._place, link_id, answer, *seen, based_on)
        except Changed as other:  # said beside the question
            self._mine[link_id] = (service, answer, seen)
            self.others[link_id] = await read(answering.in_words, form_id, link_id, other.value) or NO_ANSWER
        except Conflict as closed:  # submitted or withdrawn meanwhile
            if service is answering.written and answer and answer not in self.unsaved:
                self.unsaved = [*self.unsaved, answer][-MOST_UNSAVED:]
            await self._again()
            await say(self, closed.sentence, "error")
        else:
            first, last = self._own.get(link_id, (based_on, based_on))
            self._own[link_id] = (first if last == based_on else based_on, sheet.revision)
            self._settle(link_id)
            self.errors.pop(link_id, None)
            self._show(sheet)
            return sheet.revision
        return NOT_TAKEN

    async def _open(self) -> None:
        """Bring the questionnaire of the address to the screen."""
        raise NotImplementedError

    async def _again(self) -> Sheet | None:
        """The page as it stands now; None when it is gone."""
        if self.page is None:
            return None
        try:
            sheet = await read(answering.as_it_is, UUID(self.page.form_id), self._place)
        except NotFound:
            show(self, page=None, missing=True)
            return None
        self._show(sheet)
        return sheet

    def _show(self, sheet: Sheet) -> None:
        """Show what is new. A field that is in use keeps what stands in it: that is the field's own care."""
        self._place = sheet.page.place
        self._values, self._based = dict(sheet.values), dict(sheet.revisions)
        asked = {question.link_id: question for question in sheet.page.questions}
        for link_id in list(self.others):
            if link_id not in asked:  # not asked any more
                self._settle(link_id)
            elif asked[link_id].shape in _TYPED:
                self.others[link_id] = asked[link_id].value or NO_ANSWER
        show(self, page=sheet.page)
        self._mark(sheet)

    def _mark(self, sheet: Sheet) -> None:
        """Say what is wrong with what was answered; what is missing once somebody wanted to go on."""
        asked = self._place in self._asked
        found = {
            one.link_id: sheet.problems[one.link_id]
            for one in sheet.page.questions
            if one.link_id in sheet.problems
            and (asked or (self._values.get(one.link_id) not in (None, []) and one.link_id != self._half))
        }
        shown = {one.link_id for one in sheet.page.questions}
        found |= {link_id: why for link_id, why in self._refused.items() if link_id in shown}
        numbers = [(one.link_id, one.number) for one in sheet.page.questions if one.link_id in found]
        show(self, errors=found, wrong=numbers if asked else [])

    def _settle(self, link_id: str) -> None:
        self.others.pop(link_id, None)
        self._mine.pop(link_id, None)
