"""A consent on paper: signed and sealed, or an open copy that says so on every page."""

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from portal.documents.markdown import sanitise
from portal.documents.paper import Paper, SignatureBlock, draw
from portal.domain.paperwork import INTENT


@dataclass(frozen=True, kw_only=True)
class ConsentDocument(Paper):
    """Everything a consent says. `initials` are pairs of section and initials, `choice` what was chosen."""

    FINGERPRINT_OF: ClassVar[str] = "the text that was signed"

    body_html: str
    initials: tuple[tuple[str, str], ...] = ()
    choice: str = ""
    signatures: tuple[SignatureBlock, ...] = ()
    intent: str = INTENT

    @property
    def stage(self) -> str:
        """The look of the status: sealed, part-signed or open."""
        if self.sealed:
            return "sealed"
        return "part" if not self.void and any(signature.signed for signature in self.signatures) else "open"


def render(document: ConsentDocument) -> str:
    """`document` as HTML for the PDF renderer. The same document gives the same HTML."""
    body = Markup(sanitise(document.body_html))  # noqa: S704  # nosec B704: sanitised in this very line
    return draw("consent.html", document, body=body)
