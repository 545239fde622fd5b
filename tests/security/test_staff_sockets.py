"""Staff over a bare socket of a running portal: what changes counts at the next event; nothing stays behind a lock; no
secret is in the database or the log."""

import re
import sqlite3
import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select, update

from portal import routes
from portal.domain.access import Privilege, Role
from portal.models import Session, Staff
from portal.security.staff_sessions import lock_session
from portal.services import staff_people
from portal.work import Work
from tests.support.acting import acting
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in, sign_in_staff
from tests.support.sockets import BareSocket, bare_socket
from tests.support.staff_visitor import staff_visitor

ROOT = "reflex___state____state"
FRAME = f"{ROOT}.portal___state___staff___session____staff_session_state.load"
TOUCH = f"{ROOT}.portal___state___staff___session____staff_session_state.touch"
AUDIT = f"{ROOT}.portal___state___staff___audit_log____audit_log_state.load"
ACCOUNT = f"{ROOT}.portal___state___staff___account____staff_account_state."
CODES, ACCOUNT_LOAD = f"{ACCOUNT}make_codes", f"{ACCOUNT}load"
LOCK_PAGE = f"{ROOT}.portal___state___staff___proving____proving_state.load"
REFUSED = "Your role does not include that"
ELENA, NAOMI, MARISOL = (f"{name}@lumiere.example" for name in ("elena.marsh", "naomi.reyes", "marisol.vega"))


def call(socket: BareSocket, handler: str, until: str, path: str = routes.STAFF_CLIENTS) -> str:
    """Call a handler and wait for a word of its answer; returns all that came since."""
    before = len(socket.frames)
    socket.send(handler, path=path)
    return heard(socket, before, until)


def opened(socket: BareSocket, path: str, *words: str) -> None:
    """Open a page, and wait until these words have come."""
    socket.send(f"{ROOT}.hydrate_and_load", path=path)
    for word in words:
        heard(socket, 0, word)


def test_a_lowered_role_counts_at_the_next_event_of_an_open_socket(portal: PortalServer) -> None:
    with acting(portal) as work:
        staff_people.set_role(work, NAOMI, Role.MEDICAL_DIRECTOR)
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, NAOMI)}) as socket:
        assert "audit.search" in call(socket, FRAME, "may_rx_state_")
        socket.call(AUDIT, path=routes.STAFF_AUDIT)
        assert REFUSED not in repr(socket.frames)
        before = len(socket.frames)
        with acting(portal) as work:
            staff_people.set_role(work, NAOMI, Role.PROVIDER)
        call(socket, AUDIT, REFUSED, routes.STAFF_AUDIT)
        assert "audit.search" not in heard(socket, before, "may_rx_state_"), "nor is its tab on the screen any more"


def test_an_open_page_drops_what_was_taken_by_itself(portal: PortalServer) -> None:
    """The frame hears of it: what one may not do leaves the screen without a click."""
    with acting(portal) as work:
        staff_people.give(work, MARISOL, Privilege.LOYALTY_REVEAL)
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, MARISOL)}) as socket:
        opened(socket, routes.STAFF_ACCOUNT, "loyalty.reveal")
        before = len(socket.frames)
        with acting(portal) as work:
            staff_people.take(work, MARISOL, Privilege.LOYALTY_REVEAL)
        assert "clients.view" in heard(socket, before, "may_rx_state_")
        assert "loyalty.reveal" not in repr(socket.frames[before:])


def test_somebody_disabled_is_out_at_once_and_told_so(portal: PortalServer) -> None:
    jonah = "jonah.bell@lumiere.example"
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, jonah)}) as socket:
        opened(socket, routes.STAFF_ACCOUNT, "Jonah Bell")
        before = len(socket.frames)
        with acting(portal) as work:
            staff_people.disable(work, jonah)
        pushed = heard(socket, before, routes.STAFF_LOGIN)
        assert "'name_rx_state_': ''" in pushed, "the tab is wiped"
        call(socket, TOUCH, routes.STAFF_LOGIN)


def test_nothing_stays_behind_a_locked_screen(portal: PortalServer) -> None:
    """Its other tabs hear of it by themselves; whatever is called after that says nothing, and the state is empty."""
    token = sign_in_staff(portal, ELENA)
    with bare_socket(portal.url, cookies={"portal_staff": token}) as socket:
        path = routes.STAFF_ACCOUNT
        opened(socket, path, ELENA, "Elena Marsh")
        before = len(socket.frames)
        with acting(portal) as work:
            lock_session(work, _session(work, ELENA))
        assert "'account_rx_state_': None" in heard(socket, before, routes.STAFF_LOCK)
        for handler in (ACCOUNT_LOAD, FRAME, AUDIT):
            assert ELENA not in call(socket, handler, routes.STAFF_LOCK, path)
        call(socket, LOCK_PAGE, "Elena Marsh", routes.STAFF_LOCK)  # who it is stands there, and no more


def test_a_proof_that_expired_is_asked_for_again(portal: PortalServer) -> None:
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, ELENA)}) as socket:
        with acting(portal) as work:
            _proved(work, timedelta(minutes=10, seconds=1))
        assert "'codes_rx_state_'" not in call(socket, CODES, "'asking_proof_rx_state_': True", routes.STAFF_ACCOUNT)
        with acting(portal) as work:
            _proved(work, timedelta(minutes=9))
        codes = call(socket, CODES, "'codes_rx_state_'", routes.STAFF_ACCOUNT)
        assert len(re.findall(r"[2-9a-z]{5}-[2-9a-z]{5}", codes)) == 10


def test_a_patients_cookie_opens_nothing_of_staff_and_the_other_way_round(portal: PortalServer) -> None:
    _id, patient = sign_in(portal, "amelia.hart@example.com")
    staff = sign_in_staff(portal, ELENA)
    profile = f"{ROOT}.portal___state___patient___profile____profile_state.load"
    with bare_socket(portal.url, cookies={"portal_session": patient, "portal_staff": patient}) as socket:
        call(socket, FRAME, routes.STAFF_LOGIN)
    with bare_socket(portal.url, cookies={"portal_session": staff, "portal_staff": staff}) as socket:
        call(socket, profile, f"{routes.LOGIN}?next", routes.PROFILE)
    with bare_socket(portal.url, cookies={"portal_session": patient, "portal_staff": staff}) as socket:
        call(socket, FRAME, "Elena Marsh")
        call(socket, profile, "Amelia", routes.PROFILE)


@pytest.mark.parametrize("skip", ["second", "enrol", "recovery", "code"])
def test_a_step_cannot_be_skipped(portal: PortalServer, skip: str) -> None:
    """The step on the screen is no proof: the service knows how far this log-in is."""
    with staff_visitor(portal) as visitor:
        visitor.ask(MARISOL)
        answer = visitor.act("enter", {"code": "123456"}) + visitor.act("use_recovery") + visitor.act("kept")
        assert "'ticket_rx_state_': '" not in answer.replace("'ticket_rx_state_': ''", "")


def test_no_secret_is_in_clear_anywhere(portal: PortalServer) -> None:
    """Codes, tickets, tokens, recovery codes and the authenticator's secret, in the database and in the log."""
    with staff_visitor(portal) as visitor:
        emailed = visitor.ask("priya.nand@lumiere.example")
        shown = visitor.enter(emailed)
        secret = re.search(r"'secret_rx_state_': '([A-Z2-7 ]+)'", shown)
        assert secret
        plain = secret[1].replace(" ", "")
        done = visitor.enter(visitor.totp(plain))
        recovery = re.findall(r"[2-9a-z]{5}-[2-9a-z]{5}", done)
        assert len(recovery) == 10
        ticket = re.search(r"'ticket_rx_state_': '([^']+)'", visitor.act("kept"))
        assert ticket
        answer = visitor.redeem(ticket[1])
        token = answer.cookies["portal_staff"]
        assert visitor.redeem(ticket[1]).headers["location"].endswith("ended=ticket")
    time.sleep(1.5)  # the code's message is erased once it is delivered
    with sqlite3.connect(portal.var / "portal.db") as database:
        dump = "\n".join(database.iterdump())
    log = "\n".join(line for line in portal.log.splitlines() if "code" not in line)  # a twin prints what it sends
    for word in (plain, secret[1], ticket[1], token, *recovery, *(code.replace("-", "") for code in recovery)):
        assert word not in dump
        assert word not in log
    assert f"'{emailed} is your" not in dump
    assert emailed not in log


def heard(socket: BareSocket, since: int, word: str, seconds: float = 15) -> str:
    """What the server pushed since, once the word is among it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and word not in repr(socket.frames[since:]):
        time.sleep(0.02)
    socket.settle(0.3)
    assert word in repr(socket.frames[since:])
    return repr(socket.frames[since:])


def _session(work: Work, email: str) -> UUID:
    """The session that was opened last."""
    theirs = select(Session.id).join(Staff, col(Session.staff_id) == Staff.id).where(Staff.email == email)
    return work.db.exec(theirs.order_by(col(Session.id).desc()).limit(1)).one()


def _proved(work: Work, ago: timedelta) -> None:
    mine = col(Session.id) == _session(work, ELENA)
    work.db.exec(update(Session).where(mine).values(proved_at=work.now() - ago))
