"""The Dashboard's calendar: the month that is turned to, and the day whose visits are listed."""

import reflex as rx

from portal.queries import calendar
from portal.queries.calendar import Day, DayVisit, Month, Weekday
from portal.state.bridge import Text, patient_event, read
from portal.state.showing import show


class CalendarState(rx.State):
    """A month of the signed-in patient's visits. It stays where it was turned to until the page is left."""

    title: str = ""
    weekdays: list[Weekday] = []
    weeks: list[list[Day]] = []
    chosen: str = ""
    chosen_words: str = ""
    visits: list[DayVisit] = []

    _key: str = ""  # the month's first day; empty is the month of today

    @patient_event
    async def previous(self) -> None:
        """Turn to the month before."""
        self._show(await read(calendar.month, self._key, turn=-1))

    @patient_event
    async def following(self) -> None:
        """Turn to the month after."""
        self._show(await read(calendar.month, self._key, turn=1))

    @patient_event
    async def pick(self, day: Text) -> None:
        """List the visits of a day; picking it again closes the list."""
        self._show(await read(calendar.month, self._key, "" if day == self.chosen else day))

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()

    def _show(self, month: Month) -> None:
        self._key = month.key
        show(
            self,
            title=month.title,
            weekdays=month.weekdays,
            weeks=month.weeks,
            chosen=month.chosen,
            chosen_words=month.chosen_words,
            visits=month.visits,
        )
