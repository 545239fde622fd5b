"""What the screens of getting in have in common: the code step, the household, and the way through the door."""

from uuid import UUID

import reflex as rx

from portal.domain.passcodes import ANOTHER_WAY
from portal.errors import Invalid
from portal.security.access import Fields, Id, Text
from portal.services import passcodes, signing_in
from portal.services.passcodes import Sent
from portal.services.signing_in import Choice, Outcome
from portal.state.bridge import public_event, say, write


class Entering(rx.State, mixin=True):
    """Vars and steps that log-in, registration and invitation share. The challenge itself never leaves the server.

    `step` is form, code, people or birth_date. A `ticket` makes the page post itself to the session's own route.
    """

    step: str = "form"
    channel: str = "phone"  # where the code was said to go
    masked: str = ""
    another_way: bool = False
    resend_seconds: int = 0
    may_resend: bool = False
    attempt: int = 0  # grows to empty the code field
    captcha_attempt: int = 0  # grows to start the CAPTCHA over: a solution is good once
    people: list[Choice] = []
    person: str = ""
    errors: dict[str, str] = {}
    busy: bool = False
    ticket: str = ""

    _challenge: str = ""
    _person_id: str = ""

    @public_event
    async def enter_code(self, code: Text):  # Reflex events
        """The sixth digit was typed, or the code was sent as a form."""
        if not self._challenge or self.ticket:
            return
        await self._begin()
        yield
        self._show_outcome(await write(signing_in.verify, UUID(self._challenge), code), "code")

    @public_event
    async def submit_code(self, form: Fields):
        """**Log in** under the code."""
        if not self._challenge or self.ticket:
            return
        await self._begin()
        yield
        code = str(form.get("code") or "")
        self._show_outcome(await write(signing_in.verify, UUID(self._challenge), code), "code")

    @public_event
    async def resend(self) -> None:
        """**Resend**: the code before dies."""
        if self._challenge:
            await self._begin()
            self._show_sent(await write(passcodes.resend, UUID(self._challenge)))

    @public_event
    async def try_another_way(self) -> None:
        """**Try another way**: text or email, whichever it was not."""
        if self._challenge:
            await self._begin()
            self._show_sent(await write(passcodes.try_another_way, UUID(self._challenge)))

    @public_event(passive=True)
    async def resend_ready(self) -> None:
        """The countdown is over."""
        self.may_resend = True

    @public_event
    async def choose(self, patient_id: Id) -> None:
        """Who of the household it is."""
        chosen = next((person for person in self.people if person.patient_id == patient_id), None)
        if chosen is not None:
            self._person_id, self.person = chosen.patient_id, chosen.name
            self.step, self.errors = "birth_date", {}

    @public_event
    async def back_to_people(self) -> None:
        """Someone else of the household after all."""
        self.step, self.errors = "people", {}

    @public_event
    async def confirm_birth_date(self, form: Fields):
        """The chosen person's date of birth."""
        if not self._person_id or not self._challenge or self.ticket:
            return
        await self._begin()
        yield
        typed = str(form.get("birth_date") or "")
        person = UUID(self._person_id)
        outcome = await write(signing_in.confirm_birth_date, UUID(self._challenge), person, typed)
        self._show_outcome(outcome, "birth_date")

    @public_event
    async def start_over(self) -> None:
        """Back to the beginning: **Change number**, or a log-in that is over."""
        self._start_over()

    async def _begin(self) -> None:
        """Show that something is under way; what was said before is over."""
        self.busy, self.errors = True, {}
        await say(self, "")

    def _show_sent(self, sent: Sent) -> None:
        """To the code step, in the same words whatever was sent."""
        self._challenge = str(sent.challenge_id)
        self.step, self.channel, self.masked = "code", sent.channel, sent.masked
        self.another_way = sent.another_way
        self.resend_seconds, self.may_resend = sent.resend_seconds, False
        self.attempt += 1
        self.errors, self.busy = {}, False

    def _show_outcome(self, outcome: Outcome, field: str) -> None:
        """In, on to the household, or what was wrong, beside `field`."""
        self.busy, self.errors = False, {}
        if outcome.ticket:
            self.ticket = outcome.ticket
        elif outcome.people:
            self.step, self.people = "people", list(outcome.people)
        elif outcome.over:
            self._start_over()
            self.errors = {"over": outcome.wrong}
        else:
            self.attempt += 1
            self.errors = {field: outcome.wrong}

    def _captcha_again(self, problem: Invalid) -> None:
        """A refused solution starts over; one that was not looked at, or rolled back with the rest, is still good."""
        if "captcha" in problem.fields:
            self.captcha_attempt += 1

    def _start_over(self) -> None:
        self.step, self.people, self.person, self.errors = "form", [], "", {}
        self.another_way, self.busy, self.ticket = False, False, ""
        self._challenge, self._person_id = "", ""
        self.captcha_attempt += 1


# What the pages take from here, next to the state.
__all__ = ["ANOTHER_WAY", "Entering"]
