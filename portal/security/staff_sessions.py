"""Sessions of staff: a cookie and a door of their own, resolved from the database on every event.

Idle for half an hour, the screen is locked: the session goes on after a second factor (`services/staff_proving`).
Absolute limit: 12 hours. A role, a privilege or an account that changes counts from the next event on.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col, update

from portal.clock import Clock, SystemClock
from portal.domain.access import privileges
from portal.models import Session, Staff
from portal.models.db import columns
from portal.security.keys import new_token
from portal.security.sessions import ABSOLUTE_LIMIT, TOUCH_EVERY, Caller, end_session, session_hash
from portal.work import NOBODY, Actor, Work, open_work

COOKIE = "portal_staff"
LOCK_AFTER = timedelta(minutes=30)


def open_session(work: Work, staff: Staff, factor: str) -> str:
    """Open a new session for a member of staff who proved two factors; returns its token for the cookie.

    `factor` is the second one: totp, passkey or recovery.
    """
    token, now = new_token(), work.now()
    if work.actor.staff_id is not None and work.actor.session_id:
        end_session(work, work.actor.session_id, "signed in again")
    session = work.add(
        Session(
            token_hash=session_hash(token),
            staff_id=staff.id,
            address=work.actor.address,
            user_agent=work.actor.device,
            created_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE_LIMIT,
            factor=factor,
            proved_at=now,
        )
    )
    work.audit("staff-session.opened", session, factor=factor)
    return token


def lock_session(work: Work, session_id: UUID) -> None:
    """Lock the screen: the session does nothing until a second factor, in any of its tabs."""
    locked = work.db.exec(
        update(Session)
        .where(col(Session.id) == session_id, col(Session.locked_at).is_(None), col(Session.ended_at).is_(None))
        .values(locked_at=work.now())
    ).rowcount
    if locked:
        work.audit("staff-session.locked", session=str(session_id))
        work.changed(None, "session")


def end_sessions_of(work: Work, staff_id: UUID, by: str, keep: UUID | None = None) -> int:
    """End every open session of a member of staff, but for `keep`; returns how many there were."""
    wanted = [col(Session.staff_id) == staff_id, col(Session.ended_at).is_(None)]
    if keep is not None:
        wanted.append(col(Session.id) != keep)
    ended = work.db.exec(update(Session).where(*wanted).values(ended_at=work.now(), ended_by=by)).rowcount
    work.audit("staff-session.all_ended", staff=str(staff_id), count=ended, by=by)
    work.changed(None, "session")
    return ended


def resolve(caller: Caller, *, active: bool = True, clock: Clock | None = None) -> tuple[Actor, int]:
    """The member of staff behind a connection, and the seconds left until the screen is locked (0 when it is, and for
    nobody). A locked screen resolves to the kind "locked", who may do nothing but unlock it or log out."""
    nobody = Actor(address=caller.address, device=caller.device, browser=caller.browser_hash)
    if not caller.staff_hash:
        return nobody, 0
    clock = clock or SystemClock()
    now = clock.now()
    with open_work(NOBODY, clock=clock, write=False) as work:
        found = work.rows(_OPEN, token_hash=caller.staff_hash).first()
    if found is None:
        return nobody, 0
    quiet = now - found.seen_at
    locked = found.locked_at is not None or quiet > LOCK_AFTER
    actor = Actor(
        kind="locked" if locked else "staff",
        staff_id=found.staff_id,
        role=found.role,
        session_id=found.id,
        label=f"{found.first_name} {found.last_name}",
        address=caller.address,
        device=caller.device,
        browser=caller.browser_hash,
        privileges=frozenset() if locked else privileges(found.role, found.given, found.taken),
        proved_at=found.proved_at,
    )
    if now >= found.expires_at or not found.active:
        with open_work(actor, clock=clock) as work:
            end_session(work, found.id, "12 hours" if found.active else "inactive")
        return nobody, 0
    if locked:
        if found.locked_at is None:
            with open_work(actor, clock=clock) as work:
                lock_session(work, found.id)
        return actor, 0
    if active and quiet > TOUCH_EVERY:
        with open_work(actor, clock=clock) as work:
            work.db.exec(update(Session).where(col(Session.id) == found.id).values(seen_at=now))
        return actor, int(LOCK_AFTER.total_seconds())
    left = LOCK_AFTER if active else LOCK_AFTER - quiet
    return actor, int(left.total_seconds())


_OPEN = (
    columns(
        Session.id,
        Session.staff_id,
        Session.seen_at,
        Session.expires_at,
        Session.locked_at,
        Session.proved_at,
        Staff.role,
        Staff.given,
        Staff.taken,
        Staff.active,
        Staff.first_name,
        Staff.last_name,
    )
    .join(Staff, col(Session.staff_id) == Staff.id)
    .where(Session.token_hash == bindparam("token_hash"), col(Session.ended_at).is_(None))
)
