"""Whether an indicator's own actuals agree with its formula, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.drivers.computing import formula_problems, has_series
from kpinb.clarify.history import Histories
from kpinb.clarify.records import Indicator
from kpinb.language import _, join_sentences, ngettext
from kpinb.period import Period
from kpinb.view import Column, Sentence, Table, Tone, formats

TOLERANCE = Decimal("0.005")
"""A formula agrees with the actual where it is off by no more than this share of it …"""

HALF_A_PLACE = Decimal("0.005")
"""… or by no more than half of the last place that is shown; drivers are rounded figures themselves."""

HALF_A_PLACE_OF_PERCENT = Decimal("0.0005")
"""The same for a share, which is shown as percent with one decimal."""


def compare(actuals: Actuals, computed: Actuals, months: Sequence[Period], unit: str) -> pd.DataFrame:
    """Compare an indicator's actuals with what its formula gives.

    Parameters
    ----------
    actuals, computed : Actuals
        By month.
    months : sequence of Period
        Those that are compared.
    unit : str
        The indicator's; decides what half of the last place shown is.

    Returns
    -------
    pandas.DataFrame
        One row for each month in which both are known: `month` (Period), `actual`, `computed`, `difference`
        (computed − actual; Decimal), `agrees` (bool): whether it is off by at most 0.5 % of the actual, or by at
        most half of the last place that is shown.
    """
    rows: list[dict[str, object]] = []
    half = HALF_A_PLACE_OF_PERCENT if unit == "%" else HALF_A_PLACE
    for month in months:
        actual, given = actuals.of(month), computed.of(month)
        if actual is None or given is None:
            continue
        off = given - actual
        agrees = abs(off) <= max(TOLERANCE * abs(actual), half)
        rows.append({"month": month, "actual": actual, "computed": given, "difference": off, "agrees": agrees})
    columns = ["month", "actual", "computed", "difference", "agrees"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def compare_own(histories: Histories, indicator: Indicator) -> pd.DataFrame | None:
    """Compare one indicator; None where it has no formula, no series of its own, or a formula with a problem."""
    if not indicator.formula or not has_series(indicator, histories.series):
        return None
    if formula_problems(indicator, histories.indicators, histories.series):
        return None
    computed = histories.computed(indicator).actuals
    return compare(histories.of(indicator), computed, histories.months, indicator.unit)


def formula_check(book: Book) -> Table:
    """Show the months in which an indicator's formula gives something else than its own actuals."""
    histories = Histories(book)
    rows: list[dict[str, object]] = []
    empty = _("No indicator has both a formula and actuals of its own, so there is nothing to compare.")
    for indicator in histories.indicators:
        compared = compare_own(histories, indicator)
        if compared is None:
            continue
        empty = _("No month's actual differs from what its formula gives.")
        rows.extend(
            {
                "name": indicator.name,
                "month": formats.period(row["month"]),
                "actual": formats.amount(row["actual"], indicator.unit),
                "computed": formats.amount(row["computed"], indicator.unit),
                "difference": formats.amount(row["difference"], indicator.unit, signed=True),
            }
            for row in compared.to_dict("records")
            if not row["agrees"]
        )
    return Table(
        pd.DataFrame(rows, columns=["name", "month", "actual", "computed", "difference"], dtype=object),
        [
            Column("name", _("Indicator")),
            Column("month", _("Figures of")),
            Column("actual", _("Own actual"), numeric=True),
            Column("computed", _("By the formula"), numeric=True),
            Column("difference", _("Off by"), numeric=True),
        ],
        empty=empty,
    )


def check_sentence(histories: Histories, indicator: Indicator) -> Sentence | None:
    """Say whether an indicator's own actuals agree with its formula; None where it has none of its own."""
    compared = compare_own(histories, indicator)
    if compared is None:
        return None
    rows = compared.to_dict("records")
    off = [row for row in rows if not row["agrees"]]
    if not rows:
        text = _("{name}: there is no month in which the formula could be compared with the actuals.")
        return Sentence(text.format(name=indicator.name), Tone.unknown)
    if not off:
        text = ngettext(
            "{name}: the formula agrees with the actual of the {count} known month, within {tolerance}.",
            "{name}: the formula agrees with the actuals of all {count} known months, within {tolerance}.",
            len(rows),
        )
        return Sentence(
            text.format(name=indicator.name, count=len(rows), tolerance=formats.percent(TOLERANCE)), Tone.good
        )
    worst = max(off, key=lambda row: abs(row["difference"]))
    says = ngettext(
        "{name}: the formula differs from the actuals in {off} of {count} month by more than {tolerance}.",
        "{name}: the formula differs from the actuals in {off} of {count} months by more than {tolerance}.",
        len(rows),
    ).format(name=indicator.name, off=len(off), count=len(rows), tolerance=formats.percent(TOLERANCE))
    most = _(
        "Most in {month}: it gives {computed}, and the actual is {actual}. The actual counts; correct the formula "
        "or the figures."
    ).format(
        month=formats.period(worst["month"]),
        computed=formats.amount(worst["computed"], indicator.unit),
        actual=formats.amount(worst["actual"], indicator.unit),
    )
    return Sentence(join_sentences([says, most]), Tone.warn)
