"""All departments at a glance, worst first, and what they come to together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.history import YEARS, history_of
from kpinb.clarify.records import Indicator
from kpinb.company.departments import Department, departments
from kpinb.errors import KpinbError
from kpinb.language import _, ngettext
from kpinb.measure import combine
from kpinb.period import Period
from kpinb.retrospective.causes import findings_to_date
from kpinb.retrospective.learning import actions_in_review
from kpinb.retrospective.records import Action, ActionStatus, Finding
from kpinb.track.pace import Standing, Status, bound_text, standing_of, standing_sentence, standings
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats

NAMED = 10
"""How many departments the bottom line names, at most; nobody reads two hundred sentences."""


@dataclass(frozen=True)
class Standings:
    """A department's standings, or why they are not known.

    Parameters
    ----------
    department : Department
        Whose they are.
    found : list of Standing
        Worst first; empty where there is none or they are not known.
    problem : str
        Why they are not known.
    causes : list of str
        Causes noted this year for what is not on track, latest first.
    overdue : int
        Improvement actions past their day.
    """

    department: Department
    found: list[Standing]
    problem: str
    causes: list[str]
    overdue: int

    @property
    def status(self) -> Status:
        """The worst of its indicators; unknown where there is none."""
        return self.found[0].status if self.found and not self.problem else Status.unknown


@dataclass(frozen=True)
class Overview:
    """The company at one month.

    Parameters
    ----------
    totals : list of Standing
        The company's own indicators, each made of the departments' actuals.
    departments : list of Standings
        Worst first.
    """

    totals: list[Standing]
    departments: list[Standings]


def overview(book: Book, params: str = "params") -> Overview:
    """Read every department and put the company's figures together.

    Parameters
    ----------
    book : Book
        The company's.
    params : str
        Folder with the departments' parameters, relative to the workbook folder.

    Notes
    -----
    Time and memory grow with the number of departments; each is read once.
    """
    opened = departments(book, params)
    return Overview(totals(book, opened), sorted((_standings(d) for d in opened), key=_worst_first))


def _worst_first(one: Standings) -> tuple[int, Decimal, str]:
    reached = one.found[0].to_date.reached if one.found else None
    return list(Status).index(one.status), Decimal(0) if reached is None else reached, one.department.id


def _standings(department: Department) -> Standings:
    book = department.book
    if book is None:
        return Standings(department, [], department.problem, [], 0)
    try:
        found = standings(book)
    except KpinbError as problem:
        return Standings(department, [], str(problem), [], 0)
    amiss = {s.indicator.id for s in found if s.status is not Status.on_track}
    findings = findings_to_date(book.records(Finding), book.period)
    actions = actions_in_review(book.records(Action), book.period, book.today)
    overdue = actions[(actions["status"] == ActionStatus.open) & (actions["overdue_days"] > 0)]
    return Standings(department, found, "", [f.cause for f in findings if f.indicator in amiss], len(overdue))


def totals(book: Book, opened: Sequence[Department]) -> list[Standing]:
    """Give how the company's own indicators stand, made of the departments' actuals.

    A month in which one department that carries the indicator has no figure is missing for the company too.
    """
    found = []
    for indicator in book.records(Indicator):
        actuals, unread = add_departments(book, indicator, opened)
        standing = standing_of(book, indicator, actuals)
        if standing is None:
            continue
        if unread:
            names = _(", ").join(department.name for department in unread)
            reason = _("unknown, because there is no total without {departments}, whose data cannot be read.")
            phased = replace(standing.phased, problems=[reason.format(departments=names)])
            standing = replace(standing, phased=phased)
        found.append(standing)
    return found


def add_departments(
    book: Book, indicator: Indicator, opened: Sequence[Department]
) -> tuple[Actuals, list[Department]]:
    """Combine an indicator's actuals over the departments that have an indicator of the same id.

    Returns
    -------
    (Actuals, list of Department)
        By month, and the departments that cannot be read; where there is one, every month is None.
    """
    parts: list[Actuals] = []
    unread: list[Department] = []
    for department in opened:
        if department.book is None:
            unread.append(department)
            continue
        own = next((i for i in department.book.records(Indicator) if i.id == indicator.id), None)
        if own is not None:
            try:
                parts.append(history_of(department.book, own))
            except KpinbError:
                unread.append(department)
    values: dict[Period, Decimal | None] = {}
    bases: dict[Period, Decimal | None] = {}
    for month in book.due_months(book.year.shift(-YEARS).months[0]):
        # A department that cannot be read may well carry a part: without it there is no total.
        columns = [] if unread else [(part.of(month), part.bases.get(month)) for part in parts]
        weights = [base for _value, base in columns] if any(part.bases for part in parts) else None
        values[month] = combine([value for value, _base in columns], indicator.over_teams, bases=weights)
        if weights:
            bases[month] = sum((w for w in weights if w is not None), Decimal(0))
    return Actuals(values, bases), unread


def department_frame(seen: Overview) -> pd.DataFrame:
    """Put the departments in a frame.

    Returns
    -------
    pandas.DataFrame
        One row a department, worst first: `id`, `name`, `status`, `counts` (text), `worst` (sentence on its worst
        indicator, or why it is unknown), `cause`, `overdue`.
    """
    rows = []
    for one in seen.departments:
        counts = Counter(s.status for s in one.found)
        worst = one.problem or (
            standing_sentence(one.found[0]) if one.found else _("No indicator has a target for this year.")
        )
        rows.append(
            {
                "id": one.department.id,
                "name": one.department.name,
                "status": one.status,
                "counts": _(", ").join(
                    _("{count} {status}").format(count=counts[s], status=s.label) for s in Status if counts[s]
                ),
                "worst": worst,
                "cause": one.causes[0] if one.causes else "",
                "overdue": one.overdue,
            }
        )
    return pd.DataFrame(
        rows, columns=["id", "name", "status", "counts", "worst", "cause", "overdue"], dtype=object
    )


def department_table(seen: Overview) -> Table:
    """Show all departments at a glance, worst first."""
    return Table(
        department_frame(seen),
        [
            Column("name", _("Department")),
            Column("status", _("Standing"), tone=lambda row: row["status"].tone),
            Column("counts", _("Indicators")),
            Column("worst", _("Worst indicator")),
            Column("cause", _("Cause of the gap")),
            Column("overdue", _("Overdue actions"), numeric=True),
        ],
        empty=_("There is no department yet. Put one parameters file for each into the folder “params”."),
    )


def total_table(seen: Overview) -> Table:
    """Show the company's own indicators, made of the departments' actuals."""
    rows = [
        {
            "name": formats.with_unit(s.indicator.name, s.indicator.unit),
            "actual": formats.figure(s.to_date.actual, s.indicator.unit),
            "bound": bound_text(s.to_date.expected, s.to_date.upper, s.indicator, formats.figure),
            "before": formats.figure(s.to_date.start, s.indicator.unit),
            "growth": s.to_date.growth,
            "promised": s.to_date.promised,
            "reached": s.to_date.reached,
            "status": s.status,
        }
        for s in seen.totals
    ]
    columns = ["name", "actual", "bound", "before", "growth", "promised", "reached", "status"]
    return Table(
        pd.DataFrame(rows, columns=columns, dtype=object),
        [
            Column("name", _("Indicator")),
            Column("actual", _("Actual to date"), numeric=True),
            Column("bound", _("Target to date"), numeric=True),
            Column("before", _("Year before"), numeric=True),
            Column("growth", _("Growth"), lambda v: formats.percent(v, signed=True), numeric=True),
            Column("promised", _("Growth promised"), lambda v: formats.percent(v, signed=True), numeric=True),
            Column("reached", _("Attainment"), lambda v: formats.percent(v, places=0), numeric=True),
            Column("status", _("Standing"), tone=lambda row: row["status"].tone),
        ],
        empty=_("The company has no target of its own for this year."),
    )


def bottom_line(seen: Overview) -> Sentences:
    """Say how the company stands, then each department that is not well, worst first."""
    counts = Counter(one.status for one in seen.departments)
    parts = _(", ").join(
        _("{count} {status}").format(count=counts[s], status=s.label) for s in Status if counts[s]
    )
    opening = ngettext("{count} department: {parts}.", "{count} departments: {parts}.", len(seen.departments))
    worst = seen.departments[0].status.tone if seen.departments else Tone.unknown
    company = [Sentence(standing_sentence(s), s.status.tone) for s in seen.totals]
    amiss = [one for one in seen.departments if one.status is not Status.on_track]
    return Sentences.of(
        [
            *company,
            Sentence(opening.format(count=len(seen.departments), parts=parts or "–"), worst),
            *(_department_sentence(one) for one in amiss[:NAMED]),
            *_further(len(amiss) - NAMED),
        ]
    )


def _further(count: int) -> list[Sentence]:
    if count <= 0:
        return []
    text = ngettext("{count} more is in the table below.", "{count} more are in the table below.", count)
    return [Sentence(text.format(count=count))]


def _department_sentence(one: Standings) -> Sentence:
    if one.problem:
        text = one.problem
    elif one.found:
        text = standing_sentence(one.found[0])
    else:
        text = _("No indicator has a target for this year.")
    sentence = _("{department} – {sentence}").format(department=one.department.name, sentence=text)
    if one.causes:
        sentence = _("{sentence} Why: {causes}.").format(sentence=sentence, causes=one.causes[0].rstrip("。."))
    return Sentence(sentence, one.status.tone)
