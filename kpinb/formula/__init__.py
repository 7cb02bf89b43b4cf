"""Formulas: an indicator computed from others, such as ``new_customers * new_price``.

A formula is read by the parser in this module and never handed to Python, so nothing that a person types can do
more than arithmetic.

Grammar, with the loosest binding first::

    sum      = product { ("+" | "-") product }
    product  = signed { ("*" | "/") signed }
    signed   = "-" signed | power
    power    = atom [ ("^" | "**") signed ]
    atom     = number | name | "(" sum ")" | ("min" | "max") "(" sum "," sum { "," sum } ")"
    number   = digits [ "." digits ]        no separators, no exponents, no superfluous leading zeros
    name     = letters, digits and "_"      Chinese or English, not beginning with a digit or with "__"

Operations of one rank run from left to right, powers from right to left: ``2^3^2`` is 2^9. A minus binds less
than a power, as in mathematics and unlike in a spreadsheet: ``-2^2`` is −4. Signs typed in Chinese or in print,
``（）＋－−×＊÷／＾，``, are read as their plain twins; names are compared in Unicode's normal form NFC.

Every step is computed with 34 significant figures and rounded half to even: sums, differences and products that
fit are exact, a quotient is the nearest such number, a power is within one unit of its last figure. A formula
has at most 500 characters and 20 levels, an exponent is at most 100 and a result stays below 10³⁰, so that no
formula can run for long.
"""

from __future__ import annotations

from kpinb.formula.computing import MAX_EXPONENT, TOO_LARGE, compute
from kpinb.formula.errors import (
    BadFormula,
    CircularFormulas,
    DividedByZero,
    MissingValue,
    NotComputable,
    OutOfRange,
    UnitMismatch,
    UnknownName,
)
from kpinb.formula.expression import Formula, parse
from kpinb.formula.ordering import order
from kpinb.formula.reading import MAX_LENGTH, MAX_NESTING
from kpinb.formula.tree import Extreme, Function, Name, Negative, Node, Number, Operation, Operator
from kpinb.formula.unit_check import UnitCheck, check_units
from kpinb.formula.writing import write

__all__ = [
    "MAX_EXPONENT",
    "MAX_LENGTH",
    "MAX_NESTING",
    "TOO_LARGE",
    "BadFormula",
    "CircularFormulas",
    "DividedByZero",
    "Extreme",
    "Formula",
    "Function",
    "MissingValue",
    "Name",
    "Negative",
    "Node",
    "NotComputable",
    "Number",
    "Operation",
    "Operator",
    "OutOfRange",
    "UnitCheck",
    "UnitMismatch",
    "UnknownName",
    "check_units",
    "compute",
    "order",
    "parse",
    "write",
]
