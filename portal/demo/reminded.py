"""The reminders that patients of the demo practice have had by the end of the day it is told on."""

from dataclasses import replace

from sqlmodel import col, select

from portal.clock import FixedClock
from portal.demo.story import Story
from portal.domain import reminders
from portal.domain.reminders import Hours
from portal.domain.scheduling import OPEN
from portal.models import Appointment
from portal.services import reminding
from portal.services.household import practice_of
from portal.services.visit_words import told


def today(story: Story) -> None:
    """Each visit ahead has had its latest reminder of the day, whatever the hour: the story is the same all day."""
    practice = practice_of(story.work)
    ahead = select(Appointment).where(Appointment.starts_at > story.now, col(Appointment.status).in_(OPEN))
    for visit in story.work.db.exec(ahead.order_by(col(Appointment.starts_at))).all():
        zone = told(story.work, visit, practice).zone
        sending = Hours.of(practice.sending_from, practice.sending_until, zone.key)
        due = [
            one
            for one in reminders.plan(visit.starts_at, practice.reminder_hours, sending)
            if one.due_at.astimezone(zone).date() <= story.today
            and (not visit.booked_at or one.due_at > visit.booked_at)
        ]
        if due:
            then = replace(story.work, clock=FixedClock(min(story.now, due[-1].due_at)))
            reminding.remind(then, [reminding.Due(visit.id, visit.starts_at, due[-1], sending)])
