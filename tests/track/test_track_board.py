"""The board, the early warnings and the change requests."""

from __future__ import annotations

import pytest
from stories import MONTHS_2025, Workbook, day, indicator, noon, target, year_of

from kpinb import language, track
from kpinb.decompose.records import Task
from kpinb.plan.records import Milestone
from kpinb.track.board import cards
from kpinb.track.records import ChangeRequest, CheckIn, TaskStatus
from kpinb.track.warnings import milestone_warnings, task_warnings
from kpinb.view import Tone

TODAY = day("2026-06-20")
DESIGN = Task(id="design", name="Design the questionnaire", owner="产品部", end=day("2026-06-10"))
COLLECT = Task(id="collect", name="Collect the data", owner="销售部", end=day("2026-06-20"))
REPORT = Task(id="report", name="Report", end=day("2026-06-30"))


def check_in(task: str, on: str, status: str, **fields: object) -> CheckIn:
    return CheckIn.build({"id": task, "on": on, "status": status, **fields})


def test_a_task_is_late_from_the_day_after_its_end() -> None:
    design, collect, report = cards([REPORT, COLLECT, DESIGN], [], TODAY)
    assert [(c.task.id, c.late_days) for c in (design, collect, report)] == [
        ("design", 10),
        ("collect", 0),
        ("report", 0),
    ]
    assert {c.status for c in (design, collect, report)} == {TaskStatus.not_started}
    assert design.text().splitlines()[-1] == "10 days late"


def test_a_done_task_is_not_late_and_what_is_said_tomorrow_is_not_known_today() -> None:
    done = check_in("design", "2026-06-18", "done")
    assert cards([DESIGN], [done], TODAY)[0].late_days == 0
    (early,) = cards([DESIGN], [done], day("2026-06-17"))
    assert (early.status, early.late_days) == (TaskStatus.not_started, 7)


def test_a_move_after_the_month_does_not_hide_what_was_said_in_it(workbook: Workbook) -> None:
    workbook.save("sales", COLLECT)
    workbook.save("sales", check_in("collect", "2026-06-12", "in_progress"), at=noon(2026, 6, 12))
    workbook.save("sales", check_in("collect", "2026-07-02", "done"), at=noon(2026, 7, 2))
    june, july = (track.board(workbook.book(period=p))[0] for p in ("2026-06", "2026-07"))
    assert (june.status, june.late_days) == (TaskStatus.in_progress, 10)
    assert (july.status, july.late_days) == (TaskStatus.done, 0)


def test_the_board_has_three_columns_and_counts_its_cards(workbook: Workbook) -> None:
    workbook.save("sales", DESIGN, COLLECT, REPORT)
    workbook.save(
        "sales",
        check_in("design", "2026-06-09", "done"),
        check_in("collect", "2026-06-12", "in_progress", blocked=True, note="No list of addresses"),
    )
    book = workbook.book(period="2026-06", as_of=noon(2026, 6, 25))
    table = track.board_table(book)
    assert [c.title for c in table.columns] == ["not started (1)", "in progress (1)", "done (1)"]
    (row,) = table.texts()
    assert "5 days late\nblocked: No list of addresses" in row[1]
    assert row[2].startswith("Design")
    sentence = track.board_sentence(book)
    assert sentence.text == (
        "1 of 3 tasks are done, 1 are in progress, 1 are not started. Late: Collect the data."
    )
    assert sentence.tone is Tone.warn


def test_an_empty_board_is_not_good(workbook: Workbook) -> None:
    assert track.board_sentence(workbook.book()).tone is Tone.unknown


def test_a_late_task_is_warned_of_with_its_days_and_its_owner() -> None:
    (warning,) = task_warnings(cards([DESIGN], [], TODAY))
    assert warning.text == (
        "“Design the questionnaire” is 10 days late: it was to end on 10 June 2026. Owner: 产品部."
    )
    assert warning.tone is Tone.bad
    (nobody,) = task_warnings(cards([REPORT], [], day("2026-07-01")))
    assert nobody.text.startswith("“Report” is 1 day late")
    assert nobody.text.endswith("Owner: nobody.")
    assert task_warnings(cards([DESIGN], [check_in("design", "2026-06-09", "done")], TODAY)) == []


def test_blocked_and_doubtful_tasks_are_warned_of_before_they_are_late() -> None:
    said = [
        check_in("collect", "2026-06-12", "in_progress", blocked=True, note="价格未定。"),
        check_in("report", "2026-06-12", "in_progress", confidence=4),
    ]
    blocked, doubtful = task_warnings(cards([COLLECT, REPORT], said, TODAY))
    assert blocked.text == "“Collect the data” is blocked: 价格未定. Owner: 销售部."
    assert "gives 4 of 10" in doubtful.text
    sure = check_in("report", "2026-06-12", "in_progress", confidence=5)
    assert task_warnings(cards([REPORT], [sure], TODAY)) == []


def test_a_milestone_is_endangered_by_a_late_task_and_missed_when_its_day_has_passed() -> None:
    ahead = Milestone(id="m", name="Data collected", due=day("2026-06-22"), tasks=["design", "collect"])
    on_board = cards([DESIGN, COLLECT], [], TODAY)
    (warning,) = milestone_warnings([ahead], on_board, TODAY)
    assert "“Data collected”, due on 22 June 2026, is endangered" in warning.text
    assert "Design the questionnaire" in warning.text
    assert "Collect" not in warning.text
    passed = ahead.model_copy(update={"due": day("2026-06-19")})
    (missed,) = milestone_warnings([passed], on_board, TODAY)
    assert (missed.tone, "Collect the data" in missed.text) == (Tone.bad, True)
    today = ahead.model_copy(update={"due": TODAY, "tasks": ["collect"]})
    assert milestone_warnings([today], on_board, TODAY) == []


def test_warnings_stand_worst_first_and_a_request_waits_only_while_it_is_submitted(workbook: Workbook) -> None:
    workbook.save("sales", DESIGN, indicator(owner="销售部经理"), target("2026", growth="0.2"))
    request = {"change": "staged", "name": "80 % in Q1"}
    workbook.save(
        "sales",
        ChangeRequest.build({"id": "waits", "decision": "submitted", **request}),
        ChangeRequest.build({"id": "decided", "decision": "approved", **request, "name": "Other weights"}),
    )
    facts = workbook.write_actuals("sales", revenue=year_of(MONTHS_2025, 2025) | year_of(MONTHS_2025[:5]))
    found = list(track.warnings(workbook.book(period="2026-06", facts=facts)))
    assert [w.tone for w in found] == [Tone.bad, Tone.warn, Tone.unknown]
    assert "20 days late" in found[0].text
    assert found[1].text == "The change request “80 % in Q1” waits for a decision."
    assert "June 2026 has no figure" in found[2].text
    assert found[2].text.endswith("Owner: 销售部经理.")
    assert not any("Other weights" in w.text for w in found)


def test_nothing_to_warn_of_is_said_once(workbook: Workbook) -> None:
    assert [w.tone for w in track.warnings(workbook.book())] == [Tone.good]


@pytest.mark.parametrize("code", ["zh", "en"])
def test_change_requests_are_shown_with_their_decision(workbook: Workbook, code: str) -> None:
    workbook.save(
        "sales",
        ChangeRequest.build(
            {"id": "c", "name": "改为线上直播", "change": "path", "decision": "approved", "decided_by": "管理层"}
        ),
    )
    with language.use(code):
        (row,) = track.change_table(workbook.book()).texts()
        assert row[0] == "改为线上直播"
        assert "管理层" in " ".join(row)
