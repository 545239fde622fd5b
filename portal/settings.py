"""Everything an operator can set, read once from the environment, `.env` and `*_FILE` secrets.

Production refuses what is only fit for a desk: default secrets, built-in twins, open origins, plain http.
Each refusal is a sentence that says what to set.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

DEFAULT_SECRETS = frozenset({"", "change-me", "changeme", "changethis", "secret", "password", "portal", "postgres"})


class SecretFiles(PydanticBaseSettingsSource):
    """`NAME_FILE=/run/secrets/name` gives the value of `NAME`, as container platforms hand over secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = field.alias or field_name
        path = os.environ.get(f"{name}_FILE")
        return (Path(path).read_text().strip() if path else None), name, False

    def __call__(self) -> dict[str, Any]:
        found = {}
        for field_name, field in self.settings_cls.model_fields.items():
            value, name, _ = self.get_field_value(field, field_name)
            if value is not None:
                found[name] = value
        return found


class Settings(BaseSettings):
    """The portal's settings. Names are the environment's; see `.env.example` for what each means."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True, env_ignore_empty=True)

    env: Literal["development", "production"] = Field("development", alias="PORTAL_ENV")
    public_url: str = Field("http://127.0.0.1:3000", alias="PORTAL_PUBLIC_URL")
    port: int = Field(3000, alias="PORTAL_PORT")
    host: str = Field("127.0.0.1", alias="PORTAL_HOST")
    database_url: SecretStr = Field(SecretStr(""), alias="PORTAL_DATABASE_URL")
    redis_url: SecretStr = Field(SecretStr(""), alias="PORTAL_REDIS_URL")
    var: Path = Field(Path("var"), alias="PORTAL_VAR")
    workers: int = Field(1, alias="PORTAL_WORKERS", ge=1, le=64)
    trusted_proxy_hops: int = Field(0, alias="PORTAL_TRUSTED_PROXY_HOPS", ge=0, le=8)
    allowed_origins: str = Field("", alias="PORTAL_ALLOWED_ORIGINS")
    secret_key: SecretStr | None = Field(None, alias="PORTAL_SECRET_KEY")
    metrics_token: SecretStr | None = Field(None, alias="PORTAL_METRICS_TOKEN")
    captcha_cost: int = Field(1_000, alias="PORTAL_CAPTCHA_COST", ge=100, le=1_000_000)
    jobs: Literal["on", "off"] = Field("on", alias="PORTAL_JOBS")

    sms: Literal["twin", "twilio", "off"] = Field("twin", alias="PORTAL_SMS")
    twilio_account_sid: str = Field("", alias="TWILIO_ACCOUNT_SID")
    twilio_auth_token: SecretStr = Field(SecretStr(""), alias="TWILIO_AUTH_TOKEN")
    twilio_from: str = Field("", alias="TWILIO_FROM_NUMBER")
    twilio_api_url: str | None = Field(None, alias="TWILIO_API_URL")

    booking_secret: SecretStr = Field(SecretStr(""), alias="PORTAL_BOOKING_SECRET")

    email: Literal["twin", "sendgrid", "smtp", "off"] = Field("twin", alias="PORTAL_EMAIL")
    email_from: str = Field("notifications@lumiere.example", alias="PORTAL_EMAIL_FROM")
    email_from_name: str = Field("", alias="PORTAL_EMAIL_FROM_NAME")
    sendgrid_api_key: SecretStr = Field(SecretStr(""), alias="SENDGRID_API_KEY")
    sendgrid_api_url: str | None = Field(None, alias="SENDGRID_API_URL")
    smtp_host: str = Field("", alias="SMTP_HOST")
    smtp_port: int = Field(587, alias="SMTP_PORT")
    smtp_username: str = Field("", alias="SMTP_USERNAME")
    smtp_password: SecretStr = Field(SecretStr(""), alias="SMTP_PASSWORD")
    smtp_starttls: bool = Field(default=True, alias="SMTP_STARTTLS")

    payments: Literal["twin", "stripe", "off"] = Field("twin", alias="PORTAL_PAYMENTS")
    stripe_secret_key: SecretStr = Field(SecretStr(""), alias="STRIPE_SECRET_KEY")

    loyalty_links: dict[str, str] = Field({}, alias="PORTAL_LOYALTY_LINKS")

    seal_certificate: Path | None = Field(None, alias="PORTAL_SEAL_CERTIFICATE")
    seal_password: SecretStr = Field(SecretStr(""), alias="PORTAL_SEAL_PASSWORD")
    timestamp_url: str | None = Field(None, alias="PORTAL_TIMESTAMP_URL")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SecretFiles(settings_cls), dotenv_settings

    @property
    def production(self) -> bool:
        """Whether the strict rules hold."""
        return self.env == "production"

    @property
    def secure_cookies(self) -> bool:
        """Cookies are marked Secure whenever the public address is https."""
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        """The SQLAlchemy address; the embedded SQLite file under `var` unless one is set."""
        url = self.database_url.get_secret_value()
        if not url:
            return f"sqlite:///{self.var.absolute() / 'portal.db'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
            "postgres://", "postgresql+psycopg://", 1
        )

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins that may open the socket or post forms: the public one, its own host, and any named extra."""
        extra = [origin.strip().rstrip("/") for origin in self.allowed_origins.split(",") if origin.strip()]
        parts = urlsplit(self.public_url)
        own = [f"{parts.scheme}://{parts.netloc}"]
        if not self.production:
            own += [f"http://{host}:{self.port}" for host in ("127.0.0.1", "localhost")]
        return tuple(dict.fromkeys(own + extra))

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        problems = [sentence for sentence in self._missing() if sentence]
        if self.production:
            problems += [sentence for sentence in self._unfit_for_production() if sentence]
        if problems:
            raise ValueError(" ".join(problems))
        return self

    def _missing(self) -> list[str | None]:
        def needs(wanted: bool, value: object, sentence: str) -> str | None:
            return sentence if wanted and not value else None

        twilio, sendgrid = self.sms == "twilio", self.email == "sendgrid"
        return [
            needs(twilio, self.twilio_account_sid, "PORTAL_SMS=twilio needs TWILIO_ACCOUNT_SID."),
            needs(twilio, self.twilio_auth_token.get_secret_value(), "PORTAL_SMS=twilio needs TWILIO_AUTH_TOKEN."),
            needs(twilio, self.twilio_from, "PORTAL_SMS=twilio needs TWILIO_FROM_NUMBER."),
            needs(sendgrid, self.sendgrid_api_key.get_secret_value(), "PORTAL_EMAIL=sendgrid needs SENDGRID_API_KEY."),
            needs(self.email == "smtp", self.smtp_host, "PORTAL_EMAIL=smtp needs SMTP_HOST."),
            needs(
                self.payments == "stripe",
                self.stripe_secret_key.get_secret_value(),
                "PORTAL_PAYMENTS=stripe needs STRIPE_SECRET_KEY.",
            ),
            needs(
                bool(self.booking_secret.get_secret_value()),
                len(self.booking_secret.get_secret_value()) >= 32,
                "PORTAL_BOOKING_SECRET is too short: set 32 random characters or more.",
            ),
            needs(
                self.workers > 1,
                self.redis_url.get_secret_value(),
                "PORTAL_WORKERS above 1 needs PORTAL_REDIS_URL, so that workers share what is open.",
            ),
            needs(
                self.workers > 1,
                not self.database.startswith("sqlite"),
                "PORTAL_WORKERS above 1 needs PostgreSQL: set PORTAL_DATABASE_URL.",
            ),
            *(
                f"PORTAL_LOYALTY_LINKS: {name} must be an https address."
                for name, address in self.loyalty_links.items()
                if not address.startswith("https://")
            ),
        ]

    def _unfit_for_production(self) -> list[str | None]:
        def twin(name: str, value: str, real: str) -> str | None:
            return f"{name}: the built-in twin sends nothing. Set {name} to {real} or off." if value == "twin" else None

        secret = self.secret_key.get_secret_value() if self.secret_key else None
        password = urlsplit(self.database).password
        redis = self.redis_url.get_secret_value()
        return [
            None
            if self.public_url.startswith("https://")
            else "PORTAL_PUBLIC_URL must be the https address that patients open, for example https://portal.example.com.",
            "PORTAL_ALLOWED_ORIGINS must not be *: name the origins, or leave it empty."
            if "*" in self.allowed_origins
            else None,
            "PORTAL_SECRET_KEY is a default or too short: set 32 random characters or more, or leave it unset to have "
            "a key made at first run."
            if secret is not None and (secret.lower() in DEFAULT_SECRETS or len(secret) < 32)
            else None,
            "PORTAL_DATABASE_URL has a default password: set one of its own."
            if password is not None and password.lower() in DEFAULT_SECRETS
            else None,
            "PORTAL_REDIS_URL needs a password of its own."
            if redis and (urlsplit(redis).password or "").lower() in DEFAULT_SECRETS and not redis.startswith("unix")
            else None,
            "PORTAL_EMAIL_FROM still has the demo address: set the address that codes come from."
            if self.email != "off" and self.email_from.endswith("lumiere.example")
            else None,
            "PORTAL_SMS and PORTAL_EMAIL cannot both be off: sign-in codes need one of them."
            if self.sms == "off" and self.email == "off"
            else None,
            twin("PORTAL_SMS", self.sms, "twilio"),
            twin("PORTAL_EMAIL", self.email, "sendgrid, smtp"),
            twin("PORTAL_PAYMENTS", self.payments, "stripe"),
        ]


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # pyright: ignore[reportCallIssue]  # every field has a default or comes from the environment
