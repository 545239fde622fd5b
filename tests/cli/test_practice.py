"""Opening a practice on an empty installation, and telling everybody something."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from sqlmodel import select

from portal.cli import main
from portal.models import Banner, Clinic, Practice
from portal.models import db as database
from portal.security.keys import key_for
from portal.settings import settings
from portal.work import open_work
from tests.support.databases import Databases

WORDS = ("practice", "open", "--name", "Glow Clinic", "--phone", "(415) 555-2671", "--email", "desk@glow.example")


@pytest.fixture(autouse=True)
def empty(sqlite_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An empty installation."""
    monkeypatch.setattr(settings(), "var", tmp_path)
    with sqlite_databases.engine() as engine:
        monkeypatch.setattr(database, "engine", lambda: engine)
        yield


def test_a_practice_is_opened_once_and_seals_in_its_own_name(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, WORDS)
    assert done.exit_code == 0, done.output
    with open_work(write=False) as work:
        practice = work.db.exec(select(Practice)).one()
        assert (practice.name, practice.phone) == ("Glow Clinic", "+14155552671")
        assert work.db.exec(select(Clinic)).one().practice_id == practice.id
    bundle = load_pkcs12((tmp_path / "keys" / "seal.p12").read_bytes(), key_for("seal").hex().encode())
    assert bundle.cert is not None
    assert "Glow Clinic" in bundle.cert.certificate.subject.rfc4514_string()
    again = CliRunner().invoke(main, WORDS)
    assert again.exit_code == 1
    assert "serves exactly one" in again.output


def test_what_is_wrong_is_said_of_each_field() -> None:
    done = CliRunner().invoke(main, (*WORDS[:4], "--phone", "12", "--email", "desk", "--time-zone", "Mars/Base"))
    assert done.exit_code == 1
    for name in ("--phone:", "--email:", "--time-zone:"):
        assert name in done.output
    with open_work(write=False) as work:
        assert work.db.exec(select(Practice)).all() == []


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ("practice", *words))


def test_the_practice_tells_everybody_something() -> None:
    CliRunner().invoke(main, WORDS)
    assert run("reminders", "Please be on time.").exit_code == 0
    refused = run("reminders", "word " * 51)
    assert (refused.exit_code, "at most 50 words" in refused.output) == (1, True)
    with open_work(write=False) as work:
        assert work.db.exec(select(Practice.important_reminders)).one() == "Please be on time."


def test_a_promotion_is_up_on_whole_days_and_can_be_taken_down() -> None:
    CliRunner().invoke(main, WORDS)
    done = run(
        "banner", "Gift cards", "--from", "2026-11-01", "--until", "2026-11-30", "--link", "/help", "--label", "See"
    )
    assert done.exit_code == 0, done.output
    with open_work(write=False) as work:
        banner = work.db.exec(select(Banner)).one()
    assert banner.starts_at == datetime(2026, 11, 1, 7, 0, tzinfo=UTC)  # summer time ends that day
    assert banner.ends_at == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert f"banner-off {banner.id}" in done.output
    assert run("banner-off", str(banner.id)).exit_code == 0
    with open_work(write=False) as work:
        assert not work.db.exec(select(Banner.active)).one()
    wrong = run(
        "banner", "x", "--from", "2026-11-02", "--until", "2026-11-01", "--link", "javascript:x", "--label", "y"
    )
    assert wrong.exit_code == 1
    assert "https://" in wrong.output
