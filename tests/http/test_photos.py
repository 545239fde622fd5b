"""Photographs over HTTP: taken from the person who fills the form, shown to nobody else."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal import routes
from portal.gateways.images import LARGEST_BYTES
from portal.http import photos
from portal.http.edge import Edge
from portal.http.pace import Pace
from portal.ids import uuid7
from portal.models import FormPhoto
from portal.models import db as database
from portal.security.sessions import open_session
from portal.settings import Settings
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import fill, submit, to_fill

SETTINGS = Settings(PORTAL_PUBLIC_URL="http://testserver")  # pyright: ignore[reportCallIssue]


@pytest.fixture
def clock() -> None:
    """Sessions over HTTP are judged by the machine's own clock, so everything here is."""


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    """A small practice in the database that the routes use."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    monkeypatch.setattr(photos, "_sent", Pace(40, 600))
    with open_as(SYSTEM) as work:
        return furnish(work)


@pytest.fixture
def client() -> Iterator[TestClient]:
    """The routes behind the edge."""
    edge = Edge(Starlette(routes=photos.ROUTES), SETTINGS, Path("/nonexistent"))
    with TestClient(edge, base_url=SETTINGS.public_url, follow_redirects=False) as opened:
        yield opened


def _cookie(open_as: OpenAs, who: Actor) -> dict[str, str]:
    with open_as(SYSTEM) as work:
        return {"cookie": f"portal_session={open_session(work, who.patient_id, who.contact_id, who.guardian_id)}"}


def _png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    return out.getvalue()


def _send(client: TestClient, form_id: Any, headers: dict[str, str], content: bytes, question: str = "photo") -> int:
    address = routes.photos_of(str(form_id))
    return client.post(address, params={"question": question}, content=content, headers=headers).status_code


def test_the_owner_sends_a_photograph_and_sees_it(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)
    assert _send(client, form_id, cookie, _png()) == 201
    with open_as(SYSTEM, write=False) as work:
        photo = work.db.exec(select(FormPhoto)).one()
    assert (photo.width, photo.height, photo.media_type) == (30, 20, "image/jpeg")
    shown = client.get(routes.photo(str(photo.id)), headers=cookie)
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]
    with Image.open(BytesIO(shown.content)) as read:
        assert read.size == (30, 20)
    assert client.get(routes.photo(str(photo.id)), headers=_cookie(open_as, clinic.rosa)).status_code == 404
    assert client.get(routes.photo(str(photo.id))).status_code == 404
    assert client.get(routes.photo(str(uuid7())), headers=cookie).status_code == 404


def test_nobody_else_sends_one(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id = to_fill(open_as, clinic)
    assert _send(client, form_id, {}, _png()) == 401
    assert _send(client, form_id, _cookie(open_as, clinic.rosa), _png()) == 404
    own = _cookie(open_as, clinic.amelia)
    assert _send(client, form_id, own | {"origin": "https://elsewhere.example"}, _png()) == 403
    assert _send(client, uuid7(), own, _png()) == 404
    assert _send(client, form_id, own, _png(), question="name") == 404
    with open_as(SYSTEM, write=False) as work:
        assert not work.db.exec(select(FormPhoto)).all()


def test_what_is_no_photograph_has_a_status_of_its_own(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)
    assert _send(client, form_id, cookie, b"<svg onload='alert(1)'/>") == 415
    assert _send(client, form_id, cookie, bytes(LARGEST_BYTES + 1)) == 413
    assert _send(client, form_id, cookie, bytes(LARGEST_BYTES + 200_000)) == 413
    fill(open_as, clinic.amelia, form_id)
    submit(open_as, clinic.amelia, form_id)
    assert _send(client, form_id, cookie, _png()) == 409


def test_there_is_a_limit_to_sending(
    clinic: TestClinic, open_as: OpenAs, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "_sent", Pace(1, 600))
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)
    assert [_send(client, form_id, cookie, _png()) for _ in range(2)] == [201, 429]
