"""Visits around today: a full book for three providers, and Amelia's own history."""

import random
from datetime import datetime, timedelta
from itertools import cycle
from uuid import UUID

from portal.demo.people import AMELIA, CHILD, DECEASED
from portal.demo.places import HOURS, SERVICES
from portal.demo.story import Story
from portal.models import AppointmentStatus
from portal.services import appointments, invoices, notify

BOOKED, CONFIRMED, CHECKED_IN = AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED, AppointmentStatus.CHECKED_IN
COMPLETED, CANCELLED, NO_SHOW = AppointmentStatus.COMPLETED, AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW
DELUXE, PRICE_CENTS = "HydraFacial Deluxe", 18500
# Service, day from today, hour, status, day it was booked, what it was called.
OF_AMELIA = (
    ("First consultation", -130, "11:00", COMPLETED, -137, ""),
    ("Botox, forehead and glabella", -116, "10:30", COMPLETED, -130, ""),
    ("HydraFacial Signature", -93, "14:00", CANCELLED, -100, ""),
    ("Laser hair removal", -58, "09:15", COMPLETED, -72, "Laser hair removal, session 1 of 6"),
    (DELUXE, -30, "14:00", COMPLETED, -44, ""),
    ("Laser hair removal", -16, "09:15", COMPLETED, -58, "Laser hair removal, session 2 of 6"),
    ("Botox, forehead and glabella", 3, "10:30", BOOKED, -1, ""),
    (DELUXE, 19, "14:00", CONFIRMED, -9, ""),
    ("Laser hair removal", 54, "09:15", BOOKED, -16, "Laser hair removal, session 3 of 6"),
)
FIRST_DAY, LAST_DAY = -14, 14
STARTS = ("09:00", "10:15", "13:00", "14:15", "15:30")
A_DAY = 2


def book(
    story: Story,
    client: str,
    service: str,
    at: datetime,
    status: AppointmentStatus,
    booked_at: datetime,
    title: str = "",
) -> UUID:
    """One visit, booked by the front desk at `booked_at`, and what became of it. The told days fall on any weekday."""
    provider, clinic = next((row[3], row[4]) for row in SERVICES if row[0] == service)
    visit = appointments.book(
        story.by_staff("Marisol", booked_at),
        patient_id=story.clients[client].id,
        provider_id=story.places.staff[provider],
        clinic_id=story.places.clinics[clinic],
        appointment_type_id=story.places.types[service],
        starts_at=at,
        outside_hours=True,
        title=title,
    )
    _became(story, visit, at, status, booked_at)
    return visit


def of_amelia(story: Story) -> dict[tuple[str, int], UUID]:
    """Her visits, by service and day from today; one is not paid yet."""
    visits = {
        (service, day): book(
            story, AMELIA, service, story.moment(day, hour), status, story.moment(booked, "16:05"), title
        )
        for service, day, hour, status, booked, title in OF_AMELIA
    }
    desk = story.by_staff("Marisol", story.moment(-30, "15:05"))
    line = invoices.Line(DELUXE, PRICE_CENTS)
    notify.invoice_issued(desk, invoices.issue(desk, story.clients[AMELIA].id, DELUXE, [line], visits[DELUXE, -30]))
    return visits


def until_now(story: Story) -> None:
    """What the three providers did in the last weeks."""
    _fill(story, range(FIRST_DAY, 1), ahead=False)


def ahead(story: Story) -> None:
    """What is in the book for the next weeks."""
    _fill(story, range(LAST_DAY + 1), ahead=True)


def late(story: Story, client: str, service: str, day: int) -> None:
    """A visit that was cancelled three hours before, which costs."""
    at = story.moment(day, "11:45")
    visit = book(story, client, service, at, BOOKED, at - timedelta(days=12))
    _cancel(story, visit, at - timedelta(hours=3), charge=True)


def _fill(story: Story, days: range, *, ahead: bool) -> None:
    order = [name for name in story.clients if name not in {AMELIA, CHILD, DECEASED}]
    dice = random.Random(2026 + ahead)  # noqa: S311  # variety, not secrecy
    dice.shuffle(order)
    clients = cycle(order)
    gives = {row[0]: row[3] for row in SERVICES}
    hers = {(gives[service], day) for service, day, *_ in OF_AMELIA}  # those days are left to her
    for day in days:
        for provider, _, weekdays, _ in HOURS:
            works = day == 0 or story.moment(day, "12:00").weekday() in weekdays  # who looks on a Sunday sees a day too
            if not works or (provider, day) in hers:
                continue
            offered = [row[0] for row in SERVICES if row[3] == provider]
            for hour in sorted(dice.sample(STARTS, A_DAY)):
                client, service, at = next(clients), dice.choice(offered), story.moment(day, hour)
                status, booked_at = _status(dice, ahead=ahead), at - timedelta(days=dice.randint(23, 40))
                if (at > story.now) == ahead:
                    book(story, client, service, at, status, booked_at)


def _became(story: Story, visit: UUID, at: datetime, status: AppointmentStatus, booked_at: datetime) -> None:
    """Let it happen, each step at its time; what lies ahead of the moment of telling stays ahead."""
    desk, hour = story.by_staff, timedelta(hours=1)
    if status is CANCELLED:
        _cancel(story, visit, at - 40 * hour, charge=False)
        return
    if status is not BOOKED:
        appointments.confirm(desk("Marisol", booked_at + 3 * hour), visit)
    if status is NO_SHOW and at + hour < story.now:
        appointments.no_show(desk("Marisol", at + hour), visit)
    if status is COMPLETED:
        appointments.check_in(desk("Marisol", at), visit)
        if at + hour < story.now:
            appointments.complete(desk("Marisol", at + hour), visit)


def _cancel(story: Story, visit: UUID, at: datetime, *, charge: bool) -> None:
    desk = story.by_staff("Marisol", at)
    appointments.cancel(desk, visit, "Something came up", charge=charge)
    appointments.settle(story.by_staff("Marisol", at + timedelta(minutes=6)), visit)


def _status(dice: random.Random, *, ahead: bool) -> AppointmentStatus:
    if ahead:
        return dice.choice((BOOKED, CONFIRMED, CONFIRMED))
    return dice.choices((COMPLETED, CANCELLED, NO_SHOW), (18, 2, 1))[0]
