"""`python -m tests.bench.practice FEW MANY`: two practices with so many visits, each in a database of its own, and what
it costs to read them. A process of its own, because the jobs of a process have one database. Prints JSON."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import col, func, select

from portal.clock import FixedClock
from portal.domain import free_time
from portal.jobs import outbox, reminders
from portal.models import (
    Appointment,
    AppointmentTick,
    Channel,
    Contact,
    OutboxMessage,
    Patient,
    ProviderHours,
    Role,
    Staff,
)
from portal.models import db as database
from portal.queries import dashboard, rescheduling
from portal.settings import settings
from portal.work import SYSTEM, Work, open_work
from tests.bench.statements import counted
from tests.support.clinic import TestClinic, furnish
from tests.support.databases import migrate
from tests.support.free_time import free_days

CLOCK = FixedClock(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))  # a Monday, noon in Portland
PROVIDERS, HALF = 10, 125  # providers, and days on either side of today that visits are spread over
TIMES = 40
REMINDED = 300
MS = 1000.0


Query = Callable[[Work, UUID], Any]
READ: dict[str, Query] = {
    "dashboard": lambda work, _visit: dashboard.overview(work),
    "month": lambda work, visit: free_days(work, visit, date(2026, 12, 1), date(2026, 12, 31)),
    "sheet": rescheduling.choices,
}


def main(few: int, many: int) -> dict[str, Any]:
    """Milliseconds and statements by what is read, of the few and of the many; and the reminders of the many."""
    small, large = _Place.of(f"sqlite:///{settings().var}/few.db", few), _Place.of(settings().database, many)
    found = {name: _take(query, small, large) for name, query in READ.items()}
    with open_work(SYSTEM, clock=CLOCK) as work:
        _make_reachable(work, large.clinic)
    return found | {"reminders": _remind()}


@dataclass(frozen=True, slots=True)
class _Place:
    engine: Engine
    clinic: TestClinic
    visit: UUID

    @classmethod
    def of(cls, url: str, visits: int) -> "_Place":
        """A fresh database with a practice in it."""
        migrate(url)
        engine = database.engine() if url == settings().database else database.make_engine(url)
        with open_work(SYSTEM, clock=CLOCK, engine=engine) as work:
            clinic = furnish(work)
            return cls(engine, clinic, _fill(work, clinic, visits))

    def time(self, query: Query) -> float:
        """Milliseconds of one reading."""
        started = time.perf_counter()
        with open_work(self.clinic.amelia, clock=CLOCK, engine=self.engine, write=False) as work:
            query(work, self.visit)
        return MS * (time.perf_counter() - started)


def _fill(work: Work, clinic: TestClinic, visits: int) -> UUID:
    """Three visits of one patient, and the others' around them: five a day with each provider. Returns the nearest."""
    providers = [clinic.provider_id] + [
        work.add(
            Staff(
                practice_id=clinic.practice_id,
                first_name="Provider",
                last_name=str(n),
                email=f"{n}@lumiere.example",
                role=Role.PROVIDER,
            )
        ).id
        for n in range(1, PROVIDERS)
    ]
    for provider in providers:
        for weekday in range(7):
            work.add(
                ProviderHours(
                    provider_id=provider, clinic_id=clinic.clinic_id, weekday=weekday, opens="08:00", closes="18:00"
                )
            )
    owner = clinic.amelia.patient_id
    assert owner is not None
    mine = [_visit(work, clinic, owner, clinic.provider_id, day, hour=17) for day in (1, 20, 40)]
    days = [day for distance in range(1, HALF + 1) for day in (distance, -distance)]
    places = ((day, hour, provider) for hour in (8, 10, 12, 14) for day in days for provider in providers)
    people, theirs = [], []
    for number, (day, hour, provider) in zip(range(visits - len(mine)), places, strict=False):
        patient = Patient(
            practice_id=clinic.practice_id,
            primary_clinic_id=clinic.clinic_id,
            first_name="Visitor",
            last_name=str(number),
            date_of_birth=date(1980, 1, 1),
            created_at=work.now(),
            wants_sms=True,
            wants_email=True,
        )
        people.append(patient)
        theirs.append(_visit(work, clinic, patient.id, provider, day, hour))
    for rows in (people, mine + theirs, [tick for visit in mine + theirs for tick in _ticks(visit)]):
        work.db.add_all(rows)
        work.db.flush()
    return mine[0].id


def _visit(work: Work, clinic: TestClinic, patient_id: UUID, provider: UUID, day: int, hour: int) -> Appointment:
    starts = work.now().replace(hour=0) + timedelta(days=day, hours=8 + hour)
    return Appointment(
        patient_id=patient_id,
        provider_id=provider,
        clinic_id=clinic.clinic_id,
        appointment_type_id=clinic.type_id,
        title="Botox",
        starts_at=starts,
        ends_at=starts + timedelta(minutes=45),
        booked_at=work.now() - timedelta(days=200),
    )


def _ticks(visit: Appointment) -> list[AppointmentTick]:
    assert visit.provider_id is not None
    return [
        AppointmentTick(provider_id=visit.provider_id, tick=tick, appointment_id=visit.id)
        for tick in free_time.ticks(visit.starts_at, visit.ends_at)
    ]


def _take(query: Query, *places: _Place) -> dict[str, list[float]]:
    """Medians of many readings, taken in turns, and the statements of one."""
    statements = []
    for place in places:
        place.time(query)
        with counted(place.engine) as seen:
            place.time(query)
        statements.append(len(seen))
    took = [[place.time(query) for place in places] for _ in range(TIMES)]
    return {"ms": [median(column) for column in zip(*took, strict=True)], "statements": statements}


def _make_reachable(work: Work, clinic: TestClinic) -> None:
    """Some hundred people with a phone, an email and a visit tomorrow."""
    patients = work.db.exec(select(Patient.id).where(col(Patient.wants_sms)).limit(REMINDED)).all()
    for number, patient_id in enumerate(patients):
        for channel, value in (
            (Channel.PHONE, f"+1503{number:07d}"),
            (Channel.EMAIL, f"visitor.{number}@example.com"),
        ):
            work.db.add(
                Contact(
                    patient_id=patient_id,
                    channel=channel,
                    value=value,
                    verified_at=work.now(),
                    created_at=work.now(),
                )
            )
        starts = work.now() + timedelta(hours=20, minutes=5 * (number % 24))
        work.db.add(
            Appointment(
                patient_id=patient_id,
                clinic_id=clinic.clinic_id,
                appointment_type_id=clinic.type_id,
                title="Botox",
                starts_at=starts,
                ends_at=starts + timedelta(minutes=45),
                booked_at=work.now() - timedelta(days=200),
            )
        )


def _remind() -> dict[str, float]:
    """Decide on every reminder that is due, then send what was decided through the built-in twins."""
    started = time.perf_counter()
    sent = reminders.send_due(CLOCK)
    decided = time.perf_counter() - started
    started, taken = time.perf_counter(), 0
    while took := outbox.deliver(CLOCK):
        taken += took
    delivered = time.perf_counter() - started
    with open_work(SYSTEM, write=False) as work:
        rows = work.db.exec(select(func.count()).select_from(OutboxMessage)).one()
    if taken != rows:
        raise AssertionError(f"{rows} messages were to go out, {taken} did")
    return {"visits": sent, "decided": decided, "messages": taken, "delivered": delivered}


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3]))))
