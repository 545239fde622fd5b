"""The schedule: which day or week, of whom and where, stands in the address; a reload and a link keep it."""

from datetime import date
from typing import Any, cast
from uuid import UUID

import reflex as rx

from portal.queries.staff_schedule import Asked, Schedule, schedule
from portal.security.intake import viewed
from portal.state.bridge import Text, actor, read, staff_event
from portal.state.showing import show
from portal.state.staff.booking import BookingState
from portal.state.staff.session import Privilege
from portal.state.staff.visit import VisitSheetState

YEARS = range(2000, 2100)


class ScheduleState(rx.State):
    """The page. `shown` is what is on it."""

    shown: Schedule | None = None

    _seen: str = ""  # what was noted as looked at
    _opened: str = ""  # the visit of the address that was opened

    @staff_event(Privilege.VISITS_VIEW)
    async def load(self):  # Reflex events
        """Show what the address asks for."""
        if self.shown is None:
            await self._close()
        await self._fill()
        asked, visit = self._asked(), self._parameter("visit")
        day = self.shown.day if self.shown else ""
        seen = f"{asked.view} {day} {asked.provider_id} {asked.clinic_id}"
        if seen != self._seen:
            self._seen = seen
            viewed(actor(), "appointments.viewed", "appointment", view=asked.view, day=day)
        if visit != self._opened:
            self._opened = visit
            return cast("Any", VisitSheetState).open(visit) if _id(visit) else None
        return None

    @staff_event(Privilege.VISITS_VIEW, passive=True)
    async def refresh(self) -> None:
        """Something in the practice changed: the same view, and what is open over it, as they are now."""
        await self._fill()
        await (await self.get_state(VisitSheetState))._fill()
        await (await self.get_state(BookingState))._follow()

    @staff_event(Privilege.VISITS_VIEW)
    async def choose(self, what: Text, value: Text):  # Reflex events
        """Another provider or clinic, another day, with what was cancelled or without."""
        asked = self._asked()
        if what in {"provider", "clinic"}:
            return rx.redirect(asked.href(**{what: _id(value)}))
        if what == "gone":
            return rx.redirect(asked.href(gone=not asked.gone))
        day = _day(value) if what == "day" else None
        return rx.redirect(asked.href(day=day)) if day is not None and day != asked.day else None

    async def _fill(self) -> None:
        show(self, shown=await read(schedule, self._asked()))

    def _asked(self) -> Asked:
        """What the address asks for; it may say anything."""
        return Asked(
            view="week" if self._parameter("view") == "week" else "day",
            day=_day(self._parameter("day")),
            provider_id=_id(self._parameter("provider")),
            clinic_id=_id(self._parameter("clinic")),
            gone=self._parameter("gone") == "1",
        )

    def _parameter(self, name: str) -> str:
        parameters: dict[str, Any] = dict(self.router.url.query_parameters)
        return str(parameters.get(name, ""))[:40]

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
        await self._close()

    async def _close(self) -> None:
        """Nothing is open over it."""
        for held in (VisitSheetState, BookingState):
            (await self.get_state(held)).reset()


def _day(words: str) -> date | None:
    """A day within reach; while a year is typed into a field, it is none yet."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _id(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
