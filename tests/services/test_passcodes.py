"""Codes: sent to whom they reach, alike for everybody, once, for ten minutes, five tries, the newest only."""

from collections.abc import Iterator
from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, func, select

from portal.clock import FixedClock
from portal.domain.passcodes import Refusal
from portal.errors import Conflict, Denied, Invalid, NotFound, TooMany
from portal.models import (
    AuditEvent,
    Channel,
    Contact,
    Guardian,
    OutboxMessage,
    PasscodeChallenge,
    Patient,
    PatientStatus,
    Purpose,
)
from portal.services import passcodes
from portal.work import NOBODY, SYSTEM, Actor
from tests.support import rows
from tests.support.getting_in import (
    OTHER_VISITOR,
    VISITOR,
    OpenAs,
    ask,
    enter,
    messages,
    newest_code,
    redeem,
    robot_check,
)

PHONE, EMAIL = "+15035550187", "amelia.hart@example.com"
UNKNOWN = "(503) 555-0100"


@pytest.fixture
def amelia(open_as: OpenAs) -> Patient:
    with open_as(SYSTEM) as work:
        return rows.patient(work, rows.practice(work), PHONE, EMAIL)


def code(open_as: OpenAs, to: str = "") -> str:
    with open_as(SYSTEM) as work:
        return newest_code(work, to)


@pytest.mark.parametrize(
    ("channel", "typed", "to"),
    [
        ("phone", "(503) 555-0187", PHONE),
        ("phone", "+1 503.555.0187", PHONE),
        ("email", " Amelia.Hart@Example.COM ", EMAIL),
    ],
)
def test_p3_p4_p6_a_code_logs_in(open_as: OpenAs, amelia: Patient, channel: str, typed: str, to: str) -> None:
    sent = ask(open_as, channel, typed)
    outcome = enter(open_as, sent.challenge_id, code(open_as, to))
    patient_id, contact_id, guardian_id = redeem(open_as, outcome.ticket)
    assert (patient_id, guardian_id) == (amelia.id, None)
    with open_as(SYSTEM) as work:
        assert work.get(Contact, contact_id).value == to
        assert work.get(Contact, contact_id).verified_at == work.now()
        assert work.get(Patient, amelia.id).portal_accepted_at == work.now()


def test_p10_spaces_are_not_part_of_a_code_and_what_is_no_code_costs_no_try(open_as: OpenAs, amelia: Patient) -> None:
    sent = ask(open_as, "phone", PHONE)
    for typed, sentence in (("12345", "You entered 5"), ("12345a", "digits only"), ("", "6 digits")):
        with pytest.raises(Invalid, match=sentence):
            enter(open_as, sent.challenge_id, typed)
    right = code(open_as)
    assert enter(open_as, sent.challenge_id, f" {right[:3]} {right[3:]} ").ticket


def test_a_code_works_once(open_as: OpenAs, amelia: Patient) -> None:
    sent, right = ask(open_as, "phone", PHONE), code(open_as)
    assert enter(open_as, sent.challenge_id, right).ticket
    assert enter(open_as, sent.challenge_id, right).wrong == Refusal.GONE


@pytest.mark.promise("P9")
def test_a_code_lives_ten_minutes(open_as: OpenAs, amelia: Patient, clock: FixedClock) -> None:
    sent, right = ask(open_as, "phone", PHONE), code(open_as)
    clock.advance(minutes=10)
    assert enter(open_as, sent.challenge_id, right).wrong == Refusal.EXPIRED
    with open_as(VISITOR) as work:
        again = passcodes.resend(work, sent.challenge_id)
    assert enter(open_as, again.challenge_id, code(open_as)).ticket


def test_five_wrong_tries_burn_the_code_and_never_the_person(
    open_as: OpenAs, amelia: Patient, clock: FixedClock
) -> None:
    sent, right = ask(open_as, "phone", PHONE), code(open_as)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    answers = [enter(open_as, sent.challenge_id, wrong).wrong for _ in range(5)]
    assert answers == [Refusal.WRONG] * 4 + [Refusal.SPENT]
    assert enter(open_as, sent.challenge_id, right).wrong == Refusal.SPENT
    fresh = ask(open_as, "phone", PHONE, OTHER_VISITOR)
    assert enter(open_as, fresh.challenge_id, code(open_as), OTHER_VISITOR).ticket


def test_p8_p9_only_the_newest_code_works(open_as: OpenAs, amelia: Patient, clock: FixedClock) -> None:
    first, old = ask(open_as, "phone", PHONE), code(open_as)
    clock.advance(seconds=30)
    with open_as(VISITOR) as work:
        second = passcodes.resend(work, first.challenge_id)
    new = code(open_as)
    assert enter(open_as, first.challenge_id, old).wrong == Refusal.REPLACED
    if old != new:
        assert enter(open_as, second.challenge_id, old).wrong == Refusal.WRONG
    assert enter(open_as, second.challenge_id, new).ticket


def test_resend_waits_half_a_minute(open_as: OpenAs, amelia: Patient, clock: FixedClock) -> None:
    sent = ask(open_as, "phone", PHONE)
    clock.advance(seconds=12)
    with pytest.raises(TooMany, match="in 18 seconds") as refused, open_as(VISITOR) as work:
        passcodes.resend(work, sent.challenge_id)
    assert refused.value.retry_seconds == 18


@pytest.mark.parametrize("typed", [PHONE, UNKNOWN])
def test_five_codes_in_a_quarter_of_an_hour_and_twenty_a_day(
    open_as: OpenAs, amelia: Patient, clock: FixedClock, typed: str
) -> None:
    for _ in range(5):
        ask(open_as, "phone", typed)
        clock.advance(minutes=1)
    with pytest.raises(TooMany, match="in 10 minutes"):
        ask(open_as, "phone", typed, OTHER_VISITOR)
    for _ in range(15):
        clock.advance(minutes=15)
        ask(open_as, "phone", typed)
    clock.advance(minutes=15)
    with pytest.raises(TooMany, match="hours"):
        ask(open_as, "phone", typed)


def test_one_address_cannot_ask_without_end(open_as: OpenAs, amelia: Patient, clock: FixedClock) -> None:
    with open_as(VISITOR) as work:
        practice = work.practice()
        for number in range(60):
            value = f"someone{number}@example.com"
            passcodes.send(work, practice, passcodes.Ask(Purpose.LOGIN, Channel.EMAIL, value, Channel.EMAIL, ()))
    with pytest.raises(TooMany, match="in 60 minutes"):
        ask(open_as, "email", EMAIL)
    assert ask(open_as, "email", EMAIL, OTHER_VISITOR)


def test_a_challenge_belongs_to_its_browser(open_as: OpenAs, amelia: Patient) -> None:
    sent, right = ask(open_as, "phone", PHONE), code(open_as)
    with pytest.raises(Conflict):
        enter(open_as, sent.challenge_id, right, OTHER_VISITOR)
    with pytest.raises(Conflict), open_as(OTHER_VISITOR) as work:
        passcodes.try_another_way(work, sent.challenge_id)
    outcome = enter(open_as, sent.challenge_id, right)
    with pytest.raises(Denied):
        redeem(open_as, outcome.ticket, OTHER_VISITOR)
    with pytest.raises(Conflict, match="cookie"):
        ask(open_as, "phone", PHONE, NOBODY)


def test_a_ticket_works_once_within_a_minute(open_as: OpenAs, amelia: Patient, clock: FixedClock) -> None:
    outcome = enter(open_as, ask(open_as, "phone", PHONE).challenge_id, code(open_as))
    redeem(open_as, outcome.ticket)
    with pytest.raises(Denied):
        redeem(open_as, outcome.ticket)
    late = enter(open_as, ask(open_as, "email", EMAIL).challenge_id, code(open_as, EMAIL))
    clock.advance(seconds=60)
    with pytest.raises(Denied):
        redeem(open_as, late.ticket)


def test_a_captcha_is_spent_once(open_as: OpenAs, amelia: Patient) -> None:
    solved = robot_check()
    with open_as(VISITOR) as work:
        passcodes.request(work, "phone", PHONE, solved)
    for payload, sentence in ((solved, "once more"), ("", "CAPTCHA"), ("nonsense", "once more")):
        with pytest.raises(Invalid, match=sentence) as refused, open_as(VISITOR) as work:
            passcodes.request(work, "phone", PHONE, payload)
        assert "captcha" in refused.value.fields


def test_p11_another_way_goes_through_the_other_channel(open_as: OpenAs, amelia: Patient, clock: FixedClock) -> None:
    first, old = ask(open_as, "phone", PHONE), code(open_as)
    clock.advance(seconds=30)
    with open_as(VISITOR) as work:
        second = passcodes.try_another_way(work, first.challenge_id)
        assert messages(work)[0].recipient == EMAIL
    assert (second.channel, second.another_way) == ("email", True)
    assert "0187" in second.masked, "the other contact is not named"
    assert enter(open_as, first.challenge_id, old).wrong == Refusal.REPLACED
    patient_id, contact_id, _ = redeem(open_as, enter(open_as, second.challenge_id, code(open_as, EMAIL)).ticket)
    with open_as(SYSTEM) as work:
        assert work.get(Contact, contact_id).channel is Channel.EMAIL
    assert patient_id == amelia.id


def test_without_another_way_nothing_is_sent_and_the_untried_code_stays_good(
    open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        rows.patient(work, rows.practice(work), PHONE)
    first, right = ask(open_as, "phone", PHONE), code(open_as)
    clock.advance(seconds=30)
    with open_as(VISITOR) as work:
        second = passcodes.try_another_way(work, first.challenge_id)
        assert len(messages(work)) == 1
    clock.advance(minutes=9, seconds=29)
    assert enter(open_as, second.challenge_id, right).ticket


def test_a_kept_code_does_not_outlive_its_ten_minutes(open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        rows.patient(work, rows.practice(work), PHONE)
    first, right = ask(open_as, "phone", PHONE), code(open_as)
    clock.advance(minutes=5)
    with open_as(VISITOR) as work:
        second = passcodes.try_another_way(work, first.challenge_id)
    clock.advance(minutes=5)
    assert enter(open_as, second.challenge_id, right).wrong == Refusal.EXPIRED


def test_a_number_that_the_carrier_blocks_hands_over_to_email(open_as: OpenAs, amelia: Patient) -> None:
    with open_as(SYSTEM) as work:
        phone = work.db.exec(select(Contact).where(Contact.channel == Channel.PHONE)).one()
        phone.blocked_at = work.now()
        work.add(phone)
    sent = ask(open_as, "phone", PHONE)
    assert (sent.channel, sent.another_way) == ("phone", False), "the words stay neutral"
    with open_as(SYSTEM) as work:
        assert [message.recipient for message in messages(work)] == [EMAIL]
    assert enter(open_as, sent.challenge_id, code(open_as)).ticket


def test_codes_ignore_do_not_sms_and_do_not_email(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        rows.patient(work, rows.practice(work), PHONE, EMAIL, do_not_sms=True, do_not_email=True)
    ask(open_as, "phone", PHONE)
    ask(open_as, "email", EMAIL)
    with open_as(SYSTEM) as work:
        assert len(messages(work)) == 2


@pytest.mark.parametrize("who", ["deceased", "inactive", "minor", "retired"])
def test_who_may_not_log_in_gets_the_same_screens_and_no_code(open_as: OpenAs, clock: FixedClock, who: str) -> None:
    with open_as(SYSTEM) as work:
        patient = rows.patient(work, rows.practice(work), PHONE)
        match who:
            case "deceased":
                patient.deceased_at, patient.status = work.now(), PatientStatus.INACTIVE
            case "inactive":
                patient.status = PatientStatus.INACTIVE
            case "minor":
                patient.date_of_birth = date(2014, 6, 1)
            case _:
                work.db.exec(select(Contact)).one().retired_at = work.now()
        work.add(patient)
    sent = ask(open_as, "phone", PHONE)
    assert sent.masked == "the number ending in 0187"
    with open_as(SYSTEM) as work:
        assert not messages(work)
    assert enter(open_as, sent.challenge_id, "000000").wrong == Refusal.WRONG


def test_a_guardian_logs_in_for_a_child(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        child = rows.patient(work, rows.practice(work), first_name="Noa", date_of_birth=date(2014, 6, 1))
        parent = work.add(Guardian(patient_id=child.id, name="Dana Hart", relationship="Parent"))
        rows.contact(work, child, Channel.PHONE, PHONE, parent)
    outcome = enter(open_as, ask(open_as, "phone", PHONE).challenge_id, code(open_as))
    patient_id, _, guardian_id = redeem(open_as, outcome.ticket)
    assert (patient_id, guardian_id) == (child.id, parent.id)


def test_a_grown_up_is_no_longer_reached_through_the_guardian(open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        child = rows.patient(work, rows.practice(work), first_name="Noa", date_of_birth=date(2008, 11, 23))
        parent = work.add(Guardian(patient_id=child.id, name="Dana Hart", relationship="Parent"))
        rows.contact(work, child, Channel.PHONE, PHONE, parent)
    ask(open_as, "phone", PHONE)
    with open_as(SYSTEM) as work:
        assert not messages(work)


def test_nothing_secret_is_kept_in_clear(open_as: OpenAs, amelia: Patient, engine: Engine) -> None:
    sent = ask(open_as, "phone", PHONE)
    right = code(open_as)
    enter(open_as, sent.challenge_id, right)
    with engine.connect() as connection:
        for table in (PasscodeChallenge, OutboxMessage, AuditEvent):
            for row in connection.exec_driver_sql(f"select * from {table.__tablename__}"):
                text = " ".join(str(value) for value in row if not isinstance(value, (bytes, memoryview)))
                assert right not in text
                assert "5550187" not in text


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]).split("VALUES")[0][:300])

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_known_and_unknown_contacts_do_the_same_work(
    open_as: OpenAs, amelia: Patient, statements: list[str], clock: FixedClock
) -> None:
    def whole_road(typed: str, visitor: Actor) -> list[str]:
        statements.clear()
        sent = ask(open_as, "phone", typed, visitor)
        enter(open_as, sent.challenge_id, "000000", visitor)
        clock.advance(seconds=30)
        with open_as(visitor) as work:
            other = passcodes.try_another_way(work, sent.challenge_id)
        enter(open_as, other.challenge_id, "000000", visitor)
        return list(statements)

    known, unknown = whole_road(PHONE, VISITOR), whole_road(UNKNOWN, OTHER_VISITOR)
    assert known == unknown
    assert any("outbox_message" in statement for statement in unknown)


def test_the_audit_log_knows_what_happened_but_no_contact(open_as: OpenAs, amelia: Patient) -> None:
    sent, right = ask(open_as, "phone", PHONE), code(open_as)
    enter(open_as, sent.challenge_id, f"{(int(right) + 1) % 1_000_000:06d}")
    redeem(open_as, enter(open_as, sent.challenge_id, right).ticket)
    with open_as(SYSTEM) as work:
        actions = list(work.db.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))).all())
    assert actions == ["sign-in.requested", "sign-in.failed", "sign-in.succeeded"]


def test_parallel_guesses_are_all_counted(open_as: OpenAs, amelia: Patient) -> None:
    sent, right = ask(open_as, "phone", PHONE), code(open_as)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    start, answers = Barrier(8), []

    def guess() -> None:
        start.wait()
        answers.append(enter(open_as, sent.challenge_id, wrong).wrong)

    threads = [Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted([Refusal.WRONG] * 4 + [Refusal.SPENT] * 4)
    with open_as(SYSTEM) as work:
        assert work.get(PasscodeChallenge, sent.challenge_id).attempts == 5


def test_parallel_asks_are_all_counted(open_as: OpenAs, amelia: Patient) -> None:
    start, refused = Barrier(9), []

    def ask_at_once(number: int) -> None:
        payload = robot_check()
        start.wait()
        try:
            with open_as(Actor(browser=f"{number}" * 64)) as work:
                passcodes.request(work, "phone", PHONE, payload)
        except TooMany as limit:
            refused.append(limit)

    threads = [Thread(target=ask_at_once, args=(number,)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 4
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(func.count()).select_from(PasscodeChallenge)).one() == 5
        live = select(func.count()).select_from(PasscodeChallenge).where(PasscodeChallenge.superseded_at == None)  # noqa: E711
        assert work.db.exec(live).one() == 1


def test_a_portal_without_a_practice_says_so(open_as: OpenAs) -> None:
    with pytest.raises(NotFound, match="no practice"):
        ask(open_as, "phone", PHONE)
