"""Sending one-time codes: asked for, asked again, asked for another way.

A known and an unknown contact take the same path: the same statements, the same hashing and encryption, the same
screens. For an unknown one the challenge has no code that could match, and its message is born expired and empty.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyotp import random_base32
from pyotp.hotp import HOTP
from sqlmodel import col, or_, select, update

from portal.domain import passcodes as rules
from portal.domain.contacts import mask, read_contact, show_phone
from portal.domain.entry import Unclear
from portal.errors import Conflict, Invalid, TooMany
from portal.mails import Letter, PasscodeMail
from portal.mails import Practice as MailPractice
from portal.models import Channel, OutboxMessage, OutboxStatus, PasscodeChallenge, Practice, Priority, Purpose
from portal.security.keys import keyed_hash
from portal.services import captcha
from portal.services.household import (
    OTHER,
    Reached,
    contact_hash,
    destinations,
    local_day,
    reached_by,
    staff_reached,
)
from portal.settings import settings
from portal.work import Work

NO_COOKIE = "Your browser did not keep our cookie. Allow cookies for this site, then reload the page."
START_AGAIN = "This log-in is over. Please start again."


@dataclass(frozen=True, slots=True)
class Sent:
    """What the code screen shows after an ask, whether or not anything was sent."""

    challenge_id: UUID
    channel: str  # phone or email: where the person was told to look
    masked: str
    resend_seconds: int
    another_way: bool  # the neutral words of "Try another way" hold


@dataclass(frozen=True, slots=True)
class Ask:
    """One ask for a code. `wanted` is where the person wants it; `to` the places it goes, empty for nowhere."""

    purpose: Purpose
    typed: Channel
    value: str
    wanted: Channel
    to: Sequence[Reached]
    draft: str | None = None
    patient_id: UUID | None = None
    keep: PasscodeChallenge | None = None  # its untried code stays good when this ask sends nothing


def request(work: Work, channel: str, typed: str, captcha_payload: str) -> Sent:
    """**Send OTP**: a code to this contact, if it reaches anyone.

    `Invalid` for a contact that cannot be one or a CAPTCHA not solved; `TooMany` with the seconds to wait.
    """
    practice = work.practice()
    kind = Channel(channel)
    try:
        value = read_contact(kind, typed, practice.country)
    except Unclear as problem:
        raise Invalid({"contact": str(problem)}, str(problem)) from None
    captcha.spend(work, captcha_payload)
    people = reached_by(work, kind, value, local_day(work, practice))
    return send(work, practice, Ask(Purpose.LOGIN, kind, value, kind, destinations(people, kind)))


def resend(work: Work, challenge_id: UUID) -> Sent:
    """**Resend**: a new code the same way; the one before dies."""
    return _again(work, challenge_id, another_way=False)


def try_another_way(work: Work, challenge_id: UUID) -> Sent:
    """**Try another way**: the next code through the other channel on file, or the same words and nothing sent."""
    return _again(work, challenge_id, another_way=True)


def challenge_of(work: Work, challenge_id: UUID) -> PasscodeChallenge:
    """The challenge, if this very browser began it. `Conflict` otherwise: start again."""
    found = work.db.exec(
        select(PasscodeChallenge)
        .where(PasscodeChallenge.id == challenge_id, PasscodeChallenge.browser_hash == browser_of(work))
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise Conflict(START_AGAIN)
    return found


def send(work: Work, practice: Practice, ask: Ask) -> Sent:
    """Make the challenge and the message. Everything that sends a code ends here."""
    now, browser = work.now(), browser_of(work)
    contact = contact_hash(ask.typed, ask.value)
    _within_limits(work, contact, resending=ask.keep is not None and ask.wanted is ask.keep.sent_channel)
    live = (
        col(PasscodeChallenge.purpose) == ask.purpose,
        or_(col(PasscodeChallenge.contact_hash) == contact, col(PasscodeChallenge.browser_hash) == browser),
        col(PasscodeChallenge.superseded_at).is_(None),
        col(PasscodeChallenge.verified_at).is_(None),
    )
    work.db.exec(update(PasscodeChallenge).where(*live).values(superseded_at=now))
    challenge = PasscodeChallenge(
        purpose=ask.purpose,
        browser_hash=browser,
        contact_hash=contact,
        typed_channel=ask.typed,
        sent_channel=ask.wanted,
        typed_value=ask.value,
        draft=ask.draft,
        patient_id=ask.patient_id,
        address=work.actor.address,
        created_at=now,
        expires_at=now + rules.LIFETIME,
    )
    messages = [_message(challenge, practice, place, number) for number, place in enumerate(ask.to or [None])]
    if not ask.to and ask.keep is not None and ask.keep.attempts == 0:
        challenge.codes = ask.keep.codes
    work.add(challenge)
    work.db.add_all(messages)
    work.audit("sign-in.requested", challenge, purpose=ask.purpose.value, channel=ask.wanted.value)
    return Sent(
        challenge_id=challenge.id,
        channel=ask.wanted.value,
        masked=mask(ask.typed, ask.value),
        resend_seconds=int(rules.RESEND_AFTER.total_seconds()),
        another_way=ask.wanted is not ask.typed,
    )


def code_hash(challenge: PasscodeChallenge, code: str) -> str:
    """What is stored instead of a code: bound to the browser, the contact and the purpose it was made for."""
    bound = f"{challenge.purpose.value}:{challenge.browser_hash}:{challenge.contact_hash}"
    return keyed_hash("passcode", f"{bound}:{code}")


def mail_practice(practice: Practice) -> MailPractice:
    """The practice as messages name it."""
    return MailPractice(
        practice.name, settings().public_url, show_phone(practice.phone, practice.country), practice.brand_hex
    )


def as_message(
    key: str,
    place: Reached | None,
    letter: Letter,
    *,
    now: datetime,
    expires_at: datetime | None = None,
    secret: bool = False,
) -> OutboxMessage:
    """A letter on its way to one contact. A text carries the email's subject and HTML along, in case it is blocked."""
    by_text = place is not None and place.channel is Channel.PHONE
    return OutboxMessage(
        key=key,
        channel="sms" if by_text else "email",
        contact_id=place.id if place else None,
        recipient=place.value if place else "",
        subject=letter.subject,
        text=letter.sms if by_text else letter.text,
        html=letter.html,
        secret=secret,
        priority=Priority.AWAITED if secret else Priority.NEWS,
        due_at=now,
        created_at=now,
        expires_at=expires_at,
    )


def _message(challenge: PasscodeChallenge, practice: Practice, place: Reached | None, number: int) -> OutboxMessage:
    code = HOTP(random_base32()).at(0)
    hashed = code_hash(challenge, code)
    letter = PasscodeMail(code, mail_practice(practice)).letter()
    message = as_message(
        f"passcode:{challenge.id}:{number}",
        place,
        letter,
        now=challenge.created_at,
        expires_at=challenge.expires_at,
        secret=True,
    )
    if place is None:  # nobody to send it to: the same row, which the next sweep empties
        message.status = OutboxStatus.EXPIRED
        return message
    message.contact_id = None  # a reference costs a check, and the time of the check would tell who is known
    until = challenge.expires_at.isoformat()
    challenge.codes = {**challenge.codes, hashed: {"to": contact_hash(place.channel, place.value), "until": until}}
    return message


def _again(work: Work, challenge_id: UUID, *, another_way: bool) -> Sent:
    last = challenge_of(work, challenge_id)
    if last.verified_at or last.closed_at or last.typed_value is None:
        raise Conflict(START_AGAIN)
    practice = work.practice()
    wanted = OTHER[last.sent_channel] if another_way else last.sent_channel
    if last.purpose is Purpose.STAFF:
        wanted, to = last.sent_channel, staff_reached(work, last.typed_value)
    elif last.purpose is Purpose.LOGIN:
        people = reached_by(work, last.typed_channel, last.typed_value, local_day(work, practice))
        to = destinations(people, wanted)
    else:
        to = [way for way in _written(last) if way.channel is wanted]
    return send(
        work,
        practice,
        Ask(last.purpose, last.typed_channel, last.typed_value, wanted, to, last.draft, last.patient_id, keep=last),
    )


def _written(challenge: PasscodeChallenge) -> list[Reached]:
    """The contacts that the person wrote down just now: the new one, or both of a registration."""
    written = {challenge.typed_channel: challenge.typed_value or ""}
    if challenge.draft:
        draft = json.loads(challenge.draft)
        written |= {channel: draft[channel.value] for channel in Channel}
    return [Reached(None, channel, value, verified=False, blocked=False) for channel, value in written.items()]


def _within_limits(work: Work, contact: str, *, resending: bool) -> None:
    """`TooMany` unless contact and address may be sent another code now. Parallel asks wait for one another here."""
    now, address = work.now(), work.actor.address
    table = PasscodeChallenge
    work.hold(f"passcode-address:{address}")
    work.hold(f"passcode:{contact}")
    most, span = rules.PER_ADDRESS
    from_here = work.db.exec(
        select(table.created_at)
        .where(table.address == address, table.created_at > now - span)
        .order_by(col(table.created_at).desc())
        .offset(most - 1)
        .limit(1)
    ).first()
    longest, over = rules.PER_CONTACT[-1]
    sent = work.db.exec(
        select(table.created_at)
        .where(table.contact_hash == contact, table.created_at > now - over)
        .order_by(col(table.created_at).desc())
        .limit(longest)
    ).all()
    if resending and sent and (wait := rules.wait_to_resend(sent[0], now)):
        raise TooMany(f"You can ask for another code {rules.in_words(wait)}.", wait)
    wait = rules.wait_for_contact(sent, now)
    if address and from_here is not None:
        wait = max(wait, rules.seconds_left(from_here + span - now))
    if wait:
        raise TooMany(f"That is enough codes for now. Please try again {rules.in_words(wait)}.", wait)


def browser_of(work: Work) -> str:
    """The browser's own cookie, hashed. `Conflict` for one that keeps none."""
    if not work.actor.browser:
        raise Conflict(NO_COOKIE)
    return work.actor.browser
