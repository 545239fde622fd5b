"""A solved CAPTCHA is good once: it is spent in the transaction it protects."""

from datetime import timedelta
from functools import lru_cache

from sqlalchemy.exc import IntegrityError

from portal.errors import Invalid
from portal.gateways.captcha import LIFETIME_SECONDS, Altcha, Captcha
from portal.models import SpentCaptcha
from portal.security.keys import key_for
from portal.settings import settings
from portal.work import Work

MISSING = "Please complete the CAPTCHA verification first."
STALE = "That verification has been used or is too old. Please complete it once more."


@lru_cache
def checker() -> Captcha:
    """What checks answers; the same key and cost as the challenges that are handed out."""
    return Altcha(key_for("captcha"), settings().captcha_cost)


def spend(work: Work, payload: str) -> None:
    """Accept a solved CAPTCHA once. `Invalid` with the field `captcha` when it is missing, wrong, old or used."""
    if not payload:
        raise Invalid({"captcha": MISSING}, MISSING)
    signature = checker().verify(payload)
    if signature is None:
        raise Invalid({"captcha": STALE}, STALE)
    spent = SpentCaptcha(signature=signature, expires_at=work.now() + timedelta(seconds=LIFETIME_SECONDS))
    try:
        with work.db.begin_nested():
            work.add(spent)
    except IntegrityError:
        raise Invalid({"captcha": STALE}, STALE) from None
