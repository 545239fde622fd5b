"""What the practice tells all its patients: reminders for every visit, promotions on the Dashboard."""

from datetime import datetime
from uuid import UUID

from sqlmodel import select

from portal.domain import announcements
from portal.errors import NotFound
from portal.models import Banner, Practice
from portal.work import Work


def set_important_reminders(work: Work, text: str) -> None:
    """What is said with every visit. `Invalid` for more than 50 words."""
    practice = _practice(work)
    practice.important_reminders = announcements.important_reminders(text)
    work.add(practice)
    work.audit("practice.reminders_set", practice)


def put_up_banner(
    work: Work, text: str, starts_at: datetime, ends_at: datetime, *, href: str = "", label: str = ""
) -> UUID:
    """Promote something on every Dashboard between two instants. `Invalid` for what cannot be shown."""
    text, href, label = announcements.banner(text, href, label, starts_at, ends_at)
    banner = work.add(
        Banner(
            practice_id=_practice(work).id,
            text=text,
            href=href,
            link_label=label,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    )
    work.audit("banner.put_up", banner)
    return banner.id


def switch_banner(work: Work, banner_id: UUID, *, on: bool) -> None:
    """Show a banner within its time, or not."""
    banner = work.get(Banner, banner_id)
    banner.active = on
    work.add(banner)
    work.audit("banner.switched", banner, on=on)


def _practice(work: Work) -> Practice:
    practice = work.db.exec(select(Practice).limit(1)).first()
    if practice is None:
        raise NotFound("There is no practice here yet.")
    return practice
