"""From a checked workbook to the jobs of one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kpinb import language
from kpinb.batch.check import Checked
from kpinb.batch.job import CompanyPage, Job, Outcome, ReportPage, Task
from kpinb.batch.parameters import COMPANY, DepartmentParameters
from kpinb.batch.publish import TEMPORARY
from kpinb.batch.template import Template
from kpinb.language import _
from kpinb.period import Period


@dataclass(frozen=True, slots=True)
class Orders:
    """What one batch is to run.

    Parameters
    ----------
    root, folder : Path
        Workbook folder, and where the review is published.
    period : Period
        The month.
    as_of : datetime
        Instant, with its offset, up to which every department's records are read.
    token : str
        First part of what every process of the batch carries.
    checked : Checked
        Notebooks and parameters.
    """

    root: Path
    folder: Path
    period: Period
    as_of: datetime
    token: str
    checked: Checked

    @property
    def departments(self) -> int:
        """How many departments there are to run."""
        return len(self.checked.departments)

    @property
    def notebooks(self) -> int:
        """How many notebooks there are to run, the company's included."""
        return self.departments * len(self.checked.templates.stages) + len(self.for_company())

    def for_departments(self) -> list[Job]:
        """Give a job for each department."""
        return [
            self._job(one, self.checked.templates.stages, self._report(one)) for one in self.checked.departments
        ]

    def for_company(self) -> list[Job]:
        """Give the job of the company's notebook, if the workbook has one."""
        company, template = self.checked.company, self.checked.templates.company
        return [self._job(company, (template,), None)] if company and template else []

    def for_page(self, outcomes: Sequence[Outcome]) -> Job:
        """Give the job that makes the company's page of what came of all others."""
        company, template = self.checked.company, self.checked.templates.company
        department = company.id if company else COMPANY
        notice = str(company.values.get("notice") or "") if company else ""
        ran = any(o.ok and o.department == department for o in outcomes)
        notebook = self.folder / department / template.path.name if template and ran else None
        listed = tuple(o for o in outcomes if not (o.ok and o.department == department))
        page = CompanyPage(str(self.period), self.as_of, notice, self.folder, notebook, listed)
        return Job(
            department=department,
            name=company.name if company else _("Company"),
            language=company.language if company else language.current(),
            tasks=(),
            page=page,
            root=self.root,
            work=self.folder / f"{department}.page{TEMPORARY}",
            token=f"{self.token}:{department}",
        )

    def _job(self, one: DepartmentParameters, templates: Sequence[Template], page: ReportPage | None) -> Job:
        folder = one.path.parent
        of_the_batch = {
            "period": str(self.period),
            "as_of": self.as_of.isoformat(),
            # The company's notebook reads the departments of this review, whatever its own file says.
            "params": (folder.relative_to(self.root) if folder.is_relative_to(self.root) else folder).as_posix(),
        }
        return Job(
            department=one.id,
            name=one.name,
            language=one.language,
            tasks=tuple(Task(t.path, one.given_to(t, **of_the_batch)) for t in templates),
            page=page,
            root=self.root,
            work=self.folder / f"{one.id}{TEMPORARY}",
            token=f"{self.token}:{one.id}",
        )

    def _report(self, one: DepartmentParameters) -> ReportPage:
        return ReportPage(str(self.period), self.as_of, str(one.values.get("notice") or ""))
