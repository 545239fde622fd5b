"""`python -m portal staff …`, for those who work here; and the table that docs/security.md prints."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner

from portal.cli.staff import staff
from portal.domain.access import ROLES, Privilege, Role
from portal.domain.access_table import WORDS, privilege_table
from portal.models import db as database
from portal.services import staff_people
from portal.work import SYSTEM, open_work
from tests.support.clinic import furnish
from tests.support.databases import Databases
from tests.support.portal_server import ROOT


@pytest.fixture
def run(sqlite_databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Run a command on a small practice; returns what it says."""
    with sqlite_databases.engine() as engine:
        monkeypatch.setattr(database, "engine", lambda: engine)
        with open_work(SYSTEM) as work:
            furnish(work)
            for first, last, role in (("Elena", "Marsh", Role.ADMIN), ("Marisol", "Vega", Role.FRONT_DESK)):
                staff_people.add(work, first, last, f"{first}.{last}@lumiere.example", role)

        def said(*words: str) -> str:
            return CliRunner().invoke(staff, words).output

        yield said


def test_the_table_in_the_docs_is_the_one_in_the_code() -> None:
    """`python -m portal staff privileges` prints it anew."""
    assert f"\n{privilege_table()}\n" in (ROOT / "docs" / "security.md").read_text()


def test_the_table_tells_every_privilege_of_every_role() -> None:
    rows = {re.search(r"`(.+?)`", line)[1]: line for line in privilege_table().splitlines()[2:]}  # pyright: ignore[reportOptionalSubscript]
    assert set(rows) == {one.value for one in Privilege} == {one.value for one in WORDS}
    for one in Privilege:
        cells = [cell.strip() for cell in rows[one.value].strip("|").split("|")]
        assert [cell == "yes" for cell in cells[2:]] == [one in ROLES[role] for role in Role]
    assert CliRunner().invoke(staff, ["privileges"]).output.strip() == privilege_table()


def test_a_working_life(run: Callable[..., str]) -> None:
    iris = "iris.lund@lumiere.example"
    assert "Iris Lund, RN logs in at" in run("add", "Iris", "Lund", iris, "--role", "front_desk", "--credentials", "RN")
    assert "Provider" in run("role", iris, "provider")
    assert "loyalty.reveal" in run("give", iris, "loyalty.reveal", "--as", "elena.marsh@lumiere.example")
    listed = next(line for line in run("list").splitlines() if iris in line)
    assert all(word in listed for word in ("Iris Lund, RN", "Provider", "+loyalty.reveal", "has not logged in yet"))
    run("take", iris, "loyalty.reveal")
    assert "0 open log-ins ended" in run("disable", iris)
    assert "left" in next(line for line in run("list").splitlines() if iris in line)
    assert "can log in again" in run("enable", iris)
    assert "sets up an authenticator" in run("reset-authenticator", iris)
    assert "no authenticator yet" in run("code", iris)
    assert "last admin" in run("disable", "elena.marsh@lumiere.example")
    refused = run("role", iris, "admin", "--as", "marisol.vega@lumiere.example")
    assert "Your role does not include that" in refused


def test_nobody_reads_a_code_off_in_production() -> None:
    """The command is not there at all."""
    program = "from portal.settings import settings; settings().env = 'production'\n"
    program += "from portal.cli.staff import staff; print(sorted(staff.commands))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "'privileges'" in done.stdout
    assert "'code'" not in done.stdout
