"""Looks after paperwork: reminds of what is open before a visit, asks anew for what runs out before one, tells of what
expires soon.

Safe to run twice, late or in two places: each is told under a key that can be taken once, and a form that waits is not
asked for again.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from portal.clock import Clock, SystemClock
from portal.services import forms_ahead
from portal.work import SYSTEM, Work, open_work

log = logging.getLogger("portal.jobs")
T = TypeVar("T")

BATCH = 100


def care(clock: Clock | None = None) -> int:
    """Do what is due; returns how much."""
    clock = clock or SystemClock()
    return renew(clock) + send_due(clock) + tell_expiring(clock)


def send_due(clock: Clock) -> int:
    """Remind of open forms; the outbox delivers. Returns how many visits."""
    with open_work(SYSTEM, clock=clock, write=False) as work:
        due = forms_ahead.due_now(work)
    sent = 0
    for start in range(0, len(due), BATCH):
        with open_work(SYSTEM, clock=clock) as work:
            sent += forms_ahead.remind(work, due[start : start + BATCH])
    return sent


def renew(clock: Clock) -> int:
    """Ask anew for forms that run out before a visit that needs them, each in a transaction of its own."""
    with open_work(SYSTEM, clock=clock, write=False) as work:
        wanted = forms_ahead.expired_before(work)
    return _each(clock, wanted, lambda work, pair: forms_ahead.renew(work, *pair) is not None)


def tell_expiring(clock: Clock) -> int:
    """Tell of documents that expire soon."""
    with open_work(SYSTEM, clock=clock, write=False) as work:
        wanted = forms_ahead.to_tell_of(work)
    return _each(clock, wanted, forms_ahead.tell_expiring)


def _each(clock: Clock, wanted: Iterable[T], act: Callable[[Work, T], bool]) -> int:
    """Each in a transaction of its own. One that fails stops no other; its error is raised when nothing was done."""
    done, failure = 0, None
    for one in wanted:
        try:
            with open_work(SYSTEM, clock=clock) as work:
                done += act(work, one)
        except Exception as error:
            log.exception("paperwork could not be looked after")
            failure = error
    if failure and not done:
        raise failure
    return done
