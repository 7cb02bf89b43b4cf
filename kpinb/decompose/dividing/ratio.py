"""Ratios and weighted means, which are never added up: what is divided is their numerator, by the base."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from kpinb.decompose.dividing.cascade import cascade
from kpinb.decompose.dividing.holds import HoldsTooLarge, HoldsTooSmall, exactly, finest_unit, known_holds
from kpinb.decompose.dividing.rules import by_base, checked_number, name_of
from kpinb.errors import BadInput
from kpinb.language import _
from kpinb.measure import EXACT, rounded

_SHOWN = 4
"""Decimal places of a ratio in a sentence: hundredths of a percent."""


def cascade_ratio(
    ratio: Decimal | int | None,
    bases: Mapping[Any, Decimal | int],
    *,
    holds: Mapping[Any, Decimal | int] | None = None,
    highest: Decimal | int | None = None,
) -> pd.DataFrame:
    """Ask a ratio or a weighted mean of parts so that together they come to it.

    Parameters
    ----------
    ratio : Decimal or None
        What the whole is to come to, such as 0.95. None is missing: then only held parts have a value.
    bases : mapping of member to Decimal
        What each part's ratio is divided by, such as its tickets.
    holds : mapping of member to Decimal, optional
        Ratios that stay as they are; the others are asked for what is then needed, all for the same.
    highest : Decimal, optional
        What no ratio can exceed: 1 for a share.

    Returns
    -------
    pandas.DataFrame
        One row a member: `member`, `base`, `held` (bool), `numerator` and `value` (the ratio; None where the base
        is zero, since nothing divided by nothing is no ratio). The numerators add up to ratio × sum of bases
        exactly; a value is its numerator ÷ base, to 28 figures. `attrs["method"]` says how they came about.

    Raises
    ------
    HoldsTooLarge
        The others would have to go below zero (above it where the ratio is negative); `over` is in the numerator.
    HoldsTooSmall
        The others would have to exceed the highest, or nobody is left; `short` is in the numerator.
    BadInput
        A base is missing or below zero, all are zero, a held member is not there or is held above the highest.
    """
    split = by_base(bases)
    held = known_holds(split.members, holds or {})
    base = dict(zip(split.members, split.weights, strict=True))
    fixed = {member: EXACT.multiply(value, base[member]) for member, value in held.items()}
    total, unit = None, None
    if ratio is not None:
        ratio = checked_number(Decimal(ratio), _("Total"))
        asked = [EXACT.multiply(ratio, one) for one in split.weights]
        total = _sum(asked)
        free = _sum([one for member, one in base.items() if member not in held])
        _refuse_beyond(ratio, held, _sum(list(fixed.values())), total, free, highest)
        # As fine as ratio × base of each part, so that without holds everyone is asked for the ratio itself.
        unit = finest_unit([total, *asked, *fixed.values()], len(base))
    divided = cascade(total, split, holds=fixed, unit=unit)
    numerators = dict(zip(divided["member"], divided["value"], strict=True))
    frame = pd.DataFrame(
        {
            "member": divided["member"],
            "base": divided["weight"],
            "held": divided["held"],
            "numerator": divided["value"],
            "value": pd.Series(
                [held.get(member, _quotient(numerators[member], one)) for member, one in base.items()],
                dtype=object,
            ),
        }
    )
    frame.attrs["method"] = divided.attrs["method"]
    return frame


def _quotient(numerator: Decimal | None, base: Decimal) -> Decimal | None:
    return numerator / base if numerator is not None and base else None


def _sum(values: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value)
    return total


def _refuse_beyond(
    ratio: Decimal,
    held: Mapping[Any, Decimal],
    fixed: Decimal,
    total: Decimal,
    free: Decimal,
    highest: Decimal | int | None,
) -> None:
    """Refuse held ratios that ask of the others what cannot be."""
    for member, value in held.items():
        if highest is not None and value > highest:
            raise BadInput(
                _("“{member}” is held at {value}, and {highest} is the most there can be: correct it.").format(
                    member=name_of(member), value=exactly(value), highest=exactly(Decimal(highest))
                )
            )
    rest = EXACT.subtract(total, fixed)
    if not free:
        if rest:
            message = _(
                "Every part that has a base is held, and they do not come to {ratio}: change or release one of "
                "them."
            ).format(ratio=exactly(ratio))
            if (rest < 0) == (total >= 0):
                raise HoldsTooLarge(message, over=abs(rest))
            raise HoldsTooSmall(message, short=abs(rest))
        return
    needed = exactly(rounded(rest / free, _SHOWN))
    if rest and (rest < 0) == (total >= 0):
        raise HoldsTooLarge(
            _(
                "For the whole to come to {ratio} the held ratios leave {needed} to the others, which is beyond "
                "zero: change or release one of them."
            ).format(needed=needed, ratio=exactly(ratio)),
            over=abs(rest),
        )
    if highest is not None and rest > highest * free:
        raise HoldsTooSmall(
            _(
                "For the whole to come to {ratio} the parts that are not held would have to come to {needed}, and "
                "{highest} is the most there can be: raise or release a held ratio, or lower the target."
            ).format(needed=needed, ratio=exactly(ratio), highest=exactly(Decimal(highest))),
            short=EXACT.subtract(rest, highest * free),
        )
