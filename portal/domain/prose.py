"""Plain text that a practice wrote, as paragraphs, headings and lists: shown as text, never as markup."""

import re
from dataclasses import dataclass, field

_STRONG = re.compile(r"\*\*(\S(?:.*?\S)?)\*\*")


@dataclass(frozen=True, slots=True)
class Run:
    """Some words, emphasised or not."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: of a heading or paragraph the only one, of a list an item."""

    runs: list[Run]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece: `kind` is heading, list or paragraph."""

    kind: str
    lines: list[Line] = field(default_factory=list[Line])


def blocks(text: str) -> list[Block]:
    """Split at empty lines; "# " starts a heading and "- " or "* " an item. Lines of a paragraph are joined.

    Words between double asterisks are emphasised.
    """
    found: list[Block] = []
    paragraph: list[str] = []

    def close() -> None:
        if paragraph:
            found.append(Block("paragraph", [line(" ".join(paragraph))]))
            paragraph.clear()

    in_list = False
    for raw in text.splitlines():
        words = raw.strip()
        if not words:
            close()
            continue
        item = words.startswith(("- ", "* "))
        if item:
            close()
            if not in_list:
                found.append(Block("list"))
            found[-1].lines.append(line(words[2:].strip()))
        elif words.startswith("#"):
            close()
            found.append(Block("heading", [line(words.lstrip("#").strip())]))
        else:
            paragraph.append(words)
        in_list = item
    close()
    return found


def line(words: str) -> Line:
    """One line, cut where emphasis begins and ends."""
    parts = _STRONG.split(words)  # what is between, what is emphasised, what is between …
    return Line([Run(part, strong=bool(number % 2)) for number, part in enumerate(parts) if part])
