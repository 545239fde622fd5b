"""How many SQL statements an event asks of the database: counted on the real use cases, guard included."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from portal.models import db as database
from portal.queries import dashboard, paperwork
from portal.queries.identity import identity
from portal.security import sessions
from portal.security.sessions import Caller, session_hash
from portal.services import reading
from portal.work import Work, open_work
from tests.bench.result import Limit, Result, result
from tests.bench.stage import Stage


def measure(stage: Stage) -> list[Result]:
    """One of each; the guard's look-up of the session is counted with them."""
    visitor = stage.visitors[300]
    caller = Caller(session_hash=session_hash(visitor.cookie.partition("=")[2]), address="127.0.0.1", device="bench")
    sessions.resolve(caller)  # its sign of life is written at most every 20 s: not part of every event

    def count(*use_cases: Callable[[Work], Any], write: bool = False) -> int:
        with counted() as statements:
            for use_case in use_cases:
                actor, _left = sessions.resolve(caller, active=False)
                with open_work(actor, write=write) as work:
                    use_case(work)
        return len(statements)

    six = Limit(most=6)
    return [
        result("statements, Dashboard's event", [count(dashboard.overview)], "", limit=six),
        result("statements, Task Management's event", [count(paperwork.tasks)], "", limit=six),
        result(
            "statements, consent's event",
            [count(lambda work: reading.read_consent(work, visitor.forms[0]), write=True)],
            "",
        ),
        result("statements, whole page load of the Dashboard", [count(identity, dashboard.overview)], ""),
    ]


@contextmanager
def counted(engine: Engine | None = None) -> Iterator[list[str]]:
    """What is sent to the database in this block; BEGIN is no question."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engine = engine or database.engine()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
