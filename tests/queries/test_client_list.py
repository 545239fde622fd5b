"""The list of clients: found by any word, filtered, page by page; statements do not grow."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from portal.clock import FixedClock
from portal.domain.access import ROLES, Role
from portal.errors import Denied
from portal.models import Allergy, Channel, Contact, Patient, PatientStatus
from portal.queries.client_conditions import Filters
from portal.queries.client_list import PAGE, SORTS, page
from portal.services.search import index
from portal.work import NOBODY, SYSTEM, Actor, Work
from tests.support.clinic import OpenAs, TestClinic, furnish

DESK = Actor(kind="staff", role="front_desk", privileges=ROLES[Role.FRONT_DESK])


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """Amelia Hart, Rosa and Mateo Delgado, findable."""
    with open_as(SYSTEM) as work:
        made = furnish(work)
        for who in (made.amelia, made.rosa, made.child):
            index(work, work.get(Patient, who.patient_id))
    return made


def person(work: Work, clinic: TestClinic, first: str, last: str, phone: str = "", email: str = "") -> UUID:
    patient = work.add(
        Patient(
            practice_id=clinic.practice_id,
            first_name=first,
            last_name=last,
            date_of_birth=date(1990, 5, 6),
            created_at=work.now(),
        )
    )
    for channel, value in ((Channel.PHONE, phone), (Channel.EMAIL, email)):
        if value:
            work.add(Contact(patient_id=patient.id, channel=channel, value=value, created_at=work.now()))
    index(work, patient)
    return patient.id


def names(open_as: OpenAs, typed: str = "", **filters: object) -> list[str]:
    with open_as(DESK, write=False) as work:
        return [line.name for line in page(work, typed, Filters(**filters)).lines]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    [
        "hart",
        "HART amelia",
        "am ha",
        "(503) 555-0187",
        "50355501 87",
        "0187",
        "5550187",
        "+1 503 555 0187",
        "03/14/1988",
    ],
)
def test_amelia_is_found_by(clinic: TestClinic, open_as: OpenAs, typed: str) -> None:
    assert names(open_as, typed) == ["Amelia Hart"]


@pytest.mark.parametrize("typed", ["melia", "hart rosa", "0186", "03/15/1988", "%", "_", "'; --", "\x00"])
def test_nobody_is_found_by(clinic: TestClinic, open_as: OpenAs, typed: str) -> None:
    assert names(open_as, typed) == []


def test_accents_and_emails(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        person(work, clinic, "Zoë", "Núñez-Ortiz", email="zoe.n@example.com")
    for typed in ("zoe", "ZOË", "nunez", "ortiz", "nunezor", "zoe.n@exa"):
        assert names(open_as, typed) == ["Zoë Núñez-Ortiz"], typed


def test_pages_follow_one_another_and_miss_nobody(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        for number in range(2 * PAGE + 5):
            clock.advance(seconds=1)
            person(work, clinic, f"P{number:03}", "Same")
    for sort in SORTS:
        seen: list[str] = []
        key = ""
        with open_as(DESK, write=False) as work:
            while True:
                found = page(work, sort=sort, after=key)
                assert len(found.lines) <= PAGE
                seen += [f"{line.last} {line.first}" for line in found.lines]
                key = found.next
                if not key:
                    break
        assert len(seen) == len(set(seen)) == 2 * PAGE + 8
        if sort == "name":
            assert seen == sorted(seen)


@pytest.mark.parametrize("key", ["x", "bnVsbA==", "W10=", "WyJhIl0=", "eyJhIjoxfQ=="])
def test_a_key_that_is_none_begins_at_the_start(clinic: TestClinic, open_as: OpenAs, key: str) -> None:
    with open_as(DESK, write=False) as work:
        assert len(page(work, after=key).lines) == 3


def test_who_went_or_was_merged_is_left_out(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        gone, merged = person(work, clinic, "Gone", "One"), person(work, clinic, "Merged", "One")
        work.get(Patient, gone).status = PatientStatus.INACTIVE
        work.get(Patient, merged).merged_into_id = clinic.amelia.patient_id
        work.db.flush()
    assert names(open_as, "one") == []
    assert names(open_as, inactive=True) == ["Gone One"]


def test_symbols(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        now = work.now()
        for who, ended in ((clinic.amelia, None), (clinic.rosa, now - timedelta(days=1))):
            work.add(Allergy(patient_id=who.patient_id, substance="Latex", recorded_at=now, ended_at=ended))
    with open_as(DESK, write=False) as work:
        assert [line.symbols.allergies for line in page(work).lines] == [False, False, True]


def test_only_those_who_may(clinic: TestClinic, open_as: OpenAs) -> None:
    for actor in (NOBODY, clinic.amelia, Actor(kind="staff"), Actor(kind="locked", privileges=DESK.privileges)):
        with open_as(actor, write=False) as work, pytest.raises(Denied):
            page(work)
