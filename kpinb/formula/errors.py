"""What can be wrong with a formula."""

from __future__ import annotations

from kpinb.errors import BadInput


class BadFormula(BadInput):
    """The text is not a formula.

    Parameters
    ----------
    message : str
        The sentence for the person.
    place : int
        The character, counted from 1, at which reading stopped.
    """

    def __init__(self, message: str, *, place: int) -> None:
        super().__init__(message)
        self.place = place


class NotComputable(BadInput):
    """The formula has no value for these figures."""


class UnknownName(NotComputable):
    """The formula needs a name that is not among the values."""


class MissingValue(NotComputable):
    """A value that the formula needs is missing, which is not zero."""


class DividedByZero(NotComputable):
    """A divisor is zero."""


class OutOfRange(NotComputable):
    """An exponent or a result is larger than formulas compute with."""


class CircularFormulas(BadInput):
    """Indicators are computed from one another in a circle."""


class UnitMismatch(BadInput):
    """A formula's units do not go together, or do not give the indicator's own."""
