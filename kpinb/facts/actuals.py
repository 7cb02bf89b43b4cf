"""A department's actuals, month by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from kpinb.errors import BadFacts, NotFound, shown
from kpinb.facts.observed import statistics
from kpinb.facts.source import Located, locate, nearest
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period

if TYPE_CHECKING:
    import pandas as pd

    from kpinb.facts.engine import Engine, Key, Sum

Figures: TypeAlias = "Mapping[Key, Decimal | None]"
"""Values by key; None where one is missing."""

Question: TypeAlias = tuple[str, Adding, str | None, Period, Period, str | None]
"""Series, how its rows become one number, base, first and last month, dimension."""

_EXACT = Context(prec=76, rounding=ROUND_HALF_EVEN)
_NINE_PLACES = Decimal("1e-9")
_WEIGHTED = (Adding.mean, Adding.ratio)


def open_facts(path_text: str, *, root: Path, department: str, name: str) -> Facts:
    """Open a department's actuals; the file is read when something is first asked of it.

    Parameters
    ----------
    path_text : str
        A CSV (``.csv``, ``.csv.gz``) or Parquet file or a description in YAML, from `root`; or
        ``package:name/path``, a data file that comes with an installed package; or empty for a department that
        has no actuals. See `kpinb.facts` for what the files look like.
    root : Path
        The workbook's folder; nothing outside is read.
    department, name : str
        Id and display name, either of which a department may have in the file.

    Raises
    ------
    BadFacts
        There is no such file, it lies outside `root`, or its description is wrong.
    """
    return Facts(locate(path_text, root=root) if path_text else None, department=department, name=name)


class Facts:
    """A department's actuals; make one with `open_facts`.

    Every method and property but `close` may raise `BadFacts` the first time, when the file is read.

    Parameters
    ----------
    located : Located or None
        The file; None for a department without actuals, where every month of every series is missing.
    department, name : str
        Id and display name.
    """

    def __init__(self, located: Located | None, *, department: str, name: str) -> None:
        self._located = located
        self._department = department
        self._name = name
        self._digest: str | None = None
        self._loaded: Engine | None = None
        # The file is read once, so the same question has the same answer until it is read again.
        self._answers: dict[Question, tuple[Figures, Figures]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back the memory; a later question reads the file again."""
        if self._loaded is not None:
            self._loaded.close()
        self._loaded = None
        self._answers.clear()

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes, after those of its description if it has one; empty without a file."""
        if self._located is None:
            return ""
        if self._digest is None:
            self._digest = self._located.digest(self._located.read())
        return self._digest

    @property
    def first_month(self) -> Period | None:
        """The earliest month in which the department has a number; None where there is none."""
        engine = self._engine()
        return Period.month_of(engine.first) if engine and engine.first else None

    @property
    def last_month(self) -> Period | None:
        """The latest month in which the department has a number; None where there is none."""
        engine = self._engine()
        return Period.month_of(engine.last) if engine and engine.last else None

    def series(self) -> list[str]:
        """List the series that the department has rows for, in the order of the file."""
        engine = self._engine()
        return list(engine.series) if engine else []

    def dimensions(self) -> list[str]:
        """List the columns by which the numbers can be told apart, in the order of the file."""
        engine = self._engine()
        return list(engine.dimensions) if engine else []

    def monthly(
        self, series: str, how: Adding, *, base: str | None = None, first: Period, last: Period
    ) -> pd.DataFrame:
        """Give one number a month, all dimensions together.

        ``total`` and ``last`` are the sum over the dimensions (for ``last``, a level such as head count). ``mean``
        is Σ value·base ÷ Σ base over the month's rows, matched by their dimensions, or the plain mean without a
        base. ``ratio`` is Σ value ÷ Σ base: the series holds the numerator, such as tickets solved in time, and
        the base the denominator, such as tickets. ``compound`` is a month's only number.

        A month is missing where it has no row, where any of its rows that is needed is empty or has no partner
        in the base (a total with a hole in it is not a total), and where the base adds up to zero. A mean's row
        whose base is zero weighs nothing and may be empty.

        Parameters
        ----------
        series : str
            Name of the series.
        how : Adding
            How its rows become one number.
        base : str, optional
            Series that a mean is weighted with or a ratio is divided by.
        first, last : Period
            The months from the beginning of one to the end of the other.

        Returns
        -------
        DataFrame
            A row for every month asked for: ``month`` (datetime64, its first day), ``value`` and ``base`` (the
            base's sum), both Decimal, or None where missing. Sums are exact, quotients rounded to nine places,
            half to even.

        Raises
        ------
        NotFound
            The file has no such series for any department.
        BadFacts
            A ratio has no base, a series that compounds has several rows in a month, or numbers are too large.
        """
        values, bases = self._query(series, how, base, first, last, None)
        months = _months(first, last)
        keys: list[Key] = [(month.first,) for month in months]
        return _frame(keys, values, bases, None)

    def by(
        self,
        series: str,
        dimension: str,
        *,
        first: Period,
        last: Period,
        how: Adding,
        base: str | None = None,
    ) -> pd.DataFrame:
        """Give one number a month for each value of a dimension, the other dimensions together.

        Parameters are as in `monthly`, `dimension` being one of `dimensions`.

        Returns
        -------
        DataFrame
            A row for every month asked for and every value that the dimension has in this series at any time,
            by month and then by that value: ``month``, a text column named as the dimension, ``value``, ``base``.

        Raises
        ------
        NotFound
            The file has no such series or dimension.
        BadFacts
            As in `monthly`.
        """
        values, bases = self._query(series, how, base, first, last, dimension)
        engine = self._engine()
        parts = engine.parts(series, dimension) if engine else []
        keys: list[Key] = [(month.first, part) for month in _months(first, last) for part in parts]
        return _frame(keys, values, bases, dimension)

    def observed(self, series: str, windows: Sequence[Period], *, limit: Decimal | None = None) -> pd.DataFrame:
        """Give statistics over a series' single observations, such as the tickets of a month.

        An observation is a row of the file: what else tells rows of one month apart (a ticket's number, a region)
        is a dimension. A file with one row a month has figures that were made elsewhere, and no median can be
        known from them: `rows` then is no more than `months`.

        Parameters
        ----------
        series : str
            Name of the series.
        windows : sequence of Period
            Months, quarters or years, one right after the other.
        limit : Decimal, optional
            Up to where an observation is within the limit, itself included.

        Returns
        -------
        DataFrame
            A row for every window: ``first`` (datetime64, its first day), ``rows``, ``known`` (rows that are not
            empty), ``months`` (that have a row), ``within`` (known rows up to the limit), ``median`` and
            ``percentile_90``. The last three are None where one of the rows is empty or one of the window's
            months has none, `within` also without a limit. Between two observations a quantile is interpolated
            linearly at (rows − 1) · p, which is definition 7 of Hyndman and Fan (1996), exactly, in Decimal.

        Raises
        ------
        NotFound
            The file has no such series for any department.
        BadFacts
            The file cannot be read.
        """
        engine = self._engine()
        if engine is not None:
            self._check_series(engine, series)
        if engine is None or not windows:
            return statistics(windows, {})
        span = (windows[0].first, windows[-1].last)
        return statistics(windows, engine.ranked(series, span, months=len(windows[0].months), limit=limit))

    def _engine(self) -> Engine | None:
        if self._located is None:
            return None
        if self._loaded is None:
            from kpinb.facts.engine import Engine
            from kpinb.facts.layout import arrange
            from kpinb.facts.sheet import read_sheet

            data = self._located.read()
            sheet = read_sheet(self._located, data)
            observations = arrange(sheet, self._located.source, department=self._department, name=self._name)
            self._digest = self._located.digest(data)
            self._loaded = Engine(observations, file=self._located.shown)
        return self._loaded

    def _check_series(self, engine: Engine, *names: str | None) -> None:
        for name in names:
            if name is not None and name not in engine.all_series:
                raise NotFound(
                    _("The actuals in {file} have no series “{series}”. The closest matches: {nearest}.").format(
                        file=engine.file, series=shown(name), nearest=nearest(engine.all_series, name)
                    )
                )

    def _query(
        self, series: str, how: Adding, base: str | None, first: Period, last: Period, dimension: str | None
    ) -> tuple[Figures, Figures]:
        question = (series, how, base, first, last, dimension)
        if question not in self._answers:
            self._answers[question] = self._asked(*question)
        return self._answers[question]

    def _asked(
        self, series: str, how: Adding, base: str | None, first: Period, last: Period, dimension: str | None
    ) -> tuple[Figures, Figures]:
        engine = self._engine()
        if engine is None:
            return {}, {}
        self._check_series(engine, series, base)
        if dimension is not None and dimension not in engine.dimensions:
            raise NotFound(
                _("The actuals in {file} have no dimension “{dimension}”. The closest matches: {nearest}.").format(
                    file=engine.file,
                    dimension=shown(dimension),
                    nearest=nearest(engine.dimensions, dimension),
                )
            )
        if how is Adding.ratio and base is None:
            raise BadFacts(
                _("Series “{series}” is a ratio of two sums: name the base that it is divided by.").format(
                    series=shown(series)
                )
            )
        span = (first.first, last.last)
        sums = engine.sums(series, span, dimension)
        bases = {} if base is None else _whole(engine.sums(base, span, dimension))
        if base is not None and how in _WEIGHTED:
            pairs = engine.pairs(series, base, how, span, dimension)
            return {
                key: _quotient(pair.total if pair.whole else None, bases.get(key)) for key, pair in pairs.items()
            }, bases
        if how is Adding.compound:
            for key, found in sums.items():
                if found.rows > 1:
                    raise BadFacts(
                        _(
                            "Actuals {file} have {rows} rows of “{series}” in {month}: growth rates cannot be "
                            "added up. Give one row a month."
                        ).format(file=engine.file, rows=found.rows, series=shown(series), month=f"{key[0]:%Y-%m}")
                    )
        if how is Adding.mean:
            return {key: _quotient(value, Decimal(sums[key].rows)) for key, value in _whole(sums).items()}, bases
        return _whole(sums), bases


def _months(first: Period, last: Period) -> list[Period]:
    month, end = Period.month_of(first.first), last.last

    def each() -> Iterator[Period]:
        at = month
        while at.first <= end:
            yield at
            at = at.shift(1)

    return list(each())


def _whole(sums: dict[Key, Sum]) -> dict[Key, Decimal | None]:
    return {
        key: _plain(found.total) if found.whole and found.total is not None else None
        for key, found in sums.items()
    }


def _quotient(total: Decimal | None, divisor: Decimal | None) -> Decimal | None:
    if total is None or not divisor:
        return None
    return _plain(_EXACT.quantize(_EXACT.divide(total, divisor), _NINE_PLACES))


def _plain(number: Decimal) -> Decimal:
    """Take off the zeros behind the point that a column of nine places has."""
    whole = number.to_integral_value()
    return whole if number == whole else _EXACT.normalize(number)


def _frame(
    keys: list[Key],
    values: Figures,
    bases: Figures,
    dimension: str | None,
) -> pd.DataFrame:
    import pandas as pd

    columns: dict[str, Any] = {"month": pd.Series([key[0] for key in keys], dtype="datetime64[s]")}
    if dimension is not None:
        columns[dimension] = pd.Series([key[1] for key in keys], dtype="str")
    # dtype object, said for each: an inferred one would turn None into NaN
    columns["value"] = pd.Series([values.get(key) for key in keys], dtype=object)
    columns["base"] = pd.Series([bases.get(key) for key in keys], dtype=object)
    return pd.DataFrame(columns)
