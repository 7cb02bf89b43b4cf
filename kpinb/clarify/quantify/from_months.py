"""A criterion computed from a figure a month: a sum, a mean, a ratio, or growth over the year before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.quantify.values import Computed, State, Value, no_figure, rounded
from kpinb.clarify.records import Criterion, Indicator, Statistic, Window
from kpinb.errors import BadInput, shown
from kpinb.language import _, join_sentences
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import formats

_LEVELS = (Adding.last, Adding.compound)


def from_months(criterion: Criterion, indicator: Indicator, book: Book, windows: Sequence[Period]) -> Computed:
    """Compute a statistic that the months' figures are enough for.

    A window before the series begins is not missing and has no row. A week is a seventh part of a month's days.

    Raises
    ------
    NotFound
        The actuals have no such series.
    BadInput
        It cannot be computed from them; the message says what it would take.
    """
    series, base = criterion.fact or indicator.series, criterion.base or indicator.base
    growing, how = criterion.statistic is Statistic.growth, _adding(criterion.statistic, indicator)
    _check(series, base, how, growing=growing)
    weighted = base if how in (Adding.mean, Adding.ratio) else ""
    since = (windows[0].year_before if growing else windows[0]).months[0]
    frame = book.monthly(series, how, base=weighted, since=since)
    months = _Months(
        Actuals.of_frame(frame, fiscal_start=book.period.fiscal_start),
        how,
        growing=growing,
        by_week=criterion.window is Window.week,
    )
    reach = [window for window in windows if months.reach(window)]
    if not any(book.is_due(window) for window in reach):
        raise BadInput(_too_young(series, months.begin, criterion, book.period))
    values = {w: months.value(w.months) if book.is_due(w) else Value(State.not_due) for w in reach}
    over = [month for month in reach[-1].months if book.is_due(month)]
    so_far = None if not over or book.is_due(reach[-1]) else months.value(over).value
    return Computed(_how(criterion, how, series, weighted), values, so_far, len(over))


def _check(series: str, base: str, how: Adding, *, growing: bool) -> None:
    if how is Adding.ratio and not base:
        raise BadInput(
            _("A ratio of “{series}” needs a base: name the series that it is divided by.").format(
                series=shown(series)
            )
        )
    if growing and how is Adding.compound:
        raise BadInput(
            _(
                "“{series}” holds growth rates already: choose the sum as the statistic, which compounds them."
            ).format(series=shown(series))
        )


def _too_young(series: str, begin: Period | None, criterion: Criterion, month: Period) -> str:
    names = {
        "series": shown(series),
        "window": {Window.quarter: _("quarter"), Window.year: _("year")}.get(criterion.window, _("month")),
    }
    if begin is None:
        return no_figure(series, month)
    begins = formats.period(begin)
    if criterion.statistic is Statistic.growth:
        return _(
            "“{series}” begins in {month}: growth over the year before needs the same {window} in two years."
        ).format(month=begins, **names)
    return _("“{series}” begins in {month}, and no whole {window} has been over since.").format(
        month=begins, **names
    )


def _adding(statistic: Statistic, indicator: Indicator) -> Adding:
    """Say how a statistic makes one number of several; growth compares what the indicator itself comes to."""
    match statistic:
        case Statistic.mean:
            return Adding.mean
        case Statistic.ratio | Statistic.share_within:
            return Adding.ratio
        case Statistic.total:
            # A level or a growth rate has no sum over months.
            return indicator.over_time if indicator.over_time in _LEVELS else Adding.total
        case _:
            return indicator.over_time


@dataclass(frozen=True)
class _Months:
    """What several months of a series come to."""

    actuals: Actuals
    how: Adding
    growing: bool
    by_week: bool

    @property
    def begin(self) -> Period | None:
        """The first month with a figure."""
        months = self.actuals.values.items()
        return next((month for month, value in months if value is not None or self._without_base(month)), None)

    def reach(self, window: Period) -> bool:
        """Say whether a window lies after the series' beginning, with the year before where that is needed."""
        first = (window.year_before if self.growing else window).months[0]
        return self.begin is not None and self.begin.first <= first.first

    def value(self, months: Sequence[Period]) -> Value:
        """Give what several months come to."""
        if not self.growing:
            return self._of(months)
        before = [month.year_before for month in months]
        now, then = self._of(months), self._of(before)
        if State.missing in (now.state, then.state):
            return Value(State.missing, missing=(*then.missing, *now.missing))
        if now.value is None or then.value is None:
            return now if now.value is None else then
        if then.value <= 0:
            return Value(
                State.not_computable,
                reason=_("the year before, {value}, is not above zero").format(value=format(then.value, "f")),
            )
        return Value(State.known, rounded(now.value / then.value - 1))

    def _of(self, months: Sequence[Period]) -> Value:
        missing = tuple(month for month in self.actuals.missing(months) if not self._without_base(month))
        if missing:
            return Value(State.missing, missing=missing)
        value = self.actuals.combined(months, self.how)
        if value is None:
            return Value(State.not_computable, reason=self._zero_base(months))
        if self.by_week and self.how is Adding.total:
            days = sum((month.last - month.first).days + 1 for month in months)
            value = value * 7 / days
        return Value(State.known, rounded(value))

    def _zero_base(self, months: Sequence[Period]) -> str:
        zero = [month for month in months if self._without_base(month)]
        if 0 < len(zero) < len(months):
            return _("the base is zero in {months}").format(months=_(", ").join(map(formats.period, zero)))
        return _("its base is zero")

    def _without_base(self, month: Period) -> bool:
        return self.how in (Adding.mean, Adding.ratio) and self.actuals.bases.get(month) == 0


def _how(criterion: Criterion, how: Adding, series: str, base: str) -> str:
    names = {"series": shown(series), "base": shown(base), "window": criterion.window.label}
    if criterion.statistic is Statistic.growth:
        text = _("Computed as the growth of “{series}” against the same time of the year before, {window}.")
    elif how is Adding.mean:
        text = (
            _("Computed as the mean of “{series}”, weighted with “{base}”, over {window}.")
            if base
            else _("Computed as the plain mean of “{series}” over {window}.")
        )
    else:
        text = {
            Adding.total: _("Computed as the sum of “{series}” over {window}."),
            Adding.last: _("Computed as the last value of “{series}” over {window}."),
            Adding.compound: _("Computed as the growth rates of “{series}” compounded over {window}."),
            Adding.ratio: _("Computed as the sum of “{series}” divided by the sum of “{base}” over {window}."),
        }[how]
    if criterion.statistic is Statistic.share_within:
        text = join_sentences([text, _("“{series}” itself counts what is within the limit.")])
    return text.format(**names)
