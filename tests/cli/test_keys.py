"""`python -m portal keys`: what it says, what it refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlmodel import select

from portal.cli import keys as commands
from portal.cli import main
from portal.models import AuditEvent, OutboxMessage
from portal.models import db as database
from portal.security import keys, rotation
from portal.security.keys import KeyRing
from portal.work import SYSTEM, open_work
from tests.support.databases import Databases


@pytest.fixture
def own(sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Engine]:
    """A database and keys of this test's own, with one message in it."""
    ring = KeyRing(tmp_path / "keys" / "field")
    for module in (keys, commands, rotation):
        monkeypatch.setattr(module, "key_ring", lambda: ring)
    monkeypatch.setattr(rotation.rotate, "__kwdefaults__", {"settle": 0.0})
    with sqlite_databases.engine() as engine:
        monkeypatch.setattr(database, "engine", lambda: engine)
        with open_work(SYSTEM) as work:
            work.add(
                OutboxMessage(
                    key="one", channel="sms", recipient="+15035550187", text="hello", due_at=work.now(),
                    created_at=work.now(),
                )
            )  # fmt: skip
        yield engine


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["keys", *words])


def test_a_key_is_added_everything_brought_over_and_the_old_one_dropped(own: Engine) -> None:
    assert run("status").output == "key   1          2 values  encrypts\n"
    assert run("drop", "1").exit_code == 1
    done = run("rotate")
    assert done.exit_code == 0, done.output
    assert "Key 2 encrypts from now on." in done.output
    assert "1 rows were encrypted anew." in done.output
    assert "`keys drop 1`" in done.output
    assert run("status").output == "key   1          0 values\nkey   2          2 values  encrypts\n"
    assert run("drop", "1").output == "Key 1 is gone.\n"
    assert run("status").output == "key   2          2 values  encrypts\n"
    refused = run("drop", "2")
    assert refused.exit_code == 1
    assert "values are still under key 2" in refused.output
    assert "There is no key 9 here." in run("drop", "9").output
    with open_work(SYSTEM, write=False) as work:
        assert work.db.exec(select(OutboxMessage.text)).one() == "hello"
        actions = work.db.exec(select(AuditEvent.action).order_by(AuditEvent.at)).all()  # type: ignore[arg-type]
        assert sorted(actions) == ["keys.added", "keys.dropped", "keys.rotated"]


def test_going_on_adds_no_key(own: Engine) -> None:
    assert "0 rows" in run("rotate", "--continue").output
    assert run("status").output == "key   1          2 values  encrypts\n"
