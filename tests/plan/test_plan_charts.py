from __future__ import annotations

from datetime import date, timedelta

import pytest

from kpinb import plan
from kpinb.decompose.records import Task
from kpinb.period import Period
from kpinb.plan.charts import draw_gantt, draw_risks
from kpinb.plan.milestones import assess
from kpinb.plan.records import Milestone
from kpinb.plan.risks import rank_risks
from kpinb.view import Tone
from kpinb.view.theme import COLOURS

YEAR = Period.parse("2026")
TODAY = date(2026, 6, 8)


def gantt(tasks, milestones=(), today=TODAY, year=YEAR):
    return draw_gantt(tasks, assess(milestones, tasks, today), today, year)


def layers(figure, kind):
    spec = figure.specification()
    return [
        (layer["encoding"], spec["datasets"][layer["data"]["name"]])
        for layer in spec["layer"]
        if layer["mark"]["type"] == kind
    ]


def test_each_task_has_a_bar_to_the_end_of_its_last_day(survey):
    [(_encoding, bars)] = layers(gantt(survey), "bar")
    assert [(bar["row"], bar["from"], bar["to"], bar["owner"]) for bar in bars] == [
        ("设计问卷", "2026-05-25T00:00:00", "2026-06-06T00:00:00", "产品部"),
        ("收集数据", "2026-06-11T00:00:00", "2026-06-19T00:00:00", "销售部"),
    ]


def test_the_buffer_reaches_from_the_last_task_to_the_diamond(survey, survey_milestones):
    figure = gantt(survey, survey_milestones)
    [_tasks, (encoding, spans)] = layers(figure, "bar")
    assert [(span["row"], span["from"], span["to"], span["kind"]) for span in spans] == [
        ("◆ 完成问卷设计", "2026-06-05T12:00:00", "2026-06-10T12:00:00", "Buffer"),
        ("◆ 完成数据收集", "2026-06-18T12:00:00", "2026-06-20T12:00:00", "Buffer"),
    ]
    scale = encoding["color"]["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True))["Buffer"] == COLOURS["buffer"]
    [(_encoding, diamonds)] = layers(figure, "point")
    assert [(mark["from"], mark["text"]) for mark in diamonds] == [
        ("2026-06-10T12:00:00", "✓ 10 Jun, buffer 5 of 5 days"),
        ("2026-06-20T12:00:00", "▲ 20 Jun, buffer 2 of 3 days"),
    ]


def test_tasks_that_end_after_the_milestone_are_drawn_as_late(survey):
    late = Milestone(id="m", name="完成", due=date(2026, 6, 15), tasks=["collect"], buffer_days=2)
    figure = gantt(survey, [late])
    [_tasks, (_encoding, [span])] = layers(figure, "bar")
    assert (span["from"], span["to"], span["kind"]) == (
        "2026-06-15T12:00:00",
        "2026-06-18T12:00:00",
        "After the due date",
    )
    assert figure.sentence.tone is Tone.bad
    assert "ends 3 days later" in figure.sentence.text


def test_rows_follow_time_and_a_milestone_comes_after_its_tasks(survey, survey_milestones):
    [(encoding, _rows), *_rest] = layers(gantt(survey[::-1], survey_milestones), "bar")
    assert encoding["y"]["sort"] == ["设计问卷", "◆ 完成问卷设计", "收集数据", "◆ 完成数据收集"]


def test_a_line_marks_the_day_of_the_review_and_months_bound_the_picture(survey):
    [(encoding, [line])] = layers(gantt(survey), "rule")
    assert (line["at"], line["text"]) == ("2026-06-08T12:00:00", "Today: 8 Jun")
    assert encoding["x"]["scale"]["domain"] == ["2026-05-01T00:00:00", "2026-07-01T00:00:00"]


def test_what_is_not_drawn_is_said(survey):
    tasks = [*survey, Task(id="x", name="回访"), Task(id="y", name="旧任务", start="2025-01-01", end="2025-02-01")]
    figure = gantt(tasks)
    assert "Not drawn, because its dates are missing: 回访." in figure.sentence.text
    assert figure.sentence.text.endswith("One task outside the fiscal year is not drawn.")
    [(_encoding, bars)] = layers(figure, "bar")
    assert len(bars) == 2


def test_the_sentence_says_what_runs_and_what_comes_next(survey):
    assert gantt(survey, today=date(2026, 6, 5)).sentence.text == (
        "On 5 June 2026 one task is under way by the plan. The next to start is 收集数据, on 11 June 2026."
    )
    assert gantt(survey, today=date(2026, 10, 31)).sentence.text == (
        "By the plan all its tasks have ended by 31 October 2026."
    )


@pytest.mark.parametrize("tasks", [[], [Task(id="x", name="回访")]])
def test_without_dates_there_is_a_sentence_and_no_picture(tasks):
    figure = gantt(tasks)
    assert figure.chart is None
    assert figure.sentence.text


def test_milestones_alone_are_drawn_without_an_empty_layer(survey_milestones):
    spec = gantt([], survey_milestones).specification()
    assert all(spec["datasets"][layer["data"]["name"]] for layer in spec["layer"])


def test_forty_tasks_are_drawn_in_rows_that_stay_narrow():
    first = date(2026, 1, 5)
    tasks = [
        Task(
            id=f"t{n}",
            name=f"任务{n}",
            start=first + timedelta(days=8 * n),
            end=first + timedelta(days=8 * n + 20),
        )
        for n in range(40)
    ]
    spec = gantt(tasks).specification()
    assert spec["height"]["step"] <= 20
    assert len(spec["layer"][0]["encoding"]["x"]["axis"]["values"]) == 12


def test_a_fiscal_year_that_spans_two_calendar_years_says_which(survey):
    year = Period.parse("2026", fiscal_start=4)
    tasks = [*survey, Task(id="z", name="年终", start=date(2027, 1, 4), end=date(2027, 3, 26))]
    [(encoding, _bars)] = layers(gantt(tasks, year=year), "bar")
    assert encoding["x"]["axis"]["format"] == "%Y-%m"
    assert encoding["x"]["scale"]["domain"][1] == "2027-04-01T00:00:00"


def test_the_map_has_a_field_for_each_score_and_the_most_likely_on_top():
    risks = [plan.Risk(id="price-war", event="竞品价格战", probability=4, impact=5)]
    figure = draw_risks(rank_risks(risks, []))
    [(encoding, fields)] = layers(figure, "rect")
    assert sorted(field["score"] for field in fields) == sorted(p * i for p in range(1, 6) for i in range(1, 6))
    assert encoding["y"]["scale"]["domain"] == [5, 4, 3, 2, 1]
    [_scores, (_encoding, names)] = layers(figure, "text")
    assert names == [{"probability": 4, "impact": 5, "line": 0, "text": "1 竞品价格战", "full": "竞品价格战"}]


def test_a_field_with_more_risks_than_room_counts_the_rest():
    risks = [plan.Risk(id=f"r{n}", event=f"风险{n}") for n in range(5)]
    [_scores, *lines] = layers(draw_risks(rank_risks(risks, [])), "text")
    assert [rows[0]["text"] for _encoding, rows in lines] == ["1 风险0", "2 风险1", "+ 3"]
    assert lines[2][1][0]["full"] == "风险2, 风险3, 风险4"


def test_without_risks_there_is_no_map():
    assert draw_risks(rank_risks([], [])).chart is None
