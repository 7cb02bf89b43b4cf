"""The stage as a notebook calls it: a book with a real store in, tables, sentences, figures and forms out."""

from __future__ import annotations

from datetime import date

import pytest

from kpinb import plan
from kpinb.view import Tone


def everything(survey, survey_milestones, survey_assignments):
    budget = plan.Resource(
        id="budget", task="collect", sort="budget", name="调研礼品预算", match="refused", quantity="2", unit="万元"
    )
    risk = plan.Risk(id="few", event="问卷回收率不足", probability=3, impact=4, owner="销售部", tasks=["collect"])
    return [*survey, *survey_milestones, *survey_assignments, budget, risk]


def test_the_bottom_line_goes_from_milestones_to_the_top_risk(
    open_on, survey, survey_milestones, survey_assignments
):
    book = open_on(date(2026, 6, 8), *everything(survey, survey_milestones, survey_assignments))
    assert [(s.tone, s.text) for s in plan.bottom_line(book)] == [
        (
            Tone.warn,
            "All 2 milestones ahead are on course by the plan; the next is 完成问卷设计, due on 10 June 2026.",
        ),
        (
            Tone.warn,
            "完成数据收集 has 2 of 3 buffer days left: its last task ends on 18 June 2026, it is due on "
            "20 June 2026.",
        ),
        (Tone.warn, "Who does what is not clear in one task: see the RACI matrix."),
        (Tone.bad, "Resources confirmed: 0 of 1; refused: 1; overdue: 0."),
        (Tone.bad, "收集数据: 调研礼品预算 is refused. Find another source, or change the task."),
        (
            Tone.warn,
            "The top risk is 问卷回收率不足 (score 12 of 25, medium); response: reduce, owner: 销售部.",
        ),
    ]


def test_a_department_that_has_planned_nothing_yet_reads_as_unknown_not_as_well(open_on):
    book = open_on(date(2026, 6, 8))
    assert {s.tone for s in plan.bottom_line(book)} == {Tone.unknown}
    for table in (
        plan.raci_table(book),
        plan.milestone_table(book),
        plan.resource_table(book),
        plan.risk_table(book),
    ):
        assert table.texts() == []
        assert table._repr_mimebundle_()["text/plain"] == table.empty
    assert plan.gantt_chart(book).chart is None
    assert plan.risk_chart(book).chart is None


def test_resources_and_risks_show_every_field_a_reader_needs(
    open_on, survey, survey_milestones, survey_assignments
):
    book = open_on(date(2026, 6, 8), *everything(survey, survey_milestones, survey_assignments))
    assert plan.resource_table(book).texts() == [
        ["收集数据", "budget", "调研礼品预算", "2\u00a0万元", "–", "–", "refused"]
    ]
    assert plan.risk_table(book).texts() == [
        ["1", "问卷回收率不足", "–", "–", "收集数据", "3 × 4 = 12", "reduce", "–", "–", "销售部"]
    ]
    assert [s.tone for s in plan.resource_sentences(book)] == [Tone.bad, Tone.bad]
    assert [s.tone for s in plan.risk_sentences(book)] == [Tone.warn, Tone.warn]


def test_the_review_looks_from_the_last_day_of_its_month(open_on, survey, survey_milestones):
    book = open_on(date(2026, 6, 30), *survey, *survey_milestones)
    assert plan.bottom_line(book).items[0].text.startswith("No milestone lies ahead; the last of 2, 完成数据收集")


@pytest.mark.parametrize("form", [plan.assignment_form, plan.milestone_form, plan.resource_form, plan.risk_form])
def test_every_form_opens_on_the_tasks_there_are(open_on, survey, form):
    assert form(open_on(date(2026, 6, 8), *survey)) is not None
