"""Engines. SQLite (embedded default) and PostgreSQL run the same code; what differs between them is in this file."""

import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Boolean, Connection, Engine, create_engine, event, or_, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.pool import QueuePool
from sqlalchemy.sql.functions import FunctionElement

from portal.settings import settings

# A write says so at BEGIN: SQLite then takes its one write lock up front instead of failing half-way.
WRITE = "portal_write"


def make_engine(url: str) -> Engine:
    """An engine for the given address, with this project's pragmas and pool."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=8,
            connect_args={"check_same_thread": False, "timeout": 15},
        )
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, pool_recycle=1800)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "synchronous=FULL",
        "cache_size=-16000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@lru_cache
def engine() -> Engine:
    """The engine of this process.

    A worker forked from it begins with no connection of its parent's: two processes on one connection would read each
    other's rows.
    """
    made = make_engine(settings().database)
    os.register_at_fork(after_in_child=lambda: made.dispose(close=False))
    return made


@lru_cache(maxsize=16)
def bound(engine: Engine, write: bool) -> Engine:
    """The engine with the option that says at BEGIN whether a transaction will write. Kept: making it costs as much
    as a short query."""
    return engine.execution_options(**{WRITE: write})


def columns(*wanted: Any) -> Any:
    """A select of any number of columns; SQLModel's own is typed for four at most, and knows no row by name."""
    return select(*wanted)


def one_of(column: Any, values: Iterable[Any]) -> Any:
    """`column IN (values)` for values known when the statement is built.

    SQLAlchemy writes the list of an `in_` anew at every execution: about a tenth of what a page load asks.
    """
    return or_(*(column == value for value in values))


class unindexed(FunctionElement[bool]):  # noqa: N801  # it reads as a function
    """A condition that is never looked up in an index on SQLite, which keeps no statistics: it takes any index it can.

    PostgreSQL knows how many rows the condition fits, and gets it as it is.
    """

    type = Boolean()
    inherit_cache = True


@compiles(unindexed)
def _as_it_is(element: Any, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.clauses, **options)})"


@compiles(unindexed, "sqlite")
def _with_a_plus(element: Any, compiler: Any, **options: Any) -> str:
    """As SQLite advises: https://sqlite.org/optoverview.html (disqualifying terms with a unary plus)."""
    return f"+({compiler.process(element.clauses, **options)})"


def hold(session: OrmSession, name: str, *, shared: bool = False) -> None:
    """Until this transaction ends, be the only one doing `name` (for example sending codes to one contact).

    With `shared`, others that share may do it too, and who would be the only one waits for them all. SQLite writers
    are alone anyway; PostgreSQL takes an advisory lock on the name.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        session.execute(text(f"SELECT {lock}(hashtextextended(:name, 0))"), {"name": name})
