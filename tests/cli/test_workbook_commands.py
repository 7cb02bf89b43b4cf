"""init, check and review, as an operator calls them."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kpinb import workbook
from kpinb.batch import review as batch
from kpinb.batch.job import Failure, FailureKind, Outcome
from kpinb.cli import main
from kpinb.period import Period
from kpinb.store import sqlite
from kpinb.view import fonts


@pytest.fixture(autouse=True)
def _english_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.delenv(workbook.ROOT_VARIABLE, raising=False)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Make a blank workbook, as the current folder."""
    assert main(["init", str(tmp_path / "mine")]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    capsys.readouterr()
    return tmp_path / "mine"


def test_init_says_what_it_made_and_the_second_time_that_there_was_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["init", "mine", "--language", "zh"]) == 0
    made = len([p for p in (tmp_path / "mine").glob("*/*") if p.suffix in {".ipynb", ".yaml"}])
    assert capsys.readouterr().out == (
        f"Workbook {tmp_path / 'mine'}: {made} files made, 0 versions of records loaded.\n"
    )
    assert 'language: "zh"' in (tmp_path / "mine/params/team.yaml").read_text(encoding="utf-8")

    assert main(["init", "mine", "--language", "zh"]) == 0
    assert "0 files made" in capsys.readouterr().out


def test_init_names_what_it_kept(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mine / "params/team.yaml").write_text("department: north\n", encoding="utf-8")

    assert main(["init"]) == 0

    kept, _made = capsys.readouterr().out.splitlines()
    assert kept == "Kept as it is, though the template differs: params/team.yaml"


def test_check_of_a_sound_workbook_finds_nothing_wrong(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"✓ Workbook: {mine}"
    assert any(line.startswith("✓ Notebooks: 10_clarify, ") for line in lines)
    assert any(line.endswith(f"({mine / 'params/team.yaml'})") and line.startswith("✓") for line in lines)
    assert not any(line.startswith("✕") for line in lines)


def test_check_shows_a_bad_parameter_and_goes_on(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(mine / "params/team.yaml", mine / "params/north.yaml")
    with (mine / "params/north.yaml").open("a", encoding="utf-8") as file:
        file.write("departmnt: north\n")

    assert main(["check"]) == 2

    lines = capsys.readouterr().out.splitlines()
    (wrong,) = (line for line in lines if line.startswith("✕"))
    assert "north.yaml" in wrong
    assert "did you mean “department”?" in wrong
    assert any("team.yaml" in line and line.startswith("✓") for line in lines)


def test_check_reads_the_actuals(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    team = mine / "params/team.yaml"
    team.write_text(
        team.read_text(encoding="utf-8").replace('facts: ""', "facts: params/team.csv"), encoding="utf-8"
    )

    assert main(["check"]) == 2
    assert "params/team.csv" in next(line for line in capsys.readouterr().out.splitlines() if line[0] == "✕")

    (mine / "params/team.csv").write_text('month,indicator,value\n2026-10,revenue,"1.234,5"\n', encoding="utf-8")
    assert main(["check"]) == 2
    assert "1.234,5" in next(line for line in capsys.readouterr().out.splitlines() if line[0] == "✕")

    (mine / "params/team.csv").write_text("month,indicator,value\n2026-10,revenue,\n", encoding="utf-8")
    assert main(["check"]) == 0
    assert any(line.startswith("✓ Actuals of ") for line in capsys.readouterr().out.splitlines())


def test_check_names_a_store_that_is_not_there(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(mine / "var")

    assert main(["check"]) == 2

    assert any(line.startswith("✕") and "kpinb.sqlite" in line for line in capsys.readouterr().out.splitlines())


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("well", [True, False])
def test_check_warns_of_the_machine_but_a_warning_is_no_failure(
    well: bool,  # noqa: FBT001
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite, "wal_reset_bug", lambda: not well)
    monkeypatch.setattr(fonts, "chinese_font", lambda: "Noto Sans CJK SC" if well else None)

    assert main(["check"]) == 0

    warnings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("▲")]
    assert len(warnings) == (0 if well else 2)


def test_check_outside_of_a_workbook_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["check"]) == 2

    assert "kpinb init my-workbook" in capsys.readouterr().err


class Batch:
    """Stands for the review that would take minutes, and remembers what it was asked."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = outcomes
        self.asked: dict[str, Any] = {}

    def __call__(self, root: Path, period: Period, **asked: Any) -> batch.Review:
        self.asked = {"root": root, "period": period, **asked}
        return batch.Review(period, root / "out" / str(period), self.outcomes)


def test_review_runs_the_month_with_what_was_chosen(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = Batch(Outcome("team", "我的部门"))
    monkeypatch.setattr(batch, "review", ran)

    assert main(["review", "2026-10", "--params", "params", "--out", "there", "--keep-going", "--jobs", "3"]) == 0

    assert (ran.asked["root"], str(ran.asked["period"])) == (mine, "2026-10")
    assert (ran.asked["params"], ran.asked["out"], ran.asked["keep_going"]) == (
        Path("params"),
        Path("there"),
        True,
    )
    assert isinstance(ran.asked["executor"], ThreadPoolExecutor)
    assert ran.asked["executor"]._max_workers == 3


@pytest.mark.usefixtures("mine")
def test_review_leaves_what_was_not_chosen_to_the_batch_and_ends_with_1_when_a_department_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran = Batch(Outcome("team", "我的部门", Failure(FailureKind.kernel_died)), Outcome("other", "其他部门"))
    monkeypatch.setattr(batch, "review", ran)

    assert main(["review", "2026-10"]) == 1

    chosen = {name: ran.asked[name] for name in ("params", "out", "keep_going", "executor")}
    assert chosen == {"params": None, "out": None, "keep_going": False, "executor": None}


def test_review_with_bad_parameters_runs_nothing_and_ends_with_2(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (mine / "params/team.yaml").open("a", encoding="utf-8") as file:
        file.write("departmnt: north\n")

    assert main(["review", "2026-10"]) == 2

    assert "did you mean “department”?" in capsys.readouterr().err
    assert not (mine / "out/2026-10").exists()
