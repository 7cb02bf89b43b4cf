"""The pages that readers open, made of executed notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kpinb.batch.job import CompanyPage, Job, Outcome, ReportPage
from kpinb.batch.publish import INDEX, REPORT
from kpinb.period import Period
from kpinb.report import IndexEntry, Status, write_department_report, write_index
from kpinb.view.formats import moment, period


def make_page(job: Job, notebooks: Sequence[Path]) -> None:
    """Write a job's page to its work folder, in the language of the job, which is the current one.

    Parameters
    ----------
    job : Job
        A department's, or the one of the company's page.
    notebooks : sequence of Path
        The notebooks that the job has executed.
    """
    match job.page:
        case ReportPage() as page:
            write_department_report(
                notebooks,
                job.work / REPORT,
                name=job.name,
                period=period(Period.parse(page.period)),
                language=job.language,
                notice=page.notice,
                as_of=moment(page.as_of),
            )
        case CompanyPage() as page:
            write_index(
                job.work / INDEX,
                company_notebook=page.notebook,
                entries=[_entry(outcome, page.folder) for outcome in page.outcomes],
                name=job.name,
                period=period(Period.parse(page.period)),
                language=job.language,
                notice=page.notice,
                as_of=moment(page.as_of),
            )


def _entry(outcome: Outcome, folder: Path) -> IndexEntry:
    published = folder / outcome.department
    notebooks = sorted(published.glob("*.ipynb")) if outcome.ran else []
    return IndexEntry(
        department=outcome.department,
        name=outcome.name,
        status=Status.ok if outcome.ok else Status.failed if outcome.ran else Status.left_out,
        reason=outcome.failure.sentence() if outcome.failure else "",
        report=f"{outcome.department}/{REPORT}" if outcome.ok and (published / REPORT).exists() else None,
        notebooks=[f"{outcome.department}/{path.name}" for path in notebooks],
    )
