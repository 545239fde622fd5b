"""Files by their hash, encrypted, and honest about damage."""

import hashlib
import secrets
from pathlib import Path

import pytest

from portal.gateways.storage import Corrupt, NotFound, Storage

KEY = b"k" * 32
CONTENT = b"%PDF-1.7 the sealed consent of Amelia Hart"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "documents", KEY)


def stored_file(tmp_path: Path) -> Path:
    return next(path for path in (tmp_path / "documents").rglob("*") if path.is_file())


def test_what_is_put_is_got(storage: Storage, tmp_path: Path):
    digest = storage.put(CONTENT)
    assert digest == hashlib.sha256(CONTENT).hexdigest()
    assert storage.get(digest) == CONTENT
    assert stored_file(tmp_path) == tmp_path / "documents" / digest[:2] / digest[2:4] / digest
    assert b"Amelia" not in stored_file(tmp_path).read_bytes()


def test_nobody_else_may_read(storage: Storage, tmp_path: Path):
    storage.put(CONTENT)
    for path in [tmp_path / "documents", *(tmp_path / "documents").rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)


def test_the_same_content_is_stored_once(storage: Storage, tmp_path: Path):
    storage.put(CONTENT)
    before = stored_file(tmp_path).stat().st_mtime_ns
    storage.put(CONTENT)
    assert stored_file(tmp_path).stat().st_mtime_ns == before
    assert len([path for path in (tmp_path / "documents").rglob("*") if path.is_file()]) == 1


@pytest.mark.parametrize("place", [0, 1, 2, 13, 14, -1])
def test_one_changed_byte_is_found(storage: Storage, tmp_path: Path, place: int):
    digest = storage.put(CONTENT)
    damaged = bytearray(stored_file(tmp_path).read_bytes())
    damaged[place] ^= 1
    stored_file(tmp_path).write_bytes(damaged)
    with pytest.raises(Corrupt):
        storage.get(digest)
    assert storage.put(CONTENT) == digest  # and mended by the content itself
    assert storage.get(digest) == CONTENT


@pytest.mark.parametrize("length", [0, 1, 2, 10, 20])
def test_half_a_file_is_found(storage: Storage, tmp_path: Path, length: int):
    digest = storage.put(CONTENT)
    stored_file(tmp_path).write_bytes(stored_file(tmp_path).read_bytes()[:length])
    with pytest.raises(Corrupt):
        storage.get(digest)


def test_a_file_moved_to_another_name_is_found(storage: Storage, tmp_path: Path):
    storage.put(CONTENT)
    other = hashlib.sha256(b"another").hexdigest()
    path = tmp_path / "documents" / other[:2] / other[2:4] / other
    path.parent.mkdir(parents=True)
    stored_file(tmp_path).rename(path)
    with pytest.raises(Corrupt):
        storage.get(other)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64, "0" * 64 + "\n", "/" * 64])
def test_other_names_do_not_exist(storage: Storage, name: str):
    with pytest.raises(NotFound):
        storage.get(name)


def test_another_key_opens_nothing(storage: Storage, tmp_path: Path):
    digest = storage.put(CONTENT)
    with pytest.raises(Corrupt):
        Storage(tmp_path / "documents", b"j" * 32).get(digest)


def test_empty_and_large_content(storage: Storage):
    for content in (b"", secrets.token_bytes(3_000_000)):
        assert storage.get(storage.put(content)) == content
