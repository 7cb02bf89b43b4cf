"""A criterion's history as a picture: gaps stay gaps, and every line says what it is."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Workbook, indicator, year_of

from kpinb import language
from kpinb.clarify.charts.history import draw_history, history_chart
from kpinb.clarify.charts.labels import apart
from kpinb.clarify.quantify.running import run, run_criterion
from kpinb.clarify.records import Criterion
from kpinb.errors import NotFound
from kpinb.view import Figure
from kpinb.view.theme import COLOURS

REVENUE = indicator("revenue", name="Revenue", unit="万元")
SWINGING = [10, 12, 9, 11] * 5 + [10, 12]


def criterion(identifier: str = "c", **fields: object) -> Criterion:
    return Criterion.build({"id": identifier, "indicator": "revenue", "threshold": "8", **fields})


def layers(figure: Figure, mark: str) -> list[dict[str, Any]]:
    """Give the layers of one mark, each with its rows of data."""
    spec = figure.specification()
    return [
        {**layer, "rows": spec["datasets"][layer["data"]["name"]]}
        for layer in spec["layer"]
        if layer["mark"]["type"] == mark
    ]


def drawn(workbook: Workbook, values: list[Any], period: str = "2026-10", **fields: object) -> Figure:
    facts = workbook.write_actuals("sales", revenue=year_of(values, 2025))
    return draw_history(run(criterion(**fields), REVENUE, workbook.book(period=period, facts=facts)))


def test_a_missing_month_is_a_gap_with_a_mark_on_the_axis_and_zero_is_a_point(workbook: Workbook) -> None:
    figure = drawn(workbook, [5, None, 0, *SWINGING[:19]])
    (line,), (marks, labels) = layers(figure, "line"), reversed(layers(figure, "text"))
    assert [(row["window"], row["value"]) for row in line["rows"][:3]] == [
        ("2025-01", 5.0),
        ("2025-02", None),
        ("2025-03", 0.0),
    ]
    assert [(row["window"], row["mark"], row["text"]) for row in marks["rows"]] == [("2025-02", "?", "missing")]
    assert labels["rows"] != marks["rows"]


def test_every_line_has_its_label_with_its_value(workbook: Workbook) -> None:
    figure = drawn(workbook, SWINGING)
    labels = {row["text"]: row["colour"] for row in layers(figure, "text")[0]["rows"]}
    assert labels == {
        "asked ≥ 8": COLOURS["target"],
        "upper limit 15.87": "#5f6b76",
        "mean 10.55": "#5f6b76",
        "lower limit 5.23": "#5f6b76",
    }
    assert [round(row["at"], 2) for rule in layers(figure, "rule") for row in rule["rows"]] == [
        8.0,
        15.87,
        10.55,
        5.23,
    ]
    (band,) = layers(figure, "rect")
    assert {(round(row["low"], 2), round(row["high"], 2)) for row in band["rows"]} == {(5.23, 15.87)}
    assert len(band["rows"]) == 22


def test_a_range_that_is_asked_has_two_lines(workbook: Workbook) -> None:
    figure = drawn(workbook, SWINGING, direction="between", threshold="8", upper="11")
    assert [row["text"] for row in layers(figure, "text")[0]["rows"]][:2] == ["asked ≥ 8", "asked ≤ 11"]


def test_a_point_beyond_the_limits_stands_out(workbook: Workbook) -> None:
    figure = drawn(workbook, [*SWINGING[:10], 40, *SWINGING[:11]])
    (points,) = layers(figure, "point")
    assert [row["window"] for row in points["rows"] if row["outside"]] == ["2025-11"]
    assert points["encoding"]["color"]["condition"]["value"] == COLOURS["warn"]


def test_after_a_change_the_band_begins_with_it(workbook: Workbook) -> None:
    figure = drawn(workbook, [*SWINGING[:12], *(v + 20 for v in SWINGING[:10])])
    (band,) = layers(figure, "rect")
    assert (band["rows"][0]["window"], len(band["rows"])) == ("2026-01", 10)


def test_a_lower_limit_that_no_value_can_reach_is_not_drawn(workbook: Workbook) -> None:
    figure = drawn(workbook, [0, 9] * 11)
    assert not any(row["text"].startswith("lower limit") for row in layers(figure, "text")[0]["rows"])
    (band,) = layers(figure, "rect")
    assert {row["low"] for row in band["rows"]} == {0.0}
    assert layers(figure, "line")[0]["encoding"]["y"]["scale"]["domain"][0] == 0


def test_months_are_named_with_their_year_where_it_begins(workbook: Workbook) -> None:
    axis = layers(drawn(workbook, SWINGING), "line")[0]["encoding"]["x"]["axis"]
    assert axis["values"] == [f"{year}-{month}" for year in (2025, 2026) for month in ("01", "04", "07", "10")]
    assert axis["labelExpr"].startswith('{"2025-01": ["Jan", "2025"], "2025-04": ["Apr", ""]')
    with language.use("zh"):
        axis = layers(drawn(workbook, SWINGING[:3], "2025-03"), "line")[0]["encoding"]["x"]["axis"]
    assert axis["values"] == ["2025-01", "2025-02", "2025-03"]
    assert '"2025-02": ["2月", ""]' in axis["labelExpr"]


def test_where_years_are_too_few_their_months_are_drawn_and_it_is_said(workbook: Workbook) -> None:
    facts = workbook.write_actuals("sales", revenue=year_of([100] * 12, 2025) | year_of([109, 111] * 6))
    asked = criterion(statistic="growth", threshold="0.5", unit="%", window="year")
    figure = draw_history(run(asked, REVENUE, workbook.book(period="2026-12", facts=facts)))
    (line,) = layers(figure, "line")
    assert len(line["rows"]) == 12
    assert line["encoding"]["y"]["title"] == "Revenue: growth over the year before"
    assert figure.sentence.text.endswith("The chart shows single months.")
    assert figure.specification()["description"] == figure.sentence.text


def test_what_cannot_be_computed_has_a_sentence_and_no_chart(workbook: Workbook) -> None:
    figure = draw_history(run_criterion(workbook.book(), criterion()))
    assert figure.chart is None
    assert figure.sentence.text.startswith("revenue: There is no indicator “revenue”.")


def test_the_most_important_indicator_that_has_a_range_is_drawn_unless_one_is_asked_for(
    workbook: Workbook,
) -> None:
    facts = workbook.write_actuals("sales", revenue=year_of(SWINGING, 2025), orders=year_of(SWINGING, 2025))
    book = workbook.book(facts=facts)
    assert history_chart(book).sentence.text == "No criterion has been written yet, so there is nothing to draw."
    workbook.save(
        "sales",
        indicator("orders", name="Orders", importance=3),
        indicator("new", name="New", importance=5),
        indicator("revenue", name="Revenue", importance=4),
        criterion("o", indicator="orders"),
        criterion("n", indicator="new"),
        criterion("r"),
    )
    # The most important one has no actuals yet.
    assert history_chart(book).sentence.text.startswith("Revenue: ")
    assert history_chart(book, "o").sentence.text.startswith("Orders: ")
    assert history_chart(book, "n").chart is None
    with pytest.raises(NotFound, match="no criterion “x”"):
        history_chart(book, "x")


@given(st.lists(st.floats(0, 100), max_size=8), st.floats(0.5, 10))
def test_labels_keep_their_order_and_their_distance(places: list[float], least: float) -> None:
    placed = apart(places, least)
    order = sorted(range(len(places)), key=lambda at: places[at])
    assert all(placed[b] - placed[a] >= least - 1e-6 for a, b in pairwise(order))
    assert sum(placed) == pytest.approx(sum(places))


def test_labels_with_room_stay_where_they_are() -> None:
    assert apart([10, 1, 5], 2) == [10, 1, 5]
    assert apart([5, 5], 2) == [4, 6]
