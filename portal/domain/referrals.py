"""How people hear of the practice: sources, and subcategories of some of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: What a new practice begins with. It manages its own list from then on.
FIRST: Mapping[str, tuple[str, ...]] = {
    "Friend or family": (),
    "Social media": ("Instagram", "Facebook", "TikTok", "YouTube"),
    "Online search": ("Google", "Apple Maps", "Yelp"),
    "A doctor or another provider": (),
    "Event": ("Open house", "Magazine"),
}
OTHER = "Other"  # the last of them; a name goes with it


@dataclass(frozen=True, slots=True)
class Source:
    """One that is offered. `parent` is the id of its source, of a subcategory; `asks_name` is "other"."""

    id: str
    name: str
    parent: str = ""
    asks_name: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """How somebody heard of the practice: the id of the source, or of the subcategory where one was chosen."""

    id: str = ""
    source: str = ""  # the source's own name
    detail: str = ""  # the name that goes with it


def below(offered: Sequence[Source], parent: str = "") -> list[tuple[str, str]]:
    """The subcategories of a source, by id; of none, the sources."""
    return [(one.id, one.name) for one in offered if one.parent == parent]


def asks_name(offered: Sequence[Source], *chosen: str) -> bool:
    """Whether a name goes with what was chosen: with the source, or with the subcategory."""
    return any(one.asks_name for one in offered if one.id in chosen)


def heard(offered: Sequence[Source], source: str, sub: str, detail: str) -> Heard:
    """What a client said, of what is offered. What is not offered, or belongs to another source, was not said."""
    by_id = {one.id: one for one in offered}
    top = by_id.get(source)
    if top is None or top.parent:
        return Heard()
    under = by_id.get(sub)
    chosen = under if under is not None and under.parent == top.id else top
    return Heard(chosen.id, top.name, detail if asks_name(offered, top.id, chosen.id) else "")
