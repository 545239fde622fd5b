"""Telephone numbers and email addresses: read in any human format, kept in one form, shown masked.

The numbering plans and the grammar of addresses come from two offline libraries, pure data and rules both.
"""

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from portal.domain.entry import Unclear

PHONE, EMAIL = "phone", "email"
KINDS = {PHONE: "phone number", EMAIL: "email address"}
_LONGEST = 254


def read_contact(channel: str, typed: str, region: str) -> str:
    """A phone number or email address in the form it is kept and looked up. Raises `Unclear`."""
    return read_phone(typed, region) if channel == PHONE else read_email(typed)


def read_phone(typed: str, region: str) -> str:
    """A telephone number as E.164; `region` is the country of numbers that name none. Raises `Unclear`.

    The number must be *possible* in its country. Whether it is in use only a code can tell.
    """
    text = typed.strip()
    if not text:
        raise Unclear("Add your phone number.")
    if len(text) > 40:
        raise Unclear("That is longer than any phone number. Please check it.")
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise Unclear(f"That does not look like a phone number. Write it like {_example(region)}.") from None
    if number.extension:
        raise Unclear("Please leave out the extension: a text cannot reach it.")
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
        case ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise Unclear(f"Add the area code, as in {_example(region)}.")
        case ValidationResult.TOO_SHORT:
            raise Unclear(f"That number is too short. Write it with area code, like {_example(region)}.")
        case ValidationResult.TOO_LONG:
            raise Unclear(f"That number has too many digits. Write it like {_example(region)}.")
        case _:
            raise Unclear(f"That number is not complete. Write it like {_example(region)}, or with + and the country.")


def read_email(typed: str) -> str:
    """An email address in lower case and composed letters (Unicode NFC); letters outside ASCII are welcome.

    No server on the internet tells upper from lower case before the @, and people do not either. Raises `Unclear`.
    """
    text = typed.strip().strip("<>,;")
    if not text:
        raise Unclear("Add your email address.")
    before, at, domain = text.rpartition("@")
    if not at or not before:
        raise Unclear("An email address has an @ in it, such as name@example.com.")
    if not domain:
        raise Unclear("Add what comes after the @, such as example.com.")
    if "." not in domain.strip("."):
        raise Unclear("Add the ending of your email address, such as .com")
    if " " in text:
        raise Unclear("An email address has no spaces. Please take them out.")
    if len(text) > _LONGEST:
        raise Unclear("That is longer than any email address. Please check it.")
    try:
        # The check for reserved endings such as .test is only about deliverability, which a code proves better.
        found = validate_email(text, check_deliverability=False, allow_smtputf8=True, test_environment=True)
    except EmailNotValidError:
        raise Unclear("That does not look like an email address. Please check it for a typing error.") from None
    return found.normalized.lower()


def mask(channel: str, value: str) -> str:
    """A contact as it may stand on a screen before anyone has proved anything."""
    if channel == PHONE:
        return f"the number ending in {value[-4:]}"
    before, _, domain = value.rpartition("@")
    return f"{before[:1]}•••@{domain}"


def show_phone(value: str, region: str) -> str:
    """An E.164 number as people of `region` write it: (503) 555-0187 at home, +44 20 7946 0018 from elsewhere."""
    try:
        number = phonenumbers.parse(value, None)
    except NumberParseException:
        return value
    at_home = phonenumbers.country_code_for_region(region) == number.country_code
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    )


def show(channel: str, value: str, region: str) -> str:
    """A contact in full, as its owner reads it."""
    return show_phone(value, region) if channel == PHONE else value


def calling_code(region: str) -> str:
    """The country's prefix, such as +1."""
    return f"+{phonenumbers.country_code_for_region(region)}"


def _example(region: str) -> str:
    number = phonenumbers.example_number(region)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL) if number else "+1 201-555-0123"
