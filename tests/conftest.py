"""Fixtures for everybody. Nothing here is a mock: databases, servers and browser are the real parts."""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

# Tests read no settings of the machine's own portal. This comes before anything reads settings.
for _name in [name for name in os.environ if name.startswith("PORTAL_") and not name.startswith("PORTAL_TEST_")]:
    del os.environ[_name]
os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-tests-")
atexit.register(shutil.rmtree, os.environ["PORTAL_VAR"], ignore_errors=True)
os.environ["REFLEX_TELEMETRY_ENABLED"] = "false"

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.settings import Settings
from portal.work import SYSTEM, Work, open_work
from tests.support import browser, portal_server, postgres, valkey
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.portal_server import PortalServer
from tests.support.postgres import Postgres

Settings.model_config["env_file"] = None
expect.set_options(timeout=10_000)  # ms; a machine that does much else is slow, not wrong; what is timed says so itself


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser: Playwright keeps an event loop running, so those have processes of their own."""
    for item in items:
        if {"page", "context", "browser", "playwright"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL server of this test session's own."""
    with postgres.server() as running:
        yield running


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Valkey server of this test session's own."""
    with valkey.server() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Fresh SQLite databases."""
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: Postgres) -> Databases:
    """Fresh PostgreSQL databases."""
    return PostgresDatabases(postgres_server)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """Fresh databases of one kind; whoever asks runs once on each engine."""
    return request.getfixturevalue(f"{request.param}_databases")


@pytest.fixture
def engine(databases: Databases) -> Iterator[Engine]:
    """A migrated, empty database of this test's own."""
    with databases.engine() as made:
        yield made


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until it is moved."""
    return FixedClock()


@pytest.fixture
def open_as(engine: Engine, clock: FixedClock) -> Callable[..., AbstractContextManager[Work]]:
    """Open a unit of work for an actor: `with open_as(actor) as work:`; committed when the block ends."""
    return partial(open_work, clock=clock, engine=engine)


@pytest.fixture
def work(engine: Engine, clock: FixedClock) -> Iterator[Work]:
    """One open unit of work, acting as the system; committed when the test ends."""
    with open_work(SYSTEM, clock=clock, engine=engine) as opened:
        yield opened


@pytest.fixture(scope="session")
def frontend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built frontend, made once for all servers of all test processes."""
    portal_server.build_frontend()
    return portal_server.web_dir()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `var` of the demo practice on SQLite, loaded once for all test processes: servers begin with copies.

    `PORTAL_TEST_DEMO` names a folder where it outlives this run (scripts/test).
    """
    base = tmp_path_factory.getbasetemp()
    shared = Path(os.environ.get("PORTAL_TEST_DEMO") or (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base))
    place, ready = shared / "demo", shared / "demo-is-ready"
    with (shared / "demo-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed
        if not ready.exists():
            PortalServer(place).prepare()
            ready.touch()
    return place


@pytest.fixture(scope="session")
def demo_on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_server: Postgres) -> tuple[Path, str]:
    """The same on PostgreSQL: its `var`, and the database to copy."""
    place, database = tmp_path_factory.mktemp("demo-on-postgres"), postgres_server.create()
    PortalServer(place, postgres_server.url(database)).prepare()
    return place, database


@pytest.fixture(scope="module")
def portal(frontend: Path, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    """The demo practice, served on SQLite by one process; shared by the tests of a module."""
    with PortalServer(tmp_path_factory.mktemp("portal"), like=demo) as server:
        yield server


@pytest.fixture(scope="module")
def portal_without_jobs(frontend: Path, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    """The demo practice without jobs: nothing happens in it but what a test does."""
    with PortalServer(tmp_path_factory.mktemp("portal"), like=demo, settings={"PORTAL_JOBS": "off"}) as server:
        yield server


@pytest.fixture(scope="module")
def portal_cluster(
    frontend: Path,
    demo_on_postgres: tuple[Path, str],
    tmp_path_factory: pytest.TempPathFactory,
    postgres_server: Postgres,
    redis_url: str,
) -> Iterator[PortalServer]:
    """The demo practice as production has it: PostgreSQL, Redis, two workers."""
    like, template = demo_on_postgres
    database = postgres_server.create(template)
    place = tmp_path_factory.mktemp("portal-cluster")
    with PortalServer(place, postgres_server.url(database), redis_url, workers=2, like=like) as server:
        yield server
    postgres_server.drop(database)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """pytest-playwright: the machine's own Chromium."""
    return browser.launch_options()


@pytest.fixture(params=browser.VIEWPORTS)
def browser_context_args(request: pytest.FixtureRequest, base_url: str | None) -> dict[str, object]:
    """pytest-playwright: whoever asks for `page` runs once on a phone and once on a desktop."""
    return {
        **browser.VIEWPORTS[request.param],
        "base_url": base_url,
        "locale": "en-US",
        "timezone_id": "America/Los_Angeles",
    }


@pytest.fixture(scope="session")
def base_url() -> str | None:
    """pytest-base-url: tests name the portal they visit themselves."""
    return None
