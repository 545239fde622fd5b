"""The search finds whom a plain look at every record finds, whatever changed before; and it stays within bounds."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.access import ROLES, Role
from portal.domain.search import fold, read_question
from portal.models import (
    Appointment,
    AssignedForm,
    Channel,
    Contact,
    FormKind,
    FormStatus,
    Invoice,
    Patient,
    PatientStatus,
    TemplateVersion,
)
from portal.queries import client_conditions
from portal.queries.client_conditions import EVERYBODY, Filters
from portal.queries.client_list import SORTS, page
from portal.services import clients, search
from portal.work import SYSTEM, Actor, Work
from tests.support.clinic import OpenAs, TestClinic, furnish

DESK = Actor(kind="staff", role="front_desk", privileges=ROLES[Role.FRONT_DESK])
FIRSTS = ("Ana", "Anabel", "Zoë", "Jean-Luc", "O'Neil", "José María", "Li")
LASTS = ("Núñez", "Nunez-Ortiz", "van der Berg", "Hart", "Harth", "Ångström", "李")
TODAY = date(2026, 11, 22)


class Crowd:
    """Some dozens of people of few names, who change their names and contacts."""

    def __init__(self, work: Work, seed: int) -> None:
        self.chance = Random(seed)
        self.clinic: TestClinic = furnish(work)
        search.index_many(work, work.db.exec(select(Patient)).all())
        for _ in range(60):
            self.add(work)

    def add(self, work: Work) -> None:
        pick = self.chance
        patient = work.add(
            Patient(
                practice_id=self.clinic.practice_id,
                primary_clinic_id=pick.choice((None, self.clinic.clinic_id)),
                first_name=pick.choice(FIRSTS),
                last_name=pick.choice(LASTS),
                date_of_birth=date(1980, 1, 1) + timedelta(days=pick.randrange(40)),
                status=PatientStatus.INACTIVE if pick.random() < 0.1 else PatientStatus.ACTIVE,
                created_at=work.now() - timedelta(minutes=pick.randrange(10_000)),
                portal_accepted_at=pick.choice((None, work.now())),
            )
        )
        self.reach(work, patient)
        if pick.random() < 0.3:
            at = work.now() + timedelta(days=pick.randrange(14))
            work.add(Appointment(patient_id=patient.id, starts_at=at, ends_at=at + timedelta(hours=1)))
        search.index(work, patient)

    def reach(self, work: Work, patient: Patient) -> None:
        number, at = self.chance.randrange(100), work.now()
        if self.chance.random() < 0.8:
            value = f"+1503555{number:04d}"
            work.add(Contact(patient_id=patient.id, channel=Channel.PHONE, value=value, created_at=at))
        if self.chance.random() < 0.5:
            value = f"{fold(patient.first_name)[:3].strip()}.{number}@example.com"
            work.add(Contact(patient_id=patient.id, channel=Channel.EMAIL, value=value, created_at=at))

    def change(self, work: Work) -> None:
        """As the services do: a name, or a phone number."""
        row = self.chance.choice(work.db.exec(select(Patient).where(Patient.status == "active")).all())
        if self.chance.random() < 0.5:
            row.last_name, row.preferred_name = self.chance.choice(LASTS), self.chance.choice(("", "Nic"))
            work.db.add(row)
            search.index(work, row)
        elif row.id not in (self.clinic.child.patient_id,):
            clients.set_contact(work, row.id, Channel.PHONE, f"(503) 555-{2000 + self.chance.randrange(8000)}")


def scan(work: Work, typed: str, filters: Filters) -> set[UUID]:
    """The same by looking at everybody, word by word."""
    question = read_question(typed, TODAY)
    found = set()
    for patient in work.db.exec(select(Patient)).all():
        contacts = work.db.exec(
            select(Contact.value).where(Contact.patient_id == patient.id, col(Contact.retired_at).is_(None))
        ).all()
        words = set()
        for name in (patient.first_name, patient.last_name, patient.preferred_name):
            for whole in fold(name).split():
                parts = [part for part in whole.replace("'", "-").split("-") if part]
                words |= {*parts, "".join(parts)}
        for value in contacts:
            if value.startswith("+"):
                words |= {value[1:], value[2:], value[-7:], value[-4:]}
            else:
                words |= {value, *value.partition("@")[0].replace("-", ".").split(".")}
        fits = all(any(word.startswith(term) for word in words) for term in question.terms)
        fits &= question.born in (None, patient.date_of_birth)
        fits &= (patient.status is PatientStatus.INACTIVE) == filters.inactive
        fits &= filters.clinic_id in (None, patient.primary_clinic_id)
        fits &= not (filters.not_accepted and patient.portal_accepted_at)
        if filters.visiting:
            week = work.now() + timedelta(days=7)
            visits = select(Appointment.starts_at).where(Appointment.patient_id == patient.id)
            fits &= any(work.now() <= at < week for at in work.db.exec(visits))
        if fits:
            found.add(patient.id)
    return found


def everybody(work: Work, typed: str, filters: Filters, sort: str) -> tuple[list[UUID], int | None]:
    """All pages, and how many the first one says that there are."""
    ids: list[UUID] = []
    key, found = "", None
    while True:
        one = page(work, typed, filters, sort, key)
        found = one.found if not key else found
        ids += [UUID(line.id) for line in one.lines]
        key = one.next
        if not key:
            return ids, found


QUESTIONS = (
    *("", "a", "an", "n", "nun", "berg van", "hart", "o", "oneil", "jean luc", "555", "0042", "5550042", "(503) 555"),
    *("zoe", "ang", "李", "01/05/1980", "ana 01/09/1980", "ana.", "example", "nic", "x", "ana hart 5"),
)
FILTERS = (
    EVERYBODY,
    Filters(inactive=True),
    Filters(not_accepted=True),
    Filters(visiting=True),
    Filters(visiting=True, not_accepted=True),
)


@pytest.mark.parametrize("few", [0, 5, 2000])
def test_the_list_is_what_a_plain_scan_finds(
    open_as: OpenAs, clock: FixedClock, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`few` decides which way is taken: through the order of the list, through what leads, or either."""
    monkeypatch.setattr(client_conditions, "FEW", few)
    with open_as(SYSTEM) as work:
        crowd = Crowd(work, few)
        for _ in range(40):
            crowd.change(work)
    chance = Random(few)
    with open_as(DESK, write=False) as work:
        for typed in QUESTIONS:
            filters, sort = chance.choice(FILTERS), chance.choice(SORTS)
            ids, found = everybody(work, typed, filters, sort)
            asked = f"{typed!r} {filters} {sort}"
            assert len(ids) == len(set(ids)), asked
            assert set(ids) == scan(work, typed, filters), asked
            assert found in (None, len(ids)), asked


def test_clients_of_before_are_indexed_by_and_by_and_once(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        furnish(work)
    with open_as(DESK, write=False) as work:
        assert page(work, "hart").lines == []
    for number in (2, 1, 0):
        with open_as(SYSTEM) as work:
            assert search.index_missing(work, most=2) == number
    with open_as(DESK, write=False) as work:
        assert [line.name for line in page(work, "hart").lines] == ["Amelia Hart"]
        assert [line.last for line in page(work).lines] == ["Delgado", "Delgado", "Hart"]


def test_the_same_page_whatever_leads_the_way(open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paperwork, invoices and documents: few of them, and asked of each."""
    with open_as(SYSTEM) as work:
        clinic = furnish(work)
        search.index_many(work, work.db.exec(select(Patient)).all())
        template = clinic.template(work, valid_months=12)
        version = work.db.exec(select(TemplateVersion.id).where(TemplateVersion.template_id == template)).one()
        now = work.now()
        assert clinic.amelia.patient_id
        assert clinic.rosa.patient_id
        for who, status, until in (
            (clinic.amelia.patient_id, FormStatus.DONE, now + timedelta(days=3)),
            (clinic.rosa.patient_id, FormStatus.DONE, now - timedelta(days=3)),
            (clinic.rosa.patient_id, FormStatus.DONE, now + timedelta(days=300)),
            (clinic.rosa.patient_id, FormStatus.OPEN, None),
        ):
            work.add(
                AssignedForm(
                    patient_id=who,
                    version_id=version,
                    kind=FormKind.CONSENT,
                    status=status,
                    assigned_at=now,
                    valid_until=until,
                )
            )
        work.add(Invoice(patient_id=clinic.rosa.patient_id, number=1, title="Peel", total_cents=100, issued_at=now))
    for few in (0, 2000):
        monkeypatch.setattr(client_conditions, "FEW", few)
        with open_as(DESK, write=False) as work:
            found = {
                name: [line.first for line in page(work, filters=Filters(**{name: True})).lines]
                for name in ("expiring", "unsigned", "unpaid")
            }
        assert found == {"expiring": ["Amelia"], "unsigned": ["Rosa"], "unpaid": ["Rosa"]}, few
