"""What is written in the book for some days: visits, hours and time off, each asked for once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal import dates
from portal.domain import free_time
from portal.domain.free_time import Hours, Span
from portal.domain.paperwork import INCOMPLETE
from portal.domain.schedule_grid import Axis
from portal.domain.scheduling import AppointmentStatus
from portal.models import (
    Appointment,
    AssignedForm,
    Clinic,
    Patient,
    ProviderHours,
    Staff,
    TimeOff,
)
from portal.models.db import columns, one_of
from portal.queries.schedule_rows import Asked
from portal.queries.visits import PROVIDER, TITLE, ZONE, provider_of, visits_with, zone_of
from portal.work import Work

MOST = 2_000  # visits of a week


@dataclass(frozen=True, slots=True)
class Worked:
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
class Draft:
    """A column before the axis is known."""

    key: str
    title: str
    sub: str
    href: str
    axis: Axis
    rows: list[Any]
    worked: list[Worked]
    off: list[tuple[Span, str]]
    taken: list[Span]
    gaps: bool


class Book:
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

    def by_provider(self, day: date, people: Sequence[Any]) -> list[Draft]:
        """A column for each provider and clinic that work together on that day, or have a visit."""
        pairs = {(row.provider_id, row.clinic_id) for row in self.hours if _holds(row, day)}
        pairs |= {(row.provider_id, row.clinic_id) for row in self._shown()}
        pairs = {pair for pair in pairs if self._asked_for(*pair)}
        zones = {self._zone(clinic_id) for _, clinic_id in pairs}
        order = {row.id: number for number, row in enumerate(people)}
        names = {row.id: provider_of(row) for row in people}
        return [
            Draft(
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

    def by_day(self, first: date) -> list[Draft]:
        """A column for each day of the week."""
        return [self._of_day(first + timedelta(days=number)) for number in range(7)]

    def _of_day(self, day: date) -> Draft:
        provider_id, clinic_id = self.asked.provider_id, self.asked.clinic_id
        clinics, zone = {clinic_id} if clinic_id else set(self.places), self._zone(clinic_id)
        shown = [row for row in self._shown() if self._day(row) == day]
        rows = [row for row in shown if self._asked_for(row.provider_id, row.clinic_id)]
        return Draft(
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
        return [row for row in self.visits if self.asked.gone or not is_gone(row)]

    def _asked_for(self, provider_id: UUID | None, clinic_id: UUID | None) -> bool:
        wanted = self.asked
        return (not wanted.provider_id or provider_id == wanted.provider_id) and (
            not wanted.clinic_id or clinic_id == wanted.clinic_id
        )

    def _zone(self, clinic_id: UUID | None) -> ZoneInfo:
        return ZoneInfo(self.places[clinic_id].time_zone) if clinic_id in self.places else self.home

    def _day(self, row: Any) -> date:
        return dates.local_day(row.starts_at, zone_of(row))

    def _worked(self, axis: Axis, providers: Collection[UUID | None], clinics: Collection[UUID | None]) -> list[Worked]:
        """Working time of the day, each by the clock of its clinic."""
        pairs = {
            (row.provider_id, row.clinic_id)
            for row in self.hours
            if row.provider_id in providers and row.clinic_id in clinics
        }
        return [
            Worked(span, provider_id, clinic_id, Axis(axis.day, self._zone(clinic_id), axis.real))
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
            if row.provider_id == provider_id and not is_gone(row)
        ]


def is_gone(row: Any) -> bool:
    """Cancelled, and nobody can take it back any more: its time is free."""
    return row.status is AppointmentStatus.CANCELLED and row.settled_at is not None


def _hours_of(row: Any) -> Hours:
    return Hours(row.weekday, row.opens, row.closes, row.first_day, row.last_day)


def _holds(row: Any, day: date) -> bool:
    return _hours_of(row).hold(day)


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
    visits_with(
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
    .where(Appointment.starts_at >= bindparam("start"), Appointment.starts_at < bindparam("end"))
    .order_by(col(Appointment.starts_at), col(Appointment.id))
    .limit(MOST)
)
