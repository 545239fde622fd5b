"""A client's profile over a bare socket: edits that nobody asked for, of whom, with what."""

import time
from uuid import UUID

import pytest
from sqlmodel import select

from portal import routes
from portal.models import AuditEvent, ClientDraft, Contact, Patient
from tests.support import tour
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in, sign_in_staff
from tests.support.sockets import BareSocket, bare_socket

ROOT = "reflex___state____state"
EDIT = f"{ROOT}.portal___state___staff___client_edit____client_edit_state."
PLACE = f"{ROOT}.portal___state___staff___client_place____client_place_state."
PROFILE = f"{ROOT}.portal___state___staff___client____client_state."
MARISOL, NAOMI = "marisol.vega@lumiere.example", "naomi.reyes@lumiere.example"
NOWHERE = "00000000-0000-7000-8000-000000000000"


def client(portal: PortalServer, phone: str = tour.AMELIA) -> UUID:
    with acting(portal) as work:
        return work.db.exec(select(Contact.patient_id).where(Contact.value == phone)).one()


def record(portal: PortalServer, client_id: UUID) -> Patient:
    with acting(portal) as work:
        return work.get(Patient, client_id)


def shown(socket: BareSocket, handler: str, path: str) -> None:
    """Call a handler and wait for its answer, however busy the machine is."""
    before = len(socket.frames)
    socket.send(handler, path=path)
    deadline = time.monotonic() + 20
    while len(socket.frames) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    socket.settle(0.3)


def viewed(portal: PortalServer, client_id: UUID) -> list[AuditEvent]:
    with acting(portal) as work:
        views = select(AuditEvent).where(AuditEvent.action == "client.viewed", AuditEvent.patient_id == client_id)
        return list(work.db.exec(views).all())


@pytest.mark.parametrize("cookie", ["none", "patient", "staff of nobody"])
def test_who_is_no_staff_reads_and_changes_nothing(portal: PortalServer, cookie: str) -> None:
    amelia = client(portal)
    before = record(portal, amelia).version
    cookies = {
        "none": {},
        "patient": {"portal_session": sign_in(portal, tour.AMELIA)[1]},
        "staff of nobody": {"portal_staff": "x" * 43},
    }[cookie]
    page = routes.staff_client_edit(str(amelia))
    with bare_socket(portal.url, cookies=cookies) as socket:
        for name, payload in (
            (f"{PROFILE}load", {}),
            (f"{EDIT}load", {}),
            (f"{EDIT}save", {"form": {"city": "Mine"}}),
            (f"{EDIT}keep", {"typed": {"city": "Mine"}}),
            (f"{PLACE}begin", {"what": "address"}),
            (f"{PLACE}save", {"form": {"city": "Mine"}}),
        ):
            socket.call(name, payload, path=page)
        assert "Larkspur" not in repr(socket.frames)
        assert "Kowalski" not in repr(socket.frames)
    assert record(portal, amelia).version == before
    with acting(portal) as work:
        assert work.db.exec(select(ClientDraft)).all() == []


def test_absurd_payloads_change_nothing(portal: PortalServer) -> None:
    amelia = client(portal)
    page = routes.staff_client_edit(str(amelia))
    before = record(portal, amelia)
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, MARISOL)}) as socket:
        socket.call(f"{EDIT}save", {"form": {"city": "Unread"}}, path=page)  # nothing was opened
        socket.call(f"{EDIT}load", {}, path=page)
        for form in (
            None,
            7,
            "city=Mine",
            [],
            ["city", "Mine"],
            {"city": {"$gt": ""}},
            {"city": 7},
            {"city": "x" * 5_000},
            {f"field{n}": "x" for n in range(200)},
            {"id": NOWHERE, "version": "9", "status": "inactive", "merged_into_id": NOWHERE, "do_not_sms": "on"},
            {"portal_accepted_at": "2020-01-01", "practice_id": NOWHERE, "__class__": "x", "_base": "x"},
            {"clinic_id": NOWHERE, "sex": "<script>", "language": "xx", "referral_id": "'; DROP TABLE patient; --"},
            {"date_of_birth": "9999-99-99", "first_name": "\u0000", "last_name": "<b>"},
        ):
            socket.call(f"{EDIT}save", {"form": form}, path=page)
            socket.call(f"{EDIT}keep", {"typed": form}, path=page)
        for what in ("", "first_name", "__class__", "x" * 600, 7, None):
            socket.call(f"{PLACE}begin", {"what": what}, path=page)
            socket.call(f"{PLACE}save", {"form": {"first_name": "Mine", "city": "Mine"}}, path=page)
        socket.call(f"{EDIT}save", {"form": {}, "base": {}, "client_id": NOWHERE}, path=page)
        socket.call(f"{PLACE}keep_mine", {}, path=page)
        socket.call(f"{PLACE}keep_theirs", {}, path=page)
        assert "Something went wrong" not in repr(socket.frames), "every one was refused with a sentence or in silence"
    after = record(portal, amelia)
    assert after.model_dump() == before.model_dump()


def test_a_form_stays_its_clients_wherever_the_socket_says_it_is(portal: PortalServer) -> None:
    amelia, imani = client(portal), client(portal, "+15035550156")
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, MARISOL)}) as socket:
        socket.call(f"{EDIT}load", {}, path=routes.staff_client_edit(str(amelia)), wait=0.5)
        socket.call(f"{EDIT}save", {"form": {"pharmacy_name": "Hazel"}}, path=routes.staff_client(str(imani)), wait=0.8)
    assert record(portal, imani).pharmacy_name == ""
    assert record(portal, amelia).pharmacy_name == "Hazel"


def test_a_provider_cannot_correct_a_contact_by_hand(portal: PortalServer) -> None:
    amelia = client(portal)
    page = routes.staff_client(str(amelia))
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, NAOMI)}) as socket:
        socket.call(f"{PLACE}begin", {"what": "phone"}, path=page, wait=0.5)
        socket.call(f"{PLACE}save", {"form": {"phone": "(971) 555-0299"}}, path=page, wait=0.8)
        assert "Your role does not include that" in repr(socket.frames)
    assert client(portal) == amelia, "the number is still hers"


def test_an_id_that_is_nobodys_is_no_client_and_a_view_is_noted_once(portal: PortalServer) -> None:
    amelia = client(portal)
    before = len(viewed(portal, amelia))
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, MARISOL)}) as socket:
        for path in (routes.staff_client(NOWHERE), "/staff/clients/'; --", "/staff/clients/../../etc"):
            socket.call(f"{PROFILE}load", {}, path=path)
        assert "Larkspur" not in repr(socket.frames)
        for _ in range(3):
            shown(socket, f"{PROFILE}load", routes.staff_client(str(amelia)))
    deadline = time.monotonic() + 20  # views are gathered and written a little later
    while (seen := len(viewed(portal, amelia))) == before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert seen == before + 1
