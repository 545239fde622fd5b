"""The practice's electronic seal on a PDF (PAdES baseline B-B; B-T where a timestamp service is set).

The seal covers the whole file and allows no later change. `check` needs no network: it trusts the certificates that
the practice itself sealed with, each judged at the time of sealing.
"""

import io
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from portal.gateways.errors import PermanentFailure, TemporaryFailure

TIMEOUT_SECONDS = 8
_FIELD = "Seal"

# A damaged file is an answer of `check`, not an event for the log.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class SealReport:
    """What a seal says about a file."""

    intact: bool
    """No sealed byte was changed."""
    whole_file: bool
    """Nothing was added after the sealed bytes."""
    trusted: bool
    """The seal is this practice's own."""
    signer: str
    """The name in the certificate; empty without a seal."""
    signed_at: datetime | None
    """When it was sealed, aware: the timestamp service's word if there is one, else the portal's."""

    @property
    def holds(self) -> bool:
        """Whether the file is exactly what the practice sealed."""
        return self.intact and self.whole_file and self.trusted


_NO_SEAL = SealReport(intact=False, whole_file=False, trusted=False, signer="", signed_at=None)


class _KeptKey(SimpleSigner):
    """pyHanko reads the private key anew for every signature, twice, which takes longer than all the rest."""

    _key: RSAPrivateKey | None = None

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """The raw signature of `data`."""
        if self.get_signature_mechanism_for_digest(digest_algorithm)["algorithm"].native != "sha256_rsa":
            return super().sign_raw(data, digest_algorithm)
        if self._key is None:
            key = load_der_private_key(self.signing_key.dump(), password=None)
            if not isinstance(key, RSAPrivateKey):
                return super().sign_raw(data, digest_algorithm)
            self._key = key
        return self._key.sign(data, PKCS1v15(), SHA256())


class Seal:
    """Seals with the key in the PKCS#12 file `certificate`.

    `earlier` are certificates (PEM or DER) that the practice sealed with before; they stay trusted.
    """

    def __init__(
        self, certificate: Path, password: str, timestamp_url: str | None = None, earlier: Sequence[bytes] = ()
    ) -> None:
        try:
            opened = SimpleSigner.load_pkcs12_data(certificate.read_bytes(), [], password.encode() or None)
        except ValueError:
            raise PermanentFailure(f"{certificate.name} cannot be opened: wrong password, or not PKCS#12.") from None
        own = opened.signing_cert
        if own is None:
            raise PermanentFailure(f"{certificate.name} holds no certificate.")
        self._signer = _KeptKey(signing_cert=own, signing_key=opened.signing_key, cert_registry=opened.cert_registry)
        self._own = [own]
        for data in earlier:
            self._own += load_certs_from_pemder_data(data)
        # What is parsed of a certificate is parsed when first asked for, and that is not safe between threads.
        self._one_at_a_time = threading.Lock()
        self._timestamps = HTTPTimeStamper(timestamp_url, timeout=TIMEOUT_SECONDS) if timestamp_url else None

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """`pdf` with the seal added. Raises `TemporaryFailure` while the timestamp service does not answer."""
        metadata = PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm="sha256",
            reason=reason,
            name=self._signer.subject_name,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        field = SigFieldSpec(_FIELD, readable_field_name="Electronic seal of the practice")
        signer = PdfSigner(metadata, self._signer, timestamper=self._timestamps, new_field_spec=field)
        try:
            with self._one_at_a_time:
                sealed = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
        except (TimestampRequestError, OSError) as error:
            raise TemporaryFailure(f"The timestamp service failed ({type(error).__name__}).") from None
        except (PdfError, SigningError) as error:
            raise PermanentFailure(f"The file cannot be sealed ({type(error).__name__}).") from None
        return sealed.getvalue()

    def check(self, pdf: bytes) -> SealReport:
        """Whether `pdf` still is what was sealed; a file without a readable seal is not intact."""
        try:
            with self._one_at_a_time:
                return self._judge(pdf)
        except Exception:  # noqa: BLE001  # whatever a damaged file does to the parser, the answer is the same
            return _NO_SEAL

    def _judge(self, pdf: bytes) -> SealReport:
        seals = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures
        if len(seals) != 1:
            return _NO_SEAL
        seal = seals[0]
        context = ValidationContext(
            trust_roots=self._own,
            allow_fetching=False,
            moment=seal.self_reported_timestamp,
            revocation_mode="soft-fail",
        )
        status = validate_pdf_signature(seal, context)
        stamped = status.timestamp_validity
        return SealReport(
            intact=status.intact and status.valid and _container_is_clean(pdf, seal),
            whole_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            trusted=status.trusted and status.signing_cert.sha256 in {own.sha256 for own in self._own},
            signer=status.signing_cert.subject.native.get("common_name", ""),
            signed_at=stamped.timestamp if stamped and stamped.valid else status.signer_reported_dt,
        )


def _container_is_clean(pdf: bytes, seal: EmbeddedPdfSignature) -> bool:
    """Whether the gap that a signature leaves for itself holds the signature, zeros, and nothing else.

    No digest can cover that gap. Readers ignore what stands behind the signature in it, and the few fields of the
    signature that say again what its signed part says: here they must say the same.
    """
    start, length, resume, _ = cast(Sequence[int], seal.byte_range)
    gap = pdf[start + length : resume]
    signature = cms.ContentInfo.load(seal.pkcs7_content).dump()
    signer, certificate = seal.signer_info, seal.signer_cert
    named = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    return (
        gap == b"<" + signature.hex().upper().ljust(len(gap) - 2, "0").encode() + b">"
        and seal.signed_data["digest_algorithms"].dump() == cms.DigestAlgorithms([signer["digest_algorithm"]]).dump()
        and signer["digest_algorithm"].dump() == cms.DigestAlgorithm({"algorithm": "sha256"}).dump()
        and cast(cms.SignerIdentifier, signer["sid"]).chosen.dump() == named.dump()
        and seal.signed_data["version"].dump() == signer["version"].dump() == cms.CMSVersion("v1").dump()
    )
