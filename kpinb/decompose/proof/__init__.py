"""The proof: every place where a hierarchy of targets does not add up or is not carried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import localcontext

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.clarify.records import Indicator
from kpinb.decompose.proof import (
    brought,
    carriers,
    commitments,
    conversion,
    growth,
    means,
    shares,
    structure,
    sums,
)
from kpinb.decompose.proof.amounts import PRECISION
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.sets import find_sets
from kpinb.decompose.proof.tree import read_targets, read_tasks
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.period import Period

__all__ = ["Check", "Inconsistency", "prove"]


def prove(
    targets: Sequence[Target] | pd.DataFrame,
    tasks: Sequence[Task] | pd.DataFrame | None = None,
    *,
    indicators: Sequence[Indicator] = (),
    funnel: Sequence[FunnelStage] = (),
    history: Mapping[str, Actuals] | None = None,
    above: Sequence[Target] = (),
    month: Period | None = None,
    fiscal_start: int = 1,
) -> list[Inconsistency]:
    """Find every inconsistency of a hierarchy of targets, each with its numbers, its place and what would mend it.

    Parameters
    ----------
    targets : sequence of Target, or pandas.DataFrame
        A frame has the records' columns: `id` and `period` (as written, ``2026-Q1``), and any of `indicator`,
        `level` (by default ``department``), `owner`, `statement`, `parent`, `value`, `upper`, `growth`, `basis`,
        `every`, `points`, `share`, `committed`, `stretch`, `challenge`, `held`. Numbers are Decimal, integers or
        floats (taken as they are written); what is missing is None. What a column that is not there would say is
        not looked at: without `owner`, nobody lacks one.
    tasks : sequence of Task, or pandas.DataFrame, optional
        A frame has `id` and any of `name`, `target`, `start`, `end`, `brings`, `takes`, `every`. Left out, it is
        not asked whether tasks carry the targets; an empty sequence says that there are none.
    indicators : sequence of Indicator
        How values add up and which way is better. One that is not among them is a sum of which more is better.
    funnel : sequence of FunnelStage
        With whose rates those of the tasks are compared.
    history : mapping of str to Actuals, optional
        By id of the indicator: turns a growth over the year before into a value. Without it growth is compared
        with growth only.
    above : sequence of Target
        Targets above those of `targets`, of which other parts are elsewhere: a share and a period are compared
        with them, their sums are not.
    month : Period, optional
        Month under review: what is over by then is no longer asked for its tasks.
    fiscal_start : int
        Month in which the fiscal year begins.

    Returns
    -------
    list of Inconsistency
        By what was compared, then in the order of the targets; empty where everything holds. One fault is one
        entry: twelve months without an owner, or a number that fits neither its parts nor its whole.

    Raises
    ------
    BadInput
        A frame lacks a column that it needs, two targets have the same id, or a period cannot be read.

    Notes
    -----
    Sums are compared to the last decimal. A set of parts is compared with its target where it is meant to be
    whole (see `sets`); parts of another indicator drive their target and are no portions of it. Where a part has
    no value that could be added, the sum is not computable and nothing is said of it.
    """
    past = history or {}
    # Decimal rounds to 28 digits in silence unless it is told not to.
    with localcontext(prec=PRECISION):
        tree = read_targets(targets, above, indicators, past, fiscal_start)
        jobs = [] if tasks is None else read_tasks(tasks, tree)
        circling = structure.in_circles(tree)
        sets = find_sets(tree, circling)
        found = [
            *structure.circles(tree, circling),
            *structure.lost(tree),
            *carriers.lost_tasks(jobs),
            *structure.outside(tree),
            *structure.twins(tree),
            *sums.sums(sets),
            *means.lasts(sets),
            *means.means(sets),
            *growth.growths(sets, past),
            *shares.shares(tree),
            *shares.values_of_shares(tree),
            *commitments.tiers(tree),
            *commitments.commitments(sets),
            *brought.brings(tree, jobs),
            *conversion.rates(tree, jobs, funnel),
            *carriers.dates(tree, jobs),
            *carriers.owners(tree),
        ]
        if tasks is not None:
            found.extend(carriers.carried(tree, jobs, month, circling))
    return found
