"""Real data through the same notebooks: the reports' figures are those of the files.

U.S. employment by sector (Bureau of Labor Statistics) comes with the package vega_datasets; Australian retail
turnover (Australian Bureau of Statistics 8501.0, CC BY) is read by path where it is there.
"""

from __future__ import annotations

import csv
import gzip
import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest

from kpinb import recordbook, workbook
from kpinb.batch.review import Review, review
from kpinb.language import use
from kpinb.newbook import create
from kpinb.period import Period
from kpinb.store import create_store
from kpinb.strict_yaml import read_yaml
from kpinb.view import formats

REPOSITORY = Path(__file__).parents[2]
RETAIL = REPOSITORY.parent / "shared" / "data" / "aus_retail.csv.gz"
STATES = {
    "nsw": "New South Wales",
    "vic": "Victoria",
    "qld": "Queensland",
    "sa": "South Australia",
    "wa": "Western Australia",
    "tas": "Tasmania",
    "nt": "Northern Territory",
    "act": "Australian Capital Territory",
}

pytestmark = pytest.mark.timeout(600)


class Rows(HTMLParser):
    """Collect the table rows of a page as lists of texts."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._in_cell = self._in_cell and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._in_cell:
            self.rows[-1][-1] += data

    def starting(self, *texts: str) -> list[list[str]]:
        return [row for row in self.rows if row[: len(texts)] == list(texts)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workbook with the two notebooks in which results stand, so that many departments take little time."""
    folder = tmp_path / "workbook"
    create(folder, example=True, language="en", today=date(2026, 11, 23))
    for notebook in (folder / "notebooks").glob("*.ipynb"):
        if notebook.stem not in {"50_retrospective", "60_company"}:
            notebook.unlink()
    return folder


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with use("en"):
        yield


def all_well(done: Review) -> Review:
    assert [(outcome.department, outcome.failure) for outcome in done.outcomes if outcome.failure] == []
    assert done.exit_code == 0
    return done


def test_employment_of_us_sectors_2015_is_what_the_bureau_counted(root: Path) -> None:
    with (files("vega_datasets") / "_data" / "us-employment.csv").open(encoding="utf-8") as file:
        counted = list(csv.DictReader(file))
    params = root / "params" / "us-employment"
    sectors = sorted(
        str(read_yaml(path)["department"]) for path in params.glob("*.yaml") if path.stem != "company"
    )
    assert len(sectors) >= 8

    done = all_well(review(root, Period.parse("2015-12"), params=params))

    total = Decimal(0)
    for sector in sectors:

        def mean(year: int, sector: str = sector) -> Decimal:
            months = [Decimal(row[sector]) for row in counted if row["month"].startswith(str(year))]
            assert len(months) == 12
            return sum(months, Decimal(0)) / 12

        total += mean(2015)
        target = mean(2014) * Decimal("1.02")
        row = next(iter(Rows(done.folder / sector / "report.html").starting("Employment (thousand persons)")))
        assert row[1:5] == [
            amount(mean(2015)),
            f"≥ {amount(target)}",
            row[3],
            amount(mean(2014)),
        ]
        assert row[3].endswith(amount(mean(2015) - target, signed=True))
        assert row[6] == amount(next(Decimal(r[sector]) for r in counted if r["month"].startswith("2015-12")))
    company = Rows(done.index).starting("Employment (thousand persons)")
    assert company, "the company has no employment of its own"
    assert company[0][1] == amount(total)


def amount(value: Decimal, *, signed: bool = False) -> str:
    return formats.number(value, signed=signed)


def test_australian_retail_2018_is_what_the_bureau_of_statistics_published(root: Path) -> None:
    if not RETAIL.exists():
        pytest.skip(f"the Australian retail data are not at {RETAIL}")
    with gzip.open(RETAIL, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 64_532
    turnover: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    by_industry: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        year, value = row["month"][:4], Decimal(row["turnover_aud_million"])
        turnover[row["state"], year] += value
        by_industry[row["state"], row["industry"], year] += value
    assert {state for state, _year in turnover} == set(STATES.values())

    params = retail_workbook(root)
    done = all_well(review(root, Period.parse("2018-12"), params=params))

    for department, state in STATES.items():
        page = Rows(done.folder / department / "report.html")
        last, now = turnover[state, "2017"], turnover[state, "2018"]
        target = last * Decimal("1.05")
        row = next(iter(page.starting("Turnover (A$ million)")))
        assert row[1] == million(now)
        assert row[2] == f"≥ {million(target)}"
        assert row[3].endswith(million(now - target, signed=True))
        assert row[4] == million(last)
        assert row[5] == formats.percent(now / last - 1, signed=True)
        industries = {i for s, i, year in by_industry if s == state and year == "2018"}
        assert industries
        for industry in industries:
            segment = next(iter(page.starting(industry)))
            assert segment[1] == million(by_industry[state, industry, "2018"])
            assert segment[2] == million(by_industry[state, industry, "2017"])
    assert len({industry for _state, industry, _year in by_industry}) == 20
    australia = next(iter(Rows(done.index).starting("Turnover (A$ million)")))
    assert australia[1] == million(sum((turnover[state, "2018"] for state in STATES.values()), Decimal(0)))
    assert (
        australia[2]
        == f"≥ {million(sum((turnover[s, '2017'] for s in STATES.values()), Decimal(0)) * Decimal('1.05'))}"
    )


def million(value: Decimal, *, signed: bool = False) -> str:
    return formats.number(value, signed=signed)


def retail_workbook(root: Path) -> Path:
    """Make parameters and records for the eight states and the country."""
    params = root / "params" / "retail"
    (params / "actuals").mkdir(parents=True)
    shutil.copy(RETAIL, params / "actuals" / RETAIL.name)
    (params / "actuals" / "facts.yaml").write_text(
        f"path: params/retail/actuals/{RETAIL.name}\n"
        "indicator: turnover\n"
        "columns: {month: month, department: state, value: turnover_aud_million}\n"
        "ignore: [series_id]\n",
        encoding="utf-8",
    )
    books = []
    for department, name in {**STATES, "australia": "Australia"}.items():
        is_company = department == "australia"
        path = params / ("company.yaml" if is_company else f"{department}.yaml")
        path.write_text(
            f"department: {department}\ndepartment_name: {name}\nlanguage: en\ncompany: australia\n"
            f"facts: {'' if is_company else 'params/retail/actuals/facts.yaml'}\n".replace(
                "facts: \n", 'facts: ""\n'
            )
            + "notice: Australian Bureau of Statistics 8501.0, CC BY\n",
            encoding="utf-8",
        )
        book = root / f"{department}.records.yaml"
        book.write_text(
            f"department: {department}\nrecords:\n"
            "  - {kind: indicator, id: turnover, name: Turnover, unit: A$ million}\n"
            "  - {kind: target, id: year, indicator: turnover, period: '2018', growth: '0.05', "
            f"level: {'company' if is_company else 'department'}}}\n",
            encoding="utf-8",
        )
        books.append(book)
    with create_store(workbook.store_url(workbook.EMBEDDED, root)) as store:
        recordbook.load(books, store)
    return params
