"""Ends cancellations that can no longer be taken back."""

import logging
from uuid import UUID

from sqlmodel import col, select

from portal.clock import Clock, SystemClock
from portal.domain.scheduling import UNDO, AppointmentStatus
from portal.models import Appointment
from portal.services import appointments
from portal.work import SYSTEM, open_work

log = logging.getLogger("portal.jobs")

BATCH = 100


def settle(clock: Clock | None = None) -> int:
    """Settle the cancelled visits whose time for undo is over, each in a transaction of its own; returns how many.

    One that fails does not stop the others; its error is raised when all had their turn.
    """
    clock = clock or SystemClock()
    done, failure = 0, None
    for visit_id in _waiting(clock):
        try:
            with open_work(SYSTEM, clock=clock) as work:
                done += appointments.settle(work, visit_id)
        except Exception as error:
            log.exception("a cancelled visit could not be settled")
            failure = error
    if failure and not done:
        raise failure
    return done


def _waiting(clock: Clock) -> list[UUID]:
    with open_work(SYSTEM, clock=clock, write=False) as work:
        query = (
            select(Appointment.id)
            .where(
                col(Appointment.settled_at).is_(None),
                col(Appointment.cancelled_at) < work.now() - UNDO,
                Appointment.status == AppointmentStatus.CANCELLED,
            )
            .order_by(col(Appointment.cancelled_at))
            .limit(BATCH)
        )
        return list(work.db.exec(query).all())
