"""Scale: twenty thousand people; what one patient's pages ask of the database stays the same."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlmodel import func, select

from portal.clock import FixedClock
from portal.imports.report import Report
from portal.imports.running import import_people
from portal.jobs import audit_chain
from portal.models import AuditEvent, Patient
from portal.models import db as database
from portal.queries import clients
from portal.work import SYSTEM, open_work
from tests.support import rows
from tests.support.getting_in import ask, enter, newest_code, redeem
from tests.support.people_csv import write_people

MANY = 20_000


@pytest.mark.long
@pytest.mark.timeout(600)
def test_twenty_thousand_people(
    engine: Engine, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_work(SYSTEM, engine=engine, clock=clock) as work:
        rows.clinic(work, rows.practice(work))
    path = write_people(tmp_path / "many.csv", MANY)
    with Report(tmp_path / "report.csv") as report:
        total = import_people(path, report, engine=engine, clock=clock)
    assert total.created == MANY

    last = path.read_text().splitlines()[-1].split(",")[8]

    def open_as(actor, write=True):  # as the helpers of getting in expect it
        return open_work(actor, engine=engine, clock=clock, write=write)

    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, text, *_: statements.append(text))
    sent = ask(open_as, "email", last)
    assert len(statements) < 25, "asking for a code costs the same among twenty thousand"
    with open_as(SYSTEM) as work:
        code = newest_code(work, last)
    patient_id, *_ = redeem(open_as, enter(open_as, sent.challenge_id, code).ticket)
    with open_as(SYSTEM, write=False) as work:
        assert work.db.exec(select(func.count()).select_from(Patient)).one() == MANY
        assert [row.id for row in clients.find(work, last)] == [patient_id]

    clock.advance(seconds=10)
    while audit_chain.seal(clock):
        pass
    with open_as(SYSTEM, write=False) as work:
        assert list(audit_chain.broken(work)) == []
        assert work.db.exec(select(func.max(AuditEvent.seq))).one() >= MANY
