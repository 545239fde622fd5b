"""Help and the practice's own texts."""

from portal import routes
from portal.domain.help import SECTIONS, sections
from portal.domain.passcodes import LIFETIME, TRIES
from portal.domain.prose import blocks


def words() -> str:
    return " ".join(
        " ".join((question.asked, question.words, *question.points, question.closing))
        for section in SECTIONS
        for question in section.questions
    )


def test_p77_only_features_of_this_portal_are_explained() -> None:
    assert "paperwork" not in {section.id for section in sections(frozenset())}
    assert "paperwork" in {section.id for section in sections(frozenset({"Task Management"}))}
    known = {item.label for item in routes.MENU}
    assert {section.needs for section in SECTIONS if section.needs} <= known


def test_p12_p78_the_front_desk_and_the_sender_are_named() -> None:
    lost = next(q for section in SECTIONS for q in section.questions if "on file. What do I do" in q.asked)
    assert lost.call
    assert "{sender}" in words()


def test_what_help_says_of_codes_is_what_the_rules_say() -> None:
    assert f"for {int(LIFETIME.total_seconds() // 60)} minutes" in words()
    assert TRIES == 5
    assert "After five wrong tries" in words()


def test_a_practices_text_is_shown_as_text() -> None:
    text = "# What we keep\n\nYour name\nand visits.\n\n- **To treat you.** Always\n- <script>x</script>\n"
    shown = blocks(text)
    assert [block.kind for block in shown] == ["heading", "paragraph", "list"]
    assert shown[1].lines[0].runs[0].text == "Your name and visits."
    assert shown[2].lines[0].runs[0].strong
    assert shown[2].lines[1].runs[0].text == "<script>x</script>"
    assert blocks("") == []
