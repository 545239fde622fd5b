"""Makes the search find those who were clients before its words were kept, and whoever else has none.

Some hundred at a time, each lot in a transaction of its own: nobody waits for it, and it may stop and go on anywhere.
"""

from portal.clock import Clock, SystemClock
from portal.services import search
from portal.work import SYSTEM, open_work


def index_missing(clock: Clock | None = None) -> int:
    """Index the next lot; returns how many, and is run again while there are some."""
    with open_work(SYSTEM, clock=clock or SystemClock()) as work:
        return search.index_missing(work)
