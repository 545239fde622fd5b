"""What the live region says. Fed by the bridge; shown by `components.ui.feedback`."""

import time

import reflex as rx

from portal.security import access

ON_THE_WAY = 3.0  # seconds: what was said just before a page opened was said for that page


class FeedbackState(rx.State):
    """One message at a time. `seq` grows with each, so that the same words are announced again."""

    message: str = ""
    kind: str = "ok"  # ok, info, fields, error, fault; the last two stay until closed
    reference: str = ""
    seq: int = 0

    _said_at: float = 0.0

    async def dismiss(self) -> None:
        """Close the message."""
        self.message, self.reference = "", ""

    access.declare(dismiss, access.Access("public", passive=True))

    def _arrive(self) -> None:
        """A page opens: what was said on the one before is over."""
        if self.message and time.time() - self._said_at > ON_THE_WAY:
            self.message, self.reference = "", ""

    def _show(self, message: str, kind: str) -> None:
        self.message, self.kind, self.reference = message, kind, ""
        self._said_at = time.time()
        self.seq += 1

    def _fault(self, reference: str) -> None:
        self.message = "Something went wrong on our side. Nothing you entered was lost. Please try again, or call us."
        self.kind, self.reference = "fault", reference
        self._said_at = time.time()
        self.seq += 1
