"""What a patient does with a visit: confirm it, cancel it, take that back."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import reflex as rx

from portal.errors import Conflict, Invalid, PortalError
from portal.queries.cancelling import CancelTerms, cancel_terms, starts_at
from portal.services import appointments
from portal.services.appointments import Cancelled
from portal.state.bridge import Fields, Id, patient_event, read, say, write
from portal.state.showing import show
from portal.work import Work

# The states of pages that show visits, each with a `_fill`; each page adds its own.
SHOWING: list[type[rx.State]] = []


class VisitActsState(rx.State):
    """`working` is the visit that something is being done with; `terms` the question before a cancellation."""

    working: str = ""
    terms: CancelTerms | None = None
    busy: bool = False
    errors: dict[str, str] = {}

    @patient_event
    async def confirm(self, visit_id: Id) -> AsyncIterator[Any]:
        """**Confirm**: the practice is told."""
        self.working = visit_id
        yield
        await self._do(appointments.confirm, visit_id, "Confirmed. The practice knows that you are coming.")
        self.working = ""

    @patient_event
    async def ask_cancel(self, visit_id: Id) -> None:
        """**Cancel**: says what it means before anything happens."""
        self.errors = {}
        try:
            self.terms = await read(cancel_terms, UUID(visit_id))
        except PortalError as refused:
            await self._refuse(refused)

    @patient_event(passive=True)
    async def refresh(self) -> None:
        """Something changed while the question is open: what it says follows, what was typed stays."""
        before = self.terms
        if before is None:
            return
        try:
            terms = await read(cancel_terms, UUID(before.id))
        except PortalError as refused:
            self.terms = None
            await say(self, refused.sentence, "error")
            return
        show(self, terms=terms)
        if terms.starts_at != before.starts_at:
            await say(self, f"This visit has been moved to {terms.when}.", "info")

    @patient_event
    async def keep(self) -> None:
        """**Keep it**."""
        self.terms, self.errors = None, {}

    @patient_event
    async def cancel(self, form: Fields) -> AsyncIterator[Any]:
        """**Cancel visit**, at the fee that was said."""
        terms = self.terms
        if terms is None:
            return
        self.busy, self.errors = True, {}
        yield
        reason, note = str(form.get("reason") or ""), str(form.get("note") or "")
        try:
            done = await write(_cancel_as_said, terms, reason, note)
        except Invalid:
            raise  # beside its field; the dialog stays
        except PortalError as refused:
            await self._refuse(refused)
            await self._ask_again(terms)
        else:
            self.terms = None
            undo = " You can undo this for 5 minutes." if done.undo_until else ""
            await say(self, f"Your visit is cancelled.{undo}")
            await self._show_again()
        self.busy = False

    @patient_event
    async def undo(self, visit_id: Id) -> AsyncIterator[Any]:
        """**Undo**: the visit is as it was before it was cancelled."""
        self.working = visit_id
        yield
        await self._do(appointments.undo_cancel, visit_id, "Your visit stands as before. The practice knows.")
        self.working = ""

    @patient_event(passive=True)
    async def time_is_up(self) -> None:
        """The five minutes are over: the visit moves to the past."""
        await self._show_again()

    async def _do(self, service: Any, visit_id: str, done: str) -> None:
        try:
            await write(service, UUID(visit_id))
        except PortalError as refused:
            await self._refuse(refused)
        else:
            await say(self, done)
            await self._show_again()

    async def _ask_again(self, terms: CancelTerms) -> None:
        """The question as it is now, with what was typed; closed where there is nothing to ask any more."""
        try:
            self.terms = await read(cancel_terms, UUID(terms.id))
        except PortalError:
            self.terms = None

    async def _refuse(self, refused: PortalError) -> None:
        """It was not as the screen said: say so, and show how it is."""
        await say(self, refused.sentence, "error")
        await self._show_again()

    async def _show_again(self) -> None:
        """Whatever page shows the visit."""
        for kind in SHOWING:
            state: Any = await self.get_state(kind)
            if not state.loading:
                await state._fill()

    def _forget(self) -> None:
        self.reset()


def _cancel_as_said(work: Work, terms: CancelTerms, reason: str, note: str) -> Cancelled:
    """Cancel the visit at the time and the fee that were on the screen: the world goes on while somebody reads."""
    if starts_at(work, UUID(terms.id)) != terms.starts_at:
        raise Conflict("This visit has just been given another time. Nothing was cancelled; please look again.")
    done = appointments.cancel(work, UUID(terms.id), reason, note)
    if done.fee_cents > terms.fee_cents:
        raise Conflict("Cancelling now costs a fee that was not shown. Nothing was cancelled; please look again.")
    return done
