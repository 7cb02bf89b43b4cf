"""Three tiers of one target, 目标 / 冲刺 / 挑战, divided so that nobody's stretch lies short of their target."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from kpinb.decompose.dividing.cascade import cascade
from kpinb.decompose.dividing.holds import checked_unit, exactly, finest_unit
from kpinb.decompose.dividing.rules import Split, by_weights, checked_number
from kpinb.errors import BadInput
from kpinb.language import N_, Label, _
from kpinb.measure import EXACT, Direction


class Tier(Label):
    """How far a target goes; the order of the members is from near to far."""

    target = "target", N_("Target")
    stretch = "stretch", N_("Stretch")
    challenge = "challenge", N_("Challenge")


def cascade_tiers(
    totals: Mapping[Tier, Decimal | int | None],
    rule: Split | Mapping[Any, Decimal | int],
    *,
    direction: Direction = Direction.at_least,
    holds: Mapping[Any, Decimal | int] | None = None,
    unit: Decimal | int | None = None,
) -> pd.DataFrame:
    """Divide the tiers of a target among the parts of one level.

    Parameters
    ----------
    totals : mapping of Tier to Decimal or None
        Those tiers that are used. None is missing.
    rule, holds, unit
        As in `cascade`; a held part is held in every tier.
    direction : Direction
        Which way is better: each tier must lie beyond the one before it.

    Returns
    -------
    pandas.DataFrame
        As from `cascade`, with a column for each tier, named by its value, in place of `value`.

    Notes
    -----
    Dividing each total for itself by largest remainder can give a part less of a larger total (the Alabama
    paradox), a stretch short of its own target. So the total nearest to zero is divided, and to it is added, for
    the next one, that one's step divided by the same rule. Each tier adds up to its total exactly, and no step is
    a unit or more away from its exact share.

    Raises
    ------
    HoldsTooLarge, HoldsTooSmall
        The held values do not fit the total of a tier.
    BadInput
        A tier does not lie beyond the one before it, or the target is a range, which has no tiers.
    """
    split = rule if isinstance(rule, Split) else by_weights(rule)
    known = {
        tier: checked_number(Decimal(total), tier.label)
        for tier in Tier
        if (total := totals.get(tier)) is not None
    }
    _refuse_order(known, direction)
    amounts = [*known.values(), *map(Decimal, (holds or {}).values())]
    step = finest_unit(amounts, len(split.members)) if unit is None else checked_unit(unit)
    divided = {tier: cascade(totals[tier], split, holds=holds, unit=step) for tier in Tier if tier in totals}
    values = {tier: frame["value"] for tier, frame in divided.items()}
    for near, far in _outwards(known):
        further = EXACT.subtract(known[far], known[near])
        steps = cascade(further, split, holds=dict.fromkeys(holds or {}, 0), unit=step)["value"]
        values[far] = pd.Series(map(EXACT.add, values[near], steps), dtype=object)
    first = next(iter(divided.values()), cascade(None, split, holds=holds))
    return first.drop(columns="value").assign(**{tier.value: values[tier] for tier in values})


def _outwards(totals: Mapping[Tier, Decimal]) -> list[tuple[Tier, Tier]]:
    """Pair the tiers from the total nearest to zero outwards, to either side."""
    ordered = sorted(totals, key=lambda tier: totals[tier])
    nearest = min(range(len(ordered)), key=lambda n: abs(totals[ordered[n]]), default=0)
    return [*pairwise(ordered[nearest:]), *pairwise(ordered[nearest::-1])]


def _refuse_order(totals: Mapping[Tier, Decimal], direction: Direction) -> None:
    if direction is Direction.between and len(totals) > 1:
        raise BadInput(_("A range has no tiers: give its two ends, or choose at least or at most."))
    for near, far in pairwise(totals):
        beyond = totals[far] < totals[near] if direction is Direction.at_most else totals[far] > totals[near]
        if not beyond:
            raise BadInput(
                _(
                    "{tier} is {value}, which does not lie beyond {other}, {other_value}: correct one of them."
                ).format(
                    tier=far.label,
                    value=exactly(totals[far]),
                    other=near.label,
                    other_value=exactly(totals[near]),
                )
            )
