"""A new workbook folder: blank for one's own company, or the worked example."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpinb import language, newbook, workbook
from kpinb.batch.check import check
from kpinb.errors import BadInput
from kpinb.newbook import Created, create
from kpinb.store import open_store
from kpinb.strict_yaml import read_yaml

PROJECT = Path(__file__).parents[1]
TODAY = date(2027, 1, 15)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with language.use("en"):
        yield


def blank(folder: Path, code: str = "zh") -> Created:
    return create(folder, example=False, language=code, today=TODAY)


def defaults(path: Path) -> dict[str, Any]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    (source,) = ("".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", []))
    statements = [s for s in ast.parse(source).body if isinstance(s, ast.AnnAssign)]
    return {
        s.target.id: ast.literal_eval(s.value) for s in statements if isinstance(s.target, ast.Name) and s.value
    }


def test_a_blank_workbook_has_every_notebook_parameters_to_start_from_and_an_empty_store(tmp_path: Path) -> None:
    created = blank(tmp_path / "mine")

    shipped = {f"notebooks/{p.name}" for p in (PROJECT / "notebooks").glob("*.ipynb")}
    assert {p.as_posix() for p in created.made} == shipped | {"params/team.yaml", "params/company.yaml"}
    assert (created.kept, created.loaded) == ((), 0)
    with open_store(workbook.store_url("embedded", created.folder)) as store:
        assert store.departments() == []


def test_a_blank_workbook_passes_the_check_before_a_review(tmp_path: Path) -> None:
    created = blank(tmp_path)

    checked = check(created.folder, created.folder / "params")

    assert checked.refused == ()
    assert [one.id for one in checked.departments] == ["team"]


def test_notebooks_of_a_blank_workbook_open_its_own_department_and_show_nothing_of_the_example(
    tmp_path: Path,
) -> None:
    blank(tmp_path)

    for path in sorted((tmp_path / "notebooks").glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert not any(cell.get("outputs") for cell in notebook["cells"])
        if path.name.startswith("00_"):
            continue
        of = "company" if path.stem.endswith("_company") else "team"
        asked = read_yaml(tmp_path / "params" / f"{of}.yaml")
        given = defaults(path)
        assert given["department"] == of
        assert {name: given[name] for name in asked if name in given} == {
            n: v for n, v in asked.items() if n in given
        }
        assert given["period"] == "2026-12"


def test_parameters_keep_their_types_and_remarks_when_their_values_change() -> None:
    source = 'department: str = "sales"  # in "params/"\nname: str = "销售部"  # 名称\nfiscal_start: int = 1'

    changed = newbook._with_defaults(source, {"department": "team", "name": '我的"部门"'})

    assert changed == (
        'department: str = "team"  # in "params/"\nname: str = "我的\\"部门\\""  # 名称\nfiscal_start: int = 1'
    )


def test_every_key_of_a_blank_parameters_file_is_explained(tmp_path: Path) -> None:
    blank(tmp_path)

    lines = (tmp_path / "params" / "team.yaml").read_text(encoding="utf-8").splitlines()

    keys = [i for i, line in enumerate(lines) if line and not line.startswith("#")]
    assert len(keys) == len(read_yaml(tmp_path / "params" / "team.yaml"))
    assert all(lines[i - 1].startswith("# ") for i in keys)


def test_a_second_time_nothing_is_made_and_nothing_has_changed(tmp_path: Path) -> None:
    blank(tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.suffix in {".ipynb", ".yaml"}}

    again = blank(tmp_path)

    assert (again.made, again.kept, again.loaded) == ((), (), 0)
    assert {p: p.read_bytes() for p in before} == before


def test_what_a_person_changed_is_kept_and_named(tmp_path: Path) -> None:
    blank(tmp_path)
    mine = tmp_path / "params" / "team.yaml"
    mine.write_text("department: north\n", encoding="utf-8")
    (tmp_path / "params" / "company.yaml").unlink()

    again = blank(tmp_path)

    assert again.kept == (Path("params/team.yaml"),)
    assert again.made == (Path("params/company.yaml"),)
    assert mine.read_text(encoding="utf-8") == "department: north\n"


def test_the_example_has_its_records_in_the_store_once(tmp_path: Path) -> None:
    first = create(tmp_path, example=True, language="zh", today=TODAY)
    again = create(tmp_path, example=True, language="zh", today=TODAY)

    assert first.loaded > 0
    assert (again.made, again.kept, again.loaded) == ((), (), 0)
    with open_store(workbook.store_url("embedded", tmp_path)) as store:
        assert {"company", "sales", "product", "marketing", "service"} <= set(store.departments())


def test_the_example_is_the_projects_own_file_by_file(tmp_path: Path) -> None:
    created = create(tmp_path, example=True, language="zh", today=TODAY)

    assert Path("params/sales.yaml") in created.made
    assert all((tmp_path / name).read_bytes() == (PROJECT / name).read_bytes() for name in created.made)


def test_in_the_project_itself_only_the_store_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    create(project, example=True, language="zh", today=TODAY)
    monkeypatch.setattr(newbook, "_source", lambda: project)
    before = {p: p.read_bytes() for p in project.rglob("*") if "var" not in p.parts and p.is_file()}

    created = create(project, example=True, language="en", today=TODAY)

    assert (created.made, created.kept) == ((), ())
    assert {p: p.read_bytes() for p in project.rglob("*") if "var" not in p.parts and p.is_file()} == before


def test_an_english_workbook_has_english_prose_and_the_same_code(tmp_path: Path) -> None:
    create(tmp_path / "zh", example=True, language="zh", today=TODAY)
    create(tmp_path / "en", example=True, language="en", today=TODAY)

    for path in sorted((tmp_path / "zh" / "notebooks").glob("[1-6]*.ipynb")):
        theirs = json.loads(path.read_text(encoding="utf-8"))["cells"]
        ours = json.loads((tmp_path / "en" / "notebooks" / path.name).read_text(encoding="utf-8"))["cells"]
        with language.use("en"):
            prose = [language._("".join(c["source"])) for c in theirs if c["cell_type"] == "markdown"]
        assert ["".join(c["source"]) for c in ours if c["cell_type"] == "markdown"] == prose
        assert defaults(tmp_path / "en" / "notebooks" / path.name)["language"] == "en"


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("", encoding="utf-8")

    with pytest.raises(BadInput, match="mine” is a file: name a folder"):
        blank(tmp_path / "mine")


def test_an_unknown_language_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Language “fr” is not known"):
        blank(tmp_path / "mine", "fr")

    assert not (tmp_path / "mine").exists()
