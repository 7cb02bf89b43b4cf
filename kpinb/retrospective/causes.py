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
        {**dict(f), "name": names.get(f.indicator, f.indicator), "effect_text": _effect(f)}
        for f in findings_to_date(book.records(Finding), book.period)
    ]
    return Table(
        pd.DataFrame(rows, columns=[*Finding.model_fields, "name", "effect_text"], dtype=object),
        [
            Column("period", _("Review of"), lambda text: formats.period(Period.parse(text))),
            Column("name", _("Indicator")),
            Column("cause", _("Cause of the gap")),
            Column("effect_text", _("Effect on the driver")),
            Column("evidence", _("Evidence")),
            Column("origin", _("Origin")),
            Column("certainty", _("Certainty")),
        ],
        empty=_("No cause has been noted this year. Write the first finding in the notebook's form."),
    )


def _effect(finding: Finding) -> str:
    effect = "" if finding.effect is None else formats.percent(finding.effect, signed=True)
    return " ".join(filter(None, [finding.driver, effect]))
