"""Statistics over single observations: the tickets of a month, not the months of a year."""

from __future__ import annotations

import csv
import gzip
import shutil
import statistics
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpinb.errors import NotFound
from kpinb.facts import Facts, open_facts
from kpinb.period import Period, PeriodKind

RETAIL = Path(__file__).parents[3] / "shared" / "data" / "aus_retail.csv.gz"
TICKETS = [
    *[("2026-01", hours) for hours in ("0.5", "1", "1.5", "2", "30")],
    *[("2026-02", hours) for hours in ("3", "1", "2", "4")],
]


def opened(folder: Path, observations: list[tuple[str, str]]) -> Facts:
    rows = [f"{month},hours,T{at},{value}" for at, (month, value) in enumerate(observations)]
    (folder / "data.csv").write_text("\n".join(["month,indicator,ticket,value", *rows, ""]))
    return open_facts("data.csv", root=folder, department="service", name="客服部")


def observed(facts: Facts, first: str, count: int = 1, *, limit: str | None = None) -> list[tuple[object, ...]]:
    windows = [Period.parse(first).shift(at) for at in range(count)]
    frame = facts.observed("hours", windows, limit=None if limit is None else Decimal(limit))
    return [(f"{row[0]:%Y-%m}", *row[1:]) for row in frame.itertuples(index=False)]


def test_the_tickets_of_a_month_have_a_median_a_percentile_and_a_share_in_time(tmp_path: Path) -> None:
    with opened(tmp_path, TICKETS) as facts:
        found = observed(facts, "2026-01", 2, limit="2")
    # One ticket took 30 hours: the mean of January is 7 hours, its median 1.5.
    assert found == [
        ("2026-01", 5, 5, 1, 4, Decimal("1.5"), Decimal("18.8")),
        ("2026-02", 4, 4, 1, 2, Decimal("2.5"), Decimal("3.7")),
    ]


def test_a_quarter_pools_the_tickets_of_its_months_in_a_fiscal_year_too(tmp_path: Path) -> None:
    with opened(tmp_path, [*TICKETS, ("2026-03", "2")]) as facts:
        quarter = Period(PeriodKind.quarter, 2025, 4, fiscal_start=4)
        (found,) = facts.observed("hours", [quarter], limit=Decimal(2)).to_dict("records")
    assert (f"{found['first']:%Y-%m}", found["rows"], found["months"]) == ("2026-01", 10, 3)
    assert (found["within"], found["median"], found["percentile_90"]) == (7, Decimal(2), Decimal("6.6"))


def test_without_a_limit_no_share_is_known(tmp_path: Path) -> None:
    with opened(tmp_path, TICKETS) as facts:
        assert observed(facts, "2026-02") == [("2026-02", 4, 4, 1, None, Decimal("2.5"), Decimal("3.7"))]


@pytest.mark.parametrize(
    ("period", "rows", "says"),
    [
        ("2026-02", [*TICKETS, ("2026-02", "")], ("2026-02", 5, 4, 1, None, None, None)),
        ("2026-04", TICKETS, ("2026-04", 0, 0, 0, None, None, None)),
        ("2026-Q1", TICKETS, ("2026-01", 9, 9, 2, None, None, None)),
    ],
    ids=["an empty ticket", "no ticket", "a month without tickets"],
)
def test_a_window_with_a_hole_is_missing_and_says_how_many_tickets_it_has(
    tmp_path: Path, period: str, rows: list[tuple[str, str]], says: tuple[object, ...]
) -> None:
    with opened(tmp_path, rows) as facts:
        assert observed(facts, period, limit="2") == [says]


def test_quantiles_of_large_figures_are_exact_where_floating_point_is_not(tmp_path: Path) -> None:
    with opened(tmp_path, [("2026-01", "1.000000001"), ("2026-01", "123456789012345678.123456789")]) as facts:
        (found,) = observed(facts, "2026-01")
    assert found[-2:] == (Decimal("61728394506172839.561728395"), Decimal("111111110111111110.4111111102"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=30))
def test_quantiles_agree_with_an_independent_computation(tmp_path: Path, hundredths: list[int]) -> None:
    values = [Decimal(value) / 100 for value in hundredths]
    with opened(tmp_path, [("2026-01", str(value)) for value in values]) as facts:
        ((_month, rows, *_counts, median, percentile),) = observed(facts, "2026-01")
    assert rows == len(values)
    assert median == statistics.median(values)
    assert float(percentile) == pytest.approx(np.quantile([float(v) for v in values], 0.9, method="linear"))


def test_a_department_without_a_file_has_no_observation_and_an_unknown_series_is_named(tmp_path: Path) -> None:
    with open_facts("", root=tmp_path, department="service", name="客服部") as facts:
        assert observed(facts, "2026-01") == [("2026-01", 0, 0, 0, None, None, None)]
    with opened(tmp_path, TICKETS) as facts, pytest.raises(NotFound, match=r"no series “hour”.*hours"):
        facts.observed("hour", [Period.parse("2026-01")])


@pytest.mark.skipif(not RETAIL.exists(), reason="the Australian retail data are not beside this project")
def test_the_median_industry_of_australian_retail_is_that_of_the_published_figures(tmp_path: Path) -> None:
    shutil.copy(RETAIL, tmp_path / "retail.csv.gz")
    (tmp_path / "retail.yaml").write_text(
        "path: retail.csv.gz\ncolumns: {department: state, value: turnover_aud_million}\n"
        "indicator: turnover\nignore: [series_id]\n"
    )
    with gzip.open(RETAIL, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["state"] == "Victoria" and row["month"] >= "2017"]
    months = [Period.parse("2017-01").shift(at) for at in range(24)]
    with open_facts("retail.yaml", root=tmp_path, department="vic", name="Victoria") as facts:
        found = facts.observed("turnover", months, limit=Decimal(100)).to_dict("records")
    for month, one in zip(months, found, strict=True):
        values = [Decimal(row["turnover_aud_million"]) for row in rows if row["month"][:7] == str(month)]
        assert one["rows"] == len(values) == 20
        assert (one["median"], one["within"]) == (statistics.median(values), sum(v <= 100 for v in values))
