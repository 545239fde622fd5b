"""An import into a real database, on both engines: idempotent, whole, fast, and honest about what it left out."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import SQLModel, col, func, select

from portal.clock import FixedClock
from portal.errors import PortalError
from portal.imports.findings import Taken
from portal.imports.report import Report, harmless
from portal.imports.running import import_people
from portal.models import AuditEvent, Channel, Contact, Guardian, ImportedRow, Patient, PatientStatus, Practice
from portal.services.household import reached_by
from portal.work import SYSTEM, open_work
from tests.support.people_csv import write_people

SYNTHETIC = Path(__file__).parents[1] / "fixtures" / "patients.csv"
HEADER = "external_id,first_name,last_name,birth_date,phone,email,city,language"
ANA = "a1,Ana,Solís,1999-06-22,(503) 226-1234,ana@example.com,Portland,"

Import = Callable[..., tuple[Taken, list[dict[str, str]]]]


@pytest.fixture
def practice(engine: Engine, clock: FixedClock) -> None:
    with open_work(SYSTEM, clock=clock, engine=engine) as work:
        work.add(Practice(name="Lumière", wordmark="Lumière", phone="+15035550142", email="hello@lumiere.example"))


@pytest.fixture
def take(engine: Engine, clock: FixedClock, tmp_path: Path, practice: None) -> Import:
    """Import a file, or lines under the usual header; the totals and the report's rows."""

    def run(*lines: str, path: Path | None = None, dry_run: bool = False) -> tuple[Taken, list[dict[str, str]]]:
        if path is None:
            path = tmp_path / "people.csv"
            path.write_text("\n".join((HEADER, *lines)), encoding="utf-8")
        with Report(tmp_path / "report.csv") as report:
            total = import_people(path, report, engine=engine, clock=clock, dry_run=dry_run)
        with report.path.open(encoding="utf-8-sig", newline="") as file:
            return total, list(csv.DictReader(file))

    return run


def rows(engine: Engine, table: type[SQLModel], **where: Any) -> list[Any]:
    with open_work(SYSTEM, engine=engine, write=False) as work:
        found = list(work.db.exec(select(table).filter_by(**where).order_by(col(table.id))))  # type: ignore[attr-defined]
        work.db.expunge_all()
        return found


def change(engine: Engine, **values: Any) -> None:
    """What a patient or the front desk does in the meantime."""
    with open_work(SYSTEM, engine=engine) as work:
        patient = work.db.exec(select(Patient)).one()
        for name, value in values.items():
            setattr(patient, name, value)
        work.db.add(patient)


def counts(total: Taken) -> tuple[int, int, int, int]:
    return total.created, total.changed, total.unchanged, total.refused


def test_the_synthetic_practice_comes_over(take: Import, engine: Engine) -> None:
    total, report = take(path=SYNTHETIC)
    assert counts(total) == (60, 0, 0, 0)
    people = {patient.external_id: patient for patient in rows(engine, Patient)}
    assert people["bbb6d042-1bd6-484e-8cac-744b3bce628d"].last_name == "Solís"
    assert {patient.source for patient in people.values()} == {"import"}
    dead = [patient for patient in people.values() if patient.deceased_at]
    assert len(dead) == 7
    assert all(patient.status is PatientStatus.INACTIVE for patient in dead)
    contacts = rows(engine, Contact)
    assert {contact.channel for contact in contacts} == {Channel.EMAIL}  # no phone number in the file is a possible one
    assert "ana.solís969@example.com" in {contact.value for contact in contacts}
    reasons = [row["reason"] for row in report]
    assert sum("is not a possible number: left out" in reason for reason in reasons) == 60
    assert sum("has no spaces" in reason for reason in reasons) == 2
    assert sum("needs a guardian" in reason for reason in reasons) == 9
    assert sum("taken as inactive" in reason for reason in reasons) == 7
    assert len(rows(engine, AuditEvent, action="patient.imported")) == 60


def test_a_second_run_changes_nothing(take: Import, engine: Engine) -> None:
    take(path=SYNTHETIC)
    before = {table: rows(engine, table) for table in (Patient, Contact, ImportedRow)}
    total, report = take(path=SYNTHETIC)
    assert counts(total) == (0, 0, 60, 0)
    assert len(report) > 60  # what is left out is told again
    assert {table: rows(engine, table) for table in before} == before
    assert len(rows(engine, AuditEvent, action="import.finished")) == 2


def test_an_imported_adult_can_sign_in_at_once_and_others_cannot(take: Import, engine: Engine) -> None:
    take(path=SYNTHETIC)

    def reached(email: str) -> int:
        with open_work(SYSTEM, engine=engine, write=False) as work:
            return len(reached_by(work, Channel.EMAIL, email, date(2026, 11, 21)))

    assert reached("ana.solís969@example.com") == 1
    assert reached("anita.munguía158@example.com") == 0  # has died
    assert reached("byron.smith943@example.com") == 0  # is a child


def test_a_dry_run_keeps_nothing_but_its_report(take: Import, engine: Engine) -> None:
    total, report = take(path=SYNTHETIC, dry_run=True)
    assert total.created == 60
    assert report
    assert not rows(engine, Patient)
    assert not rows(engine, AuditEvent)


def test_the_file_changes_what_still_is_as_it_left_it(take: Import, engine: Engine) -> None:
    take(ANA)
    total, report = take(ANA.replace("Portland", "Salem").replace("226-1234", "226-9999"))
    assert counts(total) == (0, 1, 0, 0)
    assert not report
    (patient,) = rows(engine, Patient)
    assert (patient.city, patient.version) == ("Salem", 2)
    phones = rows(engine, Contact, channel=Channel.PHONE)
    assert [(phone.value, phone.retired_at is None) for phone in phones] == [
        ("+15032261234", False),
        ("+15032269999", True),
    ]
    (event,) = rows(engine, AuditEvent, action="patient.import_changed")
    assert event.detail == {"fields": ["city", "phone"]}


def test_what_was_changed_here_stays_and_is_told_once(take: Import, engine: Engine) -> None:
    take(ANA)
    change(engine, city="Eugene")
    assert counts(take(ANA)[0]) == (0, 0, 1, 0)
    total, report = take(ANA.replace("Portland", "Salem"))
    assert counts(total) == (0, 0, 1, 0)
    assert [row["reason"] for row in report] == ["city was changed here since the last import: kept as it is here"]
    assert take(ANA.replace("Portland", "Salem"))[1] == []
    assert rows(engine, Patient)[0].city == "Eugene"


def test_a_contact_that_was_proved_is_the_persons_own(take: Import, engine: Engine, clock: FixedClock) -> None:
    take(ANA)
    with open_work(SYSTEM, engine=engine) as work:
        email = work.db.exec(select(Contact).where(Contact.channel == Channel.EMAIL)).one()
        email.verified_at = clock.now()
        work.db.add(email)
    total, report = take(ANA.replace("ana@", "other@"))
    assert counts(total) == (0, 0, 1, 0)
    assert "proved with a code" in report[0]["reason"]
    assert [contact.value for contact in rows(engine, Contact, channel=Channel.EMAIL)] == ["ana@example.com"]


def test_an_empty_cell_says_nothing(take: Import, engine: Engine) -> None:
    take(ANA)
    assert counts(take("a1,Ana,Solís,1999-06-22,,,,")[0]) == (0, 0, 1, 0)
    assert rows(engine, Patient)[0].city == "Portland"
    assert all(contact.retired_at is None for contact in rows(engine, Contact))


def test_a_default_of_ours_does_not_stand_in_the_files_way(take: Import, engine: Engine) -> None:
    take(ANA)
    assert take(ANA + "es")[0].changed == 1
    assert rows(engine, Patient)[0].language == "es"


def test_who_signed_up_before_the_import_is_the_same_person(take: Import, engine: Engine) -> None:
    take(ANA)
    with open_work(SYSTEM, engine=engine) as work:
        work.db.execute(text("DELETE FROM imported_row"))
        patient = work.db.exec(select(Patient)).one()
        patient.external_id, patient.source, patient.city = None, "sign-up", ""
        work.db.add(patient)
    total, report = take(ANA)
    assert counts(total) == (0, 1, 0, 0)
    assert "the same person" in report[0]["reason"]
    (patient,) = rows(engine, Patient)
    assert (patient.external_id, patient.city) == ("a1", "Portland")
    namesake = "a2,Ana,Solís,1999-06-22,(503) 226-7777,other@example.com,Salem,"
    change(engine, external_id=None)
    total, report = take(namesake)
    assert counts(total) == (1, 0, 0, 0)
    assert "another person was made" in report[0]["reason"]


def test_the_same_id_twice_is_taken_once(take: Import) -> None:
    total, report = take(ANA, ANA.replace("Ana,", "Anna,"))
    assert counts(total) == (1, 0, 0, 1)
    assert (report[0]["line"], report[0]["reason"]) == ("3", "this id came on line 2 already")


def test_a_death_makes_the_record_inactive(take: Import, engine: Engine, tmp_path: Path) -> None:
    take(ANA)
    path = tmp_path / "later.csv"
    path.write_text(f"{HEADER},deceased_at\n{ANA},2026-01-05", encoding="utf-8")
    assert take(path=path)[0].changed == 1
    assert rows(engine, Patient)[0].status is PatientStatus.INACTIVE


def test_a_guardian_comes_with_the_child(take: Import, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "child.csv"
    columns = "external_id,first_name,last_name,birth_date,guardian_name,guardian_relationship,guardian_email"
    path.write_text(f"{columns}\nc1,Leo,Solís,2015-01-01,Ana Solís,Mother,ana@example.com\n", encoding="utf-8")
    total, report = take(path=path)
    assert (counts(total), report) == ((1, 0, 0, 0), [])
    (guardian,), (contact,) = rows(engine, Guardian), rows(engine, Contact)
    assert contact.guardian_id == guardian.id
    assert counts(take(path=path)[0]) == (0, 0, 1, 0)
    assert len(rows(engine, Guardian)) == 1


def test_a_row_that_the_database_refuses_goes_alone(take: Import, engine: Engine) -> None:
    with open_work(SYSTEM, engine=engine) as work:
        if engine.dialect.name == "sqlite":
            work.db.execute(
                text(
                    "CREATE TRIGGER refuse BEFORE INSERT ON contact WHEN NEW.value = 'bad@example.com' "
                    "BEGIN SELECT RAISE(ABORT, 'refused'); END"
                )
            )
        else:
            work.db.execute(text("ALTER TABLE contact ADD CONSTRAINT refuse CHECK (value <> 'bad@example.com')"))
    bad = "b1,Bo,Cole,1990-01-01,,bad@example.com,,"
    total, report = take(ANA, bad, ANA.replace("a1", "a3").replace("ana@", "cy@"))
    assert counts(total) == (2, 0, 0, 1)
    assert [(row["line"], row["reason"]) for row in report] == [("3", "the database refuses it")]
    assert {patient.external_id for patient in rows(engine, Patient)} == {"a1", "a3"}
    assert len(rows(engine, AuditEvent, action="patient.imported")) == 2


def test_unknown_columns_and_broken_lines_are_told(take: Import, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(f'{HEADER},"=cmd|calc"\n{ANA},x\n{ANA}\n', encoding="utf-8")
    total, report = take(path=path)
    assert counts(total) == (1, 0, 0, 1)
    assert report[0]["column"] == "'=cmd|calc"
    assert "8 values where the header has 9" in report[1]["reason"]


def test_without_a_practice_the_import_says_so(engine: Engine, tmp_path: Path) -> None:
    with Report(tmp_path / "report.csv") as report, pytest.raises(PortalError, match="no practice yet"):
        import_people(SYNTHETIC, report, engine=engine)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "%", " ="])
def test_no_spreadsheet_takes_a_cell_for_a_formula(start: str) -> None:
    assert harmless(f"{start}1+1").startswith("'")
    assert harmless("\tx\r") == "�x�"


def test_the_report_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "private" / "report.csv"
    with Report(path):
        pass
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_thousand_rows_are_taken_whole(take: Import, engine: Engine, tmp_path: Path) -> None:
    """How fast is for `make bench` to say."""
    total, _ = take(path=write_people(tmp_path / "many.csv", 1000))
    assert total.created == 1000
    with open_work(SYSTEM, engine=engine, write=False) as work:
        assert work.db.exec(select(func.count()).select_from(Contact)).one() == 2000
