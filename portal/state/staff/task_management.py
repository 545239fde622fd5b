"""The paperwork queue of the practice, and clients' own changes to review."""

from typing import Any
from uuid import UUID

import reflex as rx

from portal.queries import client_changes, paperwork_queue
from portal.queries.client_changes import ChangeRow
from portal.queries.paperwork_queue import QueueCounts, QueuePage, QueueRow, Sort, View
from portal.security.intake import viewed
from portal.services import client_changes as reviewing
from portal.state.bridge import Id, actor, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.form_drawer import FormDrawerState
from portal.state.staff.session import Privilege
from portal.work import Work

CHANGES = "changes"  # the tab that is no list of forms
MOST = 300  # rows that one tab of a browser holds


class QueueState(rx.State):
    """One tab of the queue with its filters. `clinic` is an id, empty for all; `more` says that there are more rows."""

    loading: bool = True
    tab: str = View.WITNESS.value
    clinic: str = ""
    sort: str = Sort.DUE.value
    typed: str = ""
    rows: list[QueueRow] = []
    counts: QueueCounts = QueueCounts()
    changes: list[ChangeRow] = []
    to_review: int = 0
    clinics: list[tuple[str, str]] = []
    more: bool = False
    _next: str = ""

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def load(self) -> None:
        """Open the queue, or bring it up to date."""
        fresh = self.loading
        self.clinics = await read(paperwork_queue.clinics)
        await self._fill()
        self.loading = False
        if fresh:
            viewed(actor(), "forms.viewed")

    @staff_event(Privilege.PAPERWORK_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when something in the practice changed."""
        await self._fill()

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def show_tab(self, tab: str) -> None:
        """Another tab of the queue; an open form is put away, unless it is being signed."""
        if tab in {*View, CHANGES}:
            self.tab, self.rows = tab, []
            drawer = await self.get_state(FormDrawerState)
            if not drawer.marked:
                drawer.reset()
            await self._fill()

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def at_clinic(self, clinic_id: str) -> None:
        """One clinic's, or all."""
        self.clinic, self.rows = clinic_id if clinic_id in {value for value, _ in self.clinics} else "", []
        await self._fill()

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def sort_by(self, sort: str) -> None:
        """What comes first."""
        self.sort, self.rows = sort if sort in set(Sort) else Sort.DUE.value, []
        await self._fill()

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def search(self, typed: str) -> None:
        """Clients and forms that are found by these words."""
        self.typed, self.rows = typed[: paperwork_queue.MOST_TYPED], []
        await self._fill()

    @staff_event(Privilege.PAPERWORK_VIEW)
    async def show_more(self) -> None:
        """The next page, below."""
        if self._next and len(self.rows) < MOST:
            found = await read(paperwork_queue.page, View(self.tab), **self._asked(), after=self._next)
            self.rows = [*self.rows, *found.rows]
            self._end(found.next)

    @staff_event(Privilege.CHANGES_REVIEW)
    async def review(self, change_id: Id) -> None:
        """Somebody has seen what the client changed."""
        await write(reviewing.review, UUID(change_id))
        await say(self, "Reviewed. The change stays in the record.")
        await self._fill()

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()

    async def _fill(self) -> None:
        """The tab as it is now, with as many rows as are on the screen."""
        asked = {**self._asked(), "most": max(len(self.rows), paperwork_queue.PAGE)}
        counts, changes, found = await read(_everything, None if self.tab == CHANGES else View(self.tab), asked)
        show(self, counts=counts, rows=found.rows, to_review=len(changes))
        show(self, changes=changes if self.tab == CHANGES else [])
        self._end(found.next)

    def _asked(self) -> dict[str, Any]:
        clinic_id = UUID(self.clinic) if self.clinic else None
        return {"typed": self.typed, "clinic_id": clinic_id, "sort": Sort(self.sort)}

    def _end(self, following: str) -> None:
        self._next = following
        show(self, more=bool(following) and len(self.rows) < MOST)


def _everything(work: Work, view: View | None, asked: dict[str, Any]) -> tuple[QueueCounts, list[ChangeRow], QueuePage]:
    """What the screen shows, in one go: each way to the database and back has its price."""
    changes = client_changes.to_review(work) if work.actor.may(Privilege.CHANGES_REVIEW) else []
    found = paperwork_queue.page(work, view, **asked) if view else QueuePage([], "")
    return paperwork_queue.counts(work, asked["clinic_id"]), changes, found


__all__ = ["CHANGES", "QueueState", "Sort", "View"]
