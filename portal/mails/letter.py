"""One message, said three ways: plain text, HTML and SMS, all from the same few sentences.

Messages carry no treatment name and no health detail: a telephone lies on a table.
"""

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

STOP = "Stop these emails"
DEFAULT_BRAND = "#6f2e56"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_templates = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Practice:
    """Who writes. `url` is the portal's address, `brand` its colour as #rrggbb, `phone` as people dial it;
    `unsubscribe` is where the reader stops such emails, for those that are not the answer to an act of theirs."""

    name: str
    url: str
    phone: str = ""
    brand: str = DEFAULT_BRAND
    unsubscribe: str = ""

    @property
    def colour(self) -> str:
        """The brand colour, safe to place in a style."""
        return self.brand if _HEX.fullmatch(self.brand) else DEFAULT_BRAND

    @property
    def domain(self) -> str | None:
        """The portal's domain for codes that a phone fills in only there; None for addresses that are no domain."""
        host = urlsplit(self.url).hostname or ""
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host if "." in host else None
        return None


@dataclass(frozen=True)
class Letter:
    """A message ready to send. `sms` is None for what goes by email only."""

    subject: str
    text: str
    html: str
    sms: str | None = None


@dataclass(frozen=True)
class Button:
    """The one thing to do next."""

    label: str
    href: str


def compose(
    practice: Practice,
    subject: str,
    *paragraphs: str,
    greeting: str = "Hello,",
    card: tuple[str, ...] = (),
    code: str = "",
    button: Button | None = None,
    afterwards: tuple[str, ...] = (),
    sms: str | None = None,
) -> Letter:
    """A letter from its sentences: greeting, paragraphs, what stands out (the lines of `card`, the code, the button),
    what comes after, and who wrote."""
    subject = " ".join(subject.split())  # a name with a line break must not become a header
    call = f"Questions? Call us at {practice.phone}." if practice.phone else ""
    parts = [
        greeting,
        *paragraphs,
        *(["\n".join(card)] if card else []),
        *([code] if code else []),
        *([f"{button.label}: {button.href}"] if button else []),
        *afterwards,
        "\n".join(line for line in (practice.name, call, practice.url) if line),
        *([f"{STOP}: {practice.unsubscribe}"] if practice.unsubscribe else []),
    ]
    html = _templates.get_template("letter.html").render(
        practice=practice,
        subject=subject,
        greeting=greeting,
        paragraphs=paragraphs,
        card=card,
        code=code,
        button=button,
        afterwards=afterwards,
        call=call,
        stop=STOP,
    )
    return Letter(subject, "\n\n".join(parts) + "\n", html, sms)
