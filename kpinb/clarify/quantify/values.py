"""A criterion's values, window by window, and why one is not there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from kpinb.errors import shown
from kpinb.language import N_, Label, _
from kpinb.period import Period
from kpinb.view import formats

_NINE_PLACES = Decimal("1e-9")


class State(Label):
    """Why a window has a value, or none."""

    known = "known", N_("known")
    missing = "missing", N_("missing")
    not_due = "not_due", N_("not due")
    not_computable = "not_computable", N_("not computable")


@dataclass(frozen=True)
class Value:
    """A criterion's value in one window.

    Parameters
    ----------
    state : State
    value : Decimal or None
        None unless it is known.
    reason : str
        Why it is not computable, or missing though there are figures; empty where the state says enough.
    missing : tuple of Period
        Months whose figure it lacks.
    """

    state: State
    value: Decimal | None = None
    reason: str = ""
    missing: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Computed:
    """A criterion's values and how they came about.

    Parameters
    ----------
    how : str
        The method in a sentence.
    values : mapping of Period to Value
        The earliest window first; it begins where the series does.
    so_far : Decimal or None
        What a quarter or year that is not over comes to so far.
    so_far_months : int
        How many of its months that is.
    """

    how: str
    values: Mapping[Period, Value] = field(default_factory=dict)
    so_far: Decimal | None = None
    so_far_months: int = 0


def no_figure(series: str, month: Period) -> str:
    """Say that a series is there and empty."""
    return _("“{series}” has no figure up to {month}.").format(series=shown(series), month=formats.period(month))


def rounded(value: Decimal) -> Decimal:
    """Round a quotient to nine places, half to even, as the actuals' own quotients are."""
    with localcontext(prec=76):
        cut = value.quantize(_NINE_PLACES, rounding=ROUND_HALF_EVEN)
        whole = cut.to_integral_value()
        return whole if cut == whole else cut.normalize()
