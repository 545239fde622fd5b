"""Files kept by the hash of their content, encrypted at rest.

`<root>/ab/cd/<sha256>` holds a version byte pair, a nonce and AES-256-GCM ciphertext that is bound to that hash: a file
that was changed, cut or moved does not open. The same content is stored once.
"""

import hashlib
import os
import re
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.gateways.errors import GatewayError

_FORMAT = b"P1"
_NONCE_BYTES = 12
_SHA256 = re.compile(r"[0-9a-f]{64}")


class NotFound(GatewayError):
    """Nothing is stored under this hash."""


class Corrupt(GatewayError):
    """What is stored is not what was put there."""


class Storage:
    """Documents on this machine's disk. `key` has 32 bytes."""

    def __init__(self, root: Path, key: bytes) -> None:
        self._root = root
        self._cipher = AESGCM(key)

    def put(self, content: bytes) -> str:
        """Store `content` durably and return its SHA-256, the name to get it by."""
        digest = hashlib.sha256(content).hexdigest()
        if self._holds(digest):
            return digest
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, content, bytes.fromhex(digest))
        write_durably(self._path(digest), _FORMAT + nonce + sealed, root=self._root)
        return digest

    def get(self, digest: str) -> bytes:
        """The content under `digest`. Raises `NotFound`, or `Corrupt` when it is not what was stored."""
        try:
            stored = self._path(digest).read_bytes()
        except FileNotFoundError:
            raise NotFound("There is no such document.") from None
        head, nonce, sealed = stored[:2], stored[2 : 2 + _NONCE_BYTES], stored[2 + _NONCE_BYTES :]
        if head != _FORMAT or len(nonce) != _NONCE_BYTES:
            raise Corrupt("A stored document does not begin as it should.")
        try:
            content = self._cipher.decrypt(nonce, sealed, bytes.fromhex(digest))
        except InvalidTag:
            raise Corrupt("A stored document was changed or was encrypted with another key.") from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise Corrupt("A stored document is not the one that its name says.")
        return content

    def remove(self, digest: str) -> None:
        """Take away what is stored under `digest`, if anything is."""
        self._path(digest).unlink(missing_ok=True)

    def _holds(self, digest: str) -> bool:
        try:
            self.get(digest)
        except (NotFound, Corrupt):
            return False
        return True

    def _path(self, digest: str) -> Path:
        if not _SHA256.fullmatch(digest):
            raise NotFound("There is no such document.")
        return self._root / digest[:2] / digest[2:4] / digest


def write_durably(path: Path, content: bytes, root: Path) -> None:
    """Write a private file so that a crash leaves the old state or the new one, never half a file.

    Folders between `root` and the file are made with mode 0700, the file has 0600.
    """
    folders = [folder for folder in path.parents if folder == root or root in folder.parents]
    for folder in reversed(folders):
        folder.mkdir(mode=0o700, parents=folder == root, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise
    for folder in folders:  # a new name is on disk once its folder is
        folder_descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(folder_descriptor)
        finally:
            os.close(folder_descriptor)
