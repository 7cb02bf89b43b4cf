"""From rows to one number a month: exact, and missing where something needed is missing."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpinb.errors import BadFacts
from kpinb.facts import Facts, open_facts
from kpinb.facts.engine import Engine
from kpinb.measure import Adding
from kpinb.period import Period

OCTOBER = Period.parse("2026-10")


def written(folder: Path, rows: str, heading: str = "month,indicator,region,value") -> Facts:
    (folder / "service.csv").write_text(f"{heading}\n{rows}\n", encoding="utf-8")
    return open_facts("service.csv", root=folder, department="service", name="客服部")


def october(facts: Facts, series: str, how: Adding, base: str | None = None) -> tuple[object, object]:
    frame = facts.monthly(series, how, base=base, first=OCTOBER, last=OCTOBER)
    return frame["value"][0], frame["base"][0]


def test_the_mean_response_time_is_weighted_with_the_tickets(tmp_path: Path) -> None:
    rows = "2026-10,hours,north,2\n2026-10,hours,south,1\n2026-10,tickets,north,100\n2026-10,tickets,south,300"
    with written(tmp_path, rows) as facts:
        assert october(facts, "hours", Adding.mean, "tickets") == (Decimal("1.25"), Decimal(400))
        assert october(facts, "hours", Adding.mean) == (Decimal("1.5"), None)


def test_the_share_solved_is_a_ratio_of_two_sums_of_counts(tmp_path: Path) -> None:
    rows = (
        "2026-10,solved,north,90\n2026-10,solved,south,200\n2026-10,tickets,north,100\n2026-10,tickets,south,200"
    )
    with written(tmp_path, rows) as facts:
        assert october(facts, "solved", Adding.ratio, "tickets") == (Decimal("0.966666667"), Decimal(300))
        with pytest.raises(BadFacts, match="solved"):
            october(facts, "solved", Adding.ratio)


@pytest.mark.parametrize("how", [Adding.mean, Adding.ratio])
@pytest.mark.parametrize(
    "rows",
    [
        "2026-10,a,north,\n2026-10,a,south,1\n2026-10,b,north,1\n2026-10,b,south,1",
        "2026-10,a,north,1\n2026-10,a,south,1\n2026-10,b,north,\n2026-10,b,south,1",
        "2026-10,a,south,1\n2026-10,b,north,1\n2026-10,b,south,1",
        "2026-10,a,north,1\n2026-10,a,south,1\n2026-10,b,south,1",
        "2026-10,a,north,1\n2026-09,b,north,1",
        "2026-10,a,north,1\n2026-10,b,north,0",
        "2026-10,b,north,1\n2026-09,a,north,1",
    ],
)
def test_a_value_without_its_base_or_a_base_without_its_value_gives_nothing(
    tmp_path: Path, how: Adding, rows: str
) -> None:
    with written(tmp_path, rows) as facts:
        assert october(facts, "a", how, "b")[0] is None


def test_a_mean_over_no_tickets_may_be_empty(tmp_path: Path) -> None:
    rows = "2026-10,hours,north,\n2026-10,hours,south,1.5\n2026-10,tickets,north,0\n2026-10,tickets,south,4"
    with written(tmp_path, rows) as facts:
        assert october(facts, "hours", Adding.mean, "tickets") == (Decimal("1.5"), Decimal(4))


@pytest.mark.parametrize("how", [Adding.total, Adding.last, Adding.mean])
def test_a_total_with_a_hole_in_it_is_no_total(tmp_path: Path, how: Adding) -> None:
    with written(tmp_path, "2026-10,a,north,5\n2026-10,a,south,\n2026-09,a,north,5\n2026-09,a,south,7") as facts:
        assert october(facts, "a", how) == (None, None)
        september = facts.monthly("a", how, first=OCTOBER.shift(-1), last=OCTOBER.shift(-1))["value"][0]
        assert september == (Decimal(6) if how is Adding.mean else Decimal(12))


def test_a_base_with_a_hole_is_missing_beside_a_total(tmp_path: Path) -> None:
    with written(tmp_path, "2026-10,a,north,5\n2026-10,b,north,\n2026-10,b,south,1") as facts:
        assert october(facts, "a", Adding.total, "b") == (Decimal(5), None)


def test_growth_rates_of_several_rows_are_not_added_up(tmp_path: Path) -> None:
    with written(tmp_path, "2026-10,g,north,0.05\n2026-11,g,north,0.05\n2026-11,g,south,0.06") as facts:
        assert october(facts, "g", Adding.compound) == (Decimal("0.05"), None)
        with pytest.raises(BadFacts, match="2026-11"):
            facts.monthly("g", Adding.compound, first=OCTOBER, last=OCTOBER.shift(1))
        parts = facts.by("g", "region", first=OCTOBER, last=OCTOBER.shift(1), how=Adding.compound)
        assert parts["value"].tolist() == [Decimal("0.05"), None, Decimal("0.05"), Decimal("0.06")]


def test_every_month_asked_for_has_its_row(tmp_path: Path) -> None:
    with written(tmp_path, "2026-02,a,north,0.10") as facts:
        frame = facts.monthly("a", Adding.total, first=Period.parse("2026-Q1"), last=Period.parse("2026-Q1"))
        assert list(frame.columns) == ["month", "value", "base"]
        assert str(frame["month"].dtype) == "datetime64[s]"
        assert [f"{month:%Y-%m-%d}" for month in frame["month"]] == ["2026-01-01", "2026-02-01", "2026-03-01"]
        assert frame["value"].tolist() == [None, Decimal("0.1"), None]
        assert frame["base"].tolist() == [None, None, None]
        assert facts.monthly("a", Adding.total, first=OCTOBER, last=OCTOBER.shift(-1)).empty


def test_a_dimension_has_a_row_for_each_of_its_values_in_each_month(tmp_path: Path) -> None:
    rows = "2026-09,a,south,1\n2026-10,a,north,2\n2026-10,a,south,\n2026-10,other,west,9"
    with written(tmp_path, rows) as facts:
        frame = facts.by("a", "region", first=OCTOBER.shift(-1), last=OCTOBER, how=Adding.total)
        frame["month"] = frame["month"].dt.strftime("%Y-%m")
        assert frame.to_numpy().tolist() == [
            ["2026-09", "north", None, None],
            ["2026-09", "south", Decimal(1), None],
            ["2026-10", "north", Decimal(2), None],
            ["2026-10", "south", None, None],
        ]


def test_numbers_too_large_to_be_exact_are_refused(tmp_path: Path) -> None:
    big = "9" * 18
    rows = f"2026-10,a,north,{big}\n2026-10,a,south,{big}\n2026-10,b,north,{big}\n2026-10,b,south,1"
    with written(tmp_path, rows) as facts:
        assert october(facts, "a", Adding.total)[0] == 2 * Decimal(big)
        with pytest.raises(BadFacts, match=r"service\.csv"):
            october(facts, "a", Adding.mean, "b")


NUMBERS = st.none() | st.decimals(min_value=-(10**6), max_value=10**6, places=9)
PLACES = list(itertools.product(("north", "south"), ("web", "shop")))


@settings(max_examples=20, deadline=None)
@given(st.lists(NUMBERS, min_size=4, max_size=4), st.lists(NUMBERS, min_size=4, max_size=4))
def test_duckdb_adds_up_as_exact_arithmetic_does(
    tmp_path_factory: pytest.TempPathFactory, values: list[Decimal | None], bases: list[Decimal | None]
) -> None:
    lines = [
        f"2026-10,{name},{region},{channel},{'' if number is None else format(number, 'f')}"
        for name, numbers in (("a", values), ("b", bases))
        for (region, channel), number in zip(PLACES, numbers, strict=True)
    ]
    with written(
        tmp_path_factory.mktemp("facts"), "\n".join(lines), "month,indicator,region,channel,value"
    ) as facts:
        known = [value for value in values if value is not None]
        total = sum(known, Decimal(0)) if len(known) == 4 else None
        weights = [base for base in bases if base is not None]
        whole = sum(weights, Decimal(0)) if len(weights) == 4 else None
        assert october(facts, "a", Adding.total, "b") == (total, whole)
        expected = None
        if whole and all(v is not None or b == 0 for v, b in zip(values, bases, strict=True)):
            upper = sum(((v or 0) * b for v, b in zip(values, weights, strict=True)), Decimal(0))
            expected = (upper / whole).quantize(Decimal("1e-9"))
        found = october(facts, "a", Adding.mean, "b")[0]
        if expected is None:
            assert found is None
        else:
            assert isinstance(found, Decimal)
            assert abs(found - expected) <= max(Decimal("1e-9"), abs(expected) * Decimal("1e-20"))
        parts = facts.by("a", "channel", first=OCTOBER, last=OCTOBER, how=Adding.total)
        if total is not None:
            assert sum(parts["value"]) == total
        else:
            assert None in parts["value"].tolist()


def test_what_was_asked_before_is_answered_alike_and_another_question_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    sums = Engine.sums

    def counted(self: Engine, series: str, *rest: object) -> object:
        asked.append(series)
        return sums(self, series, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "sums", counted)
    with written(tmp_path, "2026-10,hours,north,2\n2026-10,hours,south,1\n2026-10,tickets,north,7") as facts:
        first = facts.monthly("hours", Adding.total, first=OCTOBER, last=OCTOBER)
        first.loc[0, "value"] = Decimal(99)  # what a caller does to a frame is their own
        assert october(facts, "hours", Adding.total) == (Decimal(3), None)
        assert asked == ["hours"]
        assert october(facts, "hours", Adding.mean) == (Decimal("1.5"), None)
        assert october(facts, "tickets", Adding.total) == (Decimal(7), None)
        assert asked == ["hours", "hours", "tickets"]


def test_a_file_that_was_closed_is_read_again(tmp_path: Path) -> None:
    facts = written(tmp_path, "2026-10,hours,north,2")
    assert october(facts, "hours", Adding.total) == (Decimal(2), None)
    written(tmp_path, "2026-10,hours,north,5")
    assert october(facts, "hours", Adding.total) == (Decimal(2), None)
    facts.close()
    assert october(facts, "hours", Adding.total) == (Decimal(5), None)
    facts.close()
