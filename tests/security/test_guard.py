"""The guard, by an attacker with a socket: every handler, as nobody and as another patient, with absurd arguments."""

import hashlib
import http.client
import subprocess
import sys
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, inspect, text

from portal.security.access import arguments, declared
from portal.security.guard import FRAMEWORK, declared_handlers, undeclared
from tests.support.portal_server import ROOT, PortalServer
from tests.support.signed_in import sign_in
from tests.support.sockets import BareSocket, bare_socket

# Tables that live by themselves: jobs, the log of refusals, what open pages hear of, and a session's last sign of life.
LIVELY = {"audit_event", "lease", "job_run", "live_change", "session", "spent_captcha"}
AT_A_TIME = 12  # handlers for one socket: with all payloads just below what the edge allows in a burst
UNKNOWN = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"
ABSURD: list[Any] = [
    None,
    "x",
    ["x"] * 50,
    {"__proto__": {"admin": True}, "self": "x"},
    {"form_id": {"$ne": None}, "patient_id": UNKNOWN},
    {"a": "x" * 100_000},
    {"value": float(2**70), "vars": {"reflex___state____state.is_hydrated": True}},
]


@pytest.fixture(scope="module")
def portal(portal_without_jobs: PortalServer) -> PortalServer:
    """A reminder that falls due meanwhile is no attacker's doing."""
    return portal_without_jobs


@pytest.fixture(scope="module", autouse=True)
def handlers() -> dict[str, Any]:
    """Every registered handler by its name on the wire."""
    import portal.portal  # noqa: F401  # registers them all

    declared_handlers.cache_clear()
    return declared_handlers()


@pytest.fixture(scope="module")
def people(portal: PortalServer) -> dict[str, list[str]]:
    """What tells each patient apart, as it could appear in a frame."""
    engine = create_engine(database_url(portal))
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT p.id, p.last_name, c.value FROM patient p JOIN contact c ON c.patient_id = p.id")
        ).all()
    engine.dispose()
    known: dict[str, list[str]] = {}
    for patient_id, last_name, value in rows:
        known.setdefault(str(patient_id).replace("-", ""), [last_name]).append(value)
    return known


def database_url(portal: PortalServer) -> str:
    return portal.database_url or f"sqlite:///{portal.var / 'portal.db'}"


def fingerprint(portal: PortalServer, own: str = "") -> dict[str, str]:
    """A hash over the rows of every table that events may not change here; what belongs to the patient `own` may."""
    engine = create_engine(database_url(portal))
    found = {}
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            if table not in LIVELY:
                owner = "id" if table == "patient" else "patient_id"
                rows = sorted(
                    repr(tuple(row))
                    for row in connection.execute(text(f"SELECT * FROM {table}"))
                    if not own or str(row._mapping.get(owner, "")).replace("-", "") != own
                )
                found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    engine.dispose()
    return found


def plausible(handler: Any, form_id: str) -> dict[str, Any]:
    """Arguments of the right shape, with another patient's id wherever an id fits."""
    filled: dict[str, Any] = {}
    for name, field in arguments(handler).model_fields.items():
        kind = field.annotation
        if kind is str:
            filled[name] = form_id
        elif kind is bool:
            filled[name] = True
        elif kind in (int, float):
            filled[name] = 1
        else:
            filled[name] = [] if "list" in str(kind) else {}
    return filled


def attack(socket: BareSocket, handlers: dict[str, Any], victim_form: str) -> None:
    """Call each of some handlers in every way."""
    for name, handler in handlers.items():
        for payload in [*ABSURD, *([plausible(handler, victim_form)] if declared(handler) else [])]:
            socket.send(name, payload)
    socket.settle(0.3)
    assert socket.connected, "the socket was closed for the flood: fewer handlers at a time"


def victims_form(portal: PortalServer, patient_id: str) -> str:
    engine = create_engine(database_url(portal))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT id, patient_id FROM assigned_form")).all()
    engine.dispose()
    mine = [str(UUID(str(row[0]))) for row in rows if str(row[1]).replace("-", "") == patient_id.replace("-", "")]
    return mine[0]


@pytest.mark.parametrize("attacker", ["nobody", "+15035550143"])
def test_every_handler_keeps_strangers_out(
    portal: PortalServer, handlers: dict[str, Any], people: dict[str, list[str]], attacker: str
) -> None:
    amelia, _token = sign_in(portal, "amelia.hart@example.com")
    form = victims_form(portal, amelia)
    own, cookies = "", {"portal_browser": "attacker"}
    if attacker != "nobody":
        own, cookies["portal_session"] = sign_in(portal, attacker)
        own = own.replace("-", "")
    before = fingerprint(portal, own)
    frames: list[Any] = []
    names = list(handlers)
    for first in range(0, len(names), AT_A_TIME):
        with bare_socket(portal.url, cookies=cookies) as socket:
            attack(socket, {name: handlers[name] for name in names[first : first + AT_A_TIME]}, form)
            frames += socket.frames
    others = {word for key, words in people.items() if key != own for word in words}
    mine = set(people.get(own, []))
    seen = repr(frames)
    leaked = {word for word in others - mine if len(word) > 4 and word in seen}
    assert not leaked
    assert fingerprint(portal, own) == before, "only what is the attacker's own may have changed"


def test_refusals_are_in_the_audit_log_and_counted(portal: PortalServer) -> None:
    name = next(name for name in declared_handlers() if name.endswith("session_state.touch"))
    with bare_socket(portal.url) as socket:
        for _ in range(30):
            socket.send(name)
        socket.settle()
    portal.stop()  # what was gathered is written at the latest when the portal ends
    portal.start()
    engine = create_engine(database_url(portal))
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT detail, count FROM audit_event WHERE action = 'denied'")).all()
    engine.dispose()
    mine = [count for detail, count in rows if "session_state.touch" in str(detail) and "not signed in" in str(detail)]
    assert sum(mine) >= 30
    assert len(mine) <= 5, "one row for each session and minute"


@pytest.fixture(params=["portal", "portal_cluster"])
def either(request: pytest.FixtureRequest) -> PortalServer:
    """One process with its states in memory; two with theirs in Redis."""
    return request.getfixturevalue(request.param)


def test_whoever_brings_anothers_tab_token_gets_an_empty_tab(either: PortalServer) -> None:
    portal = either
    _amelia, token = sign_in(portal, "amelia.hart@example.com")
    hydrate = "reflex___state____state.hydrate_and_load"
    with bare_socket(portal.url, cookies={"portal_session": token}) as owner:
        owner.call(hydrate, path="/dashboard", wait=0.5)
        assert "Amelia" in repr(owner.frames), "the owner sees her own page"
        tab = owner.token
    with bare_socket(portal.url, token=tab) as thief:
        thief.call(hydrate, path="/dashboard", wait=0.5)
        assert "Amelia" not in repr(thief.frames)
    _rosa, other = sign_in(portal, "+15035550143")
    with bare_socket(portal.url, token=tab, cookies={"portal_session": other}) as thief:
        thief.call(hydrate, path="/dashboard", wait=0.5)
        assert "Amelia" not in repr(thief.frames)


def test_a_session_that_ended_is_out_at_the_next_event_of_an_open_socket(either: PortalServer) -> None:
    portal = either
    _amelia, token = sign_in(portal, "amelia.hart@example.com")
    touch = next(name for name in declared_handlers() if name.endswith("session_state.touch"))
    with bare_socket(portal.url, cookies={"portal_session": token}) as socket:
        socket.call("reflex___state____state.hydrate_and_load", path="/dashboard", wait=0.4)
        assert "_redirect" not in repr(socket.call(touch, wait=0.3))
        before = len(socket.frames)
        connection = http.client.HTTPConnection("127.0.0.1", portal.port)
        connection.request("POST", "/session/end", headers={"Cookie": f"portal_session={token}", "Origin": portal.url})
        assert connection.getresponse().status == 303
        assert "/login" in repr(socket.call(touch, wait=0.3))
        assert "'display_name_rx_state_': ''" in repr(socket.frames[before:]), "the tab is wiped on the screen too"


def test_the_cookie_is_in_no_frame_and_not_in_the_log(portal: PortalServer) -> None:
    _amelia, token = sign_in(portal, "amelia.hart@example.com")
    with bare_socket(portal.url, cookies={"portal_session": token}) as socket:
        socket.call("reflex___state____state.hydrate_and_load", path="/dashboard", wait=0.5)
        assert token not in repr(socket.frames)
    assert token not in portal.log


def test_every_handler_of_ours_is_declared() -> None:
    assert undeclared() == []


def test_reflexs_own_handlers_are_all_known() -> None:
    """A new Reflex brings new handlers: whoever upgrades decides about each. Those not named here are refused."""
    theirs = {name for name, fn in declared_handlers().items() if not fn.__module__.startswith("portal")}
    refused = {
        name for name in theirs if name.endswith((".setvar", ".handle_frontend_exception", ".update_vars_internal"))
    }
    assert theirs - refused == set(FRAMEWORK)


def test_an_undeclared_handler_would_fail_the_suite() -> None:
    program = """
import reflex as rx
import portal.portal
class Forgotten(rx.State):
    async def give_me_everything(self): ...
from portal.security.guard import undeclared
Forgotten.__dict__["give_me_everything"].fn.__module__ = "portal.state.forgotten"
print(undeclared())
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "give_me_everything" in done.stdout
