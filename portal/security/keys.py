"""Keys of this installation: one master key, and a separate key for each purpose derived from it.

The master key is `PORTAL_SECRET_KEY` or, where that is unset, 32 random bytes made once at first run in
`var/keys/master.key` (0600). Purposes never share a key (HKDF-SHA256, RFC 5869).
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

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
        # Two workers may start at once: the first link wins, both read the same bytes.
        draft = file.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(32))
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
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


class FieldCipher:
    """Encrypts one column's values: AES-256-GCM, random nonce, bound to `table.column`, led by a key id.

    The key id lets old rows be read while a rotation re-encrypts them; ids other than 1 come with rotation.
    """

    KEY_ID = 1

    def __init__(self, place: str) -> None:
        self.place = place.encode()

    def seal(self, plain: str) -> bytes:
        """Plain text to bytes for the column."""
        nonce = secrets.token_bytes(12)
        return bytes([self.KEY_ID]) + nonce + AESGCM(key_for("field")).encrypt(nonce, plain.encode(), self.place)

    def open(self, stored: bytes) -> str:
        """The column's bytes back to text; `cryptography.exceptions.InvalidTag` when tampered with or moved."""
        if stored[0] != self.KEY_ID:
            raise ValueError(f"field key {stored[0]} is not known to this installation")
        return AESGCM(key_for("field")).decrypt(stored[1:13], stored[13:], self.place).decode()
