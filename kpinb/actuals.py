"""An indicator's actuals by month, and what several months of it come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from kpinb.measure import Adding, combine
from kpinb.period import Period


@dataclass(frozen=True)
class Actuals:
    """Actuals by month.

    Parameters
    ----------
    values : mapping of Period to Decimal or None
        A month that is due and has no figure is None; one that is not yet due is not in it.
    bases : mapping of Period to Decimal or None
        What a mean is weighted with or a ratio is divided by; empty where there is no base.
    """

    values: Mapping[Period, Decimal | None]
    bases: Mapping[Period, Decimal | None] = field(default_factory=dict)

    @classmethod
    def of_frame(cls, frame: pd.DataFrame, *, fiscal_start: int = 1) -> Actuals:
        """Take over a frame of `month` (first day), `value` and `base`, as `Book.monthly` gives it."""
        months = [Period.month_of(month.date(), fiscal_start=fiscal_start) for month in frame["month"]]
        bases = dict(zip(months, frame["base"], strict=True))
        return cls(
            dict(zip(months, frame["value"], strict=True)),
            bases if any(base is not None for base in bases.values()) else {},
        )

    def of(self, month: Period) -> Decimal | None:
        """Give one month's actual; None where it is missing or not yet due."""
        return self.values.get(month)

    def combined(self, months: Sequence[Period], how: Adding) -> Decimal | None:
        """Give what several months come to; None where one of them is missing."""
        bases = [self.bases.get(month) for month in months] if self.bases else None
        return combine([self.values.get(month) for month in months], how, bases=bases)

    def missing(self, months: Sequence[Period]) -> list[Period]:
        """Give those of the months, all of them due, that have no figure."""
        return [month for month in months if self.values.get(month) is None]
