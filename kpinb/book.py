"""One department's workbook at one month: its records, its actuals, and what was known when.

A `Book` is what the notebooks hold and the stages read. It carries everything that an analysis would otherwise
look up for itself: the clock, the author, the store.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pandas as pd

from kpinb import identity, workbook
from kpinb.errors import BadInput
from kpinb.facts import Facts, open_facts
from kpinb.language import _, choose
from kpinb.measure import Adding
from kpinb.period import Period, PeriodKind
from kpinb.records import Record, Revision, parse_identifier
from kpinb.store import Store, open_store
from kpinb.view import formats
from kpinb.view.heading import Heading

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Book:
    """One department's view of its records and actuals.

    Parameters
    ----------
    department, name : str
        Id and display name.
    period : Period
        The month under review.
    store : Store
        Where the records are.
    facts : Facts
        Where the actuals are.
    as_of : datetime, optional
        What was known at this instant, with its offset; None looks at what stands now.
    company : str
        Department under which the records of the whole company are kept.
    notice : str
        A line about the data, shown on top.
    author : str
        Who saves.
    clock : callable
        Gives the present instant, with an offset.
    """

    department: str
    name: str
    period: Period
    store: Store
    facts: Facts
    as_of: datetime | None = None
    company: str = "company"
    notice: str = ""
    author: str = ""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC).astimezone()

    @property
    def today(self) -> date:
        """The day from which the review looks: the last of its month, or the day of `as_of` if that is earlier.

        What ends after it is not yet due.
        """
        return min((self.as_of or self.clock()).date(), self.period.last)

    @property
    def year(self) -> Period:
        """The fiscal year of the month under review."""
        return self.period.fiscal_year

    def is_due(self, period: Period) -> bool:
        """Say whether a period is over, so that its figures ought to be there."""
        return period.last <= self.today

    def due_months(self, since: Period) -> list[Period]:
        """Give the months from `since` up to the one under review that are over."""
        months = []
        month = since
        while month.first <= self.period.first and self.is_due(month):
            months.append(month)
            month = month.shift(1)
        return months

    def records(self, kind: type[R]) -> list[R]:
        """Give the department's records of a kind, in the order in which they were made."""
        return [revision.record for revision in self.revisions(kind)]  # type: ignore[misc]

    def revisions(self, kind: type[Record]) -> list[Revision]:
        """Give the department's records of a kind with who wrote them and when."""
        return self.store.all(kind, self.department, as_of=self.as_of)

    def shared(self, kind: type[R]) -> list[R]:
        """Give the company's records of a kind, then the department's own."""
        if self.company == self.department:
            return self.records(kind)
        theirs = self.store.all(kind, self.company, as_of=self.as_of)
        return [*(r.record for r in theirs), *self.records(kind)]  # type: ignore[list-item]

    def history(self, kind: type[Record], record_id: str) -> list[Revision]:
        """Give every version of a record, the first one first."""
        return self.store.history(kind, self.department, record_id, as_of=self.as_of)

    def save(self, record: Record, *, expected: int | None = None, reason: str = "") -> Revision:
        """Save a record under the author's name.

        Parameters
        ----------
        record : Record
            What was typed.
        expected : int, optional
            Version that the author saw; 0 for a new record.
        reason : str
            Why it was changed.

        Raises
        ------
        EditConflict
            Somebody saved another version first.
        BadInput
            The book looks at the past, which cannot be changed.
        """
        self._require_present()
        return self.store.save(
            self.department, record, author=self.author, at=self.clock(), expected=expected, reason=reason
        )

    def delete(self, record: Record, *, expected: int, reason: str = "") -> Revision:
        """Take a record away under the author's name, by a new version that says so; its history stays.

        Raises
        ------
        EditConflict
            Somebody saved another version first.
        BadInput
            The book looks at the past, which cannot be changed.
        """
        self._require_present()
        return self.store.delete(
            self.department, record, author=self.author, at=self.clock(), expected=expected, reason=reason
        )

    def _require_present(self) -> None:
        if self.as_of is not None:
            raise BadInput(
                _("This workbook shows what was known at {as_of}. Set “as_of” to nothing to make changes.").format(
                    as_of=self.as_of.isoformat()
                )
            )

    def monthly(self, series: str, how: Adding, *, since: Period, base: str = "") -> pd.DataFrame:
        """Read a series of actuals up to the month under review.

        Parameters
        ----------
        series : str
            Its name in the file of actuals.
        how : Adding
            How rows of one month become one value.
        since : Period
            First month.
        base : str
            Series that a mean is weighted with or a ratio divided by.

        Returns
        -------
        pandas.DataFrame
            One row for each month that is due: `month` (first day), `value` and `base` (Decimal, or None where the
            file has none). A month that is not yet due has no row.
        """
        due = self.due_months(since)
        last = due[-1] if due else since.shift(-1)
        return self.facts.monthly(series, how, base=base or None, first=since, last=last)

    def observed(self, series: str, windows: Sequence[Period], *, limit: Decimal | None = None) -> pd.DataFrame:
        """Give statistics over a series' single observations in those windows that are over.

        Parameters
        ----------
        series : str
            Its name in the file of actuals.
        windows : sequence of Period
            Months, quarters or years, one right after the other.
        limit : Decimal, optional
            Up to where an observation counts as within the limit.

        Returns
        -------
        pandas.DataFrame
            As `Facts.observed` gives it; a window that is not over has no row.
        """
        return self.facts.observed(series, [w for w in windows if self.is_due(w)], limit=limit)

    def _repr_mimebundle_(self, **_kwargs: object) -> dict[str, str]:
        title = f"{self.name} · {formats.period(self.period)}"
        return Heading(title, self.notice)._repr_mimebundle_()


def open_book(
    department: str,
    period: str,
    *,
    name: str = "",
    language: str = "zh",
    facts: str = "",
    company: str = "company",
    fiscal_start: int = 1,
    as_of: str = "",
    store: str = workbook.EMBEDDED,
    notice: str = "",
    root: Path | None = None,
) -> Book:
    """Open a department's workbook for a month, from a notebook's parameters.

    From here on every text is in the department's language.

    Parameters
    ----------
    department : str
        Id of the department.
    period : str
        Month under review, such as ``2026-10``.
    name : str
        Display name; by default the id.
    language : str
        ``zh`` or ``en``.
    facts : str
        File of actuals, relative to the workbook folder; empty for a department without any.
    company, fiscal_start, notice : str, int, str
        See `Book`.
    as_of : str
        Instant with offset, such as ``2026-11-03T08:00:00+08:00``; empty for now.
    store : str
        Name of the store's connection, never its address.
    root : Path, optional
        Workbook folder; by default the one around the current folder.

    Raises
    ------
    BadInput
        The period is not a month, or `as_of` is no instant with an offset.
    StoreUnusable
        There is no store yet; the message says how to make it.
    """
    choose(language)
    parse_identifier(department)
    root = root or workbook.find_root()
    month = Period.parse(period, fiscal_start=fiscal_start)
    if month.kind is not PeriodKind.month:
        raise BadInput(
            _("“{period}” is not a month: a review is of one month, such as 2026-10.").format(period=period)
        )
    return Book(
        department=department,
        name=name or department,
        period=month,
        store=open_store(workbook.store_url(store, root)),
        facts=open_facts(facts, root=root, department=department, name=name or department),
        as_of=_instant(as_of) if as_of else None,
        company=company,
        notice=notice,
        author=identity.author(),
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise BadInput(
            _(
                "“{text}” is not an instant with its offset from UTC: write it as 2026-11-03T08:00:00+08:00."
            ).format(text=text)
        )
    return instant
