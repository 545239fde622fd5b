"""How staff get in: their work email, the code sent there, and a second factor; at the first time, its enrolment. Or a
passkey, which is both factors at once.

An email that is nobody's takes the same path, and no code can match. Wrong codes are outcomes, not errors: they must
be counted, so their transaction commits.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select, update

from portal.domain import passcodes as rules
from portal.domain.contacts import read_contact
from portal.domain.entry import Unclear
from portal.errors import Denied, Invalid
from portal.models import Channel, PasscodeChallenge, Purpose, Staff
from portal.security.keys import keyed_hash, new_token
from portal.services import captcha, passkeys, second_factor
from portal.services.household import staff_by_email, staff_reached
from portal.services.passcodes import Ask, Sent, browser_of, challenge_of, send
from portal.services.signing_in import TICKET_OVER, check_code
from portal.work import Work

WRONG = "That code does not match. Wait for the next one on your authenticator and enter its 6 digits."
WRONG_RECOVERY = "That is not one of your recovery codes, or it was used before."
OVER = "That was not right five times. Please start again."
KEPT_WITHIN = timedelta(minutes=15)  # recovery codes are read and put away before one goes on


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: a `ticket` (in), the `second` factor, its `enrol`ment, or what is `wrong`; `over`: start again.

    For an enrolment: `uri` for the QR code and `secret` to type; after it, the recovery `codes`, shown once.
    """

    ticket: str = ""
    second: bool = False
    enrol: bool = False
    uri: str = ""
    secret: str = ""
    codes: tuple[str, ...] = ()
    wrong: str = ""
    over: bool = False


def request(work: Work, typed: str, captcha_payload: str) -> Sent:
    """A code to this work email, if it is one. `Invalid` for what is no email; `TooMany` with the seconds to wait."""
    practice = work.practice()
    try:
        email = read_contact(Channel.EMAIL, typed, practice.country)
    except Unclear as problem:
        raise Invalid({"contact": str(problem)}, str(problem)) from None
    captcha.spend(work, captcha_payload)
    return send(work, practice, Ask(Purpose.STAFF, Channel.EMAIL, email, Channel.EMAIL, staff_reached(work, email)))


def enter_code(work: Work, challenge_id: UUID, typed: str) -> Step:
    """The emailed code; then the second factor. `Invalid` for what is no code."""
    proof = check_code(work, challenge_id, typed, (Purpose.STAFF,))
    if proof.wrong:
        return Step(wrong=proof.wrong.value)
    staff = staff_by_email(work, proof.challenge.typed_value or "")
    if staff is None:
        return Step(wrong=rules.Refusal.GONE.value, over=True)
    if staff.totp_enrolled_at is not None and staff.totp_secret is not None:
        return Step(second=True)
    secret = second_factor.new_secret()
    proof.challenge.draft = secret
    work.add(proof.challenge)
    return Step(enrol=True, secret=secret, uri=second_factor.provisioning_uri(secret, staff, work.practice()))


def enrol(work: Work, challenge_id: UUID, typed: str) -> Step:
    """The first code of a new authenticator: it is enrolled, and the recovery codes are made."""
    challenge, staff = _under_way(work, challenge_id)
    if staff is None:
        return _over(work, challenge)
    if staff.totp_enrolled_at is not None or not challenge.draft:
        return Step(wrong=rules.Refusal.GONE.value, over=True)
    step = second_factor.matching_step(challenge.draft, typed, work.now().timestamp())
    if step is None:
        return Step(wrong=WRONG)
    staff.totp_secret, staff.totp_enrolled_at, staff.totp_step = challenge.draft, work.now(), step
    work.add(staff)
    work.audit("authenticator.enrolled", staff)
    ticket = _ticket(work, challenge, staff, "totp", KEPT_WITHIN)
    return Step(ticket=ticket, codes=tuple(second_factor.new_recovery_codes(work, staff)))


def enter_second(work: Work, challenge_id: UUID, typed: str) -> Step:
    """The authenticator's code. `Invalid` for what is no code."""
    challenge, staff = _under_way(work, challenge_id)
    if staff is None:
        return _over(work, challenge)
    if not second_factor.accept_totp(work, staff, typed):
        work.audit("staff-sign-in.failed", staff, why="authenticator")
        return Step(wrong=WRONG)
    return Step(ticket=_ticket(work, challenge, staff, "totp"))


def enter_recovery(work: Work, challenge_id: UUID, typed: str) -> Step:
    """A recovery code in the place of the authenticator's."""
    challenge, staff = _under_way(work, challenge_id)
    if staff is None:
        return _over(work, challenge)
    if not second_factor.accept_recovery_code(work, staff, typed):
        work.audit("staff-sign-in.failed", staff, why="recovery code")
        return Step(wrong=WRONG_RECOVERY)
    return Step(ticket=_ticket(work, challenge, staff, "recovery"))


def ask_passkey(work: Work) -> passkeys.Asked:
    """Ask this browser for a passkey, whoever's it is. Nothing is stored: the tab's state keeps what was asked."""
    browser_of(work)
    return passkeys.ask(work)


def enter_passkey(work: Work, challenge: str, credential: str) -> Step:
    """The passkey's answer to `challenge`: it counts once, for whoever the passkey belongs to."""
    browser, now = browser_of(work), work.now()
    asked = keyed_hash("passkey", f"{browser}:{challenge}")
    work.hold(f"passkey:{asked}")
    spent = work.db.exec(select(PasscodeChallenge.id).where(PasscodeChallenge.contact_hash == asked)).first()
    staff = passkeys.accept(work, credential, challenge) if challenge and spent is None else None
    if staff is None:
        work.audit("staff-sign-in.failed", why="passkey")
        return Step(wrong=passkeys.REFUSED)
    entered = PasscodeChallenge(
        purpose=Purpose.STAFF,
        browser_hash=browser,
        contact_hash=asked,
        typed_channel=Channel.EMAIL,
        sent_channel=Channel.EMAIL,
        created_at=now,
        expires_at=now,
    )
    return Step(ticket=_ticket(work, entered, staff, "passkey"))


def redeem_ticket(work: Work, ticket: str) -> Staff:
    """Exchange a ticket for the member of staff, once. `Denied` when it is unknown, old, used, or another browser's."""
    table, now = PasscodeChallenge, work.now()
    hashed = keyed_hash("ticket", ticket[:200])
    found = work.db.exec(
        update(table)
        .where(
            col(table.ticket_hash) == hashed,
            col(table.browser_hash) == work.actor.browser,
            col(table.ticket_expires_at) > now,
            col(table.ticket_staff_id).is_not(None),
        )
        .values(ticket_hash=None)
        .returning(col(table.ticket_staff_id))
    ).first()
    staff = work.db.get(Staff, found[0]) if found and work.actor.browser else None
    if staff is None or not staff.active:
        raise Denied(TICKET_OVER)
    work.audit("staff-sign-in.succeeded", staff, factor=factor_of(ticket))
    return staff


def factor_of(ticket: str) -> str:
    """The second factor that a ticket was given for: its first word, hashed with the rest."""
    return ticket.partition(".")[0]


def _under_way(work: Work, challenge_id: UUID) -> tuple[PasscodeChallenge, Staff | None]:
    """Use one try of the second factor; no staff when there is none left, or this log-in is over."""
    table = PasscodeChallenge
    taken = work.db.exec(
        update(table)
        .where(
            col(table.id) == challenge_id,
            col(table.browser_hash) == work.actor.browser,
            col(table.purpose) == Purpose.STAFF,
            col(table.factor_attempts) < rules.TRIES,
            col(table.verified_at) > work.now() - rules.LIFETIME,
            col(table.closed_at).is_(None),
        )
        .values(factor_attempts=table.factor_attempts + 1)
        .execution_options(synchronize_session=False)
    ).rowcount
    challenge = challenge_of(work, challenge_id)
    return challenge, staff_by_email(work, challenge.typed_value or "") if taken else None


def _over(work: Work, challenge: PasscodeChallenge) -> Step:
    spent = challenge.factor_attempts >= rules.TRIES
    challenge.closed_at = challenge.closed_at or work.now()
    challenge.draft = None
    work.add(challenge)
    return Step(wrong=OVER if spent else rules.Refusal.GONE.value, over=True)


def _ticket(
    work: Work, challenge: PasscodeChallenge, staff: Staff, factor: str, lasts: timedelta = rules.TICKET_LIFETIME
) -> str:
    ticket = f"{factor}.{new_token()}"
    challenge.ticket_hash, challenge.ticket_staff_id = keyed_hash("ticket", ticket), staff.id
    challenge.ticket_expires_at = work.now() + lasts
    challenge.closed_at, challenge.draft = work.now(), None
    work.add(challenge)
    return ticket
