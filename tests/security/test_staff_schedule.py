"""Somebody goes for the schedule with a bare socket: no visit changes, no name comes back, nothing breaks."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, update

from portal import routes
from portal.models import Session
from tests.support import visits
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in, sign_in_staff
from tests.support.sockets import bare_socket

ROOT = "reflex___state____state.portal___state___staff___"
SCHEDULE = f"{ROOT}schedule____schedule_state"
SHEET = f"{ROOT}visit____visit_sheet_state"
BOOKING = f"{ROOT}booking____booking_state"
TAB = f"{ROOT}client_visits____client_visits_state"
ATTACKER, VICTIM = "+15035550143", "nora.kowalski@example.com"
UNKNOWN = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"
DESK = "marisol.vega@lumiere.example"


@pytest.fixture(scope="module")
def victims(portal: PortalServer) -> UUID:
    """A visit of somebody's."""
    return visits.book(portal, VICTIM, days=7)


def state_of(portal: PortalServer, visit_id: UUID) -> tuple[Any, ...]:
    row = visits.visit(portal, visit_id)
    return row.status, row.starts_at, row.sequence, row.cancel_reason, tuple(visits.notices(portal, visit_id))


def calls(portal: PortalServer, visit_id: str) -> list[tuple[str, dict[str, Any], str]]:
    """Every handler, as the screen would call it."""
    client = str(visits.patient_of(portal, VICTIM))
    page = routes.staff_schedule(visit=visit_id)
    profile = routes.staff_client(client, "appointments")
    return [
        (f"{SCHEDULE}.load", {}, page),
        (f"{SCHEDULE}.refresh", {}, page),
        (f"{SCHEDULE}.choose", {"what": "day", "value": "2026-12-01"}, page),
        (f"{SHEET}.open", {"visit_id": visit_id}, page),
        (f"{SHEET}.refresh", {}, page),
        (f"{SHEET}.act", {"what": "confirm"}, page),
        (f"{SHEET}.ask_cancel", {}, page),
        (f"{SHEET}.cancel", {"form": {"reason": "The cost", "note": "x", "fee": "charge"}}, page),
        (f"{BOOKING}.start", {"provider": "", "clinic": "", "day": "2026-12-02", "clock": "10:30"}, page),
        (f"{BOOKING}.search", {"typed": "kowalski"}, page),
        (f"{BOOKING}.pick", {"client_id": client}, page),
        (f"{BOOKING}.start_for", {"client_id": client}, page),
        (f"{BOOKING}.move", {"visit_id": visit_id}, page),
        (f"{BOOKING}.choose_time", {"clock": "15:00"}, page),
        (f"{BOOKING}.save", {}, page),
        (f"{TAB}.load", {}, profile),
        (f"{TAB}.refresh", {}, profile),
        (f"{TAB}.show_earlier", {}, profile),
    ]


@pytest.mark.parametrize("who", ["nobody", "a patient", "a locked screen"])
def test_who_may_not_sees_and_changes_nothing(portal: PortalServer, victims: UUID, who: str) -> None:
    cookies = {"portal_browser": "attacker"}
    if who == "a patient":
        cookies["portal_session"] = sign_in(portal, ATTACKER)[1]
    if who == "a locked screen":
        cookies["portal_staff"] = sign_in_staff(portal, "priya.nand@lumiere.example")
        with acting(portal) as work:
            work.db.exec(update(Session).where(col(Session.staff_id).is_not(None)).values(locked_at=work.now()))
    before = state_of(portal, victims)
    with bare_socket(portal.url, cookies=cookies) as socket:
        for name, payload, path in calls(portal, str(victims)):
            socket.call(name, payload, path)
        said = repr(socket.frames)
    assert state_of(portal, victims) == before
    for secret in ("Kowalski", "Naomi", visits.visit(portal, victims).title, VICTIM):
        assert secret not in said


def test_the_front_desk_itself_gets_through_with_the_same_calls(portal: PortalServer) -> None:
    """Or the test above would show nothing."""
    visit_id = visits.book(portal, VICTIM, days=8)
    before = state_of(portal, visit_id)
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, DESK)}) as socket:
        for name, payload, path in calls(portal, str(visit_id)):
            socket.call(name, payload, path)
        said = repr(socket.frames)
    assert "Kowalski" in said
    assert state_of(portal, visit_id) != before


def absurd() -> list[tuple[str, dict[str, Any], str]]:
    here = routes.STAFF_APPOINTMENTS
    days = ("", "x", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-1", "2026-02-30", "2026-12-01" * 40)
    asked = [
        (f"{SCHEDULE}.load", {}, f"{here}?view={view}&day={day}&provider={who}&clinic={who}&visit={who}&gone=x")
        for day in days
        for view, who in (("week", UNKNOWN), ("day", "x"), ("year", "%00"))
    ]
    chosen = [(f"{SCHEDULE}.choose", {"what": what, "value": day}, here) for what in ("day", "clinic") for day in days]
    typed = [
        (f"{BOOKING}.change", {"name": name, "value": value}, here)
        for name in ("day", "clock", "provider", "clinic", "service", "busy", "_wish", "choices", "client", "__class__")
        for value in ("9999-12-31", "0001-01-01", "99:99", UNKNOWN, "x" * 500, "\x00", "1e400")
    ]
    return [
        *asked,
        *chosen,
        (f"{BOOKING}.start", {"provider": UNKNOWN, "clinic": UNKNOWN, "day": "9999-12-31", "clock": "25:61"}, here),
        *typed,
        (f"{BOOKING}.search", {"typed": "%_" * 200}, here),
        (f"{BOOKING}.pick", {"client_id": UNKNOWN}, here),
        (f"{BOOKING}.move", {"visit_id": UNKNOWN}, here),
        (f"{BOOKING}.start_for", {"client_id": UNKNOWN}, here),
        (f"{BOOKING}.save", {}, here),
        (f"{SHEET}.open", {"visit_id": UNKNOWN}, here),
        *[(f"{SHEET}.act", {"what": what}, here) for what in ("", "cancel", "settle", "__class__", "confirm")],
        (f"{SHEET}.cancel", {"form": {"reason": "x" * 4_000, "fee": "charge"}}, here),
        (f"{SHEET}.ask_cancel", {}, here),
        (f"{TAB}.load", {}, f"{routes.STAFF_CLIENTS}/{UNKNOWN}?tab=appointments"),
        (f"{TAB}.show_earlier", {}, here),
    ]


def test_what_makes_no_sense_is_a_sentence_at_most(portal: PortalServer) -> None:
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, DESK)}) as socket:
        for name, payload, path in absurd():
            said = repr(socket.call(name, payload, path, wait=0.05))
            assert "Something went wrong" not in said, (name, payload, path)


def test_a_visit_that_was_changed_meanwhile_is_left_alone(portal: PortalServer) -> None:
    """The screen of the drawer is the server's own: nobody can say that they saw another."""
    visit_id = visits.book(portal, VICTIM, days=9)
    here = routes.STAFF_APPOINTMENTS
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, DESK)}) as socket:
        socket.call(f"{BOOKING}.move", {"visit_id": str(visit_id)}, here)
        socket.call(f"{BOOKING}.choose_time", {"clock": "13:00"}, here)
        visits.desk(portal, "confirm", visit_id)
        before = state_of(portal, visit_id)
        said = repr(socket.call(f"{BOOKING}.save", {}, here, wait=0.6))
        assert "has just been changed" in said
    assert state_of(portal, visit_id) == before
