"""Downloads over HTTP: the owner's file with its headers, and the same nothing for everybody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.domain.access import Role
from portal.errors import NotFound
from portal.http import documents
from portal.http.edge import Edge
from portal.ids import uuid7
from portal.models import AuditEvent, Session, Staff
from portal.models import db as database
from portal.routes import form_pdf, staff_form_pdf
from portal.security import intake, staff_sessions
from portal.security.sessions import end_session, open_session
from portal.settings import Settings
from portal.work import SYSTEM, Actor
from tests.services.signed import asked, sign_typed
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import to_fill
from tests.support.team import hired

SETTINGS = Settings(PORTAL_PUBLIC_URL="http://testserver")  # pyright: ignore[reportCallIssue]


@pytest.fixture
def clock() -> None:
    """Sessions over HTTP are judged by the machine's own clock, so everything here is."""


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    """A small practice in the database that the routes use."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_as(SYSTEM) as work:
        return furnish(work)


@pytest.fixture
def client() -> Iterator[TestClient]:
    """The routes behind the edge."""
    with TestClient(
        Edge(Starlette(routes=documents.ROUTES), SETTINGS, Path("/nonexistent")),
        base_url=SETTINGS.public_url,
        follow_redirects=False,
    ) as opened:
        yield opened


def _cookie(open_as: OpenAs, who: Actor) -> dict[str, str]:
    with open_as(SYSTEM) as work:
        return {"cookie": f"portal_session={open_session(work, who.patient_id, who.contact_id, who.guardian_id)}"}


def test_the_owner_gets_the_same_sealed_file_each_time(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id = asked(open_as, clinic, name="Soin du visage, “été”")
    sign_typed(open_as, clinic.amelia, form_id)
    cookie = _cookie(open_as, clinic.amelia)
    first, second = (client.get(form_pdf(str(form_id)), headers=cookie) for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content
    assert first.content.startswith(b"%PDF")
    assert first.headers["content-type"] == "application/pdf"
    assert first.headers["cache-control"] == "private, no-store"
    assert first.headers["content-disposition"].startswith('attachment; filename="Soin du visage t.pdf"; ')
    assert "filename*=UTF-8''Soin%20du%20visage%20%C3%A9t%C3%A9.pdf" in first.headers["content-disposition"]
    intake.flush()
    with open_as(SYSTEM) as work:
        seen = work.db.exec(select(AuditEvent).where(AuditEvent.subject_id == form_id)).all()
        told = [(one.actor_id, one.detail) for one in seen if one.action == "document.downloaded"]
        assert told == [(clinic.amelia.patient_id, {"sealed": True})] * 2


def test_a_stranger_and_a_missing_form_get_the_same_words(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    cookie = _cookie(open_as, clinic.rosa)
    stranger = client.get(form_pdf(str(form_id)), headers=cookie)
    missing = client.get(form_pdf(str(uuid7())), headers=cookie)
    assert stranger.status_code == missing.status_code == 404
    assert stranger.text == missing.text == NotFound().sentence
    assert dict(stranger.headers) == dict(missing.headers)


@pytest.mark.parametrize("cookie", [{}, {"cookie": "portal_session=made-up"}])
def test_nobody_is_sent_to_the_log_in(
    clinic: TestClinic, open_as: OpenAs, client: TestClient, cookie: dict[str, str]
) -> None:
    answer = client.get(form_pdf(str(asked(open_as, clinic))), headers=cookie)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")
    assert b"%PDF" not in answer.content


def test_a_session_that_ended_opens_nothing(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id = asked(open_as, clinic)
    cookie = _cookie(open_as, clinic.amelia)
    assert client.get(form_pdf(str(form_id)), headers=cookie).status_code == 200
    with open_as(SYSTEM) as work:
        newest = work.db.exec(
            select(Session).where(Session.patient_id == clinic.amelia.patient_id).order_by(col(Session.id).desc())
        ).first()
        assert end_session(work, newest.id, "log out")
    assert client.get(form_pdf(str(form_id)), headers=cookie).status_code == 303


@pytest.mark.parametrize("path", ["x.pdf", "..%2f..%2fetc%2fpasswd.pdf", "00000000.pdf", "'or'1'='1.pdf"])
def test_what_is_no_id_is_no_form(clinic: TestClinic, open_as: OpenAs, client: TestClient, path: str) -> None:
    answer = client.get(f"/documents/forms/{path}", headers=_cookie(open_as, clinic.amelia))
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_only_reading_is_possible(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id = asked(open_as, clinic)
    for method in ("POST", "PUT", "DELETE"):
        answer = client.request(method, form_pdf(str(form_id)), headers=_cookie(open_as, clinic.amelia))
        assert answer.status_code in {403, 405}


def _staff_cookie(open_as: OpenAs, clinic: TestClinic, role: Role, first: str = "Marisol") -> dict[str, str]:
    actor = hired(open_as, clinic, role, first, "Vega")
    with open_as(SYSTEM) as work:
        token = staff_sessions.open_session(work, work.get(Staff, actor.staff_id), "totp")
    return {"cookie": f"portal_staff={token}"}


def test_staff_have_a_door_of_their_own(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    desk, hers = _staff_cookie(open_as, clinic, Role.FRONT_DESK), _cookie(open_as, clinic.amelia)
    there, here = staff_form_pdf(str(form_id)), form_pdf(str(form_id))
    answer = client.get(there, headers=desk)
    assert answer.status_code == 200
    assert answer.content == client.get(here, headers=hers).content, "the same sealed file"
    assert client.get(here, headers=desk).status_code == 303
    for nobody in (hers, {}, {"cookie": "portal_staff=made-up"}):
        refused = client.get(there, headers=nobody)
        assert refused.status_code == 303
        assert refused.headers["location"].startswith("/staff/login")
    assert client.get(staff_form_pdf(str(uuid7())), headers=desk).status_code == 404
    intake.flush()
    with open_as(SYSTEM) as work:
        seen = work.db.exec(
            select(AuditEvent).where(AuditEvent.subject_id == form_id, AuditEvent.action == "document.downloaded")
        ).all()
        assert {(one.actor_kind, one.patient_id) for one in seen} == {
            ("staff", clinic.amelia.patient_id), ("patient", clinic.amelia.patient_id)
        }  # fmt: skip


def test_answers_are_no_business_of_the_front_desk(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    form_id = to_fill(open_as, clinic)
    desk = client.get(staff_form_pdf(str(form_id)), headers=_staff_cookie(open_as, clinic, Role.FRONT_DESK))
    assert (desk.status_code, b"%PDF" in desk.content) == (403, False)
    treats = client.get(staff_form_pdf(str(form_id)), headers=_staff_cookie(open_as, clinic, Role.PROVIDER, "Priya"))
    assert treats.status_code == 200
    intake.flush()
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(AuditEvent).where(AuditEvent.action == "denied")).first() is not None
