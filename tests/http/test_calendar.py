"""Calendars over HTTP: the owner's visit, a private address that can be revoked, and nothing for anybody else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import Engine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal.errors import NotFound
from portal.http import calendar, unsubscribe
from portal.http.edge import Edge
from portal.http.pace import Pace
from portal.ids import uuid7
from portal.models import Appointment, AppointmentStatus, CalendarFeed, CommunicationConsent, Patient, PatientStatus
from portal.models import db as database
from portal.routes import calendar_feed as address
from portal.routes import unsubscribe as unsubscribe_route
from portal.routes import visit_ics
from portal.security.sessions import open_session
from portal.services import calendar_feed
from portal.services.unsubscribe import token_for
from portal.settings import Settings
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.messages import reachable

SETTINGS = Settings(PORTAL_PUBLIC_URL="http://testserver")  # pyright: ignore[reportCallIssue]


@pytest.fixture
def clock() -> None:
    """Sessions over HTTP are judged by the machine's own clock, so everything here is."""


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_as(SYSTEM) as work:
        return furnish(work)


@pytest.fixture
def client() -> Iterator[TestClient]:
    routes = [*calendar.ROUTES, *unsubscribe.ROUTES]
    with TestClient(
        Edge(Starlette(routes=routes), SETTINGS, Path("/nonexistent")),
        base_url=SETTINGS.public_url,
        follow_redirects=False,
    ) as opened:
        yield opened


def cookie(open_as: OpenAs, who: Actor) -> dict[str, str]:
    with open_as(SYSTEM) as work:
        return {"cookie": f"portal_session={open_session(work, who.patient_id, who.contact_id, who.guardian_id)}"}


def token(open_as: OpenAs, who: Actor) -> str:
    with open_as(who) as work:
        return calendar_feed.create(work)


def test_the_owner_takes_a_visit_into_the_calendar(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    with open_as(SYSTEM) as work:
        visit_id = clinic.visit(work, clinic.amelia)
    answer = client.get(visit_ics(str(visit_id)), headers=cookie(open_as, clinic.amelia))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    [event] = IcsCalendarStream.calendar_from_ics(answer.text).events
    assert (event.uid, event.summary) == (str(visit_id), "Visit at Lumière Aesthetics")
    assert "Botox" not in answer.text
    assert event.location == "Pearl District, 41 Marlow Street, Suite 200, Portland, OR 97209"


def test_a_stranger_and_a_missing_visit_get_the_same(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    with open_as(SYSTEM) as work:
        visit_id = clinic.visit(work, clinic.amelia)
    rosa = cookie(open_as, clinic.rosa)
    stranger, missing = (client.get(visit_ics(str(one)), headers=rosa) for one in (visit_id, uuid7()))
    assert stranger.status_code == missing.status_code == 404
    assert stranger.text == missing.text == NotFound().sentence
    assert client.get(visit_ics(str(visit_id))).status_code == 303


def test_a_private_address_has_what_lies_ahead_and_the_last_month(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    now = datetime.now(UTC)
    with open_as(SYSTEM) as work:
        ids = {days: clinic.visit(work, clinic.amelia, now + timedelta(days=days)) for days in (-40, -20, 5, 200)}
        clinic.visit(work, clinic.rosa)
        work.get(Appointment, ids[5]).status = AppointmentStatus.CANCELLED
    answer = client.get(address(token(open_as, clinic.amelia)))
    assert answer.status_code == 200
    events = IcsCalendarStream.calendar_from_ics(answer.text).events
    assert [event.uid for event in events] == [str(ids[days]) for days in (-20, 5, 200)]
    assert [event.status.value for event in events] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert "Botox" not in answer.text
    assert "Amelia" not in answer.text


def test_a_program_that_has_it_already_is_told_so(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    with open_as(SYSTEM) as work:
        visit_id = clinic.visit(work, clinic.amelia)
    place = address(token(open_as, clinic.amelia))
    first = client.get(place)
    again = client.get(place, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    with open_as(SYSTEM) as work:
        work.get(Appointment, visit_id).sequence += 1
    assert client.get(place, headers={"if-none-match": first.headers["etag"]}).status_code == 200


def test_an_address_that_was_revoked_or_never_was_gives_nothing(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    first = token(open_as, clinic.amelia)
    second = token(open_as, clinic.amelia)
    assert client.get(address(first)).status_code == 404, "a new address ends the old one"
    assert client.get(address(second)).status_code == 200
    with open_as(clinic.amelia) as work:
        assert calendar_feed.state(work).active
        calendar_feed.revoke(work)
        calendar_feed.revoke(work)
        assert calendar_feed.state(work) == calendar_feed.FeedState(active=False)
    revoked, unknown = client.get(address(second)), client.get(address("x" * 43))
    assert revoked.status_code == unknown.status_code == 404
    assert revoked.text == unknown.text
    assert dict(revoked.headers) == dict(unknown.headers)


def test_only_its_hash_is_kept_and_its_reading_is_noted_now_and_then(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    given = token(open_as, clinic.amelia)
    client.get(address(given))
    with open_as(SYSTEM) as work:
        feed = work.db.exec(select(CalendarFeed)).one()
        assert given not in feed.token_hash
        noted = feed.fetched_at
        assert noted is not None
    client.get(address(given))
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(CalendarFeed)).one().fetched_at == noted


@pytest.mark.parametrize("field", ["status", "deceased_at"])
def test_an_inactive_patient_has_no_calendar(
    clinic: TestClinic, open_as: OpenAs, client: TestClient, field: str
) -> None:
    given = token(open_as, clinic.amelia)
    with open_as(SYSTEM) as work:
        patient = work.get(Patient, clinic.amelia.patient_id)
        setattr(patient, field, PatientStatus.INACTIVE if field == "status" else work.now())
    assert client.get(address(given)).status_code == 404


def test_a_guardian_has_the_childs_visits_and_a_minor_no_calendar_of_its_own(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    assert client.get(address(token(open_as, clinic.guardian))).status_code == 200
    assert client.get(address(token(open_as, clinic.child))).status_code == 404


def test_opening_the_unsubscribe_link_changes_nothing_and_its_button_does(
    clinic: TestClinic, open_as: OpenAs, client: TestClient
) -> None:
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
    place = unsubscribe_route(token_for(clinic.amelia.patient_id))
    page = client.get(place)
    assert page.status_code == 200
    assert f'action="{place}"' in page.text
    assert "Amelia" not in page.text
    assert client.head(place).status_code == 200
    with open_as(SYSTEM) as work:
        assert work.get(Patient, clinic.amelia.patient_id).wants_email
    done = client.post(place, headers={"origin": "http://testserver"})
    assert "no more of these emails" in done.text
    with open_as(SYSTEM) as work:
        assert not work.get(Patient, clinic.amelia.patient_id).wants_email


def test_a_mail_program_does_it_with_one_click(clinic: TestClinic, open_as: OpenAs, client: TestClient) -> None:
    """RFC 8058, 3.2: a POST without cookies, origin or redirect."""
    with open_as(SYSTEM) as work:
        reachable(work, clinic.amelia)
    place = unsubscribe_route(token_for(clinic.amelia.patient_id))
    for _ in range(2):
        assert client.post(place, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with open_as(SYSTEM) as work:
        assert not work.get(Patient, clinic.amelia.patient_id).wants_email
        [proof] = work.db.exec(select(CommunicationConsent)).all()
        assert (proof.granted, proof.source, proof.address) == (False, "unsubscribe link", "testclient")


@pytest.mark.parametrize("made_up", ["x", "A" * 82, "%00", "é", "A" * 300])
def test_a_made_up_link_is_not_known(clinic: TestClinic, client: TestClient, made_up: str) -> None:
    for method in ("GET", "POST"):
        answer = client.request(method, unsubscribe_route(made_up))
        assert answer.status_code == 404
        assert "We do not know this link" in answer.text


def test_a_changed_link_is_not_known(clinic: TestClinic, client: TestClient) -> None:
    good = token_for(clinic.amelia.patient_id)
    changed = good[:-3] + ("A" if good[-3] != "A" else "B") + good[-2:]
    assert client.post(unsubscribe_route(changed)).status_code == 404


def test_a_program_that_asks_without_end_is_told_to_wait(
    clinic: TestClinic, open_as: OpenAs, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calendar, "_readings", Pace(3, 600))
    monkeypatch.setattr(calendar, "_misses", Pace(2, 600))
    place, other = address(token(open_as, clinic.amelia)), address(token(open_as, clinic.rosa))
    assert [client.get(place).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get(place).headers["retry-after"] == "600"
    assert client.get(other).status_code == 200, "one address may ask for many people"
    guesses = [client.get(address(f"{number:043}")).status_code for number in range(4)]
    assert guesses == [404, 404, 429, 429]
    assert client.get(other).status_code == 200, "who guesses beside one harms nobody known"
