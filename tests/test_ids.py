"""Identifiers sort by the time they were made, whoever makes them at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

from portal.ids import uuid7


def test_later_ones_are_greater_even_within_a_millisecond() -> None:
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == 5000


def test_threads_never_make_the_same() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = [one for batch in pool.map(lambda _: [uuid7() for _ in range(500)], range(8)) for one in batch]
    assert len(set(made)) == 4000


def test_they_are_version_7() -> None:
    made = uuid7()
    assert (made.version, made.variant) == (7, RFC_4122)
