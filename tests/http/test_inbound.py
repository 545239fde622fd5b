"""The two doors of other systems, attacked: forged, old and repeated messages, huge ones, and those that are none."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from twilio.request_validator import RequestValidator

from portal import routes
from portal.http import inbound
from portal.http.edge import Edge
from portal.models import InboundEvent, Patient
from portal.models import db as database
from portal.security.signed_requests import HEADER, sign
from portal.settings import Settings, settings
from portal.work import SYSTEM
from tests.support.clinic import OpenAs, TestClinic, furnish

SECRET, TOKEN = "s" * 40, "twilio-token"
OUT = {"id": "evt-1", "phone": "(503) 555-0187", "do_not_sms": True, "do_not_email": True}
STOP = {"MessageSid": "SM" + "0" * 32, "From": "+15035550187", "To": "+15035550142", "Body": "STOP"}

FORGED = [
    "",
    "t=1,v1=" + "0" * 64,
    f"t={10**11},v1=" + "0" * 64,
    "v1=" + "0" * 64,
    f"t=abc,v1={'0' * 64}",
    sign("another secret " * 3, json.dumps(OUT).encode(), int(time.time())),
    sign(SECRET, b"another body", int(time.time())),
    sign(SECRET, json.dumps(OUT).encode(), int(time.time())).upper(),
]
NO_MESSAGES: list[Any] = [
    {},
    [],
    "words",
    None,
    OUT | {"id": ""},
    OUT | {"id": "x" * 101},
    OUT | {"id": "a b"},
    OUT | {"id": 7},
    OUT | {"more": 1},
    OUT | {"do_not_sms": "yes"},
    OUT | {"phone": ["+15035550187"]},
    OUT | {"phone": "\u0000"},
    OUT | {"wording": "w" * 1001},
    {"id": "evt-1", "do_not_sms": True},
    {"id": "evt-1", "phone": "+15035550187"},
]


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    monkeypatch.setattr(database, "engine", lambda: engine)
    monkeypatch.setattr(settings(), "booking_secret", SecretStr(SECRET))
    monkeypatch.setattr(settings(), "twilio_auth_token", SecretStr(TOKEN))
    monkeypatch.setattr(settings(), "public_url", "https://portal.example.com/")
    with open_as(SYSTEM) as work:
        made = furnish(work)
        work.get(Patient, made.amelia.patient_id).wants_sms = True
        return made


@pytest.fixture
def client(clinic: TestClinic) -> Iterator[TestClient]:
    edge = Settings(PORTAL_PUBLIC_URL="http://testserver")  # pyright: ignore[reportCallIssue]
    with TestClient(Edge(Starlette(routes=inbound.ROUTES), edge, Path("/nonexistent"))) as opened:
        yield opened


def post(client: TestClient, message: Any = OUT, *, body: bytes | None = None, at: int | None = None, **headers: str):
    body = json.dumps(message).encode() if body is None else body
    given = {"content-type": "application/json", HEADER: sign(SECRET, body, int(time.time()) if at is None else at)}
    return client.post(routes.OPT_OUTS, content=body, headers=given | headers)


def tell(client: TestClient, form: dict[str, str] | None = None, query: str = "", **headers: str):
    form = STOP if form is None else form
    url = "https://portal.example.com" + routes.TWILIO_INBOUND + query
    given = {"x-twilio-signature": RequestValidator(TOKEN).compute_signature(url, form)}
    given |= {"content-type": "application/x-www-form-urlencoded"}
    return client.post(routes.TWILIO_INBOUND + query, content=urlencode(form), headers=given | headers)


def stands(open_as: OpenAs, clinic: TestClinic) -> tuple[bool, int]:
    """Whether Do Not SMS is on for Amelia, and how many messages were kept."""
    with open_as(SYSTEM) as work:
        return work.get(Patient, clinic.amelia.patient_id).do_not_sms, len(work.db.exec(select(InboundEvent)).all())


def test_a_signed_opt_out_is_taken_once(client: TestClient, clinic: TestClinic, open_as: OpenAs) -> None:
    first = post(client)
    assert (first.status_code, first.json()) == (200, {"received": True})
    assert "set-cookie" not in first.headers
    assert post(client).json() == {"received": True}  # the sender asks again: nothing happens twice
    assert stands(open_as, clinic) == (True, 1)


def test_the_answer_never_tells_whether_somebody_exists(client: TestClient, clinic: TestClinic) -> None:
    known, unknown = post(client), post(client, OUT | {"id": "evt-2", "phone": "+15035550100"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_a_forged_signature_does_nothing(client: TestClient, clinic: TestClinic, open_as: OpenAs) -> None:
    for header in FORGED:
        assert post(client, **{HEADER: header}).status_code == 403, header
    assert stands(open_as, clinic) == (False, 0)


@pytest.mark.parametrize("away", [-301, -86_400, 301])
def test_another_time_s_message_does_nothing(
    away: int, client: TestClient, clinic: TestClinic, open_as: OpenAs
) -> None:
    for away in (-301, -86_400, 301):
        assert post(client, at=int(time.time()) + away).status_code == 403, away
    assert stands(open_as, clinic) == (False, 0)


def test_what_is_no_message_is_refused_in_words(client: TestClient, clinic: TestClinic, open_as: OpenAs) -> None:
    for message in NO_MESSAGES:
        answer = post(client, message)
        assert answer.status_code == 400, message
        assert answer.json()["error"]
    assert stands(open_as, clinic) == (False, 0)


def test_bodies_types_and_methods(client: TestClient, clinic: TestClinic, open_as: OpenAs) -> None:
    assert post(client, body=b"{" * 200).status_code == 400
    assert post(client, body=b"[" * 15_000).status_code == 400
    assert post(client, body=b"x" * 16_001).status_code == 413
    assert post(client, body=b"x" * 70_000).status_code == 413
    assert post(client, **{"content-type": "text/plain"}).status_code == 415
    assert tell(client, **{"content-type": "application/json"}).status_code == 415
    for path in (routes.OPT_OUTS, routes.TWILIO_INBOUND):
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            assert client.request(method, path).status_code == 405
    assert stands(open_as, clinic) == (False, 0)


def test_any_origin_may_speak_there_and_nowhere_else(client: TestClient, clinic: TestClinic) -> None:
    assert post(client, origin="https://booking.example").status_code == 200
    for path in (routes.OPT_OUTS + "/", routes.OPT_OUTS + "x", routes.SESSION, routes.TWILIO_INBOUND.upper()):
        assert client.post(path, headers={"origin": "https://booking.example"}).status_code == 403


def test_without_a_secret_there_is_no_door(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "booking_secret", SecretStr(""))
    monkeypatch.setattr(settings(), "twilio_auth_token", SecretStr(""))
    assert post(client).status_code == 404
    assert tell(client).status_code == 404


def test_stop_as_twilio_signs_it(client: TestClient, clinic: TestClinic, open_as: OpenAs) -> None:
    for _ in range(2):  # Twilio tells again where it heard no answer
        answer = tell(client)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/xml")
        assert "<Message" not in answer.text
        assert "<Response" in answer.text
    assert stands(open_as, clinic) == (True, 1)
    assert tell(client, STOP | {"MessageSid": "SM2", "Body": "Start"}, "?from=twilio").status_code == 200
    assert stands(open_as, clinic) == (False, 2)


def test_nobody_else_says_stop(client: TestClient, clinic: TestClinic, open_as: OpenAs) -> None:
    def signed(token: str, address: str, form: dict[str, str]) -> str:
        return RequestValidator(token).compute_signature(address + routes.TWILIO_INBOUND, form)

    here = "https://portal.example.com"
    for signature in (
        "AAAA",
        "",
        signed("a guess", here, STOP),
        signed(TOKEN, here, STOP | {"From": "+15035550100"}),  # of another message
        signed(TOKEN, "https://evil.example", STOP),  # for another address
    ):
        assert tell(client, **{"x-twilio-signature": signature}).status_code == 403, signature
    assert stands(open_as, clinic) == (False, 0)


def test_odd_forms_do_nothing(client: TestClient, clinic: TestClinic, open_as: OpenAs) -> None:
    assert tell(client, {}).status_code == 400
    assert tell(client, STOP | {"MessageSid": "' OR 1=1"}).status_code == 400
    assert tell(client, {f"a{n}": "1" for n in range(200)}).status_code == 400
    assert client.post(
        routes.TWILIO_INBOUND, content=b"\xff\xfe", headers={"content-type": "application/x-www-form-urlencoded"}
    ).status_code in {400, 403}
    assert tell(client, STOP | {"From": "whatsapp:+15035550187", "Body": "\x00 STOP"}).status_code == 200
    assert stands(open_as, clinic)[0] is False
