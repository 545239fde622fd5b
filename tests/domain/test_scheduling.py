"""The life of a visit, and what patients may do with it at every minute around the cut-offs."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.scheduling import (
    LABELS,
    OPEN,
    UNDO,
    UPCOMING,
    AppointmentStatus,
    Rules,
    become,
    can_undo,
    late_fee,
    offers,
    why_not_confirm,
)
from portal.errors import Conflict

START = datetime(2026, 12, 2, 19, tzinfo=UTC)
SECOND = timedelta(seconds=1)
hours = st.integers(0, 96).map(lambda number: timedelta(hours=number))
rules = st.builds(
    Rules, st.booleans(), st.booleans(), st.booleans(), hours, hours, hours, hours, st.integers(0, 20_000),
    st.sampled_from(["", "Laser sessions follow a set interval."]),
)  # fmt: skip


@st.composite
def around_a_cut_off(draw: st.DrawFn) -> tuple[Rules, datetime]:
    """Rules, and a moment within some minutes of one of their cut-offs, to the second."""
    given_rules = draw(rules)
    cut_offs = (given_rules.confirm_until, given_rules.move_until, given_rules.cancel_until, given_rules.late_within)
    return given_rules, START - draw(st.sampled_from(cut_offs)) + timedelta(seconds=draw(st.integers(-180, 180)))


@given(around_a_cut_off(), st.sampled_from(AppointmentStatus))
@example((Rules(), START - timedelta(hours=24)), AppointmentStatus.BOOKED)
@example((Rules(), START), AppointmentStatus.CONFIRMED)
def test_what_is_offered_follows_the_rules_at_every_second(
    at: tuple[Rules, datetime], status: AppointmentStatus
) -> None:
    given_rules, now = at
    left = (START - now).total_seconds()
    ahead = left > 0 and status in (AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED)
    offered = offers(given_rules, status, START, now)
    assert offered.move == (ahead and given_rules.may_move and left >= given_rules.move_until.total_seconds())
    assert offered.cancel == (ahead and given_rules.may_cancel and left >= given_rules.cancel_until.total_seconds())
    assert offered.confirm == (
        ahead
        and status is AppointmentStatus.BOOKED
        and given_rules.may_confirm
        and left >= given_rules.confirm_until.total_seconds()
    )
    assert bool(offered.why_not) == (status in UPCOMING and not (offered.move and offered.cancel))
    assert offered.confirm or why_not_confirm(given_rules, status, START, now)
    fee = late_fee(given_rules, START, now)
    assert fee == (given_rules.late_fee_cents if left < given_rules.late_within.total_seconds() else 0)


@pytest.mark.parametrize(
    ("given_rules", "hours_left", "sentence"),
    [
        (Rules(), 25, ""),
        (Rules(), 23, "It is too close to your visit to move it online."),
        (Rules(cancel_until=timedelta(hours=48)), 47, "It is too close to your visit to cancel it online."),
        (Rules(cancel_until=timedelta(hours=48)), 23, "It is too close to your visit to move or cancel it online."),
        (Rules(may_move=False), 25, "This kind of visit cannot be moved online."),
        (Rules(may_move=False, may_cancel=False), 25, "This kind of visit cannot be moved or cancelled online."),
        (Rules(may_move=False, note="Laser sessions are fixed."), 25, "Laser sessions are fixed."),
        (
            Rules(may_cancel=False, note="Please call us."),
            23,
            "Please call us. It is too close to your visit to move it online.",
        ),
        (Rules(), 0, "The time of this visit has come."),
    ],
)  # fmt: skip
def test_why_something_is_not_offered(given_rules: Rules, hours_left: int, sentence: str) -> None:
    assert offers(given_rules, AppointmentStatus.BOOKED, START, START - timedelta(hours=hours_left)).why_not == sentence


def test_the_last_moment_counts_and_the_next_second_does_not() -> None:
    given_rules = Rules(move_until=timedelta(hours=24), late_fee_cents=5000)
    last = START - timedelta(hours=24)
    assert offers(given_rules, AppointmentStatus.BOOKED, START, last).move
    assert late_fee(given_rules, START, last) == 0
    assert not offers(given_rules, AppointmentStatus.BOOKED, START, last + SECOND).move
    assert late_fee(given_rules, START, last + SECOND) == 5000


@pytest.mark.parametrize("second", [-61, -60, -59, -1, 0, 1, 59, 60, 61])
def test_each_cut_off_is_its_own(second: int) -> None:
    """Three cut-offs, hours apart: around each, that one alone changes, and at its own second."""
    ends = {"confirm": timedelta(hours=6), "move": timedelta(hours=30), "cancel": timedelta(hours=12)}
    given_rules = Rules(confirm_until=ends["confirm"], move_until=ends["move"], cancel_until=ends["cancel"])
    for verb, until in ends.items():
        now = START - until + timedelta(seconds=second)
        offered = offers(given_rules, AppointmentStatus.BOOKED, START, now)
        assert getattr(offered, verb) == (second <= 0)
        assert all(getattr(offered, other) == (left < until) for other, left in ends.items() if other != verb)


def test_an_undo_has_five_minutes() -> None:
    assert timedelta(minutes=5) == UNDO
    assert can_undo(START, None, START + UNDO)
    assert not can_undo(START, None, START + UNDO + SECOND)
    assert not can_undo(START, START + UNDO, START + UNDO)
    assert not can_undo(None, None, START)


B, C, H, D, X, N = AppointmentStatus
ROADS = {(B, C), (B, H), (C, H), (B, D), (C, D), (H, D), (N, D), (B, N), (C, N), (B, X), (C, X), (H, X), (B, B), (C, B)}


@pytest.mark.parametrize("status", AppointmentStatus)
@pytest.mark.parametrize("wanted", AppointmentStatus)
def test_the_roads_between_the_states(status: AppointmentStatus, wanted: AppointmentStatus) -> None:
    assert (B, C, H, D, X, N) == (
        AppointmentStatus.BOOKED, AppointmentStatus.CONFIRMED, AppointmentStatus.CHECKED_IN,
        AppointmentStatus.COMPLETED, AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW,
    )  # fmt: skip
    if (status, wanted) in ROADS:
        assert become(status, wanted) is wanted
    else:
        with pytest.raises(Conflict, match="This visit "):
            become(status, wanted)


def test_every_state_has_its_words() -> None:
    assert set(LABELS) == set(AppointmentStatus)
    assert LABELS[AppointmentStatus.BOOKED] == "Not confirmed"
    assert set(OPEN) < set(UPCOMING)
