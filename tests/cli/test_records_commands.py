"""Looking into the store from the command line, and bringing one's own records in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kpinb import workbook
from kpinb.clarify.records import Indicator
from kpinb.cli import main
from kpinb.store import Store, create_store


@pytest.fixture(autouse=True)
def _english_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Two departments: both have revenue, only service has the response time."""
    for folder in ("notebooks", "params"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv(workbook.ROOT_VARIABLE, str(tmp_path))
    january, february = (datetime(2026, month, 5, 1, tzinfo=UTC) for month in (1, 2))
    with create_store(workbook.store_url("embedded", tmp_path)) as made:
        made.save("sales", Indicator(id="revenue", name="营收"), author="analyst", at=january)
        made.save(
            "sales",
            Indicator(id="revenue", name="营业收入"),
            author="manager",
            at=february,
            reason="与财务口径一致",
        )
        made.save("service", Indicator(id="revenue", name="服务收入"), author="analyst", at=january)
        made.save(
            "service", Indicator(id="response", name="平均响应时间", unit="小时"), author="analyst", at=january
        )
        yield made


def rows(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.split(" | ") for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("store")
def test_all_records_of_a_kind_are_listed_by_department(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "list", "indicator"]) == 0

    heading, *listed = rows(capsys)
    assert heading[:3] == ["Department", "Id", "Name"]
    assert [(row[0], row[1], row[2], row[5], row[6]) for row in listed] == [
        ("sales", "revenue", "营业收入", "2", "manager"),
        ("service", "revenue", "服务收入", "1", "analyst"),
        ("service", "response", "平均响应时间", "1", "analyst"),
    ]


@pytest.mark.usefixtures("store")
def test_without_a_kind_the_records_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "list", "--department", "service"]) == 0

    assert rows(capsys)[1:] == [["service", "indicator", "Indicator", "2"]]


@pytest.mark.usefixtures("store")
def test_a_record_is_shown_field_by_field(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "show", "indicator", "response"]) == 0

    shown = dict(row[:2] for row in rows(capsys))
    assert (shown["Department"], shown["Name"], shown["Unit"]) == ("service", "平均响应时间", "小时")
    assert (shown["Better is"], shown["Owner"], shown["Version"]) == ("at least", "–", "1")


@pytest.mark.usefixtures("store")
def test_the_history_tells_who_changed_what_when_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", "history", "indicator", "revenue", "--department", "sales"]) == 0

    _heading, first, second = rows(capsys)
    assert (first[0], first[2], first[3]) == ("1", "analyst", "")
    assert (second[0], *second[2:]) == ("2", "manager", "Name: 营收 → 营业收入", "与财务口径一致")


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "show indicator revenue",
            "Several departments have a record “revenue” of the kind “indicator”: sales, service. "
            "Name one with --department.",
        ),
        (
            "show indicator profit",
            "There is no record “profit” of the kind “indicator” in any department. "
            "“kpinb records list indicator” shows those there are.",
        ),
        (
            "history indicator profit",
            "There is no record “profit” of the kind “indicator” in any department. "
            "“kpinb records list indicator” shows those there are.",
        ),
        (
            "history indicator response --department sales",
            "Department “sales” has no record “response” of the kind “indicator”. "
            "“kpinb records list indicator --department sales” shows those it has.",
        ),
        ("list indicatr", "“indicatr” is no kind of record; did you mean “indicator”?"),
        (
            "list indicator --department north",
            "The store has no records of department “north”. It has those of: sales, service.",
        ),
        (
            "list --store company",
            "The store “company” has no address: set the environment variable KPINB_STORE_COMPANY to it.",
        ),
    ],
)
def test_what_is_not_there_is_said_with_what_is(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["records", *line.split()]) == 2

    assert capsys.readouterr().err == f"kpinb: {said}\n"


def test_ones_own_records_are_brought_in_once(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "north.yaml"
    mine.write_text(
        "department: north\nrecords:\n  - {kind: indicator, id: revenue, name: 北区营收}\n", encoding="utf-8"
    )

    assert main(["records", "load", str(mine)]) == 0
    assert main(["records", "load", str(mine)]) == 0

    assert capsys.readouterr().out == "1 version of a record loaded.\n0 versions of records loaded.\n"
    (kept,) = store.all(Indicator, "north")
    assert kept.record == Indicator(id="revenue", name="北区营收")


def test_a_text_that_would_steer_the_terminal_is_printed_harmless(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    store.save("sales", Indicator(id="x", name="安全", statement="\x1b[2J红"), author="a\x1b[31m")

    assert main(["records", "show", "indicator", "x"]) == 0

    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "[2J红" in shown


def test_a_record_taken_away_leaves_the_lists_and_stays_in_the_history(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        main(["records", "delete", "indicator", "revenue", "--department", "sales", "--reason", "typed twice"])
        == 0
    )
    assert "its history stays" in capsys.readouterr().out
    assert "revenue" not in [revision.record.id for revision in store.all(Indicator, "sales")]
    last = store.history(Indicator, "sales", "revenue")[-1]
    assert (last.deleted, last.reason) == (True, "typed twice")
    assert main(["records", "delete", "indicator", "revenue", "--department", "sales", "--reason", "again"]) == 2
    assert main(["records", "delete", "indicator", "revenue", "--department", "sales"]) == 2
