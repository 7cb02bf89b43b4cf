"""The templates have one shape, so that people, papermill and nbval find their way."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "notebooks").glob("*.ipynb"))
STAGES = [path for path in TEMPLATES if path.stem[:2] in {"10", "20", "30", "40", "50"}]
LINES = 5

pytestmark = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def tags(cell: nbformat.NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_house_has_its_seven_templates(path: Path) -> None:
    assert [p.stem for p in TEMPLATES] == [
        "00_start", "10_clarify", "20_decompose", "30_plan", "40_track", "50_retrospective", "60_company",
    ]  # fmt: skip
    assert path.exists()


def test_a_template_is_valid_and_carries_nothing_of_the_machine_it_was_made_on(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)  # type: ignore[no-untyped-call]
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    }
    for cell in notebook.cells:
        assert set(cell.metadata) <= {"tags"}
    assert str(ROOT) not in path.read_text(encoding="utf-8")


def test_it_begins_with_its_question_then_the_parameters_then_the_opening(path: Path) -> None:
    title, parameters, opening, *_rest = read(path).cells
    assert title.source.startswith("# ")
    assert tags(parameters) == {"parameters"}
    assert "open" in tags(opening)
    assert "open_book(" in opening.source


def test_parameters_are_scalars_with_their_help(path: Path) -> None:
    cell = next(cell for cell in code(read(path)) if "parameters" in tags(cell))
    for statement, line in zip(ast.parse(cell.source).body, cell.source.splitlines(), strict=True):
        assert isinstance(statement, ast.AnnAssign)
        assert isinstance(statement.value, ast.Constant)
        assert "  # " in line, f"{line} lacks its help"


def test_every_stage_takes_the_same_parameters(path: Path) -> None:
    if path not in STAGES:
        pytest.skip("not a stage")
    cells = {cell.source for p in STAGES for cell in code(read(p)) if "parameters" in tags(cell)}
    assert len(cells) == 1


def test_cells_call_the_package_and_compute_nothing_themselves(path: Path) -> None:
    for cell in code(read(path)):
        if "parameters" in tags(cell):
            continue
        lines = [line for line in cell.source.splitlines() if line.strip()]
        assert len(lines) <= LINES, cell.source
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.For | ast.While | ast.Lambda | ast.ListComp), (
                cell.source
            )


def test_headings_go_in_order_and_each_is_followed_by_a_sentence(path: Path) -> None:
    prose = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    headings = [text for text in prose if text.startswith("#")]
    for text in headings:
        heading, _, sentence = text.partition("\n")
        assert sentence.strip(), f"“{heading}” says nothing"
    assert [text.split(" ")[0] for text in headings] == ["#"] + ["##"] * (len(headings) - 1)
    assert all("\n#" not in text for text in prose)


def test_forms_come_last_and_run_only_under_a_persons_hands(path: Path) -> None:
    cells = code(read(path))
    forms = [cell for cell in cells if "form" in tags(cell)]
    assert all("_form(book)" in cell.source for cell in forms)
    assert all("_form(" not in cell.source for cell in cells if cell not in forms)
    assert all(tags(cell) == {"form", "skip-execution", "nbval-skip"} for cell in forms)
    assert cells[len(cells) - len(forms) :] == forms
    assert forms or path not in STAGES


def test_the_retrospective_and_the_company_have_a_bottom_line(path: Path) -> None:
    marked = [cell for cell in code(read(path)) if "bottom-line" in tags(cell)]
    assert len(marked) == (1 if path.stem in {"50_retrospective", "60_company"} else 0)


def test_what_was_committed_was_run_from_top_to_bottom(path: Path) -> None:
    cells = [cell for cell in code(read(path)) if "skip-execution" not in tags(cell)]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(output.output_type != "error" for cell in cells for output in cell.outputs)
