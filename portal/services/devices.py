"""The devices a person is signed in on: sign out one, or all of them."""

from uuid import UUID

from sqlmodel import col, select

from portal.errors import NotFound
from portal.models import Session
from portal.security.sessions import end_all_sessions, end_session
from portal.work import Work


def sign_out(work: Work, session_id: UUID) -> None:
    """End one of the person's own sessions. `NotFound` for anybody else's."""
    mine = work.actor.guardian_id
    found = work.db.exec(
        select(Session.id).where(
            Session.id == session_id,
            Session.patient_id == work.patient_id,
            col(Session.guardian_id) == mine if mine else col(Session.guardian_id).is_(None),
        )
    ).first()
    if found is None:
        raise NotFound
    end_session(work, found, "another device")


def sign_out_everywhere(work: Work) -> int:
    """**Log out of all devices**, this one too; returns how many there were."""
    return end_all_sessions(work, work.patient_id, "all devices")
