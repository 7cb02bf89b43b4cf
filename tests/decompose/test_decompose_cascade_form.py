"""目标层级拆解 in a grid: a target divided, a part held, a part changed, and all of it saved as targets."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from stories import MONTHS_2025, Workbook, indicator, noon, rows_of, target, year_of

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


def sides(form: CascadeForm) -> list[tuple[str, ...]]:
    """Give the rows of the comparison: field, theirs, mine."""
    return rows_of(form._conflict._comparison.value)


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
    assert form.sentences[0] == "Weighed by their bases, the parts come to 0.95, as the target does."
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
    assert form.messages[1].startswith("Row 1: Target “jan”")
    assert form.messages[2].startswith("What you typed is still here. Keep their version and drop yours")
    assert sides(form) == [("Value", "11", "22")]
    assert stored(form)["jan"].value == D(11)
    assert form.blockers == ["First choose between your version and the one saved in the meantime."]
    assert column(form, "value") == ["22", "20", "18"]
    form.reset_button.click()
    assert column(form, "value") == ["11", "20", "18"]
    assert form._conflict.widget.layout.display == "none"


def edited(form: CascadeForm, target_id: str, **changes: object) -> None:
    """Let somebody else save a target while the form is open."""
    newest = form.book.history(Target, target_id)[-1]
    body = {**dict(newest.record), **changes}
    form.book.store.save("sales", Target.build(body), author="lead", expected=newest.version)


def test_mine_goes_over_their_value_and_leaves_what_they_wrote_besides(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    edited(form, "jan", value="11", statement="theirs", owner="B", committed="9", note="theirs")
    form.reason.value = "as agreed"
    form.save_button.click()
    assert sides(form) == [("Value", "11", "22")]
    form.save_mine_button.click()
    assert form.messages == ["One target is saved."]
    january = form.book.history(Target, "jan")[-1]
    assert (january.version, january.reason) == (3, "as agreed")
    assert january.record == target(
        "2026-01", "jan", value="22", parent="q1", statement="theirs", owner="B", committed="9", note="theirs"
    )
    assert [stored(form)[key].value for key in ("q1", "jan", "feb", "mar")] == [60, 22, 20, 18]
    assert (form.blockers, form.reason.value, form.rule.value) == ([], "", "weights")


def test_their_value_is_kept_and_what_was_typed_in_other_rows_stays(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    edited(form, "jan", value="11", held=True)
    form.save_button.click()
    put(form, 2, value="29")
    form.keep_theirs_button.click()
    assert form.messages == ["Their version is kept."]
    assert column(form, "value") == ["11", "20", "29"]
    assert column(form, "held") == ["true", "true", "false"]
    assert form.blockers == []
    form.save_button.click()
    assert [stored(form)[key].value for key in ("q1", "jan", "feb", "mar")] == [60, 11, 20, 29]
    assert form.book.history(Target, "jan")[-1].version == 2


def test_what_cannot_be_read_in_another_row_stays_while_theirs_is_kept(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    edited(form, "jan", value="11")
    form.save_button.click()
    put(form, 2, value="ten")
    form.keep_theirs_button.click()
    assert column(form, "value") == ["11", "20", "ten"]
    assert form.blockers[0].startswith("Row 3: “ten” is not a number")


def test_conflicts_are_decided_one_after_the_other(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    edited(form, "jan", value="11")
    edited(form, "mar", value="29")
    form.save_button.click()
    assert sides(form) == [("Value", "11", "22")]
    form.save_mine_button.click()
    assert form.messages[:1] == ["One target is saved."]
    assert form.messages[1].startswith("Row 3: Target “mar”")
    assert sides(form) == [("Value", "29", "18")]
    form.save_mine_button.click()
    assert form.messages == ["One target is saved."]
    assert [stored(form)[key].value for key in ("q1", "jan", "feb", "mar")] == [60, 22, 20, 18]


def test_who_saves_again_before_mine_goes_over_it_is_met_again(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    edited(form, "jan", value="11")
    form.save_button.click()
    edited(form, "jan", value="12", note="second thoughts")
    form.save_mine_button.click()
    assert sides(form) == [("Value", "12", "22")]
    form.save_mine_button.click()
    assert (stored(form)["jan"].value, stored(form)["jan"].note) == (D(22), "second thoughts")


def test_a_value_and_their_growth_are_never_mixed(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    edited(form, "jan", value=None, growth="0.1", due="31 Jan")
    form.save_button.click()
    assert sides(form) == [("Value", "–", "22"), ("Growth", "0.1", "–")]
    form.save_mine_button.click()
    january = stored(form)["jan"]
    assert (january.value, january.growth, january.due) == (D(22), None, "31 Jan")


def test_the_target_that_somebody_else_changed_meanwhile_is_not_overwritten(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.parent_button.click()
    edited(form, "q1", value="90", owner="theirs")
    form.save_button.click()
    assert stored(form)["q1"] == target("2026-Q1", "q1", value="90", owner="theirs")
    assert form.messages[0] == "One target is saved."  # January
    assert form.messages[1].startswith("Target “q1” was saved by lead")
    assert sides(form) == [("Value", "90", "72")]
    form.keep_theirs_button.click()
    assert form.sentences[0] == "The parts come to 72: 18 short of the target of 90."
    assert form.blockers == ["The parts do not come to the target: divide it anew, or change a part."]
    form.divide_button.click()
    form.save_button.click()
    assert stored(form)["q1"] == target("2026-Q1", "q1", value="90", owner="theirs", rule=Rule.weights)
    assert sum(one.value for one in stored(form).values() if one.parent == "q1") == 90


def test_mine_goes_over_their_target_and_leaves_its_owner(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.parent_button.click()
    edited(form, "q1", value="90", owner="theirs")
    form.save_button.click()
    form.save_mine_button.click()
    assert stored(form)["q1"] == target("2026-Q1", "q1", value="72", owner="theirs")
    assert form.blockers == []


def test_a_target_opened_after_somebody_changed_it_is_met_too(workbook):
    form = form_of(workbook, target("2026", "year", value="1000"), QUARTER, *MONTHS)
    form.target.value = "year"
    edited(form, "q1", value="90")
    edited(form, "jan", value="40")
    form.target.value = "q1"
    assert column(form, "value") == ["10", "20", "30"]
    put(form, 0, value="22")
    form.parent_button.click()
    form.save_button.click()
    assert (stored(form)["q1"].value, stored(form)["jan"].value) == (D(90), D(40))
    assert sides(form) == [("Value", "90", "72")]


def test_two_who_divide_the_same_target_meet_and_make_no_part_twice(workbook):
    form = form_of(workbook, target("2026", "year", value="1000"))
    other = cascade_form(workbook.book(on=noon(2026, 11, 3)))
    put(other, 0, value="400")
    other.siblings_button.click()
    other.save_button.click()
    form.rule.value = "weights"
    form.save_button.click()
    assert [one.id for one in stored(form).values()] == ["year", "year-1", "year-2", "year-3", "year-4"]
    for _time in range(5):
        form.keep_theirs_button.click()
    assert column(form, "value") == ["400", "200", "200", "200"]
    assert form.blockers == []


def test_a_part_that_i_take_away_and_they_change_comes_back_or_goes(workbook):
    people = [target("2026", key, value="500", owner=key.upper(), parent="year", level=Level.team) for key in "ab"]
    form = form_of(workbook, target("2026", "year", value="1000"), *people)
    form.grid.receive({"do": "remove", "rows": ["id:b"]})
    edited(form, "b", value="400")
    form.save_button.click()
    assert form.messages[-1] == "Keep their version and leave the record there, or delete it all the same."
    form.keep_theirs_button.click()
    assert column(form, "part") == ["A", "B"]
    assert column(form, "value") == ["1000", "400"]
    form.grid.receive({"do": "remove", "rows": ["id:b"]})
    edited(form, "b", value="300")
    form.save_button.click()
    form.save_mine_button.click()
    assert [one.id for one in stored(form).values()] == ["year", "a"]


def deleted(form: CascadeForm, target_id: str) -> None:
    newest = form.book.history(Target, target_id)[-1]
    form.book.store.delete("sales", newest.record, author="lead", expected=newest.version)


@pytest.mark.parametrize("mine", [True, False])
def test_a_part_that_they_delete_while_i_change_it_comes_back_or_is_missing(workbook, mine):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.siblings_button.click()
    deleted(form, "jan")
    form.save_button.click()
    assert form.messages[-1] == "What you typed is still here. Keep it deleted, or save yours over that."
    (form.save_mine_button if mine else form.keep_theirs_button).click()
    if mine:
        assert [stored(form)[key].value for key in ("q1", "jan", "feb", "mar")] == [60, 22, 20, 18]
    else:
        assert column(form, "value") == ["", "20", "18"]
        assert form.sentences[0] == "Not every part has a value yet."
        assert form.save_button.disabled
        assert "jan" not in stored(form)


def test_a_target_that_they_delete_meanwhile_is_divided_no_more(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    put(form, 0, value="22")
    form.parent_button.click()
    deleted(form, "q1")
    form.save_button.click()
    form.keep_theirs_button.click()
    assert form.messages == ["Their version is kept."]
    assert form.target.value == "jan"
    assert "q1" not in stored(form)


def test_an_earlier_version_of_a_part_is_put_back_into_its_row_and_saved_as_a_new_one(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    assert form.versions.widget.layout.display == "none"
    put(form, 0, value="22")
    form.siblings_button.click()
    form.save_button.click()
    versions = form.versions.versions
    assert [name for name, _key in form.versions.picker.options] == ["January 2026", "March 2026"]
    form.grid.row = "2026-03"
    assert form.versions.picker.value == "2026-03"
    form.grid.row = "2026-02"  # it has one version alone
    assert form.versions.picker.value == "2026-03"
    form.versions.picker.value = "2026-01"
    versions.picker.value = 1
    assert rows_of(versions._differences.value) == [("Value", "10", "22")]
    versions.restore_button.click()
    assert column(form, "value") == ["10", "20", "18"]
    assert form.messages == ["The fields hold version 1 again. Nothing is saved until you save it."]
    assert form.reason.value == "back to version 1"
    assert form.blockers == ["First say who takes up the change."]
    assert stored(form)["jan"].value == D(22)
    form.siblings_button.click()
    form.save_button.click()
    newest = form.book.history(Target, "jan")[-1]
    assert (newest.version, newest.reason, newest.record) == (3, "back to version 1", MONTHS[0])
    assert [stored(form)[key].value for key in ("q1", "jan", "feb", "mar")] == [60, 10, 20, 30]


def test_a_held_value_goes_back_too_and_reset_takes_the_reason_out_again(workbook):
    form = form_of(workbook, QUARTER, *MONTHS)
    edited(form, "feb", value="25", held=False)
    edited(form, "feb", value="30", held=True)
    form.reset_button.click()
    versions = form.versions.versions
    versions.picker.value = 2
    versions.restore_button.click()
    assert (column(form, "value")[1], column(form, "held")[1]) == ("25", "false")
    versions.picker.value = 1
    versions.restore_button.click()
    assert (column(form, "value")[1], column(form, "held")[1]) == ("20", "true")
    form.reset_button.click()
    assert (column(form, "value")[1], form.reason.value) == ("30", "")


def test_the_versions_are_those_of_the_target_that_is_shown(workbook):
    form = form_of(
        workbook,
        target("2026-Q1", "q1", value="60"),
        target("2026-Q1", "q1b", value="6"),
        *MONTHS,
        target("2026-01", "jan-b", value="1", parent="q1b"),
    )
    edited(form, "jan", value="11")
    edited(form, "jan-b", value="2")
    form.reset_button.click()
    for key, first in (("q1", 10), ("q1b", 1), ("q1", 10)):
        form.target.value = key
        form.way.value = "month"
        form.versions.versions.picker.value = 1
        assert form.versions.versions.chosen.record.value == first


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
