"""Keys of this installation: one master key, and a separate key for each purpose derived from it.

The master key is `PORTAL_SECRET_KEY` or, where that is unset, 32 random bytes made once at first run in
`var/keys/master.key` (0600). Purposes never share a key (HKDF-SHA256, RFC 5869). The keys of encrypted columns can be
changed while the portal runs (`KeyRing`, `security/rotation.py`).
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from math import inf
from pathlib import Path
from time import monotonic

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.settings import settings


def private_folder(path: Path) -> Path:
    """The folder, made if need be, readable by its owner alone."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@lru_cache
def master_key() -> bytes:
    """The 32 bytes that every other key comes from."""
    given = settings().secret_key
    if given is not None:
        return hashlib.sha256(given.get_secret_value().encode()).digest()
    private_folder(settings().var)
    file = private_folder(settings().var / "keys") / "master.key"
    if not file.exists():
        with suppress(FileExistsError):  # two workers may start at once: both read the same bytes
            write_private(file, secrets.token_bytes(32))
    return file.read_bytes()


@lru_cache
def key_for(purpose: str) -> bytes:
    """32 bytes for one purpose, for example `"passcode"`."""
    return HKDF(SHA256(), 32, salt=None, info=f"portal:{purpose}".encode()).derive(master_key())


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 in hex: what is stored instead of a code, a token or a contact that is only ever compared."""
    return hmac.new(key_for(purpose), value.encode(), hashlib.sha256).hexdigest()


def same(a: str | None, b: str | None) -> bool:
    """Equality in constant time; nothing equals an absent value."""
    return a is not None and b is not None and hmac.compare_digest(a, b)


def new_token() -> str:
    """An unguessable token of 256 bits, safe in a URL or a cookie."""
    return secrets.token_urlsafe(32)


class KeyRing:
    """The keys of encrypted columns, by id. Key 1 comes from the master key; each later one is random, and lies in
    `folder` as one file, wrapped by the master key: whoever has the folder or the master key alone has none of them.

    The newest key encrypts. Every process looks into the folder again at most `LOOK_EVERY` seconds later, and at once
    for an id that it does not know. Without a folder there is key 1 alone.
    """

    LOOK_EVERY = 1.0

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._keys: dict[int, bytes] = {}
        self._looked = -inf

    def current(self) -> tuple[int, bytes]:
        """The id and the key that new values are encrypted with."""
        if monotonic() - self._looked > self.LOOK_EVERY:
            self._look()
        newest = max(self._keys)
        return newest, self._keys[newest]

    def key(self, key_id: int) -> bytes:
        """The key of that id; `ValueError` for one that this installation has not, or has dropped."""
        if key_id not in self._keys:
            self._look()
        if key_id not in self._keys:
            raise ValueError(f"field key {key_id} is not known to this installation")
        return self._keys[key_id]

    def ids(self) -> list[int]:
        """The ids of all keys that are here, the newest last."""
        self._look()
        return sorted(self._keys)

    def add(self) -> int:
        """Make a new key, which encrypts from now on; returns its id."""
        folder = self._writable()
        key_id = max([*self.ids(), *self._dropped()]) + 1
        if key_id > 255:
            raise ValueError("there are no more ids: 255 keys were made")
        nonce = secrets.token_bytes(12)
        wrapped = nonce + AESGCM(key_for("field-key")).encrypt(nonce, secrets.token_bytes(32), str(key_id).encode())
        write_private(folder / f"{key_id}.key", wrapped)
        self._look()
        return key_id

    def drop(self, key_id: int) -> None:
        """Forget a key for good; what was encrypted with it can never be read again. Not the newest."""
        if key_id == max(self.ids()):
            raise ValueError(f"key {key_id} is the one that encrypts")
        write_private(self._writable() / f"{key_id}.dropped", b"")
        (self._writable() / f"{key_id}.key").unlink(missing_ok=True)
        self._look()

    def _look(self) -> None:
        found = {} if 1 in self._dropped() else {1: key_for("field")}
        for file in self.folder.glob("*.key") if self.folder else ():
            key_id = int(file.stem)
            if key_id in self._keys:
                found[key_id] = self._keys[key_id]
                continue
            with suppress(FileNotFoundError):  # dropped at this moment
                wrapped = file.read_bytes()
                found[key_id] = AESGCM(key_for("field-key")).decrypt(wrapped[:12], wrapped[12:], file.stem.encode())
        self._keys, self._looked = found, monotonic()

    def _dropped(self) -> list[int]:
        return [int(file.stem) for file in self.folder.glob("*.dropped")] if self.folder else []

    def _writable(self) -> Path:
        if self.folder is None:
            raise ValueError("these keys do not change")
        private_folder(self.folder.parent)
        return private_folder(self.folder)


def write_private(file: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all; `FileExistsError` where there is one."""
    draft = file.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    try:
        os.link(draft, file)  # the first one wins
    finally:
        draft.unlink()


@lru_cache
def key_ring() -> KeyRing:
    """The keys of this installation's encrypted columns."""
    return KeyRing(settings().var / "keys" / "field")


class FieldCipher:
    """Encrypts one column's values: AES-256-GCM, random nonce, bound to `table.column`, led by the id of its key.

    The key id lets old values be read while a rotation re-encrypts them (`security/rotation.py`).
    """

    def __init__(self, place: str, keys: KeyRing | None = None) -> None:
        self.place = place.encode()
        self._keys = keys

    @property
    def keys(self) -> KeyRing:
        """The keys of this installation, unless others were given."""
        return self._keys or key_ring()

    def seal(self, plain: str) -> bytes:
        """Plain text to bytes for the column, with the newest key."""
        key_id, key = self.keys.current()
        nonce = secrets.token_bytes(12)
        return bytes([key_id]) + nonce + AESGCM(key).encrypt(nonce, plain.encode(), self.place)

    def open(self, stored: bytes) -> str:
        """The column's bytes back to text; `cryptography.exceptions.InvalidTag` when tampered with or moved,
        `ValueError` for a key that this installation has not."""
        return AESGCM(self.keys.key(stored[0])).decrypt(stored[1:13], stored[13:], self.place).decode()


class LinkCipher(FieldCipher):
    """The same for what stands in links that were sent: it is stored nowhere, so that no rotation reaches it, and its
    key stays."""

    def __init__(self, place: str) -> None:
        super().__init__(place, KeyRing(None))
