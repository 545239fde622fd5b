"""One seal, many threads: a practice signs more than one form at a time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from weasyprint import HTML

from portal.gateways.certificate import ensure_certificate
from portal.gateways.seal import Seal


def test_many_threads_seal_with_one_fresh_seal(tmp_path: Path) -> None:
    certificate = ensure_certificate(tmp_path / "seal.p12", "Lumière Aesthetics", "secret")
    pdf = HTML(string="<p>Signed</p>").write_pdf()
    assert pdf
    for _ in range(5):
        seal = Seal(certificate, "secret")  # nothing of it has been parsed yet
        with ThreadPoolExecutor(4) as pool:
            sealed = list(pool.map(lambda _n, seal=seal: seal.sign(pdf, "Signed"), range(4)))
        assert all(seal.check(one).holds for one in sealed)
