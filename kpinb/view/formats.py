"""Numbers, dates and periods as the reader's language writes them.

Nothing is rounded but here: what is shown is rounded half to even, what is added up is not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from kpinb.language import LANGUAGES, _, current
from kpinb.measure import Direction, rounded
from kpinb.period import Period, PeriodKind

NOTHING = "–"
"""Shown where there is no value; never 0."""

_PATTERNS = {
    "zh": {"year": "{y}年", "half": "{y}年{h}半年", "quarter": "{y}年第{n}季度", "week": "{y}年第{n}周"},
    "en": {"year": "{y}", "half": "H{n} {y}", "quarter": "Q{n} {y}", "week": "week {n} of {y}"},
}


def _locale() -> str:
    return LANGUAGES[current()]


def number(value: Decimal | int | None, *, places: int | None = None, signed: bool = False) -> str:
    """Write a number with thousands separators.

    Parameters
    ----------
    value : Decimal, int or None
        None is written as a dash.
    places : int, optional
        Decimal places; left out, up to two, without trailing zeros.
    signed : bool
        Whether a plus stands before what is above zero.
    """
    if value is None:
        return NOTHING
    exact = _shown(Decimal(value), 2 if places is None else places)
    pattern = "#,##0.##" if places is None or places == 0 else "#,##0." + "0" * places
    text = format_decimal(exact, format="#,##0" if places == 0 else pattern, locale=_locale())
    return _sign(text, exact, signed=signed)


def percent(value: Decimal | None, *, places: int = 1, signed: bool = False) -> str:
    """Write a share as percent: 0.153 as 15.3%; None is written as a dash."""
    if value is None:
        return NOTHING
    exact = _shown(Decimal(value), places + 2)
    pattern = "#,##0" + ("." + "#" * places if places else "") + "%"
    return _sign(format_percent(exact, format=pattern, locale=_locale()), exact, signed=signed)


def amount(value: Decimal | None, unit: str, *, signed: bool = False, places: int | None = None) -> str:
    """Write a value in an indicator's unit; the unit ``%`` shows 0.95 as 95%."""
    text = figure(value, unit, signed=signed, places=places)
    # A no-break space: a figure torn from its unit at the end of a line is hard to read.
    return f"{text}\N{NO-BREAK SPACE}{unit}" if unit not in ("", "%") and value is not None else text


def figure(value: Decimal | None, unit: str, *, signed: bool = False, places: int | None = None) -> str:
    """Write a value where its unit stands beside it already, as in a table; the unit ``%`` shows 0.95 as 95%."""
    return percent(value, signed=signed) if unit == "%" else number(value, places=places, signed=signed)


def bound(
    low: Decimal,
    upper: Decimal | None,
    direction: Direction,
    unit: str,
    write: Callable[[Decimal | None, str], str] = amount,
) -> str:
    """Write what is asked with the sign of its direction: ≥ 95%, ≤ 2 小时, 5% to 8%."""
    match direction:
        case Direction.at_least:
            return f"≥ {write(low, unit)}"
        case Direction.at_most:
            return f"≤ {write(low, unit)}"
        case _:
            return _("{low} to {high}").format(low=write(low, unit), high=write(upper, unit))


def with_unit(name: str, unit: str) -> str:
    """Name what an axis or a row shows, with its unit; percent signs stand with the figures themselves."""
    return _("{name} ({unit})").format(name=name, unit=unit) if unit not in ("", "%") else name


def _shown(value: Decimal, places: int) -> Decimal:
    # A small value below zero rounds to minus zero, which would be written with its sign.
    return rounded(value, places) or Decimal(0)


def _sign(text: str, value: Decimal, *, signed: bool) -> str:
    text = text.replace("-", "\N{MINUS SIGN}")
    return f"+{text}" if signed and value > 0 else text


def day(value: date | None) -> str:
    """Write a date: 2026年6月10日, 10 June 2026; None is written as a dash."""
    if value is None:
        return NOTHING
    pattern = {"zh": "y年M月d日", "en": "d MMMM y"}[current()]
    return str(format_date(value, format=pattern, locale=_locale()))


def moment(value: datetime) -> str:
    """Write a point in time to the minute, with its offset from UTC."""
    pattern = {"zh": "y年M月d日 HH:mm xxx", "en": "d MMMM y, HH:mm xxx"}[current()]
    return str(format_datetime(value, format=pattern, tzinfo=value.tzinfo, locale=_locale()))


def period(value: Period) -> str:
    """Write a period: 2026年10月, October 2026; 2026年第3季度, Q3 2026."""
    if value.kind is PeriodKind.month:
        pattern = {"zh": "y年M月", "en": "MMMM y"}[current()]
        return str(format_date(value.first, format=pattern, locale=_locale()))
    half = {1: "上", 2: "下"}.get(value.number, "")
    return _PATTERNS[current()][value.kind.value].format(y=value.year, n=value.number, h=half)


def month_name(value: Period) -> str:
    """Write a month without its year, short enough for an axis: 10月, Oct."""
    return str(format_date(value.first, format={"zh": "M月", "en": "MMM"}[current()], locale=_locale()))
