"""Settings: production refuses what is only fit for a desk, each with a sentence that says what to set."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from portal.settings import Settings

FIT = {
    "PORTAL_ENV": "production",
    "PORTAL_PUBLIC_URL": "https://portal.example.com",
    "PORTAL_DATABASE_URL": "postgresql://portal:a-long-one@db/portal",  # not-a-secret: made up
    "PORTAL_SMS": "twilio",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "t",
    "TWILIO_FROM_NUMBER": "+15035550100",
    "PORTAL_EMAIL": "sendgrid",
    "SENDGRID_API_KEY": "k",
    "PORTAL_EMAIL_FROM": "codes@example.com",
    "PORTAL_PAYMENTS": "off",
}


def load(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Settings:
    for name, value in (FIT | changes).items():
        monkeypatch.setenv(name, value)
    return Settings()  # pyright: ignore[reportCallIssue]


def test_a_fit_production_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert settings.secure_cookies
    assert settings.database == "postgresql+psycopg://portal:a-long-one@db/portal"  # not-a-secret: made up
    assert settings.origins == ("https://portal.example.com",)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORTAL_PUBLIC_URL", "http://portal.example.com", "must be the https address"),
        ("PORTAL_PUBLIC_URL", "", "must be the https address"),
        ("PORTAL_ALLOWED_ORIGINS", "*", "must not be *"),
        ("PORTAL_SECRET_KEY", "change-me", "default or too short"),
        ("PORTAL_SECRET_KEY", "short", "default or too short"),
        ("PORTAL_DATABASE_URL", "postgresql://portal:postgres@db/portal", "default password"),  # not-a-secret: made up
        ("PORTAL_REDIS_URL", "redis://cache:6379/0", "password of its own"),
        ("PORTAL_SMS", "twin", "Set PORTAL_SMS to twilio or off"),
        ("PORTAL_EMAIL", "twin", "Set PORTAL_EMAIL to sendgrid, smtp or off"),
        ("PORTAL_PAYMENTS", "twin", "Set PORTAL_PAYMENTS to stripe or off"),
        ("PORTAL_EMAIL_FROM", "notifications@lumiere.example", "demo address"),
        ("TWILIO_AUTH_TOKEN", "", "needs TWILIO_AUTH_TOKEN"),
        ("SENDGRID_API_KEY", "", "needs SENDGRID_API_KEY"),
        ("PORTAL_WORKERS", "2", "needs PORTAL_REDIS_URL"),
    ],
)
def test_production_refuses(monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence.replace("*", r"\*")):
        load(monkeypatch, **{name: value})


def test_features_may_be_off_but_not_both_ways_to_send_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, PORTAL_SMS="off").sms == "off"
    with pytest.raises(ValidationError, match="cannot both be off"):
        load(monkeypatch, PORTAL_SMS="off", PORTAL_EMAIL="off")


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sid").write_text("AC-from-file\n")
    monkeypatch.setenv("TWILIO_ACCOUNT_SID_FILE", str(tmp_path / "sid"))
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)
    assert load(monkeypatch, TWILIO_ACCOUNT_SID="").twilio_account_sid == "AC-from-file"


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = repr(load(monkeypatch))
    assert "a-long-one" not in text


def test_the_desk_needs_nothing() -> None:
    settings = Settings()  # pyright: ignore[reportCallIssue]
    assert (settings.env, settings.sms, settings.email) == ("development", "twin", "twin")
    assert settings.database.startswith("sqlite:///")
