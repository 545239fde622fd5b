"""Doing what a person does to get in, without a browser: solve the CAPTCHA, read the code that was sent, enter it."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from portal.models import OutboxMessage, OutboxStatus
from portal.services import captcha, passcodes, signing_in
from portal.work import Actor, Work
from tests.support.captcha import solve

BROWSER = "a" * 64
VISITOR = Actor(browser=BROWSER, address="192.0.2.7", device="Mozilla/5.0 (iPhone) Safari/604.1")
OTHER_VISITOR = Actor(browser="b" * 64, address="198.51.100.9")

OpenAs = Callable[..., AbstractContextManager[Work]]


def robot_check() -> str:
    """The payload of a CAPTCHA solved just now."""
    return solve(captcha.checker().challenge())


def messages(work: Work) -> list[OutboxMessage]:
    """Everything decided to be sent, newest first."""
    wanted = select(OutboxMessage).where(col(OutboxMessage.status) == OutboxStatus.PENDING)
    return list(work.db.exec(wanted.order_by(col(OutboxMessage.id).desc())).all())


def code_in(message: OutboxMessage) -> str:
    """The six digits of a message."""
    found = re.search(r"\b\d{6}\b", message.text or "")
    assert found, "no code in the message"
    return found.group()


def newest_code(work: Work, to: str = "") -> str:
    """The code sent last, to this contact if one is given."""
    return code_in(next(message for message in messages(work) if not to or message.recipient == to))


def ask(open_as: OpenAs, channel: str, typed: str, visitor: Actor = VISITOR) -> passcodes.Sent:
    """Send OTP, in a transaction of its own."""
    with open_as(visitor) as work:
        return passcodes.request(work, channel, typed, robot_check())


def enter(open_as: OpenAs, challenge_id: UUID, code: str, visitor: Actor = VISITOR) -> signing_in.Outcome:
    """Enter a code, in a transaction of its own."""
    with open_as(visitor) as work:
        return signing_in.verify(work, challenge_id, code)


def redeem(open_as: OpenAs, ticket: str, visitor: Actor = VISITOR) -> tuple[Any, ...]:
    """Exchange the ticket, in a transaction of its own."""
    with open_as(visitor) as work:
        return signing_in.redeem_ticket(work, ticket)
