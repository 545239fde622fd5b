"""The practice's own feed."""

from datetime import datetime

import reflex as rx

from portal.queries import notice_feed
from portal.queries.notice_feed import NoticeRow
from portal.services import notices
from portal.state.bridge import read, staff_event, write
from portal.state.showing import show
from portal.state.staff.session import Privilege, StaffSessionState

KINDS = notice_feed.kinds()
MOST = 300  # lines that one tab of a browser holds


class NoticesState(rx.State):
    """The feed, of one kind or of all. What came since the person last looked stays marked while the page is open."""

    loading: bool = True
    kind: str = ""
    rows: list[NoticeRow] = []
    more: bool = False
    _next: str = ""
    _since: datetime | None = None

    @staff_event(Privilege.NOTICES_VIEW)
    async def load(self) -> None:
        """Look at the feed: from now on the bell counts anew."""
        before = await write(notices.look)
        if self.loading:
            self._since = before
        await self._fill()
        self.loading = False
        await (await self.get_state(StaffSessionState))._refresh()

    @staff_event(Privilege.NOTICES_VIEW, passive=True)
    async def refresh(self) -> None:
        """Something new, by itself: it counts as new until somebody looks again."""
        await self._fill()

    @staff_event(Privilege.NOTICES_VIEW)
    async def only(self, kind: str) -> None:
        """Of one kind, or of all."""
        self.kind, self.rows = kind if kind in dict(KINDS) else "", []
        await self._fill()

    @staff_event(Privilege.NOTICES_VIEW)
    async def show_more(self) -> None:
        """The next page, below."""
        if self._next and len(self.rows) < MOST:
            found = await read(notice_feed.page, self.kind, self._next, self._since)
            self.rows = [*self.rows, *found.rows]
            self._end(found.next)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()

    async def _fill(self) -> None:
        """As many lines as are on the screen."""
        found = await read(notice_feed.page, self.kind, "", self._since, max(len(self.rows), notice_feed.PAGE))
        show(self, rows=found.rows)
        self._end(found.next)

    def _end(self, following: str) -> None:
        self._next = following
        show(self, more=bool(following) and len(self.rows) < MOST)
