"""The commands as they are typed: what they say, what they do, how they end."""

import csv
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlmodel import select

from portal.cli import main
from portal.demo import loading
from portal.models import AuditEvent, Contact, Invite, OutboxMessage, Patient
from portal.models import db as database
from portal.work import SYSTEM, open_work
from tests.support.databases import Databases

SYNTHETIC = Path(__file__).parents[1] / "fixtures" / "patients.csv"
MARISOL = ("--as", "marisol.vega@lumiere.example")


@pytest.fixture
def own_database(sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """What the commands find as the portal's own database."""
    with sqlite_databases.engine() as engine:
        monkeypatch.setattr(database, "engine", lambda: engine)
        yield engine


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory: pytest.TempPathFactory, sqlite_databases: Databases) -> Path:
    """The demo practice in one file, without its documents."""
    path = tmp_path_factory.mktemp("demo") / "portal.db"
    with sqlite_databases.engine() as engine, pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "_seal", lambda engine: None)
        loading.load(engine=engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")  # VACUUM wants to be alone
            connection.exec_driver_sql("VACUUM INTO ?", (str(path),))
    return path


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A copy of the demo practice as the portal's own database."""
    engine = database.make_engine(f"sqlite:///{shutil.copy(demo_file, tmp_path / 'portal.db')}")
    monkeypatch.setattr(database, "engine", lambda: engine)
    yield engine
    engine.dispose()


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words, catch_exceptions=False)


def said(*words: str, code: int = 0) -> str:
    result = run(*words)
    assert result.exit_code == code, result.output
    return result.output


def test_import_says_what_it_did_and_writes_its_report(demo: Engine, tmp_path: Path) -> None:
    out = tmp_path / "report.csv"
    answer = said("import", "patients", str(SYNTHETIC), "--report", str(out))
    assert "60 created, 0 changed, 0 unchanged, 0 not taken." in answer
    assert f"0 rows and 62 values; 25 notes. Why each: {out}" in answer
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 87
    again = said("import", "patients", str(SYNTHETIC), "--report", str(out))
    assert "60 unchanged" in again
    assert "nothing was changed" in again


def test_an_imports_report_has_a_place_of_its_own(demo: Engine) -> None:
    answer = said("import", "patients", str(SYNTHETIC), "--dry-run")
    assert "Dry run, nothing was changed. It would be: 60 created" in answer
    path = Path(answer.rsplit("Why each: ", 1)[1].strip())
    assert path.parent == Path(os.environ["PORTAL_VAR"]) / "imports"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(("content", "sentence"), [(b"", "no column"), ("a\n".encode("utf-16"), "UTF-16")])
def test_import_refuses_a_file_of_another_kind(demo: Engine, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    assert sentence in said("import", "patients", str(path), code=1)


def test_import_needs_a_file_and_a_practice(own_database: Engine, tmp_path: Path) -> None:
    assert "does not exist" in said("import", "patients", str(tmp_path / "none.csv"), code=2)
    assert "no practice yet" in said("import", "patients", str(SYNTHETIC), code=1)


def test_demo_loads_once(demo: Engine) -> None:
    assert "nothing was loaded" in said("demo", "--once")
    assert "empty database only" in said("demo", code=1)


def test_staff_find_and_see_contacts(demo: Engine) -> None:
    assert "Amelia Hart  born March 14, 1988  Pearl District" in said("staff", "find", "5550187", *MARISOL)
    answer = said("staff", "contacts", "Amelia Hart", *MARISOL)
    assert "phone number (503) 555-0187, proved with a code on" in answer
    assert "email address amelia.hart@example.com, not proved with a code yet" in answer
    assert "Nobody was found." in said("staff", "find", "zzz", code=1)
    assert "fits 2" in said("staff", "contacts", "Delgado", code=1)
    with open_work(SYSTEM, engine=demo, write=False) as work:
        seen = work.db.exec(select(AuditEvent).where(AuditEvent.action == "client.contacts_viewed")).one()
        assert (seen.actor_kind, seen.actor_label, seen.address) == ("staff", "Marisol Vega", "command line")


def test_staff_correct_a_contact(demo: Engine) -> None:
    words = ("staff", "set-contact", "Amelia Hart", "--phone", "971 555 0199", "--email", "hart@example.com")
    answer = said(*words, *MARISOL)
    assert "logs in with (971) 555-0199 from now on" in answer
    assert "logs in with hart@example.com from now on" in answer
    assert "There was no open log-in." in answer
    with open_work(SYSTEM, engine=demo, write=False) as work:
        amelia = work.db.exec(select(Patient).where(Patient.first_name == "Amelia")).one()
        told = work.db.exec(select(OutboxMessage).where(OutboxMessage.patient_id == amelia.id)).all()
        assert {message.recipient for message in told} == {"+15035550187", "amelia.hart@example.com"}
        values = work.db.exec(select(Contact.value).where(Contact.patient_id == amelia.id)).all()
        assert len(values) == 4
    assert "Give --phone or --email" in said("staff", "set-contact", "Amelia Hart", code=2)
    assert "too short" in said("staff", "set-contact", "Amelia Hart", "--phone", "12", code=1)
    assert "inactive" in said("staff", "set-contact", "Walter", "--phone", "971 555 0199", code=1)


def test_two_corrections_are_made_both_or_not_at_all(demo: Engine) -> None:
    said("staff", "set-contact", "Amelia Hart", "--phone", "971 555 0199", "--email", "nonsense", code=1)
    assert "(503) 555-0187" in said("staff", "contacts", "Amelia Hart")


def test_staff_invite_and_print_nothing_secret(demo: Engine) -> None:
    answer = said("staff", "invite", "Grace Tamura", *MARISOL)
    assert answer == "The invitation is on its way to the email address on file.\n"
    with open_work(SYSTEM, engine=demo, write=False) as work:
        grace = work.db.exec(select(Patient).where(Patient.first_name == "Grace")).one()
        assert work.db.exec(select(Invite).where(Invite.patient_id == grace.id)).one()
    assert "inactive" in said("staff", "invite", "Walter", code=1)


def test_staff_sign_out(demo: Engine) -> None:
    assert said("staff", "sign-out", "Amelia Hart", *MARISOL) == "There was no open log-in.\n"


def test_without_a_name_the_log_says_who_was_at_the_keyboard(demo: Engine) -> None:
    said("staff", "contacts", "Amelia Hart")
    with open_work(SYSTEM, engine=demo, write=False) as work:
        seen = work.db.exec(select(AuditEvent).where(AuditEvent.action == "client.contacts_viewed")).one()
        assert seen.actor_kind == "system"
        assert seen.actor_label.startswith("Command line, ")
    assert "Nobody who works here" in said("staff", "find", "Amelia", "--as", "eve@example.com", code=1)
