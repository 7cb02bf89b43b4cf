"""Every record class of every stage gets a form, with no line written for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Annotated

import ipywidgets as widgets
import pytest
from pydantic import Field

import kpinb
from kpinb.forms import RecordForm
from kpinb.forms.fields import CheckList
from kpinb.forms.shape import shapes_of
from kpinb.records import Record, label

STAGES = sorted(path.parent.name for path in Path(kpinb.__file__).parent.glob("*/records.py"))
MODULES = [import_module(f"kpinb.{stage}.records") for stage in STAGES]
KINDS = [
    thing
    for module in MODULES
    for thing in vars(module).values()
    if isinstance(thing, type) and issubclass(thing, Record) and thing.__module__ == module.__name__
]
BY_KIND = {kind.kind: kind for kind in KINDS}


def test_all_stages_were_looked_through():
    assert {"clarify", "decompose", "plan", "track", "retrospective"} <= set(STAGES)
    assert len(KINDS) >= 17


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_a_form_has_a_labelled_widget_for_each_field(kind, language, book_of):
    with kpinb.language.use(language):
        form = RecordForm(book_of(), kind, references=BY_KIND)
        labels = {name: form[name].description for name in kind.model_fields}
        assert labels == {name: label(kind, name) for name in kind.model_fields}
    assert "" not in labels.values()


@pytest.mark.parametrize(
    ("kind", "field", "widget"),
    [
        ("indicator", "name", widgets.Text),
        ("indicator", "statement", widgets.Textarea),
        ("indicator", "goals", CheckList),
        ("indicator", "direction", widgets.Dropdown),
        ("indicator", "importance", widgets.ToggleButtons),
        ("indicator", "weight", widgets.Text),
        ("target", "indicator", widgets.Dropdown),
        ("target", "period", widgets.Text),
        ("target", "parent", widgets.Dropdown),
        ("task", "start", widgets.DatePicker),
        ("task", "key_action", widgets.Checkbox),
        ("funnel_stage", "position", widgets.Text),
        ("assignment", "roles", CheckList),
        ("milestone", "buffer_days", widgets.Text),
        ("check_in", "id", widgets.Dropdown),
        ("check_in", "progress", widgets.IntSlider),
        ("check_in", "confidence", widgets.Dropdown),
    ],
)
def test_an_annotation_chooses_its_widget(kind, field, widget, book_of):
    assert type(RecordForm(book_of(), BY_KIND[kind], references=BY_KIND)[field]) is widget


def test_an_optional_choice_can_be_left_empty_and_a_needed_one_has_to_be_made(book_of):
    resource = RecordForm(book_of(), BY_KIND["resource"], references=BY_KIND)
    assert resource["sort"].options[0] == ("Choose…", "")
    assert resource["match"].value == "requested"
    action = RecordForm(book_of(), BY_KIND["action"], references=BY_KIND)
    assert action["finding"].options == (("–", ""),)


def test_constraints_are_read_wherever_pydantic_puts_them():
    weight = shapes_of(BY_KIND["indicator"])["weight"]
    assert (weight.base, weight.optional, weight.lowest, weight.highest) == (Decimal, True, 0, 1)
    confidence = shapes_of(BY_KIND["check_in"])["confidence"]
    assert (confidence.base, confidence.optional, confidence.lowest, confidence.highest) == (int, True, 0, 10)
    goals = shapes_of(BY_KIND["indicator"])["goals"]
    assert (goals.base, goals.many, goals.reference) == (str, True, "business_goal")
    parent = shapes_of(BY_KIND["target"])["parent"]
    assert (parent.base, parent.optional, parent.reference) == (str, True, "target")
    start = shapes_of(BY_KIND["task"])["start"]
    assert (start.base, start.optional) == (date, True)
    assert shapes_of(BY_KIND["change_request"])["from_period"].is_period


def test_an_annotation_without_a_widget_is_a_fault_of_the_program(book_of):
    class Odd(Record):
        kind = "odd"
        title = "Odd"

        either: Annotated[int | str, Field(title="Either")] = 1

    with pytest.raises(TypeError, match="no widget"):
        RecordForm(book_of(), Odd)
