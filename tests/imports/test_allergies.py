"""Allergies of another system: what is taken, what is left out and why, twice is once, on both engines."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, func, select

from portal.clock import FixedClock
from portal.imports.findings import Taken
from portal.imports.report import Report
from portal.imports.running import import_allergies, import_people
from portal.models import Allergy, AuditEvent, Patient, Practice
from portal.work import SYSTEM, open_work

FIXTURES = Path(__file__).parents[1] / "fixtures"
HEADER = "external_id,substance,status,reaction,severity,recorded"
PEOPLE = """external_id,first_name,last_name,birth_date
a1,Ana,Solís,1999-06-22
b2,Ben,Ito,1980-01-05
"""

Import = Callable[..., tuple[Taken, list[dict[str, str]]]]


@pytest.fixture
def take(engine: Engine, clock: FixedClock, tmp_path: Path) -> Import:
    """Import a file, or lines under the usual header, into a practice with two people; the totals and the report."""
    with open_work(SYSTEM, clock=clock, engine=engine) as work:
        work.add(
            Practice(
                name="Lumière", wordmark="Lumière", phone="+15035550142", email="hello@lumiere.example",
                time_zone="America/Los_Angeles",
            )
        )  # fmt: skip
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    with Report(tmp_path / "people-report.csv") as report:
        import_people(people, report, engine=engine, clock=clock)

    def run(*lines: str, path: Path | None = None, dry_run: bool = False) -> tuple[Taken, list[dict[str, str]]]:
        if path is None:
            path = tmp_path / "allergies.csv"
            path.write_text("\n".join((HEADER, *lines)), encoding="utf-8")
        with Report(tmp_path / "report.csv") as report:
            total = import_allergies(path, report, engine=engine, clock=clock, dry_run=dry_run)
        with report.path.open(encoding="utf-8-sig", newline="") as file:
            return total, list(csv.DictReader(file))

    return run


def kept(engine: Engine) -> list[Allergy]:
    with open_work(engine=engine, write=False) as work:
        return list(work.db.exec(select(Allergy).order_by(col(Allergy.id))).all())


def test_what_is_sound_is_taken_and_the_rest_is_told(take: Import, engine: Engine) -> None:
    total, report = take(
        "a1,Latex (substance),active,Hives,Severe,2020-03-04",
        "a1,Aspirin,resolved,,terrible,",
        "b2,Penicillin V,refuted,,,",
        "b2,,active,,,",
        "c3,Latex,active,,,",
        "b2,Allergic disposition (finding),,,,2999-01-01",
        "a1,<script>alert(1)</script>,,,,not a day",
    )
    assert (total.created, total.refused) == (4, 3)
    latex, aspirin, disposition, script = kept(engine)
    assert (latex.substance, latex.reaction, latex.severity, latex.source) == ("Latex", "Hives", "severe", "import")
    assert latex.recorded_at.isoformat() == "2020-03-04T08:00:00+00:00"  # midnight at the practice
    assert aspirin.ended_at is not None
    assert aspirin.severity == ""
    assert disposition.ended_at is None
    assert script.substance == "<script>alert(1)</script>"  # words, whatever they are
    assert {(row["line"], row["what"], row["column"]) for row in report} == {
        ("3", "value left out", "severity"),
        ("4", "row left out", "status"),
        ("5", "row left out", "substance"),
        ("6", "row left out", "external_id"),
        ("7", "value left out", "recorded"),
        ("7", "note", "substance"),
        ("8", "value left out", "recorded"),
    }


def test_a_second_run_changes_nothing_and_staff_stay_right(take: Import, engine: Engine) -> None:
    take("a1,Latex,active,,,")
    latex = kept(engine)[0]
    with open_work(SYSTEM, engine=engine) as work:  # staff ended it, and wrote another down
        row = work.get(Allergy, latex.id)
        row.ended_at = work.now()
        work.add(Allergy(patient_id=row.patient_id, substance="aspirin", recorded_at=work.now()))
    total, report = take("a1,Latex,active,,,", "a1,Aspirin,resolved,,,", "a1,latex,active,,,")
    assert (total.created, total.unchanged) == (0, 3)
    assert [row["what"] for row in report] == ["note"]
    assert len(kept(engine)) == 2


def test_no_known_allergies_is_over_when_the_file_names_one(take: Import, engine: Engine) -> None:
    with open_work(SYSTEM, engine=engine) as work:
        ana = work.db.exec(select(Patient).where(Patient.external_id == "a1")).one()
        ana.no_allergies_at = work.now()
    _total, report = take("a1,Latex,active,,,")
    assert "that is over" in report[0]["reason"]
    with open_work(engine=engine, write=False) as work:
        assert work.db.exec(select(Patient).where(Patient.external_id == "a1")).one().no_allergies_at is None


def test_a_dry_run_keeps_nothing(take: Import, engine: Engine) -> None:
    total, _report = take("a1,Latex,active,,,", dry_run=True)
    assert total.created == 1
    assert kept(engine) == []


def test_the_export_of_another_system_comes_over_whole(take: Import, engine: Engine, tmp_path: Path) -> None:
    with Report(tmp_path / "p.csv") as report:
        import_people(FIXTURES / "patients.csv", report, engine=engine)
    total, report_rows = take(path=FIXTURES / "allergies.csv")
    assert (total.created, total.refused) == (90, 0)
    assert sum(row["what"] == "note" for row in report_rows) == 7  # dispositions that name no substance
    again, _ = take(path=FIXTURES / "allergies.csv")
    assert (again.created, again.unchanged) == (0, 90)
    with open_work(engine=engine, write=False) as work:
        told = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "allergy.imported")
        assert work.db.exec(told).one() == 90
    assert not [row for row in kept(engine) if row.substance.endswith(")")]
