"""What is asked of one run, and what came of it: values that travel between processes and machines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kpinb.batch.template import Scalar
from kpinb.language import N_, Label, _

CELL_SECONDS = 300
WALL_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Kernel:
    """What runs the cells: the one place where a batch's kernels are chosen.

    Parameters
    ----------
    name : str
        Kernel specification.
    manager : dict
        Settings of its manager, as traitlets know them.
    """

    name: str = "python3"
    # ipc: TCP ports are chosen, released and then bound, so parallel starts can take each other's.
    manager: dict[str, Any] = field(default_factory=lambda: {"KernelManager": {"transport": "ipc"}})


@dataclass(frozen=True, slots=True)
class Task:
    """One notebook to run.

    Parameters
    ----------
    template : Path
        The notebook.
    parameters : dict
        Its values.
    """

    template: Path
    parameters: dict[str, Scalar]

    @property
    def name(self) -> str:
        """Stage, such as ``50_retrospective``."""
        return self.template.stem


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The page to make of a department's notebooks.

    Parameters
    ----------
    period : str
        The month.
    as_of : datetime
        Instant up to which records were read.
    notice : str
        A line about the data.
    """

    period: str
    as_of: datetime
    notice: str


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """The page that links all departments.

    Parameters
    ----------
    period, as_of, notice : str, datetime, str
        As for `ReportPage`.
    folder : Path
        Where the departments are published, and the page will be.
    notebook : Path, optional
        The company's executed notebook; None where there is none or it failed.
    outcomes : tuple of Outcome
        What came of each department, those that failed first.
    """

    period: str
    as_of: datetime
    notice: str
    folder: Path
    notebook: Path | None
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """Notebooks to run one after the other, and the page to make of them.

    Parameters
    ----------
    department, name, language : str
        Whose they are, and the language of their prose.
    tasks : tuple of Task
        Run in this order; the first that fails ends the job.
    page : ReportPage or CompanyPage, optional
        What to make of the notebooks; None makes no page.
    root : Path
        Workbook folder.
    work : Path
        An empty folder, made and owned by the job, that is published when all is done.
    token : str
        What every process of the job carries in its environment.
    cell_seconds, wall_seconds : int, float
        How long one cell, and the whole job, may take.
    kernel : Kernel
        What runs the cells.
    """

    department: str
    name: str
    language: str
    tasks: tuple[Task, ...]
    page: ReportPage | CompanyPage | None
    root: Path
    work: Path
    token: str
    cell_seconds: int = CELL_SECONDS
    wall_seconds: float = WALL_SECONDS
    kernel: Kernel = field(default_factory=Kernel)


class FailureKind(Label):
    """How a run failed."""

    raised = "raised", N_("an error in a cell")
    cell_timeout = "cell_timeout", N_("a cell took too long")
    kernel_died = "kernel_died", N_("the kernel died")
    left_early = "left_early", N_("cells were not run")
    wall_timeout = "wall_timeout", N_("the department took too long")
    process_died = "process_died", N_("the process ended unexpectedly")
    report = "report", N_("the report could not be made")
    parameters = "parameters", N_("bad parameters")
    error = "error", N_("an error outside the cells")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run failed, as data: the sentence is made in the language of whoever reads it.

    Parameters
    ----------
    kind : FailureKind
        How.
    error, message : str
        Class and text of the exception.
    notebook : str
        Stage that failed; empty where it was none.
    cell_index, execution_count : int, optional
        The cell: its place in the notebook that was kept, from 0, and the number beside it.
    source : str
        First lines of the cell.
    seconds : float, optional
        The limit that was exceeded.
    """

    kind: FailureKind
    error: str = ""
    message: str = ""
    notebook: str = ""
    cell_index: int | None = None
    execution_count: int | None = None
    source: str = ""
    seconds: float | None = None

    def sentence(self) -> str:
        """Say it, in the current language."""
        if self.kind is FailureKind.parameters:
            return self.message
        return _(_SENTENCES[self.kind]).format(
            notebook=self.notebook or "–",
            cell=f"[{self.execution_count or ' '}]",
            error=self.error,
            message=self.message or "–",
            seconds=f"{self.seconds or 0:g}",
        )


_SENTENCES = {
    FailureKind.raised: N_("{notebook} stopped at cell {cell} with {error}: {message}"),
    FailureKind.cell_timeout: N_("{notebook}: cell {cell} took longer than {seconds} seconds."),
    FailureKind.kernel_died: N_("{notebook}: the kernel died in cell {cell}; it may have run out of memory."),
    FailureKind.left_early: N_("{notebook} ended before its last cells were run, after cell {cell}."),
    FailureKind.wall_timeout: N_(
        "The department took longer than {seconds} seconds and was ended in {notebook}, cell {cell}."
    ),
    FailureKind.process_died: N_(
        "The process that ran {notebook} ended unexpectedly ({message}); it may have run out of memory."
    ),
    FailureKind.report: N_("The notebooks ran, but the report could not be made: {error}: {message}"),
    FailureKind.error: N_("{notebook} could not be run: {error}: {message}"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One notebook that ran to its end.

    Parameters
    ----------
    name : str
        Such as ``50_retrospective``.
    seconds : float
        How long it took, kernel start included.
    """

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one department.

    Parameters
    ----------
    department, name : str
        Whose it is.
    failure : Failure, optional
        None where all is well.
    stages : tuple of Stage
        The notebooks that ran to their end.
    seconds : float
        How long all of it took.
    peak_memory : int, optional
        Bytes of the largest process.
    """

    department: str
    name: str
    failure: Failure | None = None
    stages: tuple[Stage, ...] = ()
    seconds: float = 0.0
    peak_memory: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the report is whole."""
        return self.failure is None

    @property
    def ran(self) -> bool:
        """Whether it was run at all, bad parameters being found before."""
        return self.failure is None or self.failure.kind is not FailureKind.parameters
