"""Rules of one-time passcodes: how long they live, how many tries they stand, how often they are sent."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.entry import Unclear

DIGITS = 6
LIFETIME = timedelta(minutes=10)
TRIES = 5
RESEND_AFTER = timedelta(seconds=30)
PER_CONTACT = ((5, timedelta(minutes=15)), (20, timedelta(days=1)))
PER_ADDRESS = (60, timedelta(hours=1))  # a clinic's guests share one network address
BIRTH_DATE_TRIES = 5
BIRTH_DATE_ROUNDS = 3  # in a day; then the front desk helps
TICKET_LIFETIME = timedelta(seconds=60)
MOST_DESTINATIONS = 4  # a household's members are written to one by one, within reason
ANOTHER_WAY = "If we have another way to reach you on file, a code is on its way there."


class Refusal(StrEnum):
    """Why a code did not open the door, in the words of the screen."""

    WRONG = "That code does not match. Check the newest message and enter its 6 digits."
    EXPIRED = "That code has expired. Choose Resend for a new one."
    SPENT = "That code no longer works. Choose Resend for a new one."
    REPLACED = "A newer code was sent. Enter the code from the newest message."
    GONE = "This log-in is over. Please start again."


def read_code(typed: str) -> str:
    """The six digits as typed or pasted; spaces and hyphens are not part of a code. Raises `Unclear`."""
    text = unicodedata.normalize("NFKC", typed)
    code = "".join(letter for letter in text if not letter.isspace() and letter not in "-‐–.")
    if not code:
        raise Unclear("Enter the 6 digits of your code.")
    if not code.isdecimal():
        raise Unclear("A code has digits only. Enter it exactly as shown.")
    if len(code) != DIGITS:
        raise Unclear(f"A code has {DIGITS} digits. You entered {len(code)}.")
    return "".join(str(int(digit)) for digit in code)


def wait_for_contact(sent: Sequence[datetime], now: datetime) -> int:
    """Seconds until this contact may be sent another code; 0 means now. `sent` are earlier sends, newest first."""
    return max(_wait(sent, now, most, span) for most, span in PER_CONTACT)


def wait_to_resend(last: datetime, now: datetime) -> int:
    """Seconds until **Resend** works after a code sent at `last`."""
    return max(0, seconds_left(last + RESEND_AFTER - now))


def in_words(seconds: int) -> str:
    """How long to wait, for a sentence: "in 40 seconds", "in 12 minutes", "in 5 hours"."""
    if seconds < 90:
        return f"in {seconds} second{'' if seconds == 1 else 's'}"
    minutes = -(-seconds // 60)
    return f"in {minutes} minutes" if minutes < 90 else f"in {-(-minutes // 60)} hours"


def _wait(sent: Sequence[datetime], now: datetime, most: int, span: timedelta) -> int:
    recent = [at for at in sent if at > now - span]
    return seconds_left(recent[most - 1] + span - now) if len(recent) >= most else 0


def seconds_left(left: timedelta) -> int:
    """Whole seconds to wait, rounded up; 0 when the time is over."""
    return max(1, -int(-left.total_seconds() // 1)) if left > timedelta(0) else 0
