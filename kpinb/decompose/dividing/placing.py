"""Rules and held values, put in their places in a hierarchy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import pandas as pd

from kpinb.decompose.dividing.apportion import Whole, whole_array
from kpinb.decompose.dividing.holds import held_number
from kpinb.decompose.dividing.rules import (
    EVENLY,
    IN_PROPORTION,
    Split,
    are_dividable,
    by_weights,
    check_weight,
    name_of,
    refuse_missing_weight,
)
from kpinb.decompose.dividing.tree import Ints, Tree, filled_levels, is_empty
from kpinb.decompose.records import Rule
from kpinb.errors import BadInput, shown
from kpinb.language import _
from kpinb.measure import whole_numbers

LevelRule = Split | Mapping[Any, Decimal | int] | pd.DataFrame | Literal[Rule.even]
"""How a level is divided: weights by name, a frame of level columns and `weight` where the weight depends on what
stands above as well, or `Rule.even`."""


@dataclass(frozen=True)
class LevelWeights:
    """The weights of one depth.

    Parameters
    ----------
    weights : array of int
        One for each node, of any scale.
    order : array of int
        One for each node: of siblings with the same claim to a last unit, the lowest gets it.
    method : str
        How they came about, in a sentence.
    """

    weights: Whole
    order: Ints
    method: str


def place_rules(tree: Tree, rules: Mapping[str, LevelRule]) -> list[LevelWeights]:
    """Give every node its weight, depth by depth from 1.

    Raises
    ------
    BadInput
        A level has no rule, a rule no level; a node has no weight, or a weight no node; a weight is below zero.
    """
    for level in rules:
        tree.level(level)
    placed = []
    for depth, level in enumerate(tree.levels, start=1):
        if level not in rules:
            raise BadInput(
                _("Nothing says how the level “{level}” is divided: give it a rule.").format(level=shown(level))
            )
        placed.append(_place_rule(tree, depth, rules[level]))
    return placed


def _place_rule(tree: Tree, depth: int, rule: LevelRule) -> LevelWeights:
    nodes = tree.nodes[depth]
    if isinstance(rule, Rule):
        if rule is not Rule.even:
            raise BadInput(
                _("“{rule}” needs weights: use one of the ways to divide, which has them.").format(rule=rule.label)
            )
        return LevelWeights(np.ones(len(nodes), dtype=np.int64), _by_name(tree, depth), _(EVENLY))
    if isinstance(rule, pd.DataFrame):
        frame, method = rule, _(IN_PROPORTION)
    else:
        split = rule if isinstance(rule, Split) else by_weights(rule)
        frame, method = _as_frame(tree.levels[depth - 1], split), split.method
    numbers = _numbers(tree, depth, frame)
    weights = [Decimal(weight) for weight in frame["weight"]]
    if not (are_dividable(weights) and min(weights) >= 0):
        columns = _columns(tree, depth, frame)
        for row, weight in enumerate(weights):
            check_weight(weight, _row(frame, columns, row))
    exact, _exponent = whole_numbers(weights)
    longest = int(np.diff(nodes.heads, append=len(nodes)).max())
    return LevelWeights(whole_array(exact, max(exact) * longest)[numbers], numbers, method)


def _by_name(tree: Tree, depth: int) -> Ints:
    """Order nodes by name, where no rule gives an order and that of the leaves must not matter."""
    names = list(tree.names[depth - 1])
    try:
        ordered = sorted(range(len(names)), key=names.__getitem__)
    except TypeError:
        ordered = sorted(range(len(names)), key=lambda n: str(names[n]))
    place = np.empty(len(names), dtype=np.intp)
    place[ordered] = np.arange(len(names))
    return place[tree.codes[depth - 1][tree.nodes[depth].row]]


def _as_frame(level: str, split: Split) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {
        level: pd.Series(split.members, dtype=object),
        "weight": pd.Series(split.weights, dtype=object),
    }
    return pd.DataFrame(columns)


def _numbers(tree: Tree, depth: int, frame: pd.DataFrame) -> Ints:
    """Find for each node the row that has its weight."""
    columns = _columns(tree, depth, frame)
    of_nodes, of_rows = tree.match(depth, frame, columns)
    rows = np.full(len(of_nodes) + len(of_rows), -1, dtype=np.intp)
    rows[of_rows] = np.arange(len(of_rows))
    found = rows[of_nodes]
    if (found < 0).any():
        refuse_missing_weight(tree.path(depth, int(np.argmin(found))))
    twice = np.asarray(pd.Index(of_rows).duplicated())
    if twice.any():
        raise BadInput(
            _("“{member}” has two weights: keep one of them.").format(
                member=_row(frame, columns, int(np.argmax(twice)))
            )
        )
    unused = np.ones(len(frame), dtype=bool)
    unused[found] = False
    if unused.any():
        raise BadInput(
            _(
                "“{member}” has a weight, but is not in the hierarchy: take the weight away, or add it there."
            ).format(member=_row(frame, columns, int(np.argmax(unused))))
        )
    missing = np.asarray(frame["weight"].isna())
    if missing.any():
        refuse_missing_weight(_row(frame, columns, int(np.argmax(missing))))
    return found


def _columns(tree: Tree, depth: int, frame: pd.DataFrame) -> list[str]:
    level = tree.levels[depth - 1]
    columns = [str(column) for column in frame.columns if column != "weight"]
    if level not in columns or "weight" not in frame.columns:
        raise BadInput(
            _("The weights of the level “{level}” need a column “{level}” and a column “weight”.").format(
                level=shown(level)
            )
        )
    for column in columns:
        if tree.level(column) >= depth:
            raise BadInput(
                _("The weights of the level “{level}” cannot depend on “{below}”, which lies below it.").format(
                    level=shown(level), below=shown(column)
                )
            )
    return columns


def _row(frame: pd.DataFrame, columns: Sequence[str], row: int) -> str:
    return _(", ").join(name_of(frame[column].iloc[row]) for column in columns)


@dataclass(frozen=True)
class DepthHolds:
    """What is held at one depth.

    Parameters
    ----------
    nodes : array of int
        Positions of the held nodes, each once.
    values : tuple of Decimal
        One for each.
    """

    nodes: Ints
    values: tuple[Decimal, ...]


def place_holds(tree: Tree, holds: pd.DataFrame | None) -> list[DepthHolds]:
    """Find the nodes that are held, depth by depth from 1.

    Parameters
    ----------
    tree : Tree
        The hierarchy.
    holds : pandas.DataFrame or None
        The level columns, empty (None or "") below the held node, and `value`.

    Raises
    ------
    BadInput
        A row names no node, one that is not there (the nearest are named) or one that is held twice, a value is
        missing, or a column is.
    """
    nothing = DepthHolds(np.zeros(0, dtype=np.intp), ())
    if holds is None or holds.empty:
        return [nothing] * len(tree.levels)
    for column in (*tree.levels, "value"):
        if column not in holds.columns:
            raise BadInput(_("The held values need a column “{column}”.").format(column=shown(column)))
    depths = filled_levels([np.where(is_empty(holds[level]), -1, 0) for level in tree.levels])
    if not depths.all():
        raise BadInput(
            _("Row {row} of the held values names nobody: fill in who is held.").format(
                row=int(np.argmin(depths)) + 1
            )
        )
    return [_held_at(tree, depth, holds[depths == depth]) for depth in range(1, len(tree.levels) + 1)]


def _held_at(tree: Tree, depth: int, holds: pd.DataFrame) -> DepthHolds:
    columns = tree.levels[:depth]
    of_nodes, of_rows = tree.match(depth, holds, columns)
    nodes = np.full(len(of_nodes) + len(of_rows), -1, dtype=np.intp)
    nodes[of_nodes] = np.arange(len(of_nodes))
    found = nodes[of_rows]
    if (found < 0).any():
        raise BadInput(
            _("“{member}” is held, but is not in the hierarchy: correct the names, or release it.").format(
                member=_row(holds, columns, int(np.argmin(found)))
            )
        )
    twice = np.asarray(pd.Index(found).duplicated())
    if twice.any():
        raise BadInput(
            _("“{member}” is held twice: keep one of them.").format(
                member=_row(holds, columns, int(np.argmax(twice)))
            )
        )
    if holds["value"].isna().any() or not are_dividable([Decimal(value) for value in holds["value"]]):
        for row, value in enumerate(holds["value"]):
            held_number(value, _row(holds, columns, row))
    return DepthHolds(found, tuple(Decimal(value) for value in holds["value"]))
