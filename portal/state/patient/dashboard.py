"""The Dashboard, and the badges with the next step that every patient page carries in its frame."""

import reflex as rx

from portal.queries import dashboard
from portal.queries.dashboard import Badges, BannerLine, FormLine, InvoiceLine, Notice
from portal.queries.next_step import Step
from portal.queries.visit_row import Reminder, VisitRow
from portal.state.bridge import patient_event, read
from portal.state.patient.calendar import CalendarState
from portal.state.patient.visit_acts import SHOWING, VisitActsState
from portal.state.showing import show


class DashboardState(rx.State):
    """What the Dashboard shows; the badges and the next step are those of every patient page."""

    loading: bool = True
    greeting: str = ""
    today: str = ""
    visit: VisitRow | None = None
    steps: list[Step] = []
    visits: list[VisitRow] = []
    forms: list[FormLine] = []
    invoices: list[InvoiceLine] = []
    total: str = ""
    reminders: list[Reminder] = []
    banner: BannerLine | None = None
    notices: list[Notice] = []

    open_forms: int = 0
    unread: int = 0
    unpaid: int = 0
    next_words: str = ""
    next_href: str = ""

    _closed: str = ""  # the banner that this tab has closed

    @patient_event
    async def load(self) -> None:
        """Fill the page, or bring it up to date: only what is new travels, the calendar stays where it is."""
        await self._fill()

    @patient_event(passive=True)
    async def count(self) -> None:
        """Bring the badges up to date, on a page that shows nothing else of this."""
        self._count(await read(dashboard.badges))

    @patient_event
    async def close_banner(self) -> None:
        """The promotion has been seen; it stays away from this tab."""
        if self.banner is not None:
            self._closed, self.banner = self.banner.id, None

    async def _fill(self) -> None:
        calendar = await self.get_state(CalendarState)
        found = await read(dashboard.overview, calendar._key, calendar.chosen)
        show(
            self,
            greeting=found.greeting,
            today=found.today,
            visit=found.visit,
            steps=found.steps,
            visits=found.visits,
            forms=found.forms,
            invoices=found.invoices,
            total=found.total,
            reminders=found.reminders,
            banner=None if found.banner and found.banner.id == self._closed else found.banner,
            notices=found.notices,
        )
        calendar._show(found.month)
        self._count(found.badges)
        show(self, loading=False)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays, but for the frame's own."""
        show(self, loading=True, greeting="", visit=None, total="", banner=None)
        for name in ("steps", "visits", "forms", "invoices", "reminders", "notices"):
            show(self, **{name: []})
        await (await self.get_state(CalendarState))._leave()
        (await self.get_state(VisitActsState))._forget()

    def _count(self, badges: Badges) -> None:
        show(
            self,
            open_forms=badges.open_forms,
            unread=badges.unread,
            unpaid=badges.unpaid,
            next_words=badges.next.words,
            next_href=badges.next.href,
        )


SHOWING.append(DashboardState)
