"""What the schedule is made of, ready to draw; and what of it was asked for."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from portal import routes
from portal.queries.symbols import Symbols

View = Literal["day", "week"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at. Without a provider or a clinic it is all of them; `gone` shows cancelled visits too."""

    view: View = "day"
    day: date | None = None
    provider_id: UUID | None = None
    clinic_id: UUID | None = None
    gone: bool = False

    def href(self, **other: Any) -> str:
        """The address of this view, with something else."""
        given: dict[str, Any] = {"view": self.view, "day": self.day, "gone": self.gone}
        given |= {"provider": self.provider_id, "clinic": self.clinic_id}
        return routes.staff_schedule(**given | other)


@dataclass(frozen=True, slots=True)
class ScheduledVisit:
    """One visit, `at` minutes down its column and `minutes` long, with `buffer` minutes held after it.

    `held` says until when a cancellation can be undone: its time is held until then.
    """

    id: str
    client: str
    title: str
    time: str
    until: str
    with_whom: str
    status: str
    symbols: Symbols
    forms: int
    held: str
    gone: bool
    short: bool
    at: int
    minutes: int
    buffer: int
    lane: int
    lanes: int
    label: str


@dataclass(frozen=True, slots=True)
class Shade:
    """Time in which nobody is booked: closed, or time off with its `words`."""

    at: int
    minutes: int
    words: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Free time that a visit can be booked into; `clock` is its beginning, as a form takes it."""

    at: int
    minutes: int
    words: str
    label: str
    day: str
    clock: str
    provider_id: str
    clinic_id: str


@dataclass(frozen=True, slots=True)
class Column:
    """One provider at one clinic, or one day. `origin` is the moment at its top, in seconds since 1970; 0 unless it is
    today."""

    key: str
    title: str
    sub: str
    href: str
    today: bool
    origin: int
    visits: list[ScheduledVisit]
    shades: list[Shade]
    gaps: list[Gap]


@dataclass(frozen=True, slots=True)
class Schedule:
    """A day or a week, ready to draw: from minute `first`, `minutes` long; `hours` are (minutes down, words).

    `timed` says whether visits stand by the clock: those of many providers on one day of a week are a list.
    """

    view: str
    day: str
    title: str
    timed: bool
    first: int
    minutes: int
    hours: list[tuple[int, str]]
    columns: list[Column]
    providers: list[tuple[str, str]]
    clinics: list[tuple[str, str]]
    provider_id: str
    clinic_id: str
    gone: bool
    empty: str
    count: str
    today: bool
    today_href: str
    before_href: str
    after_href: str
    day_href: str
    week_href: str
