"""The practice's schedule, by day or by week: a column per provider and clinic, or per day; for those who work there.

Ten statements at most, whatever the number of visits. Every time is by the clock of the clinic that it is at.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col

from portal import dates
from portal.domain.access import Privilege
from portal.models import Clinic, Role, Staff
from portal.models.db import columns
from portal.queries import schedule_columns as drawn
from portal.queries.schedule_book import Book
from portal.queries.schedule_rows import Asked, Column, Gap, Schedule, ScheduledVisit, Shade
from portal.queries.symbols import symbols_of
from portal.queries.visits import PROVIDER, provider_of
from portal.work import Work

FIRST_YEAR, LAST_YEAR = 2000, 2100  # what a schedule is looked at for


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
    book = Book(work, first, first + timedelta(days=days - 1), asked, home, places, practice.locale)
    drafts = book.by_provider(day, people) if asked.view == "day" else book.by_day(first)
    symbols = symbols_of(work, {row.patient_id for draft in drafts for row in draft.rows})
    laid_out = [drawn.laid_out(draft, symbols, practice.locale) for draft in drafts]
    top, bottom = drawn.reach(drafts, laid_out)
    timed = asked.view == "day" or provider is not None
    offered = {row.id for row in people if row.role is Role.PROVIDER} | book.providers() | {asked.provider_id}
    step = timedelta(days=days)
    count = sum(not visit.gone for visits in laid_out for visit in visits)
    return Schedule(
        view=asked.view,
        day=day.isoformat(),
        title=dates.full_day(day, practice.locale)
        if asked.view == "day"
        else f"{dates.short_date(first, practice.locale)} to {dates.medium_date(first + step - _DAY, practice.locale)}",
        timed=timed,
        first=top,
        minutes=bottom - top,
        hours=drawn.hours(drafts, top, bottom, day, zone, practice.locale) if timed else [],
        columns=[
            drawn.column(draft, visits, top, bottom, now, practice.locale)
            for draft, visits in zip(drafts, laid_out, strict=True)
        ],
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


_DAY = timedelta(days=1)

_PEOPLE = (
    columns(Staff.id, *PROVIDER, Staff.role)
    .where(col(Staff.active))
    .order_by(col(Staff.last_name), col(Staff.first_name), col(Staff.id))
)
_CLINICS = columns(Clinic.id, Clinic.name, Clinic.time_zone).where(col(Clinic.active)).order_by(col(Clinic.name))

__all__ = ["Asked", "Column", "Gap", "Schedule", "ScheduledVisit", "Shade", "schedule"]
