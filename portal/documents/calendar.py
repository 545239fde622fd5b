"""Visits as calendar entries (RFC 5545), with the rules of the clinic's time zone in them.

An entry says that there is a visit, when and where, and nothing of the treatment: calendars are shared and lie open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vDDDLists, vDDDTypes, vText

Method = Literal["PUBLISH", "CANCEL"]
MAKER = "-//Patient Portal//Visits//EN"
REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One visit in a calendar. `sequence` grows with each change; `stamp` is when this state of it came about."""

    uid: UUID
    sequence: int
    cancelled: bool
    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo
    stamp: datetime
    practice: str
    email: str
    place: str
    phone: str
    link: str


def one(entry: Entry, method: Method = "PUBLISH") -> str:
    """A file with one visit; CANCEL takes it out of the calendar that has it."""
    calendar = _calendar()
    calendar.add("method", method)
    return _with([entry], calendar, entry.zone)


def feed(name: str, entries: Sequence[Entry], zone: ZoneInfo, now: datetime) -> str:
    """A calendar to subscribe to; `zone` and `now` serve one that is empty. The same visits, in the same year, make
    the same text, byte for byte."""
    calendar = _calendar()
    for label in ("name", "x-wr-calname"):
        calendar.add(label, name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return _with(entries, calendar, zone, now.year)


def _with(entries: Sequence[Entry], calendar: Calendar, zone: ZoneInfo, *years: int) -> str:
    """The calendar with its entries, and with the rules of their zones for the years around them."""
    spanned = [*years, *(at.year for entry in entries for at in (entry.starts_at, entry.ends_at))]
    first, last = date(min(spanned) - 1, 1, 1), date(max(spanned) + 2, 1, 1)
    for each in sorted({zone, *(entry.zone for entry in entries)}, key=lambda zone: zone.key):
        calendar.add_component(_rules(each, first, last))
    for entry in entries:
        calendar.add_component(_event(entry))
    return calendar.to_ical().decode()


def _rules(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """When the clocks change there, between two days."""
    rules = Timezone.from_tzid(zone.key, first_date=first, last_date=last)
    parts: list[Any] = rules.subcomponents
    for observance in parts:
        # The library names the hour that the clocks jump to; an onset is told on the clock before it (RFC 5545, 3.6.5).
        jump = max(timedelta(0), observance["tzoffsetto"].td - observance["tzoffsetfrom"].td)
        later = [onset.dt for onset in observance["rdate"].dts] if "rdate" in observance else []
        onsets = [onset - jump for onset in (observance["dtstart"].dt, *later)]
        observance["dtstart"] = vDDDTypes(onsets[0])
        # All onsets again: programs that look at the recurrences alone would not know of the first.
        observance["rdate"] = vDDDLists(onsets)
    return rules


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", str(entry.uid))
    event.add("dtstamp", entry.stamp)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("summary", f"Visit at {entry.practice}")
    event.add("dtstart", _local(entry.starts_at, entry.zone))
    event.add("dtend", _local(entry.ends_at, entry.zone))
    event.add("location", entry.place)
    event.add("description", f"Details and changes: {entry.link}\nQuestions? Call {entry.phone}.")
    event.add("url", entry.link)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    organizer = vCalAddress(f"mailto:{entry.email}")
    organizer.params["CN"] = vText(entry.practice)
    event.add("organizer", organizer)
    return event


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    """On the clinic's clock; in UTC in an hour that comes twice, of which local time can only name the first."""
    local = at.astimezone(zone)
    return at.astimezone(UTC) if local.fold else local
