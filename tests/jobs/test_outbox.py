"""The outbox: once each, retried, erased; STOP falls back to email for codes."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from portal.clock import FixedClock
from portal.gateways import Gateways, gateways
from portal.gateways.delivery import Delivery
from portal.gateways.email import EmailMessage
from portal.gateways.errors import Blocked, PermanentFailure, TemporaryFailure, Unanswered
from portal.gateways.sms import TwinSms
from portal.jobs import outbox
from portal.models import Appointment, Channel, Contact, OutboxMessage, OutboxStatus, Patient, Priority
from portal.models import db as database
from portal.services import withdrawing
from portal.work import open_work
from tests.support import rows


@dataclass
class Recorder:
    """A vendor that answers as told and remembers what it was given."""

    failure: Exception | None = None
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    failing_times: int = 1_000

    def _take(self, *what: str) -> Delivery:
        if self.failure is not None and self.failing_times:
            self.failing_times -= 1
            raise self.failure
        self.sent.append((what[0], what[1], what[2]))
        return Delivery("vendor-1")

    def __call__(self) -> "Recorder":
        return self


class Texts(Recorder):
    def send(self, to: str, text: str, key: str) -> Delivery:
        return self._take(to, text, key)


class Mails(Recorder):
    def send(self, message: EmailMessage, key: str) -> Delivery:
        return self._take(message.to, message.text, key)


@pytest.fixture
def vendors(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Gateways:
    monkeypatch.setattr(database, "engine", lambda: engine)
    return replace(gateways(), sms=Texts(), email=Mails())


def put(clock: FixedClock, **values: Any) -> OutboxMessage:
    given: dict[str, Any] = {
        "key": "passcode:1",
        "channel": "sms",
        "recipient": "+15035550187",
        "text": "482913 is your code",
        "secret": True,
        "due_at": clock.now(),
        "created_at": clock.now(),
        "expires_at": clock.now() + timedelta(minutes=10),
    }
    with open_work(clock=clock) as work:
        return work.add(OutboxMessage(**given | values))


def again(message: OutboxMessage) -> OutboxMessage:
    with open_work(write=False) as work:
        return work.get(OutboxMessage, message.id)


def test_a_message_goes_out_once_and_its_secret_is_erased(clock: FixedClock, vendors: Gateways) -> None:
    message = put(clock)
    assert outbox.deliver(clock, vendors) == 1
    assert outbox.deliver(clock, vendors) == 0
    assert vendors.sms.sent == [("+15035550187", "482913 is your code", "passcode:1")]
    after = again(message)
    assert (after.status, after.text, after.recipient) == (OutboxStatus.SENT, None, None)


def test_its_body_is_not_readable_in_the_database(clock: FixedClock, vendors: Gateways, engine: Engine) -> None:
    put(clock)
    with engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT * FROM outbox_message").one()
    assert "482913" not in repr(stored)
    assert "5550187" not in repr(stored)


def test_a_passing_failure_is_retried_with_patience(clock: FixedClock, vendors: Gateways) -> None:
    vendors.sms.failure, vendors.sms.failing_times = TemporaryFailure("busy"), 2
    message = put(clock)
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.PENDING
    assert outbox.deliver(clock, vendors) == 0, "not before its time"
    clock.advance(seconds=3)
    outbox.deliver(clock, vendors)
    clock.advance(seconds=11)
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.SENT
    assert len(vendors.sms.sent) == 1


def test_a_final_failure_ends_it_and_keeps_nothing_secret(clock: FixedClock, vendors: Gateways) -> None:
    vendors.sms.failure = PermanentFailure("not a mobile number")
    message = put(clock)
    outbox.deliver(clock, vendors)
    after = again(message)
    assert (after.status, after.last_error, after.text) == (OutboxStatus.FAILED, "not a mobile number", None)


def test_a_dead_code_is_not_sent(clock: FixedClock, vendors: Gateways) -> None:
    message = put(clock)
    clock.advance(minutes=11)
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.EXPIRED
    assert vendors.sms.sent == []


def test_a_code_that_the_carrier_blocks_goes_by_email(clock: FixedClock, vendors: Gateways) -> None:
    vendors.sms.failure = Blocked("STOP")
    with open_work(clock=clock) as work:
        rows.patient(work, rows.practice(work), "+15035550187", "amelia.hart@example.com")
        phone = work.db.exec(select(Contact).where(Contact.channel == Channel.PHONE)).one()
    put(clock)  # a code's message names its number, not the person
    outbox.deliver(clock, vendors)
    outbox.deliver(clock, vendors)
    assert [(to, text) for to, text, _key in vendors.email.sent] == [("amelia.hart@example.com", "482913 is your code")]
    with open_work(write=False) as work:
        assert work.get(Contact, phone.id).blocked_at is not None


def test_a_runner_that_died_in_the_middle_is_made_good(clock: FixedClock, vendors: Gateways) -> None:
    message = put(clock, status=OutboxStatus.SENDING, due_at=clock.now() + timedelta(minutes=2), attempts=1)
    assert outbox.deliver(clock, vendors) == 0
    clock.advance(minutes=3)
    assert outbox.deliver(clock, vendors) == 1
    assert again(message).status is OutboxStatus.SENT


def test_two_runners_at_once_send_each_message_once(clock: FixedClock, vendors: Gateways) -> None:
    for number in range(40):
        put(clock, key=f"reminder:{number}", text=f"visit {number}", secret=False)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _turn: outbox.deliver(clock, vendors), range(12)))
    while outbox.deliver(clock, vendors):
        pass
    assert sorted(key for _to, _text, key in vendors.sms.sent) == sorted(f"reminder:{number}" for number in range(40))


class AskedVendor:
    """A vendor that can be asked what it has."""

    def __init__(self, has: set[str], *, deaf: bool = False) -> None:
        self.has, self.deaf = has, deaf
        self.took: list[str] = []

    def send(self, to: str, text: str, key: str) -> Delivery:
        self.took.append(key)
        return Delivery("vendor-2")

    def find(self, to: str, text: str, key: str, since: datetime) -> Delivery | None:
        if self.deaf:
            raise TemporaryFailure("no answer")
        return Delivery("vendor-1") if key in self.has else None


REMINDER: dict[str, Any] = {"secret": False, "priority": Priority.REMINDER, "text": "See you on Tuesday"}


def died(clock: FixedClock, *, handed: bool, **values: Any) -> OutboxMessage:
    """A message that a runner had in its hands when it died; the claim has lapsed."""
    claimed = {"status": OutboxStatus.SENDING, "attempts": 1, "handed_at": clock.now() if handed else None}
    message = put(clock, **(claimed | values))
    clock.advance(minutes=3)
    return message


def test_what_was_claimed_but_never_handed_over_is_sent(clock: FixedClock, vendors: Gateways) -> None:
    message = died(clock, handed=False, **REMINDER)
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.SENT
    assert len(vendors.sms.sent) == 1


def test_a_reminder_that_may_have_gone_out_is_not_sent_twice_to_whom_it_reached_on_another_channel(
    clock: FixedClock, vendors: Gateways
) -> None:
    put(clock, key="reminder:1:other", status=OutboxStatus.SENT, **REMINDER)
    message = died(clock, handed=True, key="reminder:1:this", **REMINDER)
    assert outbox.deliver(clock, vendors) == 1
    assert again(message).status is OutboxStatus.UNCERTAIN
    assert vendors.sms.sent == []
    assert outbox.deliver(clock, vendors) == 0


def test_a_reminder_that_may_have_gone_out_and_reached_nobody_otherwise_is_sent_again(
    clock: FixedClock, vendors: Gateways
) -> None:
    put(clock, key="reminder:2:other", status=OutboxStatus.SENT, **REMINDER)
    message = died(clock, handed=True, key="reminder:1:this", **REMINDER)
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.SENT
    assert len(vendors.sms.sent) == 1


def test_a_twin_never_loses_one(clock: FixedClock, vendors: Gateways) -> None:
    put(clock, key="reminder:1:other", status=OutboxStatus.SENT, **REMINDER)
    message = died(clock, handed=True, key="reminder:1:this", **REMINDER)
    outbox.deliver(clock, replace(vendors, sms=TwinSms()))
    assert again(message).status is OutboxStatus.SENT


@pytest.mark.parametrize("values", [{}, {"secret": False, "priority": Priority.NEWS}], ids=["a code", "news"])
def test_a_code_and_news_are_sent_again_rather_than_never(
    clock: FixedClock, vendors: Gateways, values: dict[str, Any]
) -> None:
    message = died(clock, handed=True, **values)
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.SENT
    assert len(vendors.sms.sent) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_a_vendor_that_can_tell_is_asked(clock: FixedClock, vendors: Gateways, arrived: bool) -> None:
    vendor = AskedVendor({"passcode:1"} if arrived else set())
    message = died(clock, handed=True, **REMINDER)
    outbox.deliver(clock, replace(vendors, sms=vendor))
    assert again(message).status is OutboxStatus.SENT
    assert vendor.took == ([] if arrived else ["passcode:1"])


def test_a_vendor_that_cannot_be_asked_now_is_asked_later(clock: FixedClock, vendors: Gateways) -> None:
    vendor = AskedVendor({"passcode:1"}, deaf=True)
    message = died(clock, handed=True, **REMINDER)
    outbox.deliver(clock, replace(vendors, sms=vendor))
    assert again(message).status is OutboxStatus.PENDING
    vendor.deaf = False
    clock.advance(minutes=1)
    outbox.deliver(clock, replace(vendors, sms=vendor))
    assert (again(message).status, vendor.took) == (OutboxStatus.SENT, [])


def test_an_answer_that_was_lost_is_asked_for_and_a_refusal_is_not(clock: FixedClock, vendors: Gateways) -> None:
    vendors.sms.failure, vendors.sms.failing_times = Unanswered("silence"), 1
    put(clock, key="reminder:1:other", status=OutboxStatus.SENT, **REMINDER)
    message = put(clock, key="reminder:1:this", **REMINDER)
    outbox.deliver(clock, vendors)
    assert again(message).handed_at is not None
    clock.advance(seconds=31)
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.UNCERTAIN
    vendors.sms.failure, vendors.sms.failing_times = TemporaryFailure("busy"), 1
    other = put(clock, key="other", **REMINDER)
    outbox.deliver(clock, vendors)
    assert again(other).handed_at is None
    clock.advance(seconds=5)
    outbox.deliver(clock, vendors)
    assert again(other).status is OutboxStatus.SENT


def test_what_is_withdrawn_between_the_claim_and_the_sending_does_not_go(
    clock: FixedClock, vendors: Gateways, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = put(clock, **REMINDER)
    claim = outbox._claim

    def claim_then_withdraw(*asked: Any) -> list[OutboxMessage]:
        claimed = claim(*asked)
        with open_work(clock=clock) as work:
            work.get(OutboxMessage, message.id).status = OutboxStatus.WITHDRAWN
        return claimed

    monkeypatch.setattr(outbox, "_claim", claim_then_withdraw)
    outbox.deliver(clock, vendors)
    assert vendors.sms.sent == []
    assert again(message).status is OutboxStatus.WITHDRAWN


def test_a_code_goes_before_a_pile_of_reminders(clock: FixedClock, vendors: Gateways) -> None:
    for number in range(60):
        put(clock, key=f"reminder:{number}", **REMINDER)
    put(clock, key="booked", secret=False)
    put(clock, key="code", priority=Priority.AWAITED)
    outbox.deliver(clock, vendors)
    keys = [key for _to, _text, key in vendors.sms.sent]
    assert {"code", "booked"} <= set(keys[: outbox.BATCH])
    assert len(keys) == outbox.BATCH


def test_a_slow_vendor_holds_up_no_code(clock: FixedClock, vendors: Gateways) -> None:
    gate = threading.Event()

    class Slow(Texts):
        def send(self, to: str, text: str, key: str) -> Delivery:
            if key.startswith("reminder"):
                gate.wait(20)
            return super().send(to, text, key)

    slow = replace(vendors, sms=Slow())
    for number in range(12):
        put(clock, key=f"reminder:{number}", **REMINDER)
    with ThreadPoolExecutor(1) as pool:
        others = pool.submit(outbox.deliver, clock, slow, (Priority.NEWS, Priority.REMINDER))
        put(clock, key="code", priority=Priority.AWAITED)
        started = time.monotonic()
        assert outbox.deliver(clock, slow, (Priority.AWAITED,)) == 1
        assert time.monotonic() - started < 5
        assert [key for _to, _text, key in slow.sms.sent] == ["code"]
        gate.set()
        others.result()
    assert len(slow.sms.sent) == 13


def test_a_reminder_that_is_late_waits_for_the_morning(clock: FixedClock, vendors: Gateways) -> None:
    message = put(
        clock, **REMINDER, hours="08:00-21:00 America/Los_Angeles", expires_at=clock.now() + timedelta(days=2)
    )
    clock.at = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # half past nine in the evening there
    assert outbox.deliver(clock, vendors) == 1
    after = again(message)
    assert (after.status, after.attempts) == (OutboxStatus.PENDING, 0)
    assert after.due_at == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    clock.at = after.due_at
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.SENT


def test_an_email_carries_its_calendar_entry_and_its_way_out(clock: FixedClock, vendors: Gateways) -> None:
    mails: list[EmailMessage] = []

    class Whole(Mails):
        def send(self, message: EmailMessage, key: str) -> Delivery:
            mails.append(message)
            return Delivery("1")

    calendar = "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n"
    put(clock, channel="email", recipient="a@example.com", secret=False, calendar=calendar, unsubscribe="https://x/u/1")
    outbox.deliver(clock, replace(vendors, email=Whole()))
    [mail] = mails
    assert mail.headers == {
        "List-Unsubscribe": "<https://x/u/1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    [file] = mail.attachments
    assert (file.filename, file.content_type, file.content.decode()) == ("visit.ics", "text/calendar", calendar)
    assert file.parameters["method"] == "CANCEL"


def test_who_became_inactive_meanwhile_gets_nothing_more(clock: FixedClock, vendors: Gateways) -> None:
    with open_work(clock=clock) as work:
        patient = rows.patient(work, rows.practice(work), "+15035550187")
    message = put(clock, **REMINDER, patient_id=patient.id)
    with open_work(clock=clock) as work:
        work.get(Patient, patient.id).deceased_at = clock.now()
    outbox.deliver(clock, vendors)
    assert again(message).status is OutboxStatus.WITHDRAWN
    assert vendors.sms.sent == []


def test_the_same_fact_never_makes_two_messages(clock: FixedClock, vendors: Gateways) -> None:
    put(clock)
    with pytest.raises(Exception, match=r"(?i)unique"):
        put(clock)


def test_a_message_that_cannot_be_read_holds_up_no_other(vendors: Gateways, clock: FixedClock) -> None:
    broken, sound = put(clock), put(clock, key="passcode:2", text="771204 is your code")
    with open_work() as work:
        work.db.connection().execute(
            text("UPDATE outbox_message SET text = :nothing WHERE key = 'passcode:1'"), {"nothing": b"\x01nothing"}
        )
    assert outbox.deliver(clock, vendors) == 1
    assert again(sound).status is OutboxStatus.SENT
    states = []
    for _ in range(10):
        with open_work(write=False) as work:
            state = select(OutboxMessage.status, OutboxMessage.attempts).where(OutboxMessage.id == broken.id)
            states.append(tuple(work.db.exec(state).one()))
        clock.advance(hours=1, minutes=1)
        outbox.deliver(clock, vendors)
    assert states[0] == (OutboxStatus.PENDING, 1)
    assert states[-1] == (OutboxStatus.FAILED, outbox.MOST_ATTEMPTS)


def test_taking_up_and_taking_back_do_not_lock_each_other_out(engine: Engine, vendors: Gateways) -> None:
    clock = FixedClock()
    with open_work(clock=clock) as work:
        patient = rows.patient(work, rows.practice(work), "+15035550187")
        at = clock.now() + timedelta(days=3)
        visit = work.add(Appointment(patient_id=patient.id, starts_at=at, ends_at=at))
    for turn in range(12):
        for number in range(outbox.BATCH):  # due in the other order than they were made in
            due_at = clock.now() - timedelta(seconds=number)
            put(clock, key=f"visit:{turn}:{number}", secret=False, appointment_id=visit.id, due_at=due_at)
        together = threading.Barrier(2)

        def take_up(together: threading.Barrier = together) -> None:
            together.wait()
            outbox._claim(clock, tuple(Priority))

        def take_back(together: threading.Barrier = together) -> None:
            together.wait()
            with open_work(clock=clock) as work:
                withdrawing.cancelled(work, work.get(Appointment, visit.id))

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(take_up), pool.submit(take_back)]:
                done.result()
        with open_work(write=False) as work:
            status = set(work.db.exec(select(OutboxMessage.status)))
        assert status == {OutboxStatus.WITHDRAWN}


def test_who_looks_at_the_outbox_sees_whole_messages() -> None:
    """In development, what was sent is kept as a file, and the page may look at any moment."""
    message = OutboxMessage(
        channel="sms", purpose="test", recipient="+15035550187", text="x" * 300_000, created_at=datetime.now(UTC)
    )
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(lambda: [outbox._keep(message) for _ in range(40)])
        seen = set()
        while not written.done():
            seen.add(len(outbox.recently_sent(message.id).get("text", "")))
        written.result()
    assert seen <= {0, 300_000}
