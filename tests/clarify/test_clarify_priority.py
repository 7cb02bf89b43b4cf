"""优先级排序: core before supporting, four quadrants, proposed urgency and weights, how firm the ranking is."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal as D
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Workbook, actuals, day, indicator, year_of

from kpinb import clarify, language
from kpinb.clarify.charts.matrix import draw_matrix
from kpinb.clarify.prioritise.ranking import Class, Quadrant, order, priority_sentence, quadrant, rank, sort_key
from kpinb.clarify.prioritise.scales import ANCHORS, anchor
from kpinb.clarify.prioritise.sensitivity import Swing, sensitivity_sentence, swings
from kpinb.clarify.prioritise.urgency import missing_share, next_due, propose_urgency
from kpinb.clarify.prioritise.weights import propose_weights, rank_order_centroid, total_sentence, weight_sentence
from kpinb.clarify.records import Criterion, Indicator
from kpinb.measure import Adding, Direction, Measure
from kpinb.period import Period
from kpinb.report.drawing import draw
from kpinb.view import Tone

OCTOBER = Period.parse("2026-10")
TODAY = day("2026-10-31")


def criterion(**fields: object) -> Criterion:
    return Criterion.build({"id": "c", "indicator": "revenue", "threshold": "100", "unit": "万元", **fields})


@pytest.mark.parametrize(
    ("importance", "urgency", "place"),
    [
        (4, 4, Quadrant.do_now),
        (5, 3, Quadrant.schedule),
        (3, 4, Quadrant.delegate),
        (3, 3, Quadrant.batch),
        (1, 5, Quadrant.delegate),
    ],
)
def test_from_four_on_a_score_is_high(importance: int, urgency: int, place: Quadrant) -> None:
    assert quadrant(importance, urgency) is place


def test_importance_decides_then_goal_value_then_urgency_then_the_order_of_entry() -> None:
    found = rank(
        [
            indicator("late", importance=5, goal_value=3, urgency=1),
            indicator("urgent", importance=5, goal_value=3, urgency=5),
            indicator("worth", importance=5, goal_value=4, urgency=1),
            indicator("small", importance=2, goal_value=5, urgency=5),
            indicator("late-too", importance=5, goal_value=3, urgency=1),
        ]
    )
    assert found["id"].tolist() == ["worth", "urgent", "late", "late-too", "small"]
    assert found["class_"].tolist() == [Class.core] * 4 + [Class.supporting]


def test_the_sentence_names_the_core() -> None:
    core, other = indicator("revenue", importance=5), indicator("forms", importance=2)
    assert (
        "Core indicators: revenue, growth. Indicators in all: 3."
        in priority_sentence(rank([core, indicator("growth", importance=4), other])).text
    )
    assert "Core indicators: revenue." in priority_sentence(rank([core, other])).text
    assert "none is core yet" in priority_sentence(rank([other])).text


# Anchored scales


@pytest.mark.parametrize("code", ["zh", "en"])
def test_every_score_of_every_scale_has_a_sentence_of_its_own(code: str) -> None:
    assert set(ANCHORS) == {"importance", "urgency", "goal_value"} <= set(Indicator.model_fields)
    with language.use(code):
        sentences = [anchor(field, score) for field in ANCHORS for score in range(1, 6)]
        rows = clarify.anchor_table().texts()
    assert len(set(sentences)) == 15
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert rows[4][1:] == [sentences[4], sentences[9], sentences[14]]


# Urgency


@pytest.mark.parametrize(
    ("due", "gap", "score"),
    [
        ("2026-11-30", None, 5),
        ("2026-12-31", None, 4),
        ("2027-02-28", None, 3),
        ("2027-10-31", None, 2),
        ("2028-12-31", None, 1),
        ("2026-09-30", None, 5),
        ("2026-12-31", "0", 3),
        ("2026-12-31", "0.049", 4),
        ("2026-12-31", "0.05", 5),
        ("2027-10-31", "0.2", 4),
        ("2026-09-30", "0.5", 5),
        ("2028-12-31", "0", 1),
        (None, "0.2", 5),
        (None, "0.01", 3),
        (None, "0", 2),
        (None, None, None),
    ],
)
def test_urgency_comes_from_the_days_left_and_from_what_is_missing(
    due: str | None, gap: str | None, score: int | None
) -> None:
    proposal = propose_urgency(due and day(due), TODAY, None if gap is None else D(gap))
    assert proposal.score == score


def test_a_proposal_says_what_it_was_made_from() -> None:
    assert propose_urgency(day("2026-12-31"), TODAY, D("0.25")).why == (
        "It is due on 31 December 2026; days left: 61. So far 25% of what is asked is missing."
    )
    assert (
        propose_urgency(day("2026-09-30"), TODAY, D(0)).why == "It was due on 30 September 2026. So far it is met."
    )
    assert propose_urgency(None, TODAY, D(0)).why == "It has no due date. So far it is met."
    assert propose_urgency(TODAY, TODAY, None).why == (
        "It is due on 31 October 2026; days left: 0. How far it is from its threshold is not known."
    )
    assert propose_urgency(None, TODAY, None).why.startswith("Not computable: ")


days = st.integers(-400, 1000)
gaps = st.none() | st.decimals(0, 3, places=3)


@given(days, days, gaps)
def test_less_time_never_makes_it_less_urgent(one: int, other: int, gap: D | None) -> None:
    sooner, later = (
        propose_urgency(TODAY + timedelta(days=left), TODAY, gap).score for left in sorted([one, other])
    )
    assert sooner is not None
    assert later is not None
    assert 5 >= sooner >= later >= 1


@given(st.none() | days, st.decimals(0, 3, places=3), st.decimals(0, 3, places=3))
def test_more_missing_never_makes_it_less_urgent(left: int | None, one: D, other: D) -> None:
    due = None if left is None else TODAY + timedelta(days=left)
    less, more = (propose_urgency(due, TODAY, gap).score for gap in sorted([one, other]))
    assert less is not None
    assert more is not None
    assert 1 <= less <= more <= 5


@pytest.mark.parametrize(
    ("fields", "how", "share"),
    [
        # October is 80: a fifth of 100 is missing.
        ({}, Adding.total, "0.2"),
        ({"threshold": "80"}, Adding.total, "0"),
        # 80 in 31 days are 18.06 a week.
        ({"window": "week", "threshold": "20"}, Adding.total, "0.0968"),
        # Ten months of ten twelfths of 1200: 1000, and 800 are there.
        ({"window": "year", "threshold": "1200"}, Adding.total, "0.2"),
        # October alone of the fourth quarter.
        ({"window": "quarter", "threshold": "300"}, Adding.total, "0.2"),
        # 800 after 1000 in the same months of the year before is −20 %, where +20 % is asked.
        ({"statistic": "growth", "window": "year", "threshold": "0.2", "unit": "%"}, Adding.total, "2"),
        ({"statistic": "growth", "window": "month", "threshold": "-0.2", "unit": "%"}, Adding.total, "0"),
        ({"direction": "at_most", "threshold": "64"}, Adding.total, "0.25"),
        ({"direction": "between", "threshold": "50", "upper": "64"}, Adding.total, "0.25"),
        ({"direction": "between", "threshold": "100", "upper": "120"}, Adding.total, "0.2"),
        ({"statistic": "mean"}, Adding.mean, "0.2"),
        ({"statistic": "mean", "window": "year"}, Adding.mean, "0.2"),
    ],
)
def test_what_is_missing_is_the_distance_as_a_share_of_what_is_asked(
    fields: dict[str, str], how: Adding, share: str
) -> None:
    past = actuals(year_of([100] * 12, 2025), year_of([80] * 10))
    found = missing_share(criterion(**fields), past, Measure("万元", Direction.at_least, how), OCTOBER)
    assert found is not None
    assert round(found, 4) == D(share)


@pytest.mark.parametrize(
    ("fields", "how", "why"),
    [
        ({"statistic": "median"}, Adding.mean, "needs single observations"),
        ({"statistic": "percentile_90"}, Adding.mean, "needs single observations"),
        ({"statistic": "mean"}, Adding.total, "a month's sum is no mean"),
        ({"statistic": "share_within", "unit": "%"}, Adding.mean, "the series is in another unit"),
        ({"threshold": "0", "direction": "at_most"}, Adding.total, "no share of nothing"),
        (
            {"statistic": "growth", "window": "year", "threshold": "0.2"},
            Adding.total,
            "the year before is missing",
        ),
    ],
)
def test_what_cannot_be_told_from_months_is_unknown(fields: dict[str, str], how: Adding, why: str) -> None:
    past = actuals(year_of([80] * 10))
    assert missing_share(criterion(**fields), past, Measure("万元", over_time=how), OCTOBER) is None, why


def test_growth_from_a_loss_says_nothing() -> None:
    past = actuals(year_of([-100] * 12, 2025), year_of([-120] * 10))
    grown = criterion(statistic="growth", threshold="0.2", unit="%")
    # −120 ÷ −100 − 1 would be +20 %, and the loss has grown.
    assert missing_share(grown, past, Measure("万元"), OCTOBER) is None


def test_a_missing_month_is_unknown_and_not_zero() -> None:
    past = actuals(year_of([80] * 9 + [None]))
    assert missing_share(criterion(), past, Measure("万元"), OCTOBER) is None


def test_the_next_deadline_counts_or_the_last_one_where_all_have_passed() -> None:
    days = [day("2026-09-30"), day("2027-03-31"), day("2026-12-31")]
    assert next_due(days, TODAY) == day("2026-12-31")
    assert next_due(days, day("2028-01-01")) == day("2027-03-31")
    assert next_due([], TODAY) is None


def test_a_book_proposes_urgency_and_weight_beside_what_is_in_use(workbook: Workbook) -> None:
    facts = workbook.write_actuals("sales", revenue=year_of([100] * 9 + [80]), slow=year_of([100] * 10))
    workbook.save(
        "sales",
        indicator("revenue", unit="万元", importance=5, urgency=3, weight="0.5"),
        indicator("slow", unit="万元", urgency=2),
        indicator("new", unit="万元", urgency=1),
        criterion(due="2026-12-31"),
        criterion(id="d", indicator="slow", due="2027-12-31"),
        criterion(id="e", indicator="new", fact="no-such-series"),
    )
    rows = clarify.proposal_table(workbook.book(facts=facts)).texts()
    assert [[row[0], *row[1:3], *row[4:]] for row in rows] == [
        ["revenue", "3", "5", "50%", "61%"],
        ["slow", "2", "1", "–", "28%"],
        ["new", "1", "–", "–", "11%"],
    ]
    assert rows[0][3].endswith("So far 20% of what is asked is missing.")
    assert "no-such-series" in rows[2][3]


# Weights


@pytest.mark.parametrize(
    ("count", "published"),
    [
        # Barron and Barrett 1996, Decision Quality Using Ranked Attribute Weights, Management Science 42(11).
        (2, [".7500", ".2500"]),
        (3, [".6111", ".2778", ".1111"]),
        (4, [".5208", ".2708", ".1458", ".0625"]),
    ],
)
def test_rank_order_centroid_weights_are_those_published(count: int, published: list[str]) -> None:
    assert [round(D(w.numerator) / w.denominator, 4) for w in rank_order_centroid(count)] == [
        D(weight) for weight in published
    ]


@given(st.integers(1, 60))
def test_the_centroid_adds_up_to_one_and_falls(count: int) -> None:
    weights = rank_order_centroid(count)
    assert len(weights) == count
    assert sum(weights) == Fraction(1)
    assert all(more > less for more, less in pairwise([*weights, Fraction(0)]))


def test_proposed_weights_are_whole_percent_most_important_first() -> None:
    proposed = propose_weights(
        [indicator("c", importance=3), indicator("a", importance=5), indicator("b", importance=4)]
    )
    assert list(proposed.items()) == [("a", D("0.61")), ("b", D("0.28")), ("c", D("0.11"))]
    assert propose_weights([]) == {}
    assert propose_weights([indicator("alone")]) == {"alone": D(1)}


def test_indicators_of_the_same_rank_share_the_mean_of_their_places() -> None:
    # .2778 and .1111 make .1944 each; the percent that rounding leaves goes to the first of them.
    proposed = propose_weights([indicator("a", importance=5), indicator("b"), indicator("c")])
    assert proposed == {"a": D("0.61"), "b": D("0.20"), "c": D("0.19")}


scores = st.integers(1, 5)


@given(st.lists(st.tuples(scores, scores, scores), min_size=1, max_size=40))
def test_proposed_weights_always_add_up_to_exactly_one_and_never_rise_with_the_rank(
    rows: list[tuple[int, int, int]],
) -> None:
    indicators = [indicator(f"i{n}", importance=i, urgency=u, goal_value=v) for n, (i, u, v) in enumerate(rows)]
    proposed = list(propose_weights(indicators).values())
    assert sum(proposed) == 1
    assert all(weight == round(weight, 2) for weight in proposed)
    assert proposed == sorted(proposed, reverse=True)


def weighted(*weights: str | None) -> list[Indicator]:
    return [indicator(f"i{n}", weight=weight) for n, weight in enumerate(weights, start=1)]


@pytest.mark.parametrize(
    ("weights", "says", "tone"),
    [
        (["0.6", "0.4"], "The weights add up to 100%.", Tone.good),
        (
            ["0.6", "0.355"],
            "The weights add up to 95.5%, which is 4.5% too little: raise some of them.",
            Tone.warn,
        ),
        (["0.6", "0.5"], "The weights add up to 110%, which is 10% too much: lower some of them.", Tone.warn),
        (
            ["0.6", "0.3999999"],
            "The weights add up to 99.99999%, which is 0.00001% too little: raise some of them.",
            Tone.warn,
        ),
        (
            ["0.6", None],
            "The weights add up to 60%, which is 40% too little: raise some of them. "
            "Without a weight: i2. Give each one, 0 if it does not count.",
            Tone.warn,
        ),
        (
            ["1", None],
            "The weights add up to 100%. Without a weight: i2. Give each one, 0 if it does not count.",
            Tone.warn,
        ),
        (
            [None, None],
            "No indicator has a weight yet: take over the proposed ones in the form, or write your own.",
            Tone.warn,
        ),
    ],
)
def test_weights_that_do_not_add_up_are_told_by_how_much(weights: list[str | None], says: str, tone: Tone) -> None:
    sentence = weight_sentence(weighted(*weights))
    assert (sentence.text, sentence.tone) == (says, tone)


def test_without_indicators_there_is_nothing_to_weigh() -> None:
    assert weight_sentence([]).tone is Tone.unknown
    assert total_sentence(D("1.000")) == "The weights add up to 100%."


# How firm the ranking is


def changes(found: list[Swing]) -> list[tuple[str, str, str]]:
    return [(swing.text, swing.class_effect, swing.place_effect) for swing in found if swing.matters]


def test_a_single_score_at_the_threshold_changes_the_core_set() -> None:
    found = swings([indicator("revenue", importance=5), indicator("forms", importance=3, goal_value=1)])
    assert len(found) == 5 + 5
    assert changes(found) == [("forms, Importance 3 → 4", "becomes core", "")]
    assert sensitivity_sentence(found).text == (
        "Changing a single score by 1 changes the core set in 1 of 10 cases: "
        "forms, Importance 3 → 4 (becomes core). The first 3 places stay as they are."
    )


def test_a_firm_ranking_is_said_to_be_firm() -> None:
    found = swings([indicator("revenue", importance=5, goal_value=5), indicator("forms", importance=2)])
    assert changes(found) == []
    said = sensitivity_sentence(found)
    assert said.text == (
        "Changing any single score by 1 does not change the core set. The first 3 places stay as they are."
    )
    assert said.tone is Tone.plain


def test_the_pairs_that_change_places_at_the_top_are_named() -> None:
    indicators = [
        indicator("revenue", importance=5, goal_value=5),
        indicator("customers", importance=5, goal_value=4),
        indicator("forms", importance=1, goal_value=4),
        indicator("lists", importance=1, goal_value=1),
    ]
    assert changes(swings(indicators)) == [
        ("revenue, Importance 5 → 4", "", "falls behind customers"),
        ("lists, Importance 1 → 2", "", "passes forms"),
    ]
    assert changes(swings(indicators, top=2)) == [("revenue, Importance 5 → 4", "", "falls behind customers")]


def test_a_long_list_of_cases_is_cut_and_the_table_has_all(workbook: Workbook) -> None:
    workbook.save("sales", *(indicator(f"i{n}", importance=4) for n in range(6)))
    book = workbook.book()
    text = clarify.sensitivity_line(book).text
    assert text.startswith(
        "Changing a single score by 1 changes the core set in 6 of 36 cases: "
        "i0, Importance 4 → 3 (is no longer core); i1, Importance 4 → 3 (is no longer core); "
        "for the others see the table."
    )
    rows = clarify.sensitivity_table(book).texts()
    assert rows[0] == ["i0", "Importance 4 → 3", "is no longer core; falls behind i1, i2, i3, i4, i5"]
    assert len([row for row in rows if "no longer core" in row[2]]) == 6
    assert sensitivity_sentence([]).tone is Tone.unknown


@given(st.lists(st.tuples(scores, scores, scores), min_size=2, max_size=8))
def test_what_is_said_to_change_nothing_changes_nothing(rows: list[tuple[int, int, int]]) -> None:
    indicators = [indicator(f"i{n}", importance=i, urgency=u, goal_value=v) for n, (i, u, v) in enumerate(rows)]
    before = order(indicators)
    for swing in swings(indicators):
        other = [
            one.model_copy(update={swing.score: swing.after}) if one.id == swing.indicator.id else one
            for one in indicators
        ]
        after = sorted(other, key=sort_key, reverse=True)
        same_top = [one.id for one in before[:3]] == [one.id for one in after[:3]]
        same_core = {one.id for one in before if one.importance >= 4} == {
            one.id for one in after if one.importance >= 4
        }
        assert swing.matters is not (same_top and same_core)


# The picture


@pytest.mark.parametrize("code", ["zh", "en"])
def test_indicators_with_the_same_scores_share_a_point(code: str) -> None:
    with language.use(code):
        figure = draw_matrix(
            rank(
                [indicator("a", importance=5, urgency=4), indicator("b", importance=5, urgency=4), indicator("c")]
            )
        )
        spec = figure.specification()
        comma, core, supporting = language._(", "), Class.core.label, Class.supporting.label
        corners = [Quadrant.do_now.label, Quadrant.schedule.label]
    points = spec["datasets"][spec["layer"][-1]["data"]["name"]]
    assert [(p["importance"], p["urgency"], p["name"], p["class_"]) for p in points] == [
        (3, 3, "c", supporting),
        (5, 4, comma.join("ab"), core),
    ]
    # Important things stand above, urgent ones on the right.
    names = {
        row["text"]: (row["x"], row["y"]) for rows in spec["datasets"].values() for row in rows if "text" in row
    }
    assert names[corners[0]][0] > 4 < names[corners[0]][1]
    assert names[corners[1]][0] < 4 < names[corners[1]][1]
    assert spec["description"] == figure.sentence.text


def test_the_picture_answers_the_mouse_and_is_drawn_the_same_every_time() -> None:
    ranked = rank([indicator("a", importance=5, urgency=4), indicator("c")])
    first, second = draw_matrix(ranked).specification(), draw_matrix(ranked).specification()
    assert [(param["name"], param["views"]) for param in first["params"]] == [
        ("pointed", ["dots"]),
        ("chosen", ["dots"]),
    ]
    assert json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)


def test_in_the_report_where_nothing_is_pointed_at_nothing_is_faint() -> None:
    svg = draw(
        draw_matrix(rank([indicator("a", importance=5), indicator("c")])).specification(), language="en"
    ).svg
    assert 'opacity="0.2"' not in svg
    assert svg.count('aria-roledescription="point"') == 2


def test_the_table_and_the_chart_of_a_book(workbook: Workbook) -> None:
    book = workbook.book()
    assert clarify.matrix_chart(book).chart is None
    assert clarify.weight_line(book).tone is Tone.unknown
    assert clarify.sensitivity_table(book).texts() == clarify.proposal_table(book).texts() == []
    workbook.save("sales", indicator("forms", importance=2), indicator("revenue", importance=5, weight="0.4"))
    rows = clarify.priority_table(book).texts()
    assert [row[0] for row in rows] == ["revenue", "forms"]
    assert "40%" in rows[0]
    assert "–" in rows[1]
    assert clarify.matrix_chart(book).chart is not None
