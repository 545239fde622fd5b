"""Money is integer cents; this is the one place that prints it."""

from functools import lru_cache

from babel.numbers import format_currency


@lru_cache(maxsize=1024)
def money(cents: int, currency: str = "USD", locale: str = "en_US") -> str:
    """Cents as a person reads them: 18500 is "$185.00"."""
    return format_currency(cents / 100, currency, locale=locale)
