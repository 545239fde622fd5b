"""Known and unknown contacts take the same time: nobody learns from a clock who is a patient."""

import time
from itertools import product
from statistics import median

import pytest

from portal.clock import FixedClock
from portal.domain.access import Role
from portal.models import Staff
from portal.services import passcodes, signing_in, staff_entering
from portal.work import SYSTEM
from tests.support import rows
from tests.support.getting_in import VISITOR, OpenAs, robot_check

EACH = 40


def could_tell_apart(one: list[float], other: list[float]) -> float:
    """The chance that a value of `one` is below one of `other` (Mann-Whitney): 0.5 tells nothing, 0 or 1 everything."""
    return sum((a < b) + (a == b) / 2 for a, b in product(one, other)) / (len(one) * len(other))


@pytest.mark.alone
def test_asking_another_way_and_guessing_take_the_same_time(open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        practice = rows.practice(work)
        for number in range(EACH):
            rows.patient(
                work, practice, f"+150355510{number:02d}", f"someone{number}@example.com", first_name=f"P{number}"
            )
    times: dict[tuple[str, str], list[float]] = {}

    def timed(step: str, who: str, started: float) -> None:
        times.setdefault((step, who), []).append(time.perf_counter() - started)

    payloads = [robot_check() for _ in range(2 * EACH)]
    for turn in range(2 * EACH):
        who = "known" if turn % 2 else "unknown"
        typed = f"+1503555{'10' if turn % 2 else '20'}{turn // 2:02d}"
        clock.advance(minutes=5)
        started = time.perf_counter()
        with open_as(VISITOR) as work:
            sent = passcodes.request(work, "phone", typed, payloads[turn])
        timed("ask", who, started)
        started = time.perf_counter()
        with open_as(VISITOR) as work:
            signing_in.verify(work, sent.challenge_id, "000000")
        timed("guess", who, started)
        started = time.perf_counter()
        with open_as(VISITOR) as work:
            passcodes.try_another_way(work, sent.challenge_id)
        timed("another way", who, started)
    for step in ("ask", "guess", "another way"):
        known, unknown = times[step, "known"][3:], times[step, "unknown"][3:]
        told = could_tell_apart(known, unknown)
        print(
            f"{step}: known {median(known) * 1e3:.2f} ms, unknown {median(unknown) * 1e3:.2f} ms, told apart {told:.2f}"
        )
        assert 0.25 < told < 0.75, f"{step}: {told:.2f}"


@pytest.mark.alone
def test_a_work_email_takes_the_same_time_whether_it_is_one_or_not(open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        practice = rows.practice(work)
        for number in range(EACH):
            email = f"someone{number:02d}@lumiere.example"
            work.add(Staff(practice_id=practice.id, first_name="Sam", last_name="B", email=email, role=Role.PROVIDER))
    times: dict[tuple[str, str], list[float]] = {}
    payloads = [robot_check() for _ in range(2 * EACH)]
    for turn in range(2 * EACH):
        who, name = ("known", "someone") if turn % 2 else ("unknown", "nobody_")
        clock.advance(minutes=5)
        started = time.perf_counter()
        with open_as(VISITOR) as work:
            sent = staff_entering.request(work, f"{name}{turn // 2:02d}@lumiere.example", payloads[turn])
        times.setdefault(("ask", who), []).append(time.perf_counter() - started)
        started = time.perf_counter()
        with open_as(VISITOR) as work:
            assert staff_entering.enter_code(work, sent.challenge_id, "000000").wrong
        times.setdefault(("guess", who), []).append(time.perf_counter() - started)
    for step in ("ask", "guess"):
        told = could_tell_apart(times[step, "known"][3:], times[step, "unknown"][3:])
        assert 0.25 < told < 0.75, f"{step}: {told:.2f}"
