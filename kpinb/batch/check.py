"""Everything that can be known to be wrong before the first kernel starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kpinb import workbook
from kpinb.batch.parameters import DepartmentParameters, Refused, load
from kpinb.batch.template import Templates
from kpinb.errors import BadParameters
from kpinb.store import open_store


@dataclass(frozen=True, slots=True)
class Checked:
    """A workbook that can be run.

    Parameters
    ----------
    templates : Templates
        Its notebooks.
    departments : tuple of DepartmentParameters
        The departments whose parameters are usable, by file name.
    company : DepartmentParameters, optional
        What the company's notebook takes; None where the workbook has no such file or no such notebook.
    refused : tuple of Refused
        The parameters files that are not usable.
    """

    templates: Templates
    departments: tuple[DepartmentParameters, ...]
    company: DepartmentParameters | None
    refused: tuple[Refused, ...]

    def require_all(self) -> None:
        """Insist that every parameters file is usable.

        Raises
        ------
        BadParameters
            One line for each that is not.
        """
        if self.refused:
            raise BadParameters("\n".join(one.reason for one in self.refused))


def check(root: Path, params: Path) -> Checked:
    """Check a workbook's notebooks, parameters and stores without running anything.

    Parameters
    ----------
    root : Path
        Workbook folder.
    params : Path
        Folder of parameters files.

    Raises
    ------
    BadInput
        A notebook is not usable, or there are no parameters at all.
    StoreUnusable
        A store that some department names is not there.
    """
    templates = Templates.read(root / "notebooks")
    usable, refused = load(params, templates)
    for name in sorted({_store(one, templates) for one in usable}):
        open_store(workbook.store_url(name, root)).close()
    company = next((one for one in usable if one.is_company and templates.company is not None), None)
    departments = tuple(one for one in usable if not one.is_company)
    return Checked(templates, departments, company, tuple(refused))


def _store(one: DepartmentParameters, templates: Templates) -> str:
    declared = templates.stages[0].parameters.get("store")
    return str(one.values.get("store", declared.default if declared else workbook.EMBEDDED))
