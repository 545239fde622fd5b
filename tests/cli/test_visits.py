"""`python -m portal visits …` as it is typed."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlmodel import select

from portal.cli import main
from portal.demo import loading
from portal.models import Appointment, AppointmentStatus, AuditEvent, TimeOff
from portal.models import db as database
from portal.work import SYSTEM, open_work
from tests.support.databases import Databases

PACIFIC = ZoneInfo("America/Los_Angeles")
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


def said(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["visits", *words], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def tuesday() -> date:
    """A Tuesday after all visits of the demo but those of Amelia: everybody works."""
    today = datetime.now(PACIFIC).date()
    return today + timedelta(days=28 + (1 - today.weekday()) % 7)


def book(who: str = "Maya Petrov", at: str = "10:00", *more: str) -> str:
    answer = said("book", who, "Botox", f"{tuesday()} {at}", "--provider", "Naomi", *more)
    found = re.search(ID, answer)
    assert found, answer
    return found[0]


def stands(visit: str) -> AppointmentStatus:
    with open_work(SYSTEM, write=False) as work:
        return next(row.status for row in work.db.exec(select(Appointment)) if str(row.id) == visit)


def test_a_visit_from_its_booking_to_its_end() -> None:
    visit = book("Maya Petrov", "10:00", *MARISOL)
    line = f"{visit}  {tuesday()} 10:00 AM  Botox, forehead and glabella  Maya Petrov  Naomi Reyes  Pearl District"
    assert f"{line}  Not confirmed" in said("list", "Maya Petrov")
    assert "is confirmed" in said("confirm", visit, *MARISOL)
    assert f"{line}  Confirmed" in said(
        "list", "--from", str(tuesday()), "--days", "1", "--provider", "naomi.reyes@lumiere.example"
    )
    assert "has its new time" in said("move", visit, f"{tuesday()} 14:00")
    assert stands(visit) is AppointmentStatus.BOOKED
    assert "It costs nothing. It can be undone until" in said(
        "cancel", visit, "--reason", "the cost", "--note", "Moved away"
    )
    assert "Cancelled, can be undone" in said("list", "Maya Petrov")
    assert "as it was" in said("undo", visit)
    assert stands(visit) is AppointmentStatus.BOOKED
    with open_work(SYSTEM, write=False) as work:
        query = select(AuditEvent).where(AuditEvent.action == "appointment.confirmed").order_by(AuditEvent.at.desc())
        assert work.db.exec(query.limit(1)).one().actor_label == "Marisol Vega"


def test_a_client_with_one_visit_needs_no_id(demo: Engine) -> None:
    with open_work(SYSTEM) as work:
        for row in work.db.exec(select(Appointment)):
            if row.starts_at > work.now():
                row.status = AppointmentStatus.COMPLETED
    visit = book()
    said("confirm", "Maya Petrov")
    assert stands(visit) is AppointmentStatus.CONFIRMED
    assert "Nothing was found" in said("undo", "Maya Petrov", code=1)
    assert "Nothing was found" in said("complete", "Maya Petrov", code=1)


def test_which_visit_is_asked_for_where_there_are_several() -> None:
    answer = said("confirm", "Amelia Hart", code=1)
    assert "“Amelia Hart” fits 3. Say which, best by its id:" in answer
    assert len(re.findall(ID, answer)) == 3


def test_refusals_are_sentences() -> None:
    visit = book()
    day = tuesday()
    for words, sentence in (
        (("book", "Rosa Delgado", "Botox", f"{day} 10:30", "--provider", "Naomi"), "That time has just been taken."),
        (("book", "Rosa Delgado", "Botox", f"{day} 20:00", "--provider", "Naomi"), "outside the provider's hours"),
        (("book", "Rosa Delgado", "Botox", "tomorrow", "--provider", "Naomi"), "“tomorrow” is no time."),
        (("book", "Rosa Delgado", "Tattoo", f"{day} 13:00", "--provider", "Naomi"), "Nothing was found for “Tattoo”"),
        (("book", "Rosa Delgado", "Botox", f"{day} 13:00", "--provider", "Marisol"), "Say at which clinic"),
        (("book", "Delgado", "Botox", f"{day} 13:00", "--provider", "Naomi"), "fits 2"),
        (("book", "Walter", "Botox", f"{day} 13:00", "--provider", "Naomi"), "inactive"),
        (("cancel", visit, "--reason", "Because"), "Choose one of the reasons."),
        (("undo", visit), "This visit is not cancelled."),
        (("check-in", visit), "on the day of their visit"),
        (("complete", visit), "has not come yet"),
        (("no-show", visit), "has not come yet"),
        (("confirm", "01a200b4-0000-7000-8000-000000000000"), "could not find"),
        (("hours", "Naomi Reyes", "Pearl", "mon-fri", "9-17"), "neither a day such as mon-fri"),
        (("time-off", "2020-01-01 09:00", "2020-01-02 09:00"), "It is over already."),
        (("list", "--from", "9999-12-31"), "too far away"),
        (("move", visit, "9999-12-31 23:55"), "too far away"),
    ):
        assert sentence in said(*words, code=1), words


def test_an_extra_and_an_evening() -> None:
    visit = book("Rosa Delgado", "18:30", "--with", "filler", "--outside-hours")
    assert "6:30 PM  Botox, forehead and glabella and Dermal filler, lips" in said("list", "Rosa Delgado")
    assert stands(visit) is AppointmentStatus.BOOKED


def test_free_times() -> None:
    visit = book()
    answer = said("free", visit, str(tuesday()), "--days", "2")
    assert answer.splitlines()[0].startswith(f"{tuesday()}  09:00  09:15")
    assert "10:00" not in answer.splitlines()[0]
    assert "no free time" in said("free", visit, str(tuesday() - timedelta(days=2)), "--days", "1")


def test_hours_of_a_season(demo: Engine) -> None:
    assert "Naomi Reyes  Pearl District  tue 09:00-12:30" in said("hours")
    season = ("--season-from", "2031-07-01", "--season-to", "2031-07-31")
    answer = said("hours", "Jonah Bell", "Pearl", "sun", "9:00-12:00", *season)
    assert "Jonah Bell  Pearl District  sun 09:00-12:00 from 2031-07-01 to 2031-07-31" in answer
    assert "Jonah Bell  Pearl District  mon 09:00-12:15" in answer
    said("hours", "Jonah Bell", code=2)


def test_time_off_comes_and_goes(demo: Engine) -> None:
    visit = book()
    day = tuesday()
    answer = said("time-off", f"{day} 09:00", f"{day} 12:00", "--provider", "Naomi", "--reason", "Training")
    assert f"stays booked until it is moved or cancelled: {visit}" in answer
    assert f"{day} 09:00 to {day} 12:00  Naomi Reyes  Training" in answer
    assert "time off" in said("book", "Rosa Delgado", "Botox", f"{day} 11:00", "--provider", "Naomi", code=1)
    with open_work(SYSTEM, write=False) as work:
        off = work.db.exec(select(TimeOff.id)).one()
    assert "There is no time off." in said("time-off", "--remove", str(off))
    assert "everybody" in said("time-off", f"{day} 09:00", f"{day} 12:00")
    said("time-off", f"{day} 09:00", code=2)


def test_a_time_that_the_clock_skips_is_refused() -> None:
    visit = book()
    spring = next(
        day
        for day in (date(tuesday().year + 1, 3, 1) + timedelta(days=number) for number in range(31))
        if datetime(day.year, day.month, day.day, tzinfo=PACIFIC).utcoffset()
        != datetime(day.year, day.month, day.day, 12, tzinfo=PACIFIC).utcoffset()
    )
    assert "The clock skips 02:30 on that day." in said("move", visit, f"{spring} 02:30", "--outside-hours", code=1)
