"""Visits around today: a full book for three providers, and Amelia's own history."""

import random
from datetime import datetime, timedelta
from itertools import cycle
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import dates, routes
from portal.demo.people import AMELIA, CHILD, DECEASED
from portal.demo.places import SERVICES, ZONE
from portal.demo.story import Story
from portal.models import Appointment, AppointmentStatus
from portal.services import paperwork

BOOKED, CONFIRMED, COMPLETED = AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED, AppointmentStatus.COMPLETED
CANCELLED, NO_SHOW = AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW
# Service, day from today, hour, status, day it was booked.
OF_AMELIA = (
    ("First consultation", -130, "11:00", COMPLETED, -137),
    ("Botox, forehead and glabella", -116, "10:30", COMPLETED, -130),
    ("HydraFacial Signature", -93, "14:00", CANCELLED, -100),
    ("Laser hair removal", -58, "09:15", COMPLETED, -72),
    ("HydraFacial Deluxe", -30, "14:00", COMPLETED, -44),
    ("Laser hair removal", -16, "09:15", COMPLETED, -58),
    ("Botox, forehead and glabella", 3, "10:30", BOOKED, -1),
    ("HydraFacial Deluxe", 19, "14:00", CONFIRMED, -9),
    ("Laser hair removal", 54, "09:15", BOOKED, -16),
)
FIRST_DAY, LAST_DAY = -10, 14
HOURS = ("09:00", "13:00", "15:00")
SUNDAY = 6


def book(
    story: Story,
    client: str,
    service: str,
    at: datetime,
    status: AppointmentStatus,
    booked_at: datetime,
    *,
    ask: bool = True,
) -> UUID:
    """One visit, booked by the front desk at `booked_at`; with `ask`, the forms of its service are asked for then."""
    _, _, minutes, provider, clinic = next(row for row in SERVICES if row[0] == service)
    desk = story.by_staff("Marisol", booked_at)
    visit = desk.add(
        Appointment(
            patient_id=story.clients[client].id,
            provider_id=story.places.staff[provider],
            clinic_id=story.places.clinics[clinic],
            appointment_type_id=story.places.types[service],
            starts_at=at,
            ends_at=at + timedelta(minutes=minutes),
            status=status,
        )
    )
    desk.audit("appointment.booked", visit)
    when = f"{dates.short_day(at.date())} at {dates.clock_time(at, ZoneInfo(ZONE))}"
    title = "New appointment booked"
    paperwork.tell(desk, visit.patient_id, "appointment.booked", title, f"{service} on {when}", routes.DASHBOARD)
    if ask:
        paperwork.assign_for_appointment(desk, visit.id)
    return visit.id


def of_amelia(story: Story) -> dict[tuple[str, int], UUID]:
    """Her visits, by service and day from today."""
    return {
        (service, day): book(story, AMELIA, service, story.moment(day, hour), status, story.moment(booked, "16:05"))
        for service, day, hour, status, booked in OF_AMELIA
    }


def of_everybody(story: Story) -> dict[str, list[UUID]]:
    """The book of the three providers, and each client's coming visits. Before today it was kept on paper."""
    order = [name for name in story.clients if name not in {AMELIA, CHILD, DECEASED}]
    dice = random.Random(2026)  # noqa: S311  # variety, not secrecy
    dice.shuffle(order)
    clients, coming = cycle(order), {name: [] for name in order}
    for day in range(FIRST_DAY, LAST_DAY + 1):
        for provider in ("Naomi", "Jonah", "Priya"):
            offered = [row[0] for row in SERVICES if row[3] == provider]
            if provider == "Priya" and story.moment(day, "12:00").weekday() == SUNDAY:
                continue
            for hour in dice.sample(HOURS, 2):
                client, service, at = next(clients), dice.choice(offered), story.moment(day, hour)
                ahead = at > story.now
                booked_at = at - timedelta(days=dice.randint(12, 30), hours=dice.randint(0, 5))
                visit = book(story, client, service, at, _status(dice, ahead=ahead), booked_at, ask=ahead)
                if ahead:
                    coming[client].append(visit)
    return coming


def _status(dice: random.Random, *, ahead: bool) -> AppointmentStatus:
    if ahead:
        return dice.choice((BOOKED, CONFIRMED, CONFIRMED))
    return dice.choices((COMPLETED, CANCELLED, NO_SHOW), (18, 2, 1))[0]
