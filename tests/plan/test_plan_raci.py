from __future__ import annotations

from datetime import date

import pytest

from kpinb import plan
from kpinb.decompose.records import Task
from kpinb.plan.raci import Rule, check, matrix
from kpinb.plan.records import Assignment
from kpinb.view import Tone


def part(task, who, *roles, number=0):
    return Assignment.build({"id": f"p{number}", "task": task, "who": who, "roles": list(roles)})


def found(tasks, assignments):
    return [(problem.rule, problem.tasks, problem.text) for problem in check(tasks, assignments)]


def test_the_survey_of_the_method_text_reads_as_a_row_with_one_letter_a_department(survey, survey_assignments):
    frame = matrix(survey, survey_assignments)
    assert list(frame.columns) == ["销售部", "产品部", "客服部", "管理层"]
    assert frame.loc["collect"].tolist() == ["R", "C", "A", "I"]
    assert list(frame.index) == ["collect"]


def test_the_survey_of_the_method_text_breaks_no_rule(survey, survey_assignments):
    assert check(survey[1:], survey_assignments) == []


def test_several_roles_of_one_department_share_a_cell_in_the_order_of_the_letters(survey):
    frame = matrix(survey, [part("design", "产品部", "C", "A"), part("collect", "销售部", "R")])
    assert frame.loc["design", "产品部"] == "A, C"
    assert frame.loc["collect", "产品部"] is None


@pytest.mark.parametrize(
    ("roles", "rule", "text"),
    [
        (
            {"销售部": "R"},
            Rule.no_approver,
            "设计问卷: nobody approves it (A). Name exactly one person or department that does.",
        ),
        (
            {"销售部": "R", "客服部": "A", "管理层": "A"},
            Rule.several_approvers,
            "设计问卷: 2 approve it (A): 客服部, 管理层. Keep one, and let the others be consulted (C).",
        ),
        (
            {"客服部": "A", "产品部": "C"},
            Rule.nobody_responsible,
            "设计问卷: nobody carries it out (R). Name at least one person or department that does.",
        ),
    ],
)
def test_a_task_that_is_unclear_is_named_with_what_to_do(survey, roles, rule, text):
    assignments = [part("design", who, role) for who, role in roles.items()]
    assert found(survey[:1], assignments) == [(rule, ("design",), text)]


def test_one_who_both_carries_out_and_approves_is_clear(survey):
    assert check(survey[:1], [part("design", "产品部", "R", "A")]) == []


def test_a_department_assigned_twice_to_a_task_is_asked_to_keep_one_assignment(survey):
    assignments = [part("design", "产品部", "R"), part("design", "产品部", "A", number=1)]
    assert found(survey[:1], assignments) == [
        (
            Rule.assigned_twice,
            ("design",),
            "设计问卷: 产品部 is assigned 2 times, with the roles R, A. Keep one assignment with all of them.",
        )
    ]
    assert matrix(survey, assignments).loc["design", "产品部"] == "R, A"


def test_an_assignment_to_a_task_that_is_gone_names_who_and_which(survey, survey_assignments):
    assignments = [*survey_assignments, part("gone", "市场部", "R")]
    assert found(survey[1:], assignments) == [
        (
            Rule.unknown_task,
            ("gone",),
            "市场部 has the role R in the task “gone”, which does not exist. Choose a task that does, or delete "
            "the assignment.",
        )
    ]
    assert "市场部" not in matrix(survey, assignments).columns


def test_tasks_without_any_assignment_share_one_sentence(survey):
    extra = Task(id="review", name="审核数据")
    [(rule, tasks, text)] = found([*survey[:1], extra], [])
    assert (rule, tasks) == (Rule.unassigned, ("design", "review"))
    assert text.startswith("2 tasks have no assignment yet: 设计问卷, 审核数据.")


def test_two_tasks_of_one_name_are_told_apart_by_their_ids():
    twins = [Task(id="a", name="回访"), Task(id="b", name="回访")]
    [problem] = check(twins, [])
    assert "回访 (a), 回访 (b)" in problem.text


def test_the_table_shows_letters_duties_and_the_unclear_task(open_on, survey, survey_assignments):
    book = open_on(date(2026, 6, 8), *survey, *survey_assignments, part("design", "task", "R", number=9))
    table = plan.raci_table(book)
    assert [column.title for column in table.columns] == ["Task", "销售部", "产品部", "客服部", "管理层", "task"]
    rows = {row[0]: row[1:] for row in table.texts()}
    assert rows["收集数据"] == ["R", "C\n提供问卷模板", "A", "I", "–"]
    assert rows["设计问卷"] == ["–", "–", "–", "–", "R"]
    html = table.as_html()
    assert "▲" in html.split("设计问卷")[0].rsplit("<td", 1)[1]
    assert "▲" not in html.split("收集数据")[0].rsplit("<td", 1)[1]
    assert table.caption == "R responsible · A accountable · C consulted · I informed"
    assert [s.tone for s in plan.raci_sentences(book)] == [Tone.warn]


def test_a_clear_matrix_says_so(open_on, survey, survey_assignments):
    book = open_on(date(2026, 6, 8), survey[1], *survey_assignments)
    [sentence] = plan.raci_sentences(book)
    assert sentence.tone is Tone.good
    assert "exactly one who approves" in sentence.text


def test_a_task_of_the_company_counts_with_the_parts_that_the_company_gave(open_on, survey, survey_assignments):
    mine = part("collect", "销售代表A", "R", number=7)
    other = Task(id="other", name="公司年会")
    book = open_on(date(2026, 6, 8), mine, company=(*survey, other, *survey_assignments))
    table = plan.raci_table(book)
    assert table.texts() == [["收集数据", "R", "C\n提供问卷模板", "A", "I", "R"]]
    [sentence] = plan.raci_sentences(book)
    assert sentence.tone is Tone.good
