"""The reminders that patients of the demo practice have had by the end of the day it is told on.

Each visit ahead has had its latest reminder of the day, and the one of its open forms, whatever the hour: the story is
the same all day.
"""

from dataclasses import replace
from datetime import datetime

from sqlmodel import col, func, select

from portal.clock import FixedClock
from portal.demo.story import Story
from portal.domain import reminders
from portal.domain.paperwork import FormStatus
from portal.domain.reminders import Hours, Reminder
from portal.domain.scheduling import OPEN
from portal.models import Appointment, AssignedForm
from portal.services import forms_ahead, reminding
from portal.services.visit_words import told
from portal.work import Work


def today(story: Story) -> None:
    """Send them, each at its own moment."""
    practice = story.work.practice()
    ahead = select(Appointment).where(Appointment.starts_at > story.now, col(Appointment.status).in_(OPEN))
    for visit in story.work.db.exec(ahead.order_by(col(Appointment.starts_at))).all():
        sending = Hours.of(practice.sending_from, practice.sending_until, told(story.work, visit, practice).zone.key)
        latest = _latest(story, visit, practice.reminder_hours, sending, visit.booked_at)
        if latest is not None:
            reminding.remind(_then(story, latest), [reminding.Due(visit.id, visit.starts_at, latest, sending)])
        of_forms = _latest(story, visit, [forms_ahead.BEFORE], sending, _asked(story, visit))
        if of_forms is not None:
            forms_ahead.remind(_then(story, of_forms), [forms_ahead.Due(visit.id, visit.starts_at, sending)])


def _latest(
    story: Story, visit: Appointment, hours: list[int], sending: Hours, agreed_at: datetime | None
) -> Reminder | None:
    """The last reminder of the visit that is due by the end of the day; none that was due before it was agreed on."""
    planned = reminders.plan(visit.starts_at, hours, sending)
    due = [one for one in planned if one.due_at.astimezone(sending.zone).date() <= story.today]
    return due[-1] if due and (agreed_at is None or due[-1].due_at > agreed_at) else None


def _asked(story: Story, visit: Appointment) -> datetime | None:
    """When the patient was last asked for a form of the visit that is still open."""
    query = select(func.max(AssignedForm.assigned_at)).where(
        AssignedForm.appointment_id == visit.id, AssignedForm.status == FormStatus.OPEN
    )
    return story.work.db.exec(query).one()


def _then(story: Story, reminder: Reminder) -> Work:
    return replace(story.work, clock=FixedClock(min(story.now, reminder.due_at)))
