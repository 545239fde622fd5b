"""The settings choose the gateways."""

from pathlib import Path
from typing import Any

import pytest

from portal import gateways
from portal.gateways.email import SendGridEmail, SmtpEmail, TwinEmail
from portal.gateways.sms import TwilioSms, TwinSms
from portal.settings import Settings


def build(tmp_path: Path, **chosen: Any) -> gateways.Gateways:
    return gateways.build(Settings(var=tmp_path, **chosen), practice="Lumière Aesthetics")  # pyright: ignore[reportCallIssue]


def test_a_fresh_clone_has_twins_and_everything_else_for_real(tmp_path: Path):
    made = build(tmp_path)
    assert isinstance(made.sms, TwinSms)
    assert isinstance(made.email, TwinEmail)
    assert made.storage.get(made.storage.put(b"x")) == b"x"
    assert made.captcha.challenge()["signature"]
    assert (tmp_path / "keys" / "seal.p12").stat().st_mode & 0o777 == 0o600


def test_real_senders(tmp_path: Path):
    made = build(
        tmp_path,
        sms="twilio",
        twilio_account_sid="AC1",
        twilio_auth_token="t",
        twilio_from="+12015550123",
        email="sendgrid",
        sendgrid_api_key="SG.1",
    )
    assert isinstance(made.sms, TwilioSms)
    assert isinstance(made.email, SendGridEmail)
    assert isinstance(build(tmp_path, email="smtp", smtp_host="mail.example.com").email, SmtpEmail)


@pytest.mark.parametrize("name", ["sms", "email"])
def test_off_is_nobody(tmp_path: Path, name: str):
    assert getattr(build(tmp_path, **{name: "off"}), name) is None
    assert getattr(build(tmp_path), name) is not None
