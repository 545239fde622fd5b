"""The FAQ, by feature: its own questions, answered in the practice's words and with its own contact details.

A section is shown when its feature is part of this portal. `{practice}` and `{sender}` are filled in by the page.
"""

from portal.domain.help import appointments, getting_in, notifications, paperwork, trouble
from portal.domain.help.content import Question, Section

SECTIONS: tuple[Section, ...] = (
    getting_in.STARTED,
    getting_in.GETTING_IN,
    appointments.APPOINTMENTS,
    paperwork.PAPERWORK,
    notifications.NOTIFICATIONS,
    trouble.TECHNICAL,
    trouble.STILL,
)


def sections(features: frozenset[str]) -> tuple[Section, ...]:
    """What this portal can be asked about; `features` are the labels of its menu."""
    return tuple(
        Section(section.id, section.title, tuple(q for q in section.questions if not q.needs or q.needs in features))
        for section in SECTIONS
        if not section.needs or section.needs in features
    )


__all__ = ["SECTIONS", "Question", "Section", "sections"]
