"""A solved funnel in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from kpinb.decompose.funnel.rates import Counted
from kpinb.decompose.funnel.solving import RANGE, SURENESS, WEEKS_A_QUARTER, Forecast, Solution, column, solve
from kpinb.decompose.funnel.stages import Counts, Stage
from kpinb.decompose.funnel.timing import Timing
from kpinb.decompose.records import FunnelStage
from kpinb.errors import BadInput
from kpinb.language import _, join_sentences
from kpinb.period import Period
from kpinb.view import Sentence, Sentences, Tone, formats


def answer(
    stages: Sequence[FunnelStage] | pd.DataFrame,
    counts: Counts | None = None,
    target: Decimal | int | None = None,
    *,
    activity: Decimal | int | None = None,
    weeks: int = WEEKS_A_QUARTER,
    sureness: Sequence[Decimal] = SURENESS,
    period: Period | None = None,
    today: date | None = None,
) -> Sentences:
    """Solve a funnel and say what comes of it, or what is missing; nothing is raised for what a person typed.

    Parameters
    ----------
    stages, counts, target, activity, weeks, sureness, period, today
        As in `kpinb.decompose.funnel.solve`.
    """
    try:
        solution = solve(
            stages,
            target=target,
            activity=activity,
            weeks=weeks,
            sureness=sureness,
            counts=counts,
            period=period,
            today=today,
        )
    except BadInput as problem:
        return Sentences.of([Sentence(str(problem), Tone.warn)])
    return read_solution(solution)


def read_solution(solution: Solution) -> Sentences:
    """Say what a solution holds: needs, result, lead times, hours, and what counts leave open."""
    return Sentences.of(
        [
            needs_sentence(solution),
            *result_sentences(solution),
            *uncertainty_sentences([solution]),
            *timing_sentences(solution),
            *hours_sentences(solution),
        ]
    )


def needs_sentence(solution: Solution) -> Sentence:
    """Say what comes through, how often a week's work is enough, and how much would be."""
    first, last = solution.stages[0], solution.stages[-1]
    if len(solution.stages) == 1:
        return Sentence(
            _("The funnel has one stage: “{stage}” needs {goal} a week.").format(
                stage=last.name, goal=_each(solution.target / solution.weeks, last)
            )
        )
    texts = [_through(solution)]
    row: dict[Any, Any] = solution.needs.to_dict("records")[0]
    if not row["through"]:
        texts.append(
            _("What every stage needs is not computable: no number of “{first}” brings any “{last}”.").format(
                first=first.name, last=last.name
            )
        )
        return Sentence(join_sentences(texts), Tone.warn)
    if solution.forecast is not None:
        texts.append(
            _("{activity} a week give {goal} in {chance} of weeks.").format(
                activity=_amount(solution.forecast.activity, first),
                goal=_amount(Decimal(solution.week_goal), last),
                chance=chance_text(solution.forecast.week_chance),
            )
        )
    texts.append(_needed(solution, row, first))
    return Sentence(join_sentences(texts))


def _needed(solution: Solution, row: dict[Any, Any], first: Stage) -> str:
    known = [level for level in solution.sureness if row[column("single", level)] is not None]
    if not known:
        return _("How many a single week needs is not computable: the counts are too few to be so sure.")
    singles = _(", ").join(
        _("{number} for {sureness}").format(
            number=_amount(Decimal(row[column("single", level)]), first), sureness=_percent(level)
        )
        for level in known
    )
    pooled = row[column("pooled", solution.deciding)]
    if solution.weeks == 1:
        text = _("A single week needs {needs}.").format(needs=singles)
    elif pooled is None:
        text = _(
            "A single week needs {needs}; what {weeks} weeks together need for {sureness} is not computable, "
            "because the counts are too few."
        ).format(needs=singles, weeks=solution.weeks, sureness=_percent(solution.deciding))
    else:
        text = _(
            "A single week needs {needs}; over {weeks} weeks together, {pooled} a week give {sureness}."
        ).format(
            needs=singles,
            weeks=solution.weeks,
            pooled=_each(pooled, first),
            sureness=_percent(solution.deciding),
        )
    return text


def _through(solution: Solution) -> str:
    steps = _(", ").join(_step(stage) for stage in solution.stages[1:])
    return _("{share} of “{first}” come through to “{last}”: {steps}.").format(
        share=formats.percent(solution.needs["through"].iloc[0]),
        first=solution.stages[0].name,
        last=solution.stages[-1].name,
        steps=steps,
    )


def _step(stage: Stage) -> str:
    if isinstance(stage.rate, Counted):
        return _("“{stage}” {successes} of {trials} counted").format(
            stage=stage.name,
            successes=formats.number(stage.rate.successes),
            trials=formats.number(stage.rate.trials),
        )
    return _("“{stage}” {rate} {source}").format(
        stage=stage.name,
        rate=formats.percent(None if stage.rate is None else stage.rate.mean),
        source="" if stage.source is None else stage.source.label,
    )


def result_sentences(solution: Solution) -> list[Sentence]:
    """Say what the week's work comes to, and how likely the target is; nothing without an activity."""
    if solution.forecast is None or len(solution.stages) == 1:
        return []
    found, last = solution.forecast, solution.stages[-1]
    tone = Tone.good if found.period_chance >= float(solution.deciding) else Tone.warn
    texts = [_week_result(found, last)]
    if solution.weeks > 1:
        texts.append(
            _("Over {weeks} weeks that is {expected}, from {low} to {high}.").format(
                weeks=solution.weeks,
                expected=_amount(round(found.period[0], 1), last),
                low=formats.number(found.period[1]),
                high=formats.number(found.period[2]),
            )
        )
    texts.append(
        _("The target of {target} is reached with a probability of {chance}.").format(
            target=_amount(solution.target, last), chance=chance_text(found.period_chance)
        )
    )
    return [Sentence(join_sentences(texts), tone)]


def _week_result(found: Forecast, last: Stage) -> str:
    return _("A week is expected to bring {expected}, and in {share} of weeks from {low} to {high}.").format(
        expected=_amount(round(found.week[0], 1), last),
        share=_percent(RANGE),
        low=formats.number(found.week[1]),
        high=formats.number(found.week[2]),
    )


def uncertainty_sentences(solutions: Sequence[Solution]) -> list[Sentence]:
    """Say how counted rates were taken; nothing where every rate is known."""
    if not any(isinstance(rate, Counted) for solution in solutions for rate in solution.steps):
        return []
    return [
        Sentence(
            _(
                "Counts leave a rate uncertain, and the figures allow for it: beta-binomial, with half a success "
                "and half a failure added to what was counted (Jeffreys)."
            )
        )
    ]


def timing_sentences(solution: Solution) -> list[Sentence]:
    """Say by when leads must be in, and what can still be changed; nothing where lead times are not known."""
    found = solution.timing
    if found is None:
        return []
    first, last = solution.stages[0].name, solution.stages[-1].name
    text = _("From “{first}” to “{last}” takes {days} days on average.")
    if found.silent:
        text = _("From “{first}” to “{last}” takes at least {days} days; no lead time is given for {silent}.")
    texts = [
        text.format(
            first=first,
            last=last,
            days=formats.number(found.days),
            silent=_(", ").join(_("“{name}”").format(name=name) for name in found.silent),
        ),
        _("What is to count by {end} must be in by {day}.").format(
            end=formats.day(found.period.last), day=formats.day(found.in_by)
        ),
        _still_open(found, first),
    ]
    return [Sentence(join_sentences(texts), Tone.plain if found.open_from else Tone.warn)]


def _still_open(found: Timing, first: str) -> str:
    if found.open_from is None:
        return _("“{first}” from {today} on comes too late for it: only later stages can still change it.").format(
            first=first, today=formats.day(found.today)
        )
    return _(
        "“{first}” from {today} on changes what comes through from {opens}: {open} of {all} days of the "
        "period, {share}."
    ).format(
        first=first,
        today=formats.day(found.today),
        opens=formats.day(found.open_from),
        open=found.open_days,
        all=found.all_days,
        share=formats.percent(Decimal(found.open_days) / found.all_days, places=0),
    )


def hours_sentences(solution: Solution) -> list[Sentence]:
    """Say where the hours are not enough, or that they are; nothing where none are given."""
    rows = solution.hours.to_dict("records")
    short = [row for row in rows if row["hours"] > row["available"]]
    if rows and not short:
        stages = _(", ").join(
            _("“{stage}” {hours} of {available}").format(
                stage=row["stage"],
                hours=formats.number(row["hours"], places=0),
                available=formats.number(row["available"]),
            )
            for row in rows
        )
        return [
            Sentence(
                _("The hours of a week are enough for {sureness}: {stages}.").format(
                    sureness=_percent(solution.deciding), stages=stages
                ),
                Tone.good,
            )
        ]
    return [
        Sentence(
            _(
                "“{stage}”: {needed} a week take {hours} hours, and {available} are available. That allows "
                "{allows} a week, from which {share} of the target can be expected."
            ).format(
                stage=row["stage"],
                needed=formats.amount(Decimal(math.ceil(row["needed"])), row["unit"]),
                hours=formats.number(row["hours"], places=0),
                available=formats.number(row["available"]),
                allows=formats.amount(Decimal(row["allows"]), row["unit"]),
                share=formats.percent(row["leaves"], places=0),
            ),
            Tone.warn,
        )
        for row in short
    ]


def chance_text(chance: float) -> str:
    """Write a probability to the percent; what is not certain is not called 0 or 100 %."""
    if 0 < chance < 0.005:
        return _("less than {share}").format(share=formats.percent(Decimal("0.01"), places=0))
    if 0.995 <= chance < 1:
        return _("more than {share}").format(share=formats.percent(Decimal("0.99"), places=0))
    return formats.percent(Decimal(repr(chance)), places=0)


def _percent(share: Decimal) -> str:
    return formats.percent(share)


def _amount(value: Decimal, stage: Stage) -> str:
    return formats.amount(value, stage.unit)


def _each(value: Decimal, stage: Stage) -> str:
    # A part of a lead cannot be collected: what a week needs is counted up.
    return formats.amount(Decimal(math.ceil(value)), stage.unit)
