"""How a member of staff likes to see a list: which columns, in which order. Kept with the person, on every device."""

from collections.abc import Mapping
from typing import Any

from portal.domain.access import Privilege
from portal.errors import NotFound
from portal.models import Staff
from portal.work import Work


def kept(work: Work, view: str) -> dict[str, Any]:
    """What was kept for this view; empty at first, and for whoever is no member of staff."""
    staff = work.db.get(Staff, work.actor.staff_id) if work.actor.staff_id else None
    found = staff.preferences.get(view) if staff else None
    return dict(found) if isinstance(found, dict) else {}


def keep(work: Work, view: str, **values: Any) -> None:
    """Keep these for this view, beside what else is kept of it."""
    work.require(Privilege.OWN_ACCOUNT)
    staff = work.db.get(Staff, work.actor.staff_id) if work.actor.staff_id else None
    if staff is None:
        raise NotFound
    before: Mapping[str, Any] = staff.preferences.get(view) or {}
    staff.preferences = {**staff.preferences, view: {**before, **values}}
    work.db.add(staff)
