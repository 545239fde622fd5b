"""One record judged: what is sound is taken, the rest is said."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.findings import Finding
from portal.imports.people import COLUMNS, Person, Reader
from portal.imports.reading import Record

TODAY = date(2026, 11, 21)
PEARL = uuid4()
ANA = {"external_id": "7", "first_name": "Ana", "last_name": "Solís", "birth_date": "1999-06-22"}


def judge(**cells: str) -> tuple[Person | None, list[Finding]]:
    reader = Reader(TODAY, "US", {"pearl district": PEARL})
    return reader.read(Record(2, ANA | {"phone": "(503) 226-1234"} | cells)), reader.findings


def taken(**cells: str) -> tuple[Person, list[Finding]]:
    person, findings = judge(**cells)
    assert person is not None, findings
    return person, findings


def test_a_sound_record_is_taken_whole_and_nothing_is_told() -> None:
    person, findings = taken(
        email="Ana.Solis@Example.com", clinic="PEARL District", sex="F", country="us", address="1  A St"
    )
    assert not findings
    assert (person.phone, person.email) == ("+15032261234", "ana.solis@example.com")
    assert person.values == {
        "first_name": "Ana",
        "last_name": "Solís",
        "date_of_birth": date(1999, 6, 22),
        "sex": "female",
        "street": "1 A St",
        "country": "US",
        "primary_clinic_id": PEARL,
    }


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"external_id": ""}, "external_id is empty"),
        ({"first_name": ""}, "first_name is empty"),
        ({"last_name": "x" * 201}, "longer than 200"),
        ({"last_name": "So\u0007lis"}, "cannot be seen"),
        ({"last_name": "So\u202elis"}, "cannot be seen"),
        ({"birth_date": "06/22/1999"}, "YYYY-MM-DD"),
        ({"birth_date": "1999-02-30"}, "YYYY-MM-DD"),
        ({"birth_date": "2026-11-22"}, "future"),
        ({"birth_date": "1905-11-20"}, "older than 120"),
        ({"deceased_at": "last week"}, "cannot be told who lives"),
        ({"deceased_at": "1999-06-21"}, "before the birth"),
        ({"deceased_at": "2026-11-23"}, "future"),
    ],
)
def test_what_cannot_be_a_person_is_not_taken(cells: dict[str, str], reason: str) -> None:
    person, findings = judge(**cells)
    assert person is None
    assert [finding.kind for finding in findings] == ["row"]
    assert reason in findings[0].reason


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("phone", "555-327-1154", "phone 555-327-1154 is not a possible number: left out"),
        ("phone", "call me", "is not a possible number"),
        ("email", "jorge luis.luna332@example.com", "no spaces"),
        ("email", "ana@localhost", "ending"),
        ("sex", "yes", "none of female, male"),
        ("country", "Oregon", "two-letter"),
        ("language", "Klingon?", "not a code"),
        ("clinic", "Salem", "no clinic"),
        ("prefix", "M" * 201, "longer than 200"),
        ("guardian_name", "Rosa", "18 or older"),
    ],
)
def test_an_unsound_value_is_left_out_and_the_rest_taken(column: str, value: str, reason: str) -> None:
    person, findings = taken(**{"email": "ana@example.com", column: value})
    assert [finding.kind for finding in findings] == ["value"]
    assert reason in findings[0].reason
    assert value not in {person.phone, person.email, *map(str, person.values.values())}


def test_letters_outside_ascii_are_kept_in_names_and_emails() -> None:
    person, findings = taken(first_name="Zoe\u0308", email="ana.solís969@example.com")
    assert person.values["first_name"] == "Zoë"
    assert person.email == "ana.solís969@example.com"
    assert [(finding.kind, finding.field) for finding in findings] == [("note", "email")]


def test_the_dead_are_taken_and_told() -> None:
    person, findings = taken(deceased_at="2020-08-26T13:51:02.939746+02:00")
    assert person.values["deceased_at"] == datetime(2020, 8, 26, 11, 51, 2, 939746, UTC)
    assert "inactive" in findings[0].reason


def test_a_child_needs_a_guardian() -> None:
    child = {"birth_date": "2015-01-01"}
    person, findings = taken(**child)
    assert person.guardian is None
    assert "needs a guardian" in findings[0].reason
    guardian = {"guardian_name": "Rosa Solís", "guardian_relationship": "Mother"}
    person, findings = taken(**child, **guardian, guardian_email="Rosa@example.com")
    assert person.guardian is not None
    assert not findings
    assert person.guardian.email == "rosa@example.com"
    person, findings = taken(**child, **guardian, guardian_phone="555-327-1154")
    assert person.guardian is None
    assert {finding.kind for finding in findings} == {"value", "note"}


def test_nobody_is_without_a_way_in_unnoticed() -> None:
    _, findings = taken(phone="")
    assert "cannot log in" in findings[0].reason


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=60)))
def test_whatever_stands_in_the_cells_is_judged_and_never_breaks(cells: dict[str, str]) -> None:
    person, findings = judge(**cells)
    assert person is not None or findings
