"""Dividing down a hierarchy, a whole depth at a time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpinb.decompose.dividing.apportion import Whole, apportion_groups, whole_array
from kpinb.decompose.dividing.holds import first_misfit, refuse_holds
from kpinb.decompose.dividing.placing import DepthHolds, LevelWeights
from kpinb.decompose.dividing.tree import Ints, Tree
from kpinb.measure import EXACT, whole_numbers


@dataclass(frozen=True)
class Scale:
    """What all amounts of a hierarchy are whole multiples of, so that they are small whole numbers.

    Parameters
    ----------
    grid : int
        That amount, as a multiple of the power of ten.
    exponent : int
        The power of ten.
    bound : int
        No sum of amounts goes beyond it.
    """

    grid: int
    exponent: int
    bound: int

    @classmethod
    def of(cls, amounts: Sequence[Decimal]) -> Scale:
        """Find the largest amount of which all are whole multiples."""
        whole, exponent = whole_numbers(amounts)
        grid = math.gcd(*whole)
        return cls(grid, exponent, sum(abs(amount) for amount in whole) // grid)

    def whole(self, amounts: Sequence[Decimal]) -> Whole:
        """Write amounts as multiples of it."""
        unit = 10**-self.exponent
        return whole_array([int(EXACT.multiply(amount, unit)) // self.grid for amount in amounts], self.bound)

    def decimals(self, amounts: Whole) -> list[Decimal]:
        """Write multiples of it as amounts."""
        power = Decimal(self.exponent)
        return [Decimal(amount * self.grid).scaleb(power, EXACT) for amount in amounts.tolist()]


@dataclass(frozen=True)
class Held:
    """What is fixed at one depth.

    Parameters
    ----------
    fixed : array of bool
        For each node, whether it is held.
    amount : array of int
        At what; 0 where it is not.
    """

    fixed: NDArray[np.bool_]
    amount: Whole


def settle(tree: Tree, holds: Sequence[DepthHolds], scale: Scale) -> list[Held]:
    """Say of every node whether it is held, depth by depth from 0: of itself, or because all its parts are."""
    settled: list[Held] = []
    for depth in range(len(tree.nodes) - 1, -1, -1):
        size = len(tree.nodes[depth])
        held = Held(np.zeros(size, dtype=bool), np.zeros(size, dtype=scale.whole([]).dtype))
        if settled:
            below, nodes = settled[-1], tree.nodes[depth + 1]
            full = np.logical_and.reduceat(below.fixed, nodes.heads)
            held.fixed[nodes.parents] = full
            held.amount[nodes.parents] = np.where(full, np.add.reduceat(below.amount, nodes.heads), 0)
        if depth:
            own = holds[depth - 1]
            held.fixed[own.nodes] = True
            held.amount[own.nodes] = scale.whole(own.values)
        settled.append(held)
    return settled[::-1]


def descend(
    tree: Tree,
    weights: Sequence[LevelWeights],
    held: Sequence[Held],
    total: Decimal,
    unit: Decimal,
    scale: Scale,
) -> list[Whole]:
    """Divide a total down the hierarchy; give every node's amount, depth by depth from 0.

    Raises
    ------
    HoldsTooLarge, HoldsTooSmall
        What is held within a node does not fit what it has to divide.
    """
    step = int(scale.whole([unit])[0])
    amounts = [scale.whole([total])]
    for depth, nodes in enumerate(tree.nodes[1:], start=1):
        whole = amounts[-1][nodes.parents]
        fixed = held[depth].fixed
        taken = np.add.reduceat(held[depth].amount, nodes.heads)
        free = np.where(fixed, 0, weights[depth - 1].weights)
        can_take = np.maximum.reduceat(free, nodes.heads) > 0
        misfit = first_misfit(whole, whole - taken, can_take)
        if misfit is not None:
            where = tree.path(depth - 1, int(nodes.parents[misfit])) if depth > 1 else None
            asked, fixed_at = scale.decimals(np.array([whole[misfit], taken[misfit]]))
            refuse_holds(asked, fixed_at, where)
        # Within a family the order of the rule decides who is earlier, not that of the leaves.
        order = np.lexsort((weights[depth - 1].order, nodes.parent))
        parts = np.empty_like(held[depth].amount)
        parts[order] = apportion_groups(whole - taken, free[order], nodes.heads, step)
        amounts.append(np.where(fixed, held[depth].amount, parts))
    return amounts


def as_frame(tree: Tree, held: Sequence[Held], amounts: Sequence[Whole] | None, scale: Scale) -> pd.DataFrame:
    """Write the hierarchy as rows, each node before its parts; without amounts only held ones have a value."""
    places = tree.preorder()
    size = sum(map(len, places))
    columns: dict[str, object] = {}
    for level, name in enumerate(tree.levels):
        cells = np.full(size, "", dtype=object)
        for nodes, place in zip(tree.nodes[level + 1 :], places[level + 1 :], strict=True):
            cells[place] = tree.names[level].to_numpy()[tree.codes[level][nodes.row]]
        columns[name] = pd.Series(cells, dtype=object)
    columns["depth"] = _laid_out([np.full(len(nodes), depth) for depth, nodes in enumerate(tree.nodes)], places)
    fixed = columns["held"] = _laid_out([level.fixed for level in held], places)
    whole = _laid_out(amounts or [level.amount for level in held], places)
    values = np.array(scale.decimals(whole), dtype=object)
    if amounts is None:
        values[~fixed] = None
    columns["value"] = pd.Series(values, dtype=object)
    return pd.DataFrame(columns)


def _laid_out(by_depth: Sequence[NDArray[Any]], places: Sequence[Ints]) -> NDArray[Any]:
    """Put what is known by depth in its places."""
    laid = np.empty(sum(map(len, places)), dtype=by_depth[0].dtype)
    for values, place in zip(by_depth, places, strict=True):
        laid[place] = values
    return laid
