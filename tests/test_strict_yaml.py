"""A file of parameters says what it seems to say, or is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kpinb.errors import BadInput
from kpinb.language import use
from kpinb.strict_yaml import read_yaml


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "sales.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(folder: Path, text: str | bytes) -> str:
    path = written(folder, text)
    with use("en"), pytest.raises(BadInput) as caught:
        read_yaml(path)
    message = str(caught.value)
    assert str(path) in message
    return message.replace(str(path), "FILE")


def test_parameters_mean_what_a_person_reads(tmp_path: Path) -> None:
    text = """\
department: sales
department_name: 销售部
period: 2026-10
day: 2026-06-10
fiscal_start: 4
share: 0.6
negative: -12.50
exact: 12345678901234567.123
show: true
hide: false
as_of: null
store:
code: 010
time: 12:30:45
answer: no
exponent: 1e400
nothing: .nan
quoted: "4"
words: [a, 2]
nested: {a: {b: c}}
many: 1234567890123456789
"""
    assert read_yaml(written(tmp_path, text)) == {
        "department": "sales",
        "department_name": "销售部",
        "period": "2026-10",
        "day": "2026-06-10",
        "fiscal_start": 4,
        "share": 0.6,
        "negative": -12.5,
        "exact": "12345678901234567.123",
        "show": True,
        "hide": False,
        "as_of": None,
        "store": None,
        "code": "010",
        "time": "12:30:45",
        "answer": "no",
        "exponent": "1e400",
        "nothing": ".nan",
        "quoted": "4",
        "words": ["a", 2],
        "nested": {"a": {"b": "c"}},
        "many": "1234567890123456789",
    }


def test_the_plain_loader_would_have_misread_them() -> None:
    plain = yaml.safe_load("code: 010\ntime: 12:30:45\nanswer: no\ntwice: 1\ntwice: 2\n")
    assert plain == {"code": 8, "time": 45045, "answer": False, "twice": 2}


def test_an_empty_file_and_one_with_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    assert read_yaml(written(tmp_path, "# nothing yet\n")) == {}
    assert read_yaml(written(tmp_path, b"\xef\xbb\xbfperiod: 2026-10\n")) == {"period": "2026-10"}


def test_an_equal_key_is_named_with_both_lines(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n") == (
        "FILE, line 5, key “b.c”: the key is there twice, first in line 3. Keep one of them."
    )


@pytest.mark.parametrize(
    ("text", "place", "word"),
    [
        ("a: &x [1]\n", "line 1, key “a”", "anchors"),
        ("a: 1\nb: *x\n", "line 2, key “b”", "anchors"),
        ("a:\n  <<: {b: 1}\n", "line 2, key “a.<<”", "merges"),
        ("a: !!python/object/apply:os.system ['true']\n", "line 1, key “a”", "tags"),
        ("a: !!int '3'\n", "line 1, key “a”", "tags"),
        ("[a, b]: 1\n", "line 1", "one plain word"),
        ("- a\n- b\n", "line 1", "keys and values"),
        ("just words\n", "line 1", "keys and values"),
        ("a: 1\nb: [1\n", "line 3", "not YAML"),
        ("a: 1\n---\nb: 2\n", "line 2", "not YAML"),
        ("a: 1\nb: \x07\n", "line 2", "not YAML"),
        (b"a: 1\nb: \xff\xfe\n", "line 2", "not UTF-8"),
        ("a: " + "[" * 21 + "]" * 21, "line 1, key “a”", "more than 20 levels"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_place(
    tmp_path: Path, text: str | bytes, place: str, word: str
) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith(f"FILE, {place}")
    assert word in message


def test_a_deep_but_allowed_file_is_read(tmp_path: Path) -> None:
    value = read_yaml(written(tmp_path, "a: " + "[" * 19 + "]" * 19))["a"]
    for _level in range(18):
        (value,) = value
    assert value == []


def test_brackets_without_end_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    assert "more than 20 levels" in refusal(tmp_path, "a: " + "[" * 100_000)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    assert "larger than" in refusal(tmp_path, b"#" * 1_000_001)
    assert read_yaml(written(tmp_path, b"#" * 1_000_000)) == {}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="sales"):
        read_yaml(tmp_path / "sales.yaml")
