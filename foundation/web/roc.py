"""民國 dates: year 1 is 1912. Shown 115/11/23; read as 115/11/23, 1151123, 115年11月23日 or ISO."""

import re
from datetime import date

YEAR_ZERO = 1911
# What a person may mean. Beyond it, counting on (a deadline, the next day) soon leaves the calendar.
FIRST_DAY, LAST_DAY = date(1912, 1, 1), date(2110, 12, 31)
_ROC = re.compile(r"(\d{2,3})[/.\-](\d{1,2})[/.\-](\d{1,2})|(\d{3})(\d{2})(\d{2})|(\d{2,3})年(\d{1,2})月(\d{1,2})日")
_ISO = re.compile(r"(\d{4})[/\-](\d{1,2})[/\-](\d{1,2})")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９／．－", "0123456789/.-")


def short(day: date) -> str:
    """115/11/23."""
    return f"{day.year - YEAR_ZERO}/{day.month:02}/{day.day:02}"


def long(day: date) -> str:
    """115年11月23日."""
    return f"{day.year - YEAR_ZERO}年{day.month}月{day.day}日"


_DIGITS = "〇一二三四五六七八九"


def number_in_words(number: int) -> str:
    """Return 1–99 as 一 … 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def in_words(day: date) -> str:
    """中華民國一一五年十一月二十三日."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year - YEAR_ZERO))
    return f"中華民國{year}年{number_in_words(day.month)}月{number_in_words(day.day)}日"


class OtherYear(ValueError):
    """A day, but not of the years 1 to 199."""


def parse(text: str) -> date:
    """Read a 民國 or an ISO date of the years 1 to 199.

    OtherYear beyond these; ValueError for anything else and for days that don't exist (115/02/29).
    """
    day = _day(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise OtherYear(text)
    return day


def _day(text: str) -> date:
    text = text.strip().translate(_FULL_WIDTH)
    if iso := _ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
        return date(year, month, day)
    if roc := _ROC.fullmatch(text):
        year, month, day = (int(part) for part in roc.groups() if part is not None)
        return date(year + YEAR_ZERO, month, day)
    raise ValueError(text)
