"""Nothing of a person, and no secret, in the log."""

import logging

import pytest

from portal.security.redaction import Redacting, RedactingFormatter, redact


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("cookie: portal_session=Zm9vYmFy", "Zm9vYmFy"),
        ("{'x-portal-session': 'abcdef0123'}", "abcdef0123"),
        ("GET /_event?token=6a7c-11&transport=websocket", "6a7c-11"),
        ("sent code 482913 to +1 503 555 0187", "482913"),
        ("sent code 482913 to +1 503 555 0187", "555 0187"),
        ("mail for amélie.hart@exämple.com bounced", "amélie"),
        ("Error transforming event argument 'note' with value 'I am pregnant' and type hint", "pregnant"),
        ("Received event data as a string. Event data: {'note': 'sulfa allergy'}", "sulfa"),
        ('ticket="s3cr3t-ticket" next=/', "s3cr3t-ticket"),
    ],
)
def test_secrets_and_people_are_taken_out(line: str, secret: str) -> None:
    assert secret in line
    assert secret not in redact(line)


@pytest.mark.parametrize(
    "line", ["LM-7Q4K-2291 in AppointmentsState.cancel", "job outbox failed", "port 3000 is taken"]
)
def test_what_helps_stays(line: str) -> None:
    assert redact(line) == line


def test_arguments_and_tracebacks_are_redacted_too(caplog: pytest.LogCaptureFixture) -> None:
    handler = logging.Handler()
    handler.addFilter(Redacting())
    record = logging.LogRecord("x", logging.INFO, "f", 1, "code=%s", ("482913",), None)
    handler.filter(record)
    assert "482913" not in record.getMessage()
    error = ValueError("bad cookie: portal_session=Zm9vYmFy")
    text = RedactingFormatter().formatException((type(error), error, error.__traceback__))
    assert "Zm9vYmFy" not in text
    assert "ValueError" in text
