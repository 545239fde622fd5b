"""The staff's door over HTTP: the ticket and its replay, where one is sent on to, the two cookies, logging out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal import routes
from portal.http import session, staff_session
from portal.http.edge import Edge
from portal.models import PasscodeChallenge, Session, Staff
from portal.models import db as database
from portal.security.keys import keyed_hash
from portal.security.sessions import open_session
from portal.security.staff_sessions import lock_session
from portal.services import staff_entering
from portal.settings import Settings
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.getting_in import newest_code, robot_check
from tests.support.staff_in import signed_in

SETTINGS = Settings(PORTAL_PUBLIC_URL="http://testserver")  # pyright: ignore[reportCallIssue]
NAOMI, BROWSER = "naomi.reyes@lumiere.example", "browser-one"


@pytest.fixture
def clock() -> None:
    """Sessions over HTTP are judged by the machine's own clock, so everything here is."""


@pytest.fixture(autouse=True)
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    """A small practice in the database that the routes use."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_as(SYSTEM) as work:
        return furnish(work)


@pytest.fixture
def client() -> Iterator[TestClient]:
    """Both doors behind the edge."""
    app = Edge(Starlette(routes=[*staff_session.ROUTES, *session.ROUTES]), SETTINGS, Path("/nonexistent"))
    with TestClient(app, base_url=SETTINGS.public_url, follow_redirects=False) as opened:
        yield opened


def ticket(open_as: OpenAs) -> str:
    """A ticket for Naomi, in browser one, after an emailed code and a recovery code."""
    visitor = Actor(browser=keyed_hash("browser", BROWSER), address="192.0.2.7")
    naomi = signed_in(open_as)
    with open_as(SYSTEM) as work:
        from portal.services.second_factor import new_recovery_codes

        codes = new_recovery_codes(work, work.get(Staff, naomi.id))
    with open_as(visitor) as work:
        under_way = staff_entering.request(work, NAOMI, robot_check()).challenge_id
    with open_as(SYSTEM) as work:
        emailed = newest_code(work, NAOMI)
    with open_as(visitor) as work:
        assert staff_entering.enter_code(work, under_way, emailed).second
    with open_as(visitor) as work:
        return staff_entering.enter_recovery(work, under_way, codes[0]).ticket


def post(
    client: TestClient, given: str, next_: str = "", cookies: str = f"portal_browser={BROWSER}"
) -> tuple[str, str]:
    """Where one is sent, and the cookie that came along."""
    answer = client.post(routes.STAFF_SESSION, data={"ticket": given, "next": next_}, headers={"cookie": cookies})
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    return answer.headers["location"], answer.headers.get("set-cookie", "")


def test_a_ticket_opens_once_and_in_its_own_browser(open_as: OpenAs, client: TestClient) -> None:
    given = ticket(open_as)
    refused = (f"{routes.STAFF_LOGIN}?ended=ticket", "")
    assert post(client, given, cookies="portal_browser=browser-two") == refused
    assert post(client, given, cookies="") == refused
    assert post(client, given.replace("recovery.", "totp.")) == refused, "the factor is part of what was issued"
    where, cookie = post(client, given, routes.STAFF_ACCOUNT)
    assert where == routes.STAFF_ACCOUNT
    assert all(word in cookie for word in ("portal_staff=", "HttpOnly", "SameSite=Strict", "Path=/"))
    assert post(client, given) == refused
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(Session.factor).order_by(col(Session.id).desc())).first() == "recovery"
        assert given not in repr(work.db.exec(select(PasscodeChallenge.ticket_hash)).all())


@pytest.mark.parametrize("given", ["", "x", "totp.", "a" * 5000])
def test_no_ticket_is_no_ticket(client: TestClient, given: str) -> None:
    assert post(client, given) == (f"{routes.STAFF_LOGIN}?ended=ticket", "")


@pytest.mark.parametrize(
    "wanted",
    [
        *("https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "https:/staff/clients"),
        *("/dashboard", "/", "", "staff/clients", "/staffing", "/staff", "/staff/\r\nx", "/staff/" + "x" * 400),
        *("/staff/session/end", "/staff/login", "/staff/lock?next=/staff/lock"),
    ],
)
def test_nobody_is_sent_elsewhere(wanted: str) -> None:
    assert routes.staff_next(wanted) == routes.STAFF_CLIENTS


@pytest.mark.parametrize(
    "wanted", ["/staff/account", "/staff/clients/1?tab=notes", "/provider", "/staff/task-management"]
)
def test_one_goes_on_where_one_was_headed(wanted: str) -> None:
    assert routes.staff_next(wanted) == wanted


def test_a_session_that_was_planted_is_not_taken_over(open_as: OpenAs, client: TestClient) -> None:
    """Signing in makes a new token, whatever the browser brings along."""
    planted = signed_in(open_as, "jonah.bell@lumiere.example").token
    _, cookie = post(client, ticket(open_as), cookies=f"portal_browser={BROWSER}; portal_staff={planted}")
    assert "portal_staff=" in cookie
    assert planted not in cookie
    assert (
        client.get(routes.STAFF, headers={"cookie": f"portal_staff={planted}"}).headers["location"]
        == routes.STAFF_LOGIN
    )


def test_logging_out_ends_it_for_whoever_holds_the_cookie(open_as: OpenAs, client: TestClient) -> None:
    naomi = signed_in(open_as)
    cookie = {"cookie": f"portal_staff={naomi.token}"}
    assert client.get(routes.STAFF, headers=cookie).headers["location"] == routes.STAFF_CLIENTS
    out = client.post(routes.STAFF_SESSION_END, headers=cookie)
    assert out.headers["location"] == f"{routes.STAFF_LOGIN}?ended=out"
    assert "portal_staff=;" in out.headers["set-cookie"]
    assert client.get(routes.STAFF, headers=cookie).headers["location"] == routes.STAFF_LOGIN


def test_a_locked_screen_logs_out_too(open_as: OpenAs, client: TestClient) -> None:
    naomi = signed_in(open_as)
    with open_as(naomi.actor) as work:
        lock_session(work, naomi.actor.session_id)  # pyright: ignore[reportArgumentType]
    client.post(routes.STAFF_SESSION_END, headers={"cookie": f"portal_staff={naomi.token}"})
    with open_as(SYSTEM) as work:
        assert work.get(Session, naomi.actor.session_id).ended_by == "log out"


def test_each_side_ends_its_own_session_alone(open_as: OpenAs, client: TestClient, clinic: TestClinic) -> None:
    naomi = signed_in(open_as)
    with open_as(SYSTEM) as work:
        hers = open_session(work, clinic.amelia.patient_id)  # pyright: ignore[reportArgumentType]
    both = {"cookie": f"portal_staff={naomi.token}; portal_session={hers}"}
    client.post(routes.SESSION_END, headers=both)
    assert client.get(routes.HOME, headers=both).headers["location"] == routes.LOGIN
    assert client.get(routes.STAFF, headers=both).headers["location"] == routes.STAFF_CLIENTS
    assert (
        client.get(f"{routes.STAFF}/", headers={"cookie": f"portal_session={hers}"}).headers["location"]
        == routes.STAFF_LOGIN
    )


def test_another_site_cannot_log_anybody_out(open_as: OpenAs, client: TestClient) -> None:
    naomi = signed_in(open_as)
    headers = {"cookie": f"portal_staff={naomi.token}", "origin": "https://evil.test"}
    assert client.post(routes.STAFF_SESSION_END, headers=headers).status_code == 403
