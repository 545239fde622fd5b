"""The two applications side by side, and a practice of some thousand people with some hundred of them signed in."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import col, select

from portal.domain.paperwork import FormKind
from portal.models import (
    Appointment,
    AppointmentType,
    Clinic,
    FormTemplate,
    Patient,
    PatientStatus,
    Role,
    Staff,
)
from portal.security.sessions import COOKIE, open_session
from portal.services import paperwork, templates
from portal.settings import settings
from portal.work import SYSTEM, Actor, Work, open_work
from tests.bench.bare import BareServer
from tests.support import portal_server
from tests.support.people_csv import write_people
from tests.support.portal_server import PortalServer

PEOPLE = 10_000
VISITORS = 520  # a load test opens 500 sessions, other measurements take the rest
FORMS = 3  # that wait for each visitor
ADDRESSES = 4  # loopback addresses that sockets come from: the edge bounds the sockets of one address


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in patient with paperwork to do."""

    patient_id: UUID
    cookie: str
    forms: tuple[UUID, ...]
    address: str


@dataclass
class Stage:
    """Everything a measurement needs."""

    portal: PortalServer
    bare: BareServer
    visitors: list[Visitor] = field(default_factory=list)
    import_seconds: float = 0.0


@contextmanager
def stage() -> Iterator[Stage]:
    """Build both, fill the practice through import and services, serve both; all of it in a place of its own.

    The process must have been started with PORTAL_VAR naming an empty folder.
    """
    var = settings().var
    portal = PortalServer(var, settings={"PORTAL_JOBS": "on"})
    portal.prepare()
    made = Stage(portal, BareServer(portal_server.web_dir().parent / "bare"))
    made.import_seconds = _import(portal)
    made.visitors = _sign_in()
    portal.command("build")
    with made.bare:
        portal.start()
        try:
            yield made
        finally:
            portal.stop()
            shutil.rmtree(var, ignore_errors=True)


def _import(portal: PortalServer) -> float:
    file = write_people(portal.var / "people.csv", PEOPLE)
    started = time.perf_counter()
    portal.command("import", "patients", str(file))
    return time.perf_counter() - started


def _sign_in() -> list[Visitor]:
    with open_work(SYSTEM) as work:
        people = work.db.exec(
            select(Patient.id)
            .where(
                Patient.source == "import",
                Patient.status == PatientStatus.ACTIVE,
                Patient.date_of_birth < date(2000, 1, 1),
            )
            .order_by(col(Patient.external_id))
            .limit(VISITORS)
        ).all()
        place = _Place.of(work)
        return [_visitor(work, place, patient_id, number) for number, patient_id in enumerate(people)]


@dataclass(frozen=True, slots=True)
class _Place:
    provider: UUID
    clinic: UUID
    kind: UUID
    templates: list[UUID]

    @classmethod
    def of(cls, work: Work) -> "_Place":
        """The practice's first provider, clinic and treatment, and consents that want a signature and nothing else."""
        consents = FormTemplate.active, FormTemplate.kind == FormKind.CONSENT
        known = work.db.exec(select(FormTemplate.id).where(*consents).order_by(FormTemplate.id)).all()
        versions = ((template, templates.latest(work, template)) for template in known)
        plain = [template for template, version in versions if version and not version.initials]
        return cls(
            work.db.exec(select(Staff.id).where(Staff.role == Role.PROVIDER).limit(1)).one(),
            work.db.exec(select(Clinic.id).limit(1)).one(),
            work.db.exec(select(AppointmentType.id).limit(1)).one(),
            plain[:FORMS],
        )


def _visitor(work: Work, place: _Place, patient_id: UUID, number: int) -> Visitor:
    """A visit in some days, consents for it, and an open session."""
    starts = work.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2 + number % 20, hours=number % 8)
    visit = work.add(
        Appointment(
            patient_id=patient_id,
            provider_id=place.provider,
            clinic_id=place.clinic,
            appointment_type_id=place.kind,
            starts_at=starts,
            ends_at=starts + timedelta(minutes=45),
        )
    )
    forms = tuple(paperwork.assign(work, patient_id, template, visit.id) for template in place.templates)
    token = open_session(Work(work.db, Actor(address="127.0.0.1", device="bench"), work.clock), patient_id)
    return Visitor(patient_id, f"{COOKIE}={token}", forms, f"127.0.0.{1 + number % ADDRESSES}")
