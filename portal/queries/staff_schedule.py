"""The practice's schedule, by day or by week: a column per provider and clinic, or per day; for those who work there.

Ten statements at most, whatever the number of visits. Every time is by the clock of the clinic that it is at.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal import dates, routes
from portal.domain import free_time, schedule_grid
from portal.domain.access import Privilege
from portal.domain.free_time import Hours, Span
from portal.domain.paperwork import INCOMPLETE
from portal.domain.schedule_grid import Axis
from portal.domain.scheduling import LABELS, UNDO, AppointmentStatus
from portal.models import (
    Appointment,
    AppointmentType,
    AssignedForm,
    Clinic,
    Patient,
    Practice,
    ProviderHours,
    Role,
    Staff,
    TimeOff,
)
from portal.models.db import columns, one_of
from portal.queries.symbols import NONE, Symbols, symbols_of
from portal.queries.visits import PROVIDER, TITLE, ZONE, provider_of, zone_of
from portal.work import Work

View = Literal["day", "week"]
FIRST_YEAR, LAST_YEAR = 2000, 2100  # what a schedule is looked at for
MOST = 2_000  # visits of a week
OPENS, CLOSES = 9 * 60, 17 * 60  # what is shown of a day on which nothing happens
SHORT = 40  # minutes: a visit has room for one line less


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


@dataclass(frozen=True, slots=True)
class _Worked:
    """Working time of a provider at a clinic, by the clock there."""

    span: Span
    provider_id: UUID
    clinic_id: UUID
    axis: Axis

    @property
    def top(self) -> int:
        return self.axis.at(self.span.start)

    @property
    def bottom(self) -> int:
        return self.axis.at(self.span.end)


@dataclass
class _Draft:
    """A column before the axis is known."""

    key: str
    title: str
    sub: str
    href: str
    axis: Axis
    rows: list[Any]
    worked: list["_Worked"]
    off: list[tuple[Span, str]]
    taken: list[Span]
    gaps: bool
    visits: list[ScheduledVisit] = field(default_factory=list)


def schedule(work: Work, asked: Asked) -> Schedule:
    """What was asked for; today where it names no day. What is not to be had (a provider or a clinic that is none, a
    year far away) counts as not asked for: it comes from an address. `Denied` for who may not see visits."""
    work.require(Privilege.VISITS_VIEW)
    practice, now = work.practice(), work.now()
    home = ZoneInfo(practice.time_zone)
    people, places = list(work.rows(_PEOPLE)), list(work.rows(_CLINICS))
    clinic = next((row for row in places if row.id == asked.clinic_id), None)
    provider = next((row for row in people if row.id == asked.provider_id), None)
    zone = ZoneInfo(clinic.time_zone) if clinic else home
    today = dates.local_day(now, zone)
    day = asked.day if asked.day and FIRST_YEAR <= asked.day.year < LAST_YEAR else today
    first, days = (day, 1) if asked.view == "day" else (dates.week_of(day, practice.locale), 7)
    asked = Asked(asked.view, day, provider.id if provider else None, clinic.id if clinic else None, asked.gone)
    book = _Book(work, first, first + timedelta(days=days - 1), asked, home, places, practice.locale)
    drafts = book.by_provider(day, people) if asked.view == "day" else book.by_day(first, now)
    symbols = symbols_of(work, {row.patient_id for draft in drafts for row in draft.rows})
    for draft in drafts:
        draft.visits = _laid_out(draft, symbols, practice.locale, now)
    top, bottom = _reach(drafts)
    timed = asked.view == "day" or provider is not None
    offered = {row.id for row in people if row.role is Role.PROVIDER} | book.providers() | {asked.provider_id}
    step = timedelta(days=days)
    count = sum(not visit.gone for draft in drafts for visit in draft.visits)
    return Schedule(
        view=asked.view,
        day=day.isoformat(),
        title=dates.full_day(day, practice.locale)
        if asked.view == "day"
        else f"{dates.short_date(first, practice.locale)} to {dates.medium_date(first + step - _DAY, practice.locale)}",
        timed=timed,
        first=top,
        minutes=bottom - top,
        hours=_hours(drafts, top, bottom, day, zone, practice.locale) if timed else [],
        columns=[_column(draft, top, bottom, now, practice.locale) for draft in drafts],
        providers=[(str(row.id), provider_of(row)) for row in people if row.id in offered],
        clinics=[(str(row.id), row.name) for row in places],
        provider_id=str(asked.provider_id or ""),
        clinic_id=str(asked.clinic_id or ""),
        gone=asked.gone,
        empty="" if drafts else "Nobody works on this day, and nobody is booked.",
        count="No visits" if not count else "1 visit" if count == 1 else f"{count} visits",
        today=first <= today < first + step,
        today_href=asked.href(day=None),
        before_href=asked.href(day=day - step),
        after_href=asked.href(day=day + step),
        day_href=asked.href(view="day"),
        week_href=asked.href(view="week"),
    )


class _Book:
    """What is written for some days: visits, hours and time off, each asked for once."""

    def __init__(
        self, work: Work, first: date, last: date, asked: Asked, home: ZoneInfo, places: Sequence[Any], locale: str
    ) -> None:
        self.asked, self.home, self.locale = asked, home, locale
        self.places = {row.id: row for row in places}
        zones = {home, *(ZoneInfo(row.time_zone) for row in places)}
        spans = [free_time.day_span(first, last, zone) for zone in zones]
        span = {"start": min(each.start for each in spans), "end": max(each.end for each in spans)}
        self.visits = [row for row in work.rows(_VISITS, **span) if first <= self._day(row) <= last]
        self.hours = list(work.rows(_HOURS))
        self.off = list(work.rows(_OFF, **span))

    def providers(self) -> set[UUID]:
        """Who has hours, or a visit on these days."""
        found = {row.provider_id for row in self.hours} | {row.provider_id for row in self.visits}
        return {provider_id for provider_id in found if provider_id is not None}

    def by_provider(self, day: date, people: Sequence[Any]) -> list[_Draft]:
        """A column for each provider and clinic that work together on that day, or have a visit."""
        pairs = {(row.provider_id, row.clinic_id) for row in self.hours if _holds(row, day)}
        pairs |= {(row.provider_id, row.clinic_id) for row in self._shown()}
        pairs = {pair for pair in pairs if self._asked_for(*pair)}
        zones = {self._zone(clinic_id) for _, clinic_id in pairs}
        order = {row.id: number for number, row in enumerate(people)}
        names = {row.id: provider_of(row) for row in people}
        return [
            _Draft(
                key=f"{provider_id}:{clinic_id}",
                title=names.get(provider_id, "No provider"),
                sub=self.places[clinic_id].name if clinic_id in self.places else "",
                href=self.asked.href(view="week", provider=provider_id) if provider_id else "",
                axis=(axis := Axis(day, self._zone(clinic_id), real=len(zones) == 1)),
                rows=[row for row in self._shown() if (row.provider_id, row.clinic_id) == (provider_id, clinic_id)],
                worked=self._worked(axis, {provider_id}, {clinic_id}),
                off=self._off(axis, {provider_id}, {clinic_id}),
                taken=self._taken(provider_id),
                gaps=provider_id is not None and clinic_id is not None,
            )
            for provider_id, clinic_id in sorted(pairs, key=lambda pair: (order.get(pair[0], len(order)), str(pair[1])))
        ]

    def by_day(self, first: date, now: datetime) -> list[_Draft]:
        """A column for each day of the week."""
        return [self._of_day(first + timedelta(days=number), now) for number in range(7)]

    def _of_day(self, day: date, now: datetime) -> _Draft:
        provider_id, clinic_id = self.asked.provider_id, self.asked.clinic_id
        clinics, zone = {clinic_id} if clinic_id else set(self.places), self._zone(clinic_id)
        shown = [row for row in self._shown() if self._day(row) == day]
        rows = [row for row in shown if self._asked_for(row.provider_id, row.clinic_id)]
        return _Draft(
            key=day.isoformat(),
            title=dates.weekday_short(day, self.locale),
            sub=str(day.day),
            href=self.asked.href(view="day", day=day),
            axis=(axis := Axis(day, zone)),
            rows=rows,
            worked=self._worked(axis, {provider_id}, clinics) if provider_id else [],
            off=self._off(axis, {provider_id}, clinics) if provider_id else [],
            taken=self._taken(provider_id) if provider_id else [],
            gaps=provider_id is not None,
        )

    def _shown(self) -> list[Any]:
        """Without what was cancelled, unless that is asked for or can still be undone."""
        return [row for row in self.visits if self.asked.gone or not _is_gone(row)]

    def _asked_for(self, provider_id: UUID | None, clinic_id: UUID | None) -> bool:
        wanted = self.asked
        return (not wanted.provider_id or provider_id == wanted.provider_id) and (
            not wanted.clinic_id or clinic_id == wanted.clinic_id
        )

    def _zone(self, clinic_id: UUID | None) -> ZoneInfo:
        return ZoneInfo(self.places[clinic_id].time_zone) if clinic_id in self.places else self.home

    def _day(self, row: Any) -> date:
        return dates.local_day(row.starts_at, zone_of(row))

    def _worked(
        self, axis: Axis, providers: Collection[UUID | None], clinics: Collection[UUID | None]
    ) -> list[_Worked]:
        """Working time of the day, each by the clock of its clinic."""
        pairs = {
            (row.provider_id, row.clinic_id)
            for row in self.hours
            if row.provider_id in providers and row.clinic_id in clinics
        }
        return [
            _Worked(span, provider_id, clinic_id, Axis(axis.day, self._zone(clinic_id), axis.real))
            for provider_id, clinic_id in sorted(pairs, key=str)
            for span in free_time.working(
                [_hours_of(row) for row in self.hours if (row.provider_id, row.clinic_id) == (provider_id, clinic_id)],
                axis.day,
                self._zone(clinic_id),
            )
        ]

    def _off(
        self, axis: Axis, providers: Collection[UUID | None], clinics: Collection[UUID | None]
    ) -> list[tuple[Span, str]]:
        """Time off on the day that concerns them, with its reason."""
        return [
            (Span(row.starts_at, row.ends_at), row.reason or "Time off")
            for row in self.off
            if (row.provider_id is None or row.provider_id in providers)
            and (row.clinic_id is None or row.clinic_id in clinics)
            and axis.span.meets(row.starts_at, row.ends_at)
        ]

    def _taken(self, provider_id: UUID | None) -> list[Span]:
        """What is held of a provider's time, wherever."""
        return [
            Span(row.starts_at, row.ends_at + timedelta(minutes=row.buffer_minutes))
            for row in self.visits
            if row.provider_id == provider_id and not _is_gone(row)
        ]


def _is_gone(row: Any) -> bool:
    """Cancelled, and nobody can take it back any more: its time is free."""
    return row.status is AppointmentStatus.CANCELLED and row.settled_at is not None


def _hours_of(row: Any) -> Hours:
    return Hours(row.weekday, row.opens, row.closes, row.first_day, row.last_day)


def _holds(row: Any, day: date) -> bool:
    return _hours_of(row).hold(day)


def _laid_out(draft: _Draft, symbols: dict[UUID, Symbols], locale: str, now: datetime) -> list[ScheduledVisit]:
    places = [Axis(draft.axis.day, zone_of(row), draft.axis.real) for row in draft.rows]
    tops = [axis.at(row.starts_at) for axis, row in zip(places, draft.rows, strict=True)]
    lengths = [
        max(5, min(axis.minutes - top, (row.ends_at - row.starts_at) // timedelta(minutes=1)))
        for axis, top, row in zip(places, tops, draft.rows, strict=True)
    ]
    order = sorted(range(len(draft.rows)), key=lambda number: (tops[number], number))
    placed = schedule_grid.lanes([(tops[number], tops[number] + lengths[number]) for number in order])
    return [
        _visit(draft.rows[number], tops[number], lengths[number], lane, symbols, locale, now)
        for number, lane in zip(order, placed, strict=True)
    ]


def _visit(
    row: Any, at: int, minutes: int, lane: tuple[int, int], symbols: dict[UUID, Symbols], locale: str, now: datetime
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
        buffer=0 if _is_gone(row) else row.buffer_minutes,
        lane=lane[0],
        lanes=lane[1],
        label=", ".join(filter(None, about)),
    )


def _reach(drafts: Iterable[_Draft]) -> tuple[int, int]:
    """From which full hour to which the columns are drawn."""
    tops, bottoms = [], []
    for draft in drafts:
        longest = draft.axis.minutes
        tops += [visit.at for visit in draft.visits] + [worked.top for worked in draft.worked]
        bottoms += [min(longest, visit.at + visit.minutes + visit.buffer) for visit in draft.visits]
        bottoms += [worked.bottom for worked in draft.worked]
    top, bottom = min(tops, default=OPENS), max(bottoms, default=CLOSES)
    return top // 60 * 60, -(-bottom // 60) * 60


def _hours(
    drafts: Sequence[_Draft], top: int, bottom: int, day: date, zone: ZoneInfo, locale: str
) -> list[tuple[int, str]]:
    """The hours at the side: of a day, those that its clock really shows."""
    axis = drafts[0].axis if drafts and drafts[0].axis.real else Axis(day, zone)

    def clock(at: int) -> time:
        return axis.moment(at).astimezone(axis.zone).time() if axis.real else time(at // 60 % 24)

    return [(at - top, dates.hour(clock(at), locale)) for at in range(top, bottom, 60)]


def _column(draft: _Draft, top: int, bottom: int, now: datetime, locale: str) -> Column:
    axis = draft.axis
    here = axis.span.start <= now < axis.span.end
    return Column(
        key=draft.key,
        title=draft.title,
        sub=draft.sub,
        href=draft.href,
        today=here,
        origin=int(axis.moment(top).timestamp()) if here else 0,
        visits=draft.visits,
        shades=_shades(draft, top, bottom),
        gaps=_gaps(draft, now, locale) if draft.gaps else [],
    )


def _shades(draft: _Draft, top: int, bottom: int) -> list[Shade]:
    """What is closed, and over it the time off."""
    axis = draft.axis
    if not draft.gaps:
        return []
    edges = [top, *sorted(edge for worked in draft.worked for edge in (worked.top, worked.bottom)), bottom]
    closed = [(start, end, "") for start, end in zip(edges[::2], edges[1::2], strict=True)]
    off = [(axis.at(span.start), axis.at(span.end), words) for span, words in draft.off]
    clipped = [(max(top, start), min(bottom, end), words) for start, end, words in (*closed, *off)]
    return [Shade(start, end - start, words) for start, end, words in clipped if end > start]


def _gaps(draft: _Draft, now: datetime, locale: str) -> list[Gap]:
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


_DAY = timedelta(days=1)

_PEOPLE = (
    columns(Staff.id, *PROVIDER, Staff.role)
    .where(col(Staff.active))
    .order_by(col(Staff.last_name), col(Staff.first_name), col(Staff.id))
)
_CLINICS = columns(Clinic.id, Clinic.name, Clinic.time_zone).where(col(Clinic.active)).order_by(col(Clinic.name))
_HOURS = (
    columns(
        ProviderHours.provider_id,
        ProviderHours.clinic_id,
        ProviderHours.weekday,
        ProviderHours.opens,
        ProviderHours.closes,
        ProviderHours.first_day,
        ProviderHours.last_day,
    )
    .join(Staff, col(Staff.id) == ProviderHours.provider_id)
    .join(Clinic, col(Clinic.id) == ProviderHours.clinic_id)
    .where(col(Staff.active), col(Clinic.active))
)
_OFF = (
    columns(TimeOff.provider_id, TimeOff.clinic_id, TimeOff.starts_at, TimeOff.ends_at, TimeOff.reason)
    .where(TimeOff.starts_at < bindparam("end"), TimeOff.ends_at > bindparam("start"))
    .order_by(col(TimeOff.starts_at))
)
_FORMS = (
    columns(func.count())
    .where(AssignedForm.appointment_id == Appointment.id, one_of(col(AssignedForm.status), INCOMPLETE))
    .correlate(Appointment)
    .scalar_subquery()
)
_VISITS = (
    columns(
        Appointment.id,
        Appointment.patient_id,
        Appointment.provider_id,
        Appointment.clinic_id,
        TITLE,
        Appointment.status,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.buffer_minutes,
        Appointment.cancelled_at,
        Appointment.settled_at,
        col(Patient.first_name).label("client_first"),
        col(Patient.last_name).label("client_last"),
        *PROVIDER,
        col(Clinic.name).label("clinic"),
        ZONE,
        _FORMS.label("forms"),
    )
    .select_from(Appointment)
    .join(Patient, col(Patient.id) == Appointment.patient_id)
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
    .outerjoin(Staff, col(Staff.id) == Appointment.provider_id)
    .outerjoin(Clinic, col(Clinic.id) == Appointment.clinic_id)
    .where(Appointment.starts_at >= bindparam("start"), Appointment.starts_at < bindparam("end"))
    .order_by(col(Appointment.starts_at), col(Appointment.id))
    .limit(MOST)
)
