"""The seal, judged by ourselves and by a reader that others wrote (poppler's pdfsig)."""

import datetime as dt
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.gateways.certificate import ensure_certificate
from portal.gateways.errors import PermanentFailure, TemporaryFailure
from portal.gateways.pdf import PdfRenderer
from portal.gateways.seal import Seal
from tests.gateways.certificates import authority_issued, timestamp_service

PASSWORD = "a password"
PAGE = '<html lang="en"><head><title>Consent</title></head><body><h1>Consent</h1><p>I agree.</p></body></html>'


@pytest.fixture(scope="module")
def pdf() -> bytes:
    renderer = PdfRenderer(workers=1)
    try:
        return renderer.render(PAGE)
    finally:
        renderer.close()


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    path = tmp_path_factory.mktemp("keys") / "seal.p12"
    return Seal(ensure_certificate(path, "Lumière Aesthetics", PASSWORD), PASSWORD)


@pytest.fixture(scope="module")
def sealed(seal: Seal, pdf: bytes) -> bytes:
    return seal.sign(pdf, "Signed consent")


def test_a_sealed_file_is_intact_whole_and_ours(seal: Seal, sealed: bytes):
    report = seal.check(sealed)
    assert report.holds
    assert (report.intact, report.whole_file, report.trusted) == (True, True, True)
    assert report.signer == "Lumière Aesthetics"
    assert report.signed_at
    assert abs(dt.datetime.now(dt.UTC) - report.signed_at) < dt.timedelta(minutes=1)


def test_one_flipped_byte_is_found_wherever_it_is(seal: Seal, sealed: bytes):
    for place in range(20, len(sealed), len(sealed) // 60):
        damaged = bytearray(sealed)
        damaged[place] ^= 1
        assert not seal.check(bytes(damaged)).holds, place


def test_added_bytes_are_found(seal: Seal, sealed: bytes):
    report = seal.check(sealed + b"\n% a note")
    assert not report.whole_file
    assert not report.holds


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"nothing like a PDF" * 50])
def test_no_seal_is_no_seal(seal: Seal, pdf: bytes, content: bytes):
    assert not seal.check(content).intact
    assert not seal.check(pdf).intact


def test_a_stranger_seal_is_intact_but_not_ours(seal: Seal, pdf: bytes, tmp_path: Path):
    stranger = Seal(ensure_certificate(tmp_path / "other.p12", "Lumière Aesthetics", PASSWORD), PASSWORD)
    report = seal.check(stranger.sign(pdf, "Signed consent"))
    assert report.intact
    assert not report.trusted
    assert not report.holds


def test_a_practice_may_bring_its_own_certificate_and_later_another(pdf: bytes, tmp_path: Path):
    given = authority_issued(tmp_path / "given.p12", PASSWORD)
    first = Seal(given, PASSWORD)
    sealed = first.sign(pdf, "Signed consent")
    assert first.check(sealed).holds

    later_file = ensure_certificate(tmp_path / "later.p12", "Lumière Aesthetics", PASSWORD)
    assert not Seal(later_file, PASSWORD).check(sealed).holds
    earlier = first._own[0].dump()
    assert Seal(later_file, PASSWORD, earlier=[earlier]).check(sealed).holds


def test_a_seal_outlives_its_certificate(pdf: bytes, tmp_path: Path):
    import time_machine

    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    seal = Seal(authority_issued(tmp_path / "short.p12", PASSWORD, days=30, start=start), PASSWORD)
    with time_machine.travel(start + dt.timedelta(days=5)):
        sealed = seal.sign(pdf, "Signed consent")
    with time_machine.travel(start + dt.timedelta(days=365)):
        assert seal.check(sealed).holds


def test_a_timestamp_service_that_is_down_is_worth_another_try(pdf: bytes, tmp_path: Path):
    path = ensure_certificate(tmp_path / "seal.p12", "Lumière Aesthetics", PASSWORD)
    with pytest.raises(TemporaryFailure):
        Seal(path, PASSWORD, "http://127.0.0.1:9/tsa").sign(pdf, "Signed consent")


def test_a_timestamp_service_says_when(pdf: bytes, tmp_path: Path):
    path = ensure_certificate(tmp_path / "seal.p12", "Lumière Aesthetics", PASSWORD)
    at = dt.datetime(2026, 11, 24, 18, 22, 41, tzinfo=dt.UTC)
    with timestamp_service(at) as url:
        sealed = Seal(path, PASSWORD, url).sign(pdf, "Signed consent")
    report = Seal(path, PASSWORD).check(sealed)
    assert report.holds
    assert report.signed_at == at


def test_what_is_no_pdf_cannot_be_sealed(seal: Seal):
    with pytest.raises(PermanentFailure):
        seal.sign(b"nothing like a PDF", "Signed consent")


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed (poppler-utils)")
def test_another_reader_agrees(sealed: bytes, tmp_path: Path):
    def judge(content: bytes) -> str:
        file = tmp_path / "form.pdf"
        file.write_bytes(content)
        return subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False).stdout

    said = judge(sealed)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    damaged = bytearray(sealed)
    damaged[500] ^= 1
    assert "Signature is Valid" not in judge(bytes(damaged))


def test_the_certificate_is_made_once_and_for_the_owner_alone(tmp_path: Path):
    path = tmp_path / "keys" / "seal.p12"
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: ensure_certificate(path, "Lumière Aesthetics", PASSWORD), range(3)))
    made = path.read_bytes()
    assert ensure_certificate(path, "Another", PASSWORD).read_bytes() == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["seal.p12"]


def test_a_wrong_password_is_a_sentence(tmp_path: Path):
    path = ensure_certificate(tmp_path / "seal.p12", "Lumière Aesthetics", PASSWORD)
    with pytest.raises(PermanentFailure, match="wrong password"):
        Seal(path, "another")
