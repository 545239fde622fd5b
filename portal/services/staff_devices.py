"""The devices a member of staff is signed in on: sign out one, or all the others."""

from uuid import UUID

from sqlmodel import col, select

from portal.domain.access import Privilege
from portal.errors import NotFound
from portal.models import Session
from portal.security.sessions import end_session
from portal.security.staff_sessions import end_sessions_of
from portal.work import Work


def sign_out(work: Work, session_id: UUID) -> None:
    """End one of one's own sessions. `NotFound` for anybody else's."""
    work.require(Privilege.OWN_ACCOUNT)
    mine = select(Session.id).where(
        Session.id == session_id, col(Session.staff_id) == work.actor.staff_id, col(Session.ended_at).is_(None)
    )
    if work.db.exec(mine).first() is None:
        raise NotFound
    end_session(work, session_id, "another device")


def sign_out_others(work: Work) -> int:
    """End every session of one's own but this one; returns how many there were."""
    work.require(Privilege.OWN_ACCOUNT)
    if work.actor.staff_id is None:
        raise NotFound
    return end_sessions_of(work, work.actor.staff_id, "all other devices", keep=work.actor.session_id)
