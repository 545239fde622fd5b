"""The PDF of a signed consent, against WeasyPrint called plainly with the same HTML and stylesheet."""

import time

import weasyprint

from portal.documents.consent import render
from portal.gateways.pdf import STYLESHEET, PdfRenderer
from portal.queries import forms
from portal.services.consent_document import compose
from portal.work import SYSTEM, open_work
from tests.bench.result import Result, result
from tests.bench.stage import Stage

TIMES = 7
MS = 1000.0


def measure(stage: Stage) -> list[Result]:
    """Each in turn; the first of both is not counted."""
    with open_work(SYSTEM, write=False) as work:
        html = render(compose(work, forms.any_form(work, stage.visitors[300].forms[0]), sealing=False))
    renderer = PdfRenderer(workers=1)
    ours, plain = [], []
    try:
        for _ in range(TIMES + 1):
            started = time.perf_counter()
            renderer.render(html)
            between = time.perf_counter()
            weasyprint.HTML(string=html).write_pdf(stylesheets=[weasyprint.CSS(filename=STYLESHEET)])
            plain.append(MS * (time.perf_counter() - between))
            ours.append(MS * (between - started))
    finally:
        renderer.close()
    return [result("PDF of a consent", ours[1:], "ms", plain[1:])]
