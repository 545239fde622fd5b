"""Appointments: what is coming and what was; one visit in full."""

import re
from uuid import UUID

import reflex as rx

from portal.errors import NotFound
from portal.queries import appointments as queries
from portal.queries.appointments import Counts, Past, PastYear, VisitPage
from portal.queries.badges import Badges, badges
from portal.queries.visit_row import VisitRow
from portal.security.intake import viewed
from portal.services import calendar_feed
from portal.services.calendar_feed import FeedState
from portal.state.bridge import actor, patient_event, read
from portal.state.patient.calendar_feed import CalendarFeedState
from portal.state.patient.dashboard import DashboardState
from portal.state.patient.visit_acts import SHOWING, VisitActsState
from portal.state.showing import show
from portal.work import Work

PAST = "past"
MOST_PAST = 2_000
_VISIT_ID = re.compile(r"/appointments/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|$)")


def asked_visit(state: rx.State) -> UUID | None:
    """The visit that the address names."""
    named = _VISIT_ID.search(str(state.router.url.path))
    return UUID(named[1]) if named else None


class AppointmentsState(rx.State):
    """The two tabs. Both load again by themselves when something changed; dialogs are states of their own."""

    loading: bool = True
    tab: str = "upcoming"
    coming: list[VisitRow] = []
    past: list[PastYear] = []
    coming_count: int = 0
    past_count: int = 0
    more: bool = False
    since: str = ""

    _most: int = queries.PAGE

    @patient_event
    async def load(self) -> None:
        """Fill the tab of the address."""
        asked = self.router.url.query_parameters.get("tab", "")
        show(self, tab=PAST if asked == PAST else "upcoming")
        await self._fill()

    @patient_event
    async def show_earlier(self) -> None:
        """**Show earlier**: more of the history."""
        self._most = min(self._most + queries.PAGE, MOST_PAST)
        await self._fill()

    async def _fill(self) -> None:
        coming, past, counts, frame, feed = await read(_tab, self.tab, self._most)
        show(self, coming=coming, past=past.years, more=past.more, since=past.since)
        show(self, coming_count=counts.coming, past_count=counts.past)
        (await self.get_state(DashboardState))._count(frame)
        (await self.get_state(CalendarFeedState))._show(feed)
        show(self, loading=False)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
        (await self.get_state(VisitActsState))._forget()
        (await self.get_state(CalendarFeedState))._forget()


class VisitState(rx.State):
    """One visit in full. `missing` where the address names none of this patient's."""

    loading: bool = True
    missing: bool = False
    shown: VisitPage | None = None

    @patient_event
    async def load(self) -> None:
        """Open the visit of the address."""
        await self._fill()
        if self.shown is not None:
            viewed(actor(), "appointment.viewed", "appointment", UUID(self.shown.visit.id), actor().patient_id)

    @patient_event(passive=True)
    async def refresh(self) -> None:
        """Something of it changed; looking is noted once."""
        await self._fill()

    async def _fill(self) -> None:
        found, frame = await read(_visit, asked_visit(self))
        show(self, shown=found, missing=found is None)
        (await self.get_state(DashboardState))._count(frame)
        show(self, loading=False)

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
        (await self.get_state(VisitActsState))._forget()


SHOWING.extend((AppointmentsState, VisitState))


def _tab(work: Work, tab: str, most: int) -> tuple[list[VisitRow], Past, Counts, Badges, FeedState]:
    """All in one go: each way to the database and back has its price."""
    upcoming = tab != PAST
    return (
        queries.coming(work) if upcoming else [],
        Past([], more=False, since="") if upcoming else queries.past(work, most),
        queries.counts(work),
        badges(work),
        calendar_feed.state(work) if upcoming else FeedState(active=False),
    )


def _visit(work: Work, visit_id: UUID | None) -> tuple[VisitPage | None, Badges]:
    try:
        found = queries.visit(work, visit_id) if visit_id else None
    except NotFound:
        found = None
    return found, badges(work)
