"""Sessions: opaque tokens in an HttpOnly cookie, resolved to an actor from the database on every event.

Idle limit: the practice's setting (5 to 30 minutes). Absolute limit: 12 hours. Signing in always makes a new session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, update

from portal.clock import Clock, SystemClock
from portal.domain.people import is_adult
from portal.models import Guardian, Patient, PatientStatus, Practice, Session
from portal.models.db import columns
from portal.security.keys import keyed_hash, new_token
from portal.work import NOBODY, Actor, Work, open_work

ABSOLUTE_LIMIT = timedelta(hours=12)
TOUCH_EVERY = timedelta(seconds=20)  # a session's last sign of life is written at most this often
COOKIE = "portal_session"
BROWSER_COOKIE = "portal_browser"


@dataclass(frozen=True, slots=True)
class Caller:
    """What the connection says of itself: hashes made at the edge, never the cookies themselves."""

    session_hash: str = ""
    staff_hash: str = ""
    browser_hash: str = ""
    address: str = ""
    device: str = ""


def session_hash(token: str) -> str:
    """What is stored and compared instead of a session's token."""
    return keyed_hash("session", token)


def open_session(work: Work, patient_id: UUID, contact_id: UUID | None = None, guardian_id: UUID | None = None) -> str:
    """Open a new session for a patient (or the guardian who acts for them) and return its token for the cookie."""
    token = new_token()
    now = work.now()
    if work.actor.session_id:
        end_session(work, work.actor.session_id, "signed in again")
    session = work.add(
        Session(
            token_hash=session_hash(token),
            patient_id=patient_id,
            contact_id=contact_id,
            guardian_id=guardian_id,
            address=work.actor.address,
            user_agent=work.actor.device,
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE_LIMIT,
        )
    )
    work.audit("session.opened", session)
    return token


def end_session(work: Work, session_id: UUID, by: str) -> bool:
    """End one session; False when it had ended before. `by` says why, in words for the log."""
    whose = work.db.exec(
        update(Session)
        .where(col(Session.id) == session_id, col(Session.ended_at).is_(None))
        .values(ended_at=work.now(), ended_by=by)
        .returning(col(Session.patient_id))
    ).first()
    if whose is None:
        return False
    work.audit("session.ended", patient_id=work.actor.patient_id, session=str(session_id), by=by)
    work.changed(whose[0], "session")
    return True


def end_all_sessions(work: Work, patient_id: UUID, by: str, keep: UUID | None = None) -> int:
    """End every open session on a patient's record, but for `keep`; returns how many there were."""
    wanted = [col(Session.patient_id) == patient_id, col(Session.ended_at).is_(None)]
    if keep is not None:
        wanted.append(col(Session.id) != keep)
    ended = work.db.exec(update(Session).where(*wanted).values(ended_at=work.now(), ended_by=by))
    work.audit("session.all_ended", patient_id=patient_id, count=ended.rowcount, by=by)
    work.changed(patient_id, "session")
    return ended.rowcount


def resolve(caller: Caller, *, active: bool = True, clock: Clock | None = None) -> tuple[Actor, int]:
    """The actor behind a connection, and the seconds left until idle sign-out (0 when nobody is signed in).

    `active` marks a sign of life of the person. A session that is over, or whose person may no longer log in, is ended
    and resolves to nobody.
    """
    nobody = Actor(address=caller.address, device=caller.device, browser=caller.browser_hash)
    if not caller.session_hash:
        return nobody, 0
    clock = clock or SystemClock()
    now = clock.now()
    with open_work(NOBODY, clock=clock, write=False) as work:
        found = work.rows(_OPEN, token_hash=caller.session_hash).first()
    if found is None:
        return nobody, 0
    idle = timedelta(minutes=found.idle_minutes)
    over = _why_over(found, now, idle)
    actor = Actor(
        kind="guardian" if found.guardian_id else "patient",
        patient_id=found.patient_id,
        guardian_id=found.guardian_id,
        session_id=found.id,
        contact_id=found.contact_id,
        label=found.guardian_name or f"{found.first_name} {found.last_name}",
        address=caller.address,
        device=caller.device,
        browser=caller.browser_hash,
    )
    if over:
        with open_work(actor, clock=clock) as work:
            end_session(work, found.id, over)
        return nobody, 0
    if active and now - found.seen_at > TOUCH_EVERY:
        with open_work(actor, clock=clock) as work:
            work.db.exec(update(Session).where(col(Session.id) == found.id).values(seen_at=now))
        return actor, int(idle.total_seconds())
    left = idle if active else idle - (now - found.seen_at)
    return actor, int(left.total_seconds())


_OPEN = (
    columns(
        Session.id,
        Session.patient_id,
        Session.contact_id,
        Session.guardian_id,
        Session.seen_at,
        Session.expires_at,
        Patient.status,
        Patient.deceased_at,
        Patient.first_name,
        Patient.last_name,
        Patient.date_of_birth,
        col(Guardian.name).label("guardian_name"),
        Practice.idle_minutes,
        Practice.time_zone,
    )
    .join(Patient, col(Session.patient_id) == Patient.id)
    .join(Practice, col(Patient.practice_id) == Practice.id)
    .outerjoin(Guardian, col(Session.guardian_id) == Guardian.id)
    .where(Session.token_hash == bindparam("token_hash"), col(Session.ended_at).is_(None))
)


def _why_over(found, now: datetime, idle: timedelta) -> str | None:  # a row of `_OPEN`
    adult = is_adult(found.date_of_birth, now.astimezone(ZoneInfo(found.time_zone)).date())
    if now >= found.expires_at:
        return "12 hours"
    if now - found.seen_at > idle:
        return "idle"
    if found.status is not PatientStatus.ACTIVE or found.deceased_at is not None:
        return "inactive"
    if adult == bool(found.guardian_id):  # a guardian acts for a minor, an adult for themself
        return "guardian"
    return None
