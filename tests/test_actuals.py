"""Actuals by month: a hole is a hole, zero is a figure, and what is not due is not there."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.measure import Adding
from kpinb.period import Period

JAN, FEB, MAR = Period.parse("2026-Q1").months


def test_a_month_without_a_figure_is_missing_and_a_month_with_zero_is_not() -> None:
    months = Actuals({JAN: Decimal(10), FEB: None, MAR: Decimal(0)})
    assert months.missing([JAN, FEB, MAR]) == [FEB]
    assert months.combined([JAN, FEB, MAR], Adding.total) is None
    assert months.combined([JAN, MAR], Adding.total) == 10
    assert months.of(MAR) == 0


def test_the_year_to_date_of_a_rate_is_weighted_with_its_base() -> None:
    # 90 of 100 tickets solved, then 285 of 300: 93.75 % of all, not the 92.5 % of a plain mean.
    months = Actuals({JAN: Decimal("0.9"), FEB: Decimal("0.95")}, {JAN: Decimal(100), FEB: Decimal(300)})
    assert months.combined([JAN, FEB], Adding.ratio) == Decimal("0.9375")
    assert months.combined([JAN, FEB], Adding.mean) == Decimal("0.9375")
    assert Actuals(months.values).combined([JAN, FEB], Adding.mean) == Decimal("0.925")


def test_a_frame_keeps_what_is_missing_and_the_fiscal_year_of_its_months() -> None:
    frame = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-04-01", "2026-05-01"]),
            "value": pd.Series([Decimal(3), None], dtype=object),
            "base": pd.Series([None, None], dtype=object),
        }
    )
    months = Actuals.of_frame(frame, fiscal_start=4)
    april, may = Period.parse("2026", fiscal_start=4).months[:2]
    assert (months.of(april), months.of(may), months.bases) == (Decimal(3), None, {})
    assert months.missing([april, may]) == [may]
