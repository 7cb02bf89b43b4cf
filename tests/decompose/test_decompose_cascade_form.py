"""目标层级拆解 in a grid: a target divided, a part held, a part changed, and all of it saved as targets."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from stories import MONTHS_2025, Workbook, indicator, noon, target, year_of

from kpinb.decompose.form import cascade_form
from kpinb.decompose.form.cascade import CascadeForm
from kpinb.decompose.records import Level, Rule, Target
from kpinb.language import use

QUARTER = target("2026-Q1", "q1", value="60", owner="销售部")
MONTHS = [
    target("2026-01", "jan", value="10", parent="q1"),
    target("2026-02", "feb", value="20", parent="q1", held=True),
    target("2026-03", "mar", value="30", parent="q1"),
]


def form_of(workbook: Workbook, *records: object, facts: str = "") -> CascadeForm:
    workbook.save("sales", indicator("revenue", name="营收", unit="万元"), *records)
    return cascade_form(workbook.book(facts=facts, on=noon(2026, 11, 3)))


def column(form: CascadeForm, name: str) -> list[str]:
    return [row["texts"].get(name, "") for row in form.grid.table["rows"] if row["state"] != "blank"]


def put(form: CascadeForm, row: int, **texts: str) -> None:
    key = form.grid.table["rows"][row]["key"]
    form.grid.receive({"do": "put", "cells": [[key, name, text] for name, text in texts.items()]})


def paste(form: CascadeForm, row: int, column: str, text: str) -> None:
    key = form.grid.table["rows"][row]["key"]
    form.grid.receive({"do": "paste", "text": text, "row": key, "column": column})


def stored(form: CascadeForm) -> dict[str, Target]:
    return {one.id: one for one in form.book.records(Target)}


def test_a_year_is_divided_into_its_quarters_at_once_and_saved_as_targets(workbook):
    form = form_of(workbook, target("2026", "year", value="1000", owner="销售部", level=Level.company))
    assert (form.way.value, form.rule.value) == ("quarter", "even")
    assert column(form, "part") == ["Q1 2026", "Q2 2026", "Q3 2026", "Q4 2026"]
    assert column(form, "value") == ["250", "250", "250", "250"]
    assert form.sentences[0] == "The parts come to 1,000, as the target does."
    form.reason.value = "agreed in January"
    form.save_button.click()
    assert form.messages == ["5 targets are saved."]
    targets = stored(form)
    assert targets["year"].rule is Rule.even
    assert targets["year-1"] == target(
        "2026-Q1", "year-1", value="250", owner="销售部", level=Level.company, parent="year"
    )
    assert [targets[f"year-{n}"].period for n in range(1, 5)] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert {r.reason for r in form.book.revisions(Target)} == {"agreed in January"}
    form.save_button.click()
    assert form.messages == ["Nothing was changed, so there is nothing to save."]


def test_parts_that_are_growths_are_shown_with_what_they_come_to_and_stay_growths_until_they_change(workbook):
    facts = workbook.write_actuals("sales", revenue=year_of([100] * 12, 2025))
    quarters = [
        target(f"2026-Q{n}", f"q{n}", points=f"0.0{p}", parent="year") for n, p in enumerate((5, 6, 5, 4), 1)
    ]
    form = form_of(workbook, target("2026", "year", value="1440", stretch="1500"), *quarters, facts=facts)
    assert column(form, "value") == ["360", "372", "360", "348"]
    assert form.sentences[:2] == [
        "The parts come to 1,440, as the target does.",
        "These are the values that are stored.",
    ]
    put(form, 0, value="350")
    put(form, 1, value="382")
    form.save_button.click()
    first, second, third = (stored(form)[key] for key in ("q1", "q2", "q3"))
    assert (first.value, first.points) == (D(350), None)
    assert (second.value, second.points) == (D(382), None)
    assert (third.value, third.points) == (None, D("0.05"))
    assert stored(form)["year"].rule is None


def test_parts_are_rounded_to_a_unit_and_still_come_to_the_target(workbook):
    form = form_of(workbook, target("2026", "year", value="1000"))
    form.unit.value = "100"
    assert column(form, "value") == ["300", "300", "200", "200"]
    form.unit.value = "many"
    assert form.blockers == [
        "Rounded to: “many” is not a number: write digits and at most one decimal point, such as 1234.5."
    ]
    form.unit.value = "0"
    assert form.blockers == ["Rounded to: write a number above zero, or nothing."]
    form.unit.value = ""
    assert column(form, "value") == ["250", "250", "250", "250"]


def test_a_quarter_that_grows_to_100_leaves_february_at_20_and_gives_the_rest_pro_rata(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    assert column(form, "value") == ["10", "20", "30"]
    assert column(form, "held") == ["false", "true", "false"]
    assert form.rule.value == "weights"
    assert form.save_button.disabled is False
    form.book.save(QUARTER.model_copy(update={"value": D(100)}), expected=1)
    form.reset_button.click()
    assert form.sentences[0] == "The parts come to 60: 40 short of the target of 100."
    assert form.blockers == ["The parts do not come to the target: divide it anew, or change a part."]
    form.divide_button.click()
    assert column(form, "value") == ["20", "20", "60"]
    assert "1 value is held; the others share what is left." in form.sentences[1]
    form.save_button.click()
    assert {key: one.value for key, one in stored(form).items()} == {
        "q1": D(100), "jan": D(20), "feb": D(20), "mar": D(60),
    }  # fmt: skip
    assert stored(form)["feb"].held
    assert form.book.history(Target, "feb")[-1].version == 1  # it did not change


def test_targets_in_the_same_words_are_told_apart_by_their_owners(workbook):
    rep = {"statement": "获取20个新用户", "value": "20", "parent": "q1", "level": Level.person}
    form = form_of(
        workbook,
        QUARTER,
        target("2026-Q1", "a", owner="销售代表A", **rep),
        target("2026-Q1", "b", owner="销售代表B", **rep),
    )
    assert [text.strip() for text, _key in form.target.options] == [
        "营收, 2026-Q1: 60\N{NO-BREAK SPACE}万元",
        "获取20个新用户, 销售代表A, 2026-Q1: 20\N{NO-BREAK SPACE}万元",
        "获取20个新用户, 销售代表B, 2026-Q1: 20\N{NO-BREAK SPACE}万元",
    ]
    assert [one["title"] for one in form.grid.table["columns"] if one["name"] == "value"] == ["Value (万元)"]


def test_a_change_of_one_part_waits_until_it_is_said_who_takes_it_up(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    assert form.sentences[0] == "The parts come to 72: 12 over the target of 60."
    assert len(form.sentences) == 2  # how the values came about is not so any more
    assert form.sentences[-1] == "“January 2026” is to be 22 and not 10. Who takes up the difference of 12?"
    assert form.blockers == ["First say who takes up the change."]
    form.siblings_button.click()
    assert column(form, "value") == ["22", "20", "18"]  # February is held
    assert form.sentences[0] == "The parts come to 60, as the target does."
    assert "The total stays at 60." in form.sentences[1]
    form.save_button.click()
    assert [stored(form)[key].value for key in ("q1", "jan", "feb", "mar")] == [60, 22, 20, 18]


def test_a_change_can_go_up_to_the_target(workbook):
    grown = target("2026-Q1", "q1", value="60", growth="0.2", owner="销售部")
    form = form_of(workbook, grown, *MONTHS)
    put(form, 0, value="22")
    form.parent_button.click()
    assert column(form, "value") == ["22", "20", "30"]
    assert form.sentences[0] == "The parts come to 72, as the target does."
    form.save_button.click()
    whole = stored(form)["q1"]
    assert (whole.value, whole.growth) == (D(72), None)
    assert stored(form)["jan"].value == D(22)


def test_several_values_pasted_at_once_are_taken_up_by_the_rest(workbook):
    form = form_of(workbook, QUARTER, *[one.model_copy(update={"held": False}) for one in MONTHS])
    form.grid.receive(
        {"do": "paste", "text": "12\n13", "row": form.grid.table["rows"][0]["key"], "column": "value"}
    )
    assert form.sentences[-1] == "2 values were changed. Who takes up the difference of 5?"
    form.siblings_button.click()
    assert column(form, "value") == ["12", "13", "35"]
    put(form, 0, value="10", held="true")
    put(form, 1, value="15")
    assert form.sentences[0].endswith(", as the target does.")
    assert form.blockers == []  # together they come to the same: there is nothing to take up


def test_what_cannot_be_taken_up_is_said_and_changes_nothing(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="45")
    form.siblings_button.click()
    assert form.messages == [
        "The held values come to 65, which is 5 beyond the total of 60: change or release one of them."
    ]
    assert column(form, "value") == ["45", "20", "30"]
    put(form, 0, value="ten")
    assert form.grid.table["rows"][0]["problems"]["value"].startswith("“ten” is not a number")
    assert form.blockers[0].startswith("Row 1: “ten” is not a number")


def test_a_held_value_cannot_be_typed_over(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 1, value="25")
    assert column(form, "value") == ["10", "20", "30"]
    put(form, 1, held="false")
    put(form, 1, value="25")
    assert column(form, "value") == ["10", "25", "30"]


def test_shares_of_departments_60_30_10_are_recorded_with_the_people(workbook):
    form = form_of(workbook, target("2026", "year", value="12000", level=Level.company))
    form.way.value = "people"
    form.rule.value = "weights"
    paste(form, -1, "part", "销售部\t60\n产品部\t30\n市场部\t10")
    assert column(form, "value") == ["7200", "3600", "1200"]
    form.save_button.click()
    assert form.messages == ["4 targets are saved."]
    parts = [one for one in stored(form).values() if one.parent == "year"]
    assert [(one.owner, one.level, one.period, one.value, one.share) for one in parts] == [
        ("销售部", Level.department, "2026", D(7200), D("0.6")),
        ("产品部", Level.department, "2026", D(3600), D("0.3")),
        ("市场部", Level.department, "2026", D(1200), D("0.1")),
    ]
    assert stored(form)["year"].rule is Rule.weights
    form.grid.receive({"do": "remove", "rows": [form.grid.table["rows"][2]["key"]]})
    assert column(form, "value")[:2] == ["8000", "4000"]
    form.save_button.click()
    assert [one.owner for one in stored(form).values() if one.parent == "year"] == ["销售部", "产品部"]


def test_two_people_of_one_name_are_told_apart(workbook):
    form = form_of(workbook, target("2026", "year", value="100"))
    form.way.value = "people"
    assert form.blockers == ["Name at least one part."]
    paste(form, -1, "part", "A\nA")
    assert form.blockers == ["Row 2: another part has this name: tell the two apart."]
    put(form, 1, part="B")
    assert (form.blockers, column(form, "value")) == ([], ["50", "50"])


def test_months_follow_last_year_and_its_seasonality(workbook):
    facts = workbook.write_actuals("sales", revenue=year_of(MONTHS_2025, 2025))
    form = form_of(workbook, target("2026", "year", value="2000"), facts=facts)
    form.way.value = "month"
    form.rule.value = "last_year"
    assert column(form, "value") == [str(2 * value) for value in MONTHS_2025]
    assert column(form, "last") == [str(value) for value in MONTHS_2025]
    form.rule.value = "seasonal"
    assert column(form, "value") == [str(2 * value) for value in MONTHS_2025]
    assert "the only complete year there is" in form.sentences[1]
    form.rule.value = "growth_compound"
    assert form.sentences[0].endswith(", as the target does.")
    assert column(form, "weight")[0].endswith("%")


def test_a_rule_that_lacks_its_figures_says_so(workbook):
    form = form_of(workbook, target("2026", "year", value="2000"))
    form.rule.value = "last_year"
    assert form.blockers == [
        "“Q1 2026” has no weight: give it one. If it is to get nothing, write 0; missing is not zero."
    ]
    assert form.save_button.disabled
    form.rule.value = "even"
    assert form.blockers == []


def test_months_follow_another_indicator(workbook):
    facts = workbook.write_actuals(
        "sales", revenue=year_of(MONTHS_2025, 2025), visits=year_of([1, 2, 3] * 4, 2025)
    )
    form = form_of(workbook, indicator("visits", name="拜访"), target("2026-Q1", "q1", value="60"), facts=facts)
    form.other.value = "visits"
    form.rule.value = "indicator"
    assert column(form, "value") == ["10", "20", "30"]
    assert "Divided in proportion to 拜访." in form.sentences[1]


def test_a_ratio_is_weighed_by_its_bases_and_never_added(workbook):
    workbook.save(
        "sales",
        indicator("on_time", name="及时率", unit="%", over_time="ratio", over_teams="ratio", base="tickets"),
        target("2026", "rate", indicator="on_time", value="0.95"),
    )
    form = cascade_form(workbook.book(on=noon(2026, 11, 3)))
    assert [value for _text, value in form.rule.options] == ["base"]
    assert column(form, "value") == ["0.95"] * 4
    put(form, 0, weight="3")
    put(form, 0, value="0.91")
    form.siblings_button.click()
    assert column(form, "value") == ["0.91", "0.99", "0.99", "0.99"]
    assert form.sentences[0] == (
        "Weighed by their bases, the parts come to 0.95, as the target does."
    )
    form.save_button.click()
    assert stored(form)["rate"].rule is Rule.base


def test_a_last_value_has_no_parts(workbook):
    workbook.save(
        "sales", indicator("staff", over_time="last"), target("2026", "heads", indicator="staff", value="9")
    )
    form = cascade_form(workbook.book(on=noon(2026, 11, 3)))
    assert form.sentences == [
        "Values of this indicator are combined as “last value”, so its target has no parts that add up to it. "
        "Write a target for each part in the form for one target."
    ]
    assert form.save_button.disabled


def test_stretch_and_challenge_are_divided_along(workbook):
    form = form_of(workbook, target("2026-Q1", "q1", value="60", stretch="72", challenge="90"), *MONTHS)
    assert column(form, "stretch") == ["13", "20", "39"]
    assert column(form, "challenge") == ["17.5", "20", "52.5"]
    form.save_button.click()
    march = stored(form)["mar"]
    assert (march.value, march.stretch, march.challenge) == (30, D(39), D("52.5"))


def test_somebody_else_s_part_is_not_overwritten(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    form.book.save(MONTHS[0].model_copy(update={"value": D(11)}), expected=1)
    form.save_button.click()
    assert form.messages[0] == "One target is saved."  # March
    assert "was saved by analyst" in form.messages[1]
    assert form.messages[2] == "Press “Reset” to see what stands now, and divide again."
    assert stored(form)["jan"].value == D(11)
    form.reset_button.click()
    assert column(form, "value") == ["11", "20", "18"]


def test_what_was_typed_for_one_target_is_kept_while_another_is_looked_at(workbook):
    form = form_of(workbook, QUARTER, *MONTHS, target("2026", "year", value="1000"))
    form.target.value = "q1"
    put(form, 0, value="22")
    form.target.value = "year"
    assert column(form, "value") == ["250"] * 4
    form.target.value = "q1"
    assert column(form, "value") == ["22", "20", "30"]
    form.reset_button.click()
    assert column(form, "value") == ["10", "20", "30"]


def test_the_form_stands_without_targets_and_in_chinese(workbook):
    assert form_of(workbook).sentences == [
        "There is no target for this year yet. Add one in the form for one target."
    ]
    with use("zh"):
        form = form_of(workbook, QUARTER)
    assert form.save_button.description == "保存"
    put(form, 0, value="ten")
    assert "不是数字" in form.blockers[0]


@pytest.mark.parametrize("text", ["1e9", "-5", "９", "=1+1", "<img src=x onerror=alert(1)>"])
def test_hostile_numbers_are_told(workbook, text):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 2, value=text)
    form.siblings_button.click()
    assert form.save_button.disabled or D(column(form, "value")[2]) == -5
    assert "<img" not in form._blocker_area.value


def test_undo_brings_back_what_stood_before_a_change_was_taken_up(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    form.grid.receive({"do": "undo"})
    assert column(form, "value") == ["10", "20", "30"]
    assert form.blockers == []
