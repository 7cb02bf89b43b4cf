"""A formula's value."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation
from typing import NoReturn

from kpinb.formula.errors import DividedByZero, NotComputable, OutOfRange
from kpinb.formula.tree import Name, Negative, Node, Number, Operation
from kpinb.formula.writing import brief, shown, write
from kpinb.language import _

MAX_EXPONENT = 100
"""Largest exponent, and smallest with a minus."""

TOO_LARGE = Decimal(10) ** 30
"""No number in a computation may reach this."""

# Overflow is not trapped: an infinite result is caught by the bound on results, with a sentence.
CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero])


def compute(node: Node, values: Mapping[str, Decimal | None]) -> Decimal | None:
    """Compute a part, or as much of it as the values allow: None where a value it needs is not there."""
    result: Decimal | None
    if isinstance(node, Number):
        result = node.value
    elif isinstance(node, Name):
        result = values.get(node.name)
        if result is not None and not result.is_finite():
            raise NotComputable(
                _("The value of “{name}” is {value}, which is not a number: correct it.").format(
                    name=shown(node.name), value=result
                )
            )
    elif isinstance(node, Negative):
        operand = compute(node.operand, values)
        result = None if operand is None else CONTEXT.minus(operand)
    elif isinstance(node, Operation):
        result = _operate(node, compute(node.left, values), compute(node.right, values))
    else:
        arguments = [compute(argument, values) for argument in node.arguments]
        known = [argument for argument in arguments if argument is not None]
        choose = min if node.function == "min" else max
        result = choose(known) if len(known) == len(arguments) else None
    return None if result is None else _bounded(node, result)


def _operate(node: Operation, left: Decimal | None, right: Decimal | None) -> Decimal | None:
    # What is wrong with the right-hand side is wrong whatever the left-hand side is.
    if node.operator == "/" and right == 0:
        _refuse_zero(node, node.right)
    if node.operator == "^" and right is not None and abs(right) > MAX_EXPONENT:
        raise OutOfRange(
            _("The exponent in “{part}” is {value}: keep it between -{limit} and {limit}.").format(
                part=shown(write(node)), value=brief(right), limit=MAX_EXPONENT
            )
        )
    if left is None or right is None:
        return None
    if node.operator == "+":
        return CONTEXT.add(left, right)
    if node.operator == "-":
        return CONTEXT.subtract(left, right)
    if node.operator == "*":
        return CONTEXT.multiply(left, right)
    if node.operator == "/":
        return CONTEXT.divide(left, right)
    return _raise(node, left, right)


def _raise(node: Operation, base: Decimal, exponent: Decimal) -> Decimal:
    if base == 0 and exponent < 0:
        _refuse_zero(node, node.left)
    if (base == 0 and exponent == 0) or (base < 0 and exponent != exponent.to_integral_value()):
        raise NotComputable(
            _("“{part}” is {base} to the power {exponent}, which has no value: change one of them.").format(
                part=shown(write(node)), base=brief(base), exponent=brief(exponent)
            )
        )
    return CONTEXT.power(base, exponent)


def _bounded(node: Node, result: Decimal) -> Decimal:
    rounded = CONTEXT.plus(result)  # also makes of -0, which no person wrote, a plain 0
    if abs(rounded) >= TOO_LARGE:
        raise OutOfRange(
            _("“{part}” is too large: keep numbers below 1 followed by 30 zeros.").format(part=shown(write(node)))
        )
    return rounded


def _refuse_zero(node: Operation, divisor: Node) -> NoReturn:
    raise DividedByZero(
        _("“{part}” divides by zero, because “{divisor}” is 0: correct the value or the formula.").format(
            part=shown(write(node)), divisor=shown(write(divisor))
        )
    )
