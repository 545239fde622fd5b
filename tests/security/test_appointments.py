"""Somebody signed in goes for another's visits with a bare socket: no row changes and no word of them comes back."""

from typing import Any
from uuid import UUID

import pytest

from portal import routes
from portal.models import AppointmentStatus
from tests.support import visits
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in
from tests.support.sockets import bare_socket

ATTACKER, VICTIM = "+15035550143", "nora.kowalski@example.com"
ACTS = "reflex___state____state.portal___state___patient___visit_acts____visit_acts_state"
PAGES = "reflex___state____state.portal___state___patient___appointments____"
MOVING = "reflex___state____state.portal___state___patient___reschedule____reschedule_state"
UNKNOWN = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"
REASON = {"form": {"reason": "The cost", "note": "x"}}


@pytest.fixture(scope="module")
def victims(portal: PortalServer) -> UUID:
    """A visit of somebody else's."""
    return visits.book(portal, VICTIM, days=7)


def state_of(portal: PortalServer, visit_id: UUID) -> tuple[Any, ...]:
    row = visits.visit(portal, visit_id)
    return row.status, row.starts_at, row.sequence, row.cancel_reason, tuple(visits.notices(portal, visit_id))


def calls(visit_id: str) -> list[tuple[str, dict[str, Any], str]]:
    """Every handler that names a visit, or loads the one of the address."""
    page, moving = routes.appointment(visit_id), routes.reschedule(visit_id)
    return [
        (f"{PAGES}visit_state.load", {}, page),
        (f"{PAGES}visit_state.refresh", {}, page),
        (f"{ACTS}.confirm", {"visit_id": visit_id}, page),
        (f"{ACTS}.ask_cancel", {"visit_id": visit_id}, page),
        (f"{ACTS}.cancel", REASON, page),
        (f"{ACTS}.undo", {"visit_id": visit_id}, page),
        (f"{ACTS}.time_is_up", {}, page),
        (f"{MOVING}.load", {}, moving),
        (f"{MOVING}.choose_day", {"day": "2026-12-01"}, moving),
        (f"{MOVING}.choose_time", {"starts_at": "2026-12-01T18:00:00+00:00"}, moving),
        (f"{MOVING}.turn_on", {}, moving),
        (f"{MOVING}.save", {}, moving),
    ]


@pytest.mark.parametrize("who", ["nobody", ATTACKER])
def test_anothers_visit_is_neither_seen_nor_changed(portal: PortalServer, victims: UUID, who: str) -> None:
    cookies = {"portal_browser": "attacker"}
    if who != "nobody":
        cookies["portal_session"] = sign_in(portal, who)[1]
    before = state_of(portal, victims)
    with bare_socket(portal.url, cookies=cookies) as socket:
        for name, payload, path in calls(str(victims)):
            socket.call(name, payload, path)
        said = repr(socket.frames)
    assert state_of(portal, victims) == before
    when = visits.when(portal, victims)
    for secret in (when, visits.visit(portal, victims).title, "Kowalski", VICTIM):
        assert secret not in said


def test_anothers_visit_and_one_that_is_not_there_are_told_apart_by_nothing(
    portal: PortalServer, victims: UUID
) -> None:
    cookies = {"portal_browser": "attacker", "portal_session": sign_in(portal, ATTACKER)[1]}
    heard = []
    for visit_id in (str(victims), UNKNOWN):
        with bare_socket(portal.url, cookies=cookies) as socket:
            for name, payload, path in calls(visit_id):
                socket.call(name, payload, path)
            said = repr(socket.frames)
        heard.append((said.count("could not find that"), said.count("'shown"), said.count("terms")))
    assert heard[0] == heard[1]
    assert heard[0][0] > 0, "it was asked for"


def test_a_cancellation_wants_its_question_first(portal: PortalServer) -> None:
    """`cancel` takes its visit from the question on the server, never from what the browser sends."""
    own = visits.book(portal, ATTACKER, days=9)
    cookies = {"portal_browser": "owner", "portal_session": sign_in(portal, ATTACKER)[1]}
    with bare_socket(portal.url, cookies=cookies) as socket:
        socket.call(f"{ACTS}.cancel", REASON, routes.APPOINTMENTS)
        socket.call(f"{ACTS}.cancel", {"form": {"reason": "The cost", "visit_id": str(own)}}, routes.APPOINTMENTS)
        assert visits.visit(portal, own).status is AppointmentStatus.BOOKED
        socket.call(f"{ACTS}.ask_cancel", {"visit_id": str(own)}, routes.APPOINTMENTS)
        socket.call(f"{ACTS}.cancel", {"form": {"reason": "Because I can"}}, routes.APPOINTMENTS)
        socket.call(f"{ACTS}.cancel", {"form": {"reason": "The cost", "note": "x" * 600}}, routes.APPOINTMENTS)
        assert visits.visit(portal, own).status is AppointmentStatus.BOOKED
        socket.call(f"{ACTS}.cancel", REASON, routes.APPOINTMENTS)
    assert visits.visit(portal, own).status is AppointmentStatus.CANCELLED


def test_a_time_that_was_not_offered_is_not_taken(portal: PortalServer) -> None:
    own = visits.book(portal, ATTACKER, days=10)
    before = visits.visit(portal, own).starts_at
    cookies = {"portal_browser": "owner", "portal_session": sign_in(portal, ATTACKER)[1]}
    with bare_socket(portal.url, cookies=cookies) as socket:
        path = routes.reschedule(str(own))
        socket.call(f"{MOVING}.load", {}, path)
        for time in ("2026-12-01T03:00:00+00:00", "", "x", "0001-01-01T00:00:00", "2099-01-01T18:00:00+00:00"):
            socket.call(f"{MOVING}.choose_time", {"starts_at": time}, path)
            socket.call(f"{MOVING}.save", {}, path)
    assert visits.visit(portal, own).starts_at == before
