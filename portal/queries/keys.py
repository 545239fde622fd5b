"""Keys of pages by time: the last row seen, in words that go to the browser and come back."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import literal, tuple_

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Key:
    """A row by its moment and id."""

    at: datetime
    id: UUID


def write_key(at: datetime, row_id: UUID) -> str:
    """The key of a row."""
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(row_id)]).encode()).decode()


def read_key(key: str) -> Key | None:
    """The row of a key. It came from a browser: what is none is None."""
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(key[:LONGEST].encode()))
        moment = datetime.fromisoformat(at)
        return Key(moment, UUID(row_id)) if moment.tzinfo else None
    except (ValueError, TypeError, AttributeError):
        return None


def before(at: Any, row_id: Any, seen: Key | None) -> list[Any]:
    """The condition for what follows the key in a list with the newest first: a range of an index on both columns."""
    if seen is None:
        return []
    return [tuple_(at, row_id) < tuple_(literal(seen.at, at.type), literal(seen.id, row_id.type))]
