"""How urgent an indicator is, proposed from its deadline and from what is missing so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.history import Histories
from kpinb.clarify.records import Criterion, Indicator, Statistic, Window
from kpinb.errors import KpinbError
from kpinb.language import _, join_sentences
from kpinb.measure import Adding, Measure, shortfall
from kpinb.period import Period, PeriodKind
from kpinb.view import formats

_DEADLINES = ((31, 5), (92, 4), (183, 3), (366, 2))
"""Days that are left at most, and the score: the same steps as the anchors of the scale."""
_NO_DEADLINE = 3
_BEHIND = ((Decimal("0.2"), 2), (Decimal("0.05"), 1))
"""Share missing from which on so many points are added."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed score.

    Parameters
    ----------
    score : int or None
        1 to 5; None where nothing is known to propose it from.
    why : str
        What it was proposed from, in sentences.
    """

    score: int | None
    why: str


def propose_urgency(due: date | None, today: date, gap: Decimal | None) -> Proposal:
    """Propose an urgency of 1 to 5.

    The days that are left give the score: 5 for 31 or fewer, 4 up to 92, 3 up to 183, 2 up to 366, 1 beyond; 3
    where there is no deadline. A gap of 5 % or more adds one point, of 20 % or more two; what is met so far takes
    one away. The rule is kpinb's own.

    Parameters
    ----------
    due : date, optional
        By when it is to be reached.
    today : date
        The day from which one looks.
    gap : Decimal, optional
        Share still missing of what was to be reached by now: 0.1 is a tenth, 0 is met. None is unknown.
    """
    if due is None and gap is None:
        return Proposal(
            None, _("Not computable: it has no due date, and how far it is from its threshold is not known.")
        )
    score = _NO_DEADLINE if due is None else _by_deadline((due - today).days)
    if gap is not None:
        score += -1 if gap <= 0 else next((points for share, points in _BEHIND if gap >= share), 0)
    return Proposal(min(max(score, 1), 5), join_sentences([_deadline_sentence(due, today), _gap_sentence(gap)]))


def _by_deadline(days: int) -> int:
    return next((score for most, score in _DEADLINES if days <= most), 1)


def _deadline_sentence(due: date | None, today: date) -> str:
    if due is None:
        return _("It has no due date.")
    if due < today:
        return _("It was due on {day}.").format(day=formats.day(due))
    return _("It is due on {day}; days left: {days}.").format(day=formats.day(due), days=(due - today).days)


def _gap_sentence(gap: Decimal | None) -> str:
    if gap is None:
        return _("How far it is from its threshold is not known.")
    if gap <= 0:
        return _("So far it is met.")
    return _("So far {gap} of what is asked is missing.").format(gap=formats.percent(gap))


def proposals(book: Book) -> dict[str, Proposal]:
    """Propose the urgency of each of the department's indicators, by id.

    The deadline is the next one among its criteria, else the last one that has passed; the gap is the largest
    among its criteria, see `missing_share`. A criterion whose actuals cannot be read is passed over, and the
    reason is told in `Proposal.why`.
    """
    criteria, histories = book.records(Criterion), Histories(book)
    found = {}
    for indicator in histories.indicators:
        own = [criterion for criterion in criteria if criterion.indicator == indicator.id]
        gaps, problems = _gaps(histories, indicator, own)
        due = next_due([criterion.due for criterion in own if criterion.due], book.today)
        proposal = propose_urgency(due, book.today, max(gaps, default=None))
        found[indicator.id] = Proposal(proposal.score, join_sentences([proposal.why, *dict.fromkeys(problems)]))
    return found


def _gaps(
    histories: Histories, indicator: Indicator, criteria: Sequence[Criterion]
) -> tuple[list[Decimal], list[str]]:
    """Give the gaps that can be told, and what is wrong with the actuals of the others."""
    gaps, problems = [], []
    for criterion in criteria if histories.months else ():
        named = {"fact": criterion.fact or indicator.fact, "base": criterion.base or indicator.base}
        try:
            actuals = histories.of(indicator.model_copy(update=named))
        except KpinbError as problem:
            problems.append(str(problem))
            continue
        gaps.append(missing_share(criterion, actuals, indicator.measure, histories.months[-1]))
    return [gap for gap in gaps if gap is not None], problems


def next_due(days: Sequence[date], today: date) -> date | None:
    """Give the next of several deadlines, or the last one where all have passed."""
    return min((day for day in days if day >= today), default=max(days, default=None))


_COMPARABLE = {
    Statistic.total: (Adding.total, Adding.last),
    Statistic.mean: (Adding.mean, Adding.last),
    Statistic.ratio: (Adding.ratio, Adding.mean),
    Statistic.share_within: (Adding.ratio, Adding.mean),
    Statistic.growth: tuple(Adding),
}
"""Ways of adding up months whose figures are what a statistic says; the others need single observations."""


def missing_share(criterion: Criterion, actuals: Actuals, measure: Measure, month: Period) -> Decimal | None:
    """Give the share that is missing of what a criterion asks so far.

    Compared with the threshold is the latest month; for a quarter or year, its months to date, a sum against the
    part of the threshold that falls to them if it grew evenly; for a week, the month's sum ÷ its days × 7; for
    growth, the same months of the year before. The distance is divided by what was asked.

    Parameters
    ----------
    criterion : Criterion
        What is asked.
    actuals : Actuals
        By month, the year before included where growth is asked.
    measure : Measure
        Of the indicator: its unit, and how its months become one value.
    month : Period
        The latest month that is over.

    Returns
    -------
    Decimal or None
        0 where it is met; None where it cannot be told from months: a figure is missing, the threshold is zero,
        the unit is another one, growth would start from zero or less, or the statistic needs single
        observations, as a median does.
    """
    how, is_growth = measure.over_time, criterion.statistic is Statistic.growth
    if how not in _COMPARABLE.get(criterion.statistic, ()) or not (is_growth or criterion.unit == measure.unit):
        return None
    months = _months_of(criterion.window, month)
    value = actuals.combined(months, how)
    asked = Decimal(1)
    if is_growth:
        before = actuals.combined([one.year_before for one in months], how)
        value = value / before - 1 if value is not None and before is not None and before > 0 else None
    elif how is Adding.total:
        if criterion.window is Window.week:
            value = None if value is None else value * 7 / ((month.last - month.first).days + 1)
        else:
            asked = Decimal(len(months)) / len(_whole(criterion.window, month))
    if value is None:
        return None
    low, upper = criterion.threshold * asked, None if criterion.upper is None else criterion.upper * asked
    end = upper if upper is not None and value > upper else low
    missing = shortfall(value, low, criterion.direction, upper=upper)
    if missing == 0:
        return Decimal(0)
    return missing / abs(end) if end else None


def _whole(window: Window, month: Period) -> list[Period]:
    match window:
        case Window.quarter:
            return month.parent(PeriodKind.quarter).months
        case Window.year:
            return month.fiscal_year.months
        case _:
            return [month]


def _months_of(window: Window, month: Period) -> list[Period]:
    return [one for one in _whole(window, month) if one.first <= month.first]
