"""Do Not SMS and Do Not Email: what they stop, what is kept as proof, where a wish can come from.

Source: `behaviour.md` 7, `domain-facts.md` 8 (keep what a person asked for, such as a code, apart from what they are
told).
"""

from portal.domain.contacts import EMAIL, PHONE

NAMES = {PHONE: "Do Not SMS", EMAIL: "Do Not Email"}
MESSAGES = {PHONE: "text messages", EMAIL: "emails"}

CAUTION = (
    "Opting out also stops the messages about appointments and follow-ups: tell the client before you switch one on. "
    "Codes to log in with are always sent."
)

#: Where a yes or no was said, as it is read.
SOURCES = {
    "sign-up": "at registration",
    "profile": "in My Profile",
    "staff": "at the practice",
    "booking": "at online booking",
    "carrier": "by text",
    "unsubscribe link": "by the link in an email",
    "import": "in the system before this one",
}

#: How a client told staff.
TOLD = {"in person": "In person", "by phone": "By phone", "in writing": "In writing"}


def wording(channel: str, told: str, *, stop: bool) -> str:
    """What staff put on record in the client's name; shown before it is saved, and kept as it was shown."""
    said = TOLD[told].lower()
    if stop:
        return f"The client said {said}: no more {MESSAGES[channel]}, not about appointments and follow-ups either."
    return f"The client said {said}: send me {MESSAGES[channel]} about my visits and forms again."
