"""Whether this machine can draw Chinese: without a font a chart made into a picture shows boxes, silently."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kpinb.language import _

_FAMILIES = (
    "NotoSansCJK",
    "NotoSansSC",
    "NotoSerifCJK",
    "SourceHanSans",
    "msyh",
    "simhei",
    "simsun",
    "PingFang",
    "STHeiti",
    "Hiragino Sans GB",
    "wqy",
    "DroidSansFallback",
)
"""How the files of the usual Chinese fonts begin, best first."""


def chinese_font(folders: list[Path] | None = None) -> Path | None:
    """Find a font file that has Chinese characters; None where there is none.

    Parameters
    ----------
    folders : list of Path, optional
        Where to look; by default where this system keeps fonts.
    """
    files = [file for folder in folders or _folders() if folder.is_dir() for file in folder.rglob("*.[to]t[fc]")]
    by_name = {file.name.lower(): file for file in sorted(files)}
    for family in _FAMILIES:
        for name, file in by_name.items():
            if name.startswith(family.lower()):
                return file
    return None


def advice() -> str:
    """Say what to install, in one sentence; for a machine without a Chinese font."""
    return _(
        "This machine has no font for Chinese, so charts would show empty boxes: install one, on Debian or Ubuntu "
        "with “apt-get install fonts-noto-cjk”."
    )


def _folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    if sys.platform == "win32":
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts"]
