"""Where a workbook's things are: the folder with ``notebooks/`` and ``params/``, its store, its reports."""

from __future__ import annotations

import os
from pathlib import Path

from kpinb.errors import NotFound, StoreUnusable
from kpinb.language import _

ROOT_VARIABLE = "KPINB_WORKBOOK"
STORE_VARIABLE = "KPINB_STORE_"
EMBEDDED = "embedded"


def find_root(start: Path | None = None) -> Path:
    """Find the workbook folder: the one named by ``KPINB_WORKBOOK``, else the nearest above `start`.

    Parameters
    ----------
    start : Path, optional
        Where to begin; by default the current folder. JupyterLab starts a notebook in ``notebooks/``, papermill
        where it was called: both lie in the workbook.

    Raises
    ------
    NotFound
        There is no workbook there.
    """
    if named := os.environ.get(ROOT_VARIABLE):
        if not is_workbook(Path(named)):
            raise NotFound(
                _("{variable} names “{path}”, which has no folders “notebooks” and “params”. Correct it.").format(
                    variable=ROOT_VARIABLE, path=named
                )
            )
        return Path(named).resolve()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if is_workbook(folder):
            return folder
    raise NotFound(
        _(
            "There is no workbook in “{path}” or above it. Go to the folder with “notebooks” and “params”, "
            "or make one with “kpinb init my-workbook”."
        ).format(path=here)
    )


def is_workbook(folder: Path) -> bool:
    """Say whether a folder has what makes it a workbook."""
    return (folder / "notebooks").is_dir() and (folder / "params").is_dir()


def store_url(name: str, root: Path) -> str:
    """Give the address of a store from the name that parameters carry.

    Parameters hold a name and never an address, so that a password cannot end up in an executed notebook. The
    name ``embedded`` is the SQLite file ``var/kpinb.sqlite`` of the workbook; for any other name the environment
    variable ``KPINB_STORE_<NAME>`` holds the address.

    Raises
    ------
    StoreUnusable
        The environment has no address under that name.
    """
    if name == EMBEDDED:
        return f"sqlite:///{root / 'var' / 'kpinb.sqlite'}"
    variable = STORE_VARIABLE + name.upper().replace("-", "_")
    url = os.environ.get(variable)
    if not url:
        raise StoreUnusable(
            _("The store “{name}” has no address: set the environment variable {variable} to it.").format(
                name=name, variable=variable
            )
        )
    return url
