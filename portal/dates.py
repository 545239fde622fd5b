"""Dates and times as people read them, in the zone and the manner of the practice."""

import re
from calendar import Calendar
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_gmt, get_timezone_name

DEFAULT_LOCALE = "en_US"

# The words of a day are looked up in the locale's data; a page says those of the same few days over and over.
_remembered = lru_cache(maxsize=4096)
_YEAR = re.compile(r"[\s,]*(?:'de'\s*)?y+")


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def _plain(text: str) -> str:
    """With ordinary spaces: fonts and searches do not all know the narrow one that the locale data puts before AM."""
    return text.replace("\u202f", " ")


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of an instant where the clinic is."""
    return at.astimezone(zone).date()


@_remembered
def full_date(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """November 24, 2026."""
    return format_date(day, "long", locale=_locale(locale))


@_remembered
def full_day(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Tuesday, November 24, 2026."""
    return format_date(day, "full", locale=_locale(locale))


@_remembered
def weekday_and_date(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Tuesday, November 24: the full date of the locale without its year."""
    pattern = _locale(locale).date_formats["full"].pattern
    return format_date(day, _YEAR.sub("", pattern), locale=_locale(locale))


@_remembered
def short_day(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Tue, Nov 24."""
    return format_skeleton("MMMEd", day, locale=_locale(locale))


@_remembered
def short_date(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Nov 24."""
    return format_skeleton("MMMd", day, locale=_locale(locale))


@_remembered
def medium_date(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Nov 24, 2026."""
    return format_date(day, "medium", locale=_locale(locale))


@_remembered
def numeric_date(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """11/24/2026, every number of two digits at least: dates under one another line up."""
    pattern = _locale(locale).date_formats["short"].pattern
    return format_date(day, re.sub("y+", "y", re.sub("d+", "dd", re.sub("M+", "MM", pattern))), locale=_locale(locale))


@_remembered
def day_first(locale: str = DEFAULT_LOCALE) -> bool:
    """Whether 03/04 is the third of April there."""
    pattern = _locale(locale).date_formats["short"].pattern
    return pattern.index("d") < pattern.index("M")


@_remembered
def month_and_day(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """October 22."""
    return format_skeleton("MMMMd", day, locale=_locale(locale))


@_remembered
def weekday(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Tuesday."""
    return format_date(day, "EEEE", locale=_locale(locale))


@_remembered
def weekday_short(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Tue."""
    return format_date(day, "EEE", locale=_locale(locale))


@_remembered
def hour(clock: time, locale: str = DEFAULT_LOCALE) -> str:
    """9 AM: the side of a schedule; with its minutes where there are some."""
    skeleton = "j" if not clock.minute else "jm"
    return _plain(format_skeleton(_HOUR_SKELETONS[skeleton][_is_12_hours(locale)], clock, locale=_locale(locale)))


_HOUR_SKELETONS = {"j": ("H", "h"), "jm": ("Hm", "hm")}  # by whether a day has twice twelve hours there


def _is_12_hours(locale: str) -> bool:
    return "h" in _locale(locale).time_formats["short"].pattern


def week_of(day: date, locale: str = DEFAULT_LOCALE) -> date:
    """The first day of the week that a day lies in."""
    return day - timedelta(days=(day.weekday() - _locale(locale).first_week_day) % 7)


@_remembered
def month(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """November."""
    return format_date(day, "LLLL", locale=_locale(locale))


@_remembered
def day_and_month(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """Tue, Nov: what stands under the number of a day."""
    return f"{format_date(day, 'EEE', locale=_locale(locale))}, {format_date(day, 'LLL', locale=_locale(locale))}"


def clock_time(at: datetime, zone: ZoneInfo, locale: str = DEFAULT_LOCALE) -> str:
    """10:30 AM."""
    return _clock_time(at.astimezone(zone).time().replace(second=0, microsecond=0), locale)


@_remembered
def _clock_time(there: time, locale: str) -> str:
    return _plain(format_time(there, "short", locale=_locale(locale)))


def exact_time(at: datetime, zone: ZoneInfo, locale: str = DEFAULT_LOCALE) -> str:
    """10:21:07 AM."""
    return _plain(format_time(at, "medium", tzinfo=zone, locale=_locale(locale)))


def zone_name(at: datetime, zone: ZoneInfo, locale: str = DEFAULT_LOCALE) -> str:
    """Pacific Standard Time (GMT-08:00), as it was at that instant."""
    local = at.astimezone(zone)
    name = get_timezone_name(local, width="long", locale=_locale(locale))
    offset = get_timezone_gmt(local, width="long", locale=_locale(locale))
    return name if name == offset else f"{name} ({offset})"


def exact(at: datetime, zone: ZoneInfo, locale: str = DEFAULT_LOCALE) -> str:
    """November 24, 2026 at 10:21:07 AM, Pacific Standard Time (GMT-08:00): nothing left to ask."""
    day = full_date(local_day(at, zone), locale)
    return f"{day} at {exact_time(at, zone, locale)}, {zone_name(at, zone, locale)}"


def trail(at: datetime, zone: ZoneInfo, locale: str = DEFAULT_LOCALE) -> str:
    """Nov 24, 2026, 10:21:07 AM."""
    day = format_date(local_day(at, zone), "medium", locale=_locale(locale))
    return f"{day}, {exact_time(at, zone, locale)}"


def when(at: datetime, now: datetime, zone: ZoneInfo, locale: str = DEFAULT_LOCALE) -> str:
    """How long ago, as a feed says it: "Today, 8:00 AM", "Yesterday", "Nov 12", with the year once it is another."""
    day, today = local_day(at, zone), local_day(now, zone)
    if day == today:
        return f"Today, {clock_time(at, zone, locale)}"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return short_date(day, locale) if day.year == today.year else format_date(day, "medium", locale=_locale(locale))


def moment(at: datetime, now: datetime, zone: ZoneInfo, locale: str = DEFAULT_LOCALE) -> str:
    """When something was done: "Today, 11:02 AM", "Nov 19, 8:20 PM", "Nov 19, 2025"."""
    day, today = local_day(at, zone), local_day(now, zone)
    if day.year != today.year:
        return format_date(day, "medium", locale=_locale(locale))
    return f"{'Today' if day == today else short_date(day, locale)}, {clock_time(at, zone, locale)}"


def ahead(at: datetime, now: datetime, zone: ZoneInfo, locale: str = DEFAULT_LOCALE) -> str:
    """When something is to come: "Today, 11:15 AM", "Mon, Nov 23", "Nov 23, 2027"."""
    day, today = local_day(at, zone), local_day(now, zone)
    if day == today:
        return f"Today, {clock_time(at, zone, locale)}"
    return short_day(day, locale) if day.year == today.year else format_date(day, "medium", locale=_locale(locale))


def days_away(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """How far ahead a visit is: "today", "tomorrow", "in 3 days"."""
    days = (local_day(at, zone) - local_day(now, zone)).days
    if days <= 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {days} days"


@_remembered
def month_and_year(day: date, locale: str = DEFAULT_LOCALE) -> str:
    """November 2026."""
    return format_skeleton("yMMMM", day, locale=_locale(locale))


@_remembered
def weekdays(locale: str = DEFAULT_LOCALE) -> tuple[tuple[str, str], ...]:
    """The days of a week as a calendar heads its columns: one letter and the name, from the day that weeks begin on."""
    names = _locale(locale).days["stand-alone"]
    first = _locale(locale).first_week_day
    return tuple((names["narrow"][day % 7], names["wide"][day % 7]) for day in range(first, first + 7))


def weeks(first: date, locale: str = DEFAULT_LOCALE) -> list[list[date | None]]:
    """The days of the month that begins on `first`, a week a line; None where a day belongs to another month."""
    begins = _locale(locale).first_week_day
    return [
        [day if day.month == first.month else None for day in week]
        for week in Calendar(begins).monthdatescalendar(first.year, first.month)
    ]
