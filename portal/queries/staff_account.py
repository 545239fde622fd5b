"""A member of staff's own account: where they are signed in, and what they prove themselves with."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from portal import dates
from portal.domain.access import Privilege
from portal.domain.devices import device_name, is_handheld
from portal.errors import NotFound
from portal.models import Passkey, Practice, RecoveryCode, Session, Staff
from portal.models.db import columns
from portal.work import Work

FACTORS = {"totp": "authenticator", "passkey": "passkey", "recovery": "recovery code"}


@dataclass(frozen=True, slots=True)
class StaffDevice:
    """An open session: on what, from where (network address), since when and with what."""

    id: str
    name: str
    handheld: bool
    here: bool
    locked: bool
    detail: str


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey by the name its owner gave it."""

    id: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """Everything on the page, ready to print."""

    email: str
    authenticator: str
    codes_left: int
    devices: list[StaffDevice]
    passkeys: list[PasskeyRow]


def staff_account(work: Work) -> StaffAccount:
    """The signed-in member of staff's account; three statements. `NotFound` for anybody else."""
    work.require(Privilege.OWN_ACCOUNT)
    now, own = work.now(), {"staff": work.actor.staff_id}
    person = work.rows(_PERSON, **own).first()
    if person is None:
        raise NotFound
    zone, locale = ZoneInfo(person.time_zone), person.locale

    def when(at: datetime | None) -> str:
        return dates.moment(at, now, zone, locale).replace("Today", "today") if at else ""

    devices = [
        StaffDevice(
            id=str(row.id),
            name=device_name(row.user_agent),
            handheld=is_handheld(row.user_agent),
            here=row.id == work.actor.session_id,
            locked=row.locked_at is not None,
            detail=". ".join(
                part
                for part in (
                    f"From {row.address}" if row.address else "",
                    f"Signed in {when(row.created_at)} with {FACTORS.get(row.factor, 'authenticator')}",
                    f"Last used {when(row.seen_at)}",
                )
                if part
            ),
        )
        for row in work.rows(_DEVICES, **own, now=now)
    ]
    keys = [
        PasskeyRow(
            str(row.id),
            row.name,
            f"Added {when(row.created_at)}. " + (f"Last used {when(row.used_at)}" if row.used_at else "Not used yet"),
        )
        for row in work.rows(_PASSKEYS, **own)
    ]
    return StaffAccount(
        email=person.email,
        authenticator=f"Set up {when(person.totp_enrolled_at)}" if person.totp_enrolled_at else "Not set up",
        codes_left=person.codes_left,
        devices=sorted(devices, key=lambda device: not device.here),
        passkeys=keys,
    )


_CODES_LEFT = (
    select(func.count())
    .select_from(RecoveryCode)
    .where(col(RecoveryCode.staff_id) == Staff.id, col(RecoveryCode.used_at).is_(None))
    .correlate(Staff)
    .scalar_subquery()
)
_PERSON = (
    columns(Staff.email, Staff.totp_enrolled_at, Practice.time_zone, Practice.locale, _CODES_LEFT.label("codes_left"))
    .join(Practice, col(Staff.practice_id) == Practice.id)
    .where(Staff.id == bindparam("staff"))
)
_DEVICES = (
    columns(
        Session.id,
        Session.user_agent,
        Session.address,
        Session.created_at,
        Session.seen_at,
        Session.locked_at,
        Session.factor,
    )
    .where(
        col(Session.staff_id) == bindparam("staff"),
        col(Session.ended_at).is_(None),
        col(Session.expires_at) > bindparam("now"),
    )
    .order_by(col(Session.seen_at).desc())
    .limit(30)
)
_PASSKEYS = (
    columns(Passkey.id, Passkey.name, Passkey.created_at, Passkey.used_at)
    .where(col(Passkey.staff_id) == bindparam("staff"), col(Passkey.removed_at).is_(None))
    .order_by(col(Passkey.id))
)
