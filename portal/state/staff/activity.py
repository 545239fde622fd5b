"""The Activity tab of a client's profile: what happened, in words."""

from dataclasses import replace

import reflex as rx

from portal.queries.activity import ICONS, ActivityRow, page
from portal.security import intake
from portal.state.bridge import actor, read, staff_event
from portal.state.showing import show
from portal.state.staff.opened import client_of
from portal.state.staff.session import Privilege


class ActivityState(rx.State):
    """The tab. `next` is the key of what is older; empty at the end."""

    loading: bool = True
    rows: list[ActivityRow] = []
    next: str = ""

    @staff_event(Privilege.CLIENTS_VIEW)
    async def load(self) -> None:
        """Open the tab at the newest."""
        client_id = client_of(self)
        found = await read(page, client_id)
        show(self, rows=found.rows, next=found.next, loading=False)
        intake.viewed(actor(), "activity.viewed", "patient", client_id, patient_id=client_id)

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def refresh(self) -> None:
        """Something happened: it stands on top, as long as nobody has gone back in time."""
        found = await read(page, client_of(self))
        if len(self.rows) <= len(found.rows):
            show(self, rows=found.rows, next=found.next, loading=False)

    @staff_event(Privilege.CLIENTS_VIEW)
    async def earlier(self) -> None:
        """**Show earlier**."""
        if self.next:
            found = await read(page, client_of(self), self.next)
            first, *others = found.rows
            same_day = bool(self.rows) and self.rows[-1].day == first.day
            self.rows += [replace(first, heading=first.heading and not same_day), *others]
            self.next = found.next


SYMBOLS = (*dict.fromkeys(ICONS.values()), "circle-dot", "mail")

__all__ = ["SYMBOLS", "ActivityRow", "ActivityState"]
