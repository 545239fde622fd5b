"""Sends reminders when they are due, a hundred to a transaction.

Safe to run twice, late or in two places: a reminder's key can be taken once.
"""

from portal.clock import Clock, SystemClock
from portal.services import reminding
from portal.work import SYSTEM, open_work

BATCH = 100


def send_due(clock: Clock | None = None) -> int:
    """Decide on the reminders that are due; the outbox delivers them. Returns how many."""
    clock = clock or SystemClock()
    with open_work(SYSTEM, clock=clock, write=False) as work:
        due = reminding.due_now(work)
    sent = 0
    for start in range(0, len(due), BATCH):
        with open_work(SYSTEM, clock=clock) as work:
            sent += reminding.remind(work, due[start : start + BATCH])
    return sent
