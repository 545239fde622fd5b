"""The columns of the schedule drawn: every visit at its place, what is closed, off or free, and the hours beside it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import dates
from portal.domain import schedule_grid
from portal.domain.schedule_grid import Axis
from portal.domain.scheduling import LABELS, UNDO, AppointmentStatus
from portal.queries.schedule_book import Draft, is_gone
from portal.queries.schedule_rows import Column, Gap, ScheduledVisit, Shade
from portal.queries.symbols import NONE, Symbols
from portal.queries.visits import provider_of, zone_of

OPENS, CLOSES = 9 * 60, 17 * 60  # what is shown of a day on which nothing happens
SHORT = 40  # minutes: a visit has room for one line less


def laid_out(draft: Draft, symbols: dict[UUID, Symbols], locale: str) -> list[ScheduledVisit]:
    """The visits of a column at their places, from the top down."""
    places = [Axis(draft.axis.day, zone_of(row), draft.axis.real) for row in draft.rows]
    tops = [axis.at(row.starts_at) for axis, row in zip(places, draft.rows, strict=True)]
    lengths = [
        max(5, min(axis.minutes - top, (row.ends_at - row.starts_at) // timedelta(minutes=1)))
        for axis, top, row in zip(places, tops, draft.rows, strict=True)
    ]
    order = sorted(range(len(draft.rows)), key=lambda number: (tops[number], number))
    placed = schedule_grid.lanes([(tops[number], tops[number] + lengths[number]) for number in order])
    return [
        _visit(draft.rows[number], tops[number], lengths[number], lane, symbols, locale)
        for number, lane in zip(order, placed, strict=True)
    ]


def _visit(
    row: Any, at: int, minutes: int, lane: tuple[int, int], symbols: dict[UUID, Symbols], locale: str
) -> ScheduledVisit:
    zone, client = zone_of(row), f"{row.client_first} {row.client_last}"
    starts, ends = (dates.clock_time(each, zone, locale) for each in (row.starts_at, row.ends_at))
    held = row.cancelled_at if row.status is AppointmentStatus.CANCELLED and row.settled_at is None else None
    until = dates.clock_time(held + UNDO, zone, locale) if held else ""
    status, with_whom = LABELS[row.status], ", ".join(filter(None, (provider_of(row), row.clinic)))
    about = (f"{starts} to {ends}", client, row.title, with_whom, status, f"held until {until}" if held else "")
    return ScheduledVisit(
        id=str(row.id),
        client=client,
        title=row.title,
        time=starts,
        until=ends,
        with_whom=with_whom,
        status=status,
        symbols=symbols.get(row.patient_id, NONE),
        forms=row.forms if row.status is not AppointmentStatus.CANCELLED else 0,
        held=until,
        gone=row.status in (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW),
        short=minutes < SHORT,
        at=at,
        minutes=minutes,
        buffer=0 if is_gone(row) else row.buffer_minutes,
        lane=lane[0],
        lanes=lane[1],
        label=", ".join(filter(None, about)),
    )


def reach(drafts: Iterable[Draft], laid_out: Iterable[Sequence[ScheduledVisit]]) -> tuple[int, int]:
    """From which full hour to which the columns are drawn."""
    tops, bottoms = [], []
    for draft, visits in zip(drafts, laid_out, strict=True):
        tops += [visit.at for visit in visits] + [worked.top for worked in draft.worked]
        bottoms += [min(draft.axis.minutes, visit.at + visit.minutes + visit.buffer) for visit in visits]
        bottoms += [worked.bottom for worked in draft.worked]
    top, bottom = min(tops, default=OPENS), max(bottoms, default=CLOSES)
    return top // 60 * 60, -(-bottom // 60) * 60


def hours(
    drafts: Sequence[Draft], top: int, bottom: int, day: date, zone: ZoneInfo, locale: str
) -> list[tuple[int, str]]:
    """The hours at the side: of a day, those that its clock really shows."""
    axis = drafts[0].axis if drafts and drafts[0].axis.real else Axis(day, zone)

    def clock(at: int) -> time:
        return axis.moment(at).astimezone(axis.zone).time() if axis.real else time(at // 60 % 24)

    return [(at - top, dates.hour(clock(at), locale)) for at in range(top, bottom, 60)]


def column(draft: Draft, visits: list[ScheduledVisit], top: int, bottom: int, now: datetime, locale: str) -> Column:
    """A column, drawn from minute `top` to `bottom`."""
    axis = draft.axis
    here = axis.span.start <= now < axis.span.end
    return Column(
        key=draft.key,
        title=draft.title,
        sub=draft.sub,
        href=draft.href,
        today=here,
        origin=int(axis.moment(top).timestamp()) if here else 0,
        visits=visits,
        shades=_shades(draft, top, bottom),
        gaps=_gaps(draft, now, locale) if draft.gaps else [],
    )


def _shades(draft: Draft, top: int, bottom: int) -> list[Shade]:
    """What is closed, and over it the time off."""
    axis = draft.axis
    if not draft.gaps:
        return []
    edges = [top, *sorted(edge for worked in draft.worked for edge in (worked.top, worked.bottom)), bottom]
    closed = [(start, end, "") for start, end in zip(edges[::2], edges[1::2], strict=True)]
    off = [(axis.at(span.start), axis.at(span.end), words) for span, words in draft.off]
    clipped = [(max(top, start), min(bottom, end), words) for start, end, words in (*closed, *off)]
    return [Shade(start, end - start, words) for start, end, words in clipped if end > start]


def _gaps(draft: Draft, now: datetime, locale: str) -> list[Gap]:
    found: list[Gap] = []
    cut = [*draft.taken, *(span for span, _ in draft.off)]
    for worked in draft.worked:
        axis = worked.axis
        for start, end in schedule_grid.gaps(schedule_grid.without([worked.span], cut), axis, now):
            there = axis.moment(start).astimezone(axis.zone)
            words = dates.clock_time(there, axis.zone, locale)
            found.append(
                Gap(
                    at=start,
                    minutes=end - start,
                    words=words,
                    label=f"Book {words}, {dates.short_day(axis.day, locale)}, {draft.title}",
                    day=axis.day.isoformat(),
                    clock=f"{there:%H:%M}",
                    provider_id=str(worked.provider_id),
                    clinic_id=str(worked.clinic_id),
                )
            )
    return found
