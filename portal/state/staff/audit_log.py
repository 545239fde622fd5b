"""The audit log of the practice: searched, and its chain checked. Searching is on record itself."""

from datetime import date
from typing import Any
from uuid import UUID

import reflex as rx

from portal.domain.audit import KIND_NAMES, Kind
from portal.queries import audit_search
from portal.queries.audit_search import Asked, AuditRow, Choice
from portal.security import intake
from portal.security.access import Fields, Id, Text
from portal.state.bridge import actor, read, staff_event, write
from portal.state.showing import show
from portal.state.staff.session import Privilege
from portal.work import Work

AT_ONCE = 2_000  # rows of the chain that are checked in one go: well under a second
MOST_SAID = 5
YEARS = range(2000, 2200)  # further away there is no log, and calendars of computers end


class AuditLogState(rx.State):
    """The page. What is searched for stands in vars of its own, so that a page more asks the same; `next` is the key of
    what is older. `checked` rows of `chain_rows` were looked at; `verdict` is empty until a check is over."""

    loading: bool = True
    rows: list[AuditRow] = []
    next: str = ""
    people: list[tuple[str, str]] = []
    client_id: str = ""
    client: str = ""
    found: list[Choice] = []
    staff_id: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""
    errors: dict[str, str] = {}
    epoch: int = 0
    sealed: str = ""
    chain_rows: int = 0
    checking: bool = False
    checked: int = 0
    verdict: str = ""
    wrong: list[str] = []

    _mark: str = ""  # the hash that the check has come to

    @staff_event(Privilege.AUDIT_SEARCH)
    async def load(self) -> None:
        """Open the page; an address with `?client=` is about that client."""
        named = str(self.router.url.query_parameters.get("client", ""))
        people = await read(audit_search.staff_choices)
        show(self, people=[(one.id, one.name) for one in people])
        if named and named != self.client_id:
            await self._about(named)
        await self._search()

    @staff_event(Privilege.AUDIT_SEARCH)
    async def find(self, typed: Text) -> None:
        """Clients that are meant, as one types."""
        show(self, found=await read(audit_search.find_clients, typed))

    @staff_event(Privilege.AUDIT_SEARCH)
    async def choose(self, client_id: Id) -> None:
        """Search what concerns this client."""
        await self._about(client_id)
        await self._search()

    @staff_event(Privilege.AUDIT_SEARCH)
    async def any_client(self) -> None:
        """Search what concerns anybody."""
        self.client_id, self.client, self.found = "", "", []
        await self._search()

    @staff_event(Privilege.AUDIT_SEARCH)
    async def search(self, form: Fields) -> None:
        """**Search**."""
        self.staff_id, self.kind = str(form.get("staff") or ""), str(form.get("kind") or "")
        self.since, self.until = str(form.get("since") or ""), str(form.get("until") or "")
        await self._search()

    @staff_event(Privilege.AUDIT_SEARCH)
    async def clear(self) -> None:
        """Everything, the newest first."""
        self.client_id = self.client = self.staff_id = self.kind = self.since = self.until = ""
        self.found = []
        self.epoch += 1
        await self._search()

    @staff_event(Privilege.AUDIT_SEARCH)
    async def earlier(self) -> None:
        """**Show earlier**."""
        asked = self._asked()
        if self.next and asked is not None:
            found = await read(audit_search.page, asked, self.next)
            self.rows += found.rows
            self.next = found.next

    @staff_event(Privilege.AUDIT_SEARCH)
    async def check(self):  # Reflex events
        """**Check the chain**: from its beginning, a piece at a time."""
        self.checking, self.checked, self.verdict, self.wrong, self._mark = True, 0, "", [], ""
        return AuditLogState.check_on

    @staff_event(Privilege.AUDIT_SEARCH)
    async def check_on(self):  # Reflex events
        """The next piece of the chain."""
        if not self.checking:
            return None
        piece = await read(audit_search.check_chain, self.checked, self._mark, AT_ONCE)
        self.checked, self._mark = piece.mark.seq, piece.mark.hash
        self.wrong = [*self.wrong, *piece.wrong][:MOST_SAID]
        if not piece.last:
            return AuditLogState.check_on
        self.checking = False
        whole = not self.wrong
        self.verdict = f"Whole: {self.checked:,} rows checked." if whole else "The chain is broken."
        await write(_note_check, self.checked, whole)
        return None

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()

    async def _about(self, client_id: str) -> None:
        try:
            name = await read(audit_search.client_name, UUID(client_id))
        except ValueError:
            name = ""
        self.client_id, self.client, self.found = (client_id, name, []) if name else ("", "", [])

    async def _search(self) -> None:
        asked = self._asked()
        if asked is None:
            show(self, loading=False)
            return
        found = await read(audit_search.page, asked)
        sealed, rows = await read(audit_search.state_of_chain)
        show(self, rows=found.rows, next=found.next, sealed=sealed, chain_rows=rows, loading=False)
        about = {"staff": self.staff_id, "kind": self.kind, "since": self.since, "until": self.until}
        given: dict[str, Any] = {name: value for name, value in about.items() if value}
        intake.viewed(actor(), "audit.searched", patient_id=asked.client_id, **given)

    def _asked(self) -> Asked | None:
        """What is searched for, from words that came from a browser; None after saying what is wrong with them."""
        errors: dict[str, str] = {}
        since, until = _day(self.since, "since", errors), _day(self.until, "until", errors)
        if since and until and since > until:
            errors["until"] = "The last day is before the first one."
        self.errors = errors
        kinds = {kind.value: kind for kind in Kind}
        if errors:
            return None
        return Asked(_id(self.client_id), _id(self.staff_id), kinds.get(self.kind), since, until)


def _note_check(work: Work, rows: int, whole: bool) -> None:
    work.require(Privilege.AUDIT_SEARCH)
    work.audit("audit.checked", rows=rows, what="whole" if whole else "broken")


def _day(typed: str, name: str, errors: dict[str, str]) -> date | None:
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        day = date.min
    if day is not None and day.year not in YEARS:
        errors[name] = "Choose a day."
        return None
    return day


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return None


KINDS = [(kind.value, name) for kind, name in KIND_NAMES.items()]

__all__ = ["KINDS", "AuditLogState", "AuditRow", "Choice"]
