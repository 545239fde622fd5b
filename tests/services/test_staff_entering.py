"""Staff get in: the emailed code, the authenticator, its enrolment, recovery codes, and what attackers try."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from pyotp.totp import TOTP
from sqlmodel import select

from portal.clock import FixedClock
from portal.errors import Denied, Invalid
from portal.models import OutboxStatus, Staff
from portal.models.message import OutboxMessage
from portal.services import passcodes, staff_entering
from portal.services.staff_entering import OVER, WRONG, Step
from portal.work import SYSTEM, Actor, Work
from tests.support.clinic import OpenAs, furnish
from tests.support.getting_in import OTHER_VISITOR, VISITOR, newest_code, robot_check

NAOMI = "naomi.reyes@lumiere.example"
WrongOr = Callable[[Work, UUID, str], Step]


@pytest.fixture(autouse=True)
def clinic(open_as: OpenAs) -> None:
    """The practice, with Naomi, who has never been here."""
    with open_as(SYSTEM) as work:
        furnish(work)


def ask(open_as: OpenAs, email: str = NAOMI, visitor: Actor = VISITOR) -> UUID:
    with open_as(visitor) as work:
        return staff_entering.request(work, email, robot_check()).challenge_id


def step(open_as: OpenAs, what: WrongOr, challenge: UUID, typed: str, visitor: Actor = VISITOR) -> Step:
    with open_as(visitor) as work:
        return what(work, challenge, typed)


def first_factor(open_as: OpenAs, clock: FixedClock) -> tuple[UUID, Step]:
    clock.advance(minutes=1)
    challenge = ask(open_as)
    with open_as(SYSTEM) as work:
        code = newest_code(work, NAOMI)
    return challenge, step(open_as, staff_entering.enter_code, challenge, code)


def enrolled(open_as: OpenAs, clock: FixedClock) -> tuple[str, Step]:
    """Her authenticator's secret, and how the first sign-in ended."""
    challenge, asked = first_factor(open_as, clock)
    done = step(open_as, staff_entering.enrol, challenge, at(asked.secret, clock))
    return asked.secret, done


def at(secret: str, clock: FixedClock) -> str:
    return TOTP(secret).at(clock.now())


def redeem(open_as: OpenAs, ticket: str, visitor: Actor = VISITOR) -> str:
    with open_as(visitor) as work:
        return staff_entering.redeem_ticket(work, ticket).email


def test_the_first_time_an_authenticator_is_enrolled(open_as: OpenAs, clock: FixedClock) -> None:
    challenge, asked = first_factor(open_as, clock)
    assert asked.enrol
    assert not asked.ticket
    assert asked.uri.startswith("otpauth://totp/")
    assert f"secret={asked.secret}" in asked.uri
    assert step(open_as, staff_entering.enrol, challenge, "000000").wrong == WRONG
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(Staff).where(Staff.email == NAOMI)).one().totp_secret is None
    done = step(open_as, staff_entering.enrol, challenge, at(asked.secret, clock))
    assert len(set(done.codes)) == 10
    assert redeem(open_as, done.ticket) == NAOMI


def test_the_next_time_it_is_asked_for(open_as: OpenAs, clock: FixedClock) -> None:
    secret, _ = enrolled(open_as, clock)
    challenge, asked = first_factor(open_as, clock)
    assert (asked.second, asked.enrol, asked.secret, asked.ticket) == (True, False, "", "")
    assert redeem(open_as, step(open_as, staff_entering.enter_second, challenge, at(secret, clock)).ticket) == NAOMI


def test_an_authenticator_is_not_enrolled_over_another(open_as: OpenAs, clock: FixedClock) -> None:
    enrolled(open_as, clock)
    challenge, _ = first_factor(open_as, clock)
    assert step(open_as, staff_entering.enrol, challenge, "123456").over


def test_a_code_of_the_authenticator_works_once(open_as: OpenAs, clock: FixedClock) -> None:
    """Not the one that enrolled it, not one that let somebody in, and no earlier one."""
    secret, _ = enrolled(open_as, clock)
    used, earlier = at(secret, clock), TOTP(secret).at(clock.now() - timedelta(seconds=30))
    clock.advance(minutes=-1)  # what first_factor adds
    challenge, _ = first_factor(open_as, clock)
    for code in (used, earlier):
        assert step(open_as, staff_entering.enter_second, challenge, code).wrong == WRONG
    clock.advance(seconds=30)
    assert step(open_as, staff_entering.enter_second, challenge, at(secret, clock)).ticket


def test_five_wrong_ones_and_it_is_over(open_as: OpenAs, clock: FixedClock) -> None:
    secret, _ = enrolled(open_as, clock)
    challenge, _ = first_factor(open_as, clock)
    for _ in range(5):
        assert step(open_as, staff_entering.enter_second, challenge, "000000").wrong == WRONG
    last = step(open_as, staff_entering.enter_second, challenge, at(secret, clock))
    assert (last.ticket, last.over, last.wrong) == ("", True, OVER)


def test_recovery_codes_work_once_each(open_as: OpenAs, clock: FixedClock) -> None:
    _, done = enrolled(open_as, clock)
    challenge, _ = first_factor(open_as, clock)
    assert step(open_as, staff_entering.enter_recovery, challenge, "aaaaa-aaaaa").wrong
    typed = f" {done.codes[3].upper().replace('-', ' ')} "
    assert step(open_as, staff_entering.enter_recovery, challenge, typed).ticket
    challenge, _ = first_factor(open_as, clock)
    assert not step(open_as, staff_entering.enter_recovery, challenge, done.codes[3]).ticket
    assert step(open_as, staff_entering.enter_recovery, challenge, done.codes[4]).ticket


def test_the_second_factor_without_the_first_is_nothing(open_as: OpenAs, clock: FixedClock) -> None:
    secret, done = enrolled(open_as, clock)
    clock.advance(minutes=1)
    challenge = ask(open_as)
    for what, typed in (
        (staff_entering.enter_second, at(secret, clock)),
        (staff_entering.enter_recovery, done.codes[0]),
        (staff_entering.enrol, at(secret, clock)),
    ):
        assert step(open_as, what, challenge, typed).over


def test_a_log_in_belongs_to_the_browser_that_began_it(open_as: OpenAs, clock: FixedClock) -> None:
    secret, done = enrolled(open_as, clock)
    with pytest.raises(Denied):
        redeem(open_as, done.ticket, OTHER_VISITOR)
    challenge, _ = first_factor(open_as, clock)
    with pytest.raises(Exception, match="over"):
        step(open_as, staff_entering.enter_second, challenge, at(secret, clock), OTHER_VISITOR)


def test_a_ticket_works_once_and_for_a_minute(open_as: OpenAs, clock: FixedClock) -> None:
    _, done = enrolled(open_as, clock)
    assert redeem(open_as, done.ticket)
    with pytest.raises(Denied):
        redeem(open_as, done.ticket)
    challenge, _ = first_factor(open_as, clock)
    with open_as(SYSTEM) as work:
        secret = work.db.exec(select(Staff).where(Staff.email == NAOMI)).one().totp_secret or ""
    late = step(open_as, staff_entering.enter_second, challenge, at(secret, clock)).ticket
    clock.advance(seconds=61)
    with pytest.raises(Denied):
        redeem(open_as, late)


@pytest.mark.parametrize("email", ["nobody@lumiere.example", "amelia.hart@example.com"])
def test_who_does_not_work_here_sees_the_same_and_gets_nothing(open_as: OpenAs, email: str) -> None:
    challenge = ask(open_as, email)
    with open_as(SYSTEM) as work:
        sent = work.db.exec(select(OutboxMessage)).all()
        assert [message.status for message in sent] == [OutboxStatus.EXPIRED]
    assert step(open_as, staff_entering.enter_code, challenge, "123456").wrong


def test_a_resend_sends_nothing_to_who_does_not_work_here(open_as: OpenAs, clock: FixedClock) -> None:
    challenge = ask(open_as, "nobody@lumiere.example")
    clock.advance(minutes=1)
    with open_as(VISITOR) as work:
        passcodes.resend(work, challenge)
    with open_as(SYSTEM) as work:
        assert {message.status for message in work.db.exec(select(OutboxMessage)).all()} == {OutboxStatus.EXPIRED}


def test_who_left_does_not_get_in(open_as: OpenAs, clock: FixedClock) -> None:
    _, done = enrolled(open_as, clock)
    challenge, _ = first_factor(open_as, clock)
    with open_as(SYSTEM) as work:
        staff = work.db.exec(select(Staff).where(Staff.email == NAOMI)).one()
        staff.active = False
        work.add(staff)
        secret = staff.totp_secret or ""
    with pytest.raises(Denied):
        redeem(open_as, done.ticket)
    assert step(open_as, staff_entering.enter_second, challenge, at(secret, clock)).over


def test_what_cannot_be_a_code_is_said_so(open_as: OpenAs, clock: FixedClock) -> None:
    enrolled(open_as, clock)
    challenge, _ = first_factor(open_as, clock)
    with pytest.raises(Invalid):
        step(open_as, staff_entering.enter_second, challenge, "twelve")
