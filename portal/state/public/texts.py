"""The practice's texts on the screen."""

import reflex as rx

from portal.domain.prose import Block
from portal.queries import texts
from portal.state.bridge import public_event, read


class TextState(rx.State):
    """One of the practice's texts at a time."""

    blocks: list[Block] = []
    version: str = ""
    loading: bool = True

    @public_event
    async def load_privacy(self) -> None:
        """The privacy notice."""
        self._show(await read(texts.privacy_notice))

    @public_event
    async def load_terms(self) -> None:
        """The terms."""
        self._show(await read(texts.terms))

    def _show(self, text: texts.PracticeText) -> None:
        self.blocks, self.version, self.loading = text.blocks, text.version, False
