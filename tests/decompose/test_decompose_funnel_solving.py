"""A funnel solved: back from the target, forward from a week's work, in time and in hours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Workbook, day, indicator, noon, target, year_of

from kpinb import language
from kpinb.decompose.charts.funnel_odds import draw_odds, funnel_odds_chart
from kpinb.decompose.form import funnel_form
from kpinb.decompose.funnel import answer, chances, funnel_answer, funnel_needs_table, solve
from kpinb.decompose.funnel.rates import Counted, Known
from kpinb.decompose.funnel.stages import Source, read_stages
from kpinb.decompose.records import FunnelStage
from kpinb.errors import BadInput
from kpinb.period import Period
from kpinb.view import Tone

D = Decimal
QUARTER = Period.parse("2026-Q4")
FIELDS: list[dict[str, Any]] = [
    {
        "id": "leads",
        "name": "Leads",
        "per_week": "50",
        "fact": "leads",
        "hours_each": "0.5",
        "hours_available": 40,
    },
    {"id": "valid", "name": "Valid", "per_week": "30", "fact": "valid", "lead_days": "3"},
    {"id": "signed", "name": "Signed", "per_week": "8", "fact": "signed", "lead_days": "18", "indicator": "new"},
]
STAGES = [
    FunnelStage.build({"funnel": "New customers", "position": n, **fields})
    for n, fields in enumerate(FIELDS, start=1)
]
"""The method's 线索收集（每周50条）→ 线索筛选（每周30条有效线索）→ 跟进转化（每周8个签约客户）."""


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def texts(found: Any) -> list[str]:
    return [sentence.text for sentence in found]


def test_the_methods_funnel_needs_63_leads_in_a_week_and_56_over_a_quarter() -> None:
    found = solve(STAGES)
    rows = found.needs.to_dict("records")
    leads = rows[0]
    assert (found.target, found.week_goal, leads["stage"]) == (104, 8, "Leads")
    assert (leads["single_80"], leads["single_90"], leads["single_95"]) == (63, 72, 79)
    assert round(leads["pooled_90"], 1) == D("55.8")
    assert [round(row["expected"], 6) for row in rows] == [50, 30, 8]
    assert {rows[2][name] for name in found.needs.columns[5:]} == {8}
    assert found.forecast is not None
    assert round(found.forecast.week_chance, 2) == 0.56
    assert round(found.forecast.week[0], 6) == 8
    assert found.forecast.week[1:] == (5, 11)


def test_the_answer_reads_like_the_issue() -> None:
    assert texts(answer(STAGES))[0] == (
        "16% of “Leads” come through to “Signed”: “Valid” 60% as planned, “Signed” 26.7% as planned. "
        "50 a week give 8 in 56% of weeks. A single week needs 63 for 80%, 72 for 90%, 79 for 95%; "
        "over 13 weeks together, 56 a week give 90%."
    )


def test_the_week_is_expected_to_bring_eight_and_the_quarter_misses_half_the_time() -> None:
    sentence = list(answer(STAGES))[1]
    assert sentence.tone is Tone.warn
    assert sentence.text == (
        "A week is expected to bring 8, and in 80% of weeks from 5 to 11. Over 13 weeks that is 104, from 92 to "
        "116. The target of 104 is reached with a probability of 52%."
    )


def test_typed_rates_in_a_frame_give_the_same_as_records() -> None:
    typed = solve(frame(name=["Leads", "Signed"], rate=[None, 0.16]), target=104, activity=50)
    records = solve(STAGES)
    columns = [name for name in records.needs.columns if name.startswith(("single", "pooled"))]
    assert typed.needs[columns].iloc[0].tolist() == records.needs[columns].iloc[0].tolist()
    assert typed.forecast is not None
    assert records.forecast is not None
    assert typed.forecast.week[1:] == records.forecast.week[1:]


def test_a_typed_rate_goes_before_a_counted_one_and_that_before_the_plan() -> None:
    stages = [STAGES[0], STAGES[1].model_copy(update={"rate": D("0.5")}), STAGES[2]]
    found = read_stages(stages, {"valid": (30, 50), "signed": (8, 30)})
    assert [(stage.rate, stage.source) for stage in found] == [
        (None, None),
        (Known(D("0.5")), Source.typed),
        (Counted(8, 30), Source.counted),
    ]
    assert read_stages(STAGES)[1].source is Source.planned


def test_counts_of_one_week_ask_for_more_leads_than_a_known_rate() -> None:
    counted = solve(STAGES, counts={"valid": (30, 50), "signed": (8, 30)})
    known, unsure = solve(STAGES).needs.iloc[0], counted.needs.iloc[0]
    assert [unsure[name] > known[name] for name in ("single_80", "single_95", "pooled_90")] == [True] * 3
    assert any("beta-binomial" in text for text in texts(answer(STAGES, {"valid": (30, 50), "signed": (8, 30)})))
    assert not any("beta-binomial" in text for text in texts(answer(STAGES)))


def test_the_order_of_records_does_not_matter_and_their_position_does() -> None:
    assert solve(STAGES[::-1]).needs.equals(solve(STAGES).needs)


@given(st.integers(3, 300), st.integers(1, 26), st.decimals("0.05", "0.5", places=2))
def test_over_many_weeks_a_week_needs_no_more_than_a_single_one(goal: int, weeks: int, rate: Decimal) -> None:
    found = solve(frame(name=["a", "b"], rate=[None, rate]), target=goal * weeks, weeks=weeks).needs.iloc[0]
    for level in ("80", "90", "95"):
        assert goal <= found[f"pooled_{level}"] <= found[f"single_{level}"]
        assert found[f"single_{level}"] >= found["expected"]


def test_what_the_curves_show_at_a_need_is_its_sureness() -> None:
    found = solve(STAGES)
    at = chances(found, [62, 63, 56])
    assert at["single"][0] < 0.8 <= at["single"][1]
    assert at["pooled"][2] >= 0.9


REFUSED = [
    (frame(name=[]), {}, "no stage"),
    (frame(name=["a", "b"], rate=[None, None]), {"target": 1}, "“b” has no rate"),
    (frame(name=["a", "b"], rate=[None, 1.2]), {"target": 1}, "not between 0 and 1"),
    (frame(name=["a", "b"], rate=[None, -0.1]), {"target": 1}, "below zero"),
    (frame(name=["a", "b"], rate=[0.5, 0.5]), {"target": 1}, "“a” is the first stage"),
    (frame(name=["a", "b"], per_week=[10, 20]), {}, "a rate of 2 is not between"),
    (frame(name=["a", "b"], successes=[None, 0], trials=[None, 0]), {"target": 1}, "0 of 0"),
    (frame(name=["a", "b"], successes=[None, 9], trials=[None, 8]), {"target": 1}, "9 of 8 cannot be"),
    (frame(name=["a", "b"], successes=[None, 1.5], trials=[None, 8]), {"target": 1}, "not whole numbers"),
    (frame(name=["a", "b"], successes=[None, 1]), {"target": 1}, "or neither"),
    (frame(name=["a", "b"], rat=[None, 0.5]), {"target": 1}, "Did you mean “rate”"),
    (frame(name=["a", "b"], rate=[None, "x"]), {"target": 1}, "“x” is not a number"),
    (frame(name=["a", "b"], rate=[None, 0.5]), {}, "no target"),
    (frame(name=["a", "b"], rate=[None, 0.5]), {"target": 0}, "A target of 0"),
    (frame(name=["a", "b"], rate=[None, 0.5]), {"target": D("NaN")}, "A target of NaN"),
    (frame(name=["a", "b"], rate=[None, 0.5]), {"target": 1, "activity": -1}, "-1 a week of “a”"),
    (frame(name=["a", "b"], rate=[None, 0.5]), {"target": 1, "weeks": 0}, "0 weeks"),
    (frame(name=["a", "b"], rate=[None, 0.5]), {"target": 1, "sureness": [D(1)]}, "A sureness of 1"),
    (frame(name=["a", "b"], rate=[None, 0.5]), {"target": 1, "sureness": []}, "No sureness"),
    ([*STAGES, STAGES[2].model_copy(update={"funnel": "Other", "position": 9})], {}, "several funnels"),
    ([*STAGES, STAGES[2].model_copy(update={"name": "Twin"})], {}, "both stand at position 3"),
]


@pytest.mark.parametrize(("stages", "fields", "said"), REFUSED, ids=[said for _s, _f, said in REFUSED])
def test_what_cannot_be_solved_is_said_in_a_sentence(stages: Any, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        solve(stages, **fields)
    (sentence,) = answer(stages, **fields)
    assert said in sentence.text
    assert sentence.tone is Tone.warn


def test_a_rate_of_zero_is_not_computable_and_no_infinity() -> None:
    stages = frame(name=["Leads", "Signed"], rate=[None, 0])
    row = solve(stages, target=104).needs.iloc[0]
    assert row.tolist()[4:] == [None] * 7
    assert "not computable: no number of “Leads” brings any “Signed”" in texts(answer(stages, target=104))[0]


def test_too_few_counts_are_said_to_be_too_few() -> None:
    stages = frame(name=["Leads", "Signed"], successes=[None, 0], trials=[None, 3])
    assert "not computable: the counts are too few" in texts(answer(stages, target=1300))[0]
    some = texts(answer(frame(name=["Leads", "Signed"], successes=[None, 1], trials=[None, 3]), target=130))[0]
    assert "what 13 weeks together need for 90% is not computable, because the counts are too few" in some


def test_a_single_stage_needs_its_target() -> None:
    assert texts(answer(frame(name=["Signed"]), target=104)) == [
        "The funnel has one stage: “Signed” needs 8 a week."
    ]


def test_part_of_a_customer_is_asked_for_as_a_whole_one() -> None:
    found = solve(frame(name=["Leads", "Signed"], rate=[None, 1]), target=100, activity="2.5")
    assert found.week_goal == 8
    assert found.needs["single_90"].tolist() == [8, 8]
    assert found.needs["pooled_90"].tolist() == [D(100) / 13] * 2
    assert found.forecast is not None
    assert found.forecast.week == (D("2.5"), 2, 2)
    assert found.forecast.period[1:] == (32, 32)


def test_leads_must_be_in_three_weeks_before_the_quarter_ends() -> None:
    found = solve(STAGES, period=QUARTER, today=day("2026-10-31")).timing
    assert found is not None
    assert (found.days, found.in_by, found.open_from) == (21, day("2026-12-10"), day("2026-11-21"))
    assert (found.open_days, found.all_days, found.silent) == (41, 92, [])
    assert texts(answer(STAGES, period=QUARTER, today=day("2026-10-31")))[2] == (
        "From “Leads” to “Signed” takes 21 days on average. What is to count by 31 December 2026 must be in by "
        "10 December 2026. “Leads” from 31 October 2026 on changes what comes through from 21 November 2026: "
        "41 of 92 days of the period, 45%."
    )


@pytest.mark.parametrize(
    ("today", "open_days"), [("2026-09-01", 92), ("2026-12-10", 1), ("2026-12-11", 0), ("2027-02-01", 0)]
)
def test_what_comes_in_after_the_last_day_changes_nothing(today: str, open_days: int) -> None:
    found = solve(STAGES, period=QUARTER, today=day(today)).timing
    assert found is not None
    assert found.open_days == open_days
    assert (found.open_from is None) == (open_days == 0)
    late = [text for text in texts(answer(STAGES, period=QUARTER, today=day(today))) if "comes too late" in text]
    assert len(late) == (open_days == 0)


def test_a_lead_time_that_nobody_gave_is_not_zero() -> None:
    silent = [STAGES[0], STAGES[1].model_copy(update={"lead_days": None}), STAGES[2]]
    assert "takes at least 18 days; no lead time is given for “Valid”." in " ".join(
        texts(answer(silent, period=QUARTER, today=day("2026-10-31")))
    )
    none = [stage.model_copy(update={"lead_days": None}) for stage in STAGES]
    assert solve(none, period=QUARTER, today=day("2026-10-31")).timing is None


def test_too_few_hours_say_how_many_they_allow_and_what_that_leaves() -> None:
    busy = [STAGES[0].model_copy(update={"hours_available": D(20)}), *STAGES[1:]]
    found = solve(busy).hours.iloc[0]
    assert (found["needed"], found["available"], found["allows"]) == (D(726) / 13, 20, 40)
    assert round(found["leaves"], 6) == D("0.8")
    sentence = list(answer(busy))[-1]
    assert sentence.tone is Tone.warn
    assert sentence.text == (
        "“Leads”: 56 a week take 28 hours, and 20 are available. That allows 40 a week, from which 80% of the "
        "target can be expected."
    )
    assert texts(answer(STAGES))[-1] == "The hours of a week are enough for 90%: “Leads” 28 of 40."


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_chart_labels_where_each_curve_is_sure_enough(code: str) -> None:
    with language.use(code):
        spec = draw_odds(solve(STAGES)).specification()
    labelled = [row for rows in spec["datasets"].values() for row in rows if "way" in row]
    assert [(row["way"], row["activity"]) for row in labelled] == [
        ("single", 63),
        ("single", 72),
        ("pooled", 54),
        ("pooled", 56),
    ]


def test_a_target_of_one_week_has_one_curve() -> None:
    figure = draw_odds(solve(STAGES, target=8, weeks=1))
    assert "together" not in figure.sentence.text
    labelled = [row for rows in figure.specification()["datasets"].values() for row in rows if "way" in row]
    assert [(row["way"], row["activity"]) for row in labelled] == [("single", 63), ("single", 72)]


def test_a_curve_that_cannot_be_drawn_leaves_its_sentence() -> None:
    figure = draw_odds(solve(frame(name=["Leads", "Signed"], rate=[None, 0]), target=104))
    assert figure.chart is None
    assert "not computable" in figure.sentence.text


MONTHLY = {
    "leads": year_of([216] * 10),
    "valid": year_of([120] * 10),
    "signed": year_of([26] * 9 + [None]),
}


def test_the_book_answers_at_the_rates_of_the_plan_and_at_those_counted(workbook: Workbook) -> None:
    workbook.save("sales", *STAGES, indicator("new"), target("2026", indicator="new", value="416", phasing="even"))
    facts = workbook.write_actuals("sales", **MONTHLY)
    said = list(funnel_answer(workbook.book(facts=facts, on=noon(2026, 11, 3))))
    assert said[0].text.startswith("16% of “Leads” come through to “Signed”: “Valid” 60% as planned")
    assert said[1].text.startswith(
        "These rates were counted from November 2025 to October 2026. 12.1% of “Leads” come through to “Signed”: "
        "“Valid” 1,200 of 2,160 counted, “Signed” 234 of 1,080 counted."
    )
    assert [sentence.tone for sentence in said[:3]] == [Tone.plain, Tone.plain, Tone.warn]
    rows = funnel_needs_table(workbook.book(facts=facts, on=noon(2026, 11, 3))).texts()
    assert rows[0] == ["planned", "Leads", "50", "63", "72", "79", "54", "56", "58"]
    assert [row[0] for row in rows] == ["planned"] * 3 + ["counted"] * 3
    assert int(rows[3][4]) > 72


def test_a_target_that_contradicts_the_plan_is_said(workbook: Workbook) -> None:
    workbook.save("sales", *STAGES, indicator("new"), target("2026-Q4", indicator="new", value="120"))
    said = texts(funnel_answer(workbook.book()))
    assert said[-1] == (
        "“Signed”: 8 a week come to 104 in 13 weeks, and the target of Q4 2026 is 120: correct one of them."
    )
    assert "The target of 120 is reached" in said[1]


def test_actuals_that_are_no_rate_leave_the_plan(workbook: Workbook) -> None:
    workbook.save("sales", *STAGES)
    facts = workbook.write_actuals("sales", leads=year_of([10] * 10), valid=year_of([20] * 10))
    said = texts(funnel_answer(workbook.book(facts=facts)))
    assert said[-1] == "“Valid”: the actuals give 200 of 100, which is no rate; the plan's stands."
    assert "counted" not in " ".join(said)


def test_a_department_without_a_funnel_says_so(workbook: Workbook) -> None:
    book = workbook.book()
    assert texts(funnel_answer(book)) == ["This department has no funnel."]
    assert funnel_odds_chart(book).chart is None
    assert funnel_needs_table(book).texts() == []


def test_a_funnel_that_cannot_be_solved_says_why_once(workbook: Workbook) -> None:
    workbook.save("sales", STAGES[0].model_copy(update={"per_week": D(0)}), STAGES[1])
    book = workbook.book()
    assert texts(funnel_answer(book)) == [
        "“Valid” has no rate: type the share of “Leads” that comes through, or give its actuals."
    ]
    assert funnel_odds_chart(book).chart is None
    assert "has no rate" in str(funnel_needs_table(book)._repr_mimebundle_()["text/plain"])


def test_hostile_names_are_shown_as_text(workbook: Workbook) -> None:
    hostile = STAGES[0].model_copy(update={"name": "<script>alert(1)</script>"})
    workbook.save("sales", hostile, *STAGES[1:])
    html = str(funnel_answer(workbook.book())._repr_mimebundle_()["text/html"])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_form_solves_the_funnel_with_the_stage_as_it_is_typed(workbook: Workbook) -> None:
    workbook.save("sales", *STAGES)
    form = funnel_form(workbook.book())
    form.picker.value = STAGES[-1].id
    assert "50 a week give 8 in 56% of weeks" in form.panel.outputs[0]["text/plain"]
    form["per_week"].value = "6"
    assert "50 a week give 6" in form.panel.outputs[0]["text/plain"]
    assert [stage.per_week for stage in workbook.book().records(FunnelStage)] == [50, 30, 8]
