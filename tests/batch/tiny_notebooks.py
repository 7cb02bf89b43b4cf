"""Tiny notebooks, made to do one thing each."""

from __future__ import annotations

import json

PARAMETERS = """\
department: str = "example"  # id
department_name: str = "Example"  # name shown to readers
period: str = "2026-10"  # month
language: str = "en"  # zh or en
facts: str = ""  # file of actuals
notice: str = ""  # line on top
as_of: str = ""  # instant
does: str = "well"  # what this department's notebook is to do
fiscal_start: int = 1  # first month
share: float = 0.5  # part of the whole
shown: bool = True  # yes or no
limit: "int | None" = None  # may be missing"""

DEEDS = """\
import os, signal, subprocess, sys, time
if does == "raises":
    raise ValueError("cell with <b>a reason</b>")
if does == "sys_exit":
    sys.exit(0)
if does == "kills_kernel":
    os.kill(os.getpid(), signal.SIGKILL)
if does == "sleeps":
    time.sleep(600)
if does == "escapes":
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
print(department, "does", does, as_of)"""

Cell = tuple[str, str, list[str]]


def notebook(*cells: Cell) -> str:
    """Write a notebook of cells given as type, source and tags."""
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                "language_info": {"name": "python"},
            },
            "cells": [
                {
                    "id": f"cell-{number}",
                    "cell_type": kind,
                    "metadata": {"tags": tags} if tags else {},
                    "source": source,
                    **({"outputs": [], "execution_count": None} if kind == "code" else {}),
                }
                for number, (kind, source, tags) in enumerate(cells)
            ],
        }
    )
