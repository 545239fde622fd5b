"""Whether a request comes from Twilio: checked with Twilio's own validator."""

from collections.abc import Mapping

from twilio.request_validator import RequestValidator


def is_from_twilio(auth_token: str, url: str, form: Mapping[str, str], signature: str) -> bool:
    """Whether Twilio signed this form for this address, the one that Twilio was given (https, as the world sees it)."""
    return bool(signature) and RequestValidator(auth_token).validate(url, dict(form), signature)
