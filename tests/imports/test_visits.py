"""Visits of another system: what is taken as the past, what is left out and why, on both engines."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel, col, func, select

from portal.clock import FixedClock
from portal.domain.scheduling import AppointmentStatus
from portal.imports.findings import Taken
from portal.imports.report import Report
from portal.imports.running import import_people, import_visits
from portal.models import (
    Appointment,
    AppointmentTick,
    AssignedForm,
    AuditEvent,
    LiveChange,
    Notification,
    OutboxMessage,
    Patient,
    Practice,
)
from portal.work import SYSTEM, open_work

FIXTURES = Path(__file__).parents[1] / "fixtures"
HEADER = "external_id,start,end,type,status"
PEOPLE = """external_id,first_name,last_name,birth_date,deceased_at
a1,Ana,Solís,1999-06-22,
b2,Ben,Ito,1980-01-05,2025-03-01
"""

Import = Callable[..., tuple[Taken, list[dict[str, str]]]]


@pytest.fixture
def take(engine: Engine, clock: FixedClock, tmp_path: Path) -> Import:
    """Import a file, or lines under the usual header, into a practice with two people; the totals and the report."""
    with open_work(SYSTEM, clock=clock, engine=engine) as work:
        work.add(
            Practice(
                name="Lumière",
                wordmark="Lumière",
                phone="+15035550142",
                email="hello@lumiere.example",
                time_zone="America/Los_Angeles",
            )
        )
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    with Report(tmp_path / "people-report.csv") as report:
        import_people(people, report, engine=engine, clock=clock)

    def run(*lines: str, path: Path | None = None, dry_run: bool = False) -> tuple[Taken, list[dict[str, str]]]:
        if path is None:
            path = tmp_path / "visits.csv"
            path.write_text("\n".join((HEADER, *lines)), encoding="utf-8")
        with Report(tmp_path / "report.csv") as report:
            total = import_visits(path, report, engine=engine, clock=clock, dry_run=dry_run)
        with report.path.open(encoding="utf-8-sig", newline="") as file:
            return total, list(csv.DictReader(file))

    return run


def visits(engine: Engine) -> list[Appointment]:
    with open_work(SYSTEM, engine=engine, write=False) as work:
        found = list(work.db.exec(select(Appointment).order_by(col(Appointment.starts_at))))
        work.db.expunge_all()
        return found


def count(engine: Engine, table: type[SQLModel]) -> int:
    with open_work(SYSTEM, engine=engine, write=False) as work:
        return work.db.exec(select(func.count()).select_from(table)).one()


def test_a_finished_visit_is_history_and_nothing_more(engine: Engine, take: Import) -> None:
    total, report = take("a1,2025-02-03T17:30:00+00:00,2025-02-03T18:15:00+00:00,Chemical peel (procedure),finished")
    assert (total.created, total.refused, report) == (1, 0, [])
    (visit,) = visits(engine)
    assert visit.title == "Chemical peel"
    assert visit.status is AppointmentStatus.COMPLETED
    assert visit.starts_at == datetime(2025, 2, 3, 17, 30, tzinfo=UTC)
    assert visit.ends_at - visit.starts_at == timedelta(minutes=45)
    assert (visit.provider_id, visit.clinic_id, visit.appointment_type_id) == (None, None, None)
    for table in (Notification, OutboxMessage, AssignedForm, AppointmentTick):
        assert count(engine, table) == 0, table.__name__


def test_running_it_again_adds_what_is_new_alone(engine: Engine, take: Import) -> None:
    one = "a1,2025-02-03T17:30:00+00:00,,Chemical peel (procedure),finished"
    take(one)
    audited = count(engine, AuditEvent)
    total, report = take(one)
    assert (total.created, total.unchanged, report) == (0, 1, [])
    assert count(engine, AuditEvent) == audited + 1, "the run alone"
    same_but_written_otherwise = "a1,2025-02-03T09:30:00-08:00,,Chemical  peel,finished"
    total, _ = take(same_but_written_otherwise, "a1,2025-02-04T17:30:00+00:00,,Chemical peel (procedure),finished")
    assert (total.created, total.unchanged) == (1, 1)


def test_what_a_visit_became_here_stays(engine: Engine, take: Import) -> None:
    line = "a1,2025-02-03T17:30:00+00:00,,Chemical peel (procedure),finished"
    take(line)
    with open_work(SYSTEM, engine=engine) as work:
        visit = work.db.exec(select(Appointment)).one()
        visit.title = "Peel, light"
        work.db.add(visit)
    take(line)
    assert [visit.title for visit in visits(engine)] == ["Peel, light"]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("zz,2025-02-03T17:30:00+00:00,,Peel,finished", "external_id", "nobody here has this id"),
        (",2025-02-03T17:30:00+00:00,,Peel,finished", "external_id", "is empty"),
        ("a1,2099-02-03T17:30:00+00:00,,Peel,finished", "start", "in the future"),
        ("a1,2025-02-03,,Peel,finished", "start", "no date with a time"),
        ("a1,03/02/2025 09:30,,Peel,finished", "start", "no date with a time"),
        ("a1,2025-02-30T09:30:00,,Peel,finished", "start", "no date with a time"),
        ("a1,,,Peel,finished", "start", "no date with a time"),
        ("a1,2025-02-03T17:30:00+00:00,2025-02-03T17:00:00+00:00,Peel,finished", "end", "before the start"),
        ("a1,2025-02-03T17:30:00+00:00,soon,Peel,finished", "end", "no date with a time"),
        ("a1,2025-02-03T17:30:00+00:00,,,finished", "type", "is empty"),
        ("a1,2025-02-03T17:30:00+00:00,, (procedure),finished", "type", "is empty"),
        ("a1,2025-02-03T17:30:00+00:00,,Pe\u202eel,finished", "type", "cannot be seen"),
        ("a1,2025-02-03T17:30:00+00:00,,Peel,planned", "status", "only what is over"),
        ("a1,2025-02-03T17:30:00+00:00,,Peel,cancelled", "status", "only what is over"),
        ("a1,2025-02-03T17:30:00+00:00,,Peel,", "status", "only what is over"),
        ("a1,1999-06-21T17:30:00+00:00,,Peel,finished", "start", "before this person was born"),
        ("b2,2025-03-09T17:30:00+00:00,,Peel,finished", "start", "after this person died"),
        ("a1,2025-02-03T17:30:00+00:00,Peel,finished", "", "4 values where the header has 5"),
    ],
)
def test_what_cannot_be_taken_is_left_out_with_a_reason(
    engine: Engine, take: Import, line: str, column: str, reason: str
) -> None:
    total, report = take(line, "a1,2025-02-03T09:30:00,,Sound,finished")
    assert (total.created, total.refused) == (1, 1)
    assert [visit.title for visit in visits(engine)] == ["Sound"]
    (told,) = report
    assert (told["line"], told["what"], told["column"]) == ("2", "row left out", column)
    assert reason in told["reason"]


@pytest.mark.parametrize("end", ["2025-02-20T17:30:00+00:00", "2099-01-01T00:00:00+00:00"])
def test_an_end_that_cannot_be_is_left_out_and_the_visit_taken(engine: Engine, take: Import, end: str) -> None:
    total, report = take(f"a1,2025-02-03T17:30:00+00:00,{end},Peel,finished")
    assert total.created == 1
    assert [(told["what"], told["column"]) for told in report] == [("value left out", "end")]
    (visit,) = visits(engine)
    assert visit.ends_at == visit.starts_at


@pytest.mark.parametrize(
    ("written", "utc_hour"), [("2025-02-03T09:30:00", 17), ("2025-07-03 09:30", 16), ("2025-07-03T09:30:00Z", 9)]
)
def test_a_time_without_a_zone_is_the_practices(engine: Engine, take: Import, written: str, utc_hour: int) -> None:
    take(f"a1,{written},,Peel,noshow")
    (visit,) = visits(engine)
    assert visit.starts_at.hour == utc_hour
    assert visit.status is AppointmentStatus.NO_SHOW


@pytest.mark.parametrize("title", ["Filler (lips)", "Laser (3 areas)", "Follow-up"])
def test_only_the_tags_of_a_terminology_go(engine: Engine, take: Import, title: str) -> None:
    take(f"a1,2025-02-03T17:30:00+00:00,,{title},finished")
    assert [visit.title for visit in visits(engine)] == [title]


def test_the_same_visit_twice_in_a_file(engine: Engine, take: Import) -> None:
    line = "a1,2025-02-03T17:30:00+00:00,,Peel,finished"
    total, report = take(line, line)
    assert (total.created, total.refused, len(visits(engine))) == (1, 1, 1)
    assert report[0]["reason"] == "this visit came on line 2 already"


def test_a_dry_run_says_all_and_changes_nothing(engine: Engine, take: Import) -> None:
    before = count(engine, AuditEvent)
    total, report = take(
        "a1,2025-02-03T17:30:00+00:00,,Peel,finished", "zz,2025-02-03T17:30:00+00:00,,Peel,finished", dry_run=True
    )
    assert (total.created, total.refused, len(report)) == (1, 1, 1)
    assert (visits(engine), count(engine, AuditEvent), count(engine, LiveChange)) == ([], before, 0)


def test_an_export_of_a_real_system(engine: Engine, clock: FixedClock, tmp_path: Path, take: Import) -> None:
    with Report(tmp_path / "r.csv") as report:
        import_people(FIXTURES / "patients.csv", report, engine=engine, clock=clock)
    total, told = take(path=FIXTURES / "visits.csv")
    with (FIXTURES / "visits.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert total.created + total.refused == len(rows)
    assert total.created > len(rows) * 0.9
    assert {one["column"] for one in told if one["what"] == "value left out"} <= {"end"}
    assert not any("(" in visit.title for visit in visits(engine))
    again, _ = take(path=FIXTURES / "visits.csv")
    assert (again.created, again.unchanged) == (0, total.created)
    with open_work(SYSTEM, engine=engine, write=False) as work:
        of_people = work.db.exec(select(Appointment.patient_id, Patient.external_id).join(Patient)).all()
    assert {external_id for _, external_id in of_people} <= {row["external_id"] for row in rows}
