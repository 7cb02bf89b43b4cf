"""Records: what may be typed, and what is said about the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kpinb.clarify.records import Criterion, Indicator
from kpinb.decompose.records import Target, Task
from kpinb.errors import BadInput, BadRecord, KpinbError
from kpinb.language import use
from kpinb.plan.records import Assignment, Role
from kpinb.records import Revision, changed_fields, parse_identifier, parse_number, show
from kpinb.stages import KINDS


def test_a_record_keeps_numbers_exact_through_its_stored_form() -> None:
    criterion = Criterion.build(
        {"id": "reply", "indicator": "response", "threshold": "0.1", "direction": "at_most"}
    )
    assert criterion.body()["threshold"] == "0.1"
    assert Criterion.build(criterion.body()) == criterion
    # Decimal writes so small a number as 1E-9, which no reader of numbers accepts.
    least = criterion.model_copy(update={"threshold": Decimal("0.000000001")})
    assert least.body()["threshold"] == "0.000000001"
    assert Criterion.build(least.body()) == least


def test_a_sentence_about_control_characters_is_not_turned_round_by_them() -> None:
    with pytest.raises(BadRecord) as caught:
        Indicator.build({"id": "revenue", "name": "a\u202eb\nc"})
    assert "“a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c” has line breaks" in str(caught.value)


def test_what_was_typed_cannot_be_changed_behind_the_stores_back() -> None:
    indicator = Indicator.build({"id": "revenue", "name": "营收"})
    with pytest.raises(ValidationError):
        indicator.name = "利润"  # type: ignore[misc]


def test_everything_wrong_with_a_record_is_said_at_once_field_by_field() -> None:
    with use("en"), pytest.raises(BadRecord) as refused:
        Indicator.build({"id": "Revenue!", "name": "", "importance": 6, "colour": "red"})
    text = str(refused.value)
    assert "“Revenue!” cannot be an id" in text
    assert "Name: this is required." in text
    assert "Importance: 6 is too large: at most 5." in text
    assert "colour: there is no such field." in text


def test_a_year_that_yaml_took_for_a_number_is_answered_with_what_to_do() -> None:
    with use("en"), pytest.raises(BadRecord, match=r"Period: “2026” is not text\. Put it in quotes\."):
        Target.build({"id": "t", "indicator": "revenue", "period": 2026, "growth": "0.2"})


def test_a_wrong_choice_is_answered_with_the_choices_as_the_language_lists_them() -> None:
    with use("en"), pytest.raises(BadRecord, match="', '"):
        Criterion.build({"id": "c", "indicator": "rate", "threshold": "1", "direction": "sideways"})
    with use("zh"), pytest.raises(BadRecord, match="'、'"):
        Criterion.build({"id": "c", "indicator": "rate", "threshold": "1", "direction": "sideways"})


def test_a_ratio_without_its_base_and_a_range_without_its_end_are_refused() -> None:
    with pytest.raises(BadRecord):
        Indicator.build({"id": "rate", "name": "解决率", "over_time": "ratio"})
    with pytest.raises(BadRecord):
        Criterion.build({"id": "c", "indicator": "rate", "threshold": "1", "direction": "between"})
    with pytest.raises(BadRecord):
        Criterion.build({"id": "c", "indicator": "rate", "threshold": "2", "upper": "1", "direction": "between"})


def test_a_target_says_how_much() -> None:
    with pytest.raises(BadRecord):
        Target.build({"id": "t", "indicator": "revenue", "period": "2026"})
    assert Target.build({"id": "t", "indicator": "revenue", "period": "2026", "growth": "0.2"}).growth == Decimal(
        "0.2"
    )


def test_a_task_does_not_end_before_it_starts() -> None:
    with pytest.raises(BadRecord):
        Task.build({"id": "t", "name": "问卷设计", "start": "2026-06-10", "end": "2026-06-01"})


def test_nobody_has_the_same_role_twice_in_a_task() -> None:
    with pytest.raises(BadRecord):
        Assignment.build({"id": "a", "task": "survey", "who": "销售部", "roles": ["R", "R"]})


@pytest.mark.parametrize(
    "text", ["1", "-0.5", "+3", "123456789012345678.123456789", " 42 ", "０".replace("０", "0")]
)
def test_plain_numbers_are_numbers(text: str) -> None:
    assert parse_number(text) == Decimal(text.strip())


@pytest.mark.parametrize(
    "text",
    ["1,234", "1.234,5", "1e400", "１２", "1_000", "nan", "inf", "", "=1+1", "0x10", "--1", "1" * 19, True, None],
)
def test_what_could_be_read_in_two_ways_is_no_number(text: object) -> None:
    with pytest.raises(BadInput):
        parse_number(text)


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=6))
def test_a_number_written_and_read_is_the_same(number: Decimal) -> None:
    assert parse_number(format(number, "f")) == number


@pytest.mark.parametrize("text", ["", "-a", "A", "a b", "../x", "a/b", "a\n", "x" * 65, "销售", "a.b"])
def test_an_id_that_could_leave_its_folder_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_identifier(text)


def test_line_breaks_and_control_characters_do_not_get_into_one_line_fields() -> None:
    for name in ("a\nb", "a\x00b", "a\x1b[31mb"):
        with pytest.raises(BadRecord):
            Indicator.build({"id": "i", "name": name})


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_field_of_every_record_has_a_title_in_both_languages(kind: type[Indicator]) -> None:
    for name, field in kind.model_fields.items():
        assert field.title, f"{kind.__name__}.{name} has no title"
    assert kind.title


def test_a_version_says_what_it_changed() -> None:
    def version(number: int, **values: object) -> Revision:
        record = Indicator.build({"id": "revenue", "name": "营收", **values})
        return Revision("sales", record, number, "example", datetime(2026, 1, number, tzinfo=UTC))

    with use("en"):
        changed = changed_fields(version(1), version(2, importance=5, direction="at_most"))
    assert changed == "Better is: at least → at most\nImportance: 3 → 5"


def test_values_are_shown_by_their_label_and_nothing_as_a_dash() -> None:
    with use("en"):
        assert [show(v) for v in (None, "", [], True, Decimal("1.50"), date(2026, 6, 10))] == [
            "–", "–", "–", "yes", "1.5", "2026-06-10",
        ]  # fmt: skip
        assert show([Role.responsible, Role.accountable]) == "responsible, accountable"


def test_a_problem_reaches_a_notebook_as_its_sentence_without_a_traceback() -> None:
    assert KpinbError("Say what to do.")._render_traceback_() == ["Say what to do."]
