"""Dividing a total among periods that grow, by the same amount or by the same rate.

The two are said apart everywhere: 1.7 % a month is 20.4 % in a year where it is added, and 22.4 % where it is
compounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scipy.optimize import brentq

from kpinb.decompose.dividing.rules import Split, to_figures
from kpinb.decompose.records import Rule
from kpinb.errors import BadInput
from kpinb.language import N_, _
from kpinb.period import Period, PeriodKind
from kpinb.view import formats


def growing_by_amount(total: Decimal, periods: Sequence[Period], last: Decimal | None) -> Split:
    """Let each period be the same amount above the one before it, the first above the last actual.

    Parameters
    ----------
    total : Decimal
        What the periods are to come to.
    periods : sequence of Period
        In order of time.
    last : Decimal or None
        The actual of the period before the first.

    Raises
    ------
    BadInput
        The last actual is missing, the total is not above zero, or a period would have to fall below zero.
    """
    start = _start(total, periods, last)
    count = len(periods)
    steps = count * (count + 1) // 2
    by = (total - count * start) / steps
    # Multiplied out rather than added up, so that nothing is lost by the division.
    values = [(start * steps + (total - count * start) * k) / steps for k in range(1, count + 1)]
    for period, value in zip(periods, values, strict=True):
        if value < 0:
            raise BadInput(
                _(
                    "From {last}, the same amount less in every period comes to {total} only if {period} falls "
                    "below zero: divide by the same rate instead, or evenly."
                ).format(last=formats.number(start), total=formats.number(total), period=formats.period(period))
            )
    method = _("{pace}, the same amount each time, from the last actual of {last}.").format(
        pace=_pace(formats.number(by, signed=True), periods[0]), last=formats.number(start)
    )
    return Split(tuple(periods), to_figures(values), Rule.growth_simple, method)


def growing_by_rate(total: Decimal, periods: Sequence[Period], last: Decimal | None) -> Split:
    """Let each period be the same rate above the one before it, the first above the last actual.

    The rate is solved for, so that the periods come to the total; a rate below zero is a fall.

    Parameters
    ----------
    total : Decimal
        What the periods are to come to.
    periods : sequence of Period
        In order of time.
    last : Decimal or None
        The actual of the period before the first.

    Raises
    ------
    BadInput
        The last actual is missing or not above zero, or the total is not above zero.
    """
    start = _start(total, periods, last)
    if start == 0:
        raise BadInput(_("The last actual is zero, and no rate leads away from zero: grow by an amount instead."))
    rate = compound_rate(float(total / start), len(periods))
    values = [start * (1 + rate) ** k for k in range(1, len(periods) + 1)]
    method = _("{pace}, compounded, from the last actual of {last}.").format(
        pace=_pace(formats.percent(rate, places=2, signed=True), periods[0]), last=formats.number(start)
    )
    return Split(tuple(periods), to_figures(values), Rule.growth_compound, method)


_PACES = {
    PeriodKind.year: N_("{change} a year"),
    PeriodKind.half: N_("{change} a half-year"),
    PeriodKind.quarter: N_("{change} a quarter"),
    PeriodKind.month: N_("{change} a month"),
    PeriodKind.week: N_("{change} a week"),
}


def _pace(change: str, period: Period) -> str:
    return _(_PACES[period.kind]).format(change=change)


def compound_rate(multiple: float, count: int) -> Decimal:
    """Solve for the rate at which so many periods, starting from 1 before the first, come to a multiple of it.

    Brent's method between a fall by everything, which comes to nothing, and the rate at which the last period
    alone comes to the multiple.
    """

    def beyond(rate: float) -> float:
        return sum((1 + rate) ** k for k in range(1, count + 1)) - multiple

    highest = multiple ** (1 / count) - 1
    return Decimal(repr(float(brentq(beyond, -1.0, highest + 1e-9 * (1 + abs(highest)), xtol=1e-15, rtol=1e-14))))


def _start(total: Decimal, periods: Sequence[Period], last: Decimal | None) -> Decimal:
    if not periods:
        raise BadInput(_("There is nothing to divide among: name at least one part."))
    if last is None or last < 0:
        raise BadInput(
            _(
                "There is no growth to {period} without an actual of the {kind} before it that is zero or more: "
                "divide evenly or by weights instead."
            ).format(period=formats.period(periods[0]), kind=periods[0].kind.label)
        )
    if total <= 0:
        raise BadInput(
            _("Nothing grows to a total of {total}: give a total above zero, or divide evenly.").format(
                total=formats.number(total)
            )
        )
    return last
