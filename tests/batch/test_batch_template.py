from __future__ import annotations

from pathlib import Path

import pytest
from tiny_notebooks import notebook

from kpinb.batch.localise import localised
from kpinb.batch.template import Parameter, Template, Templates, parameters_of
from kpinb.errors import BadInput


def template(tmp_path: Path, *parameters_cells: str, name: str = "10_stage") -> Template:
    path = tmp_path / f"{name}.ipynb"
    cells = [("code", source, ["parameters"]) for source in parameters_cells]
    path.write_text(notebook(("markdown", "Before\n# What is asked?\n", []), *cells), encoding="utf-8")
    return Template.read(path)


def test_a_parameters_cell_says_name_type_default_and_help(tmp_path: Path) -> None:
    read = template(
        tmp_path,
        "# department parameters\n"
        'department: str = "a=b # c"  # whose # it is\n'
        "limit: 'int | None' = None\n"
        "floor = -2  # lowest\n"
        "any = None",
    )
    assert read.name == "10_stage"
    assert read.title == "What is asked?"
    assert list(read.parameters.values()) == [
        Parameter("department", (str,), "a=b # c", "whose # it is"),
        Parameter("limit", (int, type(None)), None, ""),
        Parameter("floor", (int,), -2, "lowest"),
        Parameter("any", (str, int, float, bool, type(None)), None, ""),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "a = os.getcwd()",
        "a = [1]",
        "a: list = 1",
        "a: int = 'text'",
        "a: int",
        "a = b = 1",
        "a = (1, 2)",
        "a, b = 1, 2",
        "a =",
        "a = " + "-" * 100_000 + "1",
    ],
)
def test_a_parameters_cell_holds_plain_values_only(tmp_path: Path, source: str) -> None:
    with pytest.raises(BadInput, match=r"10_stage\.ipynb.*is not a plain value"):
        template(tmp_path, source)


def test_a_template_has_exactly_one_parameters_cell(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="has 0 cells"):
        template(tmp_path)
    with pytest.raises(BadInput, match="has 2 cells"):
        template(tmp_path, "a = 1", "b = 2")
    with pytest.raises(BadInput, match="“a” twice"):
        template(tmp_path, "a = 1\na = 2")


@pytest.mark.parametrize("text", ["", "[]", '{"cells": [1]}', '{"cells": [{}]}'])
def test_a_file_that_is_no_notebook_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "10_stage.ipynb"
    path.write_text(text)
    with pytest.raises(BadInput, match=r"10_stage\.ipynb.*cannot be read as a notebook"):
        Template.read(path)


def test_stages_run_in_the_order_of_their_numbers_and_the_company_last(tmp_path: Path) -> None:
    for name in ("20_later", "10_first", "60_company"):
        template(tmp_path, f'department = "x"\nonly_{name} = 1', name=name)
    (tmp_path / "00_start.ipynb").write_text("for people")
    (tmp_path / "scratch.ipynb").write_text("somebody's own")
    templates = Templates.read(tmp_path)
    assert [stage.name for stage in templates.stages] == ["10_first", "20_later"]
    assert templates.company is not None
    assert templates.company.name == "60_company"
    assert set(parameters_of(templates.stages)) == {"department", "only_10_first", "only_20_later"}


def test_two_stages_must_agree_about_a_type(tmp_path: Path) -> None:
    template(tmp_path, "limit: int = 1", name="10_first")
    template(tmp_path, 'limit: str = "1"', name="20_later")
    with pytest.raises(BadInput, match=r"“limit” is str in notebook .*20_later.* and int in another"):
        Templates.read(tmp_path)


def test_a_folder_without_notebooks_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no notebook to run"):
        Templates.read(tmp_path)


def test_prose_is_translated_and_code_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpinb.batch.localise._", {"看清\n问题": "See the\nproblem", "": "header"}.__getitem__)
    code = {"cell_type": "code", "source": "看清\n问题"}
    chinese = {"cells": [{"cell_type": "markdown", "source": ["看清\n", "问题"]}, code]}
    assert localised(chinese, "en") == {"cells": [{"cell_type": "markdown", "source": "See the\nproblem"}, code]}
    assert chinese["cells"][0]["source"] == ["看清\n", "问题"]
