"""Published figures, checked against sums computed straight from the file."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from kpinb.facts import open_facts
from kpinb.measure import Adding
from kpinb.period import Period

RETAIL = Path(__file__).parents[3] / "shared" / "data" / "aus_retail.csv.gz"


@pytest.mark.skipif(not RETAIL.exists(), reason="the Australian retail data are not beside this project")
def test_australian_retail_adds_up_by_state_and_industry(tmp_path: Path) -> None:
    shutil.copy(RETAIL, tmp_path / "retail.csv.gz")
    (tmp_path / "retail.yaml").write_text(
        "path: retail.csv.gz\n"
        "columns: {department: state, value: turnover_aud_million}\n"
        "indicator: turnover\n"
        "ignore: [series_id]\n"
    )
    months: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    years: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    with gzip.open(RETAIL, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        months[row["state"], row["month"]] += Decimal(row["turnover_aud_million"])
        if row["month"].startswith("2017"):
            years[row["state"], row["industry"]] += Decimal(row["turnover_aud_million"])
    states = sorted({row["state"] for row in rows})
    assert (len(rows), len(states)) == (64_532, 8)
    for state in states:
        with open_facts("retail.yaml", root=tmp_path, department="state", name=state) as facts:
            assert facts.series() == ["turnover"]
            assert facts.dimensions() == ["industry"]
            assert facts.first_month is not None
            assert facts.last_month is not None
            found = facts.monthly("turnover", Adding.total, first=facts.first_month, last=facts.last_month)
            assert {
                (state, f"{month:%Y-%m}"): value
                for month, value in zip(found["month"], found["value"], strict=True)
            } == {key: value for key, value in months.items() if key[0] == state}
            year = Period.parse("2017")
            parts = facts.by("turnover", "industry", first=year, last=year, how=Adding.total)
            by_industry = parts.groupby("industry")["value"].sum()
            for (_state, industry), value in years.items():
                if _state == state:
                    assert by_industry[industry] == value


def test_us_employment_is_read_from_its_package(tmp_path: Path) -> None:
    spec = importlib.util.find_spec("vega_datasets")
    if spec is None or spec.origin is None:
        pytest.skip("vega_datasets is not installed: pip install 'kpinb[examples]'")
    path = "package:vega_datasets/_data/us-employment.csv"
    (tmp_path / "employment.yaml").write_text(
        f"path: {path}\nheaders: department\nindicator: employment\nignore: [nonfarm_change]\n"
    )
    with (Path(spec.origin).parent / "_data" / "us-employment.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sectors = [heading for heading in rows[0] if heading not in ("month", "nonfarm_change")]
    assert len(sectors) == 22
    year = Period.parse("2014")
    for sector in ["construction", "manufacturing", "retail_trade", "utilities", "government"]:
        with open_facts("employment.yaml", root=tmp_path, department="sector", name=sector) as facts:
            found = facts.monthly("employment", Adding.last, first=year, last=year)["value"]
            direct = [Decimal(row[sector]) for row in rows if row["month"].startswith("2014")]
            assert found.tolist() == direct
            assert (str(facts.first_month), str(facts.last_month)) == ("2006-01", "2015-12")
