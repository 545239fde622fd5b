"""A consent on paper: signed and sealed, or an open copy that says so on every page."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from portal.documents.markdown import sanitise
from portal.documents.strokes import svg
from portal.domain.signature import Drawing

INTENT = "I have read and understood this consent, and I intend this to be my legal signature."
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
class Letterhead:
    """Whose paper it is. `brand` is the practice's colour as #rrggbb; anything else falls back to the default."""

    name: str
    address: tuple[str, ...]
    phone: str
    website: str = ""
    brand: str = DEFAULT_BRAND

    @property
    def wordmark(self) -> tuple[str, str]:
        """The name as it is set: its first word strong, the rest quiet."""
        first, _, rest = self.name.partition(" ")
        return first, rest


@dataclass(frozen=True)
class SignatureBlock:
    """One signature line. Without a `drawing` or `typed_name` the line is empty: still to be signed.

    `name` may be empty while it is not known who will sign.
    """

    role: str
    name: str
    relationship: str = ""
    drawing: Drawing | None = None
    typed_name: str = ""
    signed_at: str = ""  # date and time with the zone

    @property
    def signed(self) -> bool:
        """Whether somebody signed here."""
        return bool(self.drawing or self.typed_name)

    @property
    def ink(self) -> Markup | None:
        """The drawn signature as SVG."""
        return svg(self.drawing, f"Signature of {self.name}") if self.drawing else None

    @property
    def capacity(self) -> str:
        """In what capacity and how it was signed: "Witness, front desk. Drawn signature."."""
        how = "Not signed yet." if not self.signed else f"{'Drawn' if self.drawing else 'Typed'} signature."
        who = ", ".join(part for part in (self.role, self.relationship) if part)
        return f"{who}. {how}" if self.name else how  # a line that waits for anybody is headed by its role


@dataclass(frozen=True)
class TrailEvent:
    """One line of the audit trail."""

    when: str
    what: str
    person: str = ""
    device: str = ""


@dataclass(frozen=True)
class ConsentDocument:
    """Everything a consent says, in words ready to print. Times carry their zone.

    `facts` are further lines of the head (client number, treatment, visit, provider), `initials` pairs of section and
    initials, `evidence` pairs of label and value. `sealed_on` is set when the document is about to be sealed.
    """

    practice: Letterhead
    title: str
    version: str
    document_id: str
    patient: str
    date_of_birth: str
    status: str
    body_html: str
    text_sha256: str
    zone: str
    created: datetime
    facts: tuple[tuple[str, str], ...] = ()
    initials: tuple[tuple[str, str], ...] = ()
    signatures: tuple[SignatureBlock, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    trail: tuple[TrailEvent, ...] = ()
    sealed_on: str = ""
    version_date: str = ""
    paper: Literal["Letter", "A4"] = "Letter"
    intent: str = field(default=INTENT)

    @property
    def sealed(self) -> bool:
        """Whether this is the final document; otherwise it is a copy of an open form."""
        return bool(self.sealed_on)

    @property
    def stage(self) -> str:
        """The look of the status: sealed, part-signed or open."""
        if self.sealed:
            return "sealed"
        return "part" if any(signature.signed for signature in self.signatures) else "open"

    @property
    def head(self) -> list[list[tuple[str, str]]]:
        """Label and value of the head, in rows of three."""
        pairs = [
            ("Patient", self.patient),
            ("Date of birth", self.date_of_birth),
            *self.facts,
            ("Status", self.status),
            ("Form version", ", ".join(part for part in (self.version, self.version_date) if part)),
            ("Document", self.document_id),
        ]
        rows = [pairs[start : start + 3] for start in range(0, len(pairs), 3)]
        rows[-1] += [("", "")] * (3 - len(rows[-1]))
        return rows

    @property
    def fingerprint(self) -> str:
        """The text's hash in groups of four, as people compare it."""
        return " ".join(self.text_sha256[start : start + 4] for start in range(0, len(self.text_sha256), 4))


def render(document: ConsentDocument) -> str:
    """`document` as HTML for the PDF renderer. The same document gives the same HTML."""
    brand = document.practice.brand if _HEX.fullmatch(document.practice.brand) else DEFAULT_BRAND
    return _templates.get_template("consent.html").render(
        document=document,
        brand=brand,
        body=Markup(sanitise(document.body_html)),  # noqa: S704  # nosec B704: sanitised in this very line
    )
