"""An indicator's actuals, as far back as an analysis looks: read from the file, or computed by its formula."""

from __future__ import annotations

from functools import cached_property

from kpinb import formula
from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.drivers.computing import (
    Computed,
    Driver,
    Source,
    compute_history,
    drivers_of,
    formula_problems,
    has_series,
    not_computed,
)
from kpinb.clarify.records import Indicator
from kpinb.errors import NotFound
from kpinb.measure import Adding
from kpinb.period import Period

YEARS = 3
"""How many complete years before the one under review are read, and a seasonality is taken from, at most."""


def history_of(book: Book, indicator: Indicator) -> Actuals:
    """Give an indicator's actuals by month, from three years before the year under review.

    An indicator's own series in the file of actuals is the truth, whether or not it has a formula. Without one,
    its formula computes it. An indicator that has neither is new: all its months are missing. One that names a
    series which is not there is an error, since that is a slip of the pen.
    """
    return Histories(book).of(indicator)


def computed_history(book: Book, indicator: Indicator) -> Computed:
    """Compute an indicator's actuals by its formula, from three years before the year under review.

    A formula that has a problem (see `drivers.computing.formula_problems`) gives no month a value, and the problem
    as the reason.
    """
    return Histories(book).computed(indicator)


class Histories:
    """The actuals of a department's indicators and of the series they are computed from, each read once.

    Parameters
    ----------
    book : Book
        The department at its month.
    draft : Indicator, optional
        One that is being typed; it stands in for the saved one of its id.
    """

    def __init__(self, book: Book, draft: Indicator | None = None) -> None:
        self._book = book
        self._draft = draft
        self._known: dict[tuple[Source, str], Actuals] = {}
        self._computed: dict[str, Computed] = {}

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The department's indicators."""
        saved = self._book.records(Indicator)
        if self._draft is None:
            return saved
        others = {indicator.id: indicator for indicator in saved}
        return list({**others, self._draft.id: self._draft}.values())

    @cached_property
    def series(self) -> list[str]:
        """The series that the department has actuals for."""
        return self._book.facts.series()

    @cached_property
    def months(self) -> list[Period]:
        """The months that are due, from three years before the year under review."""
        return self._book.due_months(self._since)

    @property
    def _since(self) -> Period:
        return self._book.year.shift(-YEARS).months[0]

    def of(self, indicator: Indicator) -> Actuals:
        """Give an indicator's actuals; see `history_of`."""
        if indicator.formula and not has_series(indicator, self.series):
            return self.computed(indicator).actuals
        try:
            return self._read(indicator.series, indicator.over_time, indicator.base)
        except NotFound:
            if indicator.fact or indicator.series in self.series:
                raise
            return Actuals(dict.fromkeys(self.months))

    def computed(self, indicator: Indicator) -> Computed:
        """Compute an indicator's actuals; see `computed_history`."""
        if indicator.id not in self._computed:
            self._computed[indicator.id] = self._compute(indicator)
        return self._computed[indicator.id]

    def _compute(self, indicator: Indicator) -> Computed:
        problems = formula_problems(indicator, self.indicators, self.series)
        if problems:
            return not_computed(self.months, problems[0])
        read = formula.parse(indicator.formula)
        drivers = drivers_of(read, self.indicators, self.series)
        own_base = indicator.base and not has_series(indicator, self.series)
        bases = self._read(indicator.base, Adding.total).values if own_base else None
        histories = {name: self.of_driver(driver) for name, driver in drivers.items()}
        return compute_history(read, histories, self.months, bases)

    def of_driver(self, driver: Driver) -> Actuals:
        """Give a driver's actuals: those of an indicator, or a series added up over each month."""
        key = (driver.source, driver.key)
        if key not in self._known:
            self._known[key] = (
                self._read(driver.key, Adding.total)
                if driver.source is Source.series
                else self.of(next(i for i in self.indicators if i.id == driver.key))
            )
        return self._known[key]

    def _read(self, series: str, how: Adding, base: str = "") -> Actuals:
        frame = self._book.monthly(series, how, base=base, since=self._since)
        return Actuals.of_frame(frame, fiscal_start=self._book.period.fiscal_start)
