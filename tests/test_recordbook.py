"""Records in files: 写进文件 → 载入 → 再载入什么也不多 → 改了文件再载入。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpinb import language, recordbook
from kpinb.clarify.records import Indicator
from kpinb.errors import BadInput, BadRecord
from kpinb.store import Store, create_store
from kpinb.track.records import ChangeRequest

REVENUE = """\
department: sales
records:
  - kind: indicator
    id: revenue
    name: 营收
    unit: 万元
    at: 2026-01-05T09:00:00+08:00
    author: 销售部经理
  - kind: indicator
    id: revenue
    name: 营业收入
    unit: 万元
    at: 2026-02-03T09:00:00+08:00
    author: 销售部经理
    reason: 与财务口径一致
"""


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with language.use("en"):
        yield


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(f"sqlite:///{tmp_path / 'var' / 'kpinb.sqlite'}") as opened:
        yield opened


def written(folder: Path, text: str) -> Path:
    path = folder / "sales.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def names(store: Store) -> list[str]:
    return [r.record.name for r in store.history(Indicator, "sales", "revenue")]  # type: ignore[attr-defined]


def test_a_file_gives_each_version_with_its_author_day_and_reason(tmp_path: Path, store: Store) -> None:
    assert recordbook.load([written(tmp_path, REVENUE)], store) == 2

    first, second = store.history(Indicator, "sales", "revenue")
    assert (first.record, first.version, first.author, first.recorded_at, first.reason) == (
        Indicator(id="revenue", name="营收", unit="万元"),
        1,
        "销售部经理",
        datetime(2026, 1, 5, 1, tzinfo=UTC),
        "",
    )
    assert (second.record, second.version, second.recorded_at, second.reason) == (
        Indicator(id="revenue", name="营业收入", unit="万元"),
        2,
        datetime(2026, 2, 3, 1, tzinfo=UTC),
        "与财务口径一致",
    )


def test_an_entry_that_does_not_say_who_and_when_is_by_whoever_loads_it_and_of_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTERHUB_USER", "analyst")
    path = written(tmp_path, "department: sales\nrecords:\n  - {kind: indicator, id: revenue, name: 营收}\n")

    (entry,) = recordbook.read(path)

    assert (entry.author, entry.at, entry.reason) == ("analyst", None, "")


def test_what_a_file_says_of_all_its_records_holds_for_those_that_do_not_say_it(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """\
department: sales
author: 销售部经理
at: 2026-01-05T09:00:00+08:00
records:
  - {kind: indicator, id: revenue, name: 营收}
  - {kind: indicator, id: revenue, name: 营业收入, author: analyst, at: 2026-02-03T09:00:00+08:00}
""",
    )

    first, second = recordbook.read(path)

    assert (first.author, first.at) == ("销售部经理", datetime(2026, 1, 5, 1, tzinfo=UTC))
    assert (second.author, second.at) == ("analyst", datetime(2026, 2, 3, 1, tzinfo=UTC))


def test_loading_again_adds_nothing_and_leaves_what_people_changed_since(tmp_path: Path, store: Store) -> None:
    path = written(tmp_path, REVENUE)
    recordbook.load([path], store)
    store.save("sales", Indicator(id="revenue", name="净营收", unit="万元"), author="analyst", expected=2)

    assert recordbook.load([path], store) == 0

    assert names(store) == ["营收", "营业收入", "净营收"]


def test_an_entry_added_to_the_file_becomes_the_next_version(tmp_path: Path, store: Store) -> None:
    recordbook.load([written(tmp_path, REVENUE)], store)
    again = "  - {kind: indicator, id: revenue, name: 营收, unit: 万元}\n"

    assert recordbook.load([written(tmp_path, REVENUE + again)], store) == 1

    assert names(store) == ["营收", "营业收入", "营收"]


def test_a_corrected_early_version_does_not_become_what_stands_now(tmp_path: Path, store: Store) -> None:
    recordbook.load([written(tmp_path, REVENUE)], store)

    recordbook.load([written(tmp_path, REVENUE.replace("name: 营收", "name: 销售收入"))], store)

    assert names(store)[-1] == "营业收入"


def test_every_problem_of_a_file_is_said_at_once_with_the_number_of_its_entry(
    tmp_path: Path, store: Store
) -> None:
    path = written(
        tmp_path,
        """\
department: sales
records:
  - kind: indicatr
    id: revenue
  - kind: indicator
    id: Revenue
    name: 营收
    importance: 6
  - kind: indicator
    id: fine
    name: 线索
  - id: nothing
  - kind: indicator
    id: later
    name: 线索
    at: 2026-01-05
  - kind: indicator
    id: later
    name: 线索
    reason: 5
  - just words
""",
    )

    with pytest.raises(BadRecord) as refused:
        recordbook.load([path], store)

    said = str(refused.value)
    assert said.startswith(f"File of records “{path}”: Entry 1: “indicatr” is no kind of record; did you mean")
    for part in (
        "Entry 2: Indicator “Revenue”: Id: “Revenue” cannot be an id",
        "Importance: 6 is too large: at most 5.",
        "Entry 4: “kind” is missing; it is one of: business_goal, indicator",
        "Entry 5: “at” is “2026-01-05”: write the moment with its offset from UTC",
        "Entry 6: “reason” must be text, and 5 is not: put it in quotes.",
        "Entry 7: this is no record",
    ):
        assert part in said
    assert "Entry 3" not in said
    assert "\n" not in said
    assert store.all(Indicator, "sales") == []


def test_the_reason_of_a_decision_is_also_why_the_change_request_was_changed(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """\
department: sales
records:
  - {kind: change_request, id: staged, name: 申请分阶段达成, change: staged, reason: 资源缺口属实}
""",
    )

    (entry,) = recordbook.read(path)

    assert isinstance(entry.record, ChangeRequest)
    assert (entry.record.reason, entry.reason) == ("资源缺口属实", "资源缺口属实")


def test_versions_that_are_not_in_the_order_of_their_days_are_refused(tmp_path: Path) -> None:
    swapped = REVENUE.replace("2026-01-05", "2026-03-05")

    undated = REVENUE.replace("    at: 2026-01-05T09:00:00+08:00\n", "")

    with pytest.raises(BadRecord, match="Entry 2: “at” lies before the version above it"):
        recordbook.read(written(tmp_path, swapped))
    with pytest.raises(BadRecord, match="Entry 2: “at” is given, but not for the version above it"):
        recordbook.read(written(tmp_path, undated))

    assert len(recordbook.read(written(tmp_path, REVENUE))) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("records: []", "“department” must be the id of a department, such as sales."),
        ("department: 销售部", "“销售部” cannot be an id"),
        (
            "department: sales\nrecord: []",
            "“record” is not known. Choose from: department, author, at, records.",
        ),
        ("department: sales\nat: 2026-01-05", "“at” is “2026-01-05”: write the moment with its offset from UTC"),
        ("department: sales\nrecords: {a: 1}", "“records” must be a list"),
    ],
)
def test_a_file_that_does_not_say_whose_records_it_holds_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadRecord) as refused:
        recordbook.read(written(tmp_path, text))

    assert said in str(refused.value)


def test_several_faults_of_a_file_are_chinese_sentences_without_gaps(tmp_path: Path) -> None:
    with language.use("zh"), pytest.raises(BadRecord) as refused:
        recordbook.read(written(tmp_path, "department: sales\nrecord: []\nrecords: {a: 1}"))

    assert "department、author、at、records。“records”" in str(refused.value)


def test_one_bad_file_keeps_all_files_of_the_same_load_out(tmp_path: Path, store: Store) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("department: sales\ndepartment: sales\n", encoding="utf-8")

    with pytest.raises(BadInput):
        recordbook.load([written(tmp_path, REVENUE), bad], store)

    assert store.departments() == []
