"""Workers are forked: none may talk on a connection that its parent opened."""

import subprocess
import sys

import pytest

from portal.settings import settings
from tests.support.databases import Databases
from tests.support.portal_server import ROOT

PROGRAM = """
import os, sys
from sqlalchemy import text
from portal.models.db import engine

def backend(connection):
    if engine().dialect.name == "postgresql":
        return connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return id(connection.connection.dbapi_connection)

with engine().connect() as connection:
    mine = backend(connection)
kept = engine().pool.checkedin()
child = os.fork()
if child == 0:
    inherited = engine().pool.checkedin()
    with engine().connect() as connection:
        other = backend(connection)
    os._exit(0 if inherited == 0 and (other != mine or engine().dialect.name == "sqlite") else 1)
_, status = os.waitpid(child, 0)
with engine().connect() as connection:
    same = backend(connection) == mine  # the parent's own connection is untouched
print(kept, os.waitstatus_to_exitcode(status), same)
"""


def test_a_forked_worker_opens_connections_of_its_own(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    with databases.url() as url:
        monkeypatch.setenv("PORTAL_DATABASE_URL", url)
        monkeypatch.setenv("PORTAL_VAR", str(settings().var))
        done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["1", "0", "True"], done.stderr
