"""Whether the tasks of a target can carry it: what they bring within its period, against what it asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from kpinb.book import Book
from kpinb.decompose.hierarchy import Step, steps_of
from kpinb.decompose.records import Level, Target, Task
from kpinb.decompose.tasks.yields import brought, hours, is_enough, times_in
from kpinb.language import N_, Label, _, ngettext
from kpinb.measure import Adding, Direction
from kpinb.period import Period
from kpinb.view import Column, Table, Tone, formats


class Verdict(Label):
    """What the tasks of a target make of it."""

    carried = "carried", N_("carried")
    short = "short", N_("falls short")
    unknown = "unknown", N_("not computable")
    above = "above", N_("served from above")
    idle = "idle", N_("no task")


TONES = {
    Verdict.carried: Tone.good,
    Verdict.short: Tone.warn,
    Verdict.unknown: Tone.unknown,
    Verdict.above: Tone.plain,
    Verdict.idle: Tone.warn,
}
COLUMNS = [
    "id",
    "target",
    "owner",
    "asked",
    "brought",
    "tasks",
    "silent",
    "hours",
    "verdict",
    "why",
    "sentence",
]


def carrying(
    targets: Sequence[Target],
    tasks: Sequence[Task],
    *,
    fiscal_start: int = 1,
    values: Mapping[str, Decimal | None] | None = None,
    units: Mapping[str, str] | None = None,
    apart: Collection[str] = (),
) -> pd.DataFrame:
    """Set what tasks bring against what their targets ask.

    Parameters
    ----------
    targets, tasks : sequence of Target, Task
        Of one department.
    fiscal_start : int
        First month of its year.
    values : mapping, optional
        What a target comes to, by its id; left out, the value that was typed. A growth that is not in it is not
        computable.
    units : mapping, optional
        Units by id of the target, for the sentences.
    apart : collection of str
        Ids of targets that are not reached by adding up, such as a mean, or a limit that is to be kept.

    Returns
    -------
    pandas.DataFrame
        One row for each target that no other divides, and for each that has tasks of its own, in the order given:
        `id`, `target` (how sentences call it), `owner`, `asked` and `brought` (Decimal or None, in the target's
        unit; for a target asked for every week or month, in each of them), `tasks` (names), `silent` (names of
        those that do not say what they bring), `hours` (Decimal of work within the period, or None where no task
        says), `verdict`, `why`, `sentence` (target and why).

    Notes
    -----
    What a task brings within the target's period is `kpinb.decompose.tasks.yields.brought`. A task that does not
    say what it brings is not counted as nothing: where the others are not enough, the verdict is open.
    """
    divided = {target.parent for target in targets}
    by_id = {target.id: target for target in targets}
    serving = {target.id: [task for task in tasks if task.target == target.id] for target in targets}
    rows = []
    for target in targets:
        if target.id in divided and not serving[target.id]:
            continue
        period = Period.parse(target.period, fiscal_start=fiscal_start)
        asked = target.value if values is None else values.get(target.id)
        above = _carried_above(target, by_id, serving)
        load = _Load(target, period, asked, serving[target.id], (units or {}).get(target.id, ""), above)
        rows.append(load.row(adds=target.id not in apart))
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _carried_above(
    target: Target, by_id: Mapping[str, Target], serving: Mapping[str, Sequence[Task]]
) -> Target | None:
    """Give the nearest target above that has tasks."""
    seen = {target.id}
    above = by_id.get(target.parent or "")
    while above is not None and above.id not in seen:
        if serving[above.id]:
            return above
        seen.add(above.id)
        above = by_id.get(above.parent or "")
    return None


@dataclass(frozen=True)
class _Load:
    """One target with its tasks, and the nearest target above that has tasks."""

    target: Target
    period: Period
    asked: Decimal | None
    tasks: Sequence[Task]
    unit: str
    above: Target | None

    @property
    def silent(self) -> list[Task]:
        """Tasks that do not say what they bring."""
        return [task for task in self.tasks if task.brings is None]

    @property
    def brought(self) -> Decimal | None:
        """What the others bring; what a target asks for every month is compared a month at a time."""
        known = [amount for task in self.tasks if (amount := brought(task, self.period)) is not None]
        beats = Decimal(1) if self.target.every is None else times_in(self.target.every, self.period)
        return sum(known, Decimal(0)) / beats if known else None

    def row(self, *, adds: bool) -> dict[str, object]:
        worked = [spent for task in self.tasks if (spent := hours(task, self.period)) is not None]
        verdict, why = self._judged() if adds or not self.tasks else self._apart()
        return {
            "id": self.target.id,
            "target": _named(self.target),
            "owner": self.target.owner,
            "asked": self.asked,
            "brought": self.brought if adds else None,
            "tasks": "\n".join(task.name for task in self.tasks),
            "silent": "\n".join(task.name for task in self.silent),
            "hours": sum(worked, Decimal(0)) if worked else None,
            "verdict": verdict,
            "why": why,
            "sentence": _("“{target}”: {why}").format(target=_named(self.target), why=why),
        }

    def _apart(self) -> tuple[Verdict, str]:
        return Verdict.unknown, _("It is not reached by adding up, so what its tasks bring is not set against it.")

    def _judged(self) -> tuple[Verdict, str]:
        if not self.tasks:
            return self._without_tasks()
        if self.asked is None:
            return Verdict.unknown, _("It has no value that its tasks could be set against.")
        if self.brought is None:
            return Verdict.unknown, _("None of its tasks says what it brings: write it down for each.")
        figures = {"brought": self._amount(self.brought), "asked": self._amount(self.asked)}
        if is_enough(self.brought, self.asked):
            return Verdict.carried, self._each(
                _("Its tasks bring {brought} of the {asked} asked: they can carry it."),
                _("Its tasks bring {brought} of the {asked} asked {every}: they can carry it."),
            ).format(**figures, every=self._every())
        if self.silent:
            count = len(self.silent)
            return Verdict.unknown, ngettext(
                "Its tasks bring {brought} of the {asked} asked; {count} does not say what it brings.",
                "Its tasks bring {brought} of the {asked} asked; {count} do not say what they bring.",
                count,
            ).format(**figures, count=count)
        missing = self._amount(self.asked - self.brought)
        return Verdict.short, self._each(
            _("Its tasks bring {brought} of the {asked} asked: {missing} short."),
            _("Its tasks bring {brought} of the {asked} asked {every}: {missing} short."),
        ).format(**figures, missing=missing, every=self._every())

    def _without_tasks(self) -> tuple[Verdict, str]:
        if self.above is not None:
            return Verdict.above, _("It has no task of its own; those of “{above}” serve it.").format(
                above=_named(self.above)
            )
        return Verdict.idle, _("No task carries it: write one that serves it.")

    def _each(self, whole: str, each: str) -> str:
        return whole if self.target.every is None else each

    def _every(self) -> str:
        return "" if self.target.every is None else str(self.target.every.label)

    def _amount(self, value: Decimal) -> str:
        # 104 ÷ 12 is shown as 8.7: a second decimal would say more than anyone plans.
        return formats.amount(value, self.unit, places=None if value == value.to_integral_value() else 1)


def _named(target: Target) -> str:
    return _("{target}, {period}").format(
        target=target.statement or target.indicator, period=formats.period(Period.parse(target.period))
    )


def carrying_of(book: Book) -> pd.DataFrame:
    """Set what the department's tasks bring against the year's targets that are not over yet."""
    steps = steps_of(book)
    frame = carrying(
        [step.target for step in steps],
        book.records(Task),
        fiscal_start=book.period.fiscal_start,
        values={step.target.id: step.value for step in steps},
        units={step.target.id: _unit(step) for step in steps},
        apart=[step.target.id for step in steps if not _adds(step)],
    )
    wholes = {(step.target.id, step.target.period) for step in steps}
    asked = [s.target.id for s in steps if _is_open(book, s) and not _says_anew(s.target, wholes)]
    return frame[frame["id"].isin(asked)]


def _says_anew(target: Target, wholes: Collection[tuple[str, str]]) -> bool:
    """Say whether a target only says for every week or month what the one above it asks of the same period."""
    return target.every is not None and (target.parent, target.period) in wholes


def _is_open(book: Book, step: Step) -> bool:
    """Say whether tasks are still asked of a target: of the company's own only where it has any."""
    last = Period.parse(step.target.period, fiscal_start=book.period.fiscal_start).last
    return last >= book.period.first and (bool(step.tasks) or step.target.level is not Level.company)


def _unit(step: Step) -> str:
    return step.indicator.unit if step.indicator else ""


def _adds(step: Step) -> bool:
    indicator = step.indicator
    return indicator is None or (indicator.over_time is Adding.total and indicator.direction is Direction.at_least)


def carrying_table(book: Book) -> Table:
    """Show for each lowest target whether its tasks can carry it, those that they cannot first."""
    frame = carrying_of(book)
    order = [Verdict.short, Verdict.idle, Verdict.unknown, Verdict.carried, Verdict.above]
    ranked = frame.assign(rank=frame["verdict"].map(order.index)).sort_values("rank", kind="stable")
    return Table(
        ranked,
        [
            Column("target", _("Target")),
            Column("owner", _("Owner")),
            Column("tasks", _("Tasks")),
            Column("hours", _("Hours of work"), lambda v: formats.number(v, places=0), numeric=True),
            Column("verdict", _("Verdict"), tone=lambda row: TONES[row["verdict"]]),
            Column("why", _("Why")),
        ],
        empty=_("There is no target for this year yet. Add one in the notebook's form."),
    )
