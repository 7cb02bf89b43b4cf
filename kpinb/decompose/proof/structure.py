"""Whether each target hangs where it can: below one that is there, within its time, in no circle, and once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd

from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.sets import Marks, inside
from kpinb.decompose.proof.tree import LEVELS, LOST, NONE, Tree
from kpinb.decompose.proof.wording import listed, named, same_fault, titled
from kpinb.language import _, ngettext
from kpinb.view import formats


def in_circles(tree: Tree) -> Marks:
    """Say of every row whether it hangs in a circle, or below one."""
    reach = np.where(tree.parent >= 0, tree.parent, NONE)
    for _step in range(len(tree).bit_length()):
        if not (reach >= 0).any():
            break
        reach = np.where(reach >= 0, reach[reach], NONE)
    return reach >= 0


def circles(tree: Tree, circling: Marks) -> Iterator[Inconsistency]:
    """Name each circle once."""
    seen: set[int] = set()
    for start in np.flatnonzero(circling).tolist():
        path: list[int] = []
        row = start
        while row not in seen:
            seen.add(row)
            path.append(row)
            row = int(tree.parent[row])
        if row in path:
            ring = path[path.index(row) :]
            names = " → ".join(titled(tree, each) for each in [*ring[:5], ring[0]])
            yield Inconsistency(
                Check.parent,
                tree.ids[row],
                titled(tree, row),
                None,
                None,
                "",
                _("These targets are parts of each other in a circle: {circle}.").format(circle=names),
                _("Take the target above out of one of them."),
                tuple(tree.ids[ring[1:]]),
            )


def lost(tree: Tree) -> Iterator[Inconsistency]:
    """Find targets that are said to be part of one that is not there."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero((tree.parent == LOST) & ~tree.above).tolist():
        by_name[tree.named[int(tree.names[row])]].append(row)
    for parent, rows in by_name.items():
        yield same_fault(
            tree,
            rows,
            Check.parent,
            ngettext(
                "This target is part of “{parent}”, which is not there: {targets}.",
                "These targets are part of “{parent}”, which is not there: {targets}.",
                len(rows),
            ).format(parent=parent, targets=named(tree, rows)),
            _("Choose another target above, or add “{parent}”.").format(parent=parent),
        )


def outside(tree: Tree) -> Iterator[Inconsistency]:
    """Find parts whose period does not lie within that of the target above."""
    rows = np.flatnonzero((tree.parent >= 0) & ~tree.above)
    rows = rows[~inside(tree, rows, tree.parent[rows])]
    by_parent: dict[int, list[int]] = defaultdict(list)
    for row in rows.tolist():
        by_parent[int(tree.parent[row])].append(row)
    for parent, parts in by_parent.items():
        period = formats.period(tree.periods[tree.period[parent]])
        yield Inconsistency(
            Check.period,
            tree.ids[parts[0]],
            named(tree, parts),
            None,
            None,
            "",
            ngettext(
                "“{target}” is for {period}, and this part of it lies outside: {parts}.",
                "“{target}” is for {period}, and these parts of it lie outside: {parts}.",
                len(parts),
            ).format(target=titled(tree, parent), period=period, parts=named(tree, parts)),
            ngettext(
                "Give it a period within {period}, or another target above.",
                "Give them a period within {period}, or another target above.",
                len(parts),
            ).format(period=period),
            tuple(tree.ids[[*parts[1:], parent]]),
        )


def twins(tree: Tree) -> Iterator[Inconsistency]:
    """Find two targets for the same indicator, period, level and owner.

    Two ways to one growth, each a part of it in points, are not the same thing; nor is what is asked for every
    month the same as what is asked for in all.
    """
    given = np.array([bool(owner) for owner in tree.owners], dtype=bool)[tree.owner]
    rows = np.flatnonzero(given & ~tree.points.known & ~tree.above)
    key = tree.indicator[rows] * len(tree.periods) + tree.period[rows]
    key = (key * len(LEVELS) + tree.level[rows]) * len(tree.owners) + tree.owner[rows]
    key = key * 8 + tree.every[rows] + 1
    groups: dict[int, list[int]] = defaultdict(list)
    again = pd.Series(key).duplicated(keep=False).to_numpy()
    for row, same_key in zip(rows[again].tolist(), key[again].tolist(), strict=True):
        groups[same_key].append(row)
    for same in groups.values():
        ids = sorted(tree.ids[same])
        yield Inconsistency(
            Check.twins,
            ids[0],
            titled(tree, same[0]),
            None,
            None,
            "",
            _(
                "There are {count} targets for the same indicator, period, level and owner, “{target}”: {ids}."
            ).format(count=formats.number(len(ids)), target=titled(tree, same[0]), ids=listed(ids, len(ids))),
            _("Take all of them away but one, or give them different owners."),
            tuple(ids[1:]),
        )
