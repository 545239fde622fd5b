"""What every document has: whose paper it is, its head, its signatures, its evidence and its seal."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from portal.documents import qr
from portal.documents.strokes import svg
from portal.domain.signature import Drawing

DEFAULT_BRAND = "#6f2e56"
PaperSize = Literal["Letter", "A4"]
# Who writes on Letter: the United States, Canada, Mexico and those around them (CLDR supplemental data, paperSize).
LETTER_COUNTRIES = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_templates = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def size_for(country: str) -> PaperSize:
    """The paper that printers hold in a country (ISO 3166, two letters)."""
    return "Letter" if country.upper() in LETTER_COUNTRIES else "A4"


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

    @property
    def colour(self) -> str:
        """The brand colour, safe to place in a style."""
        return self.brand if _HEX.fullmatch(self.brand) else DEFAULT_BRAND


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


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What all documents say, in words ready to print. Times carry their zone.

    `facts` are further lines of the head (treatment, visit, provider), `evidence` pairs of label and value.
    `text_sha256` is the hash of what was signed or submitted; `void` that the practice took the form back.
    `sealed_on` is set when the document is about to be sealed; `check_at` is the address where anybody checks it.
    """

    FINGERPRINT_OF: ClassVar[str]

    practice: Letterhead
    title: str
    version: str
    document_id: str
    patient: str
    date_of_birth: str
    status: str
    text_sha256: str
    zone: str
    created: datetime
    facts: tuple[tuple[str, str], ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    trail: tuple[TrailEvent, ...] = ()
    sealed_on: str = ""
    version_date: str = ""
    paper: PaperSize = "Letter"
    check_at: str = ""
    void: bool = False

    @property
    def sealed(self) -> bool:
        """Whether this is the final document; otherwise it is a copy of an open form."""
        return bool(self.sealed_on)

    @property
    def stage(self) -> str:
        """The look of the status: sealed, part (begun) or open."""
        return "sealed" if self.sealed else "open"

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
    def code(self) -> Markup | None:
        """Where to check the document, for a telephone's camera."""
        return qr.svg(self.check_at, f"QR code: {self.check_at}") if self.check_at else None

    @property
    def fingerprint(self) -> str:
        """The hash in groups of four, as people compare it."""
        return " ".join(self.text_sha256[start : start + 4] for start in range(0, len(self.text_sha256), 4))


def draw(template: str, document: Paper, **more: object) -> str:
    """`document` as HTML for the PDF renderer. The same document gives the same HTML."""
    return _templates.get_template(template).render(document=document, brand=document.practice.colour, **more)
