"""What a target of a year or a quarter asks of each month.

A year's target is divided by its quarters where they have targets of their own, and what they leave is spread over
the other months; the same within a quarter. Sums are exact: the months of a period add up to its target to the
last decimal. What cannot be added is not: a rate or a weighted mean is asked of every month alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.decompose.records import Level, Phasing, Target
from kpinb.language import _
from kpinb.measure import Adding, share_out
from kpinb.period import Period, PeriodKind

YEARS = 3
"""How many complete years a seasonality is taken from, at most."""

UNIT = Decimal("0.01")
"""To what a month's share of a sum is rounded."""


@dataclass(frozen=True)
class Phased:
    """A year's target by month.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each month of the fiscal year: `month` (first day), `target` and `upper` (Decimal or None where
        no target covers the month), `start` (Decimal or None: last year's actual, where the target promises a
        growth over it).
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
    Seasonality is the mean share that each month had in its year, over up to three complete years before. Where
    there is no complete year, or a month was not above zero, a sum is spread evenly, and the method says so.
    """
    inside = sorted(
        (t for t in targets if year.contains(Period.parse(t.period, fiscal_start=year.fiscal_start))),
        key=lambda t: (Period.parse(t.period, fiscal_start=year.fiscal_start), t.id),
    )
    weights, method = _seasonality(inside, year, over_time, history, weighted=weighted)
    amounts: dict[Period, Decimal] = {}
    bounds: dict[Period, Decimal | None] = {}
    starts: dict[Period, Decimal | None] = {}
    problems: list[str] = []
    resolved: dict[Period, tuple[Decimal, Target]] = {}
    for target in inside:
        period = Period.parse(target.period, fiscal_start=year.fiscal_start)
        if period in resolved:
            problems.append(
                _("There are two targets for {period}, “{first}” and “{second}”: take one of them away.").format(
                    period=period, first=resolved[period][1].id, second=target.id
                )
            )
            continue
        value = resolve(target, year, over_time, history)
        if value is None:
            problems.append(
                _(
                    "The target {period} is a growth over the year before, whose actuals are not complete: "
                    "it cannot be turned into a value. Give the value itself."
                ).format(period=target.period)
            )
        else:
            resolved[period] = (value, target)
    # From long to short, so that a quarter's own target replaces what the year asked of its months.
    for period, (value, target) in sorted(resolved.items(), key=lambda item: item[0]):
        part = _within(period, value, {p: v for p, (v, _t) in resolved.items()}, over_time)
        amounts.update(_over_months(part.months, part.value, over_time, weights, history))
        for month in period.months:
            bounds[month] = target.upper
            grows = target.growth is not None or target.points is not None
            starts[month] = history.of(month.year_before) if grows else None
    months = year.months
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime([month.first for month in months]),
            "target": pd.Series([amounts.get(month) for month in months], dtype=object),
            "upper": pd.Series([bounds.get(month) for month in months], dtype=object),
            "start": pd.Series([starts.get(month) for month in months], dtype=object),
        }
    )
    return Phased(frame, method, problems)


def resolve(target: Target, year: Period, over_time: Adding, history: Actuals) -> Decimal | None:
    """Give a target's value in the indicator's unit.

    A stated value is taken as it is. A growth is counted from the actual of the same period of the year before;
    a part of the year's growth is added to it, in points of the whole year before.

    Returns
    -------
    Decimal or None
        None where the year before is needed and not complete.
    """
    if target.value is not None:
        return target.value
    period = Period.parse(target.period, fiscal_start=year.fiscal_start)
    before = history.combined([month.year_before for month in period.months], over_time)
    if before is None:
        return None
    if target.growth is not None:
        return before * (1 + target.growth)
    whole = history.combined([month.year_before for month in year.months], over_time)
    return None if whole is None or target.points is None else before + target.points * whole


@dataclass(frozen=True)
class _Part:
    months: list[Period]
    value: Decimal


def _within(
    period: Period,
    value: Decimal,
    values: Mapping[Period, Decimal],
    over_time: Adding,
) -> _Part:
    """Take out of a period's target what shorter periods inside it have targets for."""
    inner = [p for p in values if p != period and p.kind is not PeriodKind.week and period.contains(p)]
    widest = [p for p in inner if not any(q != p and q.contains(p) for q in inner)]
    taken = {month for p in widest for month in p.months}
    months = [month for month in period.months if month not in taken]
    if over_time is Adding.total:
        return _Part(months, value - sum((values[p] for p in widest), Decimal(0)))
    if over_time is Adding.mean and months:
        rest = value * len(period.months) - sum((values[p] * len(p.months) for p in widest), Decimal(0))
        return _Part(months, rest / len(months))
    return _Part(months, value)


def _over_months(
    months: list[Period],
    value: Decimal,
    over_time: Adding,
    weights: Mapping[Period, Decimal] | None,
    history: Actuals,
) -> dict[Period, Decimal]:
    if not months:
        return {}
    match over_time:
        case Adding.total:
            parts = share_out(
                value, [Decimal(1)] * len(months) if weights is None else [weights[m] for m in months], unit=UNIT
            )
        case Adding.mean if weights is not None:
            parts = share_out(value * len(months), [weights[m] for m in months], unit=UNIT)
        case Adding.last if (start := history.of(months[0].shift(-1))) is not None:
            parts = [start + (value - start) * step / len(months) for step in range(1, len(months) + 1)]
        case Adding.compound:
            each = (1 + value) ** (Decimal(1) / len(months)) - 1
            parts = [each] * len(months)
        case _:
            parts = [value] * len(months)
    return dict(zip(months, parts, strict=True))


def _seasonality(
    targets: Sequence[Target], year: Period, over_time: Adding, history: Actuals, *, weighted: bool
) -> tuple[Mapping[Period, Decimal] | None, str]:
    """Give each month of the year its weight, or None for all alike; and say how."""
    if over_time is Adding.last:
        return None, _(
            "Asked of each month: a straight line from the last value of the year before to the target."
        )
    if over_time is Adding.compound:
        return None, _("Asked of each month: the same growth, which compounds to the target.")
    if over_time is Adding.ratio or weighted:
        return None, _("Asked of each month: the target itself, since rates and weighted means cannot be added.")
    even = (
        _("Asked of each month: an equal part.")
        if over_time is Adding.total
        else _("Asked of each month: the target itself.")
    )
    if any(target.phasing is Phasing.even for target in targets):
        return None, even
    shares: dict[int, list[Decimal]] = {}
    years = []
    for back in range(1, YEARS + 1):
        values = [history.of(month) for month in year.shift(-back).months]
        known = [value for value in values if value is not None and value > 0]
        if len(known) == len(values):
            years.append(year.shift(-back))
            for position, value in enumerate(known):
                shares.setdefault(position, []).append(value / sum(known, Decimal(0)))
    if not years:
        return None, _("{method} There is no complete year before from which to take a seasonality.").format(
            method=even
        )
    weights = {month: sum(shares[i], Decimal(0)) / len(years) for i, month in enumerate(year.months)}
    return weights, _("Asked of each month: its share of the year, as it was on average in {years}.").format(
        years=_(", ").join(str(y) for y in reversed(years))
    )


def monthly_targets(book: Book, indicator: Indicator, actuals: Actuals) -> Phased:
    """Spread the department's own targets for an indicator over the months of the year under review.

    Only targets of the department's own level count (of the company's, in the company's book): those of teams and
    persons are parts of them.
    """
    level = Level.company if book.department == book.company else Level.department
    targets = [t for t in book.records(Target) if t.indicator == indicator.id and t.level is level]
    return phase(targets, book.year, indicator.over_time, actuals, weighted=bool(indicator.base))


def history_of(book: Book, indicator: Indicator) -> Actuals:
    """Read an indicator's actuals by month, from three years before the year under review."""
    frame = book.monthly(
        indicator.series, indicator.over_time, base=indicator.base, since=book.year.shift(-YEARS).months[0]
    )
    return Actuals.of_frame(frame, fiscal_start=book.period.fiscal_start)
