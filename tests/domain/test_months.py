"""Months by their first day, across years and short Februaries."""

from datetime import date

import pytest

from portal.domain.months import begin, end, turned


@pytest.mark.parametrize(
    ("day", "by", "month"),
    [
        (date(2026, 11, 22), 0, date(2026, 11, 1)),
        (date(2026, 11, 30), 2, date(2027, 1, 1)),
        (date(2026, 1, 31), -1, date(2025, 12, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 1)),
        (date(2026, 11, 22), -23, date(2024, 12, 1)),
    ],
)
def test_a_month_is_turned(day: date, by: int, month: date) -> None:
    assert turned(day, by) == month


def test_a_month_begins_and_ends() -> None:
    assert [end(date(2026, month, 3)).day for month in range(1, 13)] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert end(date(2028, 2, 1)) == date(2028, 2, 29)
    assert begin(date(2028, 2, 29)) == date(2028, 2, 1)


def test_there_is_an_end_of_time() -> None:
    with pytest.raises(ValueError, match="year"):
        turned(date(9999, 12, 1), 1)
