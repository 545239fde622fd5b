"""Visits around a running portal: booked as the front desk books them, at any time that is free."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal import dates
from portal.clock import SystemClock
from portal.demo.places import ZONE
from portal.models import Appointment, Contact, PracticeNotice
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import run

BOTOX, LASER = "Botox, forehead and glabella", "Laser hair removal"


def patient_of(server: PortalServer, contact: str) -> UUID:
    """Whose phone (E.164) or email this is."""
    with acting(server) as work:
        found = work.db.exec(select(Contact.patient_id).where(Contact.value == contact)).first()
    assert found is not None, f"nobody has {contact}"
    return found


_BOOK = """
import sys
from datetime import timedelta
from sqlmodel import select
from portal.demo.places import SERVICES
from portal.errors import Conflict
from portal.models import AppointmentType, Clinic, Contact, Staff
from portal.services import appointments
from portal.work import SYSTEM, open_work
contact, service, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
_, _, _, provider, place = next(row for row in SERVICES if row[0] == service)
for attempt in range(400):
    try:
        with open_work(SYSTEM) as work:
            at = work.now() + timedelta(seconds=seconds + 300 * attempt)
            at = at.replace(microsecond=0) + timedelta(seconds=300 - int(at.timestamp()) % 300)
            print(appointments.book(
                work,
                patient_id=work.db.exec(select(Contact.patient_id).where(Contact.value == contact)).first(),
                provider_id=work.db.exec(select(Staff.id).where(Staff.first_name == provider)).one(),
                clinic_id=work.db.exec(select(Clinic.id).where(Clinic.name == place)).one(),
                appointment_type_id=work.db.exec(
                    select(AppointmentType.id).where(AppointmentType.name == service)
                ).one(),
                starts_at=at,
                outside_hours=True,
            ))
        break
    except Conflict:
        pass
"""

_DO = """
import sys
from uuid import UUID
from portal.services import appointments
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    getattr(appointments, sys.argv[1])(work, UUID(sys.argv[2]), *sys.argv[3:])
"""


def book(server: PortalServer, contact: str, service: str = BOTOX, **ahead: float) -> UUID:
    """Book a visit for whoever has this contact, as far ahead as said (`days=3`), or as soon after as there is room."""
    return UUID(run(server, _BOOK, contact, service, str(timedelta(**ahead).total_seconds())).strip())


def desk(server: PortalServer, act: str, visit_id: UUID, *words: str) -> None:
    """Do with a visit what staff and jobs do, by the name of the service: `desk(server, "confirm", visit_id)`."""
    run(server, _DO, act, str(visit_id), *words)


def visit(server: PortalServer, visit_id: UUID) -> Appointment:
    """The visit as it is now."""
    with acting(server) as work:
        return work.get(Appointment, visit_id)


def change(server: PortalServer, table: Any, row_id: UUID, **values: Any) -> None:
    """Set columns of one row, past all services: to turn the clock."""
    with acting(server) as work:
        row = work.get(table, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def notices(server: PortalServer, visit_id: UUID) -> list[str]:
    """What the practice was told of a visit in its own feed, in order, by kind."""
    with acting(server) as work:
        query = select(PracticeNotice.kind).where(PracticeNotice.appointment_id == visit_id)
        return list(work.db.exec(query.order_by(col(PracticeNotice.id))))


def when(server: PortalServer, visit_id: UUID) -> str:
    """Its day and time as the screen says them: "Tue, Nov 24 at 10:30 AM"."""
    at, zone = visit(server, visit_id).starts_at, ZoneInfo(ZONE)
    return f"{dates.short_day(dates.local_day(at, zone))} at {dates.clock_time(at, zone)}"


def nights_until(server: PortalServer, visit_id: UUID) -> int:
    """How many days of the practice's calendar lie before it: late in the evening that is more than its hours say."""
    zone = ZoneInfo(ZONE)
    today = dates.local_day(SystemClock().now(), zone)
    return (dates.local_day(visit(server, visit_id).starts_at, zone) - today).days


def mail_to_practice(server: PortalServer, about: str) -> list[str]:
    """Subjects of the emails that the practice has about somebody's visit at that day and time, once there is one."""
    mail = {"to": "hello@lumiere.example", "saying": re.escape(about)}
    server.message(**mail)
    return [str(message["subject"]) for message in server.sent(**mail)]
