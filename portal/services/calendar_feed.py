"""The private address from which a calendar program reads a person's visits: made, shown once, revoked."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import col, select, update

from portal import dates
from portal.models import CalendarFeed
from portal.security.keys import keyed_hash, new_token
from portal.work import Work


@dataclass(frozen=True, slots=True)
class FeedState:
    """Whether the signed-in person has a calendar address, and since which day ("November 22, 2026")."""

    active: bool
    since: str = ""


def state(work: Work) -> FeedState:
    """The signed-in person's calendar address, without the address itself: only its hash is kept."""
    created_at = work.db.exec(select(CalendarFeed.created_at).where(*_mine(work))).first()
    if created_at is None:
        return FeedState(active=False)
    practice = work.practice()
    day = dates.local_day(created_at, ZoneInfo(practice.time_zone))
    return FeedState(active=True, since=dates.full_date(day, practice.locale))


def create(work: Work) -> str:
    """A new address's token, to be shown now and never again; an older one stops working."""
    work.hold(f"calendar-feed:{work.patient_id}")
    _end(work)
    token = new_token()
    feed = work.add(
        CalendarFeed(
            patient_id=work.patient_id,
            guardian_id=work.actor.guardian_id,
            token_hash=keyed_hash("calendar", token),
            created_at=work.now(),
        )
    )
    work.audit("calendar.opened", feed)
    return token


def revoke(work: Work) -> None:
    """The address stops working at once. Nothing happens where there is none."""
    if _end(work):
        work.audit("calendar.revoked", patient_id=work.patient_id)


def _mine(work: Work) -> tuple:
    guardian = work.actor.guardian_id
    return (
        CalendarFeed.patient_id == work.patient_id,
        col(CalendarFeed.guardian_id) == guardian if guardian else col(CalendarFeed.guardian_id).is_(None),
        col(CalendarFeed.revoked_at).is_(None),
    )


def _end(work: Work) -> int:
    return work.db.exec(update(CalendarFeed).where(*_mine(work)).values(revoked_at=work.now())).rowcount
