"""Who opened the record: what a patient reads of the audit log."""

import reflex as rx

from portal.queries.opened_record import PAGE, OpenedDay, opened
from portal.security.intake import viewed
from portal.state.bridge import actor, patient_event, read
from portal.state.showing import show


class RecordAccessState(rx.State):
    """The page. `more` says that there are earlier days."""

    loading: bool = True
    days: list[OpenedDay] = []
    more: bool = False

    _most: int = PAGE

    @patient_event
    async def load(self) -> None:
        """Read who opened the record."""
        self._most = PAGE
        await self._read()
        viewed(actor(), "record_access.viewed", patient_id=actor().patient_id)

    @patient_event
    async def earlier(self) -> None:
        """**Show earlier days**."""
        self._most += PAGE
        await self._read()

    async def _read(self) -> None:
        found = await read(opened, self._most)
        show(self, days=found.days, more=found.more, loading=False)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
