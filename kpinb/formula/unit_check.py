"""Whether a formula's units go together and give the indicator's own."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from kpinb.formula.errors import UnitMismatch
from kpinb.formula.expression import Formula
from kpinb.formula.tree import Extreme, Name, Negative, Node, Number, Operation, Operator
from kpinb.formula.units import SHARE, Unit, parse_unit
from kpinb.formula.writing import brief, listed, shown, write
from kpinb.language import _

_CONVERSIONS = frozenset({Fraction(n) for n in (3, 7, 12, 24, 60, 168, 1440, 3600, 86400)})
"""Numbers, beside powers of ten, by which people turn one unit into another."""

_MOST_FACTORS = 64


class _Bare:
    """A number without a unit, which takes on that of what it is added to."""


_BARE = _Bare()

_Found: TypeAlias = Unit | _Bare | None
"""None where the unit is not known, or where something is wrong with the part already."""


@dataclass(frozen=True)
class UnitCheck:
    """What a check of units found.

    Parameters
    ----------
    problems : list of str
        A sentence for each mismatch: the part, both units, what to do.
    unchecked : list of str
        A sentence where a unit is not known, so that something could not be checked; empty otherwise.
    """

    problems: list[str]
    unchecked: list[str]

    def refuse(self) -> None:
        """Raise the first mismatch.

        Raises
        ------
        UnitMismatch
            There is one.
        """
        if self.problems:
            raise UnitMismatch(self.problems[0])


def check_units(formula: Formula, units: Mapping[str, str], result: str) -> UnitCheck:
    """Check that a formula's units go together.

    What is added, subtracted or compared has one unit with one scale: 万元 and 元 do not go together, and the
    sentence gives the factor. A number takes any unit there; in a product, a power of ten or a number such as 60
    may be a conversion, so that ``yuan / 10000`` may stand for 万元. Counts of anything can be added to each other
    and vanish in products; exponents have no unit.

    Parameters
    ----------
    formula : Formula
        What is computed.
    units : mapping of str to str
        The unit of each name, as typed; a name that is not there, or has an empty one, is not checked.
    result : str
        The unit of what the formula gives; empty: not checked.
    """
    known = {unicodedata.normalize("NFC", name): unit for name, unit in units.items()}
    walk = _Walk({name: parse_unit(known.get(name, "")) for name in formula.names})
    gives = walk.unit_of(formula.tree)
    expected = parse_unit(result)
    if isinstance(gives, Unit) and expected is not None:
        walk.compare_result(formula, gives, expected)
    return UnitCheck(walk.problems, _unchecked(formula, walk, gives, expected))


def _unchecked(formula: Formula, walk: _Walk, gives: _Found, expected: Unit | None) -> list[str]:
    unknown = [name for name in formula.names if walk.units[name] is None]
    if unknown:
        return [
            _(
                "The units of the formula are checked only in part, because the unit of {names} is not known: "
                "make it an indicator that has a unit."
            ).format(names=listed(unknown))
        ]
    if gives is None and not walk.problems:
        return [_("The units of the formula could not be followed to the end, so the result's is not checked.")]
    if expected is None:
        return [_("The unit of the result is not checked, because the indicator has none: write it down.")]
    return []


class _Walk:
    """One walk through a tree; collects sentences and goes on."""

    def __init__(self, units: Mapping[str, Unit | None]) -> None:
        self.units = units
        self.problems: list[str] = []

    def unit_of(self, node: Node) -> _Found:
        if isinstance(node, Number):
            return _BARE
        if isinstance(node, Name):
            return self.units[node.name]
        if isinstance(node, Negative):
            return self.unit_of(node.operand)
        if isinstance(node, Extreme):
            return self._alike(node, list(node.arguments))
        if node.operator in ("+", "-"):
            return self._alike(node, [node.left, node.right])
        if node.operator == "^":
            return self._power(node, self.unit_of(node.left), self.unit_of(node.right))
        return _product(node, self.unit_of(node.left), self.unit_of(node.right))

    def _alike(self, node: Node, parts: list[Node]) -> _Found:
        """Give the one unit of parts that are added or compared."""
        shared: _Found = _BARE
        first = parts[0]
        unknown = False
        for part in parts:
            unit = self.unit_of(part)
            unknown = unknown or unit is None
            if not isinstance(unit, Unit):
                continue
            if not isinstance(shared, Unit):
                shared, first = unit, part
                continue
            shared = self._together(node, first, shared, part, unit)
            if shared is None:
                return None
        return None if unknown and not isinstance(shared, Unit) else shared

    def _together(self, node: Node, first: Node, one: Unit, part: Node, other: Unit) -> Unit | None:
        if not _same_kind(one, other):
            self.problems.append(
                _(
                    "“{part}” puts “{first}” in {unit} together with “{second}” in {other}: give both the same "
                    "unit, or take one out."
                ).format(
                    part=shown(write(node)),
                    first=shown(write(first)),
                    unit=shown(str(one)),
                    second=shown(write(part)),
                    other=shown(str(other)),
                )
            )
            return None
        if one.scales is None or other.scales is None:
            return None
        common = one.scales & other.scales
        if not common:
            self.problems.append(_wrong_scale(node, (first, one), (part, other)))
            return None
        scale = one.scale
        return None if not scale else Unit(one.powers, frozenset(each / scale for each in common))

    def _power(self, node: Operation, base: _Found, exponent: _Found) -> _Found:
        if isinstance(exponent, Unit) and exponent.dimensions:
            self.problems.append(
                _(
                    "The exponent in “{part}” is in {unit}: an exponent has no unit. Divide it by one {unit}."
                ).format(part=shown(write(node)), unit=shown(str(exponent)))
            )
            return None
        if not isinstance(base, Unit) or not base.dimensions:
            return base
        power = _constant(node.right)
        if power is None:
            self.problems.append(
                _(
                    "“{part}” has no unit that could be named, because “{base}” is in {unit} and the exponent is "
                    "not a number: make the exponent a number."
                ).format(part=shown(write(node)), base=shown(write(node.left)), unit=shown(str(base)))
            )
            return None
        return Unit({symbol: each * power for symbol, each in base.powers.items() if each * power})

    def compare_result(self, formula: Formula, gives: Unit, expected: Unit) -> None:
        if gives.dimensions != expected.dimensions:
            self.problems.append(
                _(
                    "The formula “{formula}” gives {unit}, and the indicator is in {expected}: correct the "
                    "formula or the unit."
                ).format(formula=shown(str(formula)), unit=shown(str(gives)), expected=shown(str(expected)))
            )
            return
        if str(expected) == SHARE and not gives.is_count and _times_hundred(formula.tree):
            self.problems.append(
                _(
                    "The formula “{formula}” multiplies by 100, and the indicator is in %: 95% is kept as 0.95. "
                    "Take the 100 out."
                ).format(formula=shown(str(formula)))
            )
            return
        scale = expected.scale
        if gives.scale and scale and gives.scales is not None and scale not in gives.scales:
            self.problems.append(
                _(
                    "The formula “{formula}” gives {unit}, and the indicator is in {expected}: {conversion}. "
                    "Write “{operation}” after the formula, in parentheses where it is a sum."
                ).format(
                    formula=shown(str(formula)),
                    unit=shown(str(gives)),
                    expected=shown(str(expected)),
                    conversion=_conversion(gives, expected),
                    operation=_operation(scale / gives.scale),
                )
            )


def _same_kind(one: Unit, other: Unit) -> bool:
    mixed = (one.is_count and other.is_share) or (one.is_share and other.is_count)
    return one.dimensions == other.dimensions and not mixed


def _product(node: Operation, left: _Found, right: _Found) -> _Found:
    if left is None or right is None:
        return None
    sign = 1 if node.operator == "*" else -1
    if not isinstance(left, Unit) and not isinstance(right, Unit):
        return _BARE
    if not isinstance(right, Unit):
        return _converted(left, _constant(node.right), node.operator)
    if not isinstance(left, Unit):
        turned = Unit(
            {symbol: sign * power for symbol, power in right.powers.items()}, _raised(right.factors, sign)
        )
        return _converted(turned, _constant(node.left), "*")
    powers = dict(left.powers)
    for symbol, power in right.powers.items():
        powers[symbol] = powers.get(symbol, Fraction(0)) + sign * power
    factors = frozenset(a * b for a in left.factors for b in _raised(right.factors, sign))
    kept = {symbol: power for symbol, power in powers.items() if power}
    return Unit(kept, factors) if len(factors) <= _MOST_FACTORS else None


def _raised(factors: frozenset[Fraction], sign: int) -> frozenset[Fraction]:
    return frozenset(factor**sign for factor in factors)


def _converted(unit: _Found, number: Fraction | None, operator: Operator) -> _Found:
    """Let a number that people convert with change the scale, or leave it: both may be meant."""
    if not isinstance(unit, Unit) or number is None or not _converts(number):
        return unit
    # 元 / 10000 is a number of 万元: dividing the figure makes its unit larger.
    step = number if operator == "/" else 1 / number
    factors = unit.factors | {factor * step for factor in unit.factors}
    return Unit(unit.powers, factors) if len(factors) <= _MOST_FACTORS else None


def _times_hundred(node: Node) -> bool:
    """Say whether a formula ends in ``* 100``, as one that gives percent does elsewhere."""
    if not isinstance(node, Operation) or node.operator != "*":
        return False
    return 100 in (_constant(node.left), _constant(node.right))


def _converts(number: Fraction) -> bool:
    number = abs(number)
    if number < 1:
        number = 1 / number if number else Fraction(1)
    digits = str(number)
    return number in _CONVERSIONS or (digits[0] == "1" and len(digits) > 1 and not digits[1:].strip("0"))


def _constant(node: Node) -> Fraction | None:
    """Give the value of a plain number with or without a minus, or of one number divided by another."""
    if isinstance(node, Number):
        return Fraction(node.value)
    if isinstance(node, Negative):
        value = _constant(node.operand)
        return None if value is None else -value
    if isinstance(node, Operation) and node.operator == "/":
        above, below = _constant(node.left), _constant(node.right)
        return above / below if above is not None and below else None
    return None


def _wrong_scale(node: Node, one: tuple[Node, Unit], other: tuple[Node, Unit]) -> str:
    (first, unit), (second, another) = one, other
    factor = (unit.scale or Fraction(1)) / (another.scale or Fraction(1))
    return _(
        "“{part}” puts “{first}” in {unit} together with “{second}” in {other}: {conversion}. Write “{operation}” "
        "after “{second}”."
    ).format(
        part=shown(write(node)),
        first=shown(write(first)),
        unit=shown(str(unit)),
        second=shown(write(second)),
        other=shown(str(another)),
        conversion=_conversion(unit, another),
        operation=_operation(factor),
    )


def _conversion(one: Unit, other: Unit) -> str:
    """Say how many of the smaller unit the larger one is; of percent, how it is kept."""
    for unit, percent in ((one, other), (other, one)):
        # “1 万元/元 is 10000 %” would be read as a hundred.
        if str(percent) == SHARE:
            scale = unit.scale or Fraction(1)
            return _("1 {unit} is {factor}, and 95% is kept as 0.95").format(
                unit=shown(str(unit)), factor=brief(Decimal(scale.numerator) / scale.denominator)
            )
    larger, smaller = (one, other) if (one.scale or 0) >= (other.scale or 0) else (other, one)
    factor = (larger.scale or Fraction(1)) / (smaller.scale or Fraction(1))
    return _("1 {larger} is {factor} {smaller}").format(
        larger=shown(str(larger)), factor=_plain(factor), smaller=shown(str(smaller))
    )


def _operation(factor: Fraction) -> str:
    """Write how a figure is brought to a unit that is so many times larger."""
    return f"/ {_plain(factor)}" if factor > 1 else f"* {_plain(1 / factor)}"


def _plain(factor: Fraction) -> str:
    return str(factor) if factor.denominator == 1 else f"({factor.numerator} / {factor.denominator})"
