"""The hierarchy of targets, from the company to a person and from the year to a week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.history import Histories
from kpinb.clarify.records import Indicator
from kpinb.decompose.phasing import resolve
from kpinb.decompose.proof.shown import proof_of, targets_of_year, verdict
from kpinb.decompose.records import Basis, Level, Target, Task
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats


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
    order = {indicator.id: place for place, indicator in enumerate(indicators)}
    known = {target.id for target in targets}
    levels = list(Level)

    def key(target: Target) -> tuple[int, Period, int, str]:
        period = Period.parse(target.period, fiscal_start=fiscal_start)
        return order.get(target.indicator, len(order)), period, levels.index(target.level), target.id

    parts: dict[str | None, list[Target]] = defaultdict(list)
    for target in sorted(targets, key=key):
        parts[target.parent if target.parent in known else None].append(target)
    carriers: dict[str | None, list[Task]] = defaultdict(list)
    for task in tasks:
        carriers[task.target].append(task)
    steps: dict[str, Step] = {}

    # Not by recursion: a line of targets may be longer than Python's stack.
    waiting = [(target, 0) for target in reversed([*parts[None], *sorted(targets, key=key)])]
    while waiting:
        target, depth = waiting.pop()
        if target.id not in steps:
            value, one = values.get(target.id), by_id.get(target.indicator)
            steps[target.id] = Step(target, depth, value, one, carriers[target.id])
            waiting.extend((part, depth + 1) for part in reversed(parts[target.id]))
    return list(steps.values())


def steps_of(book: Book) -> list[Step]:
    """Give the department's hierarchy of targets for the year under review."""
    indicators = book.records(Indicator)
    histories = Histories(book)
    past = {indicator.id: (indicator.over_time, histories.of(indicator)) for indicator in indicators}
    targets = targets_of_year(book)
    values = {t.id: comes_to(t, book.year, *past[t.indicator]) for t in targets if t.indicator in past}
    return hierarchy(targets, indicators, book.records(Task), values, fiscal_start=book.period.fiscal_start)


def comes_to(target: Target, year: Period, over_time: Adding, history: Actuals) -> Decimal | None:
    """Give what a target comes to in its indicator's unit, each time where it asks again and again."""
    return target.value if _is_rhythm(target) else resolve(target, year, over_time, history)


def _is_rhythm(target: Target) -> bool:
    """Say whether a target asks for a growth that the year before does not turn into a value."""
    return target.every is not None or (target.points is None and target.basis is Basis.period_before)


def cascade_table(book: Book) -> Table:
    """Show the hierarchy: level, target, what it comes to, the tasks that carry it, owner and time node."""
    rows = [
        {
            "whose": _whose(step.target),
            "name": "\N{EM SPACE}" * step.depth + step.name,
            "value": asked(step),
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


def asked(step: Step) -> str:
    """Write what a target asks for: its value, else its growth; and how often, where it asks again and again."""
    target = step.target
    unit = step.indicator.unit if step.indicator else ""
    growth = target.growth if target.points is None else target.points
    text = formats.amount(step.value, unit) if step.value is not None else formats.percent(growth, signed=True)
    return text if target.every is None else _("{amount} {every}").format(amount=text, every=target.every.label)


def _whose(target: Target) -> str:
    return _("{level}, {period}").format(
        level=target.level.label, period=formats.period(Period.parse(target.period))
    )


def bottom_line(book: Book) -> Sentences:
    """Say what the department's first target of the year is, and whether its hierarchy holds."""
    steps = steps_of(book)
    if not steps:
        return Sentences.of([Sentence(_("This department has no target for the year yet."), Tone.unknown)])
    main = steps[0]
    text = _("The target for {period}: {target}, {value}.").format(
        period=formats.period(Period.parse(main.target.period)),
        target=main.name,
        value=asked(main),
    )
    if main.target.share is not None:
        text = _("{sentence} That is {share} of the target above it.").format(
            sentence=text, share=formats.percent(main.target.share)
        )
    return Sentences.of([Sentence(text), verdict(book, proof_of(book))])
