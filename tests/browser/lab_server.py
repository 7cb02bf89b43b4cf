"""A JupyterLab of the test's own: its settings, its kernels, its port; nothing of it is left behind."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from kpinb import workbook

AUTHOR = "analyst-a"
"""Login name under which the server, and so each of its kernels, runs."""

_TOKEN = "browser-test"  # noqa: S105 - guards a server on the loopback that lives as long as a test
_SECONDS_TO_START = 120
_SECONDS_TO_END = 30
_NEWS = "@jupyterlab/apputils-extension:announcements"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab.

    Parameters
    ----------
    address : str
        Where it listens, such as ``http://127.0.0.1:40001``.
    root : Path
        The workbook folder that it serves.
    """

    address: str
    root: Path

    def page_of(self, notebook: str) -> str:
        """Give the address that opens a notebook in a clean layout."""
        return f"{self.address}/lab/tree/{notebook}?reset&token={_TOKEN}"

    def shut_kernels_down(self) -> None:
        """End the kernel of every open notebook."""
        for session in self._ask("GET", "api/sessions"):
            self._ask("DELETE", f"api/sessions/{session['id']}")

    def _ask(self, method: str, path: str) -> Any:
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.address}/{path}", method=method, headers={"Authorization": f"token {_TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            text = response.read()
        return json.loads(text) if text else None


@contextmanager
def running(root: Path, home: Path) -> Iterator[Lab]:
    """Start JupyterLab on a workbook folder and end it, with its kernels.

    Parameters
    ----------
    root : Path
        The workbook folder.
    home : Path
        An empty folder for everything that JupyterLab and its kernels keep of a user.
    """
    environment = _environment(root, home)
    _refuse_news(Path(environment["JUPYTER_CONFIG_DIR"]))
    log = home / "jupyterlab.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter", "lab", "--no-browser"),
                f"--ServerApp.root_dir={root}",
                "--ServerApp.ip=127.0.0.1",
                f"--ServerApp.port={_free_port()}",  # the next free one, if another takes it meanwhile
                "--ServerApp.allow_root=True",  # containers know no other user
                f"--IdentityProvider.token={_TOKEN}",
            ],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Lab(_address(server, Path(environment["JUPYTER_RUNTIME_DIR"]), log), root)
    finally:
        _end(server)


def _environment(root: Path, home: Path) -> Mapping[str, str]:
    """Give an environment in which nothing of the user who runs the tests is read or written."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "KPINB"))
    }
    return {
        **kept,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "LOGNAME": AUTHOR,
        workbook.ROOT_VARIABLE: str(root),
    }


def _refuse_news(config: Path) -> None:
    # JupyterLab would ask on its first start whether it may fetch news, in a box above the notebook.
    settings = config / "labconfig" / "page_config.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"disabledExtensions": {_NEWS: True}}), encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _address(server: subprocess.Popen[bytes], runtime: Path, log: Path) -> str:
    """Wait until the server answers, and give the address that it chose."""
    end = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            try:
                address: str = json.loads(file.read_text(encoding="utf-8"))["url"].rstrip("/")
                with urllib.request.urlopen(f"{address}/api", timeout=5):  # noqa: S310
                    return address
            except (OSError, ValueError):  # it is still writing the file, or does not listen yet
                break
        time.sleep(0.1)
    raise AssertionError(
        f"JupyterLab did not start; it said:\n{log.read_text(encoding='utf-8', errors='replace')}"
    )


def _end(server: subprocess.Popen[bytes]) -> None:
    family: list[psutil.Process] = []
    if server.poll() is None:
        family = psutil.Process(server.pid).children(recursive=True)
        server.terminate()
    try:
        server.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    _ended, left = psutil.wait_procs(family, timeout=_SECONDS_TO_END)
    for process in left:
        process.kill()
    assert left == [], "kernels outlived their server"
