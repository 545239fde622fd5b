"""A member of staff who is signed in proves anew that it is them: to unlock their screen, or before a sensitive act.

By the authenticator's code or a passkey. A recovery code is for signing in alone. Five wrong ones in a row end the
session; each is a row of the audit log, and the try is taken by one guarded statement, so that parallel guesses are
counted too. Wrong ones are outcomes, not errors: their transaction commits.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, update

from portal.domain.passcodes import TRIES
from portal.errors import Denied
from portal.models import Session, Staff
from portal.security.sessions import end_session
from portal.services import passkeys, second_factor
from portal.services.staff_entering import WRONG
from portal.work import Work

OVER = "That was not right five times. You were logged out."


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of it: nothing `wrong`, or the words for it; `over`: the session was ended."""

    wrong: str = ""
    over: bool = False


def prove_code(work: Work, typed: str) -> Proof:
    """The authenticator's code. `Invalid` for what is no code: that costs no try."""
    session_id, staff = _try(work)
    if staff is None:
        return Proof(OVER, over=True)
    if not second_factor.accept_totp(work, staff, typed):
        return _wrong(work, session_id, staff, "authenticator", WRONG)
    return _proved(work, session_id, "totp")


def ask_passkey(work: Work) -> str:
    """Ask for one of the person's passkeys; returns what the browser is asked."""
    session_id, staff = _who(work)
    asked = passkeys.ask(work, staff.id)
    remember(work, session_id, asked.challenge)
    return asked.options


def prove_passkey(work: Work, credential: str) -> Proof:
    """The passkey's answer to what was asked last."""
    session_id, staff = _try(work)
    if staff is None:
        return Proof(OVER, over=True)
    challenge = asked_last(work, session_id)
    if not challenge or passkeys.accept(work, credential, challenge, staff.id) is None:
        return _wrong(work, session_id, staff, "passkey", passkeys.REFUSED)
    return _proved(work, session_id, "passkey")


def asked_last(work: Work, session_id: UUID) -> str:
    """What was asked of a passkey in this session, once: it counts for one answer."""
    session = work.get(Session, session_id)
    work.db.refresh(session, with_for_update={"key_share": True})
    challenge = session.passkey_challenge
    remember(work, session_id, None)
    return challenge or ""


def remember(work: Work, session_id: UUID, challenge: str | None) -> None:
    """What is asked of a passkey in this session; None when it was answered."""
    session = work.get(Session, session_id)
    session.passkey_challenge = challenge
    work.add(session)


def _who(work: Work) -> tuple[UUID, Staff]:
    """The session and its person, locked or not. `Denied` for anybody else."""
    actor = work.actor
    if actor.kind not in {"staff", "locked"} or actor.session_id is None:
        raise Denied
    return actor.session_id, work.get(Staff, actor.staff_id)


def _try(work: Work) -> tuple[UUID, Staff | None]:
    session_id, staff = _who(work)
    taken = work.db.exec(
        update(Session)
        .where(col(Session.id) == session_id, col(Session.ended_at).is_(None), col(Session.factor_attempts) < TRIES)
        .values(factor_attempts=Session.factor_attempts + 1)
        .execution_options(synchronize_session=False)
    ).rowcount
    if not taken:
        end_session(work, session_id, "wrong second factors")
    return session_id, staff if taken else None


def _wrong(work: Work, session_id: UUID, staff: Staff, why: str, words: str) -> Proof:
    work.audit("staff-proof.failed", staff, why=why)
    session = work.get(Session, session_id)
    work.db.refresh(session)
    if session.factor_attempts < TRIES:
        return Proof(words)
    end_session(work, session_id, "wrong second factors")
    return Proof(OVER, over=True)


def _proved(work: Work, session_id: UUID, factor: str) -> Proof:
    now = work.now()
    unlocked = work.actor.kind == "locked"
    work.db.exec(
        update(Session)
        .where(col(Session.id) == session_id)
        .values(proved_at=now, seen_at=now, locked_at=None, factor_attempts=0)
        .execution_options(synchronize_session=False)
    )
    work.audit("staff-session.unlocked" if unlocked else "staff-session.proved", session=str(session_id), factor=factor)
    return Proof()
