"""The job runner: a thread for each job in each worker; a lease lets only one worker run a given job at a time.

Every job is safe to run twice, late or in two places; the lease spares the work, it does not carry the correctness.
A job that waits for a slow vendor holds up no other.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import jobs
from portal.clock import Clock, SystemClock
from portal.jobs import audit_chain, clients, forms, lease, outbox, reminders, sweeps, visits, watch
from portal.metrics import JOB_FAILURES, JOB_SECONDS
from portal.models import JobRun
from portal.security import intake
from portal.services import documents
from portal.work import SYSTEM, open_work

log = logging.getLogger("portal.jobs")

TURN_SECONDS = 1.0
LEASE_SECONDS = 30.0
ASK_SECONDS = 2.0  # between two asks for a lease that another runner has
NOTE_SECONDS = 60.0  # a job that runs well is noted so often


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs by itself `every` so many seconds. It returns how much it did; after some, it runs again."""

    name: str
    every: float
    run: Callable[[], int]
    leased: bool = True  # False: each process has its own (what it gathered in memory)


JOBS: tuple[Job, ...] = (
    Job("intake", 1, lambda: intake.flush(everything=False), leased=False),
    Job("codes", 1, outbox.deliver_awaited),
    Job("outbox", 1, outbox.deliver_others),
    Job("reminders", 20, reminders.send_due),
    Job("forms", 60, forms.care),
    Job("documents", 1, documents.seal_pending),
    Job("visits", 5, visits.settle),
    Job("audit-chain", 2, audit_chain.seal),
    Job("search", 60, clients.index_missing),
    Job("merges", 60, clients.gather_merged),
    Job("sweeps", 300, sweeps.sweep),
    Job("photographs", 300, sweeps.forget_photographs),
    Job("watch", 10, watch.look, leased=False),
)


class Runner:
    """Runs the jobs until stopped."""

    def __init__(
        self,
        which: tuple[Job, ...] = JOBS,
        clock: Clock | None = None,
        holder: str = "",
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self.jobs = which
        self.clock = clock or SystemClock()
        self.holder = holder or f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._lease_seconds = lease_seconds
        self._stopping = threading.Event()
        self._held: dict[str, float] = {}  # job: until when its lease is ours, on the clock of this process
        self._refused: dict[str, float] = {}  # job: when to ask for its lease again
        self._noted: dict[str, float] = {}
        self._threads = [
            threading.Thread(target=self._serve, args=(job,), name=f"job {job.name}", daemon=True) for job in which
        ]
        self._keeper = threading.Thread(target=self._keep, name="leases", daemon=True)

    def start(self) -> None:
        """Begin, each job in a thread of its own."""
        for thread in (*self._threads, self._keeper):
            thread.start()

    def stop(self, seconds: float = 8) -> None:
        """Finish the jobs in hand, write what is gathered, give the leases back."""
        self._stopping.set()
        jobs.wake()
        end = time.monotonic() + seconds
        for thread in (*self._threads, self._keeper):
            thread.join(max(0.1, end - time.monotonic()))
        intake.flush()
        for name in list(self._held):
            lease.give_back(name, self.holder, self.clock)

    def run(self, job: Job) -> bool:
        """Run one job now, again and again while it finds something to do; False when another runner has its lease."""
        started, began, error = time.perf_counter(), self.clock.now(), ""
        try:
            if not self._mine(job):
                return False
            while job.run() and not self._stopping.is_set() and self._mine(job):
                pass
        except Exception as failure:
            error = type(failure).__name__
            JOB_FAILURES.labels(job=job.name).inc()
            log.exception("job %s failed", job.name)
        JOB_SECONDS.labels(job=job.name).observe(time.perf_counter() - started)
        self._note(job, began, error)
        return True

    def _serve(self, job: Job) -> None:
        heard, due = -1, 0.0
        quick = job.every <= TURN_SECONDS
        while not self._stopping.is_set():
            if quick or due <= time.monotonic():
                due = time.monotonic() + job.every
                self.run(job)
            heard = jobs.sleep(max(0.05, min(TURN_SECONDS, due - time.monotonic())), heard)

    def _mine(self, job: Job) -> bool:
        """Whether this runner may run the job; the database is asked when half of the lease is over."""
        if not job.leased or self._held.get(job.name, 0) - time.monotonic() > self._lease_seconds / 2:
            return True
        return self._take(job.name)

    def _take(self, name: str) -> bool:
        asked = time.monotonic()
        if asked < self._refused.get(name, 0):
            return False
        if not lease.take(name, self.holder, self._lease_seconds, self.clock):
            self._held.pop(name, None)
            self._refused[name] = asked + min(ASK_SECONDS, self._lease_seconds / 4)
            return False
        self._held[name] = asked + self._lease_seconds
        return True

    def _keep(self) -> None:
        """Renew the leases of jobs that are long at it: who sends a thousand messages keeps its place."""
        while not self._stopping.wait(self._lease_seconds / 5):
            for name, until in list(self._held.items()):
                if until - time.monotonic() > self._lease_seconds / 2:
                    continue
                try:
                    self._take(name)
                except Exception:
                    log.exception("the lease of job %s could not be renewed", name)

    def _note(self, job: Job, began: datetime, error: str) -> None:
        """Keep the job's last run in the database; one that runs well is noted once a minute."""
        if not error and time.monotonic() - self._noted.get(job.name, -NOTE_SECONDS) < NOTE_SECONDS:
            return
        # After a failure the first run that ends well is noted too.
        self._noted[job.name] = -NOTE_SECONDS if error else time.monotonic()
        try:
            with open_work(SYSTEM, clock=self.clock) as work:
                work.hold(f"job-run:{job.name}")
                run = work.db.get(JobRun, job.name) or JobRun(name=job.name)
                run.last_started_at, run.next_at = began, work.now() + timedelta(seconds=job.every)
                if error:
                    run.failures += 1
                    run.last_error = f"{error}, {work.now():%Y-%m-%d %H:%M} UTC"
                else:
                    run.last_finished_at = work.now()
                work.db.add(run)
        except Exception:
            log.exception("the run of job %s could not be noted", job.name)
