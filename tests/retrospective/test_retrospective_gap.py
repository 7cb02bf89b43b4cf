"""Result against target and history: which side of the target, since when, and what is not known."""

from __future__ import annotations

from decimal import Decimal

import pytest
from stories import MONTHS_2025, Workbook, actuals, indicator, noon, stand, target, year_of

from kpinb import language, retrospective
from kpinb.retrospective.charts import draw_gap
from kpinb.retrospective.gap import change, change_text, gap_by_month, gaps
from kpinb.view import Tone

LAST_YEAR = year_of(MONTHS_2025, 2025)


def test_a_gap_below_zero_misses_the_target_whichever_way_is_better() -> None:
    revenue = stand(indicator(), [target("2026", value="1200")], actuals(year_of([90])), "2026-01")
    hours = indicator("hours", direction="at_most", over_time="mean")
    slow = stand(hours, [target("2026", value="2")], actuals(year_of(["2.5"])), "2026-01")
    fast = stand(hours, [target("2026", value="2")], actuals(year_of(["1.5"])), "2026-01")
    stock = indicator("stock", direction="between", over_time="mean")
    span = [target("2026", value="5", upper="8")]
    inside, above, below = (stand(stock, span, actuals(year_of([v])), "2026-01") for v in (6, 10, 4))
    unknown = stand(indicator(), [target("2026", value="1200")], actuals(year_of([None])), "2026-01")
    found = gaps([revenue, slow, fast, inside, above, below, unknown])
    assert found["gap"].tolist() == [-10, Decimal("-0.5"), Decimal("0.5"), 0, -2, -1, None]


def test_fifteen_percent_where_twenty_was_asked() -> None:
    this_year = year_of([Decimal(v) * Decimal("1.15") for v in MONTHS_2025])
    found = stand(indicator(), [target("2026", growth="0.2")], actuals(LAST_YEAR, this_year), "2026-12")
    (row,) = gaps([found]).to_dict("records")
    assert (row["actual"], row["gap"], row["before"], row["change"]) == (1150, -50, 1000, Decimal("0.15"))
    assert (row["month"], row["month_before"], row["month_year_before"]) == (Decimal("103.5"), 92, 90)


def test_january_is_compared_with_december_of_the_year_before() -> None:
    found = stand(indicator(), [target("2026", value="1200")], actuals(LAST_YEAR, year_of([99])), "2026-01")
    (row,) = gaps([found]).to_dict("records")
    assert (row["month_before"], row["month_year_before"]) == (90, 80)


def test_a_share_changes_in_points_and_a_sum_in_percent() -> None:
    assert change(Decimal("0.88"), Decimal("0.9"), "%") == Decimal("-0.02")
    assert change_text(Decimal("-0.02"), "%") == "\N{MINUS SIGN}2.0 points"
    assert change(Decimal(115), Decimal(100), "万元") == Decimal("0.15")
    assert change_text(Decimal("0.15"), "万元") == "+15%"


@pytest.mark.parametrize("before", [None, Decimal(0), Decimal(-100)])
def test_a_growth_over_nothing_or_a_loss_is_not_computed(before: Decimal | None) -> None:
    assert change(Decimal(115), before, "万元") is None
    assert change_text(None, "%") == "–"


def test_a_hole_last_year_leaves_the_change_open_but_not_the_gap() -> None:
    past = actuals(year_of([None, *MONTHS_2025[1:]], 2025), year_of([90, 90]))
    found = stand(indicator(), [target("2026", value="1200")], past, "2026-02")
    (row,) = gaps([found]).to_dict("records")
    assert (row["gap"], row["before"], row["change"]) == (-20, None, None)


def test_the_table_shows_the_month_only_when_it_is_over(workbook: Workbook) -> None:
    workbook.save("sales", indicator(), target("2026", value="1200"))
    facts = workbook.write_actuals("sales", revenue=LAST_YEAR | year_of([90] * 9))
    over = retrospective.gap_table(workbook.book(facts=facts, period="2026-09"))
    assert over.texts()[0][1:4] == ["810", "≥ 900", "\N{MINUS SIGN}90"]
    assert over.texts()[0][6:] == ["90", "90", "100"]
    midway = retrospective.gap_table(workbook.book(facts=facts, on=noon(2026, 10, 20)))
    assert midway.texts()[0][1:4] == ["810", "≥ 900", "\N{MINUS SIGN}90"]
    assert midway.texts()[0][6:] == ["–", "–", "–"]


def by_month(*values: object) -> object:
    return stand(indicator(), [target("2026", value="1200")], actuals(year_of(values)), f"2026-{len(values):02}")


def test_each_month_has_its_own_gap_and_a_hole_has_none() -> None:
    frame = gap_by_month(by_month(90, None, 0, 110))  # type: ignore[arg-type]
    assert [str(m) for m in frame["month"]] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert frame["gap"].tolist() == [-10, None, -100, 10]


@pytest.mark.parametrize(
    ("values", "says", "tone"),
    [
        ((100, 110), "revenue met its target in each of 2 months.", Tone.good),
        ((90, 110), "revenue missed its target in 1 of 2 months, but not in the last one.", Tone.plain),
        (
            (110, 90, 90),
            "revenue missed its target in 2 of 3 months, and in every one since February 2026.",
            Tone.bad,
        ),
        ((90, 90), "revenue missed its target in 2 of 2 months, and in every one since January 2026.", Tone.bad),
        (
            (100, None, 110),
            "revenue met its target in each of 2 months. Not known, and not counted: February 2026.",
            Tone.unknown,
        ),
        (
            (90, None, 90),
            "revenue missed its target in 2 of 2 months, and in every one since March 2026. "
            "Not known, and not counted: February 2026.",
            Tone.bad,
        ),
        (
            (90, None),
            "revenue missed its target in 1 of 1 month. Not known, and not counted: February 2026.",
            Tone.plain,
        ),
    ],
)
def test_the_chart_s_sentence_counts_no_hole_as_met(values: tuple[object, ...], says: str, tone: Tone) -> None:
    sentence = draw_gap(by_month(*values)).sentence  # type: ignore[arg-type]
    assert (sentence.text, sentence.tone) == (says, tone)


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_chart_has_a_bar_down_a_bar_up_and_no_bar(code: str) -> None:
    with language.use(code):
        spec = draw_gap(by_month(90, None, 110)).specification()  # type: ignore[arg-type]
    (rows,) = spec["datasets"].values()
    assert [r["gap"] for r in rows] == [-10, None, 10]
    missed, met = spec["encoding"]["color"]["scale"]["domain"]
    assert [r["kind"] for r in rows] == [missed, None, met]


def test_the_gap_of_a_share_is_drawn_in_points() -> None:
    share = indicator("share", unit="%", over_time="mean")
    found = stand(share, [target("2026", value="0.95")], actuals(year_of(["0.93"])), "2026-01")
    (rows,) = draw_gap(found).specification()["datasets"].values()
    assert rows[0]["gap"] == pytest.approx(-2)


def test_without_any_figure_there_is_nothing_to_draw(workbook: Workbook) -> None:
    assert draw_gap(by_month(None, None)).chart is None  # type: ignore[arg-type]
    assert retrospective.gap_chart(workbook.book()).chart is None
