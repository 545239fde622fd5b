"""Live pages, by bare sockets: who hears of a change, who does not, and what a forged one is worth."""

import http.client
import re
import time
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from portal import routes
from portal.models import Appointment, AssignedForm, AuditEvent, FormKind, FormStatus
from portal.security.guard import declared_handlers
from portal.security.sessions import end_all_sessions
from tests.support import paper
from tests.support.acting import acting, tell
from tests.support.portal_server import PortalServer
from tests.support.processes import wait_until
from tests.support.signed_in import sign_in
from tests.support.sockets import BareSocket, bare_socket

HYDRATE = "reflex___state____state.hydrate_and_load"
AMELIA, ROSA = "amelia.hart@example.com", "+15035550143"


@pytest.fixture(params=["portal", "portal_cluster"])
def server(request: pytest.FixtureRequest) -> PortalServer:
    """One process on SQLite; two workers with PostgreSQL and Redis."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module", autouse=True)
def handlers() -> None:
    """Every registered handler by its name on the wire."""
    import portal.portal  # noqa: F401  # registers them all

    declared_handlers.cache_clear()


def handler(ending: str) -> str:
    return next(name for name in declared_handlers() if name.endswith(ending))


def open_page(socket: BareSocket, path: str = "/dashboard") -> BareSocket:
    socket.call(HYDRATE, path=path, wait=0.5)
    return socket


def heard(socket: BareSocket, word: str, seconds: float = 3.0) -> float:
    """Wait until a frame holds the word; returns how long that took."""
    start = time.monotonic()
    while word not in repr(socket.frames):
        assert time.monotonic() - start < seconds, f"{word!r} did not come within {seconds:g} s"
        time.sleep(0.01)
    return time.monotonic() - start


def cookie(token: str) -> dict[str, Any]:
    return {"cookies": {"portal_session": token}}


def test_a_change_reaches_every_tab_of_its_patient_and_nobody_elses(server: PortalServer) -> None:
    amelia, hers = sign_in(server, AMELIA)
    _rosa, rosas = sign_in(server, ROSA)
    with (
        bare_socket(server.url, **cookie(hers)) as one,
        bare_socket(server.url, **cookie(hers)) as two,
        bare_socket(server.url, **cookie(rosas)) as other,
        bare_socket(server.url) as nobody,
    ):
        for socket in (one, two, other):
            open_page(socket)
        open_page(nobody, "/login")
        before = len(other.frames), len(nobody.frames)
        tell(server, amelia, "A line for Amelia alone")
        assert heard(one, "A line for Amelia alone") < 1
        assert heard(two, "A line for Amelia alone") < 1
        time.sleep(0.8)
        assert (len(other.frames), len(nobody.frames)) == before


def test_only_what_changed_is_sent(server: PortalServer) -> None:
    amelia, hers = sign_in(server, AMELIA)
    with bare_socket(server.url, **cookie(hers)) as socket:
        open_page(socket)
        before = len(socket.frames)
        tell(server, amelia, "Only this is new")
        heard(socket, "Only this is new")
        socket.settle(0.5)
        pushed = repr(socket.frames[before:])
        assert len(socket.frames) == before + 1
        for what in ("forms_rx_state_", "greeting_rx_state_", "visit_rx_state_", "loading_rx_state_", "is_hydrated"):
            assert what not in pushed, what


def test_what_changed_for_others_or_not_at_all_sends_nothing(server: PortalServer) -> None:
    from portal.pages.table import OWN, PAGES

    amelia, hers = sign_in(server, AMELIA)
    with acting(server) as work:
        visit = work.db.exec(
            select(Appointment.id).where(Appointment.patient_id == UUID(amelia), Appointment.starts_at > work.now())
        ).first()
        filling = work.db.exec(
            select(AssignedForm.id).where(
                AssignedForm.patient_id == UUID(amelia),
                AssignedForm.kind == FormKind.QUESTIONNAIRE,
                AssignedForm.status == FormStatus.OPEN,
            )
        ).first()
    form = paper.ask_for(server, AMELIA, f"Quiet consent {time.monotonic_ns()}")
    # Where nobody signed on this device, the witness's page sends its visitor on.
    live = [page for page in PAGES if page.live and page.route != routes.CONSENT_WITNESS]
    assert len(live) >= 9
    with ExitStack() as stack:
        tabs: dict[str, BareSocket] = {}
        for page in live:
            shown = filling if page.route == routes.QUESTIONNAIRE else form
            path = page.route.replace("[visit_id]", str(visit)).replace("[form_id]", str(shown))
            tabs[path] = open_page(stack.enter_context(bare_socket(server.url, **cookie(hers))), path)
        for path, tab in tabs.items():
            tab.settle(0.5)
            assert "is_hydrated_rx_state_': True" in repr(tab.frames), path
        before, pushed = {path: len(tab.frames) for path, tab in tabs.items()}, pushes(server)
        with acting(server) as work:
            work.changed(UUID(amelia), *OWN)
        if server.workers == 1:
            wait_until(lambda: pushes(server) >= pushed + len(tabs), 10, "a look of each page")
        time.sleep(2.0)
        assert {path: tab.frames[before[path] :] for path, tab in tabs.items()} == {path: [] for path in tabs}


def pushes(server: PortalServer) -> float:
    """How many reloads the server has set off; one worker's count where there are two."""
    text = httpx.get(f"{server.url}/metrics").text
    return float(re.search(r"^portal_live_pushes_total (\S+)", text, re.MULTILINE)[1])  # type: ignore[index]


def test_a_push_is_no_sign_of_life(server: PortalServer) -> None:
    amelia, hers = sign_in(server, AMELIA)
    with bare_socket(server.url, **cookie(hers)) as socket:
        open_page(socket)
        with acting(server) as work:
            work.db.execute(text("UPDATE session SET seen_at = :at"), {"at": "2026-01-01 00:00:00+00:00"})
        tell(server, amelia, "Nobody is there")
        heard(socket, "/login")  # idle for too long: the tab goes to log-in instead
        assert "Nobody is there" not in repr(socket.frames)


def test_a_session_that_ends_elsewhere_leaves_the_screen_at_once(server: PortalServer) -> None:
    amelia, hers = sign_in(server, AMELIA)
    with bare_socket(server.url, **cookie(hers)) as socket:
        open_page(socket)
        before = len(socket.frames)
        with acting(server) as work:
            end_all_sessions(work, UUID(amelia), "staff")
        assert heard(socket, "/login") < 1
        said = repr(socket.frames[before:])
        assert "ended=over&next=/dashboard" in said
        assert "'display_name_rx_state_': ''" in said, "the tab is wiped on the screen too"
        after = len(socket.frames)
        tell(server, amelia, "Too late for this tab")
        time.sleep(0.8)
        assert len(socket.frames) == after


def test_another_session_of_hers_that_ends_changes_nothing_here(server: PortalServer) -> None:
    _amelia, hers = sign_in(server, AMELIA)
    _amelia, phone = sign_in(server, AMELIA)
    with bare_socket(server.url, **cookie(hers)) as socket:
        open_page(socket)
        before = len(socket.frames)
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("POST", "/session/end", headers={"Cookie": f"portal_session={phone}", "Origin": server.url})
        assert connection.getresponse().status == 303
        time.sleep(0.8)
        assert len(socket.frames) == before


def test_whoever_brings_anothers_tab_token_is_not_told_her_news(server: PortalServer) -> None:
    amelia, hers = sign_in(server, AMELIA)
    with bare_socket(server.url, **cookie(hers)) as owner:
        open_page(owner)
        tab = owner.token
    _rosa, rosas = sign_in(server, ROSA)
    with bare_socket(server.url, token=tab) as silent, bare_socket(server.url, token=tab, **cookie(rosas)) as other:
        open_page(other)
        tell(server, amelia, "Not for those who listen")
        time.sleep(0.8)
        assert "Not for those" not in repr(silent.frames) + repr(other.frames)


def test_forged_reloads_do_only_what_they_may(server: PortalServer) -> None:
    for name in (handler("session_state.recheck"), handler("dashboard_state.count")):
        with bare_socket(server.url) as nobody:
            open_page(nobody, "/login")
            assert "Amelia" not in repr(nobody.call(name, wait=0.4))
    _amelia, hers = sign_in(server, AMELIA)
    with bare_socket(server.url, **cookie(hers)) as socket:
        open_page(socket)
        assert socket.call(handler("session_state.recheck"), wait=0.4) == []
        assert socket.call(handler("dashboard_state.count"), wait=0.4) == [], "the same counts do not travel again"


def test_a_flood_of_changes_is_a_few_reloads(server: PortalServer) -> None:
    amelia, hers = sign_in(server, AMELIA)
    with bare_socket(server.url, **cookie(hers)) as socket:
        open_page(socket)
        before, start = len(socket.frames), time.monotonic()
        for number in range(60):
            tell(server, amelia, f"Line {number} of a flood")
        took = time.monotonic() - start
        heard(socket, "Line 59 of a flood")
        socket.settle(0.6)
        assert len(socket.frames) - before <= 4 * (took + 1) + 2


def test_pushes_note_no_views(server: PortalServer) -> None:
    amelia, hers = sign_in(server, AMELIA)
    with acting(server) as work:
        coming = Appointment.patient_id == UUID(amelia), Appointment.starts_at > work.now()
        visit, start = work.db.exec(select(Appointment.id).where(*coming)).first(), work.now()

    def views() -> int:
        """How often the visit was looked at since; other tests' denials are written when their minute is over."""
        seen = AuditEvent.subject_id == visit, AuditEvent.action == "appointment.viewed", AuditEvent.at >= start
        with acting(server) as work:
            return len(work.db.exec(select(AuditEvent.id).where(*seen)).all())

    with bare_socket(server.url, **cookie(hers)) as socket:
        open_page(socket, routes.appointment(str(visit)))
        wait_until(lambda: views() == 1, 10, "the view in the log")  # it is gathered first
        before = len(socket.frames)
        tell(server, amelia, "Seen by nobody yet")
        wait_until(lambda: len(socket.frames) > before, 3, "the count of her news")
        time.sleep(2.2)
        assert views() == 1
