"""The consents of the demo practice: each has the parts that make a consent, and every field is one that is filled."""

from pathlib import Path

import pytest

import portal.demo
from portal.demo.places import FILLER, HYDRAFACIAL, LASER, MINOR, NEEDLING, NEUROTOXIN, PAPERS, PEEL, PHOTOS, POLICY
from portal.documents.markdown import fields_of
from portal.queries.forms import MERGE_FIELDS

TEXTS = Path(portal.demo.__file__).with_name("texts")
PROCEDURES = (NEUROTOXIN, FILLER, HYDRAFACIAL, LASER, PEEL, NEEDLING, MINOR)
#: Benefits without a promise, risks, who should not, alternatives with doing nothing: any of each line.
PARTS = (
    ("what you can hope for",),
    ("no result can be guaranteed",),
    ("what is common", "what can happen"),
    ("tell us first if you",),
    ("no treatment", "doing nothing"),
)


def text(name: str) -> str:
    [paper] = [paper for paper in PAPERS if paper.name == name]
    return (TEXTS / f"{paper.text}.md").read_text()


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_consent_has_its_parts(name: str) -> None:
    words = text(name).lower()
    for part in PARTS:
        assert any(one in words for one in part), part


@pytest.mark.parametrize("name", [*PROCEDURES, PHOTOS, POLICY])
def test_questions_come_before_the_statement_that_is_signed(name: str) -> None:
    words = text(name)
    assert fields_of(words) <= set(MERGE_FIELDS)
    end = words.rpartition("## ")[2].lower()
    assert end.index("you can ask anything before you sign") < end.index("my questions have been answered")
    assert "{{ patient }}" in end
