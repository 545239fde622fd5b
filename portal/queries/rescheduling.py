"""Another time for a visit: a month of days, the free ones open, and the free times of one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam

from portal import dates
from portal.domain import months
from portal.domain.scheduling import UNDO
from portal.errors import Conflict, NotFound
from portal.models import Appointment
from portal.queries import slots
from portal.queries.appointments import MISSING
from portal.queries.calendar import Day, Weekday
from portal.queries.reader import reader
from portal.queries.slots import Sought
from portal.queries.visit_row import VISIT, visit_row
from portal.queries.visits import zone_of
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Part:
    """The free times of a morning, an afternoon or an evening."""

    name: str
    times: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen from. `month` and `day` are ISO; `day` is empty where the month has no free day, and `other`
    is then the next month that has one, else the last (empty where none has)."""

    visit_id: str
    title: str
    about: str
    present: str
    month: str
    month_title: str
    weekdays: list[Weekday]
    weeks: list[list[Day]]
    earlier: str
    later: str
    day: str
    day_title: str
    day_short: str
    parts: list[Part]
    other: str
    other_title: str


@dataclass(frozen=True, slots=True)
class Reach:
    """The days between which a time is offered at all."""

    first: date
    last: date

    def month(self, given: str) -> date | None:
        """The first day of a month, where part of it is within reach."""
        try:
            month = date.fromisoformat(given).replace(day=1)
        except ValueError:
            return None
        return month if self.first.replace(day=1) <= month <= self.last else None

    def turned(self, month: date, by: int) -> str:
        """The month before or after, ISO; empty where it is out of reach."""
        turned = months.turned(month, by).isoformat()
        return turned if self.month(turned) else ""


def choices(work: Work, visit_id: UUID, month: str = "", day: str = "") -> Choices:
    """The days of a month and the times of a day, for the signed-in patient's own visit.

    Without a month it is the one with the first free day from the visit's own on. What is not to be had is not heeded:
    month and day come from a browser. Seven statements, four more where the month has no free day.

    Raises:
        NotFound: when the visit is not theirs.
        Conflict: when it cannot be moved, with the reason.
    """
    who, now = reader(work), work.now()
    visit = work.rows(_ONE, patient=work.patient_id, visit=visit_id, undo_from=now - UNDO).first()
    if visit is None:
        raise NotFound(MISSING)
    row = visit_row(visit, who.locale, now)
    sought = slots.sought_of(work, visit_id, work.patient_id)
    if not row.move or sought is None:
        raise Conflict(row.note or "This visit cannot be moved online.")
    zone, own = zone_of(visit), dates.local_day(visit.starts_at, zone_of(visit))
    reach = Reach(dates.local_day(now, zone), sought.last_day(now))
    shown = reach.month(month)
    free = _within(work, sought, shown or own.replace(day=1))
    if not any(shown or day_ >= own for day_ in free):  # look further
        free = slots.free_starts(work, sought, reach.first, reach.last)
        shown = shown or _begin(_from(free, own)) or reach.first.replace(day=1)
    shown = shown or own.replace(day=1)
    chosen = _chosen(day, [each for each in free if each.replace(day=1) == shown], own)
    other = None if chosen else _begin([each for each in free if each > shown] or list(free)[-1:])
    weeks = [
        [_day(each, reach.first, free, chosen, who.locale) for each in week] for week in dates.weeks(shown, who.locale)
    ]
    return Choices(
        visit_id=row.id,
        title=row.title,
        about=" with ".join(filter(None, (row.lasts, row.provider))),
        present=row.when,
        month=shown.isoformat(),
        month_title=dates.month_and_year(shown, who.locale),
        weekdays=[Weekday(*weekday) for weekday in dates.weekdays(who.locale)],
        weeks=weeks,
        earlier=reach.turned(shown, -1),
        later=reach.turned(shown, 1),
        day=chosen.isoformat() if chosen else "",
        day_title=dates.weekday_and_date(chosen, who.locale) if chosen else "",
        day_short=dates.short_day(chosen, who.locale) if chosen else "",
        parts=_parts(free[chosen], zone, who.locale) if chosen else [],
        other=other.isoformat() if other else "",
        other_title=dates.month_and_year(other, who.locale) if other else "",
    )


def _within(work: Work, sought: Sought, month: date) -> dict[date, list[datetime]]:
    """The free starts of one month."""
    return slots.free_starts(work, sought, month, months.end(month))


def _day(day: date | None, today: date, free: Iterable[date], chosen: date | None, locale: str) -> Day:
    if day is None:
        return Day()
    words, is_free = dates.weekday_and_date(day, locale), day in free
    return Day(
        number=day.day,
        date=day.isoformat(),
        words=words if is_free else f"{words}, not available",
        today=day == today,
        past=day < today,
        open=is_free,
        chosen=day == chosen,
    )


def _parts(starts: Iterable[datetime], zone: ZoneInfo, locale: str) -> list[Part]:
    by_part = groupby(starts, key=lambda at: slots.part(at, zone))
    return [
        Part(name, [(at.isoformat(), dates.clock_time(at, zone, locale)) for at in times]) for name, times in by_part
    ]


def _from(days: Iterable[date], own: date) -> list[date]:
    """From the visit's own day on; where there is none, all."""
    return [day for day in days if day >= own] or list(days)


def _begin(days: list[date]) -> date | None:
    """The month of the first of them."""
    return days[0].replace(day=1) if days else None


def _chosen(given: str, free: list[date], own: date) -> date | None:
    """The day asked for where it is free, else the first that is, from the visit's own on."""
    asked = next((day for day in free if day.isoformat() == given), None)
    return asked or next(iter(_from(free, own)), None)


_ONE = VISIT.where(Appointment.id == bindparam("visit"))
