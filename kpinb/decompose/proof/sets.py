"""Which parts belong together: all periods of one kind, or all of one level, below the same target.

A set is *whole* where it is meant to come to its target: its periods fill the target's period, and each of them
has as many parts as the others (four quarters of three departments are twelve parts). It is *begun* where it is
the target's own level, divided by halves, quarters or months of which some are missing. Weeks and parts of a lower
level may be given one by one without a promise to give the others.

A part of another indicator than the target's drives it and is no portion of it: it is not looked at here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from kpinb.decompose.proof.amounts import Amounts, Array
from kpinb.decompose.proof.tree import KINDS, LEVELS, Tree
from kpinb.measure import Adding
from kpinb.period import Period, PeriodKind

MIXED = len(KINDS)
"""In place of a kind: two quarters and a half-year fill a year, or begin to."""

Rows = npt.NDArray[np.int64]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sets:
    """Parts that belong together, a number for each set.

    Parameters
    ----------
    rows : array of int
        Rows of the parts, those of one set next to each other.
    number : array of int
        The set of each of them.
    starts : array of int
        Where each set begins in `rows`; one more for the end.
    parent, kind, level : array of int
        Of each set: row of the target above, kind of its periods, level of its parts.
    whole, begun : array of bool
        See above.
    along, across : array of bool
        Whether it divides time, and whether it divides the organisation.
    """

    tree: Tree
    rows: Rows
    number: Rows
    starts: Rows
    parent: Rows
    kind: Rows
    level: Rows
    whole: Marks
    begun: Marks
    along: Marks
    across: Marks

    def members(self, one: int) -> Rows:
        """Give the rows of one set's parts."""
        return self.rows[self.starts[one] : self.starts[one + 1]]

    def sums(self, counts: Array) -> Array:
        """Add up counts of the tree's rows, set by set."""
        totals = np.zeros(len(self.parent), dtype=counts.dtype)
        np.add.at(totals, self.number, counts[self.rows])
        return totals

    def all_known(self, amounts: Amounts) -> Marks:
        """Say of each set whether none of its parts lacks the number."""
        return self.every_row(amounts.known)

    def every_row(self, marks: Marks) -> Marks:
        """Say of each set whether something is so of all its parts."""
        every: Marks = self.sums((~marks).astype(np.int64)) == 0
        return every

    def missing(self, one: int) -> list[Period]:
        """Give the periods of a begun set without a target: of its kind, or the longest where it is mixed."""
        outer = self.tree.periods[self.tree.period[self.parent[one]]]
        given = {self.tree.periods[self.tree.period[row]] for row in self.members(one)}
        if self.kind[one] == MIXED:
            return _left_of(outer, given)
        return [period for period in outer.children(KINDS[self.kind[one]]) if period not in given]

    @cached_property
    def adds(self) -> list[Adding | None]:
        """How the parts of each set become their target; None where no rule says it."""
        found: list[Adding | None] = []
        for code, along, across in zip(self.tree.indicator[self.parent], self.along, self.across, strict=True):
            one = self.tree.indicators[code]
            found.append(_adding(one.over_time, one.over_teams, along=bool(along), across=bool(across)))
        return found

    def adding(self, *how: Adding) -> Marks:
        """Say of each set whether its parts become their target in one of these ways."""
        return np.array([each in how for each in self.adds], dtype=bool)


def _adding(over_time: Adding, over_teams: Adding, *, along: bool, across: bool) -> Adding | None:
    if not across:
        return over_time
    if not along:
        return over_teams if over_teams is not Adding.last else None
    rates = (Adding.mean, Adding.ratio)
    if over_time is over_teams is Adding.total or (over_time in rates and over_teams in rates):
        return over_time
    return None


def find_sets(tree: Tree, circling: Marks) -> Sets:
    """Put the parts of each target into sets."""
    above = tree.parent
    part = (above >= 0) & ~tree.above & ~circling
    part[part] = (
        ~tree.above[above[part]]
        & (tree.indicator[part] == tree.indicator[above[part]])
        & (tree.level[part] >= tree.level[above[part]])
        & inside(tree, np.flatnonzero(part), above[part])
    )
    rows = np.flatnonzero(part)
    up = above[rows]
    # Neither time nor organisation is divided by a part of the same level and period, such as a weekly rhythm.
    dividing = (tree.level[rows] != tree.level[up]) | (tree.kind[rows] != tree.kind[up])
    rows = rows[dividing]
    sets = _grouped(tree, rows, tree.kind[rows])
    together = _mixed(sets)
    if together.any():
        kinds = np.where(together[sets.number], MIXED, tree.kind[sets.rows])
        sets = _grouped(tree, sets.rows, kinds)
    return sets


def inside(tree: Tree, rows: Rows, outer: Rows) -> Marks:
    """Say of pairs of rows whether the first one's period lies in the second one's."""
    pairs, which = np.unique(tree.period[rows] * len(tree.periods) + tree.period[outer], return_inverse=True)
    answers = (
        [tree.periods[p // len(tree.periods)] for p in pairs],
        [tree.periods[p % len(tree.periods)] for p in pairs],
    )
    holds = np.array([wide.contains(narrow) for narrow, wide in zip(*answers, strict=True)], dtype=bool)
    return holds[which]


def _grouped(tree: Tree, rows: Rows, kinds: Rows) -> Sets:
    up = tree.parent[rows]
    key = (up * len(LEVELS) + tree.level[rows]) * (MIXED + 1) + kinds
    order = np.argsort(key, kind="stable")
    rows, key, up, kinds = rows[order], key[order], up[order], kinds[order]
    new = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(rows) else np.zeros(0, dtype=np.int64)
    number = np.repeat(np.arange(len(new)), np.diff(np.r_[new, len(rows)]))
    parent, kind, level = up[new], kinds[new], tree.level[rows][new]
    along = kind != tree.kind[parent]
    complete, even = _filled(tree, rows, number, parent, kind)
    sets = Sets(
        tree=tree,
        rows=rows,
        number=number,
        starts=np.r_[new, len(rows)].astype(np.int64),
        parent=parent,
        kind=kind,
        level=level,
        whole=complete & even,
        begun=np.zeros(len(new), dtype=bool),
        along=along,
        across=level != tree.level[parent],
    )
    return Sets(**{**sets.__dict__, "begun": _begun(sets, complete)})


def _filled(tree: Tree, rows: Rows, number: Rows, parent: Rows, kind: Rows) -> tuple[Marks, Marks]:
    """Say of each set whether its periods fill its target's, and whether each has as many parts as the others."""
    pairs, counts = np.unique(number * len(tree.periods) + tree.period[rows], return_counts=True)
    of, period = pairs // len(tree.periods), pairs % len(tree.periods)
    most = np.zeros(len(parent), dtype=np.int64)
    np.maximum.at(most, of, counts)
    parts = np.bincount(number, minlength=len(parent))
    distinct = np.bincount(of, minlength=len(parent))
    days = np.array([_days(p) for p in tree.periods], dtype=np.int64)
    covered = np.zeros(len(parent), dtype=np.int64)
    np.add.at(covered, of, days[period])
    needed: dict[tuple[int, int], int] = {}
    for outer, inner in {(int(p), int(k)) for p, k in zip(tree.period[parent], kind, strict=True)}:
        needed[outer, inner] = _needed(tree.periods[outer], inner)
    outer_and_inner = zip(tree.period[parent].tolist(), kind.tolist(), strict=True)
    wanted = np.array([needed[pair] for pair in outer_and_inner], dtype=np.int64)
    full = np.where(kind == MIXED, covered == days[tree.period[parent]], distinct == wanted)
    return full, most * distinct == parts


def _left_of(outer: Period, given: Collection[Period]) -> list[Period]:
    """Give the longest periods that make up what is left of one."""
    if outer in given:
        return []
    if not any(outer.contains(period) for period in given):
        return [outer]
    shorter = KINDS[KINDS.index(outer.kind) + 1]
    return [period for part in outer.children(shorter) for period in _left_of(part, given)]


def _needed(outer: Period, inner: int) -> int:
    """Say how many periods of a kind make up one."""
    if inner == MIXED or KINDS[inner] is outer.kind:
        return 1
    return len(outer.children(KINDS[inner]))


def _days(period: Period) -> int:
    return (period.last - period.first).days + 1


def _mixed(sets: Sets) -> Marks:
    """Say which begun sets stand beside others of the same target without meeting them, so that they add up."""
    found = np.zeros(len(sets.parent), dtype=bool)
    begun: dict[int, list[int]] = defaultdict(list)
    for one in np.flatnonzero(sets.begun).tolist():
        begun[int(sets.parent[one])].append(one)
    for these in begun.values():
        if len(these) > 1:
            periods = sorted(
                {sets.tree.periods[sets.tree.period[row]] for one in these for row in sets.members(one)}
            )
            found[these] = all(early.last < late.first for early, late in pairwise(periods))
    return found


def _begun(sets: Sets, complete: Marks) -> Marks:
    """Say which sets divide their target's own level by periods of which some are missing."""
    week = KINDS.index(PeriodKind.week)
    candidate: Marks = sets.along & ~sets.across & ~complete & (sets.kind != week)
    levels = sets.parent * len(LEVELS) + sets.level
    begun: Marks = candidate & ~np.isin(levels, levels[sets.whole])
    return begun
