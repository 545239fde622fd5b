"""What is offered for a visit, as the sheet asks for it."""

from datetime import date, datetime
from uuid import UUID

from portal.queries import slots
from portal.work import Work


def free_days(work: Work, visit_id: UUID, first: date, last: date) -> dict[date, list[datetime]]:
    """The free starts by day, for the signed-in patient's own visit; none for a visit of an older system."""
    sought = slots.sought_of(work, visit_id, work.patient_id)
    return slots.free_starts(work, sought, first, last) if sought else {}


def free_times(work: Work, visit_id: UUID, day: date) -> list[datetime]:
    """The free starts of one day."""
    return free_days(work, visit_id, day, day).get(day, [])
