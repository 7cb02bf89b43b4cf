"""Observations in DuckDB, asked through Ibis, with every door to other files locked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from kpinb.errors import BadFacts, shown
from kpinb.facts.layout import Observations
from kpinb.language import _
from kpinb.measure import Adding

Key = tuple[Any, ...]
"""First day of a month, and the value of a dimension where one is asked for."""


class Sum(NamedTuple):
    """What a key's rows add up to."""

    total: Decimal | None
    rows: int
    known: int

    @property
    def whole(self) -> bool:
        """Whether every row has its number."""
        return self.known == self.rows


class Ranked(NamedTuple):
    """A window's single observations: how many there are, and those that its quantiles lie between."""

    rows: int
    known: int
    months: int
    within: int | None
    median: tuple[Decimal | None, Decimal | None]
    percentile_90: tuple[Decimal | None, Decimal | None]


class Engine:
    """One department's observations in a DuckDB of their own, in memory, on one thread.

    Parameters
    ----------
    observations : Observations
        What is asked about.
    file : str
        Name for messages.

    Attributes
    ----------
    series, all_series : dict of str
        Names of the department's series and of all in the file, as keys, in the order of the file.
    dimensions : dict of str to str
        Heading to the name of its column in DuckDB, where `State` and `state` would be the same.
    first, last : date or None
        The months between which numbers lie.
    """

    def __init__(self, observations: Observations, *, file: str) -> None:
        import ibis
        import pyarrow as pa

        self.file = file
        self.series = dict.fromkeys(observations.indicators)
        self.all_series = dict.fromkeys(observations.all_series)
        self.dimensions = {heading: f"d{at}" for at, heading in enumerate(observations.dimensions)}
        known = [m for m, v in zip(observations.months, observations.values, strict=True) if v is not None]
        self.first: date | None = min(known, default=None)
        self.last: date | None = max(known, default=None)
        self._ibis = ibis
        # One thread: kernels of other departments run beside this one.
        self._connection = ibis.duckdb.connect(
            threads=1,
            enable_external_access=False,
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
        )
        table = pa.table(
            {
                "month": pa.array(observations.months, pa.date32()),
                "indicator": pa.array(observations.indicators, pa.string()),
                **{
                    self.dimensions[heading]: pa.array(cells, pa.string())
                    for heading, cells in observations.dimensions.items()
                },
                "value": pa.array(observations.values, pa.decimal128(38, 9)),
            }
        )
        schema = {
            "month": "date",
            "indicator": "string",
            **dict.fromkeys(self.dimensions.values(), "string"),
            "value": "decimal(38, 9)",
        }
        self._facts = ibis.table(schema, name="facts")
        self._connection.raw_sql("SET enable_progress_bar = false")
        self._connection.con.register("arrived", table)
        self._connection.raw_sql("CREATE TABLE facts AS FROM arrived")
        self._connection.con.unregister("arrived")
        # Last, because nothing can be set afterwards.
        self._connection.raw_sql("SET lock_configuration = true")

    def close(self) -> None:
        """Close DuckDB."""
        self._connection.disconnect()

    def parts(self, series: str, dimension: str) -> list[str]:
        """List the values that a dimension has in a series, sorted."""
        rows = self._facts.filter(self._facts.indicator == series)
        column = self.dimensions[dimension]
        return sorted(part for (part,) in self._rows(rows.select(column).distinct()))

    def sums(self, series: str, span: tuple[date, date], dimension: str | None) -> dict[Key, Sum]:
        """Add up a series by month, and by a dimension where one is named."""
        rows = self._within(span)
        rows = rows.filter(rows.indicator == series)
        return self._by_key(rows, dimension, total=rows.value.sum(), rows=rows.count(), known=rows.value.count())

    def pairs(
        self, series: str, base: str, how: Adding, span: tuple[date, date], dimension: str | None
    ) -> dict[Key, Sum]:
        """Add up the upper side of a weighted mean or a ratio, over rows matched by month and dimensions.

        A row is known where value and base are, or where a mean's base is zero: it then weighs nothing.
        """
        rows = self._within(span)
        rows = rows.filter(rows.indicator.isin([series, base]))
        # Month, indicator and dimensions are unique, so max picks the one value there is.
        matched = rows.group_by(["month", *self.dimensions.values()]).aggregate(
            upper=rows.value.max(where=rows.indicator == series),
            lower=rows.value.max(where=rows.indicator == base),
        )
        known = matched.upper.notnull() & matched.lower.notnull()
        total = matched.upper
        if how is Adding.mean:
            known |= matched.lower == 0
            total *= matched.lower
        return self._by_key(
            matched,
            dimension,
            total=total.sum(),
            rows=matched.count(),
            known=known.fill_null(self._ibis.literal(value=False)).sum(),
        )

    def ranked(
        self, series: str, span: tuple[date, date], *, months: int, limit: Decimal | None
    ) -> dict[int, Ranked]:
        """Put a series' single observations in order, window by window.

        The windows have so many `months` each and follow one another from the first month of `span`; the result
        is by their number, from 0, without those that have no row. For each quantile it gives the observations
        between which the position (known − 1) · p falls; DuckDB's own ``quantile_cont`` interpolates in floating
        point, also where the numbers are decimals.
        """
        ibis, rows = self._ibis, self._within(span)
        rows = rows.filter(rows.indicator == series)
        age = (rows.month.year() - span[0].year) * 12 + rows.month.month() - span[0].month
        rows = rows.mutate(window=age // months)
        ordered = rows.mutate(
            at=ibis.row_number().over(group_by="window", order_by=ibis.asc(rows.value, nulls_first=False)),
            count=rows.value.count().over(group_by="window"),
        )

        def neighbour(tenths: int, step: int) -> Any:
            # Never beyond the last one: where the position falls on it, there is no next one to lean towards.
            place = ibis.least((ordered["count"] - 1) * tenths // 10 + step, ordered["count"] - 1)
            return ordered.value.max(where=ordered.at == place)

        found = self._rows(
            ordered.group_by("window").aggregate(
                rows=ordered.count(),
                known=ordered.value.count(),
                months=ordered.month.nunique(),
                within=ibis.null("int64") if limit is None else ordered.count(where=ordered.value <= limit),
                median_low=neighbour(5, 0),
                median_high=neighbour(5, 1),
                percentile_low=neighbour(9, 0),
                percentile_high=neighbour(9, 1),
            )
        )
        return {
            window: Ranked(count, known, months_there, within, (low, high), (low_90, high_90))
            for window, count, known, months_there, within, low, high, low_90, high_90 in found
        }

    def _within(self, span: tuple[date, date]) -> Any:
        return self._facts.filter(self._facts.month.between(*span))

    def _by_key(self, table: Any, dimension: str | None, **sums: Any) -> dict[Key, Sum]:
        keys = ["month"] if dimension is None else ["month", self.dimensions[dimension]]
        found = self._rows(table.group_by(keys).aggregate(**sums))
        return {tuple(row[: len(keys)]): Sum(*row[len(keys) :]) for row in found}

    def _rows(self, expression: Any) -> list[tuple[Any, ...]]:
        import duckdb

        # Ibis 12 fetches through a function that DuckDB deprecates; its SQL and plain rows need neither that nor
        # a detour by Arrow, and decimals stay decimals.
        try:
            rows: list[tuple[Any, ...]] = self._connection.raw_sql(self._connection.compile(expression)).fetchall()
        except duckdb.OutOfRangeException as problem:
            raise BadFacts(
                _(
                    "Actuals {file}: numbers are too large to be added up or weighted exactly. Give them in a "
                    "larger unit, such as thousands."
                ).format(file=shown(self.file))
            ) from problem
        return rows
