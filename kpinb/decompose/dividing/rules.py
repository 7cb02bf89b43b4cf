"""Ways to divide a target among its parts: each gives every part a weight and says how it came by it.

A weight that is missing is refused, since missing is not zero; so is one below zero. A weight of zero is a part
that gets nothing. Weights that come from a division are kept to twelve figures, which moves a share by less than a
millionth of a millionth; what is divided by them still adds up exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any, NoReturn

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.decompose.records import Rule
from kpinb.errors import BadInput, shown
from kpinb.language import N_, _
from kpinb.measure import Adding, exponents, rounded
from kpinb.period import Period, PeriodKind
from kpinb.view import formats

FIGURES = 12
"""To how many figures of the largest one weights are kept that come from a division."""

LONGEST, FINEST = 20, 30
"""Digits that a number may have before and after the decimal point; beyond it stands a slip, or an attack."""

EVENLY = N_("Every part gets the same.")
IN_PROPORTION = N_("Divided in proportion to the weights given.")

Member = Hashable
"""Names a part: a department, a person, a `Period`."""


@dataclass(frozen=True)
class Split:
    """How something is divided.

    Parameters
    ----------
    members : tuple
        Names of the parts, each once, in the order in which they are shown.
    weights : tuple of Decimal
        One for each; a part gets its weight's share of their sum.
    rule : Rule
        What kind of rule it is, as a target's record keeps it.
    method : str
        How the weights came about, in a sentence.

    Raises
    ------
    BadInput
        There is no member, one is named twice, a weight is missing or below zero, or all are zero.
    """

    members: tuple[Member, ...]
    weights: tuple[Decimal, ...]
    rule: Rule
    method: str

    def __post_init__(self) -> None:
        if not self.members:
            raise BadInput(_("There is nothing to divide among: name at least one part."))
        twice = pd.Index(self.members, dtype=object).duplicated()
        if twice.any():
            raise BadInput(
                _("“{member}” is named twice: keep one of them.").format(
                    member=name_of(self.members[int(twice.argmax())])
                )
            )
        for member, weight in zip(self.members, self.weights, strict=True):
            check_weight(weight, member)
        if not any(self.weights):
            raise BadInput(_("All weights are zero: give at least one part a weight above zero."))


def is_missing(value: Any) -> bool:
    """Say whether a cell holds no value; zero is one."""
    return value is None or bool(pd.isna(value))


def refuse_missing_weight(name: str) -> NoReturn:
    """Say who has no weight."""
    raise BadInput(
        _("“{member}” has no weight: give it one. If it is to get nothing, write 0; missing is not zero.").format(
            member=name
        )
    )


def are_dividable(values: Collection[Decimal]) -> bool:
    """Say whether all are numbers, and none longer than an amount can be."""
    return (
        all(map(Decimal.is_finite, values))
        and max(map(Decimal.copy_abs, values), default=Decimal(0)).adjusted() < LONGEST
        and min(exponents(values), default=0) >= -FINEST
    )


def check_weight(weight: Decimal, member: Member) -> None:
    """Refuse a weight below zero, or one that is no number; the sentence names whose it is."""
    checked_number(weight, member)
    if weight < 0:
        raise BadInput(
            _("The weight of “{member}” is {weight}, below zero: nothing can be divided by it.").format(
                member=name_of(member), weight=formats.number(weight)
            )
        )


def checked_number(value: Decimal, member: Member) -> Decimal:
    """Refuse what is no number, or longer than any amount; the sentence names whose it is."""
    if not are_dividable([value]):
        raise BadInput(
            _(
                "The value of “{member}” is {value}, which cannot be divided exactly: give a number of at most "
                "{before} digits before and {after} after the decimal point."
            ).format(member=name_of(member), value=shown(str(value)), before=LONGEST, after=FINEST)
        )
    return value


def name_of(member: Member) -> str:
    """Write a part's name for a sentence."""
    return formats.period(member) if isinstance(member, Period) else shown(str(member))


def even(members: Sequence[Member]) -> Split:
    """Give every part the same."""
    return Split(tuple(members), (Decimal(1),) * len(members), Rule.even, _(EVENLY))


def by_weights(weights: Mapping[Any, Decimal | int | None]) -> Split:
    """Divide by weights of any size, such as 60, 30 and 10.

    Raises
    ------
    BadInput
        A weight is missing or below zero, or all are zero.
    """
    return _proportional(weights, Rule.weights, _(IN_PROPORTION))


def by_last_year(actuals: Mapping[Any, Decimal | int | None]) -> Split:
    """Divide as last year's actuals were divided.

    Raises
    ------
    BadInput
        A part has no actual, or one below zero: it has no share that could be repeated.
    """
    return _proportional(actuals, Rule.last_year, _("Divided as last year's actuals were."))


def by_indicator(name: str, values: Mapping[Any, Decimal | int | None]) -> Split:
    """Divide in proportion to another indicator, such as headcount or visits.

    Parameters
    ----------
    name : str
        The other indicator's, for the sentence.
    values : mapping
        Its value for each part.

    Raises
    ------
    BadInput
        A value is missing or below zero, or all are zero.
    """
    method = _("Divided in proportion to {indicator}.").format(indicator=shown(name))
    return _proportional(values, Rule.indicator, method)


def by_base(bases: Mapping[Any, Decimal | int | None]) -> Split:
    """Divide the numerator of a ratio in proportion to what each part's ratio is divided by.

    Raises
    ------
    BadInput
        A base is missing or below zero, or all are zero.
    """
    method = _("A ratio is not divided: its numerator is, in proportion to the bases.")
    return _proportional(bases, Rule.base, method)


def _proportional(weights: Mapping[Any, Decimal | int | None], rule: Rule, method: str) -> Split:
    known = []
    for member, weight in weights.items():
        if weight is None or is_missing(weight):
            refuse_missing_weight(name_of(member))
        known.append(Decimal(weight))
    return Split(tuple(weights), tuple(known), rule, method)


def by_seasonality(periods: Sequence[Period], history: Actuals, over_time: Adding = Adding.total) -> Split:
    """Divide a year among its periods as the years before were divided.

    Parameters
    ----------
    periods : sequence of Period
        Months, quarters or half-years that make up one year, or the part of it that is divided.
    history : Actuals
        By month. A year counts where every one of the periods, moved to it, has an actual, none is below zero,
        and together they are above zero.
    over_time : Adding
        How the months add up to longer periods.

    See Also
    --------
    season : the weights.

    Raises
    ------
    BadInput
        There is no complete year, or the periods are weeks, of which the actuals by month say nothing.
    """
    if any(period.kind is PeriodKind.week for period in periods):
        raise BadInput(
            _("Actuals by month say nothing about the season of a week: divide the weeks evenly or by weights.")
        )
    weights, years = season(periods, history, over_time)
    if not years:
        raise BadInput(
            _(
                "There is no complete year before {period} from which to take a seasonality: a complete year has "
                "an actual for every period, none of them below zero. Divide evenly or by weights instead."
            ).format(period=formats.period(periods[0].fiscal_year) if periods else formats.NOTHING)
        )
    if not any(weights):
        raise BadInput(_("The seasonality is zero for every period: divide evenly or by weights instead."))
    names = [formats.period(year) for year in years]
    method = (
        _("Divided by seasonality: the median of each period's shares in {years}.").format(
            years=_(", ").join(names)
        )
        if len(names) > 1
        else _("Divided as {year} was, the only complete year there is.").format(year=names[0])
    )
    return Split(tuple(periods), weights, Rule.seasonal, method)


def season(
    periods: Sequence[Period], history: Actuals, over_time: Adding = Adding.total
) -> tuple[tuple[Decimal, ...], list[Period]]:
    """Give periods of one year the shares that they had in the complete years before, and name those years.

    Parameters
    ----------
    periods, history, over_time
        As in `by_seasonality`.

    Returns
    -------
    (tuple of Decimal, list of Period)
        A weight for each period, and the years in order; weights of zero where there is no such year, or where
        every median is zero.

    Notes
    -----
    Each period's weight is the median of the shares that it had in those years, so that one extraordinary year
    does not move it; the medians are then made to add up to 1.
    """
    shares = _shares_by_year(periods, history, over_time)
    middle = [median(of_period) for of_period in zip(*shares.values(), strict=True)] if shares else []
    whole = sum(middle, Decimal(0))
    weights = to_figures([value / whole for value in middle]) if whole else (Decimal(0),) * len(periods)
    return weights, sorted(shares)


def _shares_by_year(periods: Sequence[Period], history: Actuals, over_time: Adding) -> dict[Period, list[Decimal]]:
    if not periods or not history.values:
        return {}
    found = {}
    earliest = min(history.values).first
    earlier = [period.year_before for period in periods]
    while earlier[0].last >= earliest:
        values = [history.combined(period.months, over_time) for period in earlier]
        known = [value for value in values if value is not None and value >= 0]
        whole = sum(known, Decimal(0))
        if len(known) == len(values) and whole:
            found[earlier[0].fiscal_year] = [value / whole for value in known]
        earlier = [period.year_before for period in earlier]
    return found


def to_figures(values: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Round weights that come from a division to as many figures as are kept."""
    places = FIGURES - 1 - max(values).adjusted()
    return tuple(rounded(value, places) for value in values)
