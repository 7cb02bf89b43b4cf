"""What an executed notebook itself shows about how far it came.

papermill's own record is not believed: after a kernel's death or a timeout it calls every cell completed, and
``sys.exit(0)`` counts as success.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kpinb.batch.job import Failure
from kpinb.batch.template import source_of

SKIPPED = "skip-execution"
_HEAD_LINES, _HEAD_LETTERS = 3, 300


def read(path: Path) -> dict[str, Any]:
    """Read a notebook as its JSON says."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def not_run(notebook: dict[str, Any]) -> list[int]:
    """Give the places of the cells that were to run and did not."""
    return [index for index, cell in _to_run(notebook) if cell.get("execution_count") is None]


def last_started(notebook: dict[str, Any]) -> int | None:
    """Give the place of the cell that was started last, whether or not it came to its end."""
    # By papermill's start time: the number beside a cell can be lost when the kernel dies with its messages.
    started = [i for i, c in _to_run(notebook) if c["metadata"].get("papermill", {}).get("start_time")]
    return started[-1] if started else None


def _to_run(notebook: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    return [
        (index, cell)
        for index, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
        and source_of(cell).strip()
        and SKIPPED not in cell["metadata"].get("tags", [])
    ]


def cell_of(notebook: dict[str, Any], index: int | None) -> dict[str, Any]:
    """Describe a cell for a `Failure`: its place, its number and its first lines."""
    if index is None:
        return {}
    cell = notebook["cells"][index]
    head = "\n".join(source_of(cell).splitlines()[:_HEAD_LINES])[:_HEAD_LETTERS]
    return {"cell_index": index, "execution_count": cell.get("execution_count"), "source": head}


def mark(path: Path, failure: Failure) -> None:
    """Write into a kept notebook where it failed, if papermill did not, and which cells were not run."""
    notebook = read(path)
    for index in not_run(notebook):
        notebook["cells"][index]["metadata"].setdefault("papermill", {})["status"] = "pending"
    notebook["metadata"].setdefault("papermill", {})["exception"] = True
    if failure.cell_index is not None:
        cell = notebook["cells"][failure.cell_index]
        cell["metadata"].setdefault("papermill", {}).update(status="failed", exception=True)
        if not any(output["output_type"] == "error" for output in cell["outputs"]):
            text = failure.sentence()
            cell["outputs"].append(
                {
                    "output_type": "error",
                    "ename": failure.error or str(failure.kind),
                    "evalue": text,
                    "traceback": [text],
                }
            )
    write(notebook, path)


def write(notebook: dict[str, Any], path: Path) -> None:
    """Write a notebook as JSON, in the way Jupyter does."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
