"""Everything outside the portal: each thing one Protocol, one real class, one built-in twin, chosen in the settings.

Gateways know no database and no rule. They are called after a commit, by jobs that can try again.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from portal.gateways.captcha import Altcha, Captcha
from portal.gateways.delivery import silent
from portal.gateways.pdf import PdfRenderer
from portal.gateways.storage import Storage

if TYPE_CHECKING:
    from portal.gateways.email import Email
    from portal.gateways.seal import Seal
    from portal.gateways.sms import Sms
    from portal.settings import Settings


@dataclass(frozen=True)
class Gateways:
    """The outside, as this installation is set up. `sms` or `email` is None where it is switched off."""

    sms: "Sms | None"
    email: "Email | None"
    captcha: Captcha
    pdf: PdfRenderer
    seal: "Seal"
    storage: Storage


def build(settings: "Settings", practice: str = "") -> Gateways:
    """The gateways that `settings` choose. `practice` names the seal's certificate if one has to be made now."""
    from portal.security import keys

    return Gateways(
        sms=_sms(settings),
        email=_email(settings),
        captcha=Altcha(keys.key_for("captcha"), settings.captcha_cost),
        pdf=PdfRenderer(),
        seal=_seal(settings, practice or urlsplit(settings.public_url).hostname or "Practice"),
        storage=Storage(settings.var / "documents", keys.key_for("documents")),
    )


# The vendors' clients are large: each is imported where it is chosen, so that a portal without it does not carry it.


def _sms(settings: "Settings") -> "Sms | None":
    if settings.sms == "off":
        return None
    from portal.gateways.sms import TwilioSms, TwinSms

    if settings.sms == "twin":
        return TwinSms(silent if settings.production else print)
    return TwilioSms(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        settings.twilio_from,
        settings.twilio_api_url,
    )


def _email(settings: "Settings") -> "Email | None":
    if settings.email == "off":
        return None
    from portal.gateways.email import Sender, SendGridEmail, SmtpEmail, TwinEmail

    sender = Sender(settings.email_from, settings.email_from_name)
    if settings.email == "twin":
        return TwinEmail(silent if settings.production else print)
    if settings.email == "sendgrid":
        return SendGridEmail(settings.sendgrid_api_key.get_secret_value(), sender, settings.sendgrid_api_url)
    return SmtpEmail(
        settings.smtp_host,
        settings.smtp_port,
        sender,
        settings.smtp_username,
        settings.smtp_password.get_secret_value(),
        settings.smtp_starttls,
    )


def _seal(settings: "Settings", practice: str) -> "Seal":
    from portal.gateways.seal import Seal

    if settings.seal_certificate:
        return Seal(settings.seal_certificate, settings.seal_password.get_secret_value(), settings.timestamp_url)
    return Seal(make_certificate(settings, practice), _seal_password(), settings.timestamp_url)


def make_certificate(settings: "Settings", practice: str) -> Path:
    """The practice's own certificate under `var/keys`, made now in its name unless it is there already."""
    from portal.gateways.certificate import ensure_certificate

    return ensure_certificate(settings.var / "keys" / "seal.p12", practice, _seal_password())


def _seal_password() -> str:
    from portal.security import keys

    return keys.key_for("seal").hex()


@lru_cache(maxsize=1)
def gateways() -> Gateways:
    """The gateways of this process."""
    from portal.settings import settings

    return build(settings())
