"""The hierarchy as columns: what the checks look at, converted once, whether records or frames were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from kpinb.actuals import Actuals
from kpinb.clarify.records import Indicator
from kpinb.decompose.phasing import resolve
from kpinb.decompose.proof.amounts import Amounts, Array, as_decimal
from kpinb.decompose.records import Basis, Every, Level, Target, Task
from kpinb.decompose.tasks.yields import PERIODS_A_YEAR, TIMES_A_YEAR
from kpinb.errors import BadInput
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period, PeriodKind

KINDS = list(PeriodKind)
LEVELS = list(Level)
NONE = -1
"""In place of a row: there is no target above."""
LOST = -2
"""In place of a row: one is named that is not there."""

_COLUMNS = (
    *("id", "indicator", "period", "level", "owner", "statement", "parent", "value", "upper", "growth", "basis"),
    *("every", "points", "share", "committed", "stretch", "challenge", "held"),
)


class Job(NamedTuple):
    """A task, and the row of its target: `NONE` where it serves none, `LOST` where that is not there."""

    row: int
    task: Task


@dataclass(frozen=True)
class Tree:
    """Targets as columns, a row each; those that only stand above come last.

    Parameters
    ----------
    ids, statements : array of object
        As they were typed.
    parent : array of int
        Row of the target above, `NONE` or `LOST`.
    names : array of int
        Number within `named` of the id that was typed for it.
    period, indicator, owner : array of int
        Number within `periods`, `indicators` and `owners`.
    kind, level, every, basis : array of int
        Number within `KINDS`, `LEVELS`, `Every` (`NONE` for none) and `Basis`.
    first, last : array of int
        First and last day, as ordinals.
    above : array of bool
        Of which not all parts are here: looked at as a whole for a share, never as the sum of its parts.
    held : array of bool
        Whether it stays as it is when the target above is divided anew.
    whole : Amounts
        Value of the whole period: stated, or resolved from a growth, times how often it is asked for.
    promised : Amounts
        What is committed for the whole period: times how often it is asked for.
    value, upper, growth, points, share, committed, stretch, challenge : Amounts
        As they were typed.
    """

    ids: Array
    statements: Array
    names: npt.NDArray[np.int64]
    named: list[str]
    parent: npt.NDArray[np.int64]
    period: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    level: npt.NDArray[np.int64]
    indicator: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]
    every: npt.NDArray[np.int64]
    basis: npt.NDArray[np.int64]
    above: npt.NDArray[np.bool_]
    held: npt.NDArray[np.bool_]
    periods: list[Period]
    indicators: list[Indicator]
    owners: list[str]
    has_owners: bool
    whole: Amounts
    promised: Amounts
    value: Amounts
    upper: Amounts
    growth: Amounts
    points: Amounts
    share: Amounts
    committed: Amounts
    stretch: Amounts
    challenge: Amounts

    def __len__(self) -> int:
        return len(self.ids)

    def measure(self, row: int) -> Indicator:
        """Give the indicator of a row; one that is not known is a sum of which more is better."""
        return self.indicators[int(self.indicator[row])]

    def typed_for(self, row: int, whole: Decimal) -> Decimal:
        """Give the value to type so that a row's period comes to an amount: of every week, a week's part of it."""
        if self.every[row] == NONE or self.measure(row).over_time is not Adding.total:
            return whole
        often = _often(self.periods[self.period[row]], int(self.every[row]))
        return whole * often.denominator / often.numerator

    def of_measure(self, name: str, value: object) -> npt.NDArray[np.bool_]:
        """Say of every row whether a field of its indicator has a value."""
        marks = np.array([getattr(one, name) is value for one in self.indicators], dtype=bool)
        return marks[self.indicator]

    def is_parent(self) -> npt.NDArray[np.bool_]:
        """Say of every row whether it is divided: a rhythm of its own does not divide it."""
        found = np.zeros(len(self), dtype=bool)
        found[self.parent[(self.parent >= 0) & ~self.is_rhythm()]] = True
        return found

    def is_rhythm(self) -> npt.NDArray[np.bool_]:
        """Say of every row whether it says anew, for every week or month, what the target above it asks for."""
        found = (self.every >= 0) & (self.parent >= 0)
        up = self.parent[found]
        found[found] = (
            (self.period[up] == self.period[found])
            & (self.level[up] == self.level[found])
            & (self.indicator[up] == self.indicator[found])
        )
        return found


def read_targets(
    targets: Sequence[Target] | pd.DataFrame,
    above: Sequence[Target] | pd.DataFrame,
    indicators: Sequence[Indicator],
    history: Mapping[str, Actuals],
    fiscal_start: int,
) -> Tree:
    """Turn targets into columns.

    Raises
    ------
    BadInput
        A frame lacks `id` or `period`, two targets have one id, or a period cannot be read.
    """
    own, higher = _frame(targets), _frame(above)
    frame = pd.concat([own, higher], ignore_index=True) if len(higher) else own
    size = len(frame)

    def column(name: str) -> pd.Series[Any] | None:
        return frame[name] if name in frame.columns else None

    ids = pd.Index(frame["id"].to_numpy(dtype=object))
    if not ids.is_unique:
        raise BadInput(_("Two targets have the id “{id}”: give each its own.").format(id=ids[ids.duplicated()][0]))
    above_codes, above_ids = _codes(column("parent"), size)
    period, texts = _codes(column("period"), size)
    periods = [Period.parse(text, fiscal_start=fiscal_start) for text in texts]
    indicator, names = _codes(column("indicator"), size)
    by_id = {one.id: one for one in indicators}
    owner, owners = _codes(column("owner"), size)
    level, levels = _codes(column("level"), size)
    basis, bases = _codes(column("basis"), size)
    every, turns = _codes(column("every"), size)
    kinds = np.array([KINDS.index(p.kind) for p in periods], dtype=np.int64)
    held = column("held")
    typed = {
        name: Amounts.of(column(name), size)
        for name in ("value", "upper", "growth", "points", "share", "committed", "stretch", "challenge")
    }
    tree = Tree(
        ids=ids.to_numpy(),
        statements=_texts(column("statement"), size),
        names=above_codes,
        named=above_ids,
        parent=_rows_of(ids, above_ids)[above_codes],
        period=period,
        kind=kinds[period],
        first=np.array([p.first.toordinal() for p in periods], dtype=np.int64)[period],
        last=np.array([p.last.toordinal() for p in periods], dtype=np.int64)[period],
        level=np.array([LEVELS.index(Level(text or "department")) for text in levels], dtype=np.int64)[level],
        indicator=indicator,
        owner=owner,
        every=np.array([list(Every).index(Every(t)) if t else NONE for t in turns], dtype=np.int64)[every],
        basis=np.array([list(Basis).index(Basis(t or "year_before")) for t in bases], dtype=np.int64)[basis],
        above=np.arange(size) >= len(own),
        held=np.zeros(size, dtype=bool) if held is None else held.fillna(value=False).to_numpy(dtype=bool),
        periods=periods,
        indicators=[by_id.get(name) or _unknown(name) for name in names],
        owners=owners,
        has_owners="owner" in frame.columns,
        whole=typed["value"],
        promised=typed["committed"],
        **typed,
    )
    return _resolved(tree, history)


def read_tasks(tasks: Sequence[Task] | pd.DataFrame, tree: Tree) -> list[Job]:
    """Find the target of each task.

    Raises
    ------
    BadInput
        A frame has no column `id`.
    """
    listed = _tasks(tasks) if isinstance(tasks, pd.DataFrame) else list(tasks)
    rows = _rows_of(pd.Index(tree.ids), [task.target or "" for task in listed])
    return [Job(int(row), task) for row, task in zip(rows, listed, strict=True)]


def _tasks(frame: pd.DataFrame) -> list[Task]:
    """Make tasks of a frame's rows: without checks, since a proof reads what was checked when it was typed."""
    if "id" not in frame.columns:
        raise BadInput(_("The frame of tasks has no column “{name}”: give one.").format(name="id"))
    columns = {name: _values(frame[name]) for name in Task.model_fields if name in frame.columns}
    columns.setdefault("name", columns["id"])
    for name in ("start", "end"):
        columns[name] = [_day(value) for value in columns.get(name, [None] * len(frame))]
    for name in ("brings", "takes"):
        columns[name] = [None if v is None else as_decimal(v) for v in columns.get(name, [None] * len(frame))]
    columns["every"] = [Every(v) if v else None for v in columns.get("every", [None] * len(frame))]
    return [
        Task.model_construct(**dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)
    ]


def _frame(targets: Sequence[Target] | pd.DataFrame) -> pd.DataFrame:
    if not isinstance(targets, pd.DataFrame):
        return _columns(targets, _COLUMNS)
    for name in ("id", "period"):
        if name not in targets.columns:
            raise BadInput(_("The frame of targets has no column “{name}”: give one.").format(name=name))
    return targets


def _columns(records: Sequence[Any], names: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame({n: pd.Series([getattr(r, n) for r in records], dtype=object) for n in names})


def _values(column: pd.Series[Any]) -> list[Any]:
    return column.astype(object).where(column.notna(), None).tolist()


def _texts(column: pd.Series[Any] | None, size: int) -> Array:
    if column is None:
        return np.full(size, None, dtype=object)
    values = column.to_numpy(dtype=object, copy=True)
    values[column.isna().to_numpy()] = None
    return values


def _codes(column: pd.Series[Any] | None, size: int) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Give each distinct text of a column a number; one that is missing is the empty text."""
    if column is None:
        return np.zeros(size, dtype=np.int64), [""]
    codes, distinct = pd.factorize(column)
    texts = [str(text) for text in distinct]
    if (codes == NONE).any():
        codes = np.where(codes == NONE, len(texts), codes)
        texts.append("")
    return codes.astype(np.int64), texts


def _rows_of(ids: pd.Index[Any], named: Sequence[str]) -> npt.NDArray[np.int64]:
    """Find the row of each id named; `NONE` where none is, `LOST` where it is not there."""
    rows = np.asarray(ids.get_indexer(pd.Index(named, dtype=object)), dtype=np.int64)
    rows[rows < 0] = LOST
    rows[np.array([not name for name in named], dtype=bool)] = NONE
    return rows


def _day(value: Any) -> date | None:
    if value is None:
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def _unknown(name: str) -> Indicator:
    # What is said of an indicator that nobody described: it adds up, and more of it is better.
    return Indicator.model_construct(id=name, name=name, unit="", base="")


def _resolved(tree: Tree, history: Mapping[str, Actuals]) -> Tree:
    """Add what each target comes to over its whole period."""
    values = tree.value
    wanted = ~values.known & ~tree.above & (tree.growth.known | tree.points.known) & (tree.every == NONE)
    past = np.array([one.id in history for one in tree.indicators], dtype=bool)[tree.indicator]
    if (wanted & past).any():
        typed = values.typed.copy()
        for row in np.flatnonzero(wanted & past):
            typed[row] = _from_history(tree, int(row), history)
        values = Amounts.of(pd.Series(typed, dtype=object), len(tree))
    factors = _factors(tree)
    return Tree(**{**tree.__dict__, "whole": values.times(factors), "promised": tree.committed.times(factors)})


def _from_history(tree: Tree, row: int, history: Mapping[str, Actuals]) -> Decimal | None:
    if tree.basis[row] != list(Basis).index(Basis.year_before) and not tree.points.known[row]:
        return None
    one, period = tree.measure(row), tree.periods[tree.period[row]]
    asked = Target.model_construct(
        id=tree.ids[row],
        indicator=one.id,
        period=str(period),
        value=None,
        growth=tree.growth.at(row),
        points=tree.points.at(row),
    )
    return resolve(asked, period.fiscal_year, one.over_time, history[one.id])


def _often(period: Period, every: int) -> Fraction:
    return Fraction(TIMES_A_YEAR[list(Every)[every]], PERIODS_A_YEAR[period.kind])


def _factors(tree: Tree) -> npt.NDArray[np.int64]:
    """Say how often each value is asked for; 0 where that is no whole number, such as weeks of a month."""
    factors = np.ones(len(tree), dtype=np.int64)
    adding = tree.of_measure("over_time", Adding.total)
    for row_every in np.unique(tree.every[tree.every >= 0]):
        for code in np.unique(tree.period[tree.every == row_every]):
            often = _often(tree.periods[code], int(row_every))
            rows = (tree.every == row_every) & (tree.period == code) & adding
            factors[rows] = often.numerator if often.denominator == 1 else 0
    return factors
