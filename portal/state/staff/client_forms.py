"""Task Management of one client: the forms, and asking for more."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from portal.queries import client_forms
from portal.queries.client_forms import Choices, ClientForms
from portal.services import paperwork
from portal.state.bridge import Fields, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.opened import OfClient, tab_of
from portal.state.staff.session import Privilege

TAB = "task-management"


class ClientFormsState(OfClient, rx.State):
    """The client's forms. `choices` are there while forms are being assigned."""

    loading: bool = True
    found: ClientForms | None = None
    choices: Choices | None = None
    busy: bool = False
    errors: dict[str, str] = {}

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def load(self) -> None:
        """Open the tab, or bring it up to date."""
        if tab_of(self) != TAB:
            return
        show(self, found=await read(client_forms.client_forms, self._opens()), loading=False)

    @staff_event(Privilege.PAPERWORK_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when something of the client changed."""
        if self._client and tab_of(self) == TAB:
            show(self, found=await read(client_forms.client_forms, self._whose()))

    @staff_event(Privilege.PAPERWORK_ASSIGN)
    async def choose(self) -> None:
        """Open the choice of forms."""
        self.errors = {}
        self.choices = await read(client_forms.choices, self._whose())

    @staff_event(Privilege.PAPERWORK_ASSIGN)
    async def leave_choice(self) -> None:
        """Assign nothing."""
        self.choices, self.errors = None, {}

    @staff_event(Privilege.PAPERWORK_ASSIGN)
    async def assign(self, form: Fields) -> AsyncIterator[Any]:
        """Ask the client for what was ticked."""
        if self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        made = len(await write(paperwork.assign_chosen, self._whose(), *_chosen(form)))
        self.choices, self.busy = None, False
        words = "The form is assigned" if made == 1 else f"{made} forms are assigned"
        await say(self, f"{words}, and the client is told.")
        show(self, found=await read(client_forms.client_forms, self._whose()))

    async def _leave(self) -> None:
        """The client is left: nothing stays."""
        self.reset()


def _chosen(form: Mapping[str, str | bool | None]) -> tuple[list[UUID], UUID | None, str]:
    """What was ticked, the visit it is for, and the day it is due on; what is no id counts as not chosen."""
    templates = [_id(name.removeprefix("t-")) for name, on in form.items() if name.startswith("t-") and on]
    return [one for one in templates if one], _id(str(form.get("visit") or "")), str(form.get("due") or "")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
