"""The session of a member of staff as the screen knows it: who it is, what they may do, the lock, the step-up."""

import reflex as rx

from portal import routes
from portal.domain.access import Privilege
from portal.queries.staff_frame import staff_frame
from portal.security import presence
from portal.security.staff_sessions import LOCK_AFTER, lock_session
from portal.services import passkeys
from portal.state.bridge import actor, idle_left, read, staff_event, write
from portal.state.showing import show

WARN_SECONDS = 120  # the dialog opens this long before the screen locks
SLACK = 25  # seconds; a sign of life is written at most every 20


class StaffSessionState(rx.State):
    """Who this tab belongs to on the staff side. `may` are the words of the privileges: what is not there is not on the
    screen, and the server refuses it anyway. `asking_proof` opens the question for a fresh second factor."""

    signed_in: bool = False
    name: str = ""
    initials: str = ""
    role: str = ""
    may: list[str] = []
    waiting: int = 0  # in the paperwork queue
    news: str = ""  # how many of the practice's notices are new, as the bell says it; empty for none
    lock_seconds: int = int(LOCK_AFTER.total_seconds())
    lock_warning: bool = False
    lock_epoch: int = 0  # grows when the browser's timer must start over
    asking_proof: bool = False
    passkeys: bool = False  # whether there can be any at this portal's address

    @staff_event(Privilege.OWN_ACCOUNT)
    async def load(self) -> None:
        """Bring the frame up to date; every staff page loads it, and again when something in the practice changed."""
        await self._refresh()

    @staff_event(Privilege.OWN_ACCOUNT, passive=True)
    async def refresh(self) -> None:
        """The same, by itself."""
        await self._refresh()

    @staff_event(Privilege.OWN_ACCOUNT)
    async def touch(self) -> None:
        """The person is there."""
        self.lock_warning = False
        self.lock_epoch += 1

    @staff_event(Privilege.OWN_ACCOUNT, passive=True)
    async def warn(self) -> None:
        """The browser saw no activity for long: ask, unless another tab was busy meanwhile."""
        if idle_left() <= WARN_SECONDS + SLACK:
            self.lock_warning = True
        else:
            self.lock_epoch += 1

    @staff_event(Privilege.OWN_ACCOUNT, passive=True)
    async def expire(self):  # Reflex events
        """Time is up: lock, unless another tab was busy meanwhile."""
        if idle_left() > WARN_SECONDS:
            self.lock_warning = False
            self.lock_epoch += 1
            return None
        return await self._lock()

    @staff_event(Privilege.OWN_ACCOUNT)
    async def lock(self):
        """**Lock screen**, in every tab of this browser."""
        return await self._lock()

    async def _lock(self):
        session_id = actor().session_id
        if session_id is not None:
            presence.forget(self.router.session.session_id)  # this tab goes by itself
            await write(lock_session, session_id)
        return rx.redirect(routes.staff_lock(self.router.url.path))

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
            news="99+" if frame.news > 99 else str(frame.news or ""),
            passkeys=passkeys.available(),
        )


def may(privilege: Privilege) -> rx.Var[bool]:
    """Whether the person may do this, for a page that leaves out what they may not."""
    return StaffSessionState.may.contains(privilege.value)  # pyright: ignore[reportAttributeAccessIssue]


__all__ = ["Privilege", "StaffSessionState", "may"]
