"""A practice's own texts: cut into pieces, nothing lost, nothing taken for markup."""

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.prose import Block, Line, Run, blocks, line

NOTICE = """# How we use it

- **To treat you.** Those who treat you
- To be paid

Lines of one paragraph
are joined. <b>Not bold</b>
"""


def test_headings_lists_and_paragraphs() -> None:
    assert blocks(NOTICE) == [
        Block("heading", [Line([Run("How we use it")])]),
        Block(
            "list", [Line([Run("To treat you.", strong=True), Run(" Those who treat you")]), Line([Run("To be paid")])]
        ),
        Block("paragraph", [Line([Run("Lines of one paragraph are joined. <b>Not bold</b>")])]),
    ]


def test_two_lists_stay_two() -> None:
    assert [block.kind for block in blocks("- one\n# two\n- three")] == ["list", "heading", "list"]


def test_emphasis_in_the_middle() -> None:
    runs = [Run("emergencies: "), Run("call 911.", strong=True), Run(" It")]
    assert line("emergencies: **call 911.** It") == Line(runs)


def test_asterisks_that_emphasise_nothing_stay() -> None:
    assert line("2 ** 3 ** 4 and **") == Line([Run("2 ** 3 ** 4 and **")])


@given(st.text(alphabet="ab *#-\n", max_size=80))
def test_no_letter_is_lost(text: str) -> None:
    shown = "".join(run.text for block in blocks(text) for one in block.lines for run in one.runs)
    assert [letter for letter in shown if letter in "ab"] == [letter for letter in text if letter in "ab"]
