"""Codes, at random: whatever two browsers do in whatever order, only the newest living code of the browser works."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain import passcodes as rules
from portal.errors import PortalError, TooMany
from portal.models import OutboxMessage, PasscodeChallenge
from portal.services import passcodes
from portal.work import SYSTEM, Work, open_work
from tests.support import rows
from tests.support.databases import Databases
from tests.support.getting_in import OTHER_VISITOR, VISITOR, ask, code_in, enter, redeem

PHONE, EMAIL = "+15035550187", "amelia.hart@example.com"
BROWSERS = {"first": VISITOR, "second": OTHER_VISITOR}
WRONG = "000000"


class LogIns(RuleBasedStateMachine):
    """Two browsers, one patient, one clock."""

    databases: Databases

    @initialize()
    def begin(self) -> None:
        self._held = self.databases.engine()
        self.engine = self._held.__enter__()
        self.clock = FixedClock()
        self.open_as = partial(open_work, clock=self.clock, engine=self.engine)
        with self.open_as(SYSTEM) as work:
            rows.patient(work, rows.practice(work), PHONE, EMAIL)
        # What a person could know: each browser's challenge, its code, when it was sent, and its wrong tries.
        self.live: dict[str, dict[str, Any]] = {}
        self.dead: list[tuple[str, UUID, str]] = []
        self.sent: list[Any] = []
        self.refusals: list[tuple[int, int, int]] = []
        self.used_tickets: list[tuple[str, str]] = []

    def teardown(self) -> None:
        if hasattr(self, "_held"):
            self._held.__exit__(None, None, None)

    def _sent(self, browser: str, challenge_id: UUID) -> None:
        with self.open_as(SYSTEM) as work:
            codes = self._codes(work, challenge_id)
        # A newer code for the contact kills every older one, in whichever browser.
        for other, known in self.live.items():
            self.dead.append((other, known["id"], known["code"]))
        self.live = {browser: {"id": challenge_id, "code": codes[0], "at": self.clock.now(), "tries": 0}}
        self.sent.append(self.clock.now())

    @staticmethod
    def _codes(work: Work, challenge_id: UUID) -> list[str]:
        wanted = select(OutboxMessage).where(col(OutboxMessage.key).startswith(f"passcode:{challenge_id}:"))
        return [code_in(message) for message in work.db.exec(wanted).all()]

    @rule(browser=st.sampled_from(sorted(BROWSERS)))
    def request(self, browser: str) -> None:
        try:
            sent = ask(self.open_as, "phone", PHONE, BROWSERS[browser])
        except TooMany as refusal:
            self.refusals.append((self._recent(), len(self.sent), refusal.retry_seconds))
            return
        self._sent(browser, sent.challenge_id)

    @precondition(lambda self: self.live)
    @rule(another_way=st.booleans())
    def again(self, another_way: bool) -> None:
        (browser, known), *_ = self.live.items()
        verb = passcodes.try_another_way if another_way else passcodes.resend
        try:
            with self.open_as(BROWSERS[browser]) as work:
                sent = verb(work, known["id"])
        except PortalError:
            return
        self._sent(browser, sent.challenge_id)

    @precondition(lambda self: self.live)
    @rule()
    def the_right_code(self) -> None:
        (browser, known), *_ = self.live.items()
        fresh = self.clock.now() < known["at"] + rules.LIFETIME and known["tries"] < rules.TRIES
        outcome = enter(self.open_as, known["id"], known["code"], BROWSERS[browser])
        assert bool(outcome.ticket) == fresh, (fresh, outcome)
        self.dead.append((browser, known["id"], known["code"]))
        self.live = {}
        if outcome.ticket:
            redeem(self.open_as, outcome.ticket, BROWSERS[browser])
            self.used_tickets.append((browser, outcome.ticket))

    @precondition(lambda self: self.live)
    @rule()
    def a_wrong_code(self) -> None:
        (browser, known), *_ = self.live.items()
        if known["code"] == WRONG:
            return
        assert not enter(self.open_as, known["id"], WRONG, BROWSERS[browser]).ticket
        known["tries"] += 1

    @precondition(lambda self: self.live)
    @rule()
    def the_right_code_in_another_browser(self) -> None:
        (browser, known), *_ = self.live.items()
        thief = next(name for name in BROWSERS if name != browser)
        with pytest.raises(PortalError):
            enter(self.open_as, known["id"], known["code"], BROWSERS[thief])

    @precondition(lambda self: self.dead)
    @rule(which=st.integers(min_value=0))
    def a_dead_code(self, which: int) -> None:
        browser, challenge_id, code = self.dead[which % len(self.dead)]
        assert not enter(self.open_as, challenge_id, code, BROWSERS[browser]).ticket

    @precondition(lambda self: self.used_tickets)
    @rule(which=st.integers(min_value=0))
    def a_used_ticket(self, which: int) -> None:
        browser, ticket = self.used_tickets[which % len(self.used_tickets)]
        with pytest.raises(PortalError):
            redeem(self.open_as, ticket, BROWSERS[browser])

    @rule(seconds=st.sampled_from([1, 31, 120, 599, 601, 901, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @invariant()
    def never_more_codes_than_allowed(self) -> None:
        if hasattr(self, "sent"):
            assert self._recent() <= 5
            assert len([at for at in self.sent if at > self.clock.now() - timedelta(days=1)]) <= 20

    @invariant()
    def refused_only_at_the_limit_and_told_for_how_long(self) -> None:
        assert all(recent >= 5 or ever >= 20 for recent, ever, _ in getattr(self, "refusals", ()))
        assert all(seconds > 0 for _, _, seconds in getattr(self, "refusals", ()))

    @invariant()
    def at_most_one_code_lives(self) -> None:
        if not hasattr(self, "open_as"):
            return
        with self.open_as(SYSTEM, write=False) as work:
            living = work.db.exec(
                select(PasscodeChallenge.id).where(
                    col(PasscodeChallenge.superseded_at).is_(None),
                    col(PasscodeChallenge.verified_at).is_(None),
                    PasscodeChallenge.expires_at > self.clock.now(),
                )
            ).all()
        assert len(living) <= 1

    def _recent(self) -> int:
        return len([at for at in self.sent if at > self.clock.now() - timedelta(minutes=15)])


@pytest.mark.long
def test_log_ins_at_random(databases: Databases) -> None:
    machine = type("LogInsHere", (LogIns,), {"databases": databases})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
