"""Somebody signed in goes for another's consents with a bare socket: nothing is signed or witnessed, and no word comes
back. Their own takes no signature that is none."""

import json
from typing import Any
from uuid import UUID

import pytest

from portal import routes
from tests.support import paper
from tests.support.portal_server import PortalServer
from tests.support.signed_in import run, sign_in
from tests.support.sockets import bare_socket
from tests.support.tour import AMELIA

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
GOOD = {"ink": INK, "intent": True}
COMPANION = {**GOOD, "witness": "Daniel Hart", "relationship": "Friend", "adult": True}


def stands(portal: PortalServer, form_id: UUID) -> str:
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
@pytest.mark.parametrize("rules", ["{}", '{"needs_witness": true}'])
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


BAD: list[dict[str, Any]] = [
    {},
    {"intent": True},
    {"ink": "", "intent": True},
    {"ink": "{", "intent": True},
    {"ink": "<script>alert(1)</script>", "intent": True},
    {"ink": json.dumps({"width": 9, "height": 9, "strokes": [{"points": [{"x": 1, "y": 1}]}]}), "intent": True},
    {"ink": json.dumps({"width": 340, "height": 200, "strokes": "<svg onload=alert(1)>"}), "intent": True},
    {"ink": INK, "intent": False},
    {"ink": INK, "intent": None},
    {"ink": "[" * 500_000, "intent": True},
    {"ink": "9" * 600_000, "intent": True},
    {"ink": {"strokes": []}, "intent": True},
    {f"field{n}": "x" for n in range(200)},
]


@pytest.mark.parametrize("form", BAD, ids=range(len(BAD)))
def test_what_is_no_signature_signs_nothing(portal: PortalServer, form: dict[str, Any]) -> None:
    form_id = paper.ask_for(portal, AMELIA, "Consent without a signature")
    address = routes.consent_sign(str(form_id))
    with bare_socket(portal.url, cookies=cookies(portal, AMELIA)) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, address)
        socket.call(f"{CONSENT}.sign", {"form": form}, address)
    assert stands(portal, form_id).startswith("open 0")


def test_fifty_megabytes_are_cut_off_and_the_portal_lives(portal: PortalServer) -> None:
    form_id = paper.ask_for(portal, AMELIA, "Consent with a flood")
    address, jar = routes.consent_sign(str(form_id)), cookies(portal, AMELIA)
    with bare_socket(portal.url, cookies=jar) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, address)
        socket.send(f"{CONSENT}.sign", {"form": {"ink": "9" * 50_000_000, "intent": True}}, address)
        socket.settle(most=10)
    assert stands(portal, form_id).startswith("open 0")
    with bare_socket(portal.url, cookies=jar) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, address)
        socket.call(f"{CONSENT}.sign", {"form": GOOD}, address, wait=1.0)
    assert stands(portal, form_id).startswith("done 1")


def test_the_patient_is_not_her_own_witness(portal: PortalServer) -> None:
    form_id = paper.ask_for(portal, AMELIA, "Consent with a witness", '{"needs_witness": true}')
    read, witness = routes.consent_sign(str(form_id)), routes.consent_witness(str(form_id))
    with bare_socket(portal.url, cookies=cookies(portal, AMELIA)) as socket:
        socket.call(f"{CONSENT}.load_signing", {}, read)
        socket.call(f"{CONSENT}.sign", {"form": GOOD}, read, wait=1.0)
        assert stands(portal, form_id).startswith("witness 1")
        socket.call(f"{CONSENT}.load_witnessing", {}, witness)
        for wrong in ({"witness": "Amelia Hart"}, {"adult": False}, {"relationship": "Myself"}, {"intent": False}):
            socket.call(f"{WITNESS}.sign", {"form": COMPANION | wrong}, witness)
            assert stands(portal, form_id).startswith("witness 1"), wrong
    elsewhere = {"User-Agent": "another device"}
    with bare_socket(portal.url, cookies=cookies(portal, AMELIA), headers=elsewhere) as socket:
        socket.call(f"{CONSENT}.load_witnessing", {}, witness)
        socket.call(f"{WITNESS}.sign", {"form": COMPANION}, witness)
    assert stands(portal, form_id).startswith("witness 1")
