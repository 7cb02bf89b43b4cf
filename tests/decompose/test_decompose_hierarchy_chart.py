"""The picture of the hierarchy: a line for each target, red and crossed where it does not hold."""

from __future__ import annotations

from typing import Any

import pytest
from stories import Workbook, indicator, target

from kpinb import decompose, language
from kpinb.decompose.charts.hierarchy import MOST, draw_hierarchy
from kpinb.decompose.hierarchy import hierarchy
from kpinb.decompose.proof import prove
from kpinb.decompose.records import Target
from kpinb.view import Figure, Tone
from kpinb.view.theme import COLOURS


def drawn(targets: list[Target], **fields: object) -> Figure:
    indicators = [indicator(unit="个", **fields)]
    steps = hierarchy(targets, indicators, [], {t.id: t.value for t in targets})
    return draw_hierarchy(steps, prove(targets, indicators=indicators))


def data(figure: Figure, kind: str) -> list[dict[str, Any]]:
    """Give the rows that the marks of one kind are drawn from."""
    spec = figure.specification()
    layer = next(layer for layer in spec["layer"] if layer["mark"]["type"] == kind)
    rows: list[dict[str, Any]] = spec["datasets"][layer.get("data", spec.get("data"))["name"]]
    return rows


def team(people: int, *, too_much: tuple[int, ...] = ()) -> list[Target]:
    targets = [target("2026", "year", owner="sales", value=str(people * 120), statement="New customers")]
    for p in range(people):
        who = {"level": "person", "owner": f"rep {p}"}
        value = 125 if p in too_much else 120
        targets.append(target("2026", f"p{p:02}", parent="year", value=str(value), **who))
        targets += [
            target(f"2026-{m:02}", f"p{p:02}-{m:02}", parent=f"p{p:02}", value="10", **who) for m in range(1, 13)
        ]
    return targets


def test_what_does_not_fit_is_red_dashed_and_crossed_and_the_rest_is_not() -> None:
    halves = [target(f"2026-H{n}", f"h{n}", parent="year", owner="o", value="50") for n in (1, 2)]
    other = target("2026", "other", owner="p", value="7", indicator="visits")
    figure = drawn([target("2026", "year", owner="o", value="110"), *halves, other])
    assert figure.sentence.tone is Tone.warn
    assert "4 targets, and 1 point that does not hold" in figure.sentence.text
    nodes = [(row["name"], row["state"], row["x"]) for row in data(figure, "point")]
    assert nodes == [
        ("revenue", "does not hold", 0),
        ("revenue", "holds", 26),
        ("revenue", "holds", 26),
        ("visits", "holds", 0),
    ]
    assert data(figure, "point")[0]["below"] == "110\N{NO-BREAK SPACE}个 · 2026 · o"
    spec = figure.specification()
    branches = next(layer for layer in spec["layer"] if "x2" in layer["encoding"])
    assert [row["state"] for row in spec["datasets"][branches["data"]["name"]]] == ["does not hold"] * 2
    assert branches["encoding"]["color"]["scale"] == {
        "domain": ["holds", "does not hold"],
        "range": [COLOURS["target"], COLOURS["bad"]],
    }
    assert branches["encoding"]["strokeDash"]["scale"]["range"] == [[1, 0], [5, 3]]
    points = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "point")
    assert points["encoding"]["shape"]["scale"]["range"] == ["circle", "cross"]


def test_where_all_holds_nothing_is_marked() -> None:
    figure = drawn(team(2))
    assert figure.sentence.tone is Tone.good
    assert {row["state"] for row in data(figure, "point")} == {"holds"}
    assert len(data(figure, "point")) == 27


def test_of_many_targets_the_months_of_each_are_one_and_the_sentence_says_so() -> None:
    figure = drawn(team(9, too_much=(4,)))
    nodes = data(figure, "point")
    assert len(nodes) == 1 + 9 * 2
    assert (nodes[2]["name"], nodes[2]["below"]) == ("12 months, person", "together 120\N{NO-BREAK SPACE}个")
    assert "The months of one target are drawn as one." in figure.sentence.text
    assert [row["below"][-5:] for row in nodes if row["state"] == "does not hold"] == ["rep 4"]


def test_of_too_many_those_that_do_not_hold_are_kept() -> None:
    figure = drawn(team(70, too_much=(33, 66)))
    nodes = data(figure, "point")
    assert len(nodes) == MOST
    assert [row["below"][-6:] for row in nodes if row["state"] == "does not hold"] == ["rep 33", "rep 66"]
    assert "81 lines, the last of those that hold, are left out." in figure.sentence.text


def test_the_months_of_a_rate_have_no_sum() -> None:
    figure = drawn(team(9), over_time="ratio", over_teams="ratio", base="tickets")
    assert data(figure, "point")[2]["below"] == ""


def test_a_long_name_is_cut_by_its_width_and_a_chinese_character_counts_twice() -> None:
    names = ["客" * 60, "c" * 120, "客户" * 10]
    targets = [target("2026", f"t{n}", owner=f"o{n}", value="1", statement=name) for n, name in enumerate(names)]
    assert [row["name"] for row in data(drawn(targets), "point")] == ["客" * 42 + "…", "c" * 84 + "…", "客户" * 10]


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_the_book_s_hierarchy_is_drawn_in_either_language(workbook: Workbook, tongue: str) -> None:
    workbook.save("sales", indicator(unit="个"), *team(2))
    with language.use(tongue):
        figure = decompose.hierarchy_chart(workbook.book())
        assert "27" in figure.sentence.text
        assert figure.specification()["description"] == figure.sentence.text


def test_without_a_target_there_is_nothing_to_draw(workbook: Workbook) -> None:
    assert decompose.hierarchy_chart(workbook.book()).chart is None
