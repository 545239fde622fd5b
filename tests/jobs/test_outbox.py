"""The outbox: once each, retried, erased; STOP falls back to email for codes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import FixedClock
from portal.gateways import Gateways, gateways
from portal.gateways.delivery import Delivery
from portal.gateways.email import EmailMessage
from portal.gateways.errors import Blocked, PermanentFailure, TemporaryFailure
from portal.jobs import outbox
from portal.models import Channel, Contact, OutboxMessage, OutboxStatus
from portal.models import db as database
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


def test_the_same_fact_never_makes_two_messages(clock: FixedClock, vendors: Gateways) -> None:
    put(clock)
    with pytest.raises(Exception, match=r"(?i)unique"):
        put(clock)
