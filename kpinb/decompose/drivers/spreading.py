"""A required change spread over the drivers, in proportion to how far each has moved before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

import pandas as pd
from scipy.optimize import brentq

from kpinb.actuals import Actuals
from kpinb.decompose.drivers.solving import hits
from kpinb.formula import Formula, NotComputable
from kpinb.formula.writing import listed, shown
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import formats

MONTHS = 12
_NUDGE = Decimal("1e-6")
_DOUBLINGS = 40


@dataclass(frozen=True, slots=True)
class Movability:
    """How far a driver has moved from one year to the next.

    Parameters
    ----------
    typical : Decimal
        The median of the relative changes, without their sign: 0.05 is 5 %.
    rise, fall : Decimal
        The largest relative rise and fall; 0 where there was none.
    comparisons : int
        How many pairs of years were compared.
    """

    typical: Decimal
    rise: Decimal
    fall: Decimal
    comparisons: int


@dataclass(frozen=True)
class Spread:
    """A required change, divided among drivers.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each driver, in the formula's order: `driver`, `now`, `target` (Decimal), `change` (relative,
        or None where `now` is 0), `share` (of all the relative movement), `beyond` (bool: further than it has
        ever moved). Empty where the target cannot be reached so.
    factor : Decimal or None
        By how many times its typical yearly change every driver moves.
    problems : list of str
        A sentence for each driver that stays as it is, and why; or why the target cannot be reached.
    """

    frame: pd.DataFrame
    factor: Decimal | None
    problems: list[str]


def movability(history: Actuals, how: Adding) -> Movability | None:
    """Measure how far a driver moves from one year to the next.

    Every run of twelve months is compared with the twelve months before it, wherever both are known and above
    zero: a single month would mostly show chance, and a run of twelve holds every season once.

    Parameters
    ----------
    history : Actuals
        By month.
    how : Adding
        How twelve months become one figure.

    Returns
    -------
    Movability or None
        None where there are no two years in a row that could be compared.
    """
    changes = []
    for month in sorted(history.values):
        later = history.combined(_year_to(month), how)
        earlier = history.combined(_year_to(month.shift(-MONTHS)), how)
        if later is not None and earlier is not None and later > 0 and earlier > 0:
            changes.append(later / earlier - 1)
    if not changes:
        return None
    return Movability(
        typical=median(abs(change) for change in changes),
        rise=max(Decimal(0), *changes),
        fall=max(Decimal(0), *(-change for change in changes)),
        comparisons=len(changes),
    )


def _year_to(month: Period) -> list[Period]:
    return [month.shift(-n) for n in reversed(range(MONTHS))]


def spread_change(
    formula: Formula,
    values: Mapping[str, Decimal],
    target: Decimal,
    movable: Mapping[str, Movability | None],
    directions: Mapping[str, int] | None = None,
) -> Spread:
    """Spread a required change over drivers in proportion to what history shows each can move.

    Every driver moves by one common factor times its own typical yearly change, in the direction that brings the
    formula nearer to the target; the factor is found with Brent's method (1973), so that the formula gives the
    target to within `solving.TOLERANCE`.

    Parameters
    ----------
    formula : Formula
        The driver tree.
    values : mapping of str to Decimal
        The drivers' present figures, none of them missing.
    target : Decimal
        What the formula is to give.
    movable : mapping of str to Movability or None
        How far each driver moves; one without stays as it is.
    directions : mapping of str to int, optional
        1 for a driver that may only rise, −1 for one that may only fall, 0 for one that is held.

    Raises
    ------
    NotComputable
        The formula has no value for the present figures.
    """
    gap = target - formula.evaluate(values)
    steps: dict[str, Decimal] = {}
    problems: list[str] = []
    for name in formula.names:
        step, problem = _step(formula, values, name, gap, movable.get(name), (directions or {}).get(name))
        steps[name] = step
        problems += [problem] if problem else []
    factor = _factor(formula, values, target, steps) if gap else Decimal(0)
    if factor is None:
        problems.append(
            _(
                "The drivers cannot bring {target} together, however far they move in the proportion of the past."
            ).format(target=formats.number(target))
        )
        return Spread(_frame(formula, values, {}, None, movable), None, problems)
    return Spread(_frame(formula, values, steps, factor, movable), factor, problems)


def _step(
    formula: Formula,
    values: Mapping[str, Decimal],
    name: str,
    gap: Decimal,
    moves: Movability | None,
    direction: int | None,
) -> tuple[Decimal, str]:
    """Give a driver's relative change at factor 1, with its sign; 0 and a sentence where it stays as it is."""
    if direction == 0:
        return Decimal(0), _("{driver} is held.").format(driver=listed([name]))
    if moves is None:
        text = _("{driver} stays as it is: there are no two full years of it to show how far it can move.")
        return Decimal(0), text.format(driver=listed([name]))
    if moves.typical == 0 or values[name] == 0:
        text = _("{driver} stays as it is: it is zero or has not moved from year to year.")
        return Decimal(0), text.format(driver=listed([name]))
    try:
        effect = formula.evaluate({**values, name: values[name] * (1 + _NUDGE)}) - formula.evaluate(values)
    except NotComputable:
        effect = Decimal(0)
    helps = (1 if effect > 0 else -1) * (1 if gap > 0 else -1)
    if effect == 0:
        return Decimal(0), _("{driver} stays as it is: a small change of it has no effect.").format(
            driver=listed([name])
        )
    if direction is not None and direction != helps:
        text = _("{driver} stays as it is: it may not move the way that would help.")
        return Decimal(0), text.format(driver=listed([name]))
    return moves.typical * helps, ""


def _factor(
    formula: Formula, values: Mapping[str, Decimal], target: Decimal, steps: Mapping[str, Decimal]
) -> Decimal | None:
    """Find the common factor; None where none brings the target."""

    def off(factor: float) -> float:
        return float(formula.evaluate(_moved(values, steps, Decimal(repr(factor)))) - target)

    # Nothing can fall by more than all it has.
    falls = [-step for step in steps.values() if step < 0]
    most = float(1 / max(falls)) if falls else float("inf")
    at_start = off(0.0)
    low = 0.0
    high = min(1.0, most)
    for _doubling in range(_DOUBLINGS):
        try:
            if off(high) * at_start <= 0:
                found = Decimal(repr(float(brentq(off, low, high, xtol=1e-300, rtol=1e-15, maxiter=500))))
                return found if hits(formula, _moved(values, steps, found), target) else None
        except (NotComputable, RuntimeError):
            return None
        if high >= most:
            return None
        low, high = high, min(2 * high, most)
    return None


def _moved(values: Mapping[str, Decimal], steps: Mapping[str, Decimal], factor: Decimal) -> dict[str, Decimal]:
    return {name: value * (1 + factor * steps.get(name, Decimal(0))) for name, value in values.items()}


def _frame(
    formula: Formula,
    values: Mapping[str, Decimal],
    steps: Mapping[str, Decimal],
    factor: Decimal | None,
    movable: Mapping[str, Movability | None],
) -> pd.DataFrame:
    columns = ["driver", "now", "target", "change", "share", "beyond"]
    if factor is None:
        return pd.DataFrame(columns=columns, dtype=object)
    moved = _moved(values, steps, factor)
    whole = sum((abs(step) for step in steps.values()), Decimal(0))
    rows = []
    for name in formula.names:
        change = factor * steps[name]
        moves = movable.get(name)
        best = Decimal(0) if moves is None else moves.rise if change > 0 else moves.fall
        rows.append(
            {
                "driver": name,
                "now": values[name],
                "target": moved[name],
                "change": change if values[name] else None,
                "share": abs(steps[name]) / whole if whole and factor else Decimal(0),
                "beyond": abs(change) > best,
            }
        )
    return pd.DataFrame(rows, columns=columns, dtype=object)


def beyond_sentence(name: str, change: Decimal, moves: Movability) -> str:
    """Say that a driver would have to move further than it ever has."""
    text = (
        _("{driver} would have to rise by {change}; the most it has risen from one year to the next is {best}.")
        if change > 0
        else _(
            "{driver} would have to fall by {change}; the most it has fallen from one year to the next is {best}."
        )
    )
    return text.format(
        driver=shown(name),
        change=formats.percent(abs(change)),
        best=formats.percent(moves.rise if change > 0 else moves.fall),
    )
