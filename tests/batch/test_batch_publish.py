from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kpinb.batch import publish

ROWS = {"rows": list(range(200_000))}


def torn(write: Callable[[str, Path], object], path: Path, *, seconds: float) -> bool:
    """Read a file again and again while it is being written, and say whether a part of it was ever seen."""
    text = json.dumps(ROWS)
    write(text, path)
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            write(text, path)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            if path.read_text() != text:
                return True
        return False
    finally:
        stop.set()
        writer.join()


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    assert not torn(publish.publish_text, tmp_path / "manifest.json", seconds=1)


def test_control_writing_in_place_shows_half_a_file(tmp_path: Path) -> None:
    def in_place(text: str, path: Path) -> None:
        path.write_text(text)

    assert torn(in_place, tmp_path / "manifest.json", seconds=60)


def test_a_file_is_durable_before_it_has_its_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        steps.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def renamed(self: Path, target: Path) -> Path:
        steps.append(f"rename {self.name} {target.name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", renamed)
    folder = tmp_path / "out"
    folder.mkdir()
    publish.publish_text("{}", folder / "manifest.json")
    assert steps == ["sync manifest.json.tmp", "rename manifest.json.tmp manifest.json", "sync out"]


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """A published folder with yesterday's report, and today's waiting beside it."""
    for name, text in (("sales", "yesterday"), ("sales.tmp", "today")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.html").write_text(text)
    (tmp_path / "sales" / "old.ipynb").write_text("yesterday")
    return tmp_path / "sales"


def test_a_folder_is_published_whole_and_nothing_of_the_old_stays(sales: Path) -> None:
    publish.publish_folder(sales.with_name("sales.tmp"), sales)
    assert [path.name for path in sales.parent.iterdir()] == ["sales"]
    assert [(path.name, path.read_text()) for path in sales.iterdir()] == [("report.html", "today")]


@pytest.mark.parametrize("renames", [0, 1])
def test_a_crash_while_publishing_leaves_yesterday_s_report(
    sales: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    rename, left = Path.rename, [None] * renames

    def power_fails(self: Path, target: Path) -> Path:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", power_fails)
        with pytest.raises(KeyboardInterrupt):
            publish.publish_folder(sales.with_name("sales.tmp"), sales)
    with publish.swept(sales.parent):
        assert [path.name for path in sales.parent.iterdir()] == ["sales"]
        assert (sales / "report.html").read_text() == "yesterday"


def test_a_link_among_the_leftovers_is_removed_and_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_text("")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "sales.tmp").symlink_to(elsewhere)
    publish.sweep(folder)
    assert list(folder.iterdir()) == []
    assert (elsewhere / "kept").exists()
