"""The practice's own certificate, made once at first run where none is given."""

import datetime as dt
import os
import secrets
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID, ObjectIdentifier

KEY_BITS = 3072
YEARS = 10
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_LONGEST_NAME = 64  # X.520 upper bound for common and organisation names


def ensure_certificate(path: Path, practice: str, password: str, now: dt.datetime | None = None) -> Path:
    """The PKCS#12 file at `path`, made with a fresh key for `practice` if it is not there yet.

    Several processes may call this at once: all end up with the same file.
    """
    if path.exists():
        return path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_make(practice, password, now or dt.datetime.now(dt.UTC)))
            file.flush()
            os.fsync(file.fileno())
        os.link(scratch, path)  # unlike a rename, never replaces a key that another process has just made
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
    return path


def _make(practice: str, password: str, now: dt.datetime) -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    label = practice[:_LONGEST_NAME]
    name = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, label), x509.NameAttribute(NameOID.COMMON_NAME, label)]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=round(365.25 * YEARS)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    encryption = BestAvailableEncryption(password.encode())
    return serialize_key_and_certificates(practice.encode(), key, certificate, None, encryption)


def _key_usage() -> x509.KeyUsage:
    """Signatures that cannot be disowned, and nothing else."""
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
