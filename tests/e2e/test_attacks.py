"""Somebody who wants in and has no business there: guesses, replays, stolen tabs, forged posts, nasty names.

What needs a clock that moves (expiry, day limits) is shown on the services in tests/services/test_passcodes.py; every
handler as a stranger in tests/security/test_guard.py.
"""

import os
import re
import secrets
import statistics
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from portal import routes
from portal.demo.people import CLIENTS
from tests.support import paper, signed_in, tour
from tests.support.portal_server import PortalServer
from tests.support.visitor import Visitor, visitor


@pytest.fixture(scope="module")
def server(frontend: Path, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    """The demo practice behind a proxy, so that one test can come from many addresses."""
    settings = {"PORTAL_TRUSTED_PROXY_HOPS": "1", "PORTAL_CAPTCHA_COST": "100"}
    with PortalServer(tmp_path_factory.mktemp("attacked"), settings=settings, like=demo) as running:
        yield running


def somewhere() -> str:
    """A network address that nobody has used yet."""
    return f"2001:db8::{secrets.token_hex(2)}:{secrets.token_hex(2)}"


def asked(server: PortalServer, visitor: Visitor, contact: str) -> str:
    """Ask for a code and read it where only its owner can."""
    before = server.known()
    assert "'code'" in visitor.ask(contact)
    return server.newest_code(before)


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 1_000_000:06d}"


def attempts(server: PortalServer) -> list[int]:
    engine = create_engine(server.database_url or f"sqlite:///{server.var / 'portal.db'}")
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT attempts FROM passcode_challenge ORDER BY id DESC")).all()
    engine.dispose()
    return [row[0] for row in rows]


def test_five_wrong_guesses_burn_the_code_and_the_right_one_is_too_late(server: PortalServer) -> None:
    with visitor(server, address=somewhere()) as guesser:
        code = asked(server, guesser, "(503) 555-0121")
        said = [guesser.enter(wrong(code, by)) for by in range(1, 6)]
        assert all("does not match" in words for words in said[:4])
        assert "does not match" not in said[4], "the fifth says that a new code is needed"
        late = guesser.enter(code)
        assert not guesser.ticket
        assert "Resend" in late or "new" in late
    with visitor(server, address=somewhere()) as owner:
        assert owner.enter("000000") is not None
        code = asked(server, owner, "(503) 555-0121")
        owner.enter(code)
        assert owner.ticket, "the person was never locked out"


def test_a_volley_of_guesses_counts_five_at_most(server: PortalServer) -> None:
    with visitor(server, address=somewhere()) as guesser:
        code = asked(server, guesser, "(503) 555-0175")
        for by in range(1, 26):
            guesser.socket.send(
                "reflex___state____state.portal___state___public___login____login_state.enter_code",
                {"code": wrong(code, by)},
                path="/login",
            )
        guesser.socket.settle(0.6)
        assert attempts(server)[0] == 5
        guesser.enter(code)
        assert not guesser.ticket


def test_a_code_and_its_ticket_work_once(server: PortalServer) -> None:
    with visitor(server, address=somewhere()) as person:
        code = asked(server, person, "(503) 555-0101")
        person.enter(code)
        ticket = person.ticket
        assert ticket
        stolen = person.redeem(ticket, browser="another-browser")
        assert stolen.headers["location"] == "/login?ended=ticket"
        assert "portal_session" not in stolen.headers.get("set-cookie", "")
        first = person.redeem(ticket)
        assert first.headers["location"] == routes.DASHBOARD
        assert "HttpOnly" in first.headers["set-cookie"]
        second = person.redeem(ticket)
        assert second.headers["location"] == "/login?ended=ticket"
        assert "portal_session" not in second.headers.get("set-cookie", "")
        person.act("start_over")
        person.enter(code)
        assert not person.ticket, "the code is used up"


def test_a_copied_tab_without_its_browser_is_worth_nothing(server: PortalServer) -> None:
    with visitor(server, address=somewhere()) as person:
        code = asked(server, person, "(503) 555-0102")
        tab = person.socket.token
        with visitor(server, token=tab, address=somewhere()) as thief:
            thief.enter(code)
            assert not thief.ticket
    with visitor(server, token=tab, address=somewhere()) as thief:
        thief.enter(code)
        assert not thief.ticket, "not after the owner hung up either"
    with visitor(server, browser=person.browser, address=somewhere()) as other_tab:
        other_tab.enter(code)
        assert not other_tab.ticket, "another tab of the same browser did not ask"


def test_the_sixth_ask_says_when_to_come_back(server: PortalServer) -> None:
    with visitor(server, address=somewhere()) as person:
        for _ in range(5):
            assert "'code'" in person.ask("(971) 555-0103")
        said = person.ask("(971) 555-0103", until="try again")
        assert re.search(r"try again in 1[45] minutes", said)
    with visitor(server, address=somewhere()) as unknown:
        for _ in range(5):
            assert "'code'" in unknown.ask("(971) 555-0999")
        said = unknown.ask("(971) 555-0999", until="try again")
        assert re.search(r"try again in 1[45] minutes", said), "the same for a number that nobody has"


def frames_of(server: PortalServer, contacts: tuple[str, str]) -> str:
    """Everything that the server sends in a whole attempt with a phone and an email, digits and names taken out."""
    seen = []
    for contact in contacts:
        with visitor(server, address=somewhere()) as person:
            person.use("email" if "@" in contact else "phone")
            seen += [person.ask(contact), person.try_another_way(), person.enter("12a"), person.enter("000000")]
            seen += [person.act("start_over", until="'form'")]
    masked = re.sub(r"\d+", "0", "\n".join(seen))
    return re.sub(r"[\w•.]+@[\w•.]+", "someone", masked)


def test_known_and_unknown_contacts_get_the_same_frames(server: PortalServer) -> None:
    somebody = frames_of(server, ("(503) 555-0104", "paloma.ruiz@example.com"))
    nobody = frames_of(server, ("(503) 555-0994", "pamela.ruix@example.com"))
    assert somebody == nobody


@pytest.mark.alone
@pytest.mark.timeout(400)
def test_known_and_unknown_contacts_take_the_same_time(server: PortalServer) -> None:
    """Over the socket, from Send OTP to the code step, interleaved: the clock tells nobody who is a patient."""
    people = [f"{'503' if '503' in phone else '971'}555{phone[-4:]}" for _, _, _, phone, *_ in CLIENTS]
    emails = [f"{first}.{last}@example.com".replace(" ", "").replace("'", "").lower() for first, last, *_ in CLIENTS]
    somebody = [*people[17:], *emails[17:], *people[17:]]
    nobody = [*(f"5035557{number:03d}" for number in range(200, 200 + len(people[17:]))),
              *(f"x{email}" for email in emails[17:]),
              *(f"5035558{number:03d}" for number in range(200, 200 + len(people[17:])))]  # fmt: skip
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    asks = [pair for turn, both in enumerate(zip(somebody, nobody, strict=True)) for pair in _in_turn(turn, *both)]
    for first in range(0, len(asks), 20):  # an address may ask so often
        with visitor(server, address=somewhere()) as person:
            for who, contact in asks[first : first + 20]:
                person.use("email" if "@" in contact else "phone")
                payload = person.solved()
                started = time.perf_counter()
                assert "'code'" in person.ask(contact, payload, until="'code'")
                taken[who].append(time.perf_counter() - started)
                person.act("start_over", until="'form'")
                person.socket.settle(0.08)  # what was sent is out of the way
    told = _told_apart(taken["known"], taken["unknown"])
    middle = {who: statistics.median(values) * 1000 for who, values in taken.items()}
    print(f"known {middle['known']:.1f} ms, unknown {middle['unknown']:.1f} ms, told apart {told:.2f}, {len(somebody)}")
    assert len(taken["known"]) == len(taken["unknown"]) >= 60
    assert 0.3 < told < 0.7, f"{told:.2f} of pairs are in order: {middle}"


def _in_turn(turn: int, known: str, unknown: str) -> list[tuple[str, str]]:
    """Both, each first every other time."""
    pair = [("known", known), ("unknown", unknown)]
    return pair if turn % 2 else pair[::-1]


def _told_apart(one: list[float], other: list[float]) -> float:
    """The chance that a value of `one` is below one of `other` (Mann-Whitney): 0.5 tells nothing."""
    return sum((a < b) + (a == b) / 2 for a, b in product(one, other)) / (len(one) * len(other))


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "\\\\evil",
    ],
)
def test_nobody_is_sent_to_another_site(server: PortalServer, target: str) -> None:
    from portal.http.session import safe_target

    assert safe_target(target) == routes.DASHBOARD
    answer = httpx.post(
        f"{server.url}/session", data={"ticket": "none", "next": target}, headers={"Origin": server.url}
    )
    assert answer.headers["location"].startswith("/login")


def test_other_sites_cannot_log_a_person_out_or_in(server: PortalServer) -> None:
    _id, token = signed_in.sign_in(server, "+15035550105")
    cookies = {"portal_session": token}
    for origin in ("https://evil.example", "null", server.url.replace("127.0.0.1", "127.0.0.1.evil.example")):
        for path in (routes.SESSION, routes.SESSION_END):
            answer = httpx.post(f"{server.url}{path}", cookies=cookies, headers={"Origin": origin})
            assert answer.status_code == 403
    with httpx.Client(cookies=cookies) as browser:
        assert browser.get(f"{server.url}/", follow_redirects=False).headers["location"] == routes.DASHBOARD


def test_another_patients_document_is_not_there(server: PortalServer) -> None:
    form = paper.ask_for(server, tour.AMELIA, "Consent of somebody else")
    _id, rosa = signed_in.sign_in(server, "rosa.delgado@example.com")
    strangers = httpx.get(f"{server.url}{routes.form_pdf(str(form))}", cookies={"portal_session": rosa})
    missing = httpx.get(
        f"{server.url}{routes.form_pdf('0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee')}", cookies={"portal_session": rosa}
    )
    assert (strangers.status_code, strangers.text) == (missing.status_code, missing.text) == (404, missing.text)
    nobody = httpx.get(f"{server.url}{routes.form_pdf(str(form))}", follow_redirects=False)
    assert nobody.headers["location"].startswith(routes.LOGIN)


NASTY = '<img src=x onerror="document.title=1">**Eve**[x](javascript:1){{ provider }}'


@pytest.mark.browser
@pytest.mark.parametrize("browser_context_args", ["phone"], indirect=True)
def test_a_nasty_name_is_shown_as_it_is_written(page: Page, server: PortalServer, tmp_path: Path) -> None:
    _id, token = signed_in.sign_in(server, "vivian.cho@example.com")
    page.context.add_cookies([{"name": "portal_session", "value": token, "url": server.url}])
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    tour.open_page(page, server, routes.PROFILE)
    for label in ("Preferred name", "Street", "Insurance carrier"):
        page.get_by_label(label).fill(NASTY)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Everything is saved")).to_be_visible()
    tour.open_page(page, server, routes.PROFILE)
    expect(page.get_by_label("Street")).to_have_value(NASTY)
    _rename(server, _id, NASTY[:78])
    tour.open_page(page, server, routes.DASHBOARD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("<img src=x onerror=")
    name = "Consent with a nasty name"
    form = paper.ask_for(server, "vivian.cho@example.com", name, text="{{ patient }} may be treated.")
    tour.open_page(page, server, routes.consent(str(form)))
    expect(page.get_by_text("may be treated.")).to_contain_text("<img src=x onerror=")
    assert page.locator("article img, article a").count() == 0
    pdf = httpx.get(f"{server.url}{routes.form_pdf(str(form))}", cookies={"portal_session": token}).content
    shown = " ".join(" ".join(paper.pages_of(pdf)).split())
    assert "<img src=x" in shown
    assert "**Eve**" in shown
    assert page.title() != "1"
    assert not wrong


def _rename(server: PortalServer, patient_id: str, first_name: str) -> None:
    """Give a patient a legal name that no form would take: it may come from an import."""
    signed_in.run(server, _RENAME, patient_id, first_name)


_RENAME = """
import sys
from uuid import UUID
from portal.models import Patient
from portal.work import open_work
with open_work() as work:
    patient = work.get(Patient, UUID(sys.argv[1]))
    patient.first_name, patient.preferred_name = sys.argv[2], ""
    work.db.add(patient)
"""


@pytest.mark.promise("P18")
def test_what_is_for_development_is_absent_in_production(frontend: Path, tmp_path: Path) -> None:
    live = {
        "PORTAL_ENV": "production",
        "PORTAL_PUBLIC_URL": "https://portal.example.com",
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(40),
        "PORTAL_SMS": "off",
        "PORTAL_EMAIL": "smtp",
        "SMTP_HOST": "127.0.0.1",
        "PORTAL_EMAIL_FROM": "codes@example.com",
        "PORTAL_PAYMENTS": "off",
        "REFLEX_DIR": os.environ.get("REFLEX_DIR", ""),
    }
    with PortalServer(tmp_path, settings=live, demo=False) as server:
        for path in (routes.DEV_OUTBOX, routes.DEV_OUTBOX_JSON, routes.DEV_GALLERY, f"{routes.DEV_GALLERY}/"):
            assert httpx.get(f"{server.url}{path}").status_code == 404, path
        assert httpx.get(f"{server.url}{routes.METRICS}").status_code == 404
        page = httpx.get(f"{server.url}{routes.LOGIN}")
        assert "Secure" in page.headers["set-cookie"]
        assert "max-age=31536000" in page.headers["strict-transport-security"]
        assert "unsafe-eval" not in page.headers["content-security-policy"]
        forged = httpx.post(f"{server.url}/session", headers={"Origin": server.url})
        assert forged.status_code == 403, "only the public address is ours"
        assert "authenticator" not in server.log
        assert "555-0187" not in server.log
