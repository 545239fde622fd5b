"""The private address from which a calendar program reads the visits."""

import reflex as rx

from portal import routes
from portal.services import calendar_feed
from portal.services.addressing import link
from portal.services.calendar_feed import FeedState
from portal.state.bridge import patient_event, read, say, write
from portal.state.showing import show


class CalendarFeedState(rx.State):
    """`address` is shown once, right after it was made: the portal keeps only its hash."""

    active: bool = False
    since: str = ""
    address: str = ""
    webcal: str = ""

    @patient_event
    async def create(self) -> None:
        """A new address; an older one stops working."""
        token = await write(calendar_feed.create)
        self.address = link(routes.calendar_feed(token))
        self.webcal = f"webcal://{self.address.partition('://')[2]}"
        self._show(await read(calendar_feed.state))

    @patient_event
    async def revoke(self) -> None:
        """**Turn off**: the address stops working at once."""
        await write(calendar_feed.revoke)
        self._forget()
        await say(self, "The private address no longer works.")

    def _show(self, feed: FeedState) -> None:
        show(self, active=feed.active, since=feed.since)
        if not feed.active:
            show(self, address="", webcal="")

    def _forget(self) -> None:
        self.reset()
