"""Another time for a visit: the month, the day, the time."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import reflex as rx

from portal import routes
from portal.errors import Conflict, PortalError
from portal.queries.rescheduling import Choices, choices
from portal.services import appointments
from portal.state.bridge import Text, patient_event, read, say, write
from portal.state.patient.appointments import asked_visit
from portal.state.showing import show


class RescheduleState(rx.State):
    """`shown` is what can be chosen from, `chosen` the time that is, ISO in UTC, and `new_time` how it reads.

    `why_not` is said instead where the visit cannot be moved.
    """

    loading: bool = True
    shown: Choices | None = None
    why_not: str = ""
    chosen: str = ""
    new_time: str = ""
    busy: bool = False

    @patient_event
    async def load(self) -> None:
        """Open the visit of the address. Runs again when something changed, and then keeps what is chosen."""
        visit_id = asked_visit(self)
        if self.shown is not None and self.shown.visit_id != str(visit_id):
            self.reset()
        month, day = (self.shown.month, self.shown.day) if self.shown else ("", "")
        await self._show(visit_id, month, day)
        show(self, loading=False)

    @patient_event
    async def turn_back(self) -> None:
        """The month before."""
        if self.shown is not None and self.shown.earlier:
            await self._turn(self.shown.earlier)

    @patient_event
    async def turn_on(self) -> None:
        """The month after."""
        if self.shown is not None and self.shown.later:
            await self._turn(self.shown.later)

    @patient_event
    async def turn_to_other(self) -> None:
        """The month with a free day that is offered where this one has none."""
        if self.shown is not None and self.shown.other:
            await self._turn(self.shown.other)

    @patient_event
    async def choose_day(self, day: Text) -> None:
        """A day of the month on the screen."""
        if self.shown is not None and day != self.shown.day:
            self.chosen = self.new_time = ""
            await self._show(UUID(self.shown.visit_id), self.shown.month, day)

    @patient_event
    async def choose_time(self, starts_at: Text) -> None:
        """A time of the day on the screen."""
        time = self._times().get(starts_at)
        if self.shown is not None and time is not None:
            self.chosen, self.new_time = starts_at, f"{self.shown.day_short} at {time}"

    @patient_event
    async def save(self) -> AsyncIterator[Any]:
        """**Reschedule**."""
        shown, chosen, new_time = self.shown, self.chosen, self.new_time
        if shown is None or not chosen or self.busy:
            return
        self.busy = True
        yield
        try:
            await write(appointments.reschedule, UUID(shown.visit_id), datetime.fromisoformat(chosen))
        except Conflict as refused:  # taken meanwhile: the list as it is now, nothing else is lost
            self.busy, self.chosen, self.new_time = False, "", ""
            await say(self, refused.sentence, "error")
            await self._show(UUID(shown.visit_id), shown.month, shown.day)
            return
        self.busy, self.chosen, self.new_time = False, "", ""
        await say(self, f"Your visit is now on {new_time}. The practice knows.")
        yield rx.redirect(routes.APPOINTMENTS)

    async def _turn(self, month: str) -> None:
        if self.shown is not None:
            self.chosen = self.new_time = ""
            await self._show(UUID(self.shown.visit_id), month, "")

    async def _show(self, visit_id: UUID | None, month: str, day: str) -> None:
        try:
            if visit_id is None:
                raise Conflict("We could not find that appointment. It may have been removed.")
            show(self, shown=await read(choices, visit_id, month, day), why_not="")
        except PortalError as refused:
            self.shown, self.why_not = None, refused.sentence
        if self.chosen and self.chosen not in self._times():
            self.chosen = self.new_time = ""
            if self.shown is not None:
                await say(self, appointments.TAKEN, "error")

    def _times(self) -> dict[str, str]:
        """What the times on the screen are called."""
        return dict(time for part in self.shown.parts for time in part.times) if self.shown else {}

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
