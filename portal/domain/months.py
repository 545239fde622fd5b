"""Calendar months, each by its first day."""

from datetime import date, timedelta


def begin(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def end(day: date) -> date:
    """The last day of its month."""
    return turned(day, 1) - timedelta(days=1)


def turned(day: date, by: int) -> date:
    """The first day of the month that many after (or, below 0, before) the day's own. `ValueError` beyond year 9999."""
    year, index = divmod(day.year * 12 + day.month - 1 + by, 12)
    return date(year, index + 1, 1)
