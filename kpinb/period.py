"""Year, half, quarter, month and week as one value.

A period is written ``2026``, ``2026-H1``, ``2026-Q3``, ``2026-10`` or ``2026-W05``. Months are calendar months
and weeks are ISO weeks, everywhere. Years, halves and quarters begin with the fiscal year; a fiscal year is
named after the calendar year in which it begins, so with ``fiscal_start=4`` the period ``2026-Q1`` is April to
June 2026 and ``2026-Q4`` is January to March 2027.

A week belongs to the period in which its Thursday lies, which is the ISO rule for years; so every week has
exactly one month, and weeks of a year never overlap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from kpinb.errors import BadInput
from kpinb.language import N_, Label, _


class PeriodKind(Label):
    """How long a period is; the order of the members is from long to short."""

    year = "year", N_("year")
    half = "half", N_("half-year")
    quarter = "quarter", N_("quarter")
    month = "month", N_("month")
    week = "week", N_("week")


_MONTHS_IN = {PeriodKind.year: 12, PeriodKind.half: 6, PeriodKind.quarter: 3, PeriodKind.month: 1}
_WRITTEN = re.compile(r"(?a:(\d{4})(?:-(?:H([12])|Q([1-4])|W(\d{2})|(\d{2})))?)\Z")
_WRITTEN_MONTH = re.compile(
    r"(?a:(\d{4})(?:[-/.]?(\d{2})|[-/.](\d)|年(\d{1,2})月)(?:[-/.]?01(?:[T ]00:00:00)?)?)\Z"
)


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of time.

    Parameters
    ----------
    kind : PeriodKind
        How long it is.
    year : int
        The year in its name.
    number : int
        Which half, quarter, month or week of the year; 1 for a year.
    fiscal_start : int
        The month, 1 to 12, in which the fiscal year begins.

    See Also
    --------
    Period.parse : the usual way to make one.
    """

    kind: PeriodKind
    year: int
    number: int = 1
    fiscal_start: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.fiscal_start <= 12:
            raise BadInput(
                _("The fiscal year cannot start in month {month}: give a month from 1 to 12.").format(
                    month=self.fiscal_start
                )
            )
        if not (1000 <= self.year <= 9998 and 1 <= self.number <= self._numbers_in_year()):
            raise BadInput(_not_a_period(str(self)))

    def _numbers_in_year(self) -> int:
        if self.kind is PeriodKind.week:
            return date(self.year, 12, 28).isocalendar().week
        return 12 // _MONTHS_IN[self.kind]

    @classmethod
    def parse(cls, text: str, *, fiscal_start: int = 1) -> Self:
        """Read a period from its written form.

        Raises
        ------
        BadInput
            The text is none of the accepted forms; the message lists them.
        """
        match = _WRITTEN.match(text.strip()) if isinstance(text, str) else None
        if not match:
            raise BadInput(_not_a_period(text))
        year, half, quarter, week, month = match.groups()
        for kind, number in (
            (PeriodKind.half, half),
            (PeriodKind.quarter, quarter),
            (PeriodKind.week, week),
            (PeriodKind.month, month),
        ):
            if number:
                return cls(kind, int(year), int(number), fiscal_start)
        return cls(PeriodKind.year, int(year), 1, fiscal_start)

    @classmethod
    def parse_month(cls, text: str, *, fiscal_start: int = 1) -> Self:
        """Read a month as files of actuals write it.

        Accepted are ``2026-10``, ``2026/10``, ``2026.10``, ``202610``, ``2026-1``, ``2026年10月`` and each of
        the numeric ones followed by the first day of the month (``2026-10-01``).

        Raises
        ------
        BadInput
            The text is not a month.
        """
        match = _WRITTEN_MONTH.match(text.strip())
        if not match:
            raise BadInput(_("“{text}” is not a month: write it as 2026-10.").format(text=text))
        year, *months = match.groups()
        return cls(PeriodKind.month, int(year), int(next(m for m in months if m)), fiscal_start)

    @classmethod
    def month_of(cls, day: date, *, fiscal_start: int = 1) -> Self:
        """Give the month in which a day lies."""
        return cls(PeriodKind.month, day.year, day.month, fiscal_start)

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.year:
                return f"{self.year:04}"
            case PeriodKind.half:
                return f"{self.year:04}-H{self.number}"
            case PeriodKind.quarter:
                return f"{self.year:04}-Q{self.number}"
            case PeriodKind.week:
                return f"{self.year:04}-W{self.number:02}"
            case _:
                return f"{self.year:04}-{self.number:02}"

    def __lt__(self, other: Period) -> bool:
        """Order by first day; of two that begin together the longer comes first."""
        return (self.first, -self.last.toordinal()) < (other.first, -other.last.toordinal())

    @property
    def first(self) -> date:
        """First day."""
        if self.kind is PeriodKind.week:
            return date.fromisocalendar(self.year, self.number, 1)
        return _month_first(self._first_month())

    @property
    def last(self) -> date:
        """Last day."""
        if self.kind is PeriodKind.week:
            return self.first + timedelta(days=6)
        return _month_first(self._first_month() + _MONTHS_IN[self.kind]) - timedelta(days=1)

    def _first_month(self) -> int:
        """Count months from year 0, so that months can be added."""
        if self.kind is PeriodKind.month:
            return self.year * 12 + self.number - 1
        return self.year * 12 + self.fiscal_start - 1 + (self.number - 1) * _MONTHS_IN[self.kind]

    def contains(self, other: Period) -> bool:
        """Say whether another period lies in this one; a week lies where its Thursday lies."""
        if other.kind is PeriodKind.week and self.kind is not PeriodKind.week:
            thursday = other.first + timedelta(days=3)
            return self.first <= thursday <= self.last
        return self.first <= other.first and other.last <= self.last

    def children(self, kind: PeriodKind) -> list[Period]:
        """Give the periods of a shorter kind that make up this one, in order.

        Raises
        ------
        BadInput
            The kind is not shorter than this period's own.
        """
        if list(PeriodKind).index(kind) <= list(PeriodKind).index(self.kind):
            raise BadInput(
                _("{period} cannot be divided into periods of one {kind}.").format(period=self, kind=kind.label)
            )
        if kind is PeriodKind.week:
            week = Period.week_of(self.first, fiscal_start=self.fiscal_start)
            weeks = [week.shift(n) for n in range(55)]
            return [w for w in weeks if self.contains(w)]
        first = self._of_month(kind, self._first_month())
        return [first.shift(n) for n in range(_MONTHS_IN[self.kind] // _MONTHS_IN[kind])]

    @classmethod
    def week_of(cls, day: date, *, fiscal_start: int = 1) -> Self:
        """Give the ISO week in which a day lies."""
        year, week, _weekday = day.isocalendar()
        return cls(PeriodKind.week, year, week, fiscal_start)

    def parent(self, kind: PeriodKind) -> Period:
        """Give the longer period in which this one lies.

        Raises
        ------
        BadInput
            The kind is not longer than this period's own.
        """
        if list(PeriodKind).index(kind) >= list(PeriodKind).index(self.kind):
            raise BadInput(_("{period} does not lie in one {kind}.").format(period=self, kind=kind.label))
        if self.kind is PeriodKind.week:
            thursday = self.first + timedelta(days=3)
            month = Period.month_of(thursday, fiscal_start=self.fiscal_start)
            return month if kind is PeriodKind.month else month.parent(kind)
        return self._of_month(kind, self._first_month())

    @property
    def fiscal_year(self) -> Period:
        """The fiscal year in which this period lies; itself if it is one."""
        return self if self.kind is PeriodKind.year else self.parent(PeriodKind.year)

    def _of_month(self, kind: PeriodKind, month: int) -> Period:
        if kind is PeriodKind.month:
            return Period(kind, month // 12, month % 12 + 1, self.fiscal_start)
        since_start = month - (self.fiscal_start - 1)
        return Period(kind, since_start // 12, since_start % 12 // _MONTHS_IN[kind] + 1, self.fiscal_start)

    def shift(self, steps: int) -> Period:
        """Give the period so many steps of its own length later, or earlier where negative."""
        if self.kind is PeriodKind.week:
            return Period.week_of(self.first + timedelta(weeks=steps), fiscal_start=self.fiscal_start)
        return self._of_month(self.kind, self._first_month() + steps * _MONTHS_IN[self.kind])

    @property
    def year_before(self) -> Period:
        """The same period one year earlier; week 53 of a year has week 52 of the year before."""
        if self.kind is PeriodKind.week:
            before = date(self.year - 1, 12, 28).isocalendar().week
            return Period(self.kind, self.year - 1, min(self.number, before), self.fiscal_start)
        return Period(self.kind, self.year - 1, self.number, self.fiscal_start)

    @property
    def months(self) -> list[Period]:
        """The months that make it up; for a week, the month in which it lies."""
        if self.kind is PeriodKind.month:
            return [self]
        if self.kind is PeriodKind.week:
            return [self.parent(PeriodKind.month)]
        return self.children(PeriodKind.month)

    def months_to_date(self, month: Period) -> list[Period]:
        """Give this period's months up to and including `month`; none where it begins later."""
        return [m for m in self.months if m.first <= month.first]


def _month_first(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _not_a_period(text: object) -> str:
    return _(
        "“{text}” is not a period. Write a year as 2026, a half-year as 2026-H1, a quarter as 2026-Q3, "
        "a month as 2026-10, a week as 2026-W05."
    ).format(text=text)
