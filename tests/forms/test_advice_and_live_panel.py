"""While an analyst types: advice beside the field, and what the entry means beside the form."""

from __future__ import annotations

import asyncio

import altair as alt
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances

from kpinb.clarify.records import BusinessGoal, Indicator
from kpinb.errors import BadInput
from kpinb.forms import RecordForm
from kpinb.forms.live import bundles
from kpinb.view import Column, Figure, Sentence, Table
from kpinb.view.theme import MIME

HOSTILE = "<img src=x onerror=alert(1)>"


def form_of(book_of, **options) -> RecordForm:
    return RecordForm(book_of(), Indicator, references={"business_goal": BusinessGoal}, **options)


def note_of(form: RecordForm, field: str) -> str:
    return form._entries[field].box.children[1].value


def vague(values) -> dict[str, str]:
    return {"statement": "how much? <b>"} if "优化" in values["statement"] else {}


def text_of(form: RecordForm) -> list[str]:
    return [bundle["text/plain"] for bundle in form.panel.outputs]


def test_vague_wording_is_marked_while_it_is_typed_and_does_not_stand_in_the_way(book_of):
    form = form_of(book_of, advice=vague)
    form["name"].value = "响应速度"
    form["statement"].value = "优化"
    assert '<div class="kpinb-advice" role="status">How much? &lt;b&gt;</div>' in note_of(form, "statement")
    assert form.blockers == []
    form["statement"].value = "平均响应时间≤2小时"
    assert "kpinb-advice" not in note_of(form, "statement")


def test_advice_that_fails_stands_in_nobody_s_way(book_of, caplog):
    form = form_of(book_of, advice=lambda values: {"name": values["nothing"]})
    form["name"].value = "营收"
    form.save_button.click()
    assert form.messages[0].startswith("Indicator “营收” is saved")
    assert "advice could not be given" in caplog.text


def test_the_panel_shows_what_a_valid_entry_means_and_keeps_it_while_the_entry_is_not(book_of):
    form = form_of(book_of, live=lambda indicator: [Sentence(f"{indicator.name} counts.")])
    assert text_of(form) == []
    assert "Here you will see what the entry means, once it is complete." in form.panel.remark
    form["name"].value = "营收"
    assert (text_of(form), form.panel.remark) == (["营收 counts."], "")
    form["weight"].value = "half"
    assert text_of(form) == ["营收 counts."]
    assert "the last valid entry" in form.panel.remark
    form["weight"].value = "0.5"
    assert form.panel.remark == ""


def test_the_same_entry_is_computed_once_until_it_is_saved(book_of):
    asked = []

    def live(indicator):
        asked.append(indicator.name)
        return []

    form = form_of(book_of, live=live)
    form["name"].value = "营收"
    form["weight"].value = "half"
    form["weight"].value = ""
    assert (asked, form.panel.remark) == (["营收"], "")
    form.save_button.click()
    form["owner"].value = ""
    # What an entry means may hang on what is saved, as whether it ends an agreement does.
    assert asked == ["营收", "营收"]


def test_what_was_typed_before_a_reset_does_not_come_over_the_panel_afterwards(book_of, monkeypatch):
    monkeypatch.setattr("kpinb.forms.live._PAUSE", 0.05)

    async def type_and_reset() -> None:
        form["name"].value = "draft"
        form.reset_button.click()
        await asyncio.sleep(0.2)

    form = form_of(book_of, live=lambda indicator: [Sentence(indicator.name)])
    asyncio.run(type_and_reset())
    assert text_of(form) == []


def test_a_form_keeps_no_more_widgets_however_often_it_is_saved(book_of):
    book = book_of(BusinessGoal(id="growth", name="增长"), BusinessGoal(id="loyalty", name="粘性"))
    form = RecordForm(book, Indicator, references={"business_goal": BusinessGoal})
    form["name"].value = "营收"

    def saved(owner: str) -> int:
        form["owner"].value = owner
        form.save_button.click()
        assert "is saved" in form.messages[0]
        return len(_instances)

    assert saved("A") == saved("B") == saved("C")
    book.write(BusinessGoal(id="third", name="第三"))
    before = saved("D")
    book.write(BusinessGoal(id="third", name="另一个"))
    assert saved("E") == before


def test_a_panel_that_fails_says_so(book_of, caplog):
    def live(indicator):
        if indicator.owner:
            raise ZeroDivisionError(HOSTILE)
        raise BadInput("There are no actuals yet.")

    form = form_of(book_of, live=live)
    form["name"].value = "营收"
    assert text_of(form) == ["There are no actuals yet."]
    form["owner"].value = "A"
    assert text_of(form) == [f"This could not be worked out ({HOSTILE})."]
    assert "<img" not in form.panel.outputs[0]["text/html"]
    assert "ZeroDivisionError" in caplog.text
    form.save_button.click()
    assert form.messages[0].startswith("Indicator “营收” is saved")


def test_sentences_tables_and_figures_are_shown_as_a_notebook_shows_them():
    frame = pd.DataFrame({"month": ["1", "2"], "value": [3, 4]})
    chart = alt.Chart(frame).mark_bar().encode(x="month:N", y="value:Q")
    table = Table(frame, [Column("month", "Month")], empty="none")
    figure = Figure(Sentence("It rises."), chart)
    shown = [
        bundle for thing in (table, figure, Figure(Sentence("Nothing to draw.")), 5) for bundle in bundles(thing)
    ]
    assert [list(bundle) for bundle in shown] == [
        ["text/html", "text/plain"],
        ["text/html", "text/plain"],
        [MIME, "text/plain"],
        ["text/html", "text/plain"],
        ["text/plain"],
    ]
    assert shown[2][MIME]["description"] == "It rises."


def test_in_the_kernel_the_panel_waits_for_a_pause_and_advice_does_not(book_of, monkeypatch):
    monkeypatch.setattr("kpinb.forms.live._PAUSE", 0.05)
    asked = []

    def live(indicator):
        asked.append(indicator.name)
        return [Sentence(indicator.name)]

    async def type_a_name() -> None:
        form["name"].value = "a"
        form["name"].value = "ab"
        form["statement"].value = "优化"
        assert asked == []
        assert "kpinb-advice" in note_of(form, "statement")
        await asyncio.sleep(0.2)

    form = form_of(book_of, live=live, advice=vague)
    asyncio.run(type_a_name())
    assert asked == ["ab"]
    assert text_of(form) == ["ab"]


@pytest.mark.parametrize("has_panel", [True, False])
def test_a_panel_stands_beside_the_fields_only_where_there_is_one(book_of, has_panel):
    form = form_of(book_of, live=(lambda _indicator: []) if has_panel else None)
    assert (form.panel is not None) is has_panel
    assert ("kpinb-wide" in form.widget._dom_classes) is has_panel
