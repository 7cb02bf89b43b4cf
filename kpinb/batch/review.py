"""The month's review: every department's notebooks and report, the company's page, and a record of it all.

It is published in ``out/<month>/``; from another folder of parameters than ``params`` in
``out/<month>-<name of that folder>/``, so that two companies never share a page::

    out/2026-10/
      index.html          the company's page, linking the others
      manifest.json       written last: where it stands, the review is complete
      sales/
        report.html
        10_clarify.ipynb  … the executed notebooks
      company/
        60_company.ipynb

The folder of a department that failed holds the notebook that failed and nothing else.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kpinb.batch import publish
from kpinb.batch.check import Checked, check
from kpinb.batch.events import Began, Finished, OnEvent
from kpinb.batch.job import Failure, FailureKind, Outcome
from kpinb.batch.lock import only_one
from kpinb.batch.manifest import MANIFEST, manifest_of
from kpinb.batch.orders import Orders
from kpinb.batch.pool import running
from kpinb.batch.publish import INDEX, swept
from kpinb.errors import BadInput
from kpinb.language import _
from kpinb.period import Period, PeriodKind

PARAMS = "params"


@dataclass(frozen=True, slots=True)
class Review:
    """A finished batch.

    Parameters
    ----------
    period : Period
        The month.
    folder : Path
        Where it is published.
    outcomes : tuple of Outcome
        Those that failed first.
    """

    period: Period
    folder: Path
    outcomes: tuple[Outcome, ...]

    @property
    def index(self) -> Path:
        """The company's page."""
        return self.folder / INDEX

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """What did not come to its end."""
        return tuple(outcome for outcome in self.outcomes if not outcome.ok)

    @property
    def exit_code(self) -> int:
        """0 where all is well, 1 where something failed."""
        return 1 if self.failed else 0


def review(
    root: Path,
    period: Period,
    *,
    params: Path | None = None,
    out: Path | None = None,
    keep_going: bool = False,
    executor: Executor | None = None,
    on_event: OnEvent = lambda _event: None,
    as_of: datetime | None = None,
) -> Review:
    """Run a month's review for every department and publish it.

    Parameters
    ----------
    root : Path
        Workbook folder.
    period : Period
        The month.
    params : Path, optional
        Folder of parameters files; by default ``params`` of the workbook.
    out : Path, optional
        Folder in which the review's own folder is made; by default ``out`` of the workbook.
    keep_going : bool
        List departments with bad parameters as failed and run the others, instead of running nothing.
    executor : concurrent.futures.Executor, optional
        What runs the departments; by default threads, one for each processor. Each run is a process of its own in
        any case. The outputs must be on a file system that it shares.
    on_event : callable
        Is told what happens, one event at a time.
    as_of : datetime, optional
        Instant, with its offset, up to which records are read; by default now.

    Returns
    -------
    Review
        Failed departments are in it; they raise nothing.

    Raises
    ------
    BadInput
        The period, a notebook or, without `keep_going`, any parameters file is not usable. Nothing was run.
    StoreUnusable
        A store is not there. Nothing was run.
    AlreadyRunning
        The same review is being run.
    """
    root = root.resolve()
    params = (params or root / PARAMS).resolve()
    started = datetime.now(UTC).astimezone()
    _require_month(period, as_of or started)
    checked = check(root, params)
    if not keep_going:
        checked.require_all()
    folder = output_folder(out or root / "out", period, params, root)
    orders = Orders(root, folder, period, as_of or started, uuid.uuid4().hex, checked)
    with only_one(folder), swept(folder), running(executor, orders.token, on_event) as pool:
        (folder / MANIFEST).unlink(missing_ok=True)
        on_event(Began(str(period), orders.departments, orders.notebooks))
        refused = _left_out(checked, folder)
        departments = pool.run(orders.for_departments(), publish.publish_department)
        company = pool.run(orders.for_company(), publish.publish_department)
        outcomes = failed_first([*refused, *departments, *company])
        [page] = pool.run([orders.for_page(outcomes)], publish.publish_page)
        if not page.ok:
            outcomes = [page, *(o for o in outcomes if o.department != page.department)]
        manifest = manifest_of(outcomes, folder, period=period, as_of=orders.as_of, started=started)
        publish.publish_text(manifest.json(), folder / MANIFEST)
        done = Review(period, folder, tuple(outcomes))
        on_event(Finished(done.index, (datetime.now(UTC) - started).total_seconds()))
    return done


def output_folder(out: Path, period: Period, params: Path, root: Path) -> Path:
    """Give the folder of a review: the month's, with the name of the parameters folder if it is another's."""
    name = str(period) if params == (root / PARAMS) else f"{period}-{params.name}"
    return out.resolve() / name


def failed_first(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Put what failed before what did not, else in the same order."""
    return sorted(outcomes, key=lambda outcome: outcome.ok)


def _left_out(checked: Checked, folder: Path) -> list[Outcome]:
    """Give the departments that were refused, whose reports of an earlier run are not to be taken for today's."""
    run = {one.id for one in [*checked.departments, checked.company] if one}
    for one in checked.refused:
        if one.id and one.id not in run:
            publish.remove(folder / one.id)
    return [
        Outcome(
            one.id or one.path.name,
            one.id or one.path.name,
            Failure(FailureKind.parameters, message=one.reason),
        )
        for one in checked.refused
    ]


def _require_month(period: Period, as_of: datetime) -> None:
    if period.kind is not PeriodKind.month:
        raise BadInput(
            _("“{period}” is not a month: a review is of one month, such as 2026-10.").format(period=period)
        )
    if period.first > as_of.date():
        raise BadInput(
            _("{period} has not begun yet, so there is nothing to review. Name a month that has.").format(
                period=period
            )
        )
