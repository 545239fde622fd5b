"""`python -m portal forms …` as it is typed."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlmodel import select

from portal.cli import main
from portal.demo import loading
from portal.domain.paperwork import SignerRole
from portal.models import AssignedForm, AuditEvent, FormStatus, Signature
from portal.models import db as database
from portal.work import SYSTEM, open_work
from tests.support.databases import Databases

MARISOL = ("--as", "marisol.vega@lumiere.example")
ID = r"[0-9a-f]{8}-[0-9a-f-]{27}"


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


@pytest.fixture(autouse=True)
def demo(demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A copy of the demo practice as the portal's own database."""
    engine = database.make_engine(f"sqlite:///{shutil.copy(demo_file, tmp_path / 'portal.db')}")
    monkeypatch.setattr(database, "engine", lambda: engine)
    yield engine
    engine.dispose()


def said(*words: str, code: int = 0, typed: str | None = None) -> str:
    result = CliRunner().invoke(main, ["forms", *words], input=typed, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def waiting_for_a_witness() -> str:
    line = said("list", "Amelia Hart", "--only", "witness").splitlines()
    assert len(line) == 1
    return line[0].split()[0]


def test_what_is_open_and_what_expires_is_listed() -> None:
    rows = said("list", "Amelia Hart").splitlines()
    waiting = said("list", "Amelia Hart", "--only", "open").splitlines()
    assert set(waiting) < set(rows)
    assert {bool(re.search(r"  (Not (Signed|Filled)|Witness Signature Required)  ", row)) for row in waiting} == {True}
    assert sum("  Signed  " in row for row in rows) == 5
    expiring = said("list", "--only", "expiring")
    assert re.search(r"Nora Kowalski  Signed  done .* counts until .*  Expiring soon", expiring)
    assert re.search(r"Grace Tamura  Signed  done .*  Expired", expiring)
    assert "no such forms" in said("list", "Amelia Hart", "--only", "expiring")


def test_templates_are_listed_with_their_rules() -> None:
    assert re.search(
        rf"{ID}  Chemical Peel Consent  consent  version \d  for each visit, with a witness", said("templates")
    )


def test_a_form_is_asked_for_reset_and_asked_for_again() -> None:
    answer = said("assign", "Maya Petrov", "Chemical Peel", "--due", "2030-05-01", *MARISOL)
    form_id = re.search(ID, answer)
    assert form_id
    assert "due 2030-05-01" in said("list", "Maya Petrov", "--only", "open")
    assert form_id[0] in said("assign", "Maya Petrov", "Chemical Peel"), "it waits already"
    assert "reason" in said("reset", form_id[0], "--reason", " ", code=1)
    fresh = re.search(ID, said("reset", form_id[0], "--reason", "The wrong form", *MARISOL))
    assert fresh
    assert fresh[0] != form_id[0]
    assert "void already" in said("reset", form_id[0], "--reason", "Again", code=1)
    with open_work(SYSTEM, write=False) as work:
        audit = work.db.exec(select(AuditEvent).where(AuditEvent.action == "form.reset")).all()[-1]
        assert audit.actor_label.startswith("Marisol Vega")


def test_a_member_of_staff_witnesses_by_name() -> None:
    form_id = waiting_for_a_witness()
    answer = said("witness", form_id, *MARISOL, typed="y\n")
    assert "I saw Amelia Hart sign this consent" in answer
    assert "complete" in answer
    with open_work(SYSTEM, write=False) as work:
        form = next(row for row in work.db.exec(select(AssignedForm)) if str(row.id) == form_id)
        one = work.db.exec(
            select(Signature).where(Signature.form_id == form.id, Signature.role == SignerRole.WITNESS)
        ).one()
        assert (form.status, one.name, one.typed_name) == (FormStatus.DONE, "Marisol Vega", "Marisol Vega")
    assert "no such forms" in said("list", "Amelia Hart", "--only", "witness")
    said("witness", form_id, "--saw-it", *MARISOL, code=1)


def test_nobody_witnesses_without_a_name_or_without_meaning_it() -> None:
    form_id = waiting_for_a_witness()
    assert "under their own name" in said("witness", form_id, "--saw-it", code=1)
    said("witness", form_id, *MARISOL, typed="n\n", code=1)
    assert waiting_for_a_witness() == form_id


def test_who_gives_the_treatment_does_not_witness() -> None:
    answer = said("witness", waiting_for_a_witness(), "--saw-it", "--as", "naomi.reyes@lumiere.example", code=1)
    assert "gives the treatment" in answer


def test_a_form_that_nobody_has_is_not_found() -> None:
    assert "could not find" in said("reset", "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee", "--reason", "x", code=1)
    assert "Nothing was found" in said("assign", "Maya Petrov", "No such form", code=1)


def test_nobody_is_asked_by_a_day_that_is_over() -> None:
    before = said("list", "Amelia Hart")
    assert "That day is over." in said("assign", "Amelia Hart", "Peel", "--due", "2020-02-29", *MARISOL, code=2)
    assert "does not match the format" in said("assign", "Amelia Hart", "Peel", "--due", "tomorrow", *MARISOL, code=2)
    assert said("list", "Amelia Hart") == before


def test_a_consent_is_published_and_then_again(tmp_path: Path) -> None:
    """A new form, tied to a service; then another text, whose rules stay but for the one that is said."""
    text = tmp_path / "peel.md"
    text.write_text("## Why\n\nA peel for {{ patient }}.\n\n## Risks\n\nRedness.", encoding="utf-8")
    rules = ("--initials", "Risks", "--witness", "--valid-months", "6", "--with", "Microneedling", *MARISOL)
    assert "version 1" in said("publish", "Light Peel Consent", str(text), *rules)
    assert "counts 6 months, with a witness" in said("templates")
    text.write_text("## Why\n\nAnother text.\n\n## Risks\n\nRedness.", encoding="utf-8")
    assert "version 2" in said("publish", "Light Peel Consent", str(text), "--no-witness")
    line = next(line for line in said("templates").splitlines() if "Light Peel Consent" in line)
    assert line.endswith("version 2  counts 6 months")


def test_a_questionnaire_is_published_from_json(tmp_path: Path) -> None:
    asks = {"linkId": "well", "type": "boolean", "text": "Are you well?", "required": True}
    page = {"linkId": "page", "type": "group", "text": "Today", "item": [asks]}
    file = tmp_path / "well.json"
    file.write_text(json.dumps({"item": [page]}))
    assert "version 1" in said("publish", "How Are You", str(file))
    assert "How Are You  questionnaire  version 1" in said("templates")
    assert "Asked for" in said("assign", "Amelia Hart", "How Are You")


@pytest.mark.parametrize(
    ("name", "content", "options", "words"),
    [
        ("x.json", "{", (), "no JSON"),
        ("x.json", "[]", (), "one JSON object"),
        ("x.json", '{"item": []}', (), "nothing to ask"),
        ("x.md", "", (), "Write the text"),
        ("x.md", "## A\n\n{{ nobody }}", (), "nobody"),
        ("x.md", "## A", ("--option", "chart"), "id=words"),
        ("x.md", "## A", ("--option", "chart=Chart"), "at least two"),
        ("x.md", "## A", ("--with", "Nothing like it"), "Nothing was found"),
        ("x.md", "\xff", (), "UTF-8"),
    ],
)
def test_what_cannot_be_published_is_said_and_leaves_nothing(
    tmp_path: Path, name: str, content: str, options: tuple[str, ...], words: str
) -> None:
    before = said("templates")
    file = tmp_path / name
    file.write_bytes(content.encode("latin-1"))
    result = CliRunner().invoke(main, ["forms", "publish", "Never Seen", str(file), *options], catch_exceptions=False)
    assert result.exit_code
    assert words in result.output
    assert said("templates") == before


def test_the_practice_sets_its_rules_for_forms() -> None:
    def practice(*words: str) -> str:
        return CliRunner().invoke(main, ["practice", "paperwork", *words], catch_exceptions=False).output

    assert "30 days" in practice()
    assert "may not witness" in practice()
    assert "45 days" in practice("--expiring-days", "45", "--provider-may-witness")
    assert "may witness" in practice()
    assert "1 to 365" in practice("--expiring-days", "0")
    assert "45 days" in practice()
