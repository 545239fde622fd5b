"""Sends reminders when they are due, a hundred to a transaction.

Safe to run twice, late or in two places: a reminder's key can be taken once. A visit that cannot be reminded of holds
up no other.
"""

import logging
from collections.abc import Sequence

from portal.clock import Clock, SystemClock
from portal.services import reminding
from portal.services.reminding import Due
from portal.work import SYSTEM, open_work

log = logging.getLogger("portal.jobs")

BATCH = 100


def send_due(clock: Clock | None = None) -> int:
    """Decide on the reminders that are due; the outbox delivers them. Returns how many."""
    clock = clock or SystemClock()
    with open_work(SYSTEM, clock=clock, write=False) as work:
        due = reminding.due_now(work)
    sent, failure = 0, None
    for start in range(0, len(due), BATCH):
        batch = due[start : start + BATCH]
        try:
            sent += _remind(batch, clock)
        except Exception:
            log.exception("%s reminders could not be made together; each is tried alone", len(batch))
            for one in batch:
                try:
                    sent += _remind([one], clock)
                except Exception as error:
                    log.exception("a visit could not be reminded of")
                    failure = error
    if failure and not sent:
        raise failure
    return sent


def _remind(batch: Sequence[Due], clock: Clock) -> int:
    with open_work(SYSTEM, clock=clock) as work:
        return reminding.remind(work, batch)
