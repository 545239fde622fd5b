"""Changing the key of encrypted columns while the portal runs.

A new key is added, and every process encrypts with it within a second. Then each value under another key is decrypted
and encrypted anew, some rows at a time, each batch a short transaction of its own. A row that somebody works on is
passed over, a value that was changed meanwhile is left as it was changed: both are met again in the next pass. What is
left to do stands in the values themselves, so that a rotation that was killed is simply started again. The columns are
found in the tables' own description.
"""

import logging
import time
from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine, LargeBinary, Table, and_, func, or_, select, type_coerce, update
from sqlmodel import SQLModel

from portal.models.types import Encrypted
from portal.security.keys import FieldCipher, KeyRing, key_ring
from portal.work import SYSTEM, Work, open_work

log = logging.getLogger("portal.keys")

BATCH = 200
SETTLE = 5.0  # seconds until every process surely encrypts with a new key: a look at the folder and a transaction
PASSES = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A table and its encrypted columns."""

    table: Table
    columns: tuple[Any, ...]


def places() -> list[Place]:
    """Every table with encrypted columns."""
    found: list[Place] = []
    for table in SQLModel.metadata.sorted_tables:
        mine = tuple(column for column in table.columns if isinstance(column.type, Encrypted))
        if mine:
            found.append(Place(table, mine))
    return found


def count_by_key(work: Work) -> Counter[int]:
    """How many values there are under each key."""
    found: Counter[int] = Counter()
    for place in places():
        for column in place.columns:
            led = func.substr(_raw(column), 1, 1)
            rows = work.db.execute(select(led, func.count()).where(column.is_not(None)).group_by(led)).all()
            found.update({bytes(first)[0]: number for first, number in rows})
    return found


def rotate(
    keys: KeyRing | None = None, engine: Engine | None = None, *, settle: float = SETTLE
) -> Generator[int, None, None]:
    """Encrypt every value with the newest key; yields how many rows each batch brought over. `add` a key first.

    Done when a whole pass, begun when every process surely had the new key, finds nothing.
    """
    keys = keys or key_ring()
    current, _ = keys.current()
    for attempt in range(PASSES):
        began = time.monotonic()
        brought = 0
        for place in places():
            for rows in _pass(place, current, keys, engine):
                brought += rows
                yield rows
        if not brought and attempt:
            return
        time.sleep(max(0.0, settle - (time.monotonic() - began)) if attempt == 0 else 0.2)


def _pass(place: Place, current: int, keys: KeyRing, engine: Engine | None) -> Iterator[int]:
    """Through one table in the order of its ids."""
    after = None
    while True:
        with open_work(SYSTEM, engine=engine) as work:
            met, last, brought = _batch(work, place, current, keys, after)
        if brought:
            yield brought
        if not met:
            return
        after = last


def _batch(work: Work, place: Place, current: int, keys: KeyRing, after: Any) -> tuple[int, Any, int]:
    """The next rows that have a value under another key: how many were met, the last one's id, how many were brought
    over. A row that another transaction has locked is not met."""
    key, raw = place.table.c.id, {column.name: _raw(column) for column in place.columns}
    under_another = or_(*(and_(column.is_not(None), func.substr(raw[column.name], 1, 1) != bytes([current]))
                          for column in place.columns))  # fmt: skip
    due = select(key, *(value.label(name) for name, value in raw.items())).where(under_another).order_by(key)
    if after is not None:
        due = due.where(key > after)
    rows = work.db.execute(due.limit(BATCH).with_for_update(key_share=True, skip_locked=True)).all()
    brought = 0
    for row in rows:
        stored: dict[str, bytes] = {name: bytes(value) for name in raw if (value := getattr(row, name)) is not None}
        fresh = {name: new for name, old in stored.items() if (new := _again(place, name, old, current, keys))}
        if fresh:
            same = (raw[name] == stored[name] for name in fresh)
            done = work.db.execute(
                update(place.table)
                .where(key == row.id, *same)
                .values({name: type_coerce(value, LargeBinary) for name, value in fresh.items()})
            )
            brought += done.rowcount  # pyright: ignore[reportAttributeAccessIssue]
    return len(rows), rows[-1].id if rows else after, brought


def _again(place: Place, name: str, stored: bytes, current: int, keys: KeyRing) -> bytes | None:
    """The value under the newest key; None for one that is already, and for one that cannot be read."""
    if stored[0] == current:
        return None
    kind: Any = place.table.c[name].type
    cipher = FieldCipher(kind.place, keys)
    try:
        return cipher.seal(cipher.open(stored))
    except (InvalidTag, ValueError):
        log.warning("a value of %s.%s cannot be read and stays under key %d", place.table.name, name, stored[0])
        return None


def _raw(column: Any) -> Any:
    """The column as its bytes."""
    return type_coerce(column, LargeBinary)
