"""Findings: why there is a gap."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.language import _
from kpinb.period import Period
from kpinb.retrospective.records import Finding
from kpinb.view import Column, Table, formats


def findings_to_date(findings: Sequence[Finding], month: Period) -> list[Finding]:
    """Give the findings of the fiscal year up to a month, latest review first."""
    year = month.fiscal_year

    def period(finding: Finding) -> Period:
        return Period.parse(finding.period, fiscal_start=month.fiscal_start)

    known = [f for f in findings if year.contains(period(f)) and period(f).first <= month.last]
    return sorted(known, key=lambda f: period(f).first, reverse=True)


def finding_table(book: Book) -> Table:
    """Show the causes found this year, those of the latest review first."""
    names = {indicator.id: indicator.name for indicator in book.records(Indicator)}
    rows = [
        {**dict(f), "name": names.get(f.indicator, f.indicator)}
        for f in findings_to_date(book.records(Finding), book.period)
    ]
    return Table(
        pd.DataFrame(rows, columns=[*Finding.model_fields, "name"], dtype=object),
        [
            Column("period", _("Review of"), lambda text: formats.period(Period.parse(text))),
            Column("name", _("Indicator")),
            Column("cause", _("Cause of the gap")),
            Column("origin", _("Origin")),
            Column("driver", _("Driver")),
            Column("effect", _("Effect on the driver"), lambda v: formats.percent(v, signed=True), numeric=True),
            Column("evidence", _("Evidence")),
            Column("certainty", _("Certainty")),
        ],
        empty=_("No cause has been noted this year. Write the first finding in the form below."),
    )
