"""The hierarchy of targets, from the company to a person and from the year to a week, and whether it adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.history import history_of
from kpinb.clarify.records import Indicator
from kpinb.decompose.phasing import resolve
from kpinb.decompose.records import Level, Target, Task
from kpinb.language import _, ngettext
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats

HALF_A_CENT = Decimal("0.005")
"""Two sums of amounts with two decimals that differ by less than this are the same."""


@dataclass(frozen=True)
class Step:
    """One target in the hierarchy.

    Parameters
    ----------
    target : Target
        As it was typed.
    depth : int
        How many targets stand above it.
    value : Decimal or None
        In the indicator's unit; None where it is a growth over a year that is not complete.
    indicator : Indicator or None
        None where the target names one that is not there.
    tasks : list of Task
        What carries it.
    """

    target: Target
    depth: int
    value: Decimal | None
    indicator: Indicator | None
    tasks: list[Task]

    @property
    def name(self) -> str:
        """How a sentence calls the target: its words, else its indicator."""
        return self.target.statement or (self.indicator.name if self.indicator else self.target.indicator)


def hierarchy(
    targets: Sequence[Target],
    indicators: Sequence[Indicator],
    tasks: Sequence[Task],
    values: Mapping[str, Decimal | None],
    *,
    fiscal_start: int = 1,
) -> list[Step]:
    """Put targets in reading order: each one before its parts, parts by period and then by level.

    A target whose parent is not among them, or that hangs in a circle, stands at the top.
    """
    by_id = {indicator.id: indicator for indicator in indicators}
    known = {target.id for target in targets}
    levels = list(Level)

    def key(target: Target) -> tuple[int, Period, int, str]:
        order = [indicator.id for indicator in indicators]
        place = order.index(target.indicator) if target.indicator in by_id else len(order)
        return place, Period.parse(target.period, fiscal_start=fiscal_start), levels.index(target.level), target.id

    steps: list[Step] = []
    seen: set[str] = set()

    def add(target: Target, depth: int) -> None:
        if target.id in seen:
            return
        seen.add(target.id)
        its_tasks = [task for task in tasks if task.target == target.id]
        steps.append(Step(target, depth, values.get(target.id), by_id.get(target.indicator), its_tasks))
        for part in sorted((t for t in targets if t.parent == target.id), key=key):
            add(part, depth + 1)

    for target in sorted((t for t in targets if t.parent not in known), key=key):
        add(target, 0)
    for target in sorted(targets, key=key):
        add(target, 0)
    return steps


def steps_of(book: Book) -> list[Step]:
    """Give the department's hierarchy of targets for the year under review."""
    indicators = book.records(Indicator)
    targets = [t for t in book.records(Target) if book.year.contains(_period(book, t))]
    values: dict[str, Decimal | None] = {}
    for indicator in indicators:
        history = history_of(book, indicator)
        for target in targets:
            if target.indicator == indicator.id:
                values[target.id] = resolve(target, book.year, indicator.over_time, history)
    return hierarchy(targets, indicators, book.records(Task), values, fiscal_start=book.period.fiscal_start)


def _period(book: Book, target: Target) -> Period:
    return Period.parse(target.period, fiscal_start=book.period.fiscal_start)


def cascade_table(book: Book) -> Table:
    """Show the hierarchy: level, target, what it comes to, the tasks that carry it, owner and time node."""
    rows = [
        {
            "whose": _whose(step.target),
            "name": "\N{EM SPACE}" * step.depth + step.name,
            "value": formats.amount(step.value, step.indicator.unit if step.indicator else ""),
            "share": step.target.share,
            "tasks": "\n".join(task.name for task in step.tasks),
            "owner": step.target.owner,
            "due": step.target.due,
        }
        for step in steps_of(book)
    ]
    columns = ["name", "whose", "value", "share", "tasks", "owner", "due"]
    return Table(
        pd.DataFrame(rows, columns=columns, dtype=object),
        [
            Column("name", _("Target")),
            Column("whose", _("Level")),
            Column("value", _("Value"), numeric=True),
            Column("share", _("Share"), lambda v: formats.percent(v, places=0), numeric=True),
            Column("tasks", _("Tasks that carry it")),
            Column("owner", _("Owner")),
            Column("due", _("Time node")),
        ],
        empty=_("There is no target for this year yet. Add one in the notebook's form."),
    )


def _whose(target: Target) -> str:
    return _("{level}, {period}").format(
        level=target.level.label, period=formats.period(Period.parse(target.period))
    )


def inconsistencies(steps: Sequence[Step], month: Period) -> list[str]:
    """Say where the hierarchy does not add up or is not carried, a sentence each, with what would mend it.

    Looked at are: shares of one target that should come to 100 %, parts that should come to their target, targets
    without an owner, tasks that end after their target's period, and, from the month under review on, lowest
    targets that no task carries, neither itself nor one above it.
    """
    fiscal_start = month.fiscal_start
    found = []
    for step in steps:
        parts = [
            s for s in steps if s.target.parent == step.target.id and s.target.indicator == step.target.indicator
        ]
        found.extend(_shares(step, parts))
        found.extend(_sums(step, parts, fiscal_start))
        if not step.target.owner:
            found.append(_("“{target}” has no owner: name who carries it.").format(target=_titled(step)))
        last = Period.parse(step.target.period, fiscal_start=fiscal_start).last
        found.extend(
            _("The task “{task}” ends on {end}, after its target “{target}” on {last}: move one of them.").format(
                task=task.name, end=formats.day(task.end), target=_titled(step), last=formats.day(last)
            )
            for task in step.tasks
            if task.end is not None and task.end > last
        )
    if idle := _without_tasks(steps, month):
        names = _("; ").join(_titled(step) for step in idle)
        found.append(
            _("No task carries these targets: {targets}. Write one that serves each.").format(targets=names)
        )
    return found


def _without_tasks(steps: Sequence[Step], month: Period) -> list[Step]:
    by_id = {step.target.id: step for step in steps}
    divided = {step.target.parent for step in steps}

    def carried(step: Step) -> bool:
        above = by_id.get(step.target.parent or "")
        return bool(step.tasks) or (above is not None and above.depth < step.depth and carried(above))

    return [
        step
        for step in steps
        if step.target.id not in divided
        and step.target.level is not Level.company
        and Period.parse(step.target.period, fiscal_start=month.fiscal_start).last >= month.first
        and not carried(step)
    ]


def _titled(step: Step) -> str:
    return _("{target}, {period}").format(
        target=step.name, period=formats.period(Period.parse(step.target.period))
    )


def _shares(step: Step, parts: Sequence[Step]) -> list[str]:
    """Compare the shares of each period with the whole: two quarters may each be divided 60 to 40."""
    by_period: dict[str, Decimal] = {}
    for part in parts:
        if part.target.share is not None:
            by_period[part.target.period] = by_period.get(part.target.period, Decimal(0)) + part.target.share
    return [
        _("The shares of “{target}” come to {sum} and not to {whole}: correct one of them.").format(
            target=_titled(step), sum=formats.percent(total), whole=formats.percent(Decimal(1))
        )
        for total in by_period.values()
        if total != 1
    ]


def _sums(step: Step, parts: Sequence[Step], fiscal_start: int) -> list[str]:
    """Compare a target with its parts: all of one level over the same period, or of one kind that fills it."""
    if step.value is None or step.indicator is None:
        return []
    found = []
    whole = Period.parse(step.target.period, fiscal_start=fiscal_start)
    if step.indicator.over_teams is Adding.total:
        across = [
            p for p in parts if p.target.period == step.target.period and p.target.level is not step.target.level
        ]
        found.extend(_sum(step, across))
    if step.indicator.over_time is Adding.total:
        along = [p for p in parts if p.target.level is step.target.level and p.target.period != step.target.period]
        filled = [Period.parse(p.target.period, fiscal_start=fiscal_start) for p in along]
        if sum((p.last - p.first).days + 1 for p in filled) == (whole.last - whole.first).days + 1:
            found.extend(_sum(step, along))
    return found


def _sum(step: Step, parts: Sequence[Step]) -> list[str]:
    promised = step.target.growth if step.target.points is None else step.target.points
    points = [part.target.points for part in parts if part.target.points is not None]
    if parts and promised is not None and len(points) == len(parts):
        # Parts of one growth add up as points; as values each would count the year before once more.
        return _points(step, promised, sum(points, Decimal(0)))
    values = [part.value for part in parts if part.value is not None]
    if not values or len(values) < len(parts) or step.value is None or step.indicator is None:
        return []
    total = sum(values, Decimal(0))
    if abs(total - step.value) < HALF_A_CENT:
        return []
    unit = step.indicator.unit
    return [
        _("The parts of “{target}” come to {sum}, the target is {value}: {difference} is to be placed.").format(
            target=_titled(step),
            sum=formats.amount(total, unit),
            value=formats.amount(step.value, unit),
            difference=formats.amount(step.value - total, unit, signed=True),
        )
    ]


def _points(step: Step, promised: Decimal, total: Decimal) -> list[str]:
    if total == promised:
        return []
    return [
        _("The parts of “{target}” come to {sum} of growth, the target is {value}: correct one of them.").format(
            target=_titled(step), sum=formats.percent(total), value=formats.percent(promised)
        )
    ]


def inconsistency_sentences(book: Book) -> Sentences:
    """List what does not add up, or say that everything does."""
    found = inconsistencies(steps_of(book), book.period)
    if not found:
        return Sentences.of(
            [Sentence(_("Every target has an owner and tasks, and the parts come to the whole."), Tone.good)]
        )
    return Sentences.of(Sentence(text, Tone.warn) for text in found)


def bottom_line(book: Book) -> Sentences:
    """Say what the department's first target of the year is, and whether its hierarchy holds."""
    steps = steps_of(book)
    if not steps:
        return Sentences.of([Sentence(_("This department has no target for the year yet."), Tone.unknown)])
    main = steps[0]
    text = _("The target for {period}: {target}, {value}.").format(
        period=formats.period(Period.parse(main.target.period)),
        target=main.name,
        value=formats.amount(main.value, main.indicator.unit if main.indicator else ""),
    )
    if main.target.share is not None:
        text = _("{sentence} That is {share} of the target above it.").format(
            sentence=text, share=formats.percent(main.target.share)
        )
    count = len(inconsistencies(steps, book.period))
    verdict = (
        Sentence(_("Every target has an owner and tasks, and the parts come to the whole."), Tone.good)
        if not count
        else Sentence(_inconsistent(count), Tone.warn)
    )
    return Sentences.of([Sentence(text), verdict])


def _inconsistent(count: int) -> str:
    return ngettext(
        "{count} point in the hierarchy does not hold; it is listed below.",
        "{count} points in the hierarchy do not hold; they are listed below.",
        count,
    ).format(count=count)
