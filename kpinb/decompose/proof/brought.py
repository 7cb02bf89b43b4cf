"""What the tasks of a target bring, against what it asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal

from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.tree import Job, Tree
from kpinb.decompose.proof.wording import PLACES, listed, titled, typed
from kpinb.decompose.records import Every, Task
from kpinb.decompose.tasks.yields import brought, is_enough
from kpinb.language import _, join_sentences
from kpinb.measure import Adding, Direction, rounded
from kpinb.period import PeriodKind
from kpinb.view import formats


def brings(tree: Tree, jobs: Sequence[Job]) -> Iterator[Inconsistency]:
    """Find lowest targets whose tasks together bring less than they ask for.

    Only where every task of a target says what it brings, and where a sum of at least so much is asked for. More
    than is asked for is no fault.
    """
    by_row: dict[int, list[Task]] = defaultdict(list)
    for job in jobs:
        if job.row >= 0:
            by_row[job.row].append(job.task)
    wanted = tree.of_measure("over_time", Adding.total) & tree.of_measure("direction", Direction.at_least)
    wanted &= ~tree.is_parent() & ~tree.above & tree.value.known & tree.whole.known
    for row, tasks in by_row.items():
        if not wanted[row]:
            continue
        yields = [brought(task, tree.periods[tree.period[row]]) for task in tasks]
        known = [each for each in yields if each is not None]
        asked = tree.whole.decimal(tree.whole.whole[row])
        total = sum(known, Decimal(0))
        if len(known) == len(yields) and not is_enough(total, asked):
            yield _falls_short(tree, row, tasks, total, asked)


def _falls_short(tree: Tree, row: int, tasks: Sequence[Task], total: Decimal, asked: Decimal) -> Inconsistency:
    unit = tree.measure(row).unit
    found, value, gap = (_about(number, unit) for number in (total, asked, asked - total))
    first = tasks[0]
    names = {
        "target": titled(tree, row),
        "tasks": listed((_task(task, unit) for task in tasks), len(tasks)),
        "sum": found,
        "value": value,
        "gap": gap,
        "task": first.name,
        "reached": typed(total),
    }
    if total:
        needed = rounded((first.brings or Decimal(0)) * asked / total, 2)
        if needed * total < (first.brings or Decimal(0)) * asked:
            needed += Decimal("0.01")
        mend = (
            _(
                "It takes {needed} {every}: type {number} for what “{task}” brings, or {reached} as the value of "
                "“{target}”."
            )
            if len(tasks) == 1 and first.every is not None
            else _("Find tasks for the other {gap}, or type {reached} as the value of “{target}”.")
        )
        names |= {
            "needed": formats.amount(needed, unit),
            "number": typed(needed),
            "every": first.every.label if first.every else "",
            "reached": typed(_rounded_down(tree.typed_for(row, total))),
        }
    else:
        mend = _("Find tasks for the {gap}, or say what those there are bring.")
    return Inconsistency(
        Check.brings,
        tree.ids[row],
        names["target"],
        asked,
        rounded(total, 6).normalize(),
        unit,
        join_sentences(
            [
                _("“{target}” asks for {value}; what its tasks bring comes to {sum}: {tasks}.").format(**names),
                *_weeks(tree, row, tasks),
            ]
        ),
        mend.format(**names),
    )


def _rounded_down(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1") if value >= 1 else Decimal(1).scaleb(-PLACES), ROUND_FLOOR).normalize()


def _task(task: Task, unit: str) -> str:
    if task.every is None:
        return _("{task}, {brings} once").format(task=task.name, brings=formats.amount(task.brings, unit))
    return _("{task}, {brings} {every}").format(
        task=task.name, brings=formats.amount(task.brings, unit), every=task.every.label
    )


def _weeks(tree: Tree, row: int, tasks: Sequence[Task]) -> list[str]:
    """Say how many weeks a month was taken to have, where it matters."""
    month = tree.periods[tree.period[row]].kind is PeriodKind.month
    return (
        [_("A month is counted as 52 ÷ 12 weeks.")] if month and any(t.every is Every.week for t in tasks) else []
    )


def _about(number: Decimal, unit: str) -> str:
    return formats.amount(number, unit, places=None if number == number.to_integral_value() else 1)
