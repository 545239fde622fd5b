"""The session of a member of staff as the screen knows it: who it is, what they may do, the lock, the step-up."""

import reflex as rx

from portal.domain.access import Privilege
from portal.queries.staff_frame import staff_frame
from portal.security.staff_sessions import LOCK_AFTER
from portal.state.bridge import actor, read, staff_event
from portal.state.showing import show


class StaffSessionState(rx.State):
    """Who this tab belongs to on the staff side. `may` are the words of the privileges: what is not there is not on the
    screen, and the server refuses it anyway. `asking_proof` opens the question for a fresh second factor."""

    signed_in: bool = False
    name: str = ""
    initials: str = ""
    role: str = ""
    may: list[str] = []
    waiting: int = 0  # in the paperwork queue
    lock_seconds: int = int(LOCK_AFTER.total_seconds())
    asking_proof: bool = False

    @staff_event(Privilege.OWN_ACCOUNT)
    async def load(self) -> None:
        """Bring the frame up to date; every staff page loads it, and again when something in the practice changed."""
        await self._refresh()

    @staff_event(Privilege.OWN_ACCOUNT, passive=True)
    async def refresh(self) -> None:
        """The same, by itself."""
        await self._refresh()

    async def _refresh(self) -> None:
        frame = await read(staff_frame)
        show(
            self,
            signed_in=True,
            name=frame.name,
            initials=frame.initials,
            role=frame.role,
            may=sorted(actor().privileges),
            waiting=frame.waiting,
        )


def may(privilege: Privilege) -> rx.Var[bool]:
    """Whether the person may do this, for a page that leaves out what they may not."""
    return StaffSessionState.may.contains(privilege.value)  # pyright: ignore[reportAttributeAccessIssue]


__all__ = ["Privilege", "StaffSessionState", "may"]
