"""The rules of forms: labels, badge, states, who signs, initials, validity."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import paperwork
from portal.domain.paperwork import FormKind, FormStatus, SignerRole
from portal.errors import Conflict, Denied, Invalid

STATUSES = st.sampled_from(list(FormStatus))
PORTLAND = ZoneInfo("America/Los_Angeles")


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("consent", "open", "Not Signed"),
        ("consent", "witness", "Witness Signature Required"),
        ("consent", "done", "Signed"),
        ("questionnaire", "open", "Not Filled"),
        ("questionnaire", "done", "Filled"),
        ("consent", "void", "Void"),
    ],
)
def test_statuses_read_as_the_product_spells_them(kind: str, status: str, words: str) -> None:
    assert paperwork.label(FormKind(kind), FormStatus(status)) == words


def test_every_status_has_words() -> None:
    assert all(paperwork.label(kind, status) for kind, status in product(FormKind, FormStatus))


@given(st.lists(STATUSES, max_size=30))
def test_the_badge_counts_what_is_unfinished_and_nothing_void(statuses: list[FormStatus]) -> None:
    assert paperwork.incomplete(statuses) == statuses.count(FormStatus.OPEN) + statuses.count(FormStatus.WITNESS)


@given(STATUSES, st.booleans())
def test_only_an_open_form_is_signed(status: FormStatus, needs_witness: bool) -> None:
    if status is FormStatus.OPEN:
        wanted = FormStatus.WITNESS if needs_witness else FormStatus.DONE
        assert paperwork.signed(status, needs_witness=needs_witness) is wanted
    else:
        with pytest.raises(Conflict):
            paperwork.signed(status, needs_witness=needs_witness)


@given(st.lists(st.sampled_from(["sign", "witness", "void"]), max_size=8), st.booleans())
def test_no_road_leads_from_done_to_anywhere_but_void(steps: list[str], needs_witness: bool) -> None:
    status, been = FormStatus.OPEN, [FormStatus.OPEN]
    for step in steps:
        try:
            if step == "sign":
                status = paperwork.signed(status, needs_witness=needs_witness)
            elif step == "witness":
                status = paperwork.witnessed(status)
            else:
                status = paperwork.voided(status)
        except Conflict:
            continue
        been.append(status)
    order = [FormStatus.OPEN, FormStatus.WITNESS, FormStatus.DONE, FormStatus.VOID]
    assert [order.index(one) for one in been] == sorted({order.index(one) for one in been})
    assert needs_witness or FormStatus.WITNESS not in been


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.booleans())
def test_an_adult_signs_in_person_and_a_minor_never(born: date, by_guardian: bool) -> None:
    day = date(2026, 11, 21)
    adult = (day.year - 18, day.month, day.day) >= (born.year, born.month, born.day)
    allowed = paperwork.may_sign(born, day, by_guardian=by_guardian)
    assert allowed == (adult != by_guardian)
    if allowed:
        role = paperwork.signer(born, day, by_guardian=by_guardian)
        assert role is (SignerRole.GUARDIAN if by_guardian else SignerRole.PATIENT)
    else:
        with pytest.raises(Denied):
            paperwork.signer(born, day, by_guardian=by_guardian)


def test_initials_are_asked_for_section_by_section() -> None:
    with pytest.raises(Invalid) as problem:
        paperwork.initialled(["Risks", "Photographs"], {"Risks": "A.H.", "Other": "AH"})
    assert set(problem.value.fields) == {"initials.1"}
    assert "Photographs" in problem.value.fields["initials.1"]
    assert paperwork.initialled(["Risks"], {"Risks": " a h ", "More": "x"}) == {"Risks": "ah"}
    assert paperwork.initialled([], {"Risks": "AH"}) == {}


@pytest.mark.parametrize("text", ["", "  ", "…", "12", "A1", "ABCDEFG", "<b>", "A\x00", "-.-", "A\u202eH"])
def test_what_is_no_initials_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        paperwork.initialled(["Risks"], {"Risks": text})


@pytest.mark.parametrize("text", ["AH", "Å.Ö.", "李明", "M-L", "ñ"])
def test_initials_of_any_script_are_taken(text: str) -> None:
    assert paperwork.initialled(["Risks"], {"Risks": text}) == {"Risks": text}


@given(st.integers(1_577_836_800, 2_051_222_400), st.integers(1, 60))
def test_validity_ends_that_many_months_later_and_never_spills_over(seconds: int, months: int) -> None:
    signed_at = datetime.fromtimestamp(seconds, UTC)
    until = paperwork.valid_until(signed_at, months, PORTLAND)
    assert until is not None
    start, end = signed_at.astimezone(PORTLAND), until.astimezone(PORTLAND)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)
    assert paperwork.covers(until, until)
    assert not paperwork.covers(until, until + timedelta(seconds=1))


def test_once_is_for_good() -> None:
    assert paperwork.valid_until(datetime(2026, 1, 1, tzinfo=UTC), 0, PORTLAND) is None
    assert paperwork.covers(None, datetime(2099, 1, 1, tzinfo=UTC))


def test_a_short_month_ends_on_its_last_day() -> None:
    until = paperwork.valid_until(datetime(2026, 8, 31, 20, tzinfo=UTC), 6, PORTLAND)
    assert until is not None
    assert until.astimezone(PORTLAND).date() == date(2027, 2, 28)


def test_reading_takes_at_least_a_minute() -> None:
    assert paperwork.minutes_for(0) == 1
    assert paperwork.minutes_for(6 * 640) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Amelia Hart", "amelia  HART", True),
        ("Amelia Hart", "Hart, Amelia", True),
        ("Renée Dubois", "Renee Dubois", True),
        ("Ｒenée Dubois", "Rene\u0301e Dubois", True),
        ("Anne-Marie Hart", "Anne Marie Hart", True),
        ("Amelia\u200b Hart", "Amelia Hart", True),
        ("Strauß", "STRAUSS", True),
        ("李娜", "李娜", True),
        ("Amelia Hart", "Daniel Hart", False),
        ("John Hart", "John Hart Jr.", False),
        ("", "", False),
        ("...", "---", False),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert paperwork.same_person(one, other) is same
    assert paperwork.same_person(other, one) is same


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_same_name_is_no_matter_of_order(one: str, other: str) -> None:
    assert paperwork.same_person(one, other) == paperwork.same_person(other, one)
    if paperwork.same_person(one, one) and paperwork.same_person(other, other):
        assert paperwork.same_person(f"{one} {other}", f"{other}, {one}")


@pytest.mark.parametrize("text", ["", " ", "x", "12", "<b>Al</b>", "A\u200bl", "A\nl\x00", "A" * 121, "🙂🙂"])
def test_what_is_no_name_is_refused(text: str) -> None:
    assert paperwork.legal_name(text) == ""


@pytest.mark.parametrize("text", ["Ng Li", "O’Brien", "Anne-Marie van der Berg", "José Ñ.", "李娜", "Zoë"])
def test_names_of_all_kinds_are_names(text: str) -> None:
    assert paperwork.legal_name(f"  {text} ") == text


def test_one_of_the_options_is_chosen_by_its_id() -> None:
    options = [{"id": "a", "label": "My chart only"}, {"id": "b", "label": "Staff training"}]
    assert paperwork.chosen(options, "b") == "Staff training"
    assert paperwork.chosen([], "anything") == ""
    for wrong in ("", "c", "Staff training"):
        with pytest.raises(Invalid) as problem:
            paperwork.chosen(options, wrong)
        assert set(problem.value.fields) == {"option"}


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "Expired"), (0, "Expiring soon"), (30, "Expiring soon"), (31, ""), (None, "")],
)
def test_a_form_expires_soon_as_the_practice_says(days: int | None, words: str) -> None:
    now = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    until = None if days is None else now + timedelta(days=days)
    assert paperwork.expiry(until, now, 30) == words
