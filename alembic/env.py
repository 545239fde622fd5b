"""Alembic's door into the portal's tables: the portal's own engine, SQLite changes in batches."""

from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import portal.models  # noqa: F401  # importing it fills the metadata
from alembic import context
from portal.models.db import make_engine
from portal.models.types import Encrypted, TextEnum, UtcDateTime
from portal.settings import settings


def run() -> None:
    """Run migrations on the connection that was handed in, or on the configured database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    url = context.config.attributes.get("url") or settings().database
    with make_engine(url).connect() as connection:
        _migrate(connection)


def _plain(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as the plain SQL types below them, so that old migrations outlive our classes."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Encrypted):
        return "sa.LargeBinary()"
    if isinstance(item, TextEnum):
        return "sa.String(40)"
    return "sa.String()" if isinstance(item, AutoString) else False


def _migrate(connection) -> None:  # Alembic's own type is not exported
    """SQLite changes a table by writing it anew, which foreign keys would forbid: they rest meanwhile, and are checked
    before the commit."""
    sqlite = connection.dialect.name == "sqlite"
    raw = connection.connection.driver_connection
    if sqlite:
        raw.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_plain,
    )
    with context.begin_transaction():
        context.run_migrations()
        broken = raw.execute("PRAGMA foreign_key_check").fetchall() if sqlite else []
        if broken:
            raise RuntimeError(f"The migration would leave rows that point at nothing: {broken[:5]}")
    if sqlite:
        raw.execute("PRAGMA foreign_keys=ON")


run()
