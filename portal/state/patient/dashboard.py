"""The Dashboard and the badges of the frame."""

import reflex as rx

from portal.queries import dashboard
from portal.queries.dashboard import Badges, FormLine, Notice, VisitCard
from portal.state.bridge import patient_event, read


class DashboardState(rx.State):
    """What the Dashboard shows. `open_forms` and `unread` are the badges of every patient page."""

    loading: bool = True
    greeting: str = ""
    today: str = ""
    visit: VisitCard | None = None
    forms: list[FormLine] = []
    notices: list[Notice] = []
    open_forms: int = 0
    unread: int = 0

    @patient_event
    async def load(self) -> None:
        """Fill the page."""
        found = await read(dashboard.overview)
        self.greeting, self.today, self.visit = found.greeting, found.today, found.visit
        self.forms, self.notices = found.forms, found.notices
        self._count(found.badges)
        self.loading = False

    @patient_event(passive=True)
    async def count(self) -> None:
        """Bring the badges up to date, on a page that shows nothing else of this."""
        self._count(await read(dashboard.badges))

    async def _leave(self) -> None:
        """The page is left: nothing of it stays, but for the badges."""
        self.loading, self.greeting, self.visit, self.forms, self.notices = True, "", None, [], []

    def _count(self, badges: Badges) -> None:
        self.open_forms, self.unread = badges.open_forms, badges.unread
