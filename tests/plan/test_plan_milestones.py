from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpinb import plan
from kpinb.decompose.records import Task
from kpinb.plan.milestones import MilestoneState, assess, explain, outlook
from kpinb.plan.records import Milestone
from kpinb.view import Tone

DUE = date(2026, 6, 20)


def stand(end, *, wanted=3, today=date(2026, 6, 8), tasks=("t",), more=()):
    work = [Task(id="t", name="收集数据", end=end), *more]
    milestone = Milestone(id="m", name="完成数据收集", due=DUE, tasks=list(tasks), buffer_days=wanted)
    return assess([milestone], work, today)


def test_the_june_milestones_of_the_method_text_keep_their_buffers_or_not(survey, survey_milestones):
    frame = assess(survey_milestones[::-1], survey, date(2026, 6, 8))
    told = frame[["name", "last_end", "kept", "wanted", "used", "state", "ahead"]].to_numpy().tolist()
    assert told == [
        ["完成问卷设计", date(2026, 6, 5), 5, 5, Decimal(0), MilestoneState.intact, 2],
        ["完成数据收集", date(2026, 6, 18), 2, 3, Decimal(1) / 3, MilestoneState.partly_used, 12],
    ]


@pytest.mark.parametrize(
    ("end", "wanted", "kept", "used", "state"),
    [
        (date(2026, 6, 10), 3, 10, Decimal(0), MilestoneState.intact),
        (date(2026, 6, 17), 3, 3, Decimal(0), MilestoneState.intact),
        (date(2026, 6, 20), 0, 0, None, MilestoneState.intact),
        (date(2026, 6, 20), 3, 0, Decimal(1), MilestoneState.used_up),
        (date(2026, 6, 23), 3, -3, Decimal(2), MilestoneState.beyond),
        (None, 3, None, None, MilestoneState.undated),
    ],
)
def test_the_last_task_decides_what_is_left_of_the_buffer(end, wanted, kept, used, state):
    [row] = stand(end, wanted=wanted).to_dict("records")
    assert (row["kept"], row["used"], row["state"]) == (kept, used, state)


def test_a_task_without_an_end_leaves_a_milestone_open_unless_another_already_ends_late():
    open_task = [Task(id="u", name="审核数据")]
    [early] = stand(date(2026, 6, 10), tasks=("t", "u"), more=open_task).to_dict("records")
    assert (early["state"], early["kept"], early["open"]) == (MilestoneState.undated, None, ("审核数据",))
    [late] = stand(date(2026, 6, 21), tasks=("t", "u"), more=open_task).to_dict("records")
    assert (late["state"], late["kept"]) == (MilestoneState.beyond, -1)


def test_a_task_that_does_not_exist_is_named_by_its_id():
    [sentence] = explain(stand(date(2026, 6, 10), tasks=("t", "gone")))
    assert sentence.tone is Tone.unknown
    assert "there is no end date for gone" in sentence.text


def test_a_milestone_without_tasks_asks_for_them():
    [sentence] = explain(stand(None, tasks=()))
    assert sentence.text.endswith("name the tasks that it needs.")


@pytest.mark.parametrize(
    ("end", "today", "texts"),
    [
        (date(2026, 6, 10), date(2026, 6, 8), []),
        (
            date(2026, 6, 19),
            date(2026, 6, 8),
            [
                "完成数据收集 has 1 of 3 buffer days left: its last task ends on 19 June 2026, it is due on "
                "20 June 2026."
            ],
        ),
        (date(2026, 6, 19), date(2026, 6, 21), []),
        (
            date(2026, 6, 21),
            date(2026, 6, 20),
            [
                "完成数据收集 is due on 20 June 2026, but its last task ends one day later, on 21 June 2026. "
                "Bring the task forward, or agree on another date."
            ],
        ),
        (
            date(2026, 6, 22),
            date(2026, 6, 21),
            [
                "完成数据收集 was due on 20 June 2026; by the plan its last task ends 2 days later, on "
                "22 June 2026."
            ],
        ),
    ],
)
def test_only_what_can_still_be_changed_or_came_late_is_told(end, today, texts):
    assert [sentence.text for sentence in explain(stand(end, today=today))] == texts


@pytest.mark.parametrize(
    ("end", "today", "tone", "start"),
    [
        (date(2026, 6, 10), DUE, Tone.good, "The only milestone ahead is on course by the plan"),
        (date(2026, 6, 19), DUE, Tone.warn, "The only milestone ahead is on course by the plan"),
        (date(2026, 6, 21), DUE, Tone.bad, "The plan does not yet show"),
        (None, DUE, Tone.unknown, "The plan does not yet show"),
        (date(2026, 6, 10), date(2026, 6, 21), Tone.plain, "No milestone lies ahead"),
    ],
)
def test_the_outlook_says_whether_what_lies_ahead_holds(end, today, tone, start):
    sentence = outlook(stand(end, today=today))
    assert sentence.tone is tone
    assert sentence.text.startswith(start)


def test_the_outlook_names_the_next_of_several(survey, survey_milestones):
    sentence = outlook(assess(survey_milestones, survey, date(2026, 6, 8)))
    assert sentence.text == (
        "All 2 milestones ahead are on course by the plan; the next is 完成问卷设计, due on 10 June 2026."
    )
    later = outlook(assess(survey_milestones, survey, date(2026, 6, 11)))
    assert "完成数据收集" in later.text


def test_without_a_milestone_nothing_is_claimed():
    assert outlook(assess([], [], DUE)).tone is Tone.unknown


@given(
    ends=st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), min_size=1, max_size=6),
    wanted=st.integers(0, 30),
)
def test_used_and_kept_buffer_add_up_to_what_was_planned(ends, wanted):
    work = [Task(id=f"t{n}", name="任务", end=end) for n, end in enumerate(ends)]
    milestone = Milestone(id="m", name="节点", due=DUE, tasks=[task.id for task in work], buffer_days=wanted)
    [row] = assess([milestone], work, DUE).to_dict("records")
    assert row["kept"] == min((DUE - end).days for end in ends)
    assert row["state"].holds == all(end <= DUE for end in ends)
    if wanted and row["kept"] <= wanted:
        assert round(row["used"] * wanted) + row["kept"] == wanted


def test_the_table_shows_days_and_nothing_where_they_are_not_known(open_on, survey, survey_milestones):
    vague = Milestone(id="vague", name="总结报告", due=date(2026, 6, 30))
    book = open_on(date(2026, 6, 8), *survey, *survey_milestones, vague)
    table = plan.milestone_table(book)
    assert [row[3:] for row in table.texts()] == [
        ["5 June 2026", "5\u00a0days", "5\u00a0days", "0%", "in time"],
        ["18 June 2026", "3\u00a0days", "2\u00a0days", "33%", "in time, buffer partly used"],
        ["–", "0\u00a0days", "–", "–", "no tasks named"],
    ]
    tones = [sentence.tone for sentence in plan.milestone_sentences(book)]
    assert tones == [Tone.unknown, Tone.warn, Tone.unknown]
