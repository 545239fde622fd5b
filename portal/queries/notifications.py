"""The Notifications page: the patient's feed by day, newest first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates, routes
from portal.domain.notifications import Kind
from portal.models import Notification
from portal.models.db import columns
from portal.queries.badges import Badges, badges
from portal.queries.reader import Reader, reader
from portal.work import Work

PAGE = 30
MOST = 600  # as many as one tab may hold
CONFIRM = "Confirm"
_TO_FILL = (routes.TASK_MANAGEMENT, routes.questionnaire(""))
TO_CONFIRM = f"{Kind.REMINDER}.confirm"  # a reminder that asks for something


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One line of the feed. `verb` is the word on its button, empty where it opens nothing."""

    id: str
    kind: str
    title: str
    body: str
    when: str
    href: str
    verb: str
    unread: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """The feed by day; `more` says that there are earlier lines than those shown."""

    today: list[NotificationRow]
    yesterday: list[NotificationRow]
    earlier: list[NotificationRow]
    more: bool
    badges: Badges


def feed(work: Work, most: int = PAGE) -> Feed:
    """The latest `most` lines of the signed-in patient; three statements."""
    who, now = reader(work), work.now()
    most = max(PAGE, min(most, MOST))
    found = work.rows(_FEED, patient=work.patient_id, most=most + 1).all()
    today = dates.local_day(now, who.zone)
    groups: dict[str, list[NotificationRow]] = {"today": [], "yesterday": [], "earlier": []}
    for line in found[:most]:
        day = dates.local_day(line.created_at, who.zone)
        name = "today" if day >= today else "yesterday" if day == today - timedelta(days=1) else "earlier"
        groups[name].append(_row(line, name, who, now))
    return Feed(**groups, more=len(found) > most and most < MOST, badges=badges(work))


def _row(line: Any, group: str, who: Reader, now: datetime) -> NotificationRow:
    verb = _verb(line) if line.href else ""
    return NotificationRow(
        id=str(line.id),
        kind=TO_CONFIRM if verb == CONFIRM else line.kind,
        title=line.title,
        body=line.body,
        when=_when(line.created_at, group, who, now),
        href=line.href,
        verb=verb,
        unread=line.read_at is None,
    )


def _when(at: datetime, group: str, who: Reader, now: datetime) -> str:
    """The time of day for today and yesterday, else the day, with its year once that is another."""
    zone: ZoneInfo = who.zone
    if group != "earlier":
        return dates.clock_time(at, zone, who.locale)
    day = dates.local_day(at, zone)
    if day.year == dates.local_day(now, zone).year:
        return dates.month_and_day(day, who.locale)
    return dates.full_date(day, who.locale)


def _verb(line: Any) -> str:
    if line.kind == Kind.REMINDER and line.title.startswith(CONFIRM):
        return CONFIRM
    if line.kind in {Kind.FORM_ASSIGNED, Kind.FORM_RESET} and line.href.startswith(_TO_FILL):
        return "Fill"
    return "View"


_FEED = (
    columns(
        Notification.id,
        Notification.kind,
        Notification.title,
        Notification.body,
        Notification.href,
        Notification.created_at,
        Notification.read_at,
    )
    .where(Notification.patient_id == bindparam("patient"))
    .order_by(col(Notification.created_at).desc(), col(Notification.id).desc())
    .limit(bindparam("most"))
)
