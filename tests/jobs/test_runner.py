"""The runner: one leader for each job, also when it dies; what it did is noted; a slow job holds up no other."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from prometheus_client import REGISTRY
from sqlalchemy import Engine
from sqlmodel import select

from portal import jobs
from portal.cli.operating import jobs as command
from portal.clock import FixedClock
from portal.jobs import runner as module
from portal.jobs import watch
from portal.jobs.runner import JOBS, Job, Runner
from portal.models import JobRun, Lease, OutboxMessage, Priority
from portal.models import db as database
from portal.settings import settings
from portal.work import open_work
from tests.support.portal_server import ROOT
from tests.support.processes import wait_until

# A leader writes its name once in a while.
LEAD = """
import sys
from portal.jobs.runner import Job, Runner
def note():
    with open(sys.argv[1], "a") as file:
        file.write(sys.argv[2] + "\\n")
    return 0
runner = Runner((Job("lead", 0.1, note),), holder=sys.argv[2], lease_seconds=2)
runner.start()
print("ready", flush=True)
runner._keeper.join()
"""


@pytest.fixture(autouse=True)
def here(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)


@contextmanager
def running(*runners: Runner) -> Iterator[None]:
    for one in runners:
        one.start()
    try:
        yield
    finally:
        for one in runners:
            one.stop()


def until(ready: Callable[[], bool], seconds: float = 10) -> None:
    wait_until(ready, seconds, "the runner")


def test_of_two_runners_one_runs_a_job_and_the_other_follows_when_it_stops() -> None:
    ran: list[str] = []

    def job(name: str) -> tuple[Job, ...]:
        return (Job("count", 0.05, lambda: ran.append(name) or 0),)

    first = Runner(job("first"), holder="first", lease_seconds=1)
    second = Runner(job("second"), holder="second", lease_seconds=1)
    with running(second):
        with running(first):
            until(lambda: len(ran) > 5)
            assert len(set(ran)) == 1
        leader = ran[0]
        if leader == "first":
            until(lambda: "second" in ran)
    with open_work(write=False) as work:
        assert work.db.exec(select(Lease)).one().until <= work.now(), "a runner that stops gives its lease back"


def test_a_leader_that_is_killed_is_followed_when_its_lease_lapses(engine: Engine, tmp_path: Path) -> None:
    log = tmp_path / "led"
    log.touch()
    address = engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "PORTAL_DATABASE_URL": address, "PORTAL_VAR": str(settings().var)}

    def start(name: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", LEAD, str(log), name],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    leaders = {}
    try:
        leaders["a"] = start("a")
        until(lambda: "a" in log.read_text())
        leaders["b"] = start("b")
        time.sleep(2.5)  # longer than the lease: the leader renews it
        assert "b" not in log.read_text()
        os.killpg(leaders["a"].pid, signal.SIGKILL)
        killed = time.monotonic()
        leaders["a"].wait()
        until(lambda: "b" in log.read_text())
        assert time.monotonic() - killed < 4, "the lease is two seconds"
    finally:
        for process in leaders.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    led = log.read_text().split()
    assert led == sorted(led), "never both at once"


def test_a_slow_job_holds_up_no_other_and_keeps_its_lease() -> None:
    slow_done, quick = threading.Event(), []
    which = (
        Job("slow", 1, lambda: slow_done.wait(12) and 0),
        Job("quick", 0.05, lambda: quick.append(1) or 0),
    )
    other: list[int] = []
    rival = Runner((Job("slow", 0.05, lambda: other.append(1) or 0),), holder="rival", lease_seconds=3)
    with running(Runner(which, holder="first", lease_seconds=3)):
        until(lambda: bool(quick))
        with running(rival):
            until(lambda: len(quick) > 20)
            time.sleep(3.5)  # longer than the lease
            assert other == [], "who is long at it keeps its lease"
        slow_done.set()


def test_a_wake_is_heard_at_once() -> None:
    ran: list[float] = []
    with running(Runner((Job("quick", 1, lambda: ran.append(time.monotonic()) or 0),))):
        until(lambda: len(ran) >= 2)
        before = len(ran)
        rung = time.monotonic()
        jobs.wake()
        until(lambda: len(ran) > before)
        assert ran[before] - rung < 0.5


def test_a_failure_is_noted_counted_and_does_not_end_it() -> None:
    turns = iter([ValueError("patient Amelia"), None, None])

    def job() -> int:
        if failure := next(turns, None):
            raise failure
        return 0

    def counted() -> float:
        return REGISTRY.get_sample_value("portal_job_failures_total", {"job": "fails-once"}) or 0

    one, before = Job("fails-once", 1, job), counted()
    runner = Runner((one,))
    assert runner.run(one)
    assert runner.run(one)
    with open_work(write=False) as work:
        run = work.db.get(JobRun, "fails-once")
        assert run is not None
        assert run.failures == 1
        assert run.last_error.startswith("ValueError, ")
        assert "Amelia" not in run.last_error
        assert run.last_finished_at is not None
    assert counted() - before == 1


def test_an_idle_job_is_noted_at_least_once_a_minute(monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> None:
    one = Job("idle", 1, lambda: 0)
    runner = Runner((one,), clock)
    times = []
    for _ in range(3):
        runner.run(one)
        with open_work(write=False) as work:
            run = work.db.get(JobRun, "idle")
            assert run is not None
            times.append(run.last_finished_at)
        clock.advance(seconds=10)
        if len(times) == 2:
            monkeypatch.setattr(module, "NOTE_SECONDS", 0)
    assert times[0] == times[1] < times[2]


def test_the_command_shows_every_job(engine: Engine) -> None:
    quiet = tuple(Job(job.name, job.every, lambda: 0, job.leased) for job in JOBS)
    with running(Runner(quiet, holder="here:1:a")):
        until(lambda: _noted(len(JOBS)))
        shown = CliRunner().invoke(command, catch_exceptions=False).output
    for job in JOBS:
        [line] = [line for line in shown.splitlines() if line.startswith(f"{job.name} ")]
        assert line.endswith("here:1:a" if job.leased else "each process")
        assert "never" not in line
    assert "Messages that have not gone out yet: 0" in shown
    assert "nobody" in CliRunner().invoke(command, catch_exceptions=False).output


def _noted(count: int) -> bool:
    with open_work(write=False) as work:
        return len(work.db.exec(select(JobRun.name)).all()) == count


def test_the_gauges_say_what_waits() -> None:
    with open_work() as work:
        for number, rank in enumerate((Priority.AWAITED, Priority.REMINDER, Priority.REMINDER)):
            work.send(
                OutboxMessage(
                    key=f"m:{number}", channel="sms", priority=rank, due_at=work.now(), created_at=work.now()
                )
            )  # fmt: skip
        work.add(JobRun(name="outbox", last_finished_at=work.now()))
    assert watch.look() == 0
    sample = REGISTRY.get_sample_value
    assert sample("portal_outbox_waiting", {"rank": "awaited"}) == 1
    assert sample("portal_outbox_waiting", {"rank": "news"}) == 0
    assert sample("portal_outbox_waiting", {"rank": "reminder"}) == 2
    assert sample("portal_job_last_success_timestamp_seconds", {"job": "outbox"})
