"""The department's funnel solved for the target of the quarter under review, at the rates planned and counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.history import history_of
from kpinb.clarify.records import Indicator
from kpinb.decompose.funnel.counting import Counting, counting_of
from kpinb.decompose.funnel.plan_and_actual import first_funnel, funnel_with
from kpinb.decompose.funnel.rates import Counted
from kpinb.decompose.funnel.solving import SURENESS, WEEKS_A_QUARTER, Solution, column, solve
from kpinb.decompose.funnel.wording import (
    hours_sentences,
    needs_sentence,
    result_sentences,
    timing_sentences,
    uncertainty_sentences,
)
from kpinb.decompose.phasing import monthly_targets
from kpinb.decompose.records import FunnelStage
from kpinb.errors import BadInput, shown
from kpinb.language import _, join_sentences
from kpinb.measure import Adding
from kpinb.period import Period, PeriodKind
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats


@dataclass(frozen=True)
class Solved:
    """A department's funnel, solved twice.

    Parameters
    ----------
    quarter : Period
        In which the target is to be reached.
    planned : Solution or None
        At the rates that were typed or that follow from the plan; None where there are none.
    counted : Solution or None
        At the rates counted over the last months, where a stage has any; typed rates stay.
    counting : Counting
        What was counted.
    problems : list of str
        Why there is no solution, or what in the funnel contradicts itself.
    """

    quarter: Period
    planned: Solution | None
    counted: Solution | None
    counting: Counting
    problems: list[str]

    @property
    def main(self) -> Solution | None:
        """The one that plans are made for: at the counted rates where there are any."""
        return self.counted or self.planned


def solved_funnel(book: Book, draft: FunnelStage | None = None) -> Solved | None:
    """Solve the department's first funnel for the quarter under review; None where it has no funnel.

    With a stage that is being typed, solve the funnel that it belongs to.
    """
    stages = first_funnel(book) if draft is None else funnel_with(book, draft)
    if not stages:
        return None
    quarter = book.period.parent(PeriodKind.quarter)
    counting = counting_of(book, stages)
    last = max(stages, key=lambda stage: stage.position)
    target = _target(book, last, quarter)
    problems = [*counting.problems, *_contradiction(last, target, quarter)]

    def solution(counts: dict[str, tuple[int, int]]) -> Solution | None:
        try:
            return solve(stages, target=target, counts=counts, period=quarter, today=book.today)
        except BadInput as problem:
            if str(problem) not in problems:
                problems.append(str(problem))
            return None

    planned = solution({})
    counted = solution(counting.counts) if counting.counts else None
    return Solved(quarter, planned, counted, counting, problems)


def _target(book: Book, last: FunnelStage, quarter: Period) -> Decimal | None:
    """Give what the months of the quarter are asked for; None where no target covers them all."""
    found = [one for one in book.records(Indicator) if one.id == last.indicator and one.over_time is Adding.total]
    if not found:
        return None
    frame = monthly_targets(book, found[0], history_of(book, found[0])).frame
    asked = Actuals(dict(zip(book.year.months, frame["target"], strict=True)))
    return asked.combined(quarter.months, Adding.total)


def _contradiction(last: FunnelStage, target: Decimal | None, quarter: Period) -> list[str]:
    planned = last.per_week * WEEKS_A_QUARTER
    if target is None or planned == target:
        return []
    return [
        _(
            "“{stage}”: {each} a week come to {planned} in {weeks} weeks, and the target of {quarter} is "
            "{target}: correct one of them."
        ).format(
            stage=shown(last.name),
            each=formats.amount(last.per_week, last.unit),
            planned=formats.number(planned),
            weeks=WEEKS_A_QUARTER,
            quarter=formats.period(quarter),
            target=formats.number(target),
        )
    ]


def funnel_answer(book: Book) -> Sentences:
    """Say what the funnel needs every week for the quarter's target, at the rates planned and counted."""
    found = solved_funnel(book)
    return Sentences.of([Sentence(_("This department has no funnel."))]) if found is None else read_solved(found)


def read_solved(found: Solved) -> Sentences:
    """Say what a department's funnel needs, what its plan brings, and what stands against it."""
    items = []
    if found.planned is not None:
        items.append(needs_sentence(found.planned))
    if found.counted is not None:
        counted = needs_sentence(found.counted)
        items.append(Sentence(join_sentences([_since(found.counting.months), counted.text]), counted.tone))
    if found.main is not None:
        items += [
            *result_sentences(found.main),
            *uncertainty_sentences([found.main]),
            *timing_sentences(found.main),
            *hours_sentences(found.main),
        ]
    items += [Sentence(problem, Tone.warn) for problem in found.problems]
    return Sentences.of(items)


def _since(months: list[Period]) -> str:
    return _("These rates were counted from {first} to {last}.").format(
        first=formats.period(months[0]), last=formats.period(months[-1])
    )


def funnel_needs_table(book: Book) -> Table:
    """Show what every stage needs a week: on average, and to be so sure in a single week and over the quarter."""
    found = solved_funnel(book)
    solutions = [] if found is None else [one for one in (found.planned, found.counted) if one is not None]
    rows = [row for solution in solutions for row in _rows(solution)]
    names = ["rates", "stage", "expected", *(column(way, p) for way in ("single", "pooled") for p in SURENESS)]
    heads = {"single": _("One week, {sureness}"), "pooled": _("All weeks, {sureness}")}
    return Table(
        pd.DataFrame(rows, columns=names, dtype=object),
        [
            Column("rates", _("Rates")),
            Column("stage", _("Stage")),
            Column("expected", _("On average"), _each, numeric=True),
            *(
                Column(column(way, p), head.format(sureness=formats.percent(p)), _each, numeric=True)
                for way, head in heads.items()
                for p in SURENESS
            ),
        ],
        empty=_("This department has no funnel.") if found is None else join_sentences(found.problems),
        caption=_caption(found, solutions),
    )


def _rows(solution: Solution) -> list[dict[str, Any]]:
    counted = any(isinstance(rate, Counted) for rate in solution.steps)
    source = _("counted") if counted else _("planned")
    return [
        {
            **{str(name): value for name, value in row.items()},
            "rates": source,
            "stage": formats.with_unit(row["stage"], row["unit"]),
        }
        for row in solution.needs.to_dict("records")
    ]


def _each(value: Decimal | int | None) -> str:
    return formats.number(None if value is None else math.ceil(value))


def _caption(found: Solved | None, solutions: list[Solution]) -> str:
    if found is None or not solutions:
        return ""
    return _("What each stage needs a week for {target} in {quarter}").format(
        target=formats.amount(solutions[0].target, solutions[0].stages[-1].unit),
        quarter=formats.period(found.quarter),
    )
