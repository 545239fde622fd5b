"""Keeps the records of clients in order: words to be found by for those who have none, and stragglers of a merge."""

from portal.clock import Clock, SystemClock
from portal.services import merging, search
from portal.work import SYSTEM, open_work


def index_missing(clock: Clock | None = None) -> int:
    """Make the search find those who were clients before its words were kept, some hundred at a time.

    Each lot is a transaction of its own: nobody waits for it, and it may stop and go on anywhere. Returns how many; it
    is run again while there are some.
    """
    with open_work(SYSTEM, clock=clock or SystemClock()) as work:
        return search.index_missing(work)


def gather_merged(clock: Clock | None = None) -> int:
    """What was written for a record in the moment in which it was merged follows it; how many rows."""
    with open_work(SYSTEM, clock=clock or SystemClock()) as work:
        return merging.gather(work)
