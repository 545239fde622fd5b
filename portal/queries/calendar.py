"""A month of the signed-in patient's visits: a badge on each day that has one, and the visits of one chosen day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal import dates, routes
from portal.domain import months
from portal.domain.scheduling import LABELS, AppointmentStatus
from portal.errors import NotFound
from portal.models import Appointment, AppointmentType, Clinic, Patient, Practice
from portal.models.db import columns, one_of
from portal.queries.visits import TITLE
from portal.work import Work

#: Visits that did not take place leave no mark.
MARKED = tuple(set(AppointmentStatus) - {AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW})
MOST_VISITS = 200
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 1)  # months that can be turned to
ANY_ZONE = timedelta(days=1)  # a local day can begin or end this much before or after the same day in UTC


@dataclass(frozen=True, slots=True)
class Weekday:
    """The head of a column."""

    letter: str
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """One cell of the month, as `components.ui.month_calendar` draws it; number 0 belongs to another month."""

    number: int = 0
    date: str = ""
    words: str = ""
    visits: int = 0
    today: bool = False
    past: bool = False
    open: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class DayVisit:
    """A visit of the chosen day."""

    id: str
    time: str
    title: str
    status: str
    href: str


@dataclass(frozen=True, slots=True)
class Month:
    """The month as shown. `key` is its first day, `chosen` the day whose visits are listed, both ISO; `chosen` is empty
    where none is."""

    key: str
    title: str
    weekdays: list[Weekday]
    weeks: list[list[Day]]
    chosen: str
    chosen_words: str
    visits: list[DayVisit]


def month(work: Work, key: str = "", chosen: str = "", turn: int = 0) -> Month:
    """The month that begins on `key` (today's where it is empty), turned by `turn` months; one statement.

    `chosen` is a day of it. What is no date, or out of reach, counts as not given: it came from a browser.
    """
    now, given = work.now(), _first(key)
    first = given or now.date().replace(day=1)
    rows = _rows(work, _turned(first, turn))
    today = dates.local_day(now, ZoneInfo(rows[0].home_zone))
    if given is None and today.replace(day=1) != first:  # in the hours when it is another month there than in UTC
        first = today.replace(day=1)
        rows = _rows(work, _turned(first, turn))
    return _month(rows, _turned(first, turn), chosen, today, now)


def _rows(work: Work, first: date) -> list[Any]:
    begin, end = _utc(first) - ANY_ZONE, _utc(months.turned(first, 1)) + ANY_ZONE
    rows = list(work.rows(_MONTH, patient=work.patient_id, begin=begin, end=end))
    if not rows:
        raise NotFound
    return rows


def _month(rows: list[Any], first: date, chosen: str, today: date, now: datetime) -> Month:
    locale = rows[0].locale
    by_day: dict[date, list[Any]] = {}
    for row in rows:
        if row.id is not None:
            by_day.setdefault(dates.local_day(row.starts_at, ZoneInfo(row.zone)), []).append(row)
    day = next((day for day in by_day if day.isoformat() == chosen and day.month == first.month), None)

    def cell(at: date | None) -> Day:
        return Day() if at is None else _day(at, by_day.get(at, []), today, now, locale, chosen=at == day)

    return Month(
        key=first.isoformat(),
        title=dates.month_and_year(first, locale),
        weekdays=[Weekday(letter, name) for letter, name in dates.weekdays(locale)],
        weeks=[[cell(at) for at in week] for week in dates.weeks(first, locale)],
        chosen=day.isoformat() if day else "",
        chosen_words=dates.weekday_and_date(day, locale) if day else "",
        visits=[_visit(row, locale) for row in by_day[day]] if day else [],
    )


def _day(at: date, visits: list[Any], today: date, now: datetime, locale: str, *, chosen: bool) -> Day:
    words = dates.weekday_and_date(at, locale)
    if at == today:
        words += ", today"
    past = bool(visits) and all(row.ends_at <= now for row in visits)
    if visits:
        names = [f"{row.title} at {dates.clock_time(row.starts_at, ZoneInfo(row.zone), locale)}" for row in visits]
        words += f", {'past visit: ' if past else ''}{', '.join(names)}"
    return Day(at.day, at.isoformat(), words, len(visits), today=at == today, past=past, chosen=chosen)


def _visit(row: Any, locale: str) -> DayVisit:
    return DayVisit(
        id=str(row.id),
        time=dates.clock_time(row.starts_at, ZoneInfo(row.zone), locale),
        title=row.title,
        status=LABELS[row.status],
        href=routes.appointment(str(row.id)),
    )


def _first(key: str) -> date | None:
    """The first day of a month, from its key."""
    try:
        day = date.fromisoformat(key)
    except ValueError:
        return None
    return day if day.day == 1 and FIRST <= day <= LAST else None


def _turned(first: date, by: int) -> date:
    """The month that many after `first`, within reach."""
    return min(max(months.turned(first, by), FIRST), LAST)


def _utc(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


_HOME = Clinic.__table__.alias("home")  # pyright: ignore[reportAttributeAccessIssue]
_MONTH = (
    columns(
        col(Practice.locale),
        func.coalesce(_HOME.c.time_zone, Practice.time_zone).label("home_zone"),
        col(Appointment.id),
        col(Appointment.starts_at),
        col(Appointment.ends_at),
        col(Appointment.status),
        TITLE,
        func.coalesce(Clinic.time_zone, _HOME.c.time_zone, Practice.time_zone).label("zone"),
    )
    .select_from(Patient)
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(_HOME, _HOME.c.id == Patient.primary_clinic_id)
    .outerjoin(
        Appointment,
        (col(Appointment.patient_id) == Patient.id)
        & one_of(col(Appointment.status), MARKED)
        & (col(Appointment.starts_at) >= bindparam("begin"))
        & (col(Appointment.starts_at) < bindparam("end")),
    )
    .outerjoin(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
    .outerjoin(Clinic, col(Clinic.id) == Appointment.clinic_id)
    .where(Patient.id == bindparam("patient"))
    .order_by(col(Appointment.starts_at))
    .limit(MOST_VISITS)
)
