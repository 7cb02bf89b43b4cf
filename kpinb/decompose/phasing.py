"""What a target of a year or a quarter asks of each month.

A year's target is divided by its quarters where they have targets of their own, and what they leave is spread over
the other months; the same within a quarter. Sums are exact: the months of a period add up to its target to the
last decimal. What cannot be added is not: a rate or a weighted mean is asked of every month alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.decompose.dividing.rules import season
from kpinb.decompose.records import Basis, Level, Phasing, Target
from kpinb.decompose.tasks.yields import times_in
from kpinb.language import _
from kpinb.measure import Adding, rounded, share_out
from kpinb.period import Period, PeriodKind
from kpinb.view import formats

UNIT = Decimal("0.01")
"""To what a month's share of a sum is rounded; finer where a month is small, see `_unit`."""

PLACES = 9
"""To how many decimal places a growth over a mean or a ratio is rounded, as the actuals themselves are."""


@dataclass(frozen=True)
class Phased:
    """A year's target by month.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each month of the fiscal year: `month` (first day), `target` and `upper` (Decimal or None where
        no target covers the month), `grows` (bool: whether a target promises a growth over last year's actual).
    method : str
        How the months came about, in a sentence.
    problems : list of str
        Why a target could not be resolved, a sentence each.
    """

    frame: pd.DataFrame
    method: str
    problems: list[str]


def phase(
    targets: Sequence[Target], year: Period, over_time: Adding, history: Actuals, *, weighted: bool = False
) -> Phased:
    """Spread an indicator's targets over the months of a year.

    Parameters
    ----------
    targets : sequence of Target
        Of one indicator and one level of the hierarchy.
    year : Period
        The fiscal year.
    over_time : Adding
        How the indicator's months add up.
    history : Actuals
        By month, from which growth is counted and seasonality is taken.
    weighted : bool
        Whether a mean is weighted with a base; it is then asked of every month alike.

    Notes
    -----
    Seasonality is `kpinb.decompose.dividing.rules.season`: the median of the shares that each month had in the
    complete years before. Where there is no complete year, a sum is spread evenly, and the method says so; so are
    months that all had nothing.

    A month promises growth where any target around it does: a month's or quarter's own value inside a year that is
    to grow only places that growth. Targets of weeks ask nothing of a month.
    """

    def period_of(target: Target) -> Period:
        return Period.parse(target.period, fiscal_start=year.fiscal_start)

    if weighted and over_time is Adding.mean:
        over_time = Adding.ratio
    its_own = sorted((t for t in targets if year.contains(period_of(t))), key=lambda t: (period_of(t), t.id))
    inside = [t for t in its_own if period_of(t).kind is not PeriodKind.week]
    weights, method = _seasonality(inside, year, over_time, history)
    problems: list[str] = []
    if its_own and not inside:
        problems.append(
            _("Only weeks have a target, which asks nothing of a month: give the months or the year a target too.")
        )
    resolved: dict[Period, tuple[Decimal, Target]] = {}
    for target in inside:
        period = period_of(target)
        if period in resolved:
            problems.append(
                _("There are two targets for {period}, “{first}” and “{second}”: take one of them away.").format(
                    period=period, first=resolved[period][1].id, second=target.id
                )
            )
            continue
        value = resolve(target, year, over_time, history)
        if value is None:
            problems.append(_without_value(target))
        elif over_time is Adding.compound and value <= -1:
            problems.append(
                _("The target {period} asks for a growth of {value}: nothing can fall by all it has.").format(
                    period=target.period, value=formats.percent(value)
                )
            )
        else:
            resolved[period] = (value, target)
    asked = {period: value for period, (value, _t) in resolved.items()}
    problems += _contradictions(asked, over_time)
    amounts = _spread(asked, year, over_time, weights, history)
    ends = {period: value if t.upper is None else t.upper for period, (value, t) in resolved.items()}
    ranged = any(t.upper is not None for _v, t in resolved.values())
    bounds = _spread(ends, year, over_time, weights, history) if ranged else {}
    grows = {
        month
        for period, (_v, t) in resolved.items()
        if t.growth is not None or t.points is not None
        for month in period.months
    }
    months = year.months
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime([month.first for month in months]),
            "target": pd.Series([amounts.get(month) for month in months], dtype=object),
            "upper": pd.Series([bounds.get(month) for month in months], dtype=object),
            "grows": [month in grows for month in months],
        }
    )
    return Phased(frame, method, problems)


def _without_value(target: Target) -> str:
    text = (
        _(
            "The target {period} is a growth over the period before, whose actuals are not complete or not above "
            "zero: it cannot be turned into a value. Give the value itself."
        )
        if target.basis is Basis.period_before and target.growth is not None
        else _(
            "The target {period} is a growth over the year before, whose actuals are not complete or not above "
            "zero: it cannot be turned into a value. Give the value itself."
        )
    )
    return text.format(period=target.period)


def resolve(target: Target, year: Period, over_time: Adding, history: Actuals) -> Decimal | None:
    """Give a target's value in the indicator's unit.

    A stated value is taken as it is. A growth is counted from the actual of the same period of the year before, or
    of the period before it where the target says so; a part of the year's growth is added to the former, in points
    of the whole year before.

    Returns
    -------
    Decimal or None
        None where what it is counted from is not complete, or not above zero, and for a growth of a week.
    """
    if target.value is not None:
        return target.value
    period = Period.parse(target.period, fiscal_start=year.fiscal_start)
    over_before = target.basis is Basis.period_before and target.growth is not None
    since = period.shift(-1).months if over_before else [month.year_before for month in period.months]
    before = history.combined(since, over_time)
    if before is None or period.kind is PeriodKind.week:
        return None
    if target.growth is not None:
        value = before * (1 + target.growth) if before > 0 else None
    else:
        whole = history.combined([month.year_before for month in year.months], over_time)
        value = (
            before + target.points * whole
            if whole is not None and whole > 0 and target.points is not None
            else None
        )
    return rounded(value, PLACES) if value is not None and over_time in (Adding.mean, Adding.ratio) else value


def _spread(
    values: Mapping[Period, Decimal],
    year: Period,
    over_time: Adding,
    weights: Mapping[Period, Decimal] | None,
    history: Actuals,
) -> dict[Period, Decimal]:
    """Give each month that a target covers its part."""
    if over_time is Adding.last:
        return _line(values, year, history.of(year.months[0].shift(-1)))
    amounts: dict[Period, Decimal] = {}
    # Sorted, a period stands before its parts, so that a quarter's own target replaces what the year asked of it.
    for period in sorted(values):
        months, rest = _within(period, values, over_time)
        if months:
            shares = [Decimal(1) if weights is None else weights[month] for month in months]
            parts = _over_months(rest, over_time, shares if any(shares) else [Decimal(1)] * len(months))
            amounts.update(zip(months, parts, strict=True))
    return amounts


def _contradictions(values: Mapping[Period, Decimal], over_time: Adding) -> list[str]:
    """Say where the parts of a sum come to more than the whole, or fill its period and come to something else."""
    found = []
    if over_time is Adding.total:
        for period in sorted(values):
            months, rest = _within(period, values, over_time)
            filled_wrongly = not months and rest != 0
            more_than_the_whole = bool(months) and rest < 0 <= values[period]
            if filled_wrongly or more_than_the_whole:
                found.append(
                    _(
                        "The parts of the target {period} come to {sum}, and it is {value}: correct one of them."
                    ).format(
                        period=period,
                        sum=formats.number(values[period] - rest),
                        value=formats.number(values[period]),
                    )
                )
    return found


def _within(period: Period, values: Mapping[Period, Decimal], over_time: Adding) -> tuple[list[Period], Decimal]:
    """Take out of a period's target what shorter periods inside it have targets for.

    Returns
    -------
    (list of Period, Decimal)
        The months that are left, and what is left for them: the sum that they are to come to (of a mean as well),
        the growth that they are to compound to, or the ratio that is asked of each.
    """
    inner = [p for p in values if p != period and period.contains(p)]
    widest = [p for p in inner if not any(q != p and q.contains(p) for q in inner)]
    taken = {month for p in widest for month in p.months}
    months = [month for month in period.months if month not in taken]
    value = values[period]
    match over_time:
        case Adding.total:
            return months, value - _sum(values[p] for p in widest)
        case Adding.mean:
            return months, value * len(period.months) - _sum(values[p] * len(p.months) for p in widest)
        case Adding.compound:
            for p in widest:
                value = (1 + value) / (1 + values[p]) - 1
    return months, value


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def _over_months(value: Decimal, over_time: Adding, weights: Sequence[Decimal]) -> list[Decimal]:
    """Divide what `_within` gives among as many months as there are weights."""
    count = len(weights)
    match over_time:
        case Adding.compound:
            return [(1 + value) ** (Decimal(1) / count) - 1] * count
        case Adding.mean if len(set(weights)) == 1 and rounded(value / count, PLACES) * count == value:
            return [rounded(value / count, PLACES)] * count
        case Adding.total | Adding.mean:
            return share_out(value, weights, unit=_unit(value, count))
        case _:
            return [value] * count


def _unit(value: Decimal, count: int) -> Decimal:
    """Give what a month's share is rounded to: a hundredth, or finer so that a month keeps four digits."""
    each = abs(value) / count
    return min(UNIT, Decimal(1).scaleb(each.adjusted() - 3)) if each else UNIT


def _line(values: Mapping[Period, Decimal], year: Period, start: Decimal | None) -> dict[Period, Decimal]:
    """Draw a straight line from the start of the year to the end of each target's period, one after the other.

    Without a start, every month up to the end of the first one is asked for its target itself.
    """
    months = year.months
    ends = {months.index(period.months[-1]) + 1: values[period] for period in sorted(values)}
    amounts: dict[Period, Decimal] = {}
    since = 0
    for end, value in sorted(ends.items()):
        for n in range(since + 1, end + 1):
            way = value if start is None else start + (value - start) * (n - since) / (end - since)
            amounts[months[n - 1]] = way
        since, start = end, value
    return {month: amounts[month] for period in values for month in period.months}


def _seasonality(
    targets: Sequence[Target], year: Period, over_time: Adding, history: Actuals
) -> tuple[Mapping[Period, Decimal] | None, str]:
    """Give each month of the year its weight, or None for all alike; and say how."""
    if over_time is Adding.last and history.of(year.months[0].shift(-1)) is None:
        return None, _(
            "Asked of each month: the target itself, since the year before has no last value from which a line "
            "could be drawn."
        )
    if over_time is Adding.last:
        return None, _(
            "Asked of each month: a straight line from the last value of the year before to the target."
        )
    if over_time is Adding.compound:
        return None, _("Asked of each month: the same growth, which compounds to the target.")
    if over_time is Adding.ratio:
        return None, _("Asked of each month: the target itself, since rates and weighted means cannot be added.")
    even = (
        _("Asked of each month: an equal part.")
        if over_time is Adding.total
        else _("Asked of each month: the target itself.")
    )
    if any(target.phasing is Phasing.even for target in targets):
        return None, even
    shares, years = season(year.months, history)
    if not any(shares):
        return None, _("{method} There is no complete year before from which to take a seasonality.").format(
            method=even
        )
    # Of one or two years the median is the mean.
    text = (
        _("Asked of each month: its share of the period that has a target, as it was on average in {years}.")
        if len(years) <= 2
        else _("Asked of each month: its share of the period that has a target, the median of those in {years}.")
    )
    return dict(zip(year.months, shares, strict=True)), text.format(years=_(", ").join(str(y) for y in years))


def monthly_targets(book: Book, indicator: Indicator, actuals: Actuals) -> Phased:
    """Spread the department's own targets for an indicator over the months of the year under review.

    Only targets of the department's own level count (of the company's, in the company's book): those of teams and
    persons are parts of them.
    """
    level = Level.company if book.department == book.company else Level.department
    targets = [t for t in book.records(Target) if t.indicator == indicator.id and t.level is level]
    whole = whole_targets(targets, indicator.over_time, fiscal_start=book.period.fiscal_start)
    return phase(whole, book.year, indicator.over_time, actuals, weighted=bool(indicator.base))


def whole_targets(targets: Sequence[Target], over_time: Adding, *, fiscal_start: int = 1) -> list[Target]:
    """Turn what is asked for every week or month into what the whole period asks for.

    A rhythm beside a target of the whole period says the same anew and is left out; the proof compares the two. By
    itself it counts: 8 every week of a year are 416 where the indicator adds up, and the same 8 where it does not.
    A growth every month without a target of the period asks for no amount.
    """
    whole = [target for target in targets if target.every is None]
    periods = {target.period for target in whole}
    for target in targets:
        if target.every is not None and target.value is not None and target.period not in periods:
            period = Period.parse(target.period, fiscal_start=fiscal_start)
            often = times_in(target.every, period) if over_time is Adding.total else Decimal(1)
            whole.append(target.model_copy(update={"value": target.value * often, "every": None}))
    return whole
