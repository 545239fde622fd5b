"""New client: a form in a dialog, and the question whether it is somebody who is here already."""

import reflex as rx

from portal import routes
from portal.domain.people import reads_as_minor
from portal.domain.registration import RELATIONSHIPS
from portal.queries.duplicates import Duplicate
from portal.queries.profile import clinic_choices, today
from portal.services import new_client
from portal.state.bridge import Fields, Text, read, staff_event, write
from portal.state.staff.session import Privilege


class NewClientState(rx.State):
    """The dialog. What was typed stays in the browser's own fields until it is sent; `alike` are those who may be the
    same person, until staff say that it is another one."""

    open: bool = False
    busy: bool = False
    minor: bool = False
    clinics: list[tuple[str, str]] = []
    alike: list[Duplicate] = []
    errors: dict[str, str] = {}

    _despite: bool = False

    @staff_event(Privilege.CLIENTS_EDIT)
    async def begin(self) -> None:
        """Open the form."""
        self.reset()
        self.clinics = await read(clinic_choices)
        self.open = True

    @staff_event(Privilege.CLIENTS_EDIT)
    async def close(self) -> None:
        """Close it: nothing is made."""
        self.reset()

    @staff_event(Privilege.CLIENTS_EDIT)
    async def born(self, typed: Text) -> None:
        """Whoever is under 18 has a guardian."""
        self.minor = reads_as_minor(typed, await read(today))

    @staff_event(Privilege.CLIENTS_EDIT)
    async def another(self) -> None:
        """It is another person than those shown: the next **Register** makes the record."""
        self._despite = True
        self.alike = []

    @staff_event(Privilege.CLIENTS_EDIT)
    async def register(self, form: Fields):
        """**Register**."""
        self.busy, self.errors, self.alike = True, {}, []
        yield
        made = await write(new_client.register, form, despite=self._despite)
        self.busy = False
        if made.client_id is None:
            self.alike = made.alike
            return
        self.reset()
        yield rx.redirect(routes.staff_client(str(made.client_id)))


# What the page takes from here, next to the state.
__all__ = ["RELATIONSHIPS", "NewClientState"]
