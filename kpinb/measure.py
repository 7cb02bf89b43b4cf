"""What a number means: its unit, which way is better, and how values add over time and over teams.

Missing, zero and not yet due are kept apart: a value that is not there is ``None`` here and never 0, and what is
not due is not passed in at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal

from kpinb.errors import BadInput
from kpinb.language import N_, Label, _

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""For adding, multiplying and shifting without loss; the usual context rounds to 28 digits in silence."""


class Direction(Label):
    """Which values are good."""

    at_least = "at_least", N_("at least")
    at_most = "at_most", N_("at most")
    between = "between", N_("between")


class Adding(Label):
    """How several values of one indicator become one."""

    total = "total", N_("sum")
    last = "last", N_("last value")
    mean = "mean", N_("weighted mean")
    ratio = "ratio", N_("ratio of two sums")
    compound = "compound", N_("compound growth")


@dataclass(frozen=True, slots=True)
class Measure:
    """How an indicator is measured.

    Parameters
    ----------
    unit : str
        Such as ``万元`` or ``hours``; ``%`` means that 0.95 is shown as 95 %.
    direction : Direction
        Which way is better.
    over_time : Adding
        How months become a quarter or a year.
    over_teams : Adding
        How teams become a department, and departments the company.
    """

    unit: str
    direction: Direction = Direction.at_least
    over_time: Adding = Adding.total
    over_teams: Adding = Adding.total


def combine(
    values: Sequence[Decimal | None], how: Adding, *, bases: Sequence[Decimal | None] | None = None
) -> Decimal | None:
    """Make one value of several.

    Parameters
    ----------
    values : sequence of Decimal or None
        In order of time. For `Adding.ratio` these are ratios already, one for each of `bases`.
    how : Adding
        The rule. A weighted mean and a ratio are both Σ value·base ÷ Σ base; a mean without bases weighs all
        alike. Compound growth of 0.05 and 0.06 is 0.113.
    bases : sequence of Decimal or None, optional
        What a mean is weighted with or a ratio is divided by, such as the number of tickets.

    Returns
    -------
    Decimal or None
        None where there is nothing, where any value needed is missing, or where the bases add up to zero: a
        total with a hole in it is not a total.
    """
    if how is Adding.last:
        return values[-1] if values else None
    known = [value for value in values if value is not None]
    if not values or len(known) < len(values):
        return None
    match how:
        case Adding.total:
            return sum(known, Decimal(0))
        case Adding.compound:
            grown = Decimal(1)
            for value in known:
                grown *= 1 + value
            return grown - 1
        case _:
            weights = [Decimal(1)] * len(known) if bases is None else [b for b in bases if b is not None]
            if len(weights) < len(known) or not sum(weights):
                return None
            weighted = (value * weight for value, weight in zip(known, weights, strict=True))
            return sum(weighted, Decimal(0)) / sum(weights, Decimal(0))


def meets(value: Decimal, target: Decimal, direction: Direction, *, upper: Decimal | None = None) -> bool:
    """Say whether a value reaches its target; for `Direction.between`, whether it lies in target … upper."""
    match direction:
        case Direction.at_least:
            return value >= target
        case Direction.at_most:
            return value <= target
        case _:
            return target <= value <= (target if upper is None else upper)


def shortfall(value: Decimal, target: Decimal, direction: Direction, *, upper: Decimal | None = None) -> Decimal:
    """Give how far a value is from its target, in its own unit; 0 where the target is met."""
    if meets(value, target, direction, upper=upper):
        return Decimal(0)
    if direction is Direction.between and value > target:
        return value - (target if upper is None else upper)
    return abs(value - target)


def progress(
    value: Decimal,
    start: Decimal,
    target: Decimal,
    direction: Direction = Direction.at_least,
    *,
    upper: Decimal | None = None,
) -> Decimal:
    """Give the share of the way from start to target that is done: (value − start) ÷ (target − start).

    It is not clamped: 1.2 is a fifth beyond the target, −0.5 is half the way in the wrong direction. It works in
    both directions, since start lies on the other side of a target that is to be reached by falling. For a range
    it is the share of the starting distance that is gone, and 1 inside. Where there is no way to go (start equals
    target, or lies in the range) the task is to hold it: 1 where the value meets the target, 0 where it does not.

    Parameters
    ----------
    value, start, target : Decimal
        In one unit.
    direction : Direction
        Which way is better.
    upper : Decimal, optional
        Upper end of the range, for `Direction.between`.
    """
    if direction is not Direction.between and start != target:
        return (value - start) / (target - start)
    distance = shortfall(start, target, direction, upper=upper)
    if distance == 0:
        return Decimal(1 if meets(value, target, direction, upper=upper) else 0)
    return 1 - shortfall(value, target, direction, upper=upper) / distance


def attainment(
    value: Decimal,
    target: Decimal,
    direction: Direction,
    *,
    start: Decimal | None = None,
    upper: Decimal | None = None,
) -> Decimal | None:
    """Give how far a target is reached, 1 being just reached.

    With a `start` that misses the target it is `progress`, the share of the promised change. Otherwise it is
    value ÷ target where more is better and target ÷ value where less is better; for a range, the same against
    the end that is missed.

    Returns
    -------
    Decimal or None
        None where a ratio says nothing: a zero or negative number stands where a positive one is needed and the
        target is missed. A target that is met is then 1.
    """
    if start is not None and not meets(start, target, direction, upper=upper):
        return progress(value, start, target, direction, upper=upper)
    met = meets(value, target, direction, upper=upper)
    if direction is Direction.between:
        if met:
            return Decimal(1)
        top, bottom = (value, target) if value < target else (target if upper is None else upper, value)
    else:
        top, bottom = (value, target) if direction is Direction.at_least else (target, value)
    if bottom > 0 and top >= 0:
        return top / bottom
    return Decimal(1) if met else None


def share_out(total: Decimal, weights: Sequence[Decimal], *, unit: Decimal = Decimal("0.01")) -> list[Decimal]:
    """Divide a total by weights into multiples of a unit that add up to the total exactly.

    Parameters
    ----------
    total : Decimal
        What is divided. What it has beyond whole units goes to the share with the largest weight (the earlier one
        where two are alike), so that nothing is lost. A negative total is divided as a positive one would be, and
        every share has its sign.
    weights : sequence of Decimal
        None negative, not all zero. A weight of zero gets zero and never a unit from rounding.
    unit : Decimal
        Smallest amount, such as 1 for customers.

    Raises
    ------
    BadInput
        There is no weight to divide by.

    See Also
    --------
    apportion : the rule, on whole numbers.
    """
    if not any(weights) or any(weight < 0 for weight in weights):
        raise BadInput(
            _("{total} cannot be divided: its shares must not be negative, and one must be above zero.").format(
                total=total
            )
        )
    (amount, step), exponent = whole_numbers([total, unit])
    parts = apportion(amount, whole_numbers(weights)[0], step)
    return [scaled(part, exponent) for part in parts]


def apportion(amount: int, weights: Sequence[int], step: int) -> list[int]:
    """Divide a whole number by weights into multiples of a step that add up to it exactly.

    Each share is first cut to the step; what is left goes, a step each, to those that lost most by the cut, the
    earlier one where two lost the same (largest remainder; A. Hamilton's bill of 1792). What the amount has beyond
    whole steps is with the largest weight from the outset and counts towards its quota, so that no share is a
    whole step or more away from its exact quota, that one included.

    Parameters
    ----------
    amount : int
        Where it is negative, the shares are those of its opposite with their signs changed.
    weights : sequence of int
        None negative; their sum above zero unless the amount is zero.
    step : int
        Above zero.
    """
    whole = sum(weights)
    if not amount or not whole:
        return [0] * len(weights)
    size = abs(amount)
    steps, beyond = divmod(size, step)
    largest = weights.index(max(weights))
    cuts = [
        divmod(size * weight - (beyond * whole if i == largest else 0), step * whole)
        for i, weight in enumerate(weights)
    ]
    parts = [count for count, _lost in cuts]
    by_loss = sorted(range(len(cuts)), key=lambda i: (-cuts[i][1], i))
    for i in by_loss[: steps - sum(parts)]:
        parts[i] += 1
    parts = [part * step for part in parts]
    parts[largest] += beyond
    return parts if amount > 0 else [-part for part in parts]


def whole_numbers(values: Sequence[Decimal]) -> tuple[list[int], int]:
    """Write decimals as whole numbers of one power of ten, at most 0, without loss; give them and the power."""
    exponent = min(0, *exponents(values))
    power = Decimal(-exponent)
    return [int(value.scaleb(power, EXACT)) for value in values], exponent


def exponents(values: Collection[Decimal]) -> set[int]:
    """Give the powers of ten of which finite decimals are written as multiples."""
    found = set()
    rest = list(values)
    # There are few different ones, and comparing is much faster than taking each number apart.
    while rest:
        like = rest[0]
        found.add(int(like.as_tuple().exponent))
        rest = [value for value in rest if not value.same_quantum(like)]
    return found


def scaled(whole: int, exponent: int) -> Decimal:
    """Give whole × 10^exponent, without loss."""
    return Decimal(whole).scaleb(exponent, EXACT)


def rounded(value: Decimal, places: int) -> Decimal:
    """Round half to even, for showing; what is stored and added up stays unrounded."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, EXACT)
