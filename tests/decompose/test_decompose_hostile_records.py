"""Records that are valid and make no sense: everything a notebook shows of them is a picture or a sentence."""

from __future__ import annotations

import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import LONG_AFTER, MADE_ON, MONTHS_2025, Workbook, indicator, target, year_of

from kpinb import decompose, language
from kpinb.clarify.records import Indicator
from kpinb.decompose.hierarchy import steps_of
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.errors import BadInput
from kpinb.language import Label
from kpinb.records import Record
from kpinb.store import Entry
from kpinb.view import Figure, Table

SHOWN = sorted(
    name
    for name in decompose.__all__
    if name.endswith(("_table", "_sentences", "_chart", "_answer", "_form", "_line"))
)
REFERENCES = {"indicator": ["revenue", "members", "gone"], "target": ["t0", "t1", "t2", "gone"]}
REFERENCES |= {"parent": REFERENCES["target"], "series": ["revenue", "members", "gone", ""]}
PERIODS = ["2026", "2026-H1", "2026-Q1", "2026-Q4", "2026-01", "2026-10", "2026-W01", "2026-W53", "2027-Q1"]
TEXTS = st.sampled_from(["", "销售部", "<script>", "{name}", "%s", '=HYPERLINK("x")', "“q”", "x" * 200])
NUMBERS = st.one_of(
    st.sampled_from([Decimal(10) ** 15, Decimal(-(10**15)), Decimal(0), Decimal("0.000001")]),
    st.decimals(-2, 2, places=2),
    st.integers(-1000, 1000).map(Decimal),
)


def of_type(name: str, kinds: set[Any]) -> st.SearchStrategy[Any]:
    """Give values for a field of a record, most of which it takes."""
    labels = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Label)]
    if labels:
        found: st.SearchStrategy[Any] = st.sampled_from(list(labels[0]))
    elif bool in kinds:
        found = st.booleans()
    elif date in kinds:
        found = st.dates(date(2024, 1, 1), date(2028, 1, 1))
    elif Decimal in kinds:
        found = NUMBERS
    elif int in kinds:
        found = st.integers(1, 5)
    elif list in kinds:
        found = st.just([])
    elif name == "period":
        found = st.sampled_from(PERIODS)
    elif name in ("fact", "base"):
        found = st.sampled_from(REFERENCES["series"])
    elif name == "formula":
        found = st.sampled_from(["", "members * 2", "revenue / members"])
    else:
        found = st.sampled_from(REFERENCES[name]) if name in REFERENCES else TEXTS
    return st.none() | found if NoneType in kinds else found


def kinds_of(annotation: Any) -> set[Any]:
    inner = get_args(annotation)
    return (
        {annotation, getattr(annotation, "__origin__", None)}.union(*map(kinds_of, inner))
        if inner
        else {annotation}
    )


def made(kind: type[Record], identifier: str) -> st.SearchStrategy[Record | None]:
    """Give records of a kind, or None where what was drawn is none."""
    fields = {
        name: of_type(name, kinds_of(info.annotation)) for name, info in kind.model_fields.items() if name != "id"
    }

    def build(values: dict[str, Any]) -> Record | None:
        try:
            return kind.build({"id": identifier, **values})
        except BadInput:
            return None

    return st.fixed_dictionaries(fields).map(build)


RECORDS = st.tuples(
    *(made(Indicator, name) for name in ("revenue", "members")),
    *(made(Target, f"t{n}") for n in range(5)),
    *(made(Task, f"k{n}") for n in range(3)),
    *(made(FunnelStage, f"s{n}") for n in range(3)),
).map(lambda drawn: [record for record in drawn if record is not None])


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(records=RECORDS, tongue=st.sampled_from(["en", "zh"]), start=st.sampled_from([1, 4]), due=st.booleans())
def test_whatever_is_typed_is_shown(records: list[Record], tongue: str, start: int, *, due: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workbook = Workbook(Path(folder))
        with workbook.store, language.use(tongue):
            workbook.store.load(
                [Entry(department="sales", record=record, author="analyst", at=MADE_ON) for record in records]
            )
            years = {
                month: value for year in (2024, 2025, 2026) for month, value in year_of(MONTHS_2025, year).items()
            }
            members = year_of([10**6, None, 0, -1, *[7] * 8], 2025)
            facts = workbook.write_actuals("sales", revenue=years, members=members, gone=members)
            book = workbook.book(facts=facts, start=start, on=LONG_AFTER if due else MADE_ON)
            for name in SHOWN:
                shown = getattr(decompose, name)(book)
                if isinstance(shown, Table):
                    shown.texts()
                elif isinstance(shown, Figure) and shown.chart is not None:
                    shown.chart.to_dict()


@pytest.mark.parametrize("count", [1500])
def test_a_line_of_targets_longer_than_a_stack_is_shown(workbook: Workbook, count: int) -> None:
    line = [target("2026", f"t{n}", value="1", parent=f"t{n - 1}" if n else None) for n in range(count)]
    workbook.store.load(
        [Entry(department="sales", record=one, author="a", at=MADE_ON) for one in [indicator(), *line]]
    )
    steps = steps_of(workbook.book())
    assert [(step.target.id, step.depth) for step in steps] == [(f"t{n}", n) for n in range(count)]
