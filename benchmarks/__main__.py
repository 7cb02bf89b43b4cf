"""Run the benchmarks and print their figures."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from benchmarks import Row


def main(names: Sequence[str]) -> None:
    """Run the named modules, or all that there are, and print a table of each as it is done."""
    there = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    unknown = [name for name in names if name not in there]
    if unknown:
        sys.exit(f"There is no benchmark “{unknown[0]}”. There are: {', '.join(there)}.")
    print(_line("what", "size", "median", "ratio", ""))
    for name in names or there:
        for row in import_module(f"benchmarks.{name}").measure():
            print(_shown(Row(*row)), flush=True)


def _shown(row: Row) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return _line(row.what, row.size, f"{row.seconds * 1000:,.0f} ms", ratio, row.note)


def _line(what: str, size: str, seconds: str, ratio: str, note: str) -> str:
    return f"{what:<40} {size:<36} {seconds:>10} {ratio:>6}  {note}".rstrip()


if __name__ == "__main__":
    main(sys.argv[1:])
