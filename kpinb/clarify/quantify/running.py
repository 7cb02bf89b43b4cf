"""The definition runs: a criterion computed from the actuals at once, and held against what the process does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.quantify.from_months import from_months
from kpinb.clarify.quantify.from_observations import counted_one_by_one, from_observations
from kpinb.clarify.quantify.natural_range import NaturalRange, natural_range
from kpinb.clarify.quantify.season import follows_season
from kpinb.clarify.quantify.values import Computed, State, Value
from kpinb.clarify.quantify.windows import windows_of
from kpinb.clarify.records import Criterion, Indicator, Statistic, Window
from kpinb.errors import BadInput, KpinbError, shown
from kpinb.language import N_, Label, _
from kpinb.measure import Direction, meets
from kpinb.period import Period
from kpinb.view import formats

FEWEST = 5
"""Fewer values than this say nothing of what the process does anyway (Wheeler: limits from as few as five or six).

Of a quarter or a year the months are looked at instead, where they can be held against the same threshold.
"""

_LONG = (Window.quarter, Window.year)


class Verdict(Label):
    """Whether a target is inside what the process does anyway."""

    met_anyway = "met_anyway", N_("met anyway")
    within = "within", N_("within the natural range")
    beyond = "beyond", N_("beyond the natural range")
    unknown = "unknown", N_("not known")


@dataclass(frozen=True)
class Running:
    """What a criterion comes to in the windows that are looked at.

    Parameters
    ----------
    criterion : Criterion
        Saved or not.
    indicator : Indicator or None
        Whose criterion it is; None where there is no such indicator.
    computed : Computed
        The values, the earliest first, and how they came about.
    natural : NaturalRange
        Of the windows that are over, from `since` on.
    since : Period or None
        The window with which the last 8 or more values in a row begin that lie on one side of the mean of all: the
        process has changed, and only what it has been since says what it does anyway. None where it has not.
    problem : str
        Why nothing could be computed, as a sentence; empty where something was.
    seasonal : bool
        Whether its months go up and down as they did a year before; a run on one side of the mean is then no
        change.
    by_month : Running, optional
        The same for each month, where the windows are longer and too few to say what the process does.
    """

    criterion: Criterion
    indicator: Indicator | None
    computed: Computed
    natural: NaturalRange
    problem: str = ""
    since: Period | None = None
    seasonal: bool = False
    by_month: Running | None = None

    @property
    def name(self) -> str:
        """Name of the indicator, or its id where there is none."""
        return self.indicator.name if self.indicator else self.criterion.indicator

    @property
    def unit(self) -> str:
        """Unit of the values."""
        return self.criterion.unit or (self.indicator.unit if self.indicator else "")

    @property
    def values(self) -> Mapping[Period, Value]:
        """The values by window, the earliest first."""
        return self.computed.values

    @property
    def known(self) -> dict[Period, Decimal]:
        """The values that are there."""
        return {window: one.value for window, one in self.values.items() if one.value is not None}

    @property
    def phase(self) -> dict[Period, Decimal]:
        """The known values that the natural range is of."""
        return {w: value for w, value in self.known.items() if self.since is None or self.since.first <= w.first}

    @property
    def missing(self) -> list[Period]:
        """Windows that are over and have no value, for want of a figure."""
        return [window for window, one in self.values.items() if one.state is State.missing]

    @property
    def met(self) -> int:
        """How many of the known values meet the criterion."""
        return sum(map(self.meets, self.known.values()))

    @property
    def verdict(self) -> Verdict:
        """Whether what is asked lies inside what the process does anyway."""
        criterion = self.criterion
        found = judge(self.natural, criterion.threshold, criterion.direction, upper=criterion.upper)
        if found is Verdict.unknown and self.by_month is not None:
            # A year's growth, mean or share lies between those of its months.
            found = self.by_month.verdict
            return found if self.by_month._agrees(found) else Verdict.unknown
        if self.natural.points < FEWEST:
            return Verdict.unknown
        # The range of a process that is changing mixes two; it only says what all of its values say too.
        return found if not self.natural.shifted or self._agrees(found) else Verdict.unknown

    def _agrees(self, verdict: Verdict) -> bool:
        """Say whether every single value says the same as the range."""
        met = {self.meets(value) for value in self.phase.values()}
        return met == {Verdict.met_anyway: {True}, Verdict.beyond: {False}}.get(verdict)

    def meets(self, value: Decimal) -> bool:
        """Say whether a value meets the criterion."""
        criterion = self.criterion
        return meets(value, criterion.threshold, criterion.direction, upper=criterion.upper)

    @property
    def frame(self) -> pd.DataFrame:
        """One row a window: `window` (its name), `first` (day), `value`, `state`, `met` (None without a value)."""
        rows = [
            {
                "window": formats.period(window),
                "first": window.first,
                "value": one.value,
                "state": one.state,
                "met": None if one.value is None else self.meets(one.value),
            }
            for window, one in self.values.items()
        ]
        return pd.DataFrame(rows, columns=["window", "first", "value", "state", "met"], dtype=object)


def judge(
    natural: NaturalRange, threshold: Decimal, direction: Direction, *, upper: Decimal | None = None
) -> Verdict:
    """Say where a target lies against the natural range.

    Met anyway: the whole range meets it. Beyond: no value of the range does. Within: some do, and which one is
    chance. A range is met anyway where it encloses the natural one, and beyond where the two do not touch.
    """
    if natural.lower is None or natural.upper is None:
        return Verdict.unknown
    ends = [meets(end, threshold, direction, upper=upper) for end in (natural.lower, natural.upper)]
    if all(ends):
        return Verdict.met_anyway
    inside = direction is Direction.between and natural.lower <= threshold <= natural.upper
    return Verdict.within if any(ends) or inside else Verdict.beyond


def run(criterion: Criterion, indicator: Indicator, book: Book) -> Running:
    """Compute a criterion from the actuals, whether it is saved or still being typed.

    Median, 90th percentile and a share within a limit are taken over single observations, where the actuals have
    several rows a month; see `Facts.observed`. Where the series of a share and its base both have one figure a
    month, the share is their ratio. A sum, a mean and a ratio add the months' figures up as everywhere else in the
    workbook; growth compares what the indicator comes to with the same window of the year before. A month's
    average week is its figure × 7 ÷ its days.

    Never raises a `KpinbError`: what is wrong stands in `problem`.
    """
    try:
        computed = _compute(criterion, indicator, book)
    except KpinbError as problem:
        return _nothing(criterion, indicator, str(problem))
    due = {w: v.value for w, v in computed.values.items() if v.state is not State.not_due}
    seasonal = _may_have_a_season(criterion) and follows_season(list(due.values()))
    natural, since = (natural_range(due.values()), None) if seasonal else _phase(due)
    by_month = None
    if natural.points < FEWEST and since is None and _same_for_a_month(criterion):
        by_month = run(criterion.model_copy(update={"window": Window.month}), indicator, book)
    return Running(
        criterion,
        indicator,
        computed,
        natural,
        since=since,
        seasonal=seasonal,
        by_month=by_month if by_month and by_month.known else None,
    )


def _phase(due: Mapping[Period, Decimal | None]) -> tuple[NaturalRange, Period | None]:
    """Give the natural range of what the process is now, and since when; None where it has been so throughout."""
    values, windows = list(due.values()), list(due)
    whole = natural_range(values)
    last = max((at for at, value in enumerate(values) if value is not None), default=0)
    if whole.centre is None or last not in whole.shifted:
        return whole, None
    begin = last
    while begin - 1 in whole.shifted and _side(values[begin - 1], whole.centre) == _side(
        values[last], whole.centre
    ):
        begin -= 1
    return natural_range(values[begin:]), windows[begin]


def _side(value: Decimal | None, centre: Decimal) -> bool:
    return value is not None and value > centre


def run_criterion(book: Book, criterion: Criterion) -> Running:
    """Compute a criterion, saved or not, by the indicator that it names."""
    found = {one.id: one for one in book.records(Indicator)}.get(criterion.indicator)
    if found is None:
        problem = _("There is no indicator “{indicator}”. Write it first, or name another.")
        return _nothing(criterion, None, problem.format(indicator=shown(criterion.indicator)))
    return run(criterion, found, book)


def run_all(book: Book) -> list[Running]:
    """Compute every criterion of the department, in the order in which they were made."""
    return [run_criterion(book, criterion) for criterion in book.records(Criterion)]


def _compute(criterion: Criterion, indicator: Indicator, book: Book) -> Computed:
    windows = windows_of(book, criterion.window)
    if not windows:
        raise BadInput(_no_figures(book))
    series, base = criterion.fact or indicator.series, criterion.base or indicator.base
    match criterion.statistic:
        case Statistic.median | Statistic.percentile_90:
            return from_observations(criterion, book, series, windows)
        case Statistic.share_within if counted_one_by_one(book, series, base, windows):
            return from_observations(criterion, book, series, windows)
        case _:
            return from_months(criterion, indicator, book, windows)


def _no_figures(book: Book) -> str:
    if not book.facts.digest:
        return _("There is no file of actuals here, so the criterion cannot be computed.")
    return _("The actuals have no figures that reach over a whole window up to {month}.").format(
        month=formats.period(book.period)
    )


def _may_have_a_season(criterion: Criterion) -> bool:
    """Say whether months are compared; growth over the year before takes the season out."""
    return criterion.window not in _LONG and criterion.statistic is not Statistic.growth


def _same_for_a_month(criterion: Criterion) -> bool:
    """Say whether a month's value can be held against the same threshold as a quarter's or a year's."""
    return criterion.window in _LONG and criterion.statistic is not Statistic.total


def _nothing(criterion: Criterion, indicator: Indicator | None, problem: str) -> Running:
    return Running(criterion, indicator, Computed(""), natural_range([]), problem)
