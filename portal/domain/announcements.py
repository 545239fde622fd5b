"""What a practice tells all its patients: the reminders shown with every visit, and promotions on the Dashboard.

Source: behaviour, section 2: Important Reminders of 50 words at most; a banner has a text, a start, an end, on or off.
"""

from datetime import datetime
from urllib.parse import urlsplit

from portal.errors import Invalid

MOST_WORDS = 50
LONGEST_BANNER = 160  # characters: two lines on a phone
LONGEST_LABEL = 30


def important_reminders(text: str) -> str:
    """The text with its spaces in order; empty is none. `Invalid` for more than 50 words."""
    words = text.split()
    if len(words) > MOST_WORDS:
        raise Invalid({"reminders": f"Use at most {MOST_WORDS} words. These are {len(words)}."})
    return " ".join(words)


def banner(text: str, href: str, label: str, starts_at: datetime, ends_at: datetime) -> tuple[str, str, str]:
    """Text, address and words of the link, in order. `Invalid` says beside each what is wrong with it."""
    text, href, label = " ".join(text.split()), href.strip(), " ".join(label.split())
    wrong: dict[str, str] = {}
    if not 0 < len(text) <= LONGEST_BANNER:
        wrong["text"] = f"Write what is on offer, in at most {LONGEST_BANNER} characters."
    if href and not leads_somewhere_safe(href):
        wrong["href"] = "Give an address that begins with https://, or a page of the portal that begins with /."
    if bool(href) != bool(label) or len(label) > LONGEST_LABEL:
        wrong["label"] = f"A link has an address and words to click, at most {LONGEST_LABEL} characters."
    if ends_at <= starts_at:
        wrong["ends_at"] = "The end must come after the start."
    if wrong:
        raise Invalid(wrong)
    return text, href, label


def leads_somewhere_safe(href: str) -> bool:
    """A page of ours, or another site over https; nothing that a browser would run."""
    if any(ord(letter) <= 32 or letter == "\\" for letter in href):
        return False
    if href.startswith("/"):
        return not href.startswith("//")
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
