"""The Provider App: today's clients, on a tablet."""

from uuid import UUID

import reflex as rx

from portal.queries import provider_today
from portal.queries.provider_today import TodayRow
from portal.services import appointments
from portal.state.bridge import Id, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.session import Privilege


class TodayState(rx.State):
    """Today's visits. `treats` is whether the person has clients of their own, `mine` whether only those are shown."""

    loading: bool = True
    day: str = ""
    rows: list[TodayRow] = []
    clinics: list[tuple[str, str]] = []
    clinic: str = ""
    treats: bool = False
    mine: bool = True

    @staff_event(Privilege.VISITS_VIEW)
    async def load(self) -> None:
        """Open the day, or bring it up to date."""
        await self._fill()
        self.loading = False

    @staff_event(Privilege.VISITS_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when something in the practice changed, and as the day goes on."""
        await self._fill()

    @staff_event(Privilege.VISITS_VIEW)
    async def show_mine(self) -> None:
        """One's own clients."""
        self.mine = True
        await self._fill()

    @staff_event(Privilege.VISITS_VIEW)
    async def show_all(self) -> None:
        """Everybody's clients."""
        self.mine = False
        await self._fill()

    @staff_event(Privilege.VISITS_VIEW)
    async def at_clinic(self, clinic_id: str) -> None:
        """One clinic's, or all."""
        self.clinic = clinic_id if clinic_id in {value for value, _ in self.clinics} else ""
        await self._fill()

    @staff_event(Privilege.VISITS_MANAGE)
    async def check_in(self, visit_id: Id) -> None:
        """The client is here."""
        await write(appointments.check_in, UUID(visit_id))
        await say(self, "Checked in.")
        await self._fill()

    @staff_event(Privilege.VISITS_MANAGE)
    async def complete(self, visit_id: Id) -> None:
        """The visit took place."""
        await write(appointments.complete, UUID(visit_id))
        await say(self, "The visit is completed.")
        await self._fill()

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()

    async def _fill(self) -> None:
        clinic_id = UUID(self.clinic) if self.clinic else None
        found = await read(provider_today.today, mine=self.mine, clinic_id=clinic_id)
        show(self, day=found.day, rows=found.rows, clinics=found.clinics, treats=found.treats, mine=found.mine)
