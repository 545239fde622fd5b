"""The pace of callers: each its own, and no more memory than said."""

import pytest

from portal.http import pace
from portal.http.pace import Pace


def test_each_key_has_its_own_and_gets_it_back() -> None:
    now = 100.0
    each = Pace(2, 60, lambda: now)
    for _ in range(5):
        each.count("a")
    assert (each.left("a"), each.left("b")) == (0, 2)
    assert each.knows("a")
    assert not each.knows("b")
    now += 60
    assert each.left("a") == 2


def test_many_keys_take_no_more_memory_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "MOST_KEYS", 10)
    each = Pace(2, 60, lambda: 0.0)
    for number in range(1_000):
        each.count(str(number))
        assert len(each._asked) <= 10
