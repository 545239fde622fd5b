"""The Medical History tab of a client's profile: the allergies."""

from uuid import UUID

import reflex as rx

from portal.domain.allergies import SEVERITIES
from portal.queries.allergies import Allergies, AllergyRow, allergies
from portal.security import intake
from portal.security.access import Fields, Id
from portal.services import allergies as service
from portal.state.bridge import actor, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.opened import OfClient
from portal.state.staff.session import Privilege


class AllergiesState(OfClient, rx.State):
    """The tab. `ending` is the allergy that is asked about; `epoch` grows to empty the fields."""

    loading: bool = True
    current: list[AllergyRow] = []
    earlier: list[AllergyRow] = []
    none_known: str = ""
    adding: bool = False
    ending: AllergyRow | None = None
    errors: dict[str, str] = {}
    busy: bool = False
    epoch: int = 0

    @staff_event(Privilege.MEDICAL_VIEW)
    async def load(self) -> None:
        """Open the tab: that is a view of medical data."""
        client_id = self._opens()
        self._show(await read(allergies, client_id))
        intake.viewed(actor(), "allergies.viewed", "patient", client_id, patient_id=client_id)

    @staff_event(Privilege.MEDICAL_VIEW, passive=True)
    async def refresh(self) -> None:
        """Something was changed, here or elsewhere."""
        self._show(await read(allergies, self._whose()))

    @staff_event(Privilege.MEDICAL_EDIT)
    async def start(self) -> None:
        """**Add allergy**."""
        self.adding, self.errors = True, {}

    @staff_event(Privilege.MEDICAL_EDIT)
    async def stop(self) -> None:
        """Close without adding."""
        self.adding, self.errors = False, {}
        self.epoch += 1

    @staff_event(Privilege.MEDICAL_EDIT)
    async def add(self, form: Fields):  # Reflex events
        """Write the allergy down."""
        self.busy, self.errors = True, {}
        yield
        client_id = self._whose()
        await write(service.add, client_id, form)
        self.busy = self.adding = False
        self.epoch += 1
        self._show(await read(allergies, client_id))
        await say(self, "The allergy is on the list.")

    @staff_event(Privilege.MEDICAL_EDIT)
    async def ask_end(self, allergy_id: Id) -> None:
        """**End** asks first."""
        self.ending = next((row for row in self.current if row.id == allergy_id), None)

    @staff_event(Privilege.MEDICAL_EDIT)
    async def keep(self) -> None:
        """The allergy counts on."""
        self.ending = None

    @staff_event(Privilege.MEDICAL_EDIT)
    async def end(self, allergy_id: Id) -> None:
        """The allergy counts no more."""
        client_id = self._whose()
        self.ending = None
        await write(service.end, client_id, UUID(allergy_id))
        self._show(await read(allergies, client_id))
        await say(self, "The allergy is ended. It stays in the list of earlier ones.")

    @staff_event(Privilege.MEDICAL_EDIT)
    async def none(self) -> None:
        """**No known allergies**: asked, and none known."""
        client_id = self._whose()
        await write(service.none_known, client_id)
        self._show(await read(allergies, client_id))
        await say(self, "No known allergies: recorded.")

    def _show(self, found: Allergies) -> None:
        show(self, current=found.current, earlier=found.earlier, none_known=found.none_known, loading=False)


__all__ = ["SEVERITIES", "AllergiesState", "AllergyRow"]
