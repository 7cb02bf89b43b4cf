"""By which rules a target's parts can be weighed, and what each rule needs of the actuals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpinb.actuals import Actuals
from kpinb.decompose.dividing.growth import growing_by_amount, growing_by_rate
from kpinb.decompose.dividing.rules import (
    Member,
    Split,
    by_indicator,
    by_last_year,
    by_seasonality,
    by_weights,
    even,
)
from kpinb.decompose.records import Rule
from kpinb.errors import BadInput
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period, PeriodKind

TYPED = {Rule.weights, Rule.base}
"""Rules whose weights the person types."""

_OF_TIME = [
    Rule.even,
    Rule.weights,
    Rule.last_year,
    Rule.seasonal,
    Rule.growth_simple,
    Rule.growth_compound,
    Rule.indicator,
]
_OF_PEOPLE = [Rule.even, Rule.weights, Rule.last_year]


def rules_for(how: Adding, *, over_time: bool) -> list[Rule]:
    """Give the rules by which an indicator can be divided.

    Raises
    ------
    BadInput
        Parts of it do not make up the whole: a last value, or growth upon growth.
    """
    if how in (Adding.last, Adding.compound):
        raise BadInput(
            _(
                "Values of this indicator are combined as “{how}”, so its target has no parts that add up to it. "
                "Write a target for each part in the form for one target."
            ).format(how=how.label)
        )
    if how in (Adding.ratio, Adding.mean):
        return [Rule.base]
    return list(_OF_TIME if over_time else _OF_PEOPLE)


@dataclass(frozen=True)
class Ground:
    """What the rules of one target can go by.

    Parameters
    ----------
    how : Adding
        How the indicator's values make up the whole.
    history : Actuals
        Its actuals by month.
    other : Actuals
        Those of another indicator, for the rule that goes by one.
    other_name : str
        Its name.
    """

    how: Adding
    history: Actuals
    other: Actuals
    other_name: str = ""

    def year_before(self, periods: Sequence[Period]) -> dict[Period, Decimal | None]:
        """Give each period's actual of the year before; a week has none, since actuals are by month."""
        return {period: _before(self.history, period, self.how) for period in periods}

    def bases(self, periods: Sequence[Period]) -> dict[Period, Decimal | None]:
        """Give what each period's ratio was divided by in the year before."""
        bases = Actuals(self.history.bases)
        return {period: _before(bases, period, Adding.total) for period in periods}

    def split(
        self,
        rule: Rule,
        total: Decimal,
        weights: Mapping[Member, Decimal | None],
        last: Mapping[Member, Decimal | None],
    ) -> Split:
        """Weigh the parts.

        Parameters
        ----------
        rule : Rule
            One of `rules_for`, but for `Rule.base`.
        total : Decimal
            What is divided.
        weights : mapping
            What the person typed, by part.
        last : mapping
            What each part came to in the year before.

        Raises
        ------
        BadInput
            The rule cannot be applied; the sentence says what is missing.
        """
        members = list(weights)
        if rule is Rule.even:
            return even(members)
        if rule is Rule.weights:
            return by_weights(weights)
        if rule is Rule.last_year:
            return by_last_year(last)
        periods = [member for member in members if isinstance(member, Period)]
        if rule is Rule.seasonal:
            return by_seasonality(periods, self.history, self.how)
        if rule is Rule.indicator:
            return by_indicator(self.other_name, {one: _before(self.other, one, self.how) for one in periods})
        before = periods[0].shift(-1)
        last_actual = None if before.kind is PeriodKind.week else self.history.combined(before.months, self.how)
        grow = growing_by_amount if rule is Rule.growth_simple else growing_by_rate
        return grow(total, periods, last_actual)


def _before(actuals: Actuals, period: Period, how: Adding) -> Decimal | None:
    if period.kind is PeriodKind.week:
        return None
    return actuals.combined([month.year_before for month in period.months], how)
