"""Changing the key of encrypted columns while the portal writes: nothing is lost, nothing stays under the old key."""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import Engine, LargeBinary, bindparam, text, type_coerce, update
from sqlmodel import select

from portal.models import OutboxMessage, Staff
from portal.security import keys, rotation
from portal.security.keys import FieldCipher, KeyRing, LinkCipher
from portal.work import SYSTEM, Work, open_work
from tests.support.clinic import OpenAs, furnish

ROOT = Path(__file__).resolve().parents[2]
ROWS = 450  # three batches
LATE = 0.2  # seconds until another process looks for new keys


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyRing:
    """Keys of this test's own; the portal's tables are encrypted with them."""
    made = KeyRing(tmp_path / "keys" / "field")
    monkeypatch.setattr(keys, "key_ring", lambda: made)
    return made


def fill(work: Work, number: int = ROWS) -> list[UUID]:
    """Messages to nobody; returns their ids."""
    rows = [
        OutboxMessage(
            key=f"row:{place}", channel="sms", recipient="+15035550187", text=f"text {place}", due_at=work.now(),
            created_at=work.now(),
        )
        for place in range(number)
    ]  # fmt: skip
    work.db.add_all(rows)
    work.db.flush()
    return [row.id for row in rows]


def counted(engine: Engine) -> Counter[int]:
    with open_work(SYSTEM, engine=engine, write=False) as work:
        return rotation.count_by_key(work)


def rotated(ring: KeyRing, engine: Engine, settle: float = 0.0) -> int:
    return sum(rotation.rotate(ring, engine, settle=settle))


class Writer(threading.Thread):
    """Another process of the portal: it learns of a new key a little later, and goes on writing all the time."""

    def __init__(self, engine: Engine, ring: KeyRing, ids: list[UUID]) -> None:
        super().__init__()
        assert ring.folder
        self.engine, self.ids = engine, ids
        self.ring = KeyRing(ring.folder)
        self.ring.LOOK_EVERY = LATE
        self.written: dict[UUID, str] = {}
        self.stop = threading.Event()
        self.failure: Exception | None = None

    def run(self) -> None:
        cipher, column = FieldCipher("outbox_message.text", self.ring), OutboxMessage.__table__.c  # type: ignore[attr-defined]
        try:
            number = 0
            while not self.stop.wait(0.002):
                number += 1
                row_id, words = self.ids[number * 7919 % len(self.ids)], f"written {number}"
                change = update(OutboxMessage.__table__).where(column.id == row_id)  # type: ignore[attr-defined]
                with open_work(SYSTEM, engine=self.engine) as work:
                    work.db.execute(change.values(text=type_coerce(cipher.seal(words), LargeBinary)))
                self.written[row_id] = words
        except Exception as failure:  # noqa: BLE001  # told to the test
            self.failure = failure


@pytest.fixture
def writer(engine: Engine, ring: KeyRing) -> Iterator[Writer]:
    with open_work(SYSTEM, engine=engine) as work:
        ids = fill(work)
    made = Writer(engine, ring, ids)
    made.start()
    yield made
    made.stop.set()
    made.join()


def test_everything_is_brought_over_while_somebody_writes(engine: Engine, ring: KeyRing, writer: Writer) -> None:
    assert ring.ids() == [1]
    assert ring.add() == 2
    assert rotated(ring, engine, settle=1.5) >= ROWS
    writer.stop.set()
    writer.join()
    assert writer.failure is None
    assert len(writer.written) >= 5, "there was somebody writing"
    assert set(counted(engine)) == {2}
    ring.drop(1)
    with open_work(SYSTEM, engine=engine, write=False) as work:
        for place, row_id in enumerate(writer.ids):
            message = work.get(OutboxMessage, row_id)
            assert message.recipient == "+15035550187"
            assert message.text == writer.written.get(row_id, f"text {place}"), "what was written last stands"


def test_one_that_was_interrupted_goes_on(engine: Engine, ring: KeyRing) -> None:
    with open_work(SYSTEM, engine=engine) as work:
        fill(work)
    ring.add()
    going = rotation.rotate(ring, engine, settle=0)
    assert next(going) == rotation.BATCH
    going.close()  # as a kill does: the batches that were committed stand
    assert counted(engine) == Counter({1: 2 * (ROWS - rotation.BATCH), 2: 2 * rotation.BATCH})
    assert rotated(ring, engine) == ROWS - rotation.BATCH
    assert set(counted(engine)) == {2}
    assert rotated(ring, engine) == 0, "and there is nothing left"


def test_a_row_that_somebody_has_locked_is_met_later(
    postgres_databases: object, ring: KeyRing, request: pytest.FixtureRequest
) -> None:
    """It holds up nobody; SQLite knows no locks of rows."""
    with request.getfixturevalue("postgres_databases").engine() as engine:
        with open_work(SYSTEM, engine=engine) as work:
            first = fill(work, 5)[0]
        ring.add()
        with open_work(SYSTEM, engine=engine) as other:
            other.db.exec(select(OutboxMessage).where(OutboxMessage.id == first).with_for_update()).one()
            going = rotation.rotate(ring, engine, settle=0)
            assert next(going) == 4
        assert sum(going) == 1
        assert set(counted(engine)) == {2}


def test_what_cannot_be_read_stays_and_is_counted(engine: Engine, ring: KeyRing) -> None:
    with open_work(SYSTEM, engine=engine) as work:
        broken, *_ = fill(work, 3)
        change = text("UPDATE outbox_message SET text = :broken WHERE id = :id").bindparams(
            bindparam("id", type_=OutboxMessage.__table__.c.id.type)  # type: ignore[attr-defined]
        )
        work.db.execute(change, {"broken": b"\x01" + b"x" * 40, "id": broken})
    ring.add()
    assert rotated(ring, engine) == 3, "the other columns of its row are brought over"
    assert counted(engine) == Counter({2: 5, 1: 1})


def test_a_process_with_old_keys_reads_new_values_at_once(ring: KeyRing) -> None:
    assert ring.folder
    other = KeyRing(ring.folder)
    other.LOOK_EVERY = 3600
    assert other.current()[0] == 1
    ring.add()
    sealed = FieldCipher("a.b", ring).seal("hello")
    assert other.current()[0] == 1
    assert FieldCipher("a.b", other).open(sealed) == "hello"


def test_keys_lie_wrapped_in_files_of_their_owner_alone(ring: KeyRing) -> None:
    assert ring.folder
    ring.add()
    (file,) = ring.folder.glob("*.key")
    assert file.stat().st_mode & 0o777 == 0o600
    assert ring.key(2) not in file.read_bytes()
    file.rename(file.with_name("3.key"))
    with pytest.raises(InvalidTag):
        KeyRing(ring.folder).ids()


def test_a_key_that_is_dropped_is_gone_and_its_id_not_used_again(ring: KeyRing) -> None:
    assert ring.folder
    old = FieldCipher("a.b", ring).seal("hello")
    ring.add()
    with pytest.raises(ValueError, match="encrypts"):
        ring.drop(2)
    ring.drop(1)
    for each in (ring, KeyRing(ring.folder)):
        with pytest.raises(ValueError, match="key 1 is not known"):
            FieldCipher("a.b", each).open(old)
    assert ring.add() == 3
    ring.drop(2)
    assert (ring.ids(), ring.add()) == ([3], 4)


def test_links_that_were_sent_outlive_every_rotation(ring: KeyRing) -> None:
    token = LinkCipher("unsubscribe.link").seal("somebody")
    ring.add()
    ring.drop(1)
    assert LinkCipher("unsubscribe.link").open(token) == "somebody"


def test_every_encrypted_column_is_found() -> None:
    sources = [file.read_text() for file in (ROOT / "portal").rglob("*.py")]
    written = {place for source in sources for place in re.findall(r'encrypted\("([\w.]+)"', source)}
    found = {column.type.place for place in rotation.places() for column in place.columns}
    assert found == written
    named = {f"{place.table.name}.{column.name}" for place in rotation.places() for column in place.columns}
    assert named == found, "a value is bound to the column that it stands in"


def test_rows_of_people_are_read_through_their_model_as_before(open_as: OpenAs, ring: KeyRing, engine: Engine) -> None:
    with open_as(SYSTEM) as work:
        furnish(work)
        staff = work.db.exec(select(Staff)).one()
        staff.totp_secret = "JBSWY3DPEHPK3PXP"  # of the test
        work.add(staff)
    ring.add()
    assert rotated(ring, engine) == 1
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(Staff)).one().totp_secret == "JBSWY3DPEHPK3PXP"  # of the test
