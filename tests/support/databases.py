"""Databases for tests: the schema is made once by the migrations, then every test gets a copy of its own."""

import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from alembic.config import Config
from sqlalchemy import Engine

from alembic import command
from portal.models.db import make_engine
from tests.support.portal_server import ROOT
from tests.support.postgres import Postgres


@contextmanager
def alembic_config(url: str) -> Iterator[Config]:
    """Alembic's settings for one database, with a connection that is closed afterwards."""
    engine = make_engine(url)
    config = Config(ROOT / "alembic.ini")
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            yield config
    finally:
        engine.dispose()


def migrate(url: str, revision: str = "head") -> None:
    """Bring a database up to a revision."""
    with alembic_config(url) as config:
        command.upgrade(config, revision)


class Databases(ABC):
    """Copies of one migrated database."""

    @abstractmethod
    @contextmanager
    def url(self, *, empty: bool = False) -> Iterator[str]:
        """The address of a fresh database, migrated unless it is to be empty; gone afterwards."""

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """A fresh migrated database, through the portal's own engine."""
        with self.url() as url:
            made = make_engine(url)
            try:
                yield made
            finally:
                made.dispose()


class SqliteDatabases(Databases):
    """Files in one directory."""

    def __init__(self, place: Path) -> None:
        self._place, self._numbers = place, count(1)
        self._template = place / "template.db"
        migrate(f"sqlite:///{self._template}")

    @contextmanager
    def url(self, *, empty: bool = False) -> Iterator[str]:
        path = self._place / f"{next(self._numbers)}.db"
        if not empty:
            shutil.copyfile(self._template, path)
        yield f"sqlite:///{path}"
        for part in self._place.glob(f"{path.name}*"):
            part.unlink()


class PostgresDatabases(Databases):
    """Databases of one server. Those that tests had through an engine are emptied and used again: to copy some hundred
    files takes four times as long."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._template = server.create()
        self._empty: list[str] = []
        migrate(_driver(server.url(self._template)))
        self._schema = server.schema(self._template)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """A migrated, empty database, through the portal's own engine."""
        name = self._empty.pop() if self._empty else self._server.create(self._template)
        made = make_engine(_driver(self._server.url(name)))
        try:
            yield made
        finally:
            made.dispose()
            if self._server.empty(name, self._schema):
                self._empty.append(name)
            else:
                self._server.drop(name)

    @contextmanager
    def url(self, *, empty: bool = False) -> Iterator[str]:
        name = self._server.create(None if empty else self._template)
        yield _driver(self._server.url(name))
        self._server.drop(name)


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
