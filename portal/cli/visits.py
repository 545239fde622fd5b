"""`python -m portal visits …`: the practice's book of visits, on the command line.

PATIENT is an id, or words that find exactly one client (name, phone, email, date of birth). VISIT is an id, or the
words of a client with exactly one visit that this can be done to. Times are such as "2026-12-02 11:00", by the clock
of the clinic.
"""

import re
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from sqlmodel import col, select

from portal import dates
from portal.cli.acting import acting, as_staff, client, named, only
from portal.domain import free_time
from portal.domain.scheduling import OPEN, UPCOMING, AppointmentStatus
from portal.errors import Conflict, Invalid, NotFound
from portal.models import Appointment, AppointmentType, Clinic, Practice, ProviderHours, Staff
from portal.money import money
from portal.queries import visit_book
from portal.services import appointments, schedule
from portal.work import Work

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CANCELLED = (AppointmentStatus.CANCELLED,)
_DONE = (*UPCOMING, AppointmentStatus.NO_SHOW)

outside_hours = click.option("--outside-hours", is_flag=True, help="Even when the provider does not work then.")
visit_argument = click.argument("visit")


@click.group()
def visits() -> None:
    """Book, confirm, move, cancel visits and see them through; set hours and time off."""


@visits.command(name="list")
@click.argument("patient", required=False)
@click.option("--provider", help="Name, email or id of a provider.")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="First day; today unless given.")
@click.option("--days", type=click.IntRange(1, 400), default=7, show_default=True, help="How many days.")
@as_staff
def list_(patient: str | None, provider: str | None, first: datetime | None, days: int, email: str | None) -> None:
    """List visits, of one client (from a year back on) or of the practice."""
    with acting(email) as work:
        today = dates.local_day(work.now(), ZoneInfo(work.practice().time_zone))
        start = first.date() if first else today - timedelta(days=365) if patient else today
        rows = visit_book.visits(
            work,
            patient_id=client(work, patient) if patient else None,
            provider_id=_provider(work, provider).id if provider else None,
            first=start,
            last=None if patient and not first else start + timedelta(days=days - 1),
        )
        work.audit("appointments.viewed", found=len(rows))
    for row in rows:
        click.echo(_shown(row))
    if not rows:
        click.echo("There are no visits.")
    if len(rows) == visit_book.MOST:
        click.echo(f"There may be more than these {visit_book.MOST}: ask for fewer days.")


@visits.command()
@click.argument("patient")
@click.argument("kind", metavar="TYPE")
@click.argument("at", metavar="TIME")
@click.option("--provider", required=True, help="Name, email or id of the provider.")
@click.option("--clinic", help="Name or id; where the provider works that weekday unless given.")
@click.option("--with", "extras", multiple=True, metavar="TYPE", help="A further service in the same visit.")
@outside_hours
@as_staff
def book(
    patient: str,
    kind: str,
    at: str,
    provider: str,
    clinic: str | None,
    extras: tuple[str, ...],
    outside_hours: bool,
    email: str | None,
) -> None:
    """Book a visit. TYPE is the name of an appointment type or its id."""
    with acting(email) as work:
        who, kinds = _provider(work, provider), [_type(work, words) for words in (kind, *extras)]
        place = _clinic(work, clinic, who, _read(at))
        visit_id = appointments.book(
            work,
            patient_id=client(work, patient),
            provider_id=who.id,
            clinic_id=place.id,
            appointment_type_id=kinds[0].id,
            starts_at=_instant(at, ZoneInfo(place.time_zone)),
            extra_type_ids=[extra.id for extra in kinds[1:]],
            outside_hours=outside_hours,
        )
    click.echo(f"Booked. The client is told. Visit {visit_id}")


@visits.command()
@visit_argument
@as_staff
def confirm(visit: str, email: str | None) -> None:
    """Note that the client will come."""
    with acting(email) as work:
        appointments.confirm(work, _visit(work, visit, OPEN))
    click.echo("The visit is confirmed.")


@visits.command()
@visit_argument
@click.argument("at", metavar="TIME")
@outside_hours
@as_staff
def move(visit: str, at: str, outside_hours: bool, email: str | None) -> None:
    """Give a visit another time, with the same provider at the same clinic."""
    with acting(email) as work:
        visit_id = _visit(work, visit, OPEN)
        appointments.reschedule(work, visit_id, _instant(at, _zone(work, visit_id)), outside_hours=outside_hours)
    click.echo("The visit has its new time and waits to be confirmed. The client is told.")


@visits.command()
@visit_argument
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--days", type=click.IntRange(1, 60), default=7, show_default=True, help="How many days.")
@as_staff
def free(visit: str, day: datetime, days: int, email: str | None) -> None:
    """Show the times at which a visit could be instead, as its client is offered them."""
    with acting(email) as work:
        lines = visit_book.free(work, _visit(work, visit, UPCOMING), day.date(), days)
    click.echo("\n".join(lines) if lines else "There is no free time on these days.")


@visits.command()
@visit_argument
@click.option("--reason", help="One of the practice's reasons; the last of them unless given.")
@click.option("--note", default="", help="A note, for the practice.")
@click.option("--charge", is_flag=True, help="Ask for the late fee, when it is that late.")
@as_staff
def cancel(visit: str, reason: str | None, note: str, charge: bool, email: str | None) -> None:
    """Cancel a visit. It can be undone for 5 minutes."""
    with acting(email) as work:
        practice = work.practice()
        why = _reason(practice, reason)
        done = appointments.cancel(work, _visit(work, visit, UPCOMING), why, note, charge=charge)
        fee = money(done.fee_cents, practice.currency, practice.locale)
    cost = f"It costs {fee}." if done.fee_cents else "It costs nothing."
    undo = f" It can be undone until {done.undo_until:%H:%M:%S} UTC." if done.undo_until else ""
    click.echo(f"The visit is cancelled. {cost}{undo}")


@visits.command()
@visit_argument
@as_staff
def undo(visit: str, email: str | None) -> None:
    """Take a cancellation back, within its 5 minutes."""
    with acting(email) as work:
        appointments.undo_cancel(work, _visit(work, visit, _CANCELLED, unsettled=True))
    click.echo("The visit is as it was.")


@visits.command(name="check-in")
@visit_argument
@as_staff
def check_in(visit: str, email: str | None) -> None:
    """Note that the client is here."""
    with acting(email) as work:
        appointments.check_in(work, _visit(work, visit, OPEN))
    click.echo("The client is checked in.")


@visits.command()
@visit_argument
@as_staff
def complete(visit: str, email: str | None) -> None:
    """Note that the visit took place; also corrects a no-show."""
    with acting(email) as work:
        appointments.complete(work, _visit(work, visit, _DONE, begun=True))
    click.echo("The visit is completed.")


@visits.command(name="no-show")
@visit_argument
@as_staff
def no_show(visit: str, email: str | None) -> None:
    """Note that the client did not come."""
    with acting(email) as work:
        appointments.no_show(work, _visit(work, visit, OPEN, begun=True))
    click.echo("The visit is a no-show.")


@visits.command()
@click.argument("provider", required=False)
@click.argument("clinic", required=False)
@click.argument("spans", nargs=-1, metavar="[DAYS FROM-TO...]...")
@click.option("--season-from", type=click.DateTime(["%Y-%m-%d"]), help="First day on which these hours hold.")
@click.option("--season-to", type=click.DateTime(["%Y-%m-%d"]), help="Last day on which these hours hold.")
@as_staff
def hours(
    provider: str | None,
    clinic: str | None,
    spans: tuple[str, ...],
    season_from: datetime | None,
    season_to: datetime | None,
    email: str | None,
) -> None:
    """Show when everybody works, or say when one provider does at one clinic, in place of what was said before:
    visits hours "Naomi Reyes" "Pearl District" mon-fri 09:00-12:30 13:00-17:00 sat 10:00-14:00"""
    with acting(email) as work:
        if provider and clinic and spans:
            who = _provider(work, provider)
            place = named(list(work.db.exec(select(Clinic)).all()), clinic, lambda row: row.name)
            first, last = season_from and season_from.date(), season_to and season_to.date()
            schedule.set_hours(work, who.id, place.id, _week(spans), first, last)
        elif provider:
            raise click.UsageError("Say who, where, and when: days and times such as mon-fri 09:00-17:00.")
        rows = visit_book.hours(work)
    for row in rows:
        when = f"{_DAYS[row.weekday]} {row.opens}-{row.closes} {row.season}".rstrip()
        click.echo(f"{row.provider}  {row.clinic}  {when}")


@visits.command(name="time-off")
@click.argument("starts", metavar="FROM", required=False)
@click.argument("ends", metavar="TO", required=False)
@click.option("--provider", help="With whom; everybody unless given.")
@click.option("--clinic", help="Where; everywhere unless given.")
@click.option("--reason", default="", help="Why, for the practice.")
@click.option("--remove", type=click.UUID, help="The id of a time off that is not to be.")
@as_staff
def time_off(
    starts: str | None,
    ends: str | None,
    provider: str | None,
    clinic: str | None,
    reason: str,
    remove: UUID | None,
    email: str | None,
) -> None:
    """Show time off, add one (FROM and TO are times), or take one back."""
    with acting(email) as work:
        if remove:
            schedule.remove_time_off(work, remove)
        elif starts and ends:
            _add_time_off(work, starts, ends, provider, clinic, reason)
        elif starts:
            raise click.UsageError("Say from when to when.")
        rows = visit_book.time_off(work)
    for row in rows:
        click.echo("  ".join(filter(None, (str(row.id), f"{row.starts} to {row.ends}", row.whose, row.reason))))
    if not rows:
        click.echo("There is no time off.")


def _add_time_off(work: Work, starts: str, ends: str, provider: str | None, clinic: str | None, reason: str) -> None:
    place = named(list(work.db.exec(select(Clinic)).all()), clinic, lambda row: row.name) if clinic else None
    zone = ZoneInfo(place.time_zone if place else work.practice().time_zone)
    added = schedule.add_time_off(
        work,
        _instant(starts, zone),
        _instant(ends, zone),
        provider_id=_provider(work, provider).id if provider else None,
        clinic_id=place.id if place else None,
        reason=reason,
    )
    for visit_id in added.visits:
        click.echo(f"A visit lies within and stays booked until it is moved or cancelled: {visit_id}")


def _visit(
    work: Work,
    words: str,
    statuses: tuple[AppointmentStatus, ...],
    *,
    begun: bool = False,
    unsettled: bool = False,
) -> UUID:
    """The one visit meant: by its id, or by a client's words when one visit alone comes into question."""
    try:
        return UUID(words)
    except ValueError:
        found = visit_book.visits(work, patient_id=client(work, words), statuses=statuses)
    now = work.now()
    for row in list(found):
        visit = work.get(Appointment, row.id)
        if ((visit.starts_at <= now) != begun and not unsettled) or (unsettled and visit.settled_at is not None):
            found.remove(row)
    return only(found, words, _shown).id


def _shown(row: visit_book.VisitLine) -> str:
    parts = (str(row.id), f"{row.day} {row.time}", row.title, row.client, row.provider, row.clinic, row.status)
    return "  ".join(part for part in parts if part)


def _provider(work: Work, words: str) -> Staff:
    rows = list(work.db.exec(select(Staff).where(col(Staff.active)).order_by(Staff.last_name)).all())
    by_email = [row for row in rows if row.email == words.strip().lower()]
    return by_email[0] if by_email else named(rows, words, lambda row: row.display_name)


def _type(work: Work, words: str) -> AppointmentType:
    rows = work.db.exec(select(AppointmentType).where(col(AppointmentType.active)).order_by(AppointmentType.name))
    return named(list(rows.all()), words, lambda row: row.name)


def _clinic(work: Work, words: str | None, provider: Staff, local: datetime) -> Clinic:
    """The clinic named, else the one where the provider works on that weekday."""
    rows = list(work.db.exec(select(Clinic).where(col(Clinic.active)).order_by(Clinic.name)).all())
    if words is None and len(rows) > 1:
        there = set(
            work.db.exec(
                select(ProviderHours.clinic_id).where(
                    ProviderHours.provider_id == provider.id, ProviderHours.weekday == local.weekday()
                )
            ).all()
        )
        rows = [row for row in rows if row.id in there]
    if words is not None:
        return named(rows, words, lambda row: row.name)
    if len(rows) != 1:
        raise NotFound("Say at which clinic, with --clinic.")
    return rows[0]


def _zone(work: Work, visit_id: UUID) -> ZoneInfo:
    visit = work.get(Appointment, visit_id)
    return ZoneInfo(work.get(Clinic, visit.clinic_id).time_zone if visit.clinic_id else work.practice().time_zone)


def _read(words: str) -> datetime:
    try:
        return datetime.strptime(words.strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007  # the clinic's zone comes later
    except ValueError:
        raise Invalid({"time": f"“{words}” is no time. Give one such as 2026-12-02 11:00."}) from None


def _instant(words: str, zone: ZoneInfo) -> datetime:
    """The instant at which the clinic's clock shows that."""
    local = _read(words)
    at = free_time.instant(local.date(), f"{local:%H:%M}", zone)
    if at.astimezone(zone).replace(tzinfo=None) != local:
        raise Conflict(f"The clock skips {local:%H:%M} on that day.")
    return at


def _reason(practice: Practice, words: str | None) -> str:
    reasons = practice.cancel_reasons
    if words is None:
        return reasons[-1]
    return next((reason for reason in reasons if reason.casefold() == words.casefold()), words)


def _week(spans: tuple[str, ...]) -> dict[int, list[tuple[str, str]]]:
    """`mon-fri 09:00-12:30 13:00-17:00 sat 10:00-14:00` by weekday."""
    week: dict[int, list[tuple[str, str]]] = {}
    days: list[int] = []
    for word in " ".join(spans).lower().replace(",", " ").split():
        if times := re.fullmatch(r"(\d{1,2}:\d\d)-(\d{1,2}:\d\d)", word):
            for day in days:
                week.setdefault(day, []).append((times[1].zfill(5), times[2].zfill(5)))
        elif named_days := re.fullmatch(rf"({'|'.join(_DAYS)})(?:-({'|'.join(_DAYS)}))?", word):
            first, last = _DAYS.index(named_days[1]), _DAYS.index(named_days[2] or named_days[1])
            days = [day for day, _ in enumerate(_DAYS) if first <= day <= last]
        else:
            raise Invalid({"hours": f"“{word}” is neither a day such as mon-fri nor a time such as 09:00-17:00."})
    return week
