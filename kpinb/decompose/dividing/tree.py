"""A hierarchy as arrays: for each depth its nodes, in the order in which they first appear, siblings together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kpinb.decompose.dividing.rules import name_of
from kpinb.errors import BadInput, shown
from kpinb.facts.source import nearest
from kpinb.language import _

Ints = NDArray[np.intp]

RESERVED = ("depth", "held", "value", "weight")
"""Columns beside the levels; a level cannot have such a name."""


@dataclass(frozen=True)
class Nodes:
    """The nodes of one depth.

    Parameters
    ----------
    row : array of int
        For each node the first row of the leaves that leads through it.
    parent : array of int
        For each node its parent's position among the nodes of the depth above; ascending, so that siblings stand
        together.
    heads : array of int
        Where each family of siblings begins.
    """

    row: Ints
    parent: Ints
    heads: Ints

    @property
    def parents(self) -> Ints:
        """Those nodes of the depth above that have parts, in order; one for each of the heads."""
        return self.parent[self.heads]

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True)
class Tree:
    """A hierarchy.

    Parameters
    ----------
    levels : tuple of str
        Names of the levels, outermost first.
    names : tuple of pandas.Index
        For each level the names that occur in it.
    codes : tuple of array
        For each level and each row of the leaves the position of its name in `names`; -1 where it has none.
    nodes : tuple of Nodes
        By depth: the root alone, then a depth for each level.
    """

    levels: tuple[str, ...]
    names: tuple[pd.Index, ...]
    codes: tuple[Ints, ...]
    nodes: tuple[Nodes, ...]

    @property
    def leaves(self) -> int:
        """How many rows of leaves there are."""
        return len(self.codes[0])

    def path(self, depth: int, node: int) -> str:
        """Name a node by the names that lead to it."""
        row = self.nodes[depth].row[node]
        return _(", ").join(
            name_of(names[codes[row]]) for names, codes in zip(self.names[:depth], self.codes[:depth], strict=True)
        )

    def level(self, name: str) -> int:
        """Give a level's position.

        Raises
        ------
        BadInput
            There is no such level; the nearest are named.
        """
        if name not in self.levels:
            raise BadInput(
                _("The hierarchy has no level “{level}”. The closest matches: {nearest}.").format(
                    level=shown(str(name)), nearest=nearest(self.levels, str(name))
                )
            )
        return self.levels.index(name)

    def match(self, depth: int, frame: pd.DataFrame, levels: Sequence[str]) -> tuple[Ints, Ints]:
        """Give the same number to nodes of a depth and rows of a frame that have the same names in some levels.

        Returns
        -------
        (array of int, array of int)
            A number for each node, and one for each row.

        Raises
        ------
        BadInput
            A row has a name that its level does not know; the nearest are named.
        """
        nodes = self.nodes[depth]
        numbers = np.zeros(len(nodes) + len(frame), dtype=np.intp)
        for level in levels:
            position = self.level(level)
            in_frame = self.names[position].get_indexer(pd.Index(frame[level], dtype=object))
            if (in_frame < 0).any():
                self._refuse_name(position, frame[level].iloc[int(np.argmin(in_frame))])
            both = np.concatenate([self.codes[position][nodes.row], in_frame])
            # Numbered anew each time, they stay smaller than nodes × names, however many levels there are.
            numbers = pd.factorize(numbers * len(self.names[position]) + both)[0]
        return numbers[: len(nodes)], numbers[len(nodes) :]

    def _refuse_name(self, position: int, name: object) -> None:
        raise BadInput(
            _("“{name}” is not a {level} of the hierarchy. The closest matches: {nearest}.").format(
                name=name_of(name),
                level=self.levels[position],
                nearest=nearest(map(name_of, self.names[position]), name_of(name)),
            )
        )

    def preorder(self) -> list[Ints]:
        """Give each node's place, by depth, where every node is followed by its parts: root first, from 0."""
        sizes = [np.ones(len(nodes), dtype=np.intp) for nodes in self.nodes]
        for depth in range(len(self.levels), 0, -1):
            nodes = self.nodes[depth]
            sizes[depth - 1][nodes.parents] += np.add.reduceat(sizes[depth], nodes.heads)
        places = [np.zeros(1, dtype=np.intp)]
        for nodes, size in zip(self.nodes[1:], sizes[1:], strict=True):
            before = np.cumsum(size) - size
            families = np.diff(nodes.heads, append=len(nodes))
            places.append(places[-1][nodes.parent] + 1 + before - np.repeat(before[nodes.heads], families))
        return places


def grow(leaves: pd.DataFrame) -> Tree:
    """Make a hierarchy of its leaves.

    Parameters
    ----------
    leaves : pandas.DataFrame
        One row a leaf and one column a level, outermost first. A leaf that ends above the last level has empty
        cells (None or "") in the levels below it.

    Raises
    ------
    BadInput
        There is no leaf or no level, a leaf occurs twice or has parts of its own, a row has an empty cell above a
        filled one, or a level is empty or has a name that the result needs.
    """
    levels = _levels(leaves)
    columns = [coded(leaves.iloc[:, n]) for n in range(len(levels))]
    codes, names = tuple(c for c, _n in columns), tuple(n for _c, n in columns)
    depths = filled_levels(codes)
    _refuse_empty(levels, depths)
    nodes = [Nodes(np.zeros(1, dtype=np.intp), *[np.zeros(0, dtype=np.intp)] * 2)]
    at = [np.zeros(len(leaves), dtype=np.intp)]
    for depth in range(1, len(levels) + 1):
        rows = np.flatnonzero(depths >= depth)
        below, reached = _divide(at[-1][rows], codes[depth - 1][rows], len(names[depth - 1]), rows)
        nodes.append(below)
        at.append(np.full(len(leaves), -1, dtype=np.intp))
        at[-1][rows] = reached
    tree = Tree(levels, names, codes, tuple(nodes))
    _refuse_overlaps(tree, at, depths)
    return tree


def coded(column: pd.Series) -> tuple[Ints, pd.Index]:
    """Give a column's names numbers in the order in which they appear, and the names; empty cells are -1."""
    filled = column.astype(object).where(~is_empty(column), None)
    codes, names = pd.factorize(filled)
    return codes, pd.Index(names, dtype=object)


def is_empty(column: pd.Series) -> NDArray[np.bool_]:
    """Say which cells name nothing: None, a missing value, or an empty text."""
    return np.asarray(column.isna() | column.isin([""]), dtype=bool)


def filled_levels(codes: Sequence[Ints]) -> Ints:
    """Count for each row the levels that are filled, from the outermost on.

    Raises
    ------
    BadInput
        A row has an empty cell above a filled one.
    """
    filled = np.column_stack([code >= 0 for code in codes])
    depths: Ints = np.where(filled.all(axis=1), filled.shape[1], filled.argmin(axis=1))
    broken = filled.sum(axis=1) != depths
    if broken.any():
        raise BadInput(
            _("Row {row} has an empty cell above a filled one: fill in the levels from the outermost on.").format(
                row=int(np.argmax(broken)) + 1
            )
        )
    return depths


def _levels(leaves: pd.DataFrame) -> tuple[str, ...]:
    if leaves.empty:
        raise BadInput(_("The hierarchy has no leaves: give a row for each, with a column for each level."))
    levels = tuple(map(str, leaves.columns))
    for level in levels:
        if level in RESERVED or levels.count(level) > 1:
            raise BadInput(
                _("No level can be called “{level}” here: give it another name.").format(level=shown(level))
            )
    return levels


def _refuse_empty(levels: Sequence[str], depths: Ints) -> None:
    if not depths.all():
        raise BadInput(
            _("Row {row} of the leaves is empty: fill it in, or take it away.").format(
                row=int(np.argmin(depths)) + 1
            )
        )
    if depths.max() < len(levels):
        raise BadInput(
            _("No leaf has a “{level}”: fill in the column, or leave it out.").format(
                level=shown(levels[int(depths.max())])
            )
        )


def _divide(parent: Ints, code: Ints, names: int, rows: Ints) -> tuple[Nodes, Ints]:
    """Make the nodes below some parents; give them, and for each row the one through which it leads."""
    found, pairs = pd.factorize(parent * names + code)
    order = np.argsort(pairs // names, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    first = np.flatnonzero(np.diff(np.maximum.accumulate(found), prepend=-1))
    parents = (pairs // names)[order]
    heads = np.flatnonzero(np.diff(parents, prepend=-1))
    return Nodes(rows[first][order], parents, heads), place[found]


def _refuse_overlaps(tree: Tree, at: Sequence[Ints], depths: Ints) -> None:
    """Refuse a leaf that is given twice, or that is divided further by another row."""
    for depth in range(1, len(at)):
        leaf = np.bincount(at[depth][depths == depth], minlength=len(tree.nodes[depth]))
        if (leaf > 1).any():
            raise BadInput(
                _("The leaf “{path}” occurs twice: keep one of them.").format(
                    path=tree.path(depth, int(np.argmax(leaf > 1)))
                )
            )
        if depth < len(tree.levels):
            parents = tree.nodes[depth + 1].parents
            both = parents[leaf[parents] > 0]
            if len(both):
                raise BadInput(
                    _("“{path}” is given as a leaf and has parts of its own: take one of them away.").format(
                        path=tree.path(depth, int(both[0]))
                    )
                )
