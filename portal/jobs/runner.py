"""The job runner: a thread in each worker; a lease lets only one worker run a given job at a time.

Every job is safe to run twice, late or in two places; the lease spares the work, it does not carry the correctness.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from portal import jobs
from portal.clock import Clock, SystemClock
from portal.jobs import audit_chain, lease, outbox, reminders, sweeps, visits
from portal.metrics import JOB_FAILURES, JOB_SECONDS
from portal.models import JobRun
from portal.security import intake
from portal.services import documents
from portal.work import SYSTEM, open_work

log = logging.getLogger("portal.jobs")

TURN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something that runs by itself `every` so many seconds. It returns how much it did; a full batch runs again."""

    name: str
    every: float
    run: Callable[[], int]
    leased: bool = True  # False: each process has its own (what it gathered in memory)


JOBS: tuple[Job, ...] = (
    Job("intake", 1, lambda: intake.flush(everything=False), leased=False),
    Job("outbox", 1, outbox.deliver),
    Job("reminders", 20, reminders.send_due),
    Job("documents", 1, documents.seal_pending),
    Job("visits", 5, visits.settle),
    Job("audit-chain", 2, audit_chain.seal),
    Job("sweeps", 300, sweeps.sweep),
)


class Runner:
    """Runs the jobs until stopped."""

    def __init__(self, which: tuple[Job, ...] = JOBS, clock: Clock | None = None) -> None:
        self.jobs = which
        self.clock = clock or SystemClock()
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{id(self)}"
        self._stopping = threading.Event()
        self._due = {job.name: 0.0 for job in which}
        self._noted: dict[str, float] = {}
        self._thread = threading.Thread(target=self._loop, name="jobs", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self, seconds: float = 8) -> None:
        """Finish the job in hand, write what is gathered, give the leases back."""
        self._stopping.set()
        jobs.wake()
        self._thread.join(seconds)
        intake.flush()
        for job in self.jobs:
            if job.leased:
                lease.give_back(job.name, self.holder, self.clock)

    def turn(self, *, woken: bool = False) -> None:
        """Run every job that is due once; when woken, the quick ones at once."""
        now = time.monotonic()
        for job in self.jobs:
            if self._stopping.is_set():
                return
            if self._due[job.name] <= now or (woken and job.every <= 1):
                self._due[job.name] = now + job.every
                self._run(job)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            try:
                self.turn(woken=True)
            except Exception:
                log.exception("the job runner stumbled and goes on")
            jobs.sleep(TURN_SECONDS)

    def _run(self, job: Job) -> None:
        started = time.perf_counter()
        error = ""
        try:
            if job.leased and not lease.take(job.name, self.holder, max(30, job.every * 3), self.clock):
                return
            while job.run() and not self._stopping.is_set():
                pass
        except Exception as failure:
            error = type(failure).__name__
            JOB_FAILURES.labels(job=job.name).inc()
            log.exception("job %s failed", job.name)
        JOB_SECONDS.labels(job=job.name).observe(time.perf_counter() - started)
        self._note(job, error)

    def _note(self, job: Job, error: str) -> None:
        """Keep the job's last run in the database; a healthy frequent job is noted once a minute."""
        if not error and time.monotonic() - self._noted.get(job.name, -60) < 60:
            return
        self._noted[job.name] = time.monotonic()
        try:
            with open_work(SYSTEM, clock=self.clock) as work:
                run = work.db.get(JobRun, job.name) or JobRun(name=job.name)
                run.last_finished_at = run.last_started_at = work.now()
                run.next_at = work.now() + timedelta(seconds=job.every)
                run.failures += bool(error)
                run.last_error = error or run.last_error
                work.db.add(run)
        except Exception:
            log.exception("the run of job %s could not be noted", job.name)
