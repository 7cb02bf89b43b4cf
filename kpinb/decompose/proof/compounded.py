"""A growth as it was typed, with what its rounding leaves open, and what it comes to when it compounds.

What is typed is rounded, 1.53 % for 1.5309 %, so two growths differ only where no rounding of the last place typed
can make them meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kpinb.decompose.proof.amounts import half_unit
from kpinb.decompose.proof.sets import Marks
from kpinb.decompose.proof.tree import NONE, Tree
from kpinb.decompose.proof.wording import figures
from kpinb.decompose.records import Basis, Every
from kpinb.decompose.tasks.yields import PERIODS_A_YEAR, TIMES_A_YEAR
from kpinb.measure import Adding, rounded

ROUNDED = Decimal("0.001")
"""A growth is taken to be rounded to a tenth of a percent at the most, however few places were typed."""
PERIOD_BEFORE = list(Basis).index(Basis.period_before)


@dataclass(frozen=True)
class Growth:
    """A growth, and between what its rounding leaves it."""

    low: Decimal
    value: Decimal
    high: Decimal

    @classmethod
    def of(cls, value: Decimal, half: Decimal | None = None) -> Growth:
        """Take over a number typed, with half of its last place unless something else is known."""
        half = half_unit(value) if half is None else half
        return cls(value - half, value, value + half)

    @classmethod
    def typed(cls, value: Decimal) -> Growth:
        """Take over a growth typed: 0.2 is 20.0 %, and not anything from 15 % to 25 %."""
        return cls.of(value, half_of(value))

    def repeated(self, often: Fraction) -> Growth:
        """Let it happen so often, each time on top of what came before."""
        return Growth(*(power(1 + value, often) - 1 for value in (self.low, self.value, self.high)))

    def added(self, often: Fraction) -> Growth:
        """Count it so often."""
        exact = Decimal(often.numerator) / often.denominator
        return Growth(self.low * exact, self.value * exact, self.high * exact)

    def after(self, other: Growth) -> Growth:
        """Let it happen on top of another one."""
        return Growth(
            (1 + other.low) * (1 + self.low) - 1,
            (1 + other.value) * (1 + self.value) - 1,
            (1 + other.high) * (1 + self.high) - 1,
        )

    def may_be(self, other: Growth) -> bool:
        """Say whether rounding alone can explain the difference."""
        return self.low <= other.high and other.low <= self.high


def half_of(growth: Decimal) -> Decimal:
    """Say what rounding may have taken from a growth or put on it."""
    return min(half_unit(growth), ROUNDED / 2)


def power(base: Decimal, often: Fraction) -> Decimal:
    """Raise to a power that is a fraction: a twelfth gives what compounds twelve times to the base."""
    return max(base, Decimal(0)) ** (Decimal(often.numerator) / often.denominator)


def often_in(tree: Tree, row: int) -> Fraction:
    """Say how often a row's number comes within its period."""
    if tree.every[row] == NONE:
        return Fraction(1)
    kind = tree.periods[tree.period[row]].kind
    return Fraction(TIMES_A_YEAR[list(Every)[tree.every[row]]], PERIODS_A_YEAR[kind])


def is_rate(tree: Tree) -> Marks:
    """Say of every row whether its value is itself a growth, which compounds."""
    return tree.of_measure("over_time", Adding.compound)


def rate_of(tree: Tree, row: int) -> Decimal:
    """Give a row's growth: its value where the indicator is itself a growth."""
    amounts = tree.value if tree.measure(row).over_time is Adding.compound else tree.growth
    return amounts.at(row) or Decimal(0)


def to_type(value: Decimal) -> Decimal:
    """Round a growth to be typed: to four places, or more where it would lose its third figure."""
    places = max(4, 2 - value.adjusted()) if value else 4
    return rounded(value, places).normalize()


def percent(value: Decimal) -> str:
    """Write a growth with the places it has."""
    return figures("%", value)[0]


def figure(unit: str, value: Decimal) -> str:
    """Write one number with the places it has."""
    return figures(unit, value)[0]
