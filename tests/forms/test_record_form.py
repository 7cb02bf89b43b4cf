"""An analyst fills in a form: typed, told what is missing, saved, and never robbed of what was typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kpinb.clarify.records import BusinessGoal, Criterion, Indicator
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.errors import KpinbError
from kpinb.forms import RecordForm
from kpinb.language import use
from kpinb.plan.records import Assignment, Milestone
from kpinb.track.records import CheckIn

HOSTILE = "<img src=x onerror=alert(1)>"


class StoreDown(KpinbError):
    """Stands for any error that is told in a sentence."""


@pytest.fixture
def goal() -> BusinessGoal:
    return BusinessGoal(id="loyalty", name="提升用户粘性")


@pytest.fixture
def revenue() -> Indicator:
    return Indicator(id="revenue", name="营收", unit="万元", weight="0.6")


def indicator_form(book, **options) -> RecordForm:
    return RecordForm(book, Indicator, references={"business_goal": BusinessGoal}, **options)


def html_of(form: RecordForm) -> str:
    """Give everything that the form shows as HTML, but for its rules of style."""
    found, waiting = [], list(form.widget.children[1:])
    while waiting:
        widget = waiting.pop()
        waiting.extend(getattr(widget, "children", ()))
        if type(widget).__name__ == "HTML":
            found.append(widget.value)
    return "\n".join(found)


def test_a_new_indicator_is_typed_and_saved(goal, book_of):
    book = book_of(goal)
    form = indicator_form(book)
    form["name"].value = "复购率"
    form["unit"].value = "%"
    form["goals"].value = ("loyalty",)
    form["weight"].value = "0.25"
    form["importance"].value = 5
    form.reason.value = "first talk with the issuer"
    form.save_button.click()
    (stored,) = book.revisions(Indicator)
    assert stored.record == Indicator(
        id="indicator-1", name="复购率", unit="%", goals=["loyalty"], weight=Decimal("0.25"), importance=5
    )
    assert (stored.version, stored.reason) == (1, "first talk with the issuer")
    assert form.messages == ["Indicator “复购率” is saved: version 1, by me, 2026-11-02 08:01 UTC."]
    assert form.picker.value == "indicator-1"
    assert form.picker.options == (("New: Indicator", ""), ("复购率 (indicator-1)", "indicator-1"))
    assert form.reason.value == ""
    assert form["id"].disabled


def test_what_is_missing_is_listed_and_blocks_the_button(book_of):
    form = RecordForm(book_of(), Milestone, references={"task": Task})
    assert form.save_button.disabled
    assert form.blockers == ["Milestone: this is required.", "Due: this is required."]
    assert form.shown_problems == {}
    form["name"].value = "问卷设计"
    form["due"].value = date(2026, 6, 10)
    assert form.blockers == []
    assert not form.save_button.disabled


def test_a_problem_is_shown_beside_a_field_only_once_it_was_touched(book_of):
    form = RecordForm(book_of(), Milestone, references={"task": Task})
    assert "kpinb-problem" not in html_of(form)
    form["name"].value = "x"
    form["name"].value = ""
    assert form.shown_problems == {"name": "this is required."}
    assert html_of(form).count("kpinb-problem") == 1
    form.save_button.click()
    assert form.shown_problems == {"name": "this is required.", "due": "this is required."}
    assert form.messages == ["Not saved: see what is missing."]


def test_a_draft_survives_a_number_that_is_none(revenue, book_of):
    book = book_of(revenue)
    form = indicator_form(book)
    form.picker.value = "revenue"
    form["owner"].value = "销售部经理"
    form["weight"].value = "0,5"
    assert form.save_button.disabled
    assert form.shown_problems["weight"].startswith("“0,5” is not a number")
    form.save_button.click()
    assert book.history(Indicator, "revenue")[-1].version == 1
    assert (form["owner"].value, form["weight"].value) == ("销售部经理", "0,5")
    form["weight"].value = "0.5"
    form.save_button.click()
    newest = book.history(Indicator, "revenue")[-1]
    assert (newest.version, newest.record.owner, newest.record.weight) == (2, "销售部经理", Decimal("0.5"))


def test_an_emptied_number_is_missing_and_not_zero(book_of):
    form = RecordForm(book_of(), Milestone, references={"task": Task})
    form["buffer_days"].value = ""
    assert form.shown_problems == {"buffer_days": "this is required."}


def test_a_rule_across_fields_is_told_under_the_button(revenue, book_of):
    form = RecordForm(book_of(revenue), Target, references={"indicator": Indicator})
    form["indicator"].value = "revenue"
    form["period"].value = "2026"
    assert form.blockers == ["Target: give a value, a growth, or a part of the year's growth."]
    form["growth"].value = "0.2"
    assert form.blockers == []


def test_an_english_name_proposes_the_id_until_the_id_is_typed(revenue, book_of):
    form = indicator_form(book_of(revenue))
    assert form["id"].value == "indicator-1"
    form["name"].value = "Repeat purchases, 2026"
    assert form["id"].value == "repeat-purchases-2026"
    form["name"].value = "Revenue"
    assert form["id"].value == "revenue-2"
    form["name"].value = "新客 CAC"
    assert form["id"].value == "indicator-1"
    form["id"].value = "cac"
    form["name"].value = "Cost of acquisition"
    assert form["id"].value == "cac"


def test_the_id_of_a_deleted_record_is_not_proposed_again(book_of):
    book = book_of()
    book.write(Indicator(id="indicator-1", name="旧"), deleted=True)
    assert indicator_form(book)["id"].value == "indicator-2"


def test_an_id_that_is_taken_is_told_while_typing(revenue, book_of):
    form = indicator_form(book_of(revenue))
    form["name"].value = "另一个"
    form["id"].value = "revenue"
    assert form.shown_problems["id"].startswith("“revenue” is taken")
    assert form.save_button.disabled


def conflicting(book) -> RecordForm:
    """Let two people change the same indicator; give the form of the one who was slower."""
    form = indicator_form(book)
    form.picker.value = "revenue"
    form["owner"].value = "销售代表A"
    book.write(Indicator(id="revenue", name="营收", unit="元", weight="0.6", owner="销售部经理"))
    form.save_button.click()
    return form


def test_a_conflict_shows_both_sides_and_keeps_the_draft(revenue, book_of):
    form = conflicting(book_of(revenue))
    assert form.messages[0] == "Somebody saved it first."
    table = html_of(form)
    assert '<th scope="row">Owner</th><td>销售部经理</td><td>销售代表A</td>' in table
    assert '<th scope="row">Unit</th><td>元</td><td>万元</td>' in table
    assert table.count('<th scope="row">') == 2
    assert form["owner"].value == "销售代表A"
    assert form.save_button.disabled
    assert not form.save_mine_button.disabled


def test_keeping_a_deletion_says_that_it_stays_deleted(revenue, book_of):
    book = book_of(revenue)
    form = RecordForm(book, Indicator, references={"business_goal": BusinessGoal})
    form.picker.value = revenue.id
    form["owner"].value = "王芳"
    book.write(revenue, deleted=True)
    form.save_button.click()
    form.keep_theirs_button.click()
    assert form.messages == ["“营收” stays deleted."]
    assert form.draft.is_new


def test_keeping_theirs_reloads_it(revenue, book_of):
    book = book_of(revenue)
    form = conflicting(book)
    form.keep_theirs_button.click()
    assert (form["owner"].value, form["unit"].value) == ("销售部经理", "元")
    assert form.messages == ["Their version is kept: “营收”, version 2."]
    assert len(book.history(Indicator, "revenue")) == 2
    form["owner"].value = "销售代表A"
    form.save_button.click()
    assert [r.record.owner for r in book.history(Indicator, "revenue")] == ["", "销售部经理", "销售代表A"]


def test_saving_mine_over_it_makes_the_next_version(revenue, book_of):
    book = book_of(revenue)
    form = conflicting(book)
    form.save_mine_button.click()
    newest = book.history(Indicator, "revenue")[-1]
    assert (newest.version, newest.record.owner, newest.record.unit) == (3, "销售代表A", "万元")
    assert form.blockers == []
    assert "kpinb-comparison" not in html_of(form)


def test_saving_mine_over_it_meets_a_third_person(revenue, book_of):
    book = book_of(revenue)
    form = conflicting(book)
    book.write(Indicator(id="revenue", name="营收", unit="亿元"))
    form.save_mine_button.click()
    assert '<th scope="row">Unit</th><td>亿元</td><td>万元</td>' in html_of(form)
    form.save_mine_button.click()
    assert book.history(Indicator, "revenue")[-1].record.owner == "销售代表A"


def test_a_record_that_was_deleted_meanwhile_can_be_kept(revenue, book_of):
    book = book_of(revenue)
    form = indicator_form(book)
    form.picker.value = "revenue"
    form["owner"].value = "销售代表A"
    book.write(revenue, deleted=True)
    form.save_button.click()
    assert "Keep it deleted" in form.messages[1]
    form.save_mine_button.click()
    assert [r.record.owner for r in book.revisions(Indicator)] == ["销售代表A"]


def test_two_new_records_under_one_id_are_both_kept_by_another_id(book_of):
    book = book_of()
    form = indicator_form(book)
    form["name"].value = "复购率"
    book.write(Indicator(id="indicator-1", name="营收"))
    form.save_button.click()
    assert form.messages[-1] == "To keep both, give yours another id."
    form["id"].value = "indicator-2"
    form.save_button.click()
    assert [r.record.name for r in book.revisions(Indicator)] == ["营收", "复购率"]


def test_an_error_of_the_store_is_a_sentence_and_the_draft_survives(book_of):
    book = book_of()
    form = indicator_form(book)
    form["name"].value = "营收"
    book.failure = StoreDown("The store cannot be reached; try again.")
    form.save_button.click()
    assert form.messages == ["The store cannot be reached; try again."]
    assert form["name"].value == "营收"
    book.failure = None
    form.save_button.click()
    assert [r.record.name for r in book.revisions(Indicator)] == ["营收"]


def test_even_a_fault_of_the_program_is_told_and_loses_nothing(caplog, book_of):
    book = book_of()
    form = indicator_form(book)
    form["name"].value = "营收"
    book.failure = ZeroDivisionError("division by zero")
    form.save_button.click()
    assert form.messages == ["Something went wrong (division by zero). What you typed is still here."]
    assert form["name"].value == "营收"
    assert "division by zero" in caplog.text


def test_looking_at_another_record_keeps_what_was_typed(revenue, book_of):
    book = book_of(revenue)
    form = indicator_form(book)
    form["name"].value = "复购率"
    form.picker.value = "revenue"
    assert form["name"].value == "营收"
    form["owner"].value = "销售部经理"
    form.picker.value = ""
    assert form["name"].value == "复购率"
    assert form.picker.options[1] == ("营收 (revenue) – not saved yet", "revenue")
    form.picker.value = "revenue"
    assert form["owner"].value == "销售部经理"
    form.reset_button.click()
    assert form["owner"].value == ""


def test_saving_what_was_not_changed_makes_no_version(revenue, book_of):
    book = book_of(revenue)
    form = indicator_form(book)
    form.picker.value = "revenue"
    form.save_button.click()
    assert form.messages == ["Nothing was changed, so there is nothing to save."]
    assert len(book.log) == 1


def test_a_store_that_fails_while_another_record_is_picked_leaves_the_form_as_it_was(
    revenue, monkeypatch, book_of
):
    book = book_of(revenue)
    form = indicator_form(book)
    form["name"].value = "复购率"

    def down(_kind):
        raise StoreDown("The store cannot be reached; try again.")

    monkeypatch.setattr(book, "revisions", down)
    form.picker.value = "revenue"
    assert form.messages == ["The store cannot be reached; try again."]
    assert (form.picker.value, form["name"].value) == ("", "复购率")


def test_references_are_offered_by_name(revenue, goal, book_of):
    target = Target(id="target-1", indicator="revenue", period="2026", growth="0.2")
    book = book_of(revenue, goal, target)
    criterion = RecordForm(book, Criterion, references={"indicator": Indicator})
    assert criterion["indicator"].options == (("Choose…", ""), ("营收 (revenue)", "revenue"))
    task = RecordForm(book, Task, references={"target": Target, "indicator": Indicator})
    assert task["target"].options == (("–", ""), ("营收 · 2026 (target-1)", "target-1"))
    assert indicator_form(book)["goals"].options == (("提升用户粘性 (loyalty)", "loyalty"),)


def test_a_goal_cannot_be_part_of_itself(goal, book_of):
    form = RecordForm(book_of(goal, BusinessGoal(id="growth", name="增长")), BusinessGoal)
    form.picker.value = "loyalty"
    assert [value for _text, value in form["parent"].options] == ["", "growth"]


def test_a_reference_to_what_was_deleted_is_shown_and_not_dropped(book_of):
    task = Task(id="task-1", name="宣讲", target="gone")
    milestone = Milestone(id="m1", name="季度末", due=date(2026, 3, 31), tasks=["gone", "task-1"])
    book = book_of(task, milestone)
    form = RecordForm(book, Task, references={"target": Target})
    form.picker.value = "task-1"
    assert form["target"].value == "gone"
    assert form["target"].options[-1] == ("gone – no longer there", "gone")
    form["owner"].value = "市场部"
    form.save_button.click()
    assert book.shared(Task)[0].target == "gone"
    many = RecordForm(book, Milestone, references={"task": Task})
    many.picker.value = "m1"
    assert many["tasks"].value == ("task-1", "gone")


def test_looking_at_a_list_in_another_order_changes_nothing(book_of):
    tasks = [Task(id="task-1", name="一"), Task(id="task-2", name="二")]
    milestone = Milestone(id="m1", name="季度末", due=date(2026, 3, 31), tasks=["task-2", "task-1"])
    book = book_of(*tasks, milestone)
    form = RecordForm(book, Milestone, references={"task": Task})
    form.picker.value = "m1"
    form["owner"].value = "市场部"
    form.save_button.click()
    assert book.shared(Milestone)[0].tasks == ["task-2", "task-1"]


def test_a_check_in_is_made_for_a_task_that_has_none_yet(book_of):
    book = book_of(
        Task(id="task-1", name="宣讲"),
        Task(id="task-2", name="跟进线索"),
        CheckIn(id="task-1", on=date(2026, 10, 1)),
    )
    form = RecordForm(book, CheckIn, references={"task": Task}, defaults={"on": date(2026, 10, 9)})
    assert form["id"].options == (("Choose…", ""), ("跟进线索 (task-2)", "task-2"))
    assert form.picker.options[1] == ("宣讲 (task-1)", "task-1")
    form["id"].value = "task-2"
    form["confidence"].value = 8
    form.save_button.click()
    assert book.shared(CheckIn)[1] == CheckIn(id="task-2", on=date(2026, 10, 9), confidence=8)
    form.picker.value = "task-1"
    assert (form["id"].value, form["id"].disabled) == ("task-1", True)


def test_roles_are_ticked(book_of):
    book = book_of(Task(id="survey", name="客户满意度调研"))
    form = RecordForm(book, Assignment, references={"task": Task})
    form["task"].value = "survey"
    form["who"].value = "销售部"
    assert form.blockers == ["Roles: this is required."]
    assert [text for text, _value in form["roles"].options] == [
        "responsible", "accountable", "consulted", "informed",
    ]  # fmt: skip
    form["roles"].value = ("R",)
    form.save_button.click()
    assert book.shared(Assignment)[0].roles == ["R"]
    assert form.picker.options[1] == ("销售部 · 客户满意度调研 (assignment-1)", "assignment-1")


def test_only_the_fields_asked_for_are_shown_and_the_others_keep_what_they_have(revenue, book_of):
    book = book_of(revenue)
    form = indicator_form(book, fields=["name", "owner"], title="Who answers for it")
    with pytest.raises(KeyError):
        form["unit"]
    form.picker.value = "revenue"
    form["owner"].value = "销售部经理"
    form.save_button.click()
    assert book.shared(Indicator)[0].unit == "万元"
    assert "Who answers for it" in html_of(form)


def test_a_form_that_cannot_offer_a_reference_is_a_fault_of_the_program(book_of):
    with pytest.raises(TypeError, match="business_goal"):
        RecordForm(book_of(), Indicator)
    with pytest.raises(TypeError, match="nmae"):
        RecordForm(book_of(), FunnelStage, fields=["nmae"])
    with pytest.raises(TypeError, match="peroid"):
        RecordForm(book_of(), FunnelStage, defaults={"peroid": "2026"})


def test_hostile_text_stays_text(book_of):
    book = book_of(Indicator(id="revenue", name=HOSTILE, statement=HOSTILE), BusinessGoal(id="g", name=HOSTILE))
    form = indicator_form(book, title=HOSTILE)
    form.picker.value = "revenue"
    form["weight"].value = HOSTILE
    form["id"].disabled = False
    assert HOSTILE in form.blockers[0]  # the control: it is really shown
    assert "&lt;img src=x" in html_of(form)
    form["weight"].value = ""
    form["statement"].value = HOSTILE + "!"
    book.write(Indicator(id="revenue", name=HOSTILE, statement=HOSTILE + "?"))
    form.save_button.click()
    assert "onerror=alert(1)&gt;?" in html_of(form)
    form.save_mine_button.click()
    assert HOSTILE in form.messages[0]
    assert "<img" not in html_of(form)


def test_a_form_speaks_the_language_it_was_made_in(book_of, monkeypatch):
    class Catalogue:
        def __init__(self, code: str) -> None:
            self.code = code

        def gettext(self, message: str) -> str:
            return f"{self.code}|{message}"

    monkeypatch.setattr("kpinb.language._translations", Catalogue)
    with use("zh"):
        form = indicator_form(book_of())
    assert form["direction"].options[0][0] == "zh|at least"
    assert form["name"].description == "zh|Name"
    assert form.save_button.description == "zh|Save"
    form["name"].value = "x"  # the language is English again by now
    form["name"].value = ""
    assert form.shown_problems == {"name": "zh|this is required."}
    form.save_button.click()
    assert form.messages == ["zh|Not saved: see what is missing."]
    assert indicator_form(book_of())["name"].description == "en|Name"


def test_where_widgets_cannot_be_drawn_a_sentence_stands(monkeypatch, book_of):
    shown = []
    monkeypatch.setattr("kpinb.forms.layout.display", lambda bundle, raw: shown.append((bundle, raw)))
    form = indicator_form(book_of())
    form._ipython_display_()
    ((bundle, raw),) = shown
    assert raw
    assert bundle["text/plain"] == "Form “Indicator”: run this cell to fill it in."
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == form.widget.model_id
