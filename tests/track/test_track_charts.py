"""Attainment and months as pictures: what the specification holds, and what its sentence says."""

from __future__ import annotations

import pytest
from stories import MONTHS_2025, Workbook, actuals, indicator, noon, stand, target, year_of

from kpinb import language, track
from kpinb.track.charts import draw_attainment, draw_months, months_frame
from kpinb.track.pace import Standing
from kpinb.view import Tone


def one(name: str, *values: object, goal: str = "1200") -> Standing:
    return stand(indicator(name), [target("2026", value=goal)], actuals(year_of(values)), f"2026-{len(values):02}")


def rows(spec: dict[str, object], layer: int) -> list[dict[str, object]]:
    return spec["datasets"][spec["layer"][layer]["data"]["name"]]  # type: ignore[index]


def test_bars_say_the_true_figure_even_where_they_end_early() -> None:
    figure = draw_attainment([one("off", 50), one("unknown", None), one("far-beyond", 900)])
    spec = figure.specification()
    assert [(r["name"], r["reached"]) for r in rows(spec, 0)] == [
        ("off", 0.5),
        ("unknown", None),
        ("far-beyond", 1.5),
    ]
    assert [r["text"] for r in rows(spec, 0)] == ["50% off", "unknown", "900% on track"]
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["off", "unknown", "far-beyond"]
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low == 0
    assert high >= 1.5
    assert rows(spec, 1) == [{"x": 1.0}]
    assert figure.sentence.text.startswith("off needs attention first: 50% of what was asked to date")
    assert spec["description"] == figure.sentence.text


def test_a_step_in_the_wrong_direction_has_a_bar_to_the_left() -> None:
    past = actuals(year_of([100] * 12, 2025), year_of([90]))
    spec = draw_attainment([stand(indicator(), [target("2026", growth="0.2")], past, "2026-01")]).specification()
    assert rows(spec, 0)[0]["reached"] == -0.5
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == -0.5


@pytest.mark.parametrize("code", ["zh", "en"])
def test_indicators_that_are_all_unknown_can_be_drawn(code: str) -> None:
    with language.use(code):
        figure = draw_attainment([one("a", None), one("b", 1, None)])
        assert [r["reached"] for r in rows(figure.specification(), 0)] == [None, None]
    assert figure.sentence.tone is Tone.unknown


def test_all_well_is_said_to_be_well() -> None:
    assert draw_attainment([one("a", 100)]).sentence.tone is Tone.good


def test_a_month_without_a_figure_stays_empty_and_zero_does_not() -> None:
    found = stand(
        indicator(),
        [target("2026", growth="0.2")],
        actuals(year_of(MONTHS_2025, 2025), year_of([96, None, 0, 7])),
        "2026-03",
    )
    frame = months_frame(found)
    assert frame["actual"].isna().tolist() == [False, True, False] + [True] * 9
    assert frame["target"].sum() == pytest.approx(1200)
    spec = draw_months(found).specification()
    # April is known already, but the review is of March.
    # The empty month stays among the rows: the line breaks there instead of running across.
    assert [r["value"] for r in rows(spec, 2)] == [96, None, 0] + [None] * 9
    assert len(rows(spec, 0)) == len(rows(spec, 1)) == 12


@pytest.mark.parametrize("code", ["zh", "en"])
def test_months_without_any_figure_can_be_drawn(code: str) -> None:
    with language.use(code):
        spec = draw_months(one("a", None, None)).specification()
    assert [r["value"] for r in rows(spec, 2)] == [None] * 12
    assert [r["value"] for r in rows(spec, 1)] == [100] * 12


def test_a_book_without_targets_has_no_picture(workbook: Workbook) -> None:
    book = workbook.book()
    assert track.attainment_chart(book).chart is None
    assert track.months_chart(book).chart is None


def test_a_year_that_has_just_begun_can_be_drawn(workbook: Workbook) -> None:
    workbook.save("sales", indicator(), target("2026", value="1200"))
    book = workbook.book(period="2026-01", on=noon(2026, 1, 10))
    assert rows(track.attainment_chart(book).specification(), 0)[0]["reached"] is None
    assert "no month of the year is over" in track.months_chart(book).sentence.text
    track.months_chart(book).specification()
