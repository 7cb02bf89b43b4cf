"""What one driver must be so that a formula gives a target, the others staying as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from scipy.optimize import brentq

from kpinb.errors import BadInput
from kpinb.formula import Formula, MissingValue, Name, Negative, Node, NotComputable, Operation, compute
from kpinb.formula.computing import CONTEXT
from kpinb.formula.tree import names_in
from kpinb.formula.writing import listed, shown
from kpinb.language import _
from kpinb.view import formats

TOLERANCE = Decimal("1e-9")
"""A solution gives the target to within this share of it, and for a target below 1 to within this much."""

_DENSE = [Decimal(step) / 20 for step in range(-80, 81)]
_SPARSE = [sign * Decimal(2) ** power for power in range(3, 60) for sign in (-1, 1)]


@dataclass(frozen=True)
class Solved:
    """What a driver must be.

    Parameters
    ----------
    driver : str
        Its name in the formula.
    value : Decimal or None
        Of several solutions the one nearest to the driver's present figure; None where there is none.
    others : tuple of Decimal
        Further solutions that were found.
    exact : bool
        Whether the formula was turned round step by step; otherwise the solution was searched for.
    reason : str
        Why there is no value, or a sentence on further solutions; empty where there is exactly one.
    """

    driver: str
    value: Decimal | None
    others: tuple[Decimal, ...]
    exact: bool
    reason: str


def solve_driver(formula: Formula, values: Mapping[str, Decimal | None], target: Decimal, free: str) -> Solved:
    """Find what one driver must be so that the formula gives the target.

    Where the driver stands once in the formula, under ``+ − × ÷`` only, the formula is turned round step by step
    in decimal arithmetic. Otherwise solutions are searched for: the formula is computed at figures around the
    present one, densely up to four times its distance from zero and in doubling steps beyond, and wherever it
    crosses the target Brent's method (1973) narrows the place down. Solutions between two such figures that touch
    the target without crossing it are not found.

    Parameters
    ----------
    formula : Formula
        The driver tree.
    values : mapping of str to Decimal or None
        The drivers' present figures; that of the free one is where the search begins, 1 where it is missing.
    target : Decimal
        What the formula is to give.
    free : str
        Name of the driver that is left free.

    Returns
    -------
    Solved
        Computed once more with the solution, the formula gives the target to within `TOLERANCE`.

    Raises
    ------
    BadInput
        The driver does not stand in the formula.
    """
    if free not in formula.names:
        raise BadInput(
            _("“{driver}” does not stand in the formula “{formula}”: choose one of {names}.").format(
                driver=shown(free), formula=shown(str(formula)), names=listed(formula.names)
            )
        )
    missing = [name for name in formula.names if name != free and values.get(name) is None]
    if missing:
        reason = _("The figures of {names} are missing.").format(names=listed(missing))
        return Solved(free, None, (), exact=False, reason=reason)
    try:
        if list(names_in(formula.tree)).count(free) == 1 and _turns_round(formula.tree, free):
            return _solved_exactly(formula, values, target, free)
        return _searched(formula, values, target, free)
    except NotComputable as problem:
        return Solved(free, None, (), exact=False, reason=str(problem))


def hits(formula: Formula, values: Mapping[str, Decimal | None], target: Decimal) -> bool:
    """Say whether the formula gives the target to within `TOLERANCE`."""
    try:
        return abs(formula.evaluate(values) - target) <= TOLERANCE * max(abs(target), Decimal(1))
    except NotComputable:
        return False


def _turns_round(node: Node, free: str) -> bool:
    """Say whether nothing but the four operations and a minus stands above the driver."""
    while not isinstance(node, Name):
        if isinstance(node, Negative):
            node = node.operand
        elif isinstance(node, Operation) and node.operator != "^":
            node = node.left if free in names_in(node.left) else node.right
        else:
            return False
    return True


def _solved_exactly(formula: Formula, values: Mapping[str, Decimal | None], target: Decimal, free: str) -> Solved:
    node, asked = formula.tree, target
    while not isinstance(node, Name):
        if isinstance(node, Negative):
            node, asked = node.operand, -asked
            continue
        if not isinstance(node, Operation):
            raise MissingValue(_none(free, target))
        left_is_free = free in names_in(node.left)
        other = compute(node.right if left_is_free else node.left, values)
        if other is None:
            raise MissingValue(_none(free, target))
        if node.operator == "*" and other == 0:
            return Solved(free, None, (), exact=True, reason=_no_effect(free))
        if node.operator == "/" and not left_is_free and (asked == 0 or other == 0):
            reason = _no_effect(free) if other == 0 else _none(free, target)
            return Solved(free, None, (), exact=True, reason=reason)
        asked = _asked_of_the_other(node, asked, other, left_is_free=left_is_free)
        node = node.left if left_is_free else node.right
    if not hits(formula, {**values, free: asked}, target):
        return Solved(free, None, (), exact=True, reason=_none(free, target))
    return Solved(free, asked, (), exact=True, reason="")


def _asked_of_the_other(node: Operation, asked: Decimal, known: Decimal, *, left_is_free: bool) -> Decimal:
    """Give what one side of an operation must be, the other being known."""
    match node.operator:
        case "+":
            return CONTEXT.subtract(asked, known)
        case "-":
            return CONTEXT.add(asked, known) if left_is_free else CONTEXT.subtract(known, asked)
        case "*":
            return CONTEXT.divide(asked, known)
        case _:
            return CONTEXT.multiply(asked, known) if left_is_free else CONTEXT.divide(known, asked)


def _searched(formula: Formula, values: Mapping[str, Decimal | None], target: Decimal, free: str) -> Solved:
    now = values.get(free)
    around = Decimal(1) if now is None else now
    scale = abs(around) or Decimal(1)

    def off(at: Decimal) -> Decimal | None:
        try:
            return formula.evaluate({**values, free: at}) - target
        except NotComputable:
            return None

    places = sorted(around + scale * step for step in {*_DENSE, *_SPARSE})
    found = [(place, gap) for place in places if (gap := off(place)) is not None]
    exact = [place for place, gap in found if gap == 0]
    flat = [one for (one, gap), (_next, after) in pairwise(found) if gap == 0 and after == 0]
    crossings = [
        root
        for (low, below), (high, above) in pairwise(found)
        if below * above < 0 and (root := _narrowed(off, low, high)) is not None
    ]
    roots = [root for root in dict.fromkeys(exact + crossings) if hits(formula, {**values, free: root}, target)]
    roots.sort(key=lambda root: (abs(root - around), root))
    if not roots:
        return Solved(free, None, (), exact=False, reason=_none(free, target))
    if flat:
        reason = _("A whole range of figures of “{driver}” gives {target}.").format(
            driver=shown(free), target=formats.number(target)
        )
        return Solved(free, roots[0], (), exact=False, reason=reason)
    return Solved(free, roots[0], tuple(roots[1:]), exact=False, reason=_several(free, target, roots))


def _narrowed(off: Callable[[Decimal], Decimal | None], low: Decimal, high: Decimal) -> Decimal | None:
    """Find where a gap between two figures closes; None where the formula has no value on the way."""

    def gap(at: float) -> float:
        found = off(Decimal(repr(at)))
        if found is None:
            raise ArithmeticError
        return float(found)

    try:
        root = float(brentq(gap, float(low), float(high), xtol=1e-300, rtol=1e-15, maxiter=500))
    except (ArithmeticError, RuntimeError, ValueError):
        return None
    # 3 where the search ends at 3.0000000000000004: the plainer figure, if it is at least as good.
    plain, found = Decimal(f"{root:.12g}"), Decimal(repr(root))
    gaps = [abs(each) if (each := off(at)) is not None else None for at in (plain, found)]
    return plain if gaps[0] is not None and (gaps[1] is None or gaps[0] <= gaps[1]) else found


def _none(free: str, target: Decimal) -> str:
    return _("No figure of “{driver}” was found that gives {target} while the others stay as they are.").format(
        driver=shown(free), target=formats.number(target)
    )


def _no_effect(free: str) -> str:
    return _(
        "“{driver}” changes nothing while the others stay as they are, so it cannot bring the target."
    ).format(driver=shown(free))


def _several(free: str, target: Decimal, roots: list[Decimal]) -> str:
    if len(roots) == 1:
        return ""
    return _(
        "With {values}, “{driver}” gives {target} as well; the figure nearest to the present one is taken."
    ).format(
        values=_(", ").join(formats.number(root) for root in roots[1:]),
        driver=shown(free),
        target=formats.number(target),
    )
