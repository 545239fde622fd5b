"""An invitation: the link, a date of birth, and in."""

import reflex as rx

from portal import routes
from portal.security.access import Fields
from portal.services import invites
from portal.state.bridge import actor, public_event, read, write
from portal.state.public.entering import Entering


class InviteState(Entering, rx.State):
    """The link that staff sent: open, over, or not looked up yet."""

    link: str = ""

    _token: str = ""

    @public_event
    async def load(self):  # Reflex events
        """Look the link up."""
        if actor().is_patient:
            return rx.redirect(routes.DASHBOARD)
        self._token = self.router.url.path.rstrip("/").rpartition("/")[2][:200]
        self.link = "open" if await read(invites.is_open, self._token) else "over"
        return None

    @public_event
    async def confirm(self, form: Fields):
        """The date of birth of the person invited."""
        if self.ticket:
            return
        await self._begin()
        yield
        outcome = await write(invites.redeem, self._token, str(form.get("birth_date") or ""))
        if outcome.over:
            self.link = "over"
        self._show_outcome(outcome, "birth_date")
