"""Where an indicator stands against what its phased target asks to date.

What is compared is always alike: actual and target of the same months, all of them over. A month without a figure
makes the standing *unknown*; it is never counted as zero and never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.history import history_of
from kpinb.clarify.records import Indicator
from kpinb.decompose.phasing import Phased, monthly_targets
from kpinb.language import N_, Label, _, join_sentences, ngettext
from kpinb.measure import Adding, Measure, attainment, meets
from kpinb.period import Period
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats

ON_TRACK = Decimal("0.95")
"""From this attainment on an indicator is on track."""
LAGGING = Decimal("0.75")
"""From this attainment on it lags; below, it is off."""


class Status(Label):
    """How an indicator stands against its target."""

    off = "off", N_("off")
    lagging = "lagging", N_("lagging")
    unknown = "unknown", N_("unknown")
    on_track = "on_track", N_("on track")

    @property
    def tone(self) -> Tone:
        """Tone in which it is shown."""
        return {"off": Tone.bad, "lagging": Tone.warn, "unknown": Tone.unknown, "on_track": Tone.good}[self.value]


def status(reached: Decimal | None, *, met: bool) -> Status:
    """Grade an attainment: on track from 0.95, lagging from 0.75, off below.

    What meets its target is on track; where no ratio can be computed, what misses it is off.
    """
    if met:
        return Status.on_track
    if reached is None or reached < LAGGING:
        return Status.off
    return Status.on_track if reached >= ON_TRACK else Status.lagging


@dataclass(frozen=True)
class Pace:
    """An indicator's actual and target over the same months.

    Parameters
    ----------
    months : list of Period
        What is compared; all of them are over.
    actual, expected : Decimal or None
        None where a month has no figure, or no target.
    upper : Decimal or None
        Upper end of the target, for a range.
    start : Decimal or None
        The year before over the same months, where the target promises a growth over it in each of them.
    reached : Decimal or None
        Attainment; see `kpinb.measure.attainment`.
    status : Status
        Unknown where `actual` or `expected` is None, or `start` is and a growth over it was promised.
    missing : list of Period
        Months that are over, are needed and have no figure; those of the year before stand first.
    """

    months: list[Period]
    actual: Decimal | None
    expected: Decimal | None
    upper: Decimal | None
    start: Decimal | None
    reached: Decimal | None
    status: Status
    missing: list[Period]

    @property
    def growth(self) -> Decimal | None:
        """Growth of the actual over the year before, where that is what was promised and it was above zero."""
        return None if self.actual is None or not self.start or self.start < 0 else self.actual / self.start - 1

    @property
    def promised(self) -> Decimal | None:
        """Growth that the target promises over the year before."""
        return (
            None if self.expected is None or not self.start or self.start < 0 else self.expected / self.start - 1
        )


def pace(actuals: Actuals, targets: pd.DataFrame, measure: Measure, months: Sequence[Period]) -> Pace:
    """Compare actual and target over months that are over.

    Parameters
    ----------
    actuals : Actuals
        By month.
    targets : pandas.DataFrame
        `month`, `target`, `upper`, `grows`, as `kpinb.decompose.phasing.phase` gives them.
    measure : Measure
        How the months add up, and which way is better.
    months : sequence of Period
        Consecutive; the last one decides where the last value counts.
    """
    asked = _combined(targets, "target", actuals, measure.over_time, months)
    actual = actuals.combined(months, measure.over_time)
    upper = _combined(targets, "upper", actuals, measure.over_time, months)
    needed = months[-1:] if measure.over_time is Adding.last else months
    missing = actuals.missing(needed)
    start = None
    grows = bool(needed) and set(needed) <= _growing(targets, needed)
    if grows:
        # Without the year before, actual ÷ target would stand in, and 75 % of a promised growth turn into 96 %.
        start = actuals.combined([month.year_before for month in months], measure.over_time)
        missing = [*actuals.missing([month.year_before for month in needed]), *missing]
    if actual is None or asked is None or (grows and start is None):
        return Pace(list(months), actual, asked, upper, start, None, Status.unknown, missing)
    reached = attainment(actual, asked, measure.direction, start=start, upper=upper)
    met = meets(actual, asked, measure.direction, upper=upper)
    return Pace(list(months), actual, asked, upper, start, reached, status(reached, met=met), missing)


def _combined(
    targets: pd.DataFrame, column: str, actuals: Actuals, how: Adding, months: Sequence[Period]
) -> Decimal | None:
    """Combine a column of the targets like the actuals, weighted with the same bases."""
    by_first = dict(zip(targets["month"].dt.date, targets[column], strict=True))
    values = {month: by_first.get(month.first) for month in months}
    return Actuals(values, actuals.bases).combined(months, how)


def _growing(targets: pd.DataFrame, months: Sequence[Period]) -> set[Period]:
    growing = set(targets["month"][targets["grows"]].dt.date)
    return {month for month in months if month.first in growing}


@dataclass(frozen=True)
class Standing:
    """How one indicator of a department stands, in the month under review and to date.

    Parameters
    ----------
    indicator : Indicator
        What is measured.
    month : Pace
        The month under review; without any month where it is not yet over.
    to_date : Pace
        The fiscal year up to the month under review; this is what the indicator is graded by.
    actuals : Actuals
        By month, with up to three years before.
    phased : Phased
        The target by month.
    """

    indicator: Indicator
    month: Pace
    to_date: Pace
    actuals: Actuals
    phased: Phased

    @property
    def status(self) -> Status:
        """Grade to date."""
        return self.to_date.status


def standings(book: Book) -> list[Standing]:
    """Give how each of the department's indicators stands, worst first.

    Indicators without any target are left out: they are for information. Between equals, the more important one
    comes first, then the one that is further from its target.
    """
    found = [standing_of(book, indicator, history_of(book, indicator)) for indicator in book.records(Indicator)]
    return worst_first(standing for standing in found if standing is not None)


def standing_of(book: Book, indicator: Indicator, actuals: Actuals) -> Standing | None:
    """Give how one indicator stands against the targets in the book; None where it has none this year."""
    phased = monthly_targets(book, indicator, actuals)
    if not phased.problems and phased.frame["target"].isna().all():
        return None
    months = [month for month in book.year.months_to_date(book.period) if book.is_due(month)]
    paces = [
        pace(actuals, phased.frame, indicator.measure, over)
        for over in ([month for month in months if month == book.period], months)
    ]
    if phased.problems:
        # Some target could not be taken as it stands, so that no grade would be the one that was meant.
        paces = [replace(each, reached=None, status=Status.unknown) for each in paces]
    return Standing(indicator, paces[0], paces[1], actuals, phased)


def worst_first(found: Iterable[Standing]) -> list[Standing]:
    """Order standings by status, then by importance, then by how little of the target is reached."""
    order = list(Status)
    return sorted(
        found,
        key=lambda s: (
            order.index(s.status),
            -s.indicator.importance,
            Decimal(0) if s.to_date.reached is None else s.to_date.reached,
        ),
    )


def months_text(months: Sequence[Period]) -> str:
    """Name a run of months: the first and the last, or the only one."""
    if not months:
        return _("no month yet")
    if len(months) == 1:
        return formats.period(months[0])
    return _("{first} to {last}").format(first=formats.period(months[0]), last=formats.period(months[-1]))


def months_list(months: Sequence[Period]) -> str:
    """Name months, those that follow each other as one run."""
    runs: list[list[Period]] = []
    for month in months:
        if runs and runs[-1][-1].shift(1) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return _(", ").join(months_text(run) for run in runs)


def standing_sentence(standing: Standing) -> str:
    """Say in one sentence how an indicator stands to date, with every number that the grade rests on."""
    indicator, to_date = standing.indicator, standing.to_date
    months = months_text(to_date.months)
    if standing.phased.problems:
        return _("{name}: {problem}").format(name=indicator.name, problem=join_sentences(standing.phased.problems))
    if not to_date.months:
        return _("{name}: unknown, because no month of the year is over yet.").format(name=indicator.name)
    if to_date.missing:
        return ngettext(
            "{name}: unknown, because {months} has no figure. Enter it, then run the review again.",
            "{name}: unknown, because {months} have no figures. Enter them, then run the review again.",
            len(to_date.missing),
        ).format(name=indicator.name, months=months_list(to_date.missing))
    if to_date.actual is None or to_date.expected is None:
        return _("{name}: unknown, because the months to date have no complete target.").format(
            name=indicator.name
        )
    if (
        to_date.growth is not None
        and to_date.promised is not None
        and to_date.reached is not None
        # Where the year before meets the target already, attainment is no share of a change.
        and not meets(to_date.start or Decimal(0), to_date.expected, indicator.direction, upper=to_date.upper)
    ):
        text = (
            _(
                "{name}, {months}: {actual}, {growth} on the year before, where the target asks for {expected}, "
                "{promised}: {reached} of the promised change, {status}."
            )
            if to_date.reached >= 0
            else _(
                "{name}, {months}: {actual}, {growth} on the year before, where the target asks for {expected}, "
                "{promised}: it has moved away from its target, {status}."
            )
        )
        return text.format(
            name=indicator.name,
            months=months,
            actual=formats.amount(to_date.actual, indicator.unit),
            growth=formats.percent(to_date.growth, signed=True),
            expected=formats.amount(to_date.expected, indicator.unit),
            promised=formats.percent(to_date.promised, signed=True),
            reached=formats.percent(to_date.reached, places=0),
            status=to_date.status.label,
        )
    within = to_date.status is Status.on_track and not meets(
        to_date.actual, to_date.expected, indicator.direction, upper=to_date.upper
    )
    text = (
        _("{name}, {months}: {actual}, where the target is {bound}, {status} within the tolerance.")
        if within
        else _("{name}, {months}: {actual}, where the target is {bound}, {status}.")
    )
    return text.format(
        name=indicator.name,
        months=months,
        actual=formats.amount(to_date.actual, indicator.unit),
        bound=bound_text(to_date.expected, to_date.upper, indicator),
        status=to_date.status.label,
    )


def bound_text(
    target: Decimal | None,
    upper: Decimal | None,
    indicator: Indicator,
    write: Callable[[Decimal | None, str], str] = formats.amount,
) -> str:
    """Write a target with the sign of its direction; a dash where there is none."""
    if target is None:
        return formats.NOTHING
    return formats.bound(target, upper, indicator.direction, indicator.unit, write)


def pace_frame(found: Sequence[Standing]) -> pd.DataFrame:
    """Put standings in a frame.

    Returns
    -------
    pandas.DataFrame
        One row a standing, in the given order: `id`, `name`, `unit`, `month_actual`, `month_bound` (text),
        `month_status` (None where the month is not yet over), `actual`, `bound` (text), `reached`, `status`,
        `owner`.
    """
    rows = [
        {
            "id": s.indicator.id,
            "name": s.indicator.name,
            "unit": s.indicator.unit,
            "month_actual": s.month.actual,
            "month_bound": bound_text(s.month.expected, s.month.upper, s.indicator, formats.figure),
            "month_status": s.month.status if s.month.months else None,
            "actual": s.to_date.actual,
            "bound": bound_text(s.to_date.expected, s.to_date.upper, s.indicator, formats.figure),
            "reached": s.to_date.reached,
            "status": s.status,
            "owner": s.indicator.owner,
        }
        for s in found
    ]
    columns = ["id", "name", "unit", "month_actual", "month_bound", "month_status", "actual", "bound"]
    return pd.DataFrame(rows, columns=[*columns, "reached", "status", "owner"], dtype=object)


def pace_table(book: Book) -> Table:
    """Show the month under review and the year to date against what the targets ask, worst first."""
    frame = pace_frame(standings(book))
    frame["name"] = [formats.with_unit(n, u) for n, u in zip(frame["name"], frame["unit"], strict=True)]
    frame["month_text"] = [formats.figure(v, u) for v, u in zip(frame["month_actual"], frame["unit"], strict=True)]
    frame["to_date_text"] = [formats.figure(v, u) for v, u in zip(frame["actual"], frame["unit"], strict=True)]
    return Table(
        frame,
        [
            Column("name", _("Indicator")),
            Column("month_text", _("Month"), numeric=True),
            Column("month_bound", _("Asked of the month"), numeric=True),
            Column("month_status", _("Month's standing"), tone=_month_tone),
            Column("to_date_text", _("Year to date"), numeric=True),
            Column("bound", _("Asked to date"), numeric=True),
            Column("reached", _("Attainment"), lambda v: formats.percent(v, places=0), numeric=True),
            Column("status", _("Standing"), tone=lambda row: row["status"].tone),
        ],
        empty=_("No indicator has a target for this year. Write one in the stage “decompose”."),
    )


def _month_tone(row: Mapping[str, Any]) -> Tone:
    return row["month_status"].tone if row["month_status"] else Tone.plain


METHOD = N_(
    "Attainment compares the months to date with what the phased target asks of the same months. Where a target "
    "promises a growth or a fall, it is the share of the promised change on the year before; otherwise it is "
    "actual ÷ target, or target ÷ actual where less is better. From {on_track} it is on track, from {lagging} it "
    "lags, below that it is off. A month without a figure makes it unknown."
)


def method_sentence() -> Sentence:
    """Say how attainment and standing are computed."""
    return Sentence(
        _(METHOD).format(on_track=formats.percent(ON_TRACK, places=0), lagging=formats.percent(LAGGING, places=0))
    )


def bottom_line(book: Book) -> Sentences:
    """Say where the department stands: how many indicators are on track, and each that is not."""
    found = standings(book)
    if not found:
        text = _("No indicator has a target for this year.")
        return Sentences.of([Sentence(text, Tone.unknown)])
    fine = sum(s.status is Status.on_track for s in found)
    opening = ngettext(
        "{fine} of {count} indicator is on track.", "{fine} of {count} indicators are on track.", len(found)
    ).format(fine=fine, count=len(found))
    return Sentences.of(
        [
            Sentence(opening, found[0].status.tone),
            *(Sentence(standing_sentence(s), s.status.tone) for s in found),
        ]
    )
