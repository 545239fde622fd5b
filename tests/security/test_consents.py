"""Somebody signed in goes for another's consents with a bare socket: nothing is signed or witnessed, and no word comes
back. Their own takes no signature that is none."""

import json
import re
from typing import Any
from uuid import UUID

import pytest

from portal import routes
from tests.support import paper, tour
from tests.support.portal_server import PortalServer
from tests.support.signed_in import run, sign_in
from tests.support.sockets import bare_socket

ATTACKER, VICTIM = "+15035550143", "nora.kowalski@example.com"
CONSENT = "reflex___state____state.portal___state___patient___consent____consent_state"
WITNESS = "reflex___state____state.portal___state___patient___witness____witness_state"
NAME = "Consent of somebody else"

_STANDS = """
import sys
from uuid import UUID
from sqlmodel import select
from portal.models import AssignedForm, FormEvent, Signature
from portal.work import open_work
with open_work(write=False) as work:
    form = work.get(AssignedForm, UUID(sys.argv[1]))
    marks = work.db.exec(select(Signature.role).where(Signature.form_id == form.id)).all()
    events = work.db.exec(select(FormEvent.what).where(FormEvent.form_id == form.id)).all()
    print(form.status.value, len(marks), sorted(events))
"""

INK = json.dumps(
    {"width": 340, "height": 200, "strokes": [{"points": [{"x": 20 + 3 * n, "y": 90 - n % 12} for n in range(60)]}]}
)
WITNESSED = '{"needs_witness": true}'
GOOD = {"ink": INK, "intent": True}
COMPANION = {**GOOD, "witness": "Daniel Hart", "relationship": "Friend", "adult": True}


def stands(portal: PortalServer, form_id: UUID | str) -> str:
    return run(portal, _STANDS, str(form_id)).strip()


def cookies(portal: PortalServer, contact: str) -> dict[str, str]:
    return {"portal_browser": "attacker", "portal_session": sign_in(portal, contact)[1]}


def calls(form_id: str) -> list[tuple[str, dict[str, Any], str]]:
    """Every handler that opens the form of the address, or acts on the one that is open."""
    read, sign, witness = routes.consent(form_id), routes.consent_sign(form_id), routes.consent_witness(form_id)
    return [
        (f"{CONSENT}.load_reading", {}, read),
        (f"{CONSENT}.reached_end", {}, read),
        (f"{CONSENT}.load_signing", {}, sign),
        (f"{CONSENT}.begin", {}, sign),
        (f"{CONSENT}.sign", {"form": GOOD}, sign),
        (f"{CONSENT}.load_witnessing", {}, witness),
        (f"{WITNESS}.load", {}, witness),
        (f"{WITNESS}.sign", {"form": COMPANION}, witness),
        (f"{CONSENT}.refresh", {}, read),
    ]


@pytest.mark.parametrize("who", ["nobody", ATTACKER])
@pytest.mark.parametrize("rules", ["{}", WITNESSED])
def test_anothers_consent_is_neither_seen_nor_signed(portal: PortalServer, who: str, rules: str) -> None:
    form_id = paper.ask_for(portal, VICTIM, NAME, rules)
    before = stands(portal, form_id)
    jar = {"portal_browser": "attacker"} if who == "nobody" else cookies(portal, who)
    with bare_socket(portal.url, cookies=jar) as socket:
        for name, payload, path in calls(str(form_id)):
            socket.call(name, payload, path)
        said = repr(socket.frames)
    assert stands(portal, form_id) == before
    assert NAME not in said
    assert "Kowalski" not in said


def test_who_signed_is_led_on_once(portal: PortalServer) -> None:
    """The news of the signing, which comes after it, calls nobody back who has moved on meanwhile."""
    form_id = str(paper.ask_for(portal, tour.AMELIA, NAME, WITNESSED))
    read, sign, witness = routes.consent(form_id), routes.consent_sign(form_id), routes.consent_witness(form_id)
    with bare_socket(portal.url, cookies=cookies(portal, tour.AMELIA)) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, sign)
        socket.call(f"{CONSENT}.sign", {"form": GOOD}, sign, wait=1)
        socket.call(f"{CONSENT}.refresh", {}, sign)
        socket.call(f"{CONSENT}.load_witnessing", {}, witness)
        socket.call(f"{WITNESS}.load", {}, witness)
        socket.call(f"{WITNESS}.sign", {"form": COMPANION}, witness, wait=1)
        socket.call(f"{CONSENT}.refresh", {}, witness)
        led_to = re.findall(r"'name': '_redirect'.*?'path': '([^']+)'", repr(socket.frames))
    assert led_to == [witness, read]


def ink(strokes: object, width: float = 340, height: float = 200) -> dict[str, Any]:
    return {"ink": json.dumps({"width": width, "height": height, "strokes": strokes}), "intent": True}


DOT = {"x": 1, "y": 1}
BAD: list[dict[str, Any]] = [
    {},
    {"intent": True},
    {"ink": "", "intent": True},
    {"ink": "{", "intent": True},
    {"ink": "<script>alert(1)</script>", "intent": True},
    {"name": "<script>alert(1)</script>", "intent": True},
    ink([{"points": [DOT]}], 9, 9),
    ink([{"points": [DOT] * 9_000}]),
    ink("<svg onload=alert(1)>"),
    ink([{"points": "<svg onload=alert(1)>"}]),
    ink([{"points": [{"x": float("nan"), "y": 1}, {"x": 300, "y": 1}]}]),
    ink([{"points": [{"x": float("inf"), "y": 1}, {"x": 300, "y": 1}]}]),
    ink([{"points": [{"x": 0, "y": 0}, {"x": 300, "y": 90}]}], float("nan")),
    ink([{"points": [{"x": n % 2 * 300, "y": n % 3 * 60} for n in range(21_000)]}]),
    ink([{"points": [{"x": 0, "y": 0}, {"x": 300, "y": 90}]}] * 201),
    {"ink": INK, "intent": False},
    {"ink": INK, "intent": None},
    {"ink": INK, "intent": "yes"},
    {"ink": "[" * 500_000, "intent": True},
    {"ink": "9" * 600_000, "intent": True},
    {"ink": {"strokes": []}, "intent": True},
    {f"field{n}": "x" for n in range(200)},
]


def test_what_is_no_signature_signs_nothing(portal: PortalServer) -> None:
    form_id, jar = paper.ask_for(portal, tour.AMELIA, "Consent without a signature"), cookies(portal, tour.AMELIA)
    address = routes.consent_sign(str(form_id))
    for number, form in enumerate(BAD):
        with bare_socket(portal.url, cookies=jar) as socket:
            socket.call(f"{CONSENT}.load_signing", {}, address)
            socket.call(f"{CONSENT}.sign", {"form": form}, address)
        if number % 5 == 0 or number == len(BAD) - 1:
            assert stands(portal, form_id).startswith("open 0"), f"up to {str(form)[:80]}"


_MOVE = """
import sys
from datetime import timedelta
from uuid import UUID
from portal.models import Appointment, AssignedForm
from portal.services import templates
from portal.models import TemplateVersion
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    form = work.get(AssignedForm, UUID(sys.argv[1]))
    templates.publish(work, work.get(TemplateVersion, form.version_id).template_id, "Another text.")
    work.get(Appointment, form.appointment_id).starts_at += timedelta(days=1)
"""

_RESET = """
import sys
from uuid import UUID
from portal.services import paperwork
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    print(paperwork.reset(work, UUID(sys.argv[1]), "The wrong date"))
"""


@pytest.mark.parametrize("change", [_MOVE, _RESET], ids=["another text", "reset"])
def test_what_changed_under_an_open_sheet_is_not_signed(portal: PortalServer, change: str) -> None:
    """The sheet was opened before: a stale tab holds the old text, or the form that was taken back."""
    form_id, jar = paper.ask_for(portal, tour.AMELIA, "Consent that changes", WITNESSED), cookies(portal, tour.AMELIA)
    address = routes.consent_sign(str(form_id))
    with bare_socket(portal.url, cookies=jar) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, address)
        fresh = run(portal, change, str(form_id)).strip()
        socket.call(f"{CONSENT}.sign", {"form": GOOD}, address, wait=0.5)
        assert stands(portal, form_id).startswith(("open 0", "void 0"))
        if fresh:
            socket.call(f"{WITNESS}.sign", {"form": COMPANION}, routes.consent_witness(str(form_id)))
            assert stands(portal, form_id).startswith("void 0")
            assert stands(portal, UUID(fresh)).startswith("open 0"), "what was drawn for the old one signs no new one"


def test_of_two_devices_one_signs(portal: PortalServer) -> None:
    form_id = paper.ask_for(portal, tour.AMELIA, "Consent on two devices")
    address = routes.consent_sign(str(form_id))
    phone = bare_socket(portal.url, cookies=cookies(portal, tour.AMELIA), headers={"User-Agent": "A phone"})
    laptop = bare_socket(portal.url, cookies=cookies(portal, tour.AMELIA), headers={"User-Agent": "A laptop"})
    with phone as one, laptop as other:
        for socket in (one, other):
            socket.call(f"{CONSENT}.load_signing", {}, address)
        for socket in (one, other):
            socket.send(f"{CONSENT}.sign", {"form": GOOD}, address)
        for socket in (one, other):
            socket.settle(0.5)
    said = stands(portal, form_id)
    assert said.startswith("done 1")
    assert said.count("'signed'") == 1


@pytest.mark.parametrize("who", ["nobody", ATTACKER])
def test_a_stolen_tab_signs_nothing(portal: PortalServer, who: str) -> None:
    """Whoever brings the token of a tab in which a consent is open gets an empty tab."""
    form_id, name = paper.ask_for(portal, VICTIM, NAME, WITNESSED), "Consent of somebody else"
    address = routes.consent_sign(str(form_id))
    with bare_socket(portal.url, cookies=cookies(portal, VICTIM)) as owner:
        owner.call(f"{CONSENT}.load_signing", {}, address, wait=0.4)
        assert name in repr(owner.frames), "it is open there"
        tab = owner.token
    jar = {"portal_browser": "attacker"} if who == "nobody" else cookies(portal, who)
    with bare_socket(portal.url, cookies=jar, token=tab) as thief:
        thief.call(f"{CONSENT}.sign", {"form": GOOD}, address)
        thief.call(f"{CONSENT}.refresh", {}, address)
        thief.call(f"{WITNESS}.sign", {"form": COMPANION}, routes.consent_witness(str(form_id)))
        assert name not in repr(thief.frames)
        assert "Kowalski" not in repr(thief.frames)
    assert stands(portal, form_id).startswith("open 0")


def test_fifty_megabytes_are_cut_off_and_the_portal_lives(portal: PortalServer) -> None:
    form_id = paper.ask_for(portal, tour.AMELIA, "Consent with a flood")
    address, jar = routes.consent_sign(str(form_id)), cookies(portal, tour.AMELIA)
    with bare_socket(portal.url, cookies=jar) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, address)
        socket.send(f"{CONSENT}.sign", {"form": {"ink": "9" * 50_000_000, "intent": True}}, address)
        socket.settle(most=10)
    assert stands(portal, form_id).startswith("open 0")
    with bare_socket(portal.url, cookies=jar) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, address)
        socket.call(f"{CONSENT}.sign", {"form": GOOD}, address, wait=1.0)
    assert stands(portal, form_id).startswith("done 1")


def test_only_somebody_else_who_is_there_is_a_witness(portal: PortalServer) -> None:
    form_id = paper.ask_for(portal, tour.AMELIA, "Consent with a witness", WITNESSED)
    read, witness = routes.consent_sign(str(form_id)), routes.consent_witness(str(form_id))
    with bare_socket(portal.url, cookies=cookies(portal, tour.AMELIA)) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, read)
        socket.call(f"{WITNESS}.sign", {"form": COMPANION}, witness)
        assert stands(portal, form_id).startswith("open 0"), "nobody witnesses what is not signed"
        socket.call(f"{CONSENT}.sign", {"form": GOOD}, read, wait=1.0)
        assert stands(portal, form_id).startswith("witness 1")
        socket.call(f"{CONSENT}.load_witnessing", {}, witness)
        for wrong in (
            {"witness": "Amelia Hart"},
            {"witness": "HART, Amélia"},
            {"witness": "Naomi Reyes"},
            {"adult": False},
            {"relationship": "Myself"},
            {"intent": False},
            ink([{"points": [DOT]}]),
        ):
            socket.call(f"{WITNESS}.sign", {"form": COMPANION | wrong}, witness)
        assert stands(portal, form_id).startswith("witness 1")
    elsewhere = {"User-Agent": "another device"}
    with bare_socket(portal.url, cookies=cookies(portal, tour.AMELIA), headers=elsewhere) as socket:
        socket.call(f"{CONSENT}.load_witnessing", {}, witness)
        socket.call(f"{WITNESS}.sign", {"form": COMPANION}, witness)
        assert stands(portal, form_id).startswith("witness 1")
        socket.call(f"{CONSENT}.sign", {"form": GOOD}, read)
    assert stands(portal, form_id).startswith("witness 1"), "and nobody signs twice"
