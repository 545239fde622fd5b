"""The Notifications page: what is new, what was, and marking it as read."""

import reflex as rx

from portal.queries import notifications as feeds
from portal.queries.dashboard import badges
from portal.queries.notifications import PAGE, NotificationRow
from portal.security.access import as_uuid
from portal.services import notifications
from portal.state.bridge import Id, patient_event, read, say, write
from portal.state.patient.dashboard import DashboardState
from portal.state.showing import show


class NotificationsState(rx.State):
    """The feed of the signed-in patient, by day."""

    loading: bool = True
    today: list[NotificationRow] = []
    yesterday: list[NotificationRow] = []
    earlier: list[NotificationRow] = []
    more: bool = False

    _most: int = PAGE

    @patient_event
    async def load(self) -> None:
        """Fill the page, or bring it up to date."""
        await self._fill()

    @patient_event
    async def show_earlier(self) -> None:
        """Show some more, further back."""
        self._most += PAGE
        await self._fill()

    @patient_event
    async def open(self, notification_id: Id) -> None:
        """What it is about is being opened: it has been read. The page that opens shows the rest."""
        await write(notifications.mark_read, as_uuid(notification_id))
        (await self.get_state(DashboardState))._count(await read(badges))

    @patient_event
    async def mark(self, notification_id: Id) -> None:
        """Mark one as read."""
        await write(notifications.mark_read, as_uuid(notification_id))
        await self._fill()

    @patient_event
    async def mark_all(self) -> None:
        """Mark all as read."""
        await write(notifications.mark_all_read)
        await self._fill()
        await say(self, "All notifications are marked as read.")

    async def _fill(self) -> None:
        found = await read(feeds.feed, self._most)
        show(self, today=found.today, yesterday=found.yesterday, earlier=found.earlier, more=found.more)
        (await self.get_state(DashboardState))._count(found.badges)
        show(self, loading=False)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
