"""Plain text that a practice wrote, as paragraphs, headings and lists: shown as text, never as markup."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One piece: `kind` is heading, item or paragraph."""

    kind: str
    text: str


def blocks(text: str) -> list[Block]:
    """Split at empty lines; "# " starts a heading and "- " or "* " an item. Lines of a paragraph are joined."""
    found: list[Block] = []
    paragraph: list[str] = []

    def close() -> None:
        if paragraph:
            found.append(Block("paragraph", " ".join(paragraph)))
            paragraph.clear()

    for raw in text.splitlines():
        line = raw.strip()
        if not line:
            close()
        elif line.startswith("#"):
            close()
            found.append(Block("heading", line.lstrip("#").strip()))
        elif line.startswith(("- ", "* ")):
            close()
            found.append(Block("item", line[2:].strip()))
        else:
            paragraph.append(line)
    close()
    return found
