"""The session as the screen knows it: who is signed in, and how long until idle sign-out."""

import reflex as rx

from portal import routes
from portal.queries.identity import Identity, identity
from portal.security import presence
from portal.security.sessions import end_session
from portal.state.bridge import actor, idle_left, patient_event, public_event, read, write
from portal.state.feedback import FeedbackState
from portal.state.practice import PracticeState
from portal.state.showing import show

# What each page keeps in states of its own, by route; filled where the pages are put together.
PAGE_STATES: dict[str, tuple[type[rx.State], ...]] = {}

WARN_SECONDS = 120  # the dialog opens this long before sign-out
VISITOR = Identity(display_name="", initials="", acting_for="", appearance="system", idle_minutes=15)


class SessionState(rx.State):
    """Who this tab belongs to. Every page loads it; the guard binds the whole state tree to `_owner`."""

    signed_in: bool = False
    display_name: str = ""
    initials: str = ""
    acting_for: str = ""  # a guardian's child, by first name
    appearance: str = "system"
    idle_seconds: int = 900
    idle_warning: bool = False
    idle_epoch: int = 0  # grows when the browser's timer must start over

    _owner: str = ""
    _cookies: str = ""  # their hashes, as the guard last saw them
    _page: str = ""  # the route that was loaded last

    @public_event
    async def load(self) -> None:
        """Bring the frame up to date: the practice, and who is signed in; clears everything for a visitor."""
        await self._turn_page()
        await (await self.get_state(PracticeState))._refresh()
        (await self.get_state(FeedbackState))._arrive()
        signed_in = actor().is_patient
        who = await read(identity) if signed_in else VISITOR
        show(
            self,
            signed_in=signed_in,
            display_name=who.display_name,
            initials=who.initials,
            acting_for=who.acting_for,
            appearance=who.appearance,
            idle_seconds=who.idle_minutes * 60,
        )

    async def _turn_page(self) -> None:
        """Nothing of the page before stays, on the server or on the way to the screen; one page may go on with it."""
        here, before = self.router.route_id.strip("/"), self._page
        self._page = here
        if here != before:
            for state in PAGE_STATES.get(before, ()):
                if state not in PAGE_STATES.get(here, ()):
                    await (await self.get_state(state))._leave()  # pyright: ignore[reportAttributeAccessIssue]

    @patient_event
    async def touch(self) -> None:
        """The person is there: clicked or typed, or chose "Stay logged in"."""
        self.idle_warning = False
        self.idle_epoch += 1

    @patient_event(passive=True)
    async def warn(self) -> None:
        """The browser saw no activity for long: ask, unless another tab was busy meanwhile."""
        if idle_left() <= WARN_SECONDS + 25:  # a sign of life is written at most every 20 s
            self.idle_warning = True
        else:
            self.idle_epoch += 1

    @public_event(passive=True)
    async def recheck(self):  # Reflex events
        """A session of this person ended somewhere. Was it this one, the guard has emptied the tab: off to log-in."""
        here = self.router.url.path
        if actor().is_patient or actor().kind == "staff":
            return None
        if actor().kind == "locked":
            return rx.redirect(routes.staff_lock(here))
        return rx.redirect(routes.staff_login(here, "over") if routes.is_staff(here) else routes.login(here, "over"))

    def _goes_out(self) -> None:
        """This tab ends its session and says so itself: nobody need tell it."""
        presence.forget(self.router.session.session_id)

    @patient_event(passive=True)
    async def expire(self):  # Reflex events
        """Time is up: end the session here and now, unless another tab was busy meanwhile."""
        if idle_left() > WARN_SECONDS:
            self.idle_warning = False
            self.idle_epoch += 1
            return None
        session_id = actor().session_id
        if session_id is not None:
            self._goes_out()
            await write(end_session, session_id, "idle")
        return rx.redirect(f"{routes.LOGIN}?ended=idle")
