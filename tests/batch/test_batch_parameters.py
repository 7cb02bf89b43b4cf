from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from kpinb import language
from kpinb.batch.parameters import DepartmentParameters, Refused, load
from kpinb.batch.template import Template, Templates
from kpinb.errors import BadParameters

Add = Callable[..., Path]


def read(workbook: Path) -> tuple[list[DepartmentParameters], list[Refused]]:
    return load(workbook / "params", Templates.read(workbook / "notebooks"))


def reason(workbook: Path) -> str:
    [], [refused] = read(workbook)
    return refused.reason


def test_departments_come_by_file_name_and_the_company_last(workbook: Path, department: Add) -> None:
    for stem in ("sales", "company", "marketing"):
        department(stem)
    (workbook / "params" / "notes.txt").write_text("not parameters")
    (workbook / "params" / "other").mkdir()
    usable, refused = read(workbook)
    assert [one.id for one in usable] == ["marketing", "sales", "company"]
    assert usable[1] == DepartmentParameters(
        "sales",
        "Sales",
        "en",
        workbook / "params" / "sales.yaml",
        {"department": "sales", "department_name": "Sales", "facts": "", "notice": ""},
    )
    assert refused == []
    assert pickle.loads(pickle.dumps(usable)) == usable  # noqa: S301  our own


def test_a_template_is_given_only_what_it_declares(workbook: Path, department: Add) -> None:
    department("sales", does="well")
    [sales], [] = read(workbook)
    template = Template(
        Path("20_x.ipynb"), "", {"department": Templates.read(workbook / "notebooks").stages[0].parameters["does"]}
    )
    assert sales.given_to(template, period="2026-10") == {"department": "sales"}


def test_an_unknown_parameter_is_answered_with_the_nearest_known_one(workbook: Path, department: Add) -> None:
    department("sales", fiscal_strat=4)
    assert "“fiscal_strat” is not known; did you mean “fiscal_start”?" in reason(workbook)


def test_a_misspelt_needed_parameter_is_reported_once(workbook: Path, department: Add) -> None:
    department("sales", 'department: sales\ndepartment_nam: S\nfacts: ""\nnotice: ""\n')
    assert reason(workbook).endswith("“department_nam” is not known; did you mean “department_name”?")


def test_what_is_left_out_would_show_the_example_of_another(workbook: Path, department: Add) -> None:
    department("sales", "department: sales\n")
    assert reason(workbook).endswith("“department_name” is missing. “facts” is missing. “notice” is missing.")
    with language.use("zh"):
        assert reason(workbook).endswith("缺少“department_name”。缺少“facts”。缺少“notice”。")


@pytest.mark.parametrize("name", ["x=1;import os;os._exit(0)#", "a b", "period", "as_of", "__import__('os')"])
def test_a_parameter_name_is_never_code_nor_the_review_s_own(workbook: Path, department: Add, name: str) -> None:
    base = 'department: sales\ndepartment_name: S\nfacts: ""\nnotice: ""\n'
    department("sales", f'{base}"{name}": "1"\n')
    assert f"“{name}”" in reason(workbook)
    assert reason(workbook).endswith("remove it.")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("facts: 2026", '“facts” must be text, and 2026 is not: put it in quotes, as in facts: "2026".'),
        ("facts: true", '“facts” must be text, and true is not: put it in quotes, as in facts: "true".'),
        ("facts:", '“facts” must be text, and  is not: put it in quotes, as in facts: "".'),
        ("fiscal_start: 010", "“fiscal_start” must be of type int, and “010” is not."),
        ("fiscal_start: true", "“fiscal_start” must be of type int, and “True” is not."),
        ("shown: no", "“shown” must be of type bool, and “no” is not."),
        ("share: 1e3", "“share” must be of type float, and “1e3” is not."),
        ("share: [1]", "“share” must be of type float, and “[1]” is not."),
        ("language: fr", "“language” is “fr”; choose one of: zh, en."),
        ("department: Sales/..", "“Sales/..” cannot be an id: use 1 to 64"),
        ("department: ''", "“” cannot be an id: use 1 to 64"),
        ('department_name: "two\\nlines"', "“department_name” must be one line that is not empty."),
        ('department_name: " "', "“department_name” must be one line that is not empty."),
    ],
)
def test_a_value_of_the_wrong_type_is_answered_with_how_to_write_it(
    workbook: Path, department: Add, line: str, answer: str
) -> None:
    lines = {"department": "sales", "department_name": "S", "facts": '""', "notice": '""'}
    key, _colon, value = line.partition(":")
    lines[key] = value
    department("sales", "".join(f"{k}: {v}\n" for k, v in lines.items()))
    assert answer in reason(workbook)


def test_values_are_not_guessed(workbook: Path, department: Add) -> None:
    base = "department: sales\ndepartment_name: no\nfacts: 12:30:45\nnotice: 010\n"
    department("sales", base + "share: 1\nlimit: 3\nshown: false\n")
    [sales], [] = read(workbook)
    assert sales.values == {
        "department": "sales",
        "department_name": "no",
        "facts": "12:30:45",
        "notice": "010",
        "share": 1,
        "limit": 3,
        "shown": False,
    }


def test_a_file_that_is_no_yaml_is_named(workbook: Path, department: Add) -> None:
    department("sales", "department: [\n")
    assert "sales.yaml" in reason(workbook)


def test_of_two_files_with_one_department_neither_is_used(workbook: Path, department: Add) -> None:
    department("north", department="sales")
    department("sales")
    department("product")
    usable, refused = read(workbook)
    assert [one.id for one in usable] == ["product"]
    assert [(one.id, one.path.name) for one in refused] == [("sales", "north.yaml"), ("sales", "sales.yaml")]
    assert "department “sales” is also in sales.yaml" in refused[0].reason


def test_a_file_whose_name_is_no_id_never_becomes_a_path(workbook: Path, department: Add) -> None:
    department("..", "department: [")  # the file is “...yaml”
    [], [refused] = read(workbook)
    assert refused.id == ""


def test_a_folder_without_departments_says_what_it_needs(workbook: Path, department: Add) -> None:
    department("company")
    with pytest.raises(BadParameters, match="one for each department"):
        read(workbook)
