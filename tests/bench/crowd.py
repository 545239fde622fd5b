"""`python -m tests.bench.crowd FEW MANY`: the list of clients of two practices with so many clients, on SQLite and on
PostgreSQL: how long each search, filter and order takes, and how many statements. Prints JSON."""

import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, text
from sqlmodel import SQLModel, select

from portal.clock import FixedClock
from portal.domain import search
from portal.domain.access import ROLES, Role
from portal.domain.billing import InvoiceStatus
from portal.domain.paperwork import FormKind, FormStatus
from portal.ids import uuid7
from portal.models import (
    Allergy,
    Appointment,
    AppointmentStatus,
    AssignedForm,
    Channel,
    Clinic,
    Contact,
    Invoice,
    Patient,
    PatientStatus,
    SearchWord,
    TemplateVersion,
)
from portal.models.db import make_engine
from portal.queries.client_conditions import Filters
from portal.queries.client_list import page
from portal.work import SYSTEM, Actor, open_work
from tests.bench.statements import counted
from tests.support.clinic import furnish
from tests.support.databases import migrate
from tests.support.postgres import server

CLOCK = FixedClock(datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
DESK = Actor(kind="staff", role="front_desk", privileges=ROLES[Role.FRONT_DESK])
TIMES = 40
LOT = 5000
FIRSTS = (
    *("Amelia", "Beatriz", "Callum", "Dana", "Esther", "Farah", "Grace", "Hollis", "Imani", "Juniper", "Kenji", "Lena"),
    *("Maya", "Nora", "Owen", "Paloma", "Quentin", "Renée", "Saoirse", "Tomás", "Uma", "Vivian", "Wendell", "Ximena"),
    *("Yara", "Zoë", "Anders", "Brigid", "Cora", "Dmitri"),
)
SYLLABLES = (
    "ab",
    "el",
    "dor",
    "kin",
    "mar",
    "tal",
    "ven",
    "sho",
    "lin",
    "bra",
    "que",
    "ost",
    "har",
    "dil",
    "pem",
    "wi",
)


def main(few: int, many: int) -> dict[str, Any]:
    """Milliseconds (95 of 100 within) and statements, by engine and by what is asked, of the few and of the many."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-crowd-")))
        postgres = stack.enter_context(server())
        engines = {
            "SQLite": [f"sqlite:///{folder / f'{size}.db'}" for size in (few, many)],
            "PostgreSQL": [
                postgres.url(postgres.create()).replace("postgresql://", "postgresql+psycopg://") for _ in range(2)
            ],
        }
        return {
            name: _compare([_Place.of(url, size) for url, size in zip(urls, (few, many), strict=True)])
            for name, urls in engines.items()
        }


@dataclass(frozen=True, slots=True)
class _Place:
    """A practice of so many clients. `clinics` are a large and a small one."""

    engine: Engine
    clinics: tuple[UUID, UUID]
    people: list[dict[str, Any]]
    seconds: float  # that making it took

    @classmethod
    def of(cls, url: str, size: int) -> "_Place":
        migrate(url)
        engine = make_engine(url)
        started = time.perf_counter()
        with open_work(SYSTEM, clock=CLOCK, engine=engine) as work:
            made = furnish(work)
            small = work.add(
                Clinic(
                    practice_id=made.practice_id,
                    name="Lake Oswego",
                    street="17 Wren Court",
                    city="Lake Oswego",
                    state="OR",
                    postal_code="97034",
                    phone="+15035550143",
                    time_zone="America/Los_Angeles",
                )
            )
            template = made.template(work, valid_months=12)
            version = work.db.exec(select(TemplateVersion.id).where(TemplateVersion.template_id == template)).one()
            clinics = (made.clinic_id, small.id)
        people = list(_people(size, made.practice_id, clinics))
        for table, rows in _rows(people, version):
            _fill(engine, table, rows)
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":  # which its own housekeeping does within a minute
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        return cls(engine, clinics, people, time.perf_counter() - started)

    def read(self, asked: dict[str, Any]) -> Any:
        with open_work(DESK, clock=CLOCK, engine=self.engine, write=False) as work:
            return page(work, **asked)


def _people(size: int, practice_id: UUID, clinics: tuple[UUID, UUID]) -> Iterator[dict[str, Any]]:
    """Made-up people; one in five hundred of the small clinic, one in fifty inactive."""
    chance = Random(7)
    now = CLOCK.now()
    blank = {column.name: None for column in Patient.__table__.columns}  # pyright: ignore[reportAttributeAccessIssue]
    plain = Patient(
        practice_id=practice_id, first_name="", last_name="", date_of_birth=date(2000, 1, 1), created_at=now
    )
    given = {name: value for name, value in plain.model_dump().items() if name in blank}
    for number in range(size):
        last = "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3)))).title()
        first = chance.choice(FIRSTS)
        yield given | {
            "id": uuid7(),
            "first_name": first,
            "last_name": last,
            "sort_name": search.sort_name(first, last),
            "date_of_birth": date(1940, 1, 1) + timedelta(days=chance.randrange(25_000)),
            "primary_clinic_id": clinics[number % 500 == 0],
            "status": PatientStatus.INACTIVE if number % 50 == 0 else PatientStatus.ACTIVE,
            "created_at": now - timedelta(minutes=5 * (size - number)),
            "portal_accepted_at": now if chance.random() < 0.6 else None,
        }


def _rows(people: list[dict[str, Any]], version: UUID) -> Iterator[tuple[type[SQLModel], Iterator[dict[str, Any]]]]:
    """What hangs on them, by table: contacts and words of each, visits, forms and invoices of some."""
    now = CLOCK.now()
    yield Patient, iter(people)
    yield Contact, _contacts(people, now)
    yield SearchWord, _words(people)
    yield Appointment, _visits(people, now)
    yield AssignedForm, _forms(people, now, version)
    yield Invoice, _bills(people, now)
    yield Allergy, (_whole(Allergy(patient_id=one["id"], substance="Latex", recorded_at=now)) for one in people[::7])


def _phone(number: int) -> str:
    return f"+1503{2_000_000 + number * 37:07d}"


def _email(number: int, person: dict[str, Any]) -> str:
    return search.fold(f"{person['first_name']}.{person['last_name']}{number}@example.com")


def _contacts(people: list[dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    for number, person in enumerate(people):
        for channel, value in ((Channel.PHONE, _phone(number)), (Channel.EMAIL, _email(number, person))):
            yield _whole(Contact(patient_id=person["id"], channel=channel, value=value, created_at=now))


def _words(people: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, person in enumerate(people):
        found = search.name_words(person["first_name"], person["last_name"])
        found |= search.phone_words(_phone(number), _phone(number)[2:]) | search.email_words(_email(number, person))
        yield from ({"patient_id": person["id"], "word": word} for word in found)


def _visits(people: list[dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """One that took place for each, one to come for a third."""
    for number, person in enumerate(people):
        came, comes = now - timedelta(days=30 + number % 300), now + timedelta(days=1 + number % 90)
        statuses = {came: AppointmentStatus.COMPLETED} | ({} if number % 3 else {comes: AppointmentStatus.BOOKED})
        for at, status in statuses.items():
            row = Appointment(patient_id=person["id"], starts_at=at, ends_at=at + timedelta(hours=1), status=status)
            yield _whole(row)


def _forms(people: list[dict[str, Any]], now: datetime, version: UUID) -> Iterator[dict[str, Any]]:
    """A signed one for each, of which some ran out; one to complete for a sixth."""
    for number, person in enumerate(people):
        until = now + timedelta(days=300 if number % 5 == 0 else 200 - number % 400)
        statuses = {FormStatus.DONE: until} | ({} if number % 6 else {FormStatus.OPEN: None})
        for status, valid_until in statuses.items():
            yield _whole(
                AssignedForm(
                    patient_id=person["id"],
                    version_id=version,
                    kind=FormKind.CONSENT,
                    status=status,
                    assigned_at=now,
                    valid_until=valid_until,
                )
            )


def _bills(people: list[dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """One for a fourth of them, of which one in a hundred is unpaid."""
    for number, person in enumerate(people[::4]):
        status = InvoiceStatus.PAID if number % 100 else InvoiceStatus.UNPAID
        yield _whole(
            Invoice(
                patient_id=person["id"],
                number=number + 1,
                title="Facial",
                status=status,
                total_cents=9900,
                issued_at=now,
            )
        )


def _whole(row: SQLModel) -> dict[str, Any]:
    return row.model_dump()


def _fill(engine: Engine, table: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    """All rows at once: by COPY where there is one."""
    columns = [column.name for column in table.__table__.columns]  # pyright: ignore[reportAttributeAccessIssue]
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            while lot := list(islice(rows, LOT)):
                connection.execute(insert(table), lot)
        return
    with engine.begin() as connection:
        raw: Any = connection.connection.driver_connection
        with raw.cursor().copy(f'COPY "{table.__tablename__}" ({", ".join(columns)}) FROM STDIN') as copy:
            for row in rows:
                values = (row[name] for name in columns)
                copy.write_row([value.value if isinstance(value, StrEnum) else value for value in values])


def _asked(place: _Place, turn: int) -> dict[str, dict[str, Any]]:
    """What is asked, each time of somebody else."""
    number = (turn * 977 + 13) % len(place.people)
    person, phone = place.people[number], _phone(number)
    first, last = person["first_name"], person["last_name"]
    large, small = place.clinics
    return {
        "first page": {},
        "order by date of birth": {"sort": "-born"},
        "order by client since": {"sort": "-added"},
        "search, one letter": {"typed": "abdefghklm"[turn % 10]},
        "search, part of a name": {"typed": last[:4].lower()},
        "search, two parts in any order": {"typed": f"{last[:3]} {first[:2]}"},
        "search, four digits of a phone": {"typed": phone[-4:]},
        "search, a phone with signs": {"typed": f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}"},
        "search, an email": {"typed": _email(number, person)[:-4]},
        "search, a date of birth": {"typed": f"{person['date_of_birth']:%m/%d/%Y}"},
        "search, nobody": {"typed": "xyzzy"},
        "filter, a large clinic": {"filters": Filters(clinic_id=large)},
        "filter, a small clinic": {"filters": Filters(clinic_id=small)},
        "filter, visit in the next 7 days": {"filters": Filters(visiting=True)},
        "filter, paperwork to complete": {"filters": Filters(unsigned=True)},
        "filter, unpaid": {"filters": Filters(unpaid=True)},
        "filter, documents expiring": {"filters": Filters(expiring=True)},
        "filter, portal not accepted": {"filters": Filters(not_accepted=True)},
        "filter, inactive": {"filters": Filters(inactive=True)},
        "search, all filters, by age": {
            "typed": first[:2],
            "filters": Filters(large, unsigned=True, expiring=True, not_accepted=True),
            "sort": "born",
        },
    }


def _compare(places: Sequence[_Place]) -> dict[str, Any]:
    """In turns, so that whatever else the machine does falls on both."""
    took: dict[str, list[list[float]]] = {name: [[] for _ in places] for name in _asked(places[0], 0)}
    statements: dict[str, list[int]] = {}
    for name in took:
        counts = []
        for place in places:
            place.read(_asked(place, 0)[name])
            with counted(place.engine) as seen:
                place.read(_asked(place, 1)[name])
            counts.append(len(seen))
        statements[name] = counts
    for turn in range(TIMES):
        for name in took:
            for side, place in enumerate(places):
                asked = _asked(place, turn + 2)[name]
                started = time.perf_counter()
                place.read(asked)
                took[name][side].append(1000 * (time.perf_counter() - started))
    return {
        "seconds": [place.seconds for place in places],
        "found": {
            name: {"ms": [quantiles(one, n=20)[-1] for one in sides], "statements": statements[name]}
            for name, sides in took.items()
        },
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:3]))))
