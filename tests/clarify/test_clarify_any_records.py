"""Whatever people have written down, every call of the first stage answers, with or without a file of actuals."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from stories import Workbook, year_of

from kpinb import clarify
from kpinb.book import Book
from kpinb.clarify.preview import advise_indicator, preview_criterion, preview_indicator
from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, OpenQuestion, VagueTerm
from kpinb.errors import BadRecord, KpinbError
from kpinb.forms.live import LivePanel, bundles
from kpinb.records import Record

IDS = ["a", "b", "c"]
HOSTILE = ["<script>alert(1)</script>", "\u202eabc", "=1+1", "{0} {name} %s", "“”", "min", "e\u0301", "é", *"abx"]
NUMBERS = ["0", "1", "-1", "0.000000001", "999999999999999999.999999999", "-999999999999999999", "95", "2.5"]
FORMULAS = [
    *("", "a", "b * c", "a + b - c", "b / c", "x / y", "b ^ 2", "min(b, c)"),
    *("1 / (b - b)", "é * 2", "min(x, 2) ^ 100", "(x)^0.5"),
]
SERIES = ["", "a", "b", "x", "y", "é", "nothing", "rows", "empty"]

text = st.sampled_from(["", *HOSTILE]) | st.text(st.characters(codec="utf-8"), max_size=8)
line = text.filter(str.isprintable)
name = line.filter(lambda s: bool(s.strip()))
number = st.sampled_from(NUMBERS)
score = st.integers(1, 5)
adding = st.sampled_from(["total", "last", "mean", "ratio", "compound"])
direction = st.sampled_from(["at_least", "at_most", "between"])
day = st.dates(date(1999, 1, 1), date(2031, 1, 1))


def made(kind: type[Record], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Record]:
    def build(values: dict[str, Any]) -> Record | None:
        try:
            return kind.build(values)
        except BadRecord:
            return None

    return st.fixed_dictionaries({"id": st.sampled_from(IDS), **fields}).map(build).filter(lambda r: r is not None)


RECORDS = {
    BusinessGoal: made(
        BusinessGoal, name=name, purpose=text, issuer=line, parent=st.none() | st.sampled_from([*IDS, "d"])
    ),
    Indicator: made(
        Indicator,
        name=name,
        statement=text | st.sampled_from(["优化客户服务响应速度", "Improve service by 2 hours" * 100]),
        issuer=line,
        goals=st.lists(st.sampled_from([*IDS, "d"]), max_size=3),
        purpose=text,
        owner=line,
        unit=line | st.sampled_from(["%", "万元", "元/个", "小时"]),
        direction=direction,
        over_time=adding,
        over_teams=adding,
        fact=st.sampled_from(SERIES),
        base=st.sampled_from(SERIES),
        formula=st.sampled_from(FORMULAS),
        importance=score,
        urgency=score,
        goal_value=score,
        weight=st.none() | st.sampled_from(["0", "0.3", "1", "0.000000001"]),
    ),
    Criterion: made(
        Criterion,
        indicator=st.sampled_from([*IDS, "d"]),
        statistic=st.sampled_from([one.value for one in clarify.records.Statistic]),
        direction=direction,
        threshold=number,
        upper=st.none() | number,
        unit=line | st.sampled_from(["%", "小时"]),
        limit=st.none() | number,
        window=st.sampled_from(["week", "month", "quarter", "year"]),
        population=line,
        source=line,
        definition=text,
        fact=st.sampled_from(SERIES),
        base=st.sampled_from(SERIES),
        due=st.none() | day,
    ),
    OpenQuestion: made(
        OpenQuestion,
        indicator=st.sampled_from([*IDS, "d"]),
        question=name,
        asked_of=line,
        answer=text,
        asked_in=st.none() | st.sampled_from(["2026-01", "2026", "2026-Q1", "2026-W05"]),
        answered_on=st.none() | day,
    ),
    Agreement: made(Agreement, agreed_with=name, on=day, note=text),
    VagueTerm: made(VagueTerm, term=name, needs=name),
}
"""How to make any valid record of each class, of few ids, so that they meet."""

WHOLE = st.lists(st.sampled_from(list(RECORDS)).flatmap(RECORDS.__getitem__), max_size=14)

CALLS: list[Callable[[Book], object]] = [
    clarify.bottom_line,
    clarify.card_table,
    clarify.driver_chart,
    clarify.driver_sentences,
    clarify.driver_table,
    clarify.formula_check,
    clarify.goals_chart,
    clarify.history_chart,
    clarify.history_table,
    clarify.matrix_chart,
    clarify.priority_table,
    clarify.proposal_table,
    clarify.question_table,
    clarify.running_sentences,
    clarify.running_table,
    clarify.sensitivity_line,
    clarify.sensitivity_table,
    clarify.trace_table,
    clarify.vague_line,
    clarify.vague_table,
    clarify.weight_line,
]
FORMS: list[Callable[[Book], Any]] = [
    clarify.agreement_form,
    clarify.criterion_form,
    clarify.goal_form,
    clarify.indicator_form,
    clarify.priority_form,
    clarify.question_form,
]


def _facts(root: Path, sort: str) -> str:
    """Write a file of actuals of a sort: none, broken, few months, or 30 months with zeros, holes and rows."""
    lines = ["month,indicator,ticket,value"]
    if sort == "broken":
        lines.append("2026-01,a,1,not a number")
    months = list(year_of(range(12), 2024)) + list(year_of(range(12), 2025)) + list(year_of(range(10), 2026))
    for n, month in enumerate(months if sort == "long" else months[-2:]):
        lines += [f"{month},a,,{n % 5}", f"{month},b,,{'' if n == 20 else n - 3}", f"{month},é,,7"]
        lines += [f"{month},x,,{0 if n % 6 == 0 else 10**17}", f"{month},y,,0", f"{month},empty,,"]
        lines += [f"{month},rows,t{k},{'' if n == 5 and k == 1 else (n * k) % 7}" for k in range(1 + n % 3)]
    (root / f"{sort}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return "" if sort == "none" else f"{sort}.csv"


@pytest.mark.parametrize("sort", ["none", "broken", "short", "long"])
@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(records=WHOLE, start=st.sampled_from([1, 4]))
def test_every_call_answers_or_says_what_is_wrong(
    tmp_path_factory: pytest.TempPathFactory, sort: str, records: list[Record], start: int
) -> None:
    workbook = Workbook(tmp_path_factory.mktemp("any"))
    with workbook.store:
        workbook.save("sales", *records)
        book = workbook.book(facts=_facts(workbook.root, sort), start=start)
        with book.facts:
            for call in CALLS:
                with suppress(KpinbError):
                    bundles(call(book))
            for form in FORMS:
                form(book)
            for record in records:
                if isinstance(record, Indicator):
                    advise_indicator(book, dict(record))
                    _shown(partial(preview_indicator, book), record)
                if isinstance(record, Criterion):
                    _shown(partial(preview_criterion, book), record)


def _shown(live: Callable[[Any], Any], record: Record) -> None:
    """See that a panel says something that is no fault of the program."""
    panel = LivePanel(live)
    panel.show(record)
    assert panel.outputs
    assert not any("could not be worked out" in str(output) for output in panel.outputs)
