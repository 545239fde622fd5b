"""Rules about people: age, names, dates of birth, and who may act for whom."""

import re
from datetime import date

from portal.domain.entry import Unclear

ADULT_AGE = 18
OLDEST_AGE = 120
_BIRTH_DATE = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{2,4})|(\d{2})(\d{2})(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def age_on(day: date, born: date) -> int:
    """Full years lived on `day`. Someone born on 29 February has their birthday on 1 March in a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def is_adult(born: date, day: date) -> bool:
    """Whether the person signs and logs in for themself on `day`."""
    return age_on(day, born) >= ADULT_AGE


def may_log_in(born: date, day: date, *, by_guardian: bool) -> bool:
    """An adult for themself, a guardian for a minor; never the other way round."""
    return is_adult(born, day) != by_guardian


def reads_as_minor(typed: str, today: date) -> bool:
    """Whether what was typed is the birth date of somebody who is under 18 today; not while it is no date."""
    try:
        return not is_adult(read_birth_date(typed, today), today)
    except Unclear:
        return False


def short_name(first: str, last: str) -> str:
    """How a household tells its members apart on a screen that anyone of them may see: "Rosa D."."""
    return f"{first} {last[:1]}." if last else first


def read_birth_date(typed: str, today: date) -> date:
    """A date of birth as people type it: 03/14/1988, 3-14-1988, 03141988 (month first), or 1988-03-14.

    Raises `Unclear` with what is wrong: no date, two digits for the year, a day that never was, the future.
    """
    text = typed.strip()
    if not text:
        raise Unclear("Add your date of birth, such as 03/14/1988.")
    if iso := _ISO_DATE.fullmatch(text):
        year, month, day = iso.groups()
    elif found := _BIRTH_DATE.fullmatch(text):
        month, day, year = [part for part in found.groups() if part is not None]
    else:
        raise Unclear("Write the date as month, day and year, such as 03/14/1988.")
    if len(year) != 4:
        raise Unclear("Use all four digits of the year, such as 1988.")
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        raise Unclear("That day is not in the calendar. Write month, day and year, such as 03/14/1988.") from None
    if born > today:
        raise Unclear("That date is still to come. Please check the year.")
    if age_on(today, born) > OLDEST_AGE:
        raise Unclear("That is more than 120 years ago. Please check the year.")
    return born
