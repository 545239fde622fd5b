"""Questionnaires: what may be asked, what counts as an answer, when a question is asked, how it all reads."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from portal.domain import questionnaire
from portal.domain.entry import Unclear
from portal.domain.questionnaire import Item, Schema, clean, describe, problem, problems, toggle, visible
from portal.errors import Invalid
from tests.support.questions import QUESTIONS, WHOLE

TODAY = date(2026, 11, 21)
SCHEMA = Schema.parse(QUESTIONS)


def page(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"item": [{"linkId": "page", "type": "group", "text": "Page", "item": list(items), **more}]}


def question(kind: str, **more: Any) -> dict[str, Any]:
    return {"linkId": "q", "type": kind, "text": "What?", **more}


def item(kind: str, **more: Any) -> Item:
    return Schema.parse(page(question(kind, **more))).items["q"]


CHOICES = [{"valueString": "a"}, {"valueString": "b"}, {"valueString": "none", "exclusive": True}]


def test_it_is_read_with_its_pages_and_questions() -> None:
    assert [one.text for one in SCHEMA.pages] == ["About you", "Your health today", "Anything else"]
    assert [one.link_id for one in SCHEMA.questions()][:4] == ["name", "born", "weight", "children"]
    assert SCHEMA.items["weight"].least == Decimal(50)


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({}, "nothing to ask"),
        ({"item": []}, "nothing to ask"),
        ({"item": "x"}, "item is a list"),
        ({"item": [3]}, "an item is an object"),
        ({"item": [question("string")]}, "“q”: the outermost"),
        (page(question("display")), "nothing to ask"),
        (page(question("string"), question("date")), "“q”: this id is used twice"),
        (page({"linkId": "page", "type": "string", "text": "?"}), "“page”: this id is used twice"),
        (page(question("string", linkId="a b")), "“page”: an item needs a linkId"),
        (page(question("quiz")), "“q”: unknown type"),
        (page(question("string", colour="red")), "“q”: unknown key 'colour'"),
        (page(question("string", text="")), "“q”: there are no words"),
        (page(question("string", text="x" * 2_001)), "“q”: text is text"),
        (page(question("choice")), "“q”: a choice has options"),
        (page(question("string", answerOption=CHOICES)), "“q”: a choice has options"),
        (page(question("choice", answerOption=[*CHOICES, CHOICES[0]])), "“q”: each option needs a code"),
        (page(question("choice", answerOption=[{"valueString": ""}])), "“q”: an option is"),
        (page(question("choice", answerOption=[{"valueCoding": {"code": 1, "display": "x"}}])), "“q”: an option is"),
        (page(question("choice", answerOption=[{"value": "x"}])), "“q”: an option is"),
        (page(question("string", repeats=True)), "“q”: only of options"),
        (page(question("display", required=True), question("string", linkId="r")), "“q”: only a question"),
        (page(question("string", required="yes")), "“q”: required is true or false"),
        (page(question("scale")), "“q”: a scale needs"),
        (page(question("scale", min=0, max=100)), "“q”: a scale needs"),
        (page(question("scale", min=0.5, max=2)), "“q”: a scale needs"),
        (page(question("integer", min=5, max=1)), "“q”: min is above max"),
        (page(question("integer", min="5")), "“q”: min is a number"),
        (page(question("decimal", max=float("nan"))), "“q”: max is a number"),
        (page(question("decimal", max=10**5_000)), "“q”: max is a number"),
        (page(question("string", min=1)), "“q”: only numbers"),
        (page(question("text", maxLength=4_001)), "“q”: maxLength"),
        (page(question("string", maxLength=0)), "“q”: maxLength"),
        (page(question("attachment", maxPhotos=99)), "“q”: maxPhotos"),
        (page(question("date", days="leap")), "“q”: days is one of"),
        (page(question("string", prefill="patient.secret")), "“q”: prefill is one of"),
        (page(question("attachment", prefill="last")), "“q”: this cannot be prefilled"),
        (page({"linkId": "g", "type": "group", "text": "G", "item": []}), "“g”: a group has items"),
        (page(question("string", item=[question("date", linkId="r")])), "“q”: a group has items"),
        (page(question("string", enableWhen=[{"question": "q", "operator": "=", "answerString": "x"}])), "above it"),
        (
            page(question("string", enableWhen=[{"question": "page", "operator": "exists", "answerBoolean": True}])),
            "abov",
        ),
        (
            page(question("string", enableWhen=[{"question": "later", "operator": "=", "answerString": "x"}])),
            "above it",
        ),
        (
            page(question("string", enableWhen=[{"question": "later", "operator": "~", "answerString": "x"}])),
            "operator",
        ),
        (page(question("string", enableWhen=["x"])), "a condition has"),
        ({"item": [], "url": "http://x"}, "unknown key 'url'"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(schema: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as wrong:
        Schema.parse(schema)
    assert place in wrong.value.sentence
    assert set(wrong.value.fields) == {"questions"}


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        ({"type": "boolean"}, {"operator": ">", "answerBoolean": True}),
        ({"type": "boolean"}, {"operator": "=", "answerString": "true"}),
        ({"type": "choice", "answerOption": CHOICES}, {"operator": "=", "answerCoding": {"code": "c"}}),
        ({"type": "integer"}, {"operator": "=", "answerString": "3"}),
        ({"type": "date"}, {"operator": "<", "answerInteger": 3}),
        ({"type": "date"}, {"operator": "<", "answerDate": "soon"}),
        ({"type": "text"}, {"operator": "<", "answerString": "x"}),
        ({"type": "attachment"}, {"operator": "=", "answerString": "x"}),
        ({"type": "string"}, {"operator": "exists", "answerString": "x"}),
    ],
)
def test_a_condition_that_can_never_be_judged_is_refused(kind: dict[str, Any], condition: dict[str, Any]) -> None:
    first = {"linkId": "first", "text": "First?", **kind}
    with pytest.raises(Invalid, match="“q”"):
        Schema.parse(page(first, question("string", enableWhen=[{"question": "first", **condition}])))


def test_a_schema_of_that_depth_and_length_is_refused() -> None:
    inner: dict[str, Any] = question("string")
    for depth in range(6):
        inner = {"linkId": f"g{depth}", "type": "group", "text": "G", "item": [inner]}
    with pytest.raises(Invalid, match="deep"):
        Schema.parse({"item": [inner]})
    with pytest.raises(Invalid, match="at most 400"):
        Schema.parse(page(*[question("string", linkId=f"q{n}") for n in range(401)]))


@pytest.mark.parametrize(
    ("kind", "more", "raw", "kept"),
    [
        ("string", {}, "  Amelia \n Hart ", "Amelia Hart"),
        ("string", {}, "   ", None),
        ("string", {}, "<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("string", {}, "a\x00b\u202ec\ud800", "abc"),
        ("string", {}, "Zoe\u0308", "Zoë"),
        ("text", {}, " one\r\ntwo\n ", "one\ntwo"),
        ("integer", {}, " 07 ", "7"),
        ("integer", {}, 3, "3"),
        ("integer", {"unit": "weeks"}, "20 weeks", "20"),
        ("integer", {}, "twenty", "twenty"),
        ("decimal", {}, "72.50", "72.5"),
        ("decimal", {}, "-0.0", "0"),
        ("decimal", {}, "1e9", "1e9"),
        ("decimal", {}, "NaN", "NaN"),
        ("decimal", {}, "٣", "٣"),
        ("date", {}, "3/14/1988", "1988-03-14"),
        ("date", {}, "1988-3-14", "1988-03-14"),
        ("date", {}, "2/30/2020", "2/30/2020"),
        ("boolean", {}, True, True),
        ("boolean", {}, "false", False),
        ("scale", {"min": 0, "max": 10}, "7", 7),
        ("choice", {"answerOption": CHOICES}, "b", "b"),
        ("choice", {"answerOption": CHOICES, "repeats": True}, ["b", "a", "b"], ["a", "b"]),
        ("choice", {"answerOption": CHOICES, "repeats": True}, [], None),
        ("open-choice", {"answerOption": CHOICES}, "a", {"chosen": ["a"], "other": ""}),
        ("open-choice", {"answerOption": CHOICES}, "of my own", {"chosen": [], "other": "of my own"}),
        ("open-choice", {"answerOption": CHOICES}, {"chosen": [], "other": " "}, None),
        ("signature", {}, {"typed_name": " Amelia  Hart "}, {"typed_name": "Amelia Hart"}),
    ],
)
def test_an_answer_is_kept_in_one_form(kind: str, more: dict[str, Any], raw: object, kept: object) -> None:
    found = clean(item(kind, **more), raw)
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("kind", "more", "value", "sentence"),
    [
        ("integer", {}, "7.5", "Write a whole number, without a fraction."),
        ("integer", {}, "x", "Write a number, in figures, such as 12."),
        (
            "decimal",
            {"min": 50, "max": 900, "unit": "lb"},
            "5",
            "That should be between 50 and 900 lb. Please check it.",
        ),
        ("decimal", {"min": 50}, "5", "That should be 50 or more."),
        ("decimal", {"max": 50}, "50.5", "That should be 50 or less."),
        ("decimal", {"max": 50}, "50", ""),
        ("date", {}, "soon", "Write the date as month, day and year, such as 03/14/2020."),
        ("date", {"days": "past"}, "2026-11-22", "That date is still to come. Please check the year."),
        ("date", {"days": "past"}, "2026-11-21", ""),
        ("date", {"days": "future"}, "2026-11-20", "That date is over. Please check it."),
        ("date", {"days": "future"}, "2026-11-21", ""),
        ("date", {"days": "birth"}, "2027-01-01", "That date is still to come. Please check the year."),
        ("date", {"days": "birth"}, "1888-01-01", "That is more than 120 years ago. Please check the year."),
        ("date", {}, "0001-01-01", "That is more than 100 years away. Please check the year."),
        ("attachment", {"maxPhotos": 1}, ["1", "2"], "Keep to 1 photograph."),
        ("string", {}, None, ""),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(kind: str, more: dict[str, Any], value: Any, sentence: str) -> None:
    assert problem(item(kind, **more), value, TODAY) == sentence


@pytest.mark.parametrize(
    "kind", ["string", "text", "boolean", "integer", "decimal", "date", "attachment", "signature", "scale", "choice"]
)
def test_a_required_question_says_what_to_do(kind: str) -> None:
    more: dict[str, Any] = {"scale": {"min": 0, "max": 5}, "choice": {"answerOption": CHOICES}}.get(kind, {})
    schema = Schema.parse(page(question(kind, required=True, **more)))
    assert problems(schema, {}, TODAY)["q"].endswith(".")
    optional = Schema.parse(page(question(kind, **more)))
    assert problems(optional, {}, TODAY) == {}


def test_the_practices_own_words_for_what_is_missing() -> None:
    schema = Schema.parse(page(question("boolean", required=True, missing="We plan for bruising.")))
    assert problems(schema, {}, TODAY) == {"q": "We plan for bruising."}


@pytest.mark.parametrize(
    ("operator", "answer", "given", "shown"),
    [
        ("exists", {"answerBoolean": True}, None, False),
        ("exists", {"answerBoolean": True}, "3", True),
        ("exists", {"answerBoolean": True}, "three", False),
        ("exists", {"answerBoolean": False}, None, True),
        ("=", {"answerInteger": 3}, "3", True),
        ("=", {"answerInteger": 3}, "4", False),
        ("=", {"answerDecimal": 3.0}, "3", True),
        ("!=", {"answerInteger": 3}, "4", True),
        ("!=", {"answerInteger": 3}, "3", False),
        ("!=", {"answerInteger": 3}, None, True),
        (">", {"answerInteger": 3}, "3", False),
        (">", {"answerInteger": 3}, "3.5", True),
        (">=", {"answerInteger": 3}, "3", True),
        ("<", {"answerInteger": 3}, "3", False),
        ("<", {"answerInteger": 3}, "-5", True),
        ("<=", {"answerInteger": 3}, "3", True),
        ("<=", {"answerInteger": 3}, None, False),
    ],
)
def test_conditions(operator: str, answer: dict[str, Any], given: Any, shown: bool) -> None:
    first = {"linkId": "first", "type": "decimal", "text": "First?"}
    condition = {"question": "first", "operator": operator, **answer}
    schema = Schema.parse(page(first, question("string", enableWhen=[condition])))
    assert ("q" in visible(schema, {"first": given})) is shown


@pytest.mark.parametrize(("behavior", "expected"), [("all", {3}), ("any", {1, 2, 3})])
def test_all_or_any_of_several_conditions(behavior: str, expected: set[int]) -> None:
    first, second = ({"linkId": name, "type": "boolean", "text": "?"} for name in ("first", "second"))
    conditions = [{"question": name, "operator": "=", "answerBoolean": True} for name in ("first", "second")]
    schema = Schema.parse(page(first, second, question("string", enableWhen=conditions, enableBehavior=behavior)))
    shown = {
        number for number in range(4) if "q" in visible(schema, {"first": bool(number & 1), "second": bool(number & 2)})
    }
    assert shown == expected


def test_a_hidden_answer_is_none_for_what_hangs_on_it() -> None:
    answers: dict[str, Any] = {"pregnant": True, "weeks": "20", "twins": True}
    assert {"weeks", "twins"} <= visible(SCHEMA, answers)
    answers["pregnant"] = False
    assert not {"weeks", "twins"} & visible(SCHEMA, answers)


def test_a_group_hides_what_is_in_it_and_goes_when_nothing_is_left() -> None:
    first = {"linkId": "first", "type": "boolean", "text": "?"}
    condition = [{"question": "first", "operator": "=", "answerBoolean": True}]
    hidden = {"linkId": "g", "type": "group", "text": "G", "enableWhen": condition, "item": [question("string")]}
    empty = {"linkId": "g", "type": "group", "text": "G", "item": [question("string", enableWhen=condition)]}
    for group in (hidden, empty):
        schema = Schema.parse(page(first, group))
        assert visible(schema, {"first": False}) == {"page", "first"}
        assert visible(schema, {"first": True}) == {"page", "first", "g", "q"}


def test_several_and_their_other() -> None:
    allergy = SCHEMA.items["allergy"]
    value = toggle(allergy, toggle(allergy, None, "latex"), "lidocaine")
    assert value == {"chosen": ["latex", "lidocaine"], "other": ""}
    assert toggle(allergy, {"chosen": ["latex"], "other": "bees"}, "none") == {"chosen": ["none"], "other": ""}
    assert toggle(allergy, {"chosen": ["none"], "other": ""}, "latex") == {"chosen": ["latex"], "other": ""}
    lately = SCHEMA.items["lately"]
    assert toggle(lately, ["none"], "flu") == ["flu"]
    assert toggle(lately, ["flu"], "none") == ["none"]
    assert toggle(lately, ["flu"], "flu") is None
    with pytest.raises(Unclear):
        toggle(lately, None, "gold")


def test_it_reads_in_words() -> None:
    answers = WHOLE | {
        "name": "Amelia Hart",
        "born": "1988-03-14",
        "weight": "140.5",
        "allergy": {"chosen": ["latex"], "other": "bees"},
        "pain": 3,
        "photo": ["one", "two"],
        "mark": {"typed_name": "Amelia Hart"},
        "weeks": "20",
    }
    sections = describe(SCHEMA, answers, lambda day: f"{day:%B} {day.day}, {day.year}")
    said = {line.question: line.answer for section in sections for line in section.lines}
    assert [section.title for section in sections] == ["About you", "Your health today", "Anything else"]
    assert said == {
        "Your name": "Amelia Hart",
        "Your birthday": "March 14, 1988",
        "Your weight": "140.5 lb",
        "Your children": "Not answered",
        "Are you pregnant?": "No",
        "Lately, did you have any of these?": "None of these",
        "Your skin": "Not answered",
        "Allergies": "Latex, bees",
        "Your pain now": "3 of 10",
        "Since when?": "Not answered",
        "What should we know?": "Not answered",
        "A photograph": "2 photographs",
        "Your signature": "Signed by typing: Amelia Hart",
    }
    assert next(line for line in sections[2].lines if line.link_id == "photo").photos == ("one", "two")


def test_it_is_exported_as_fhir() -> None:
    answers = WHOLE | {"born": "1988-03-14", "weight": "140.5", "allergy": {"chosen": ["latex"], "other": "bees"}}
    made = questionnaire.response(
        SCHEMA,
        answers,
        questionnaire="urn:uuid:v",
        subject="Patient/1",
        authored=datetime(2026, 11, 21, 17, tzinfo=UTC),
    )
    assert made["resourceType"] == "QuestionnaireResponse"
    assert (made["status"], made["authored"]) == ("completed", "2026-11-21T17:00:00+00:00")
    you, health, _ = made["item"]
    by_id = {one["linkId"]: one.get("answer") for one in you["item"] + health["item"]}
    assert by_id["born"] == [{"valueDate": "1988-03-14"}]
    assert by_id["weight"] == [{"valueQuantity": {"value": 140.5, "unit": "lb"}}]
    assert by_id["pregnant"] == [{"valueBoolean": False}]
    assert by_id["lately"] == [{"valueCoding": {"code": "none", "display": "None of these"}}]
    assert by_id["allergy"] == [{"valueCoding": {"code": "latex", "display": "Latex"}}, {"valueString": "bees"}]
    assert "weeks" not in by_id
    json.dumps(made)


def test_prefill_takes_what_fits_and_leaves_the_rest() -> None:
    found = questionnaire.prefilled(
        SCHEMA, {"patient.name": "Amelia Hart"}, {"skin": "gone", "pregnant": True}, {"weight": "140", "pain": 99}
    )
    assert found == {"name": "Amelia Hart", "weight": "140"}
    assert questionnaire.prefilled(SCHEMA, {}, {"skin": "dry"}, {"mark": {"typed_name": "x y"}}) == {"skin": "dry"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
LIKELY = st.sampled_from(
    ["flu", "none", "dry", "true", "7", "3.5", "1988-03-14", True, 0, ["flu", "vaccine"], {"chosen": ["latex"]}]
)


@given(st.sampled_from(SCHEMA.questions()), JSON | LIKELY)
def test_whatever_comes_in_is_an_answer_or_refused(one: Item, raw: object) -> None:
    try:
        value = clean(one, raw)
    except Unclear as unclear:
        said = str(unclear)
        event(said)
        return
    json.dumps(value).encode()
    if one.kind is not questionnaire.Kind.SIGNATURE:
        assert clean(one, copy.deepcopy(value)) == value
    assert isinstance(questionnaire.say(one, value), str)
    assert isinstance(problem(one, value, TODAY), str)


@given(st.dictionaries(st.sampled_from(sorted(SCHEMA.items)), LIKELY | st.text(max_size=12)))
def test_what_is_shown_hangs_on_what_is_shown_alone(raw: dict[str, Any]) -> None:
    answers: dict[str, Any] = {}
    for link_id, given_ in raw.items():
        try:
            answers[link_id] = clean(SCHEMA.items[link_id], given_)
        except Unclear:
            continue
    shown = visible(SCHEMA, answers)
    assert visible(SCHEMA, {link_id: value for link_id, value in answers.items() if link_id in shown}) == shown
    assert set(problems(SCHEMA, answers, TODAY)) <= shown
    lines = [line.link_id for section in describe(SCHEMA, answers) for line in section.lines]
    assert lines == [one.link_id for one in SCHEMA.questions() if one.link_id in shown]


@given(JSON)
def test_whatever_is_given_as_a_schema_is_read_or_refused(data: Any) -> None:
    reads: Callable[[Any], object] = Schema.parse
    for candidate in ({"item": data}, {"item": [data]}, page(question("choice", answerOption=data, enableWhen=data))):
        with pytest.raises(Invalid):
            reads(candidate)
