"""The text of a consent: names filled in, nothing smuggled in, and the same text the same hash."""

import hashlib
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.markdown import LONGEST_TEXT, TemplateError, fields_of, render_consent, sanitise


def html(text: str, **fields: str) -> str:
    return render_consent(text, fields).html


def test_markdown_with_names_becomes_html():
    rendered = render_consent(
        "## 1. You\n\nI ask {{ provider }} at *{{clinic}}*:\n\n- one\n- two\n", {"provider": "N", "clinic": "L"}
    )
    assert rendered.html == "<h2>1. You</h2>\n<p>I ask N at <em>L</em>:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    assert rendered.sha256 == hashlib.sha256(rendered.html.encode()).hexdigest()


def test_a_changed_name_is_a_changed_hash():
    assert render_consent("{{ a }}", {"a": "1"}).sha256 != render_consent("{{ a }}", {"a": "2"}).sha256


def test_the_title_is_the_only_first_heading():
    assert html("# Title\n\ntext") == "<h2>Title</h2>\n<p>text</p>"


@pytest.mark.parametrize(
    "value",
    ["<b>x</b>", "<script>alert(1)</script>", "**bold**", "# heading", "{{ other }}", "[x](https://x.example)", "&lt;"],
)
def test_a_name_is_never_markup(value: str):
    shown = html("Hello {{ patient }}", patient=value)
    assert shown == f"<p>Hello {value.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="https://x.example/a.png" onerror="alert(1)">',
        "![x](https://x.example/a.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        '<a href="https://x.example" onclick="x()">x</a>',
        "<style>p{}</style>",
        "<iframe src=x></iframe>",
        "[x][y]\n\n[y]: javascript:alert(1)",
    ],
)
def test_nothing_harmful_comes_out(text: str):
    shown = html(text)
    assert sanitise(shown).strip() == shown
    for tag in ("<script", "<img", "<style", "<iframe", 'href="javascript', 'href="data', "<a href"):
        assert tag not in shown


def test_plain_links_stay():
    assert html("[call](tel:+15035550142)") == '<p><a href="tel:+15035550142">call</a></p>'


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ patient.__class__ }}",
        "{{ patient.upper() }}",
        "{{ patient | upper }}",
        "{{ patient ~ patient }}",
        "{{ 7 * 7 }}",
        "{% for a in range(1000000) %}x{% endfor %}",
        "{% set a = 1 %}",
        "{% include 'x' %}",
        "{{ self }} {{ cycler() }}",
        "{% raw %}x{% endraw %}{% if 1 %}{% endif %}",
    ],
)
def test_only_plain_fields_are_taken(text: str):
    with pytest.raises(TemplateError) as caught:
        html(text, patient="Amelia")
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize("text", ["{{ patient", "{{ }}", "{{ patient }", "{% patient %}", "{{ a b }}", "{{ " * 300])
def test_a_field_that_is_not_well_written_is_a_sentence(text: str):
    with pytest.raises(TemplateError) as caught:
        html(text + "\n", patient="Amelia", a="x", b="y")
    assert caught.value.sentence.endswith(".")


def test_an_unknown_field_is_named_with_those_that_exist():
    with pytest.raises(TemplateError, match=r"\{\{ doctor \}\} does not exist. You can use: clinic, provider."):
        html("{{ doctor }}", provider="N", clinic="L")


def test_the_fields_of_a_text():
    assert fields_of("{{ a }} and {{ b }} and {{ a }}") == {"a", "b"}


@pytest.mark.parametrize(
    "piece", ["[", "*", "`", ">", "- ", "(", "![", "<", "_", "|", "a|b\n-|-\n", "{", "\\", "&", "[a]("]
)
def test_hostile_texts_end_soon(piece: str):
    text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]
    start = time.perf_counter()
    with suppress(TemplateError):
        html(text)
    assert time.perf_counter() - start < 10


def test_too_long_is_a_sentence():
    with pytest.raises(TemplateError, match="too long"):
        html("x" * (LONGEST_TEXT + 1))
    with pytest.raises(TemplateError, match="too long"):
        html("{{ a }}" * 2_000, a="x" * 500)


@given(st.text(max_size=300), st.text(max_size=50))
def test_whatever_is_written_comes_out_clean_or_is_refused(text: str, value: str):
    try:
        shown = html(text, patient=value)
    except TemplateError:
        return
    assert sanitise(shown).strip() == shown
    assert "<script" not in shown
