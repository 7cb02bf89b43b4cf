"""The rate at which a task turns one thing into another, against the rate of the same step of the funnel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from kpinb.decompose.proof.amounts import half_unit
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.tree import Job, Tree
from kpinb.decompose.proof.wording import figures, listed, titled, typed
from kpinb.decompose.records import FunnelStage, Task
from kpinb.language import _, ngettext
from kpinb.measure import rounded
from kpinb.view import formats


@dataclass(frozen=True)
class _Step:
    """The step of a funnel that ends with a stage."""

    before: FunnelStage
    stage: FunnelStage

    @property
    def planned(self) -> Decimal | None:
        """Rate of the weekly plan."""
        return self.stage.per_week / self.before.per_week if self.before.per_week else None

    @property
    def rate(self) -> Decimal | None:
        """Rate that holds: the one typed, else that of the plan."""
        return self.planned if self.stage.rate is None else self.stage.rate


def rates(tree: Tree, jobs: Sequence[Job], funnel: Sequence[FunnelStage]) -> Iterator[Inconsistency]:
    """Compare each task's rate with that of the step that feeds its target's indicator; typed rates with plans.

    A task's figures are small and whole: it differs from the funnel where one half more or less of what it brings
    would not make it the same.
    """
    steps = _steps(funnel)
    for step in steps:
        yield from _typed_and_planned(step)
    feeding = {step.stage.indicator: step for step in steps if step.stage.indicator}
    differing: dict[tuple[str, Decimal, Decimal], list[Job]] = defaultdict(list)
    for job in jobs:
        if job.row < 0 or tree.above[job.row] or job.task.takes is None or not job.task.brings:
            continue
        fed = feeding.get(tree.measure(job.row).id)
        if fed is not None and fed.rate and _differs(job.task.takes, job.task.brings, fed.rate):
            differing[fed.stage.indicator or "", job.task.takes, job.task.brings].append(job)
    for (indicator, takes, brings), several in differing.items():
        yield _task_fault(tree, feeding[indicator], takes, brings, several)


def _steps(funnel: Sequence[FunnelStage]) -> list[_Step]:
    by_name: dict[str, list[FunnelStage]] = defaultdict(list)
    for stage in sorted(funnel, key=lambda stage: stage.position):
        by_name[stage.funnel].append(stage)
    return [_Step(before, stage) for stages in by_name.values() for before, stage in pairwise(stages)]


def _differs(takes: Decimal, brings: Decimal, rate: Decimal) -> bool:
    half = half_unit(brings)
    return not (brings - half) / takes <= rate <= (brings + half) / takes


def _percents(*rates: Decimal) -> list[str]:
    """Write rates without decimal places, unless they would look the same."""
    whole = [formats.percent(rate, places=0) for rate in rates]
    return whole if len(set(whole)) == len(rates) else figures("%", *(rounded(rate, 4) for rate in rates))


def _task_fault(tree: Tree, step: _Step, takes: Decimal, brings: Decimal, jobs: list[Job]) -> Inconsistency:
    rate = step.rate or Decimal(0)
    found, expected = _percents(brings / takes, rate)
    tasks: list[Task] = [job.task for job in jobs]
    fitting = brings / rate
    fitting = rounded(fitting, max(1, 1 - fitting.adjusted())).normalize()
    names = {
        "tasks": listed((task.name for task in tasks), len(tasks)),
        "takes": formats.number(takes),
        "brings": formats.number(brings),
        "found": found,
        "rate": expected,
        "before": step.before.name,
        "after": step.stage.name,
        "plan": _plan(step),
        "number": typed(fitting),
    }
    return Inconsistency(
        Check.rate,
        tree.ids[jobs[0].row],
        titled(tree, jobs[0].row),
        rounded(rate, 4),
        rounded(brings / takes, 4),
        "%",
        ngettext(
            "This task plans {brings} out of {takes}, {found}: {tasks}. The funnel plans {plan}, {rate}, from "
            "“{before}” to “{after}”.",
            "These tasks plan {brings} out of {takes}, {found}: {tasks}. The funnel plans {plan}, {rate}, from "
            "“{before}” to “{after}”.",
            len(tasks),
        ).format(**names),
        _(
            "At {rate} it takes {number} to bring {brings}: type {number} for what the task takes, or change the "
            "funnel where {found} has been reached."
        ).format(**names),
        tuple(tree.ids[job.row] for job in jobs[1:]),
    )


def _plan(step: _Step) -> str:
    return _("{brings} out of {takes}").format(
        brings=formats.number(step.stage.per_week), takes=formats.number(step.before.per_week)
    )


def _typed_and_planned(step: _Step) -> Iterator[Inconsistency]:
    """Compare a rate that was typed with the weekly plan beside it."""
    stage, planned = step.stage, step.planned
    if stage.rate is None or planned is None:
        return
    # Either the rate was rounded when it was typed, or what a week brings was.
    per_week = stage.rate * step.before.per_week
    if abs(planned - stage.rate) <= half_unit(stage.rate) and abs(planned - stage.rate) <= Decimal("0.005"):
        return
    if abs(per_week - stage.per_week) <= half_unit(stage.per_week):
        return
    rate, plan = _percents(stage.rate, planned)
    names = {
        "funnel": stage.funnel,
        "before": step.before.name,
        "after": stage.name,
        "rate": rate,
        "plan": _plan(step),
        "planned": plan,
        "number": typed(rounded(planned, 4).normalize()),
        "per_week": typed(rounded(per_week, 1).normalize()),
    }
    yield Inconsistency(
        Check.rate,
        "",
        _("{before} → {after}").format(**names),
        stage.rate,
        rounded(planned, 4),
        "%",
        _("From “{before}” to “{after}” the rate is {rate}, and the weekly plan, {plan}, is {planned}.").format(
            **names
        ),
        (
            _("Type {number} as the rate of “{after}”, or {per_week} for every week.")
            if planned <= 1
            else _("Type {per_week} as what every week of “{after}” brings.")
        ).format(**names),
    )
