"""Photographs over HTTP: taken from the person who fills the form, shown to nobody else."""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal import routes
from portal.domain.access import Role
from portal.gateways import gateways
from portal.gateways.images import LARGEST_BYTES
from portal.http import photos
from portal.http.edge import Edge
from portal.http.pace import Pace
from portal.ids import uuid7
from portal.models import AuditEvent, FormPhoto, Session, Staff
from portal.models import db as database
from portal.security import intake, staff_sessions
from portal.security.sessions import open_session
from portal.services import paperwork
from portal.settings import Settings, settings
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import fill, submit, to_fill
from tests.support.team import hired

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


def _png(size: tuple[int, int] = (30, 20)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, "PNG")
    return out.getvalue()


def _send(
    client: TestClient,
    form_id: Any,
    headers: dict[str, str],
    content: bytes,
    question: str = "photo",
    instead: str = "",
) -> int:
    address = routes.photos_of(str(form_id))
    return client.post(
        address, params={"question": question, "instead": instead}, content=content, headers=headers
    ).status_code


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


def test_staff_who_treat_see_it_and_the_front_desk_does_not(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    assert _send(client, to_fill(open_as, clinic), _cookie(open_as, clinic.amelia), _png()) == 201
    with open_as(SYSTEM, write=False) as work:
        address = routes.staff_photo(str(work.db.exec(select(FormPhoto.id)).one()))

    def staff(role: Role, first: str) -> dict[str, str]:
        actor = hired(open_as, clinic, role, first, "Vega")
        with open_as(SYSTEM) as work:
            token = staff_sessions.open_session(work, work.get(Staff, actor.staff_id), "totp")
        return {"cookie": f"portal_staff={token}"}

    shown = client.get(address, headers=staff(Role.PROVIDER, "Priya"))
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert "sandbox" in shown.headers["content-security-policy"]
    for nobody in (staff(Role.FRONT_DESK, "Marisol"), _cookie(open_as, clinic.amelia), {}):
        assert client.get(address, headers=nobody).status_code == 404
    assert client.get(routes.staff_photo(str(uuid7())), headers=staff(Role.ADMIN, "Elena")).status_code == 404
    intake.flush()
    with open_as(SYSTEM) as work:
        seen = select(AuditEvent.patient_id).where(
            AuditEvent.action == "photo.viewed", AuditEvent.actor_kind == "staff"
        )
        assert work.db.exec(seen).all() == [clinic.amelia.patient_id]


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


def test_a_small_one_is_smaller_and_as_private(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)
    assert _send(client, form_id, cookie, _png((2_000, 1_000))) == 201
    (photo_id,) = _photos(open_as)
    small = client.get(routes.small_photo(str(photo_id)), headers=cookie)
    assert small.headers["cache-control"] == "private, no-store"
    with Image.open(BytesIO(small.content)) as read:
        assert read.size == (640, 320)
    assert client.get(routes.small_photo(str(photo_id)), headers=_cookie(open_as, clinic.rosa)).status_code == 404


def test_one_is_sent_in_the_place_of_another(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)
    for _ in range(4):
        assert _send(client, form_id, cookie, _png()) == 201
    assert _send(client, form_id, cookie, _png()) == 409
    first, *others = _photos(open_as)
    assert _send(client, form_id, cookie, _png((40, 40)), instead=str(first)) == 201
    assert _send(client, form_id, cookie, _png((40, 40)), instead=str(first)) == 404
    assert _send(client, form_id, cookie, _png((40, 40)), instead="../../etc") == 404
    assert _photos(open_as)[:3] == others
    assert client.get(routes.photo(str(first)), headers=cookie).status_code == 404


def test_a_guardian_sends_and_sees_for_the_child_alone(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id, guardian = to_fill(open_as, clinic, clinic.child), _cookie(open_as, clinic.guardian)
    assert _send(client, form_id, _cookie(open_as, clinic.child), _png()) == 401  # a minor has no session
    assert _send(client, form_id, guardian, _png()) == 201
    (photo_id,) = _photos(open_as)
    people = (clinic.guardian, clinic.rosa, clinic.amelia)
    statuses = [client.get(routes.photo(str(photo_id)), headers=_cookie(open_as, who)).status_code for who in people]
    assert statuses == [200, 404, 404]  # Rosa as herself is not Rosa for her child


def test_a_session_that_ended_sees_nothing(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)
    assert _send(client, form_id, cookie, _png()) == 201
    (photo_id,) = _photos(open_as)
    with open_as(SYSTEM) as work:
        for session in work.db.exec(select(Session)).all():
            session.ended_at = work.now()
    assert client.get(routes.photo(str(photo_id)), headers=cookie).status_code == 404
    assert _send(client, form_id, cookie, _png()) == 401


@pytest.mark.parametrize(
    "header", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "null"}]
)
def test_another_site_sends_nothing(
    clinic: TestClinic, open_as: OpenAs, client: TestClient, header: dict[str, str]
) -> None:
    form_id = to_fill(open_as, clinic)
    assert _send(client, form_id, _cookie(open_as, clinic.amelia) | header, _png()) == 403
    assert not _photos(open_as)


def test_a_withdrawn_form_takes_none_and_still_shows_what_it_has(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)
    assert _send(client, form_id, cookie, _png()) == 201
    with open_as(SYSTEM) as work:
        paperwork.reset(work, form_id, "asked twice")
    assert _send(client, form_id, cookie, _png()) == 409
    (photo_id,) = _photos(open_as)
    assert client.get(routes.photo(str(photo_id)), headers=cookie).status_code == 200


def test_what_is_kept_says_nothing_of_where_it_was_taken_and_is_encrypted(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (45.0, 30.0, 12.0)
    out = BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "JPEG", exif=exif, comment=b"a note")
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)
    assert _send(client, form_id, cookie, out.getvalue() + b"<script>alert(1)</script>") == 201
    with open_as(SYSTEM, write=False) as work:
        photo = work.db.exec(select(FormPhoto)).one()
    kept = gateways().storage.get(photo.sha256)
    assert hashlib.sha256(kept).hexdigest() == photo.sha256
    for trace in (b"Secret", b"note", b"Exif", b"script"):
        assert trace not in kept
    (file,) = settings().var.rglob(photo.sha256)
    assert b"JFIF" not in file.read_bytes()


def test_when_the_disk_is_full_nothing_is_in_the_answer(
    clinic: TestClinic, open_as: OpenAs, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    form_id, cookie = to_fill(open_as, clinic), _cookie(open_as, clinic.amelia)

    def full(content: bytes) -> str:
        raise OSError("no space left on device")

    with monkeypatch.context() as there:
        there.setattr(gateways().storage, "put", full)
        assert _send(client, form_id, cookie, _png()) == 503
    assert not _photos(open_as)
    assert _send(client, form_id, cookie, _png()) == 201


def _photos(open_as: OpenAs) -> list[Any]:
    with open_as(SYSTEM, write=False) as work:
        there = select(FormPhoto.id).where(col(FormPhoto.removed_at).is_(None))
        return list(work.db.exec(there.order_by(col(FormPhoto.id))).all())
