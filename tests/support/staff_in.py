"""A member of staff with an authenticator and an open session, without the log-in where that is not the subject."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyotp.totp import TOTP
from sqlmodel import select

from portal.domain.access import Role, privileges
from portal.models import Session, Staff
from portal.security.sessions import session_hash
from portal.security.staff_sessions import open_session
from portal.services.second_factor import new_secret
from portal.work import SYSTEM, Actor, Work

OpenAs = Callable[..., AbstractContextManager[Work]]


@dataclass
class SignedIn:
    """Their rows' ids, the cookie, the authenticator's secret, and the actor as the guard would resolve it."""

    id: UUID
    token: str
    secret: str
    actor: Actor

    def code(self, at: datetime) -> str:
        """What the authenticator shows at this moment."""
        return TOTP(self.secret).at(at)


def signed_in(open_as: OpenAs, email: str = "naomi.reyes@lumiere.example", *, kind: str = "staff") -> SignedIn:
    """Sign in whoever has this work email; a new provider when it is nobody's yet."""
    with open_as(SYSTEM) as work:
        staff = work.db.exec(select(Staff).where(Staff.email == email)).first()
        if staff is None:
            first, last = email.split("@")[0].title().split(".")
            staff = work.add(
                Staff(practice_id=work.practice().id, first_name=first, last_name=last, email=email, role=Role.PROVIDER)
            )
        if staff.totp_secret is None:
            staff.totp_secret, staff.totp_enrolled_at = new_secret(), work.now()
            work.add(staff)
        token = open_session(work, staff, "totp")
        session = work.db.exec(select(Session).where(Session.token_hash == session_hash(token))).one()
        actor = Actor(
            kind=kind,
            staff_id=staff.id,
            role=staff.role.value,
            session_id=session.id,
            label=staff.display_name,
            address="192.0.2.9",
            browser="c" * 64,
            privileges=privileges(staff.role, staff.given, staff.taken) if kind == "staff" else frozenset(),
            proved_at=session.proved_at,
        )
        return SignedIn(staff.id, token, staff.totp_secret or "", actor)
