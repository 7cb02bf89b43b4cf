"""What the actuals counted at each step of the funnel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kpinb.book import Book
from kpinb.decompose.records import FunnelStage
from kpinb.errors import NotFound, shown
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import formats

MONTHS = 12
"""Of how many months, the last that are over, the counts are added up."""


@dataclass(frozen=True)
class Counting:
    """Successes and trials of the steps of a funnel.

    Parameters
    ----------
    counts : dict
        (successes, trials) by id of the stage; a stage without usable actuals is not in it.
    months : list of Period
        That were looked at; a step counts those in which both of its stages have a figure.
    problems : list of str
        Why a step that has actuals was not counted, a sentence each.
    """

    counts: dict[str, tuple[int, int]]
    months: list[Period]
    problems: list[str]


def counted(
    stages: Sequence[FunnelStage], actuals: Mapping[str, Mapping[Period, Decimal | None]], months: list[Period]
) -> Counting:
    """Count what came through each step.

    Parameters
    ----------
    stages : sequence of FunnelStage
        Of one funnel. One with a typed rate is not counted.
    actuals : mapping
        Month by month, by id of the stage.
    months : list of Period
        That are over.
    """
    counts: dict[str, tuple[int, int]] = {}
    problems = []
    ordered = sorted(stages, key=lambda stage: stage.position)
    for before, stage in pairwise(ordered):
        if stage.rate is not None:
            continue
        ins, outs = actuals.get(before.id, {}), actuals.get(stage.id, {})
        pairs = [
            (came, went)
            for month in months
            if (came := outs.get(month)) is not None and (went := ins.get(month)) is not None
        ]
        successes = sum((came for came, _went in pairs), Decimal(0))
        trials = sum((went for _came, went in pairs), Decimal(0))
        if not pairs:
            continue
        if trials <= 0 or not 0 <= successes <= trials or successes % 1 or trials % 1:
            problems.append(
                _(
                    "“{stage}”: the actuals give {successes} of {trials}, which is no rate; the plan's stands."
                ).format(
                    stage=shown(stage.name), successes=formats.number(successes), trials=formats.number(trials)
                )
            )
            continue
        counts[stage.id] = int(successes), int(trials)
    return Counting(counts, months, problems)


def counting_of(book: Book, stages: Sequence[FunnelStage]) -> Counting:
    """Count the last twelve months that are over."""
    months = book.due_months(book.period.shift(-MONTHS))[-MONTHS:]
    actuals = {stage.id: _series(book, stage.fact, months) for stage in stages if stage.fact and months}
    return counted(stages, actuals, months)


def _series(book: Book, name: str, months: Sequence[Period]) -> dict[Period, Decimal | None]:
    try:
        frame = book.monthly(name, Adding.total, since=months[0])
    except NotFound:
        return {}
    return dict(zip(months, frame["value"], strict=True))
