from __future__ import annotations

from datetime import date
from itertools import count

import pytest

from kpinb import plan
from kpinb.decompose.records import Task
from kpinb.plan.resources import match_resources, missing, resource_sentence
from kpinb.plan.risks import RiskLevel, level, rank_risks, top_risk, unanswered
from kpinb.view import Tone

TODAY = date(2026, 10, 31)
_NUMBERS = count(1)
PROMOTION = [Task(id="page", name="线上推广"), Task(id="visit", name="客户回访")]


def need(name, match="requested", *, task="page", by=None, **more):
    return plan.Resource.build(
        {
            "id": f"need-{next(_NUMBERS)}",
            "task": task,
            "sort": "budget",
            "name": name,
            "match": match,
            "needed_by": by,
            **more,
        }
    )


def risk(event, probability, impact, **more):
    values = {"measures": "会员权益", "owner": "销售部经理"} | more
    return plan.Risk.build(
        {"id": f"risk-{next(_NUMBERS)}", "event": event, "probability": probability, "impact": impact, **values}
    )


def test_resources_stand_task_by_task_the_earliest_first():
    given = [need("c", task="visit"), need("b"), need("a", by="2026-11-01"), need("d", task="gone")]
    frame = match_resources(given, PROMOTION, TODAY)
    assert frame[["task", "known", "name"]].to_numpy().tolist() == [
        ["线上推广", True, "a"],
        ["线上推广", True, "b"],
        ["客户回访", True, "c"],
        ["gone", False, "d"],
    ]


@pytest.mark.parametrize(
    ("match", "by", "late"),
    [
        ("requested", "2026-10-30", True),
        ("requested", "2026-10-31", False),
        ("requested", None, False),
        ("confirmed", "2026-10-30", False),
        ("refused", "2026-10-30", False),
    ],
)
def test_only_a_request_without_an_answer_after_its_day_is_late(match, by, late):
    [row] = match_resources([need("a", match, by=by)], PROMOTION, TODAY).to_dict("records")
    assert row["late"] is late


def test_refused_late_and_stray_resources_are_told_with_what_to_do():
    given = [
        need("页面开发", by="2026-10-01"),
        need("广告投放", "refused"),
        need("样品", "confirmed", task="gone"),
    ]
    frame = match_resources(given, PROMOTION, TODAY)
    assert [(s.tone, s.text) for s in missing(frame)] == [
        (
            Tone.warn,
            "线上推广: 页面开发 was needed by 1 October 2026 and is still only requested. Ask for a decision now.",
        ),
        (Tone.bad, "线上推广: 广告投放 is refused. Find another source, or change the task."),
        (Tone.warn, "样品 is for the task “gone”, which does not exist. Choose a task that does."),
    ]
    assert resource_sentence(frame).tone is Tone.bad


def test_resources_that_are_all_confirmed_are_good_and_none_is_unknown():
    frame = match_resources([need("a", "confirmed"), need("b", "confirmed")], PROMOTION, TODAY)
    assert (resource_sentence(frame).text, resource_sentence(frame).tone) == (
        "All 2 resources are confirmed.",
        Tone.good,
    )
    assert resource_sentence(match_resources([], PROMOTION, TODAY)).tone is Tone.unknown


def test_risks_are_ordered_by_probability_times_impact_and_then_by_impact():
    ranked = rank_risks([risk("low", 2, 2), risk("often", 4, 3), risk("hard", 3, 4), risk("top", 4, 5)], PROMOTION)
    assert ranked[["rank", "event", "score"]].to_numpy().tolist() == [
        [1, "top", 20],
        [2, "hard", 12],
        [3, "often", 12],
        [4, "low", 4],
    ]


@pytest.mark.parametrize(
    ("score", "expected"), [(1, "low"), (4, "low"), (5, "medium"), (12, "medium"), (15, "high")]
)
def test_scores_fall_into_three_levels(score, expected):
    assert level(score) is RiskLevel(expected)


def test_the_top_risk_is_named_with_its_owner_or_the_lack_of_one():
    known = top_risk(rank_risks([risk("竞品价格战", 4, 5), risk("天气", 3, 3)], []))
    assert known.text == (
        "The top risk is 竞品价格战 (score 20 of 25, high); response: reduce, owner: 销售部经理."
    )
    assert known.tone is Tone.bad
    assert top_risk(rank_risks([risk("竞品价格战", 4, 5, owner="")], [])).text.endswith("owner: nobody yet.")
    assert top_risk(rank_risks([], [])).tone is Tone.unknown


def test_a_risk_without_measures_or_owner_is_told_but_an_accepted_one_needs_no_measure():
    ranked = rank_risks(
        [
            risk("a", 3, 3, measures=" "),
            risk("b", 3, 3, response="accept", measures=""),
            risk("c", 3, 3, owner=""),
            risk("d", 3, 3),
        ],
        [],
    )
    assert [s.text for s in unanswered(ranked)] == [
        "a: the response is “reduce”, but no measures are noted. Add them.",
        "c: nobody is watching it. Name the owner.",
    ]
