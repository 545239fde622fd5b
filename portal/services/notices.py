"""The practice's own feed, as each member of staff has read it."""

from datetime import datetime

from portal.domain.access import Privilege
from portal.errors import Denied
from portal.models import Staff
from portal.queries import notice_feed
from portal.work import Work


def look(work: Work) -> datetime | None:
    """The member of staff who acts looks at the feed now; returns when they last did before. `Denied` for others."""
    work.require(Privilege.NOTICES_VIEW)
    if work.actor.staff_id is None:
        raise Denied
    before = notice_feed.seen_at(work)
    person = work.get(Staff, work.actor.staff_id)
    person.notices_seen_at = work.now()
    work.db.add(person)
    return before
