"""One visit that staff have open, over the schedule or a client's profile, and what they do with it."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import reflex as rx

from portal.errors import Invalid, NotFound, PortalError
from portal.queries.staff_visit import VisitSheet, visit_sheet
from portal.security.intake import viewed
from portal.services import appointments
from portal.state.bridge import Fields, Id, Text, actor, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.session import Privilege
from portal.work import Work

# What is done at a click, and what is said of it then.
ACTS: dict[str, tuple[Callable[[Work, UUID], None], str]] = {
    "confirm": (appointments.confirm, "Confirmed."),
    "check_in": (appointments.check_in, "Checked in."),
    "complete": (appointments.complete, "Completed."),
    "no_show": (appointments.no_show, "Noted as a no-show."),
    "undo": (appointments.undo_cancel, "The visit stands as before."),
}


class VisitSheetState(rx.State):
    """`shown` is the visit that is open; `cancelling` while a reason is asked for, `working` the act under way."""

    shown: VisitSheet | None = None
    cancelling: bool = False
    working: str = ""
    busy: bool = False
    errors: dict[str, str] = {}

    @staff_event(Privilege.VISITS_VIEW)
    async def open(self, visit_id: Id) -> None:
        """Open a visit."""
        self.reset()
        self.shown = await read(visit_sheet, UUID(visit_id))
        viewed(actor(), "appointment.viewed", "appointment", UUID(visit_id), UUID(self.shown.client_id))

    @staff_event(Privilege.VISITS_VIEW, passive=True)
    async def refresh(self) -> None:
        """The visit as it is now. What is being typed into it stays."""
        if self.shown is not None:
            await self._fill()

    @staff_event(Privilege.VISITS_VIEW)
    async def close(self) -> None:
        """Close it."""
        self.reset()

    @staff_event(Privilege.VISITS_MANAGE)
    async def act(self, what: Text) -> AsyncIterator[Any]:
        """**Confirm**, **Check in**, **Complete**, **No show**, **Undo**."""
        shown = self.shown
        if shown is None or what not in ACTS or self.working:
            return
        service, done = ACTS[what]
        self.working = what
        yield
        try:
            await write(_as_seen, shown, service)
        except PortalError as refused:
            await say(self, refused.sentence, "error")
        else:
            await say(self, done)
        self.working = ""
        await self._fill()

    @staff_event(Privilege.VISITS_MANAGE)
    async def ask_cancel(self) -> None:
        """**Cancel**: asks why, and whether it costs."""
        self.cancelling, self.errors = self.shown is not None, {}

    @staff_event(Privilege.VISITS_MANAGE)
    async def keep(self) -> None:
        """**Keep it**."""
        self.cancelling, self.errors = False, {}

    @staff_event(Privilege.VISITS_MANAGE)
    async def cancel(self, form: Fields) -> AsyncIterator[Any]:
        """**Cancel visit**."""
        shown = self.shown
        if shown is None or not self.cancelling or self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        reason, note = str(form.get("reason") or ""), str(form.get("note") or "")
        charge = str(form.get("fee") or "") == "charge"
        try:
            await write(_cancel, shown, reason, note, charge=charge)
        except Invalid:
            raise  # beside its field
        except PortalError as refused:
            await say(self, refused.sentence, "error")
        else:
            self.cancelling = False
            await say(self, "Cancelled. You can undo this for 5 minutes.")
        self.busy = False
        await self._fill()

    async def _fill(self) -> None:
        if self.shown is None:
            return
        try:
            show(self, shown=await read(visit_sheet, UUID(self.shown.id)))
        except NotFound:
            self.reset()
        else:
            if not self.shown.cancel:
                self.cancelling = False


def _as_seen(work: Work, seen: VisitSheet, service: Callable[[Work, UUID], None]) -> None:
    """Only with the visit as it is on the screen: somebody else may have changed it meanwhile."""
    appointments.require_unchanged(work, UUID(seen.id), seen.version)
    service(work, UUID(seen.id))


def _cancel(work: Work, seen: VisitSheet, reason: str, note: str, *, charge: bool) -> None:
    appointments.require_unchanged(work, UUID(seen.id), seen.version)
    appointments.cancel(work, UUID(seen.id), reason, note, charge=charge)
