"""Files of actuals as people keep them: read alike in every encoding and shape, or refused with the place."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from kpinb.errors import BadFacts, NotFound
from kpinb.facts import Facts, open_facts
from kpinb.language import use
from kpinb.measure import Adding
from kpinb.period import Period

LONG = "月份,指标,区域,数值\n2026-09,营收,北,120.5\n2026-09,营收,南,79.5\n2026-10,营收,北,0\n2026-10,营收,南,1\n"
ANSWER = [("2026-08", None), ("2026-09", Decimal(200)), ("2026-10", Decimal(1))]


def put(folder: Path, text: str | bytes, name: str = "data.csv") -> str:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return name


def opened(folder: Path, path: str = "data.csv") -> Facts:
    return open_facts(path, root=folder, department="sales", name="销售部")


def months(
    facts: Facts, series: str, how: Adding = Adding.total, first: str = "2026-08", last: str = "2026-10"
) -> list[tuple[str, Decimal | None]]:
    frame = facts.monthly(series, how, first=Period.parse(first), last=Period.parse(last))
    return [(f"{m:%Y-%m}", v) for m, v in zip(frame["month"], frame["value"], strict=True)]


def refusal(folder: Path, path: str = "data.csv") -> str:
    with use("en"), pytest.raises(BadFacts) as caught:
        opened(folder, path).series()
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_chinese_files_are_read_in_the_encodings_that_offices_use(tmp_path: Path, encoding: str) -> None:
    put(tmp_path, LONG.encode(encoding))
    with opened(tmp_path) as facts:
        assert facts.series() == ["营收"]
        assert facts.dimensions() == ["区域"]
        assert months(facts, "营收") == ANSWER


def test_an_encoding_that_cannot_be_told_is_named_in_a_description(tmp_path: Path) -> None:
    text = "month,indicator,value,note\n2026-10,revenue,1,café\n"
    put(tmp_path, text.encode("cp1252"))
    put(tmp_path, "path: data.csv\nencoding: windows-1252\n", "sales.yaml")
    assert "not text in utf-8, gb18030" in refusal(tmp_path)
    assert opened(tmp_path, "sales.yaml").series() == ["revenue"]


@pytest.mark.parametrize("data", [LONG.encode("utf-16-le"), b"\xff\xff\x00", LONG.encode()[:20]])
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes) -> None:
    put(tmp_path, data)
    assert "data.csv" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "description"),
    [
        (LONG, None),
        ("指标,区域,2026-09,2026年10月\n营收,北,120.5,0\n营收,南,79.5,1\n", None),
        (
            "month,revenue,orders\n2026-09,200,3\n2026-10,1,4\n",
            "headers: indicator\nkeep: [revenue]\nignore: [orders]",
        ),
        ("month,revenue,orders\n2026-09,200,3\n2026-10,1,4\n", "headers: indicator"),
        ("month,sales,other\n2026-09,200,3\n2026-10,1,4\n", "headers: department\nindicator: revenue"),
        ("month,销售部,other\n2026-09,200,3\n2026-10,1,4\n", "headers: department\nindicator: revenue"),
        (
            "when,who,much,id\n2026-09,sales,200,a\n2026-10,销售部,1,b\n2026-10,other,5,c\n",
            "columns: {month: when, department: who, value: much}\nindicator: revenue\nignore: [id]",
        ),
        ("month,revenue\n2026/9/01,200\n20261001,1\n", "columns: {value: revenue}\nindicator: revenue"),
    ],
)  # fmt: skip
def test_every_shape_says_the_same(tmp_path: Path, text: str, description: str | None) -> None:
    path = put(tmp_path, text)
    if description is not None:
        path = put(tmp_path, f"path: data.csv\n{description}\n", "sales.yaml")
    with opened(tmp_path, path) as facts:
        assert months(facts, facts.series()[0]) == ANSWER


def test_kept_headings_leave_the_other_columns_as_dimensions(tmp_path: Path) -> None:
    put(tmp_path, "month,region,revenue,orders,remark\n2026-10,north,1,2,x\n2026-10,south,3,4,\n")
    put(tmp_path, "path: data.csv\nheaders: indicator\nkeep: [orders, revenue]\nignore: [remark]\n", "s.yaml")
    with opened(tmp_path, "s.yaml") as facts:
        assert (facts.series(), facts.dimensions()) == (["orders", "revenue"], ["region"])
        assert months(facts, "orders", first="2026-10") == [("2026-10", Decimal(6))]


def test_a_zipped_file_and_blank_lines_are_read(tmp_path: Path) -> None:
    put(tmp_path, gzip.compress(LONG.replace("\n", "\r\n\r\n").encode() + b",,,\r\n"), "data.csv.gz")
    assert months(opened(tmp_path, "data.csv.gz"), "营收") == ANSWER


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    put(tmp_path, gzip.compress(LONG.encode())[:-9], "data.csv.gz")
    assert "cannot be unpacked" in refusal(tmp_path, "data.csv.gz")
    put(tmp_path, LONG, "data.csv.gz")
    assert "cannot be unpacked" in refusal(tmp_path, "data.csv.gz")


def test_an_empty_cell_a_zero_and_a_month_without_a_row_stay_apart(tmp_path: Path) -> None:
    put(tmp_path, "month,indicator,value\n2026-08,a,0\n2026-09,a,\n2026-11,a, \n")
    with opened(tmp_path) as facts:
        assert months(facts, "a", first="2026-07", last="2026-11") == [
            ("2026-07", None),
            ("2026-08", Decimal(0)),
            ("2026-09", None),
            ("2026-10", None),
            ("2026-11", None),
        ]
        assert (str(facts.first_month), str(facts.last_month)) == ("2026-08", "2026-08")


def test_a_row_too_short_or_too_long_is_named(tmp_path: Path) -> None:
    put(tmp_path, "month,indicator,value\n2026-09,a,1\n\n2026-10,a\n")
    assert refusal(tmp_path) == (
        "Actuals data.csv, row 4, “2026-10,a”: the row has 2 cells, but the heading has 3. "
        "Look for a comma too many or too few."
    )
    put(tmp_path, "month,indicator,value\n2026-10,a,1.234,5\n")
    assert "row 2, “2026-10,a,1.234,5”: the row has 4 cells" in refusal(tmp_path)


@pytest.mark.parametrize(
    "value",
    ["1.234,5", "1e400", "1e5", "１２", "1_000", "1 000", "1,000", "inf", "nan", "0x1F", "12%", "=1+1", "--1",
     "1.", ".5", "1" * 19, "0.0000000001", "n/a", "'; drop table facts"],
)  # fmt: skip
def test_a_number_that_could_be_read_in_two_ways_is_refused_with_its_place(tmp_path: Path, value: str) -> None:
    put(tmp_path, f'month,indicator,value\n2026-09,a,1\n2026-10,a,"{value}"\n')
    assert refusal(tmp_path).startswith(f"Actuals data.csv, row 3, column “value”, value “{value}”: this is not a")


@pytest.mark.parametrize("value", ["+5", "-0.5", "007", "999999999999999999.999999999", "0.000000001", " 12 "])
def test_plain_numbers_are_read_exactly(tmp_path: Path, value: str) -> None:
    put(tmp_path, f"month,indicator,value\n2026-10,a,{value}\n")
    assert months(opened(tmp_path), "a", first="2026-10") == [("2026-10", Decimal(value))]


@pytest.mark.parametrize("month", ["2026-13", "10/2026", "2026-10-15", "2026", "", "２０２６-10", "=2026"])
def test_a_month_that_is_none_is_refused_with_its_place(tmp_path: Path, month: str) -> None:
    put(tmp_path, f"month,indicator,value\n2026-09,a,1\n{month},a,2\n")
    assert refusal(tmp_path).startswith(
        f"Actuals data.csv, row 3, column “month”, value “{month}”: this is not a month"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not even a heading"),
        ("month,value,indicator,value\n", "two columns are headed “value”"),
        ("month,indicator,,value\n", "column 3 has no heading"),
        ("month;indicator;value\n2026-10;a;1\n", "not separated by commas"),
        ("month,value\n2026-10,1\n", "no column “indicator”. Their columns are: month, value."),
        ("指标,数值\na,1\n", "no column “month”"),
        ("month,月份,indicator,value\n", "“month” and “月份” mean the same"),
        ("month,indicator,value,base\n", "a dimension cannot be headed “base”"),
        ("month,indicator,value\n2026-10,,1\n", "row 2, column “indicator”, value “”: this cell must"),
        ("month,department,indicator,value\n2026-10,,a,1\n", "row 2, column “department”"),
        ('month,indicator,value\n2026-10,"a"b,1\n', "line 2: this is not CSV"),
        ("month,indicator,value\n2026-10,a,1\n2026-09,a,2\n2026/10,a,\n",
         "row 2, column “value” and row 4, column “value” both give a for 2026-10"),
        ("indicator,2026-10,202610\na,1,2\n", "row 2, column “2026-10” and row 2, column “202610” both give a"),
        ("month,department,indicator,value\n2026-10,sales,a,1\n2026-10,销售部,a,1\n",
         "row 2, column “value” and row 3"),
    ],
)  # fmt: skip
def test_a_file_that_would_need_guessing_is_refused(tmp_path: Path, text: str, words: str) -> None:
    put(tmp_path, text)
    assert words in refusal(tmp_path)


def test_rows_that_differ_in_a_dimension_are_no_duplicates(tmp_path: Path) -> None:
    put(tmp_path, "month,indicator,State,state,value\n2026-10,a,x,x,1\n2026-10,a,x,y,2\n2026-10,a,y,x,3\n")
    with opened(tmp_path) as facts:
        assert facts.dimensions() == ["State", "state"]
        assert months(facts, "a", first="2026-10") == [("2026-10", Decimal(6))]


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    nasty = ["=cmd|' /C calc'!A0", "'; drop table facts; --", '"><script>alert(1)</script>', "{0.__class__}"]
    cells = ",".join('"' + text.replace('"', '""') + '"' for text in nasty)
    put(tmp_path, f"month,indicator,{cells},value\n2026-10,{cells},x,1\n".replace(f"{cells},x", f"a,{cells}"))
    put(tmp_path, f"month,indicator,value,'; drop table facts; --\n2026-10,{cells.split(',')[0]},1,x\n", "two.csv")
    with opened(tmp_path) as facts:
        assert facts.dimensions() == nasty
        for name, text in zip(nasty, nasty, strict=True):
            month = Period.parse("2026-10")
            frame = facts.by("a", name, first=month, last=month, how=Adding.total)
            assert frame[name].tolist() == [text]
            assert frame["value"].tolist() == [Decimal(1)]
        with pytest.raises(NotFound):
            months(facts, "a' or 1=1 --")
    assert months(opened(tmp_path, "two.csv"), nasty[0], first="2026-10") == [("2026-10", Decimal(1))]


def test_a_message_is_short_and_cannot_steer_a_terminal(tmp_path: Path) -> None:
    put(tmp_path, "month,indicator,value\n2026-10,a," + "\x1b[2J" * 100 + "\n")
    message = refusal(tmp_path)
    assert "\x1b" not in message
    assert len(message) < 400


def test_a_department_that_the_file_does_not_know_is_offered_the_nearest(tmp_path: Path) -> None:
    put(tmp_path, "month,department,indicator,value\n2026-10,sale,a,1\n2026-10,service,a,2\n")
    assert "no department “sales” or “销售部”. The closest matches: sale." in refusal(tmp_path)


def test_a_series_that_only_others_have_is_missing_and_an_unknown_one_is_not_found(tmp_path: Path) -> None:
    put(tmp_path, "month,department,indicator,value\n2026-10,sales,revenue,1\n2026-10,service,tickets,2\n")
    with opened(tmp_path) as facts, use("en"):
        assert facts.series() == ["revenue"]
        assert months(facts, "tickets", first="2026-10") == [("2026-10", None)]
        with pytest.raises(NotFound) as caught:
            months(facts, "revenues")
        assert str(caught.value) == (
            "The actuals in data.csv have no series “revenues”. The closest matches: revenue."
        )
        month = Period.parse("2026-10")
        with pytest.raises(NotFound, match="no dimension “region”"):
            facts.by("revenue", "region", first=month, last=month, how=Adding.total)


def test_a_department_without_actuals_has_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, "") as facts:
        assert (facts.series(), facts.dimensions(), facts.first_month, facts.last_month) == ([], [], None, None)
        assert facts.digest == ""
        assert months(facts, "revenue") == [("2026-08", None), ("2026-09", None), ("2026-10", None)]
        month = Period.parse("2026-10")
        empty = facts.by("revenue", "region", first=month, last=month, how=Adding.total)
        assert list(empty.columns) == ["month", "region", "value", "base"]
        assert empty.empty


def test_a_heading_without_rows_is_a_department_that_has_not_begun(tmp_path: Path) -> None:
    put(tmp_path, "month,department,indicator,value\n")
    with opened(tmp_path) as facts:
        assert (facts.series(), facts.last_month) == ([], None)


@pytest.mark.parametrize(
    "path",
    ["../outside.csv", "inside/../../outside.csv", "link.csv", "folder/outside.csv", "loop.csv", "a\0.csv",
     "x" * 5000, "gone.csv", "inside", ".", "data.xlsx", "package:vega_datasets/../outside.csv"],
)  # fmt: skip
def test_a_path_that_leads_out_or_nowhere_is_refused(tmp_path: Path, path: str) -> None:
    root = tmp_path / "workbook"
    (root / "inside").mkdir(parents=True)
    put(tmp_path, LONG, "outside.csv")
    put(root, LONG, "data.xlsx")
    (root / "link.csv").symlink_to(tmp_path / "outside.csv")
    (root / "folder").symlink_to(tmp_path)
    (root / "loop.csv").symlink_to(root / "loop.csv")
    with pytest.raises(BadFacts):
        opened(root, path)
    put(root, f"path: {path}\n", "sales.yaml")
    with pytest.raises(BadFacts):
        opened(root, "sales.yaml")


def test_an_absolute_path_is_read_inside_the_folder_only(tmp_path: Path) -> None:
    root = tmp_path / "workbook"
    root.mkdir()
    put(tmp_path, LONG, "outside.csv")
    put(root, LONG)
    (root / "link.csv").symlink_to("data.csv")
    with pytest.raises(BadFacts, match=r"outside\.csv"):
        opened(root, str(tmp_path / "outside.csv"))
    assert opened(root, str(root / "data.csv")).series() == ["营收"]
    assert opened(root, "link.csv").series() == ["营收"]


def test_a_package_is_looked_up_without_running_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "made_up_package"
    (package / "data").mkdir(parents=True)
    put(package, "raise SystemExit('this code must not run')\n", "__init__.py")
    put(package / "data", LONG, "sales.csv")
    monkeypatch.syspath_prepend(tmp_path)
    assert opened(tmp_path, "package:made_up_package/data/sales.csv").series() == ["营收"]
    assert "made_up_package" not in sys.modules
    with use("en"), pytest.raises(BadFacts, match=r"pip install 'kpinb\[examples\]'"):
        opened(tmp_path, "package:no_such_package/data/sales.csv")


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ("path: data.csv\nheader: month\n", "header: there is no such field. The keys are: path, encoding"),
        ("encoding: utf-8\n", "path: this is required."),
        ("path: data.csv\nencoding: rot13\n", "encoding: “rot13” cannot be used here."),
        ("path: data.csv\npath: data.csv\n", "key “path”: the key is there twice"),
        ("path: sales.yaml\n", "save them as one of .csv"),
        (
            "path: data.csv\ncolumns: {value: valu}\n",
            "no column “valu”, which their description names. The closest",
        ),
        ("path: data.csv\nignore: [remarks]\n", "no column “remarks”"),
        ("path: data.csv\nkeep: [value]\n", "say what they are with headers"),
        ("path: data.csv\nindicator: revenue\n", "names its indicators itself"),
        ("path: data.csv\nheaders: indicator\ncolumns: {value: value}\n", "where the headings are the indicator"),
        ("path: data.csv\nheaders: month\nignore: [month, value]\n", "none of their headings is a month"),
    ],
)
def test_a_wrong_description_says_what_is_wrong(tmp_path: Path, description: str, words: str) -> None:
    put(tmp_path, "month,indicator,value\n2026-10,a,1\n")
    put(tmp_path, description, "sales.yaml")
    assert words in refusal(tmp_path, "sales.yaml")


def test_a_wrong_description_is_answered_in_chinese_with_chinese_punctuation(tmp_path: Path) -> None:
    put(tmp_path, "header: month\n", "sales.yaml")
    with use("zh"), pytest.raises(BadFacts) as caught:
        opened(tmp_path, "sales.yaml")
    said = str(caught.value)
    assert "path：" in said
    assert "path、encoding" in said
    assert "。header：" in said


def test_the_digest_tells_files_and_descriptions_apart(tmp_path: Path) -> None:
    put(tmp_path, LONG)
    plain = opened(tmp_path).digest
    assert plain == hashlib.sha256(LONG.encode()).hexdigest()
    facts = opened(tmp_path)
    facts.series()
    assert facts.digest == plain
    described = []
    for ignore in ("[]", "[区域]"):
        put(tmp_path, f"path: data.csv\nignore: {ignore}\n", "sales.yaml")
        described.append(opened(tmp_path, "sales.yaml").digest)
    assert len({plain, *described}) == 3


def test_facts_that_were_closed_read_the_file_again(tmp_path: Path) -> None:
    put(tmp_path, LONG)
    facts = opened(tmp_path)
    assert months(facts, "营收") == ANSWER
    before = facts.digest
    put(tmp_path, LONG.replace("120.5", "0.5"))
    assert months(facts, "营收") == ANSWER
    facts.close()
    facts.close()
    assert months(facts, "营收")[1] == ("2026-09", Decimal(80))
    assert facts.digest != before
    facts.close()


def test_parquet_follows_the_same_rules(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    october: list[dt.date | str] = [
        dt.date(2026, 10, 1),
        dt.datetime(2026, 10, 1),  # noqa: DTZ001  # a column of timestamps without a zone
        "2026-10",
    ]
    for month in october:
        for values, total in (
            (pa.array([Decimal("1.5"), None, Decimal(2)], pa.decimal128(20, 12)), "3.5"),
            (pa.array([0.1 + 0.2, None, 1e-12]), "0.3"),
            (pa.array([1.5e15, None, 0.5]), "1500000000000000.5"),
            (pa.array([1, None, -3]), "-2"),
        ):  # fmt: skip
            table = {
                "month": [month] * 3,
                "indicator": ["a", "b", "a"],
                "region": ["x", "x", "y"],
                "value": values,
            }
            pq.write_table(pa.table(table), tmp_path / "data.parquet")
            with opened(tmp_path, "data.parquet") as facts:
                assert months(facts, "a", first="2026-10") == [("2026-10", Decimal(total))]
                assert months(facts, "b", first="2026-10") == [("2026-10", None)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, True, "1e5"])
def test_parquet_has_its_bad_cells_named_too(tmp_path: Path, value: object) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(
        pa.table({"month": ["2026-10"], "indicator": ["a"], "value": [value]}), tmp_path / "data.parquet"
    )
    assert "row 1, column “value”" in refusal(tmp_path, "data.parquet")


def test_a_file_that_only_says_it_is_parquet_is_refused(tmp_path: Path) -> None:
    put(tmp_path, LONG, "data.parquet")
    assert "not Parquet" in refusal(tmp_path, "data.parquet")


def test_duckdb_opens_no_other_file_and_lets_nobody_unlock_it(tmp_path: Path) -> None:
    import duckdb
    import ibis

    path = tmp_path / put(tmp_path, LONG)
    doors = [
        f"FROM read_csv('{path}')",
        f"COPY facts TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'other.db'}' AS other",
    ]
    control = ibis.duckdb.connect()
    control.raw_sql("CREATE TABLE facts AS SELECT 1 AS one")
    for door in doors:
        control.raw_sql(door)
    control.disconnect()
    (tmp_path / "out.csv").unlink()
    with opened(tmp_path) as facts:
        engine = facts._engine()
        assert engine is not None
        assert engine._connection.raw_sql("SELECT count(*) FROM facts").fetchall() == [(4,)]
        for door in doors:
            with pytest.raises(duckdb.PermissionException):
                engine._connection.raw_sql(door)
        for setting in ("enable_external_access = true", "lock_configuration = false", "threads = 8"):
            with pytest.raises(duckdb.InvalidInputException, match="locked"):
                engine._connection.raw_sql(f"SET {setting}")
    assert not (tmp_path / "out.csv").exists()
