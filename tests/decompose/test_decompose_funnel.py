"""Fifty leads a week, thirty of them valid, eight signed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from stories import Workbook, noon

from kpinb import decompose, language
from kpinb.decompose.funnel import funnel_of, planned_and_actual, read_funnel
from kpinb.decompose.records import FunnelStage
from kpinb.period import Period
from kpinb.view import Tone

FEBRUARY = Period.parse("2026-02")
STAGES = [
    FunnelStage.build(
        {"id": key, "funnel": "New customers", "position": n, "name": name, "per_week": plan, "fact": key}
    )
    for n, (key, name, plan) in enumerate(
        [("signed", "Signed", "8"), ("valid", "Valid leads", "30"), ("leads", "Leads", "50")][::-1], start=1
    )
]


def test_four_weeks_of_february_come_to_a_week() -> None:
    frame = planned_and_actual(
        STAGES, {"leads": Decimal(208), "valid": Decimal(116), "signed": Decimal(24)}, FEBRUARY
    )
    assert frame["name"].tolist() == ["Leads", "Valid leads", "Signed"]
    assert frame["actual"].tolist() == [52, 29, 6]
    assert frame["plan_rate"].tolist() == [None, Decimal("0.6"), Decimal(8) / 30]
    assert frame["actual_rate"].tolist() == [None, Decimal(29) / 52, Decimal(6) / 29]
    sentence = read_funnel(frame)
    assert sentence.text == "The weakest step is Valid leads → Signed: 20.7% where 26.7% was planned."
    assert sentence.tone is Tone.warn


def test_nothing_signed_is_a_rate_of_zero_and_no_leads_is_none() -> None:
    zero = planned_and_actual(
        STAGES, {"leads": Decimal(200), "valid": Decimal(120), "signed": Decimal(0)}, FEBRUARY
    )
    assert zero["actual_rate"].tolist()[2] == 0
    none = planned_and_actual(STAGES, {"leads": Decimal(0), "valid": Decimal(0), "signed": None}, FEBRUARY)
    assert none["actual"].tolist() == [0, 0, None]
    assert none["actual_rate"].tolist() == [None, None, None]
    assert read_funnel(none).tone is Tone.unknown


def test_every_step_as_planned_is_good() -> None:
    assert (
        read_funnel(
            planned_and_actual(
                STAGES, {"leads": Decimal(200), "valid": Decimal(120), "signed": Decimal(32)}, FEBRUARY
            )
        ).tone
        is Tone.good
    )


def test_a_month_that_is_not_over_has_no_weekly_actual(workbook: Workbook) -> None:
    workbook.save("sales", *STAGES)
    facts = workbook.write_actuals("sales", leads={FEBRUARY: 208}, valid={FEBRUARY: 116}, signed={FEBRUARY: None})
    early = workbook.book(period="2026-02", facts=facts, on=noon(2026, 2, 20))
    assert funnel_of(early)["actual"].tolist() == [None] * 3
    over = workbook.book(period="2026-02", facts=facts, on=noon(2026, 2, 28))
    assert funnel_of(over)["actual"].tolist() == [52, 29, None]


def test_a_plan_of_two_and_a_half_a_week_is_not_shown_as_two(workbook: Workbook) -> None:
    workbook.save("sales", STAGES[0].model_copy(update={"per_week": Decimal("2.5")}))
    assert decompose.funnel_table(workbook.book()).texts()[0][1] == "2.5"


@pytest.mark.parametrize("code", ["zh", "en"])
def test_the_chart_has_a_bar_for_each_known_figure(workbook: Workbook, code: str) -> None:
    workbook.save("sales", *STAGES)
    facts = workbook.write_actuals("sales", leads={FEBRUARY: 208}, valid={FEBRUARY: 116}, signed={FEBRUARY: None})
    with language.use(code):
        spec = decompose.funnel_chart(workbook.book(period="2026-02", facts=facts)).specification()
    (rows,) = spec["datasets"].values()
    assert sorted(row["value"] for row in rows) == [8, 29, 30, 50, 52]


def test_a_department_without_a_funnel_says_so(workbook: Workbook) -> None:
    assert decompose.funnel_chart(workbook.book()).chart is None
