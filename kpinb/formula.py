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

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation
from difflib import get_close_matches
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Literal, NoReturn, TypeAlias, cast

from kpinb.errors import BadInput
from kpinb.language import _

MAX_LENGTH = 500
"""Characters in a formula."""

MAX_NESTING = 20
"""Parentheses, minus signs and powers within one another."""

MAX_EXPONENT = 100
"""Largest exponent, and smallest with a minus."""

TOO_LARGE = Decimal(10) ** 30
"""No number in a computation may reach this."""

# Overflow is not trapped: an infinite result is caught by the bound on results, with a sentence.
_CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, DivisionByZero])
_TWINS = str.maketrans("（）＋－−＊÷／＾，", "()+--*//^,")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_SHOWN = 40


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


Operator: TypeAlias = Literal["+", "-", "*", "/", "^"]
"""What stands between two parts."""

Function: TypeAlias = Literal["min", "max"]
"""What may stand before parentheses."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written: zero or more, of any length, exact."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    """A driver, by its name in normal form NFC."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A part with a minus before it."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """Two parts and what is done with them."""

    operator: Operator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Extreme:
    """The smallest or largest of two parts or more."""

    function: Function
    arguments: tuple[Node, ...]


Node: TypeAlias = Number | Name | Negative | Operation | Extreme
"""A part of a formula; the whole formula is one too."""


@dataclass(frozen=True)
class Formula:
    """A formula that was read.

    Two formulas are equal if their trees are, however they were typed. ``str(formula)`` writes it in one plain
    way, with no more parentheses than it needs; `parse` reads that back into the same tree.

    Parameters
    ----------
    tree : Node
        The formula as parts within parts.

    See Also
    --------
    parse : the way to make one.
    """

    tree: Node

    def __str__(self) -> str:
        spaced = _written(self.tree)
        # A long formula typed without spaces would grow past what `parse` reads.
        return spaced if len(spaced) <= MAX_LENGTH else spaced.replace(" ", "")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names that the formula needs, in the order in which they first appear."""
        return tuple(dict.fromkeys(_names(self.tree)))

    def evaluate(self, values: Mapping[str, Decimal | float | None]) -> Decimal:
        """Compute the formula.

        Parameters
        ----------
        values : mapping of str to Decimal, int, float or None
            A value for each of `names`, None where it is missing; others are ignored. A float counts as the
            shortest decimal that it prints as: 0.1 is one tenth.

        Returns
        -------
        Decimal
            The result, with up to 34 significant figures; see the module for what is exact.

        Raises
        ------
        UnknownName
            A name is not among the values; the sentence gives the nearest that are.
        MissingValue
            A value that the formula needs is None, even where it would be multiplied by zero.
        DividedByZero
            A divisor, or a base with a negative exponent, is zero.
        OutOfRange
            An exponent is beyond ±100, or a number or a result is 10³⁰ or more either way.
        NotComputable
            A power has no real value, or a value is not a finite number.
        """
        given = {unicodedata.normalize("NFC", name): value for name, value in values.items()}
        for name in self.names:
            if name not in given:
                raise UnknownName(_unknown(name, given))
        missing = [name for name in self.names if given[name] is None]
        if missing:
            raise MissingValue(
                _(
                    "The formula cannot be computed without {names}: enter a value, for missing is not zero."
                ).format(names=_listed(missing))
            )
        # `_compute` gives None only for a value that is not there, and all are.
        return cast("Decimal", _compute(self.tree, {name: Decimal(str(given[name])) for name in self.names}))


def parse(text: str) -> Formula:
    """Read a formula.

    Length and nesting are checked before anything is parsed, and parts without names, such as ``1/0`` or
    ``9**9**9``, are computed at once, so that a formula which can never have a value is refused here.

    Parameters
    ----------
    text : str
        What a person typed: the right-hand side alone, without ``=``.

    Returns
    -------
    Formula
        The formula as a tree.

    Raises
    ------
    BadFormula
        The text does not follow the grammar; the sentence names the place and what to do.
    NotComputable
        A part has no value whatever the drivers are, such as a division by 0.

    Examples
    --------
    >>> from decimal import Decimal
    >>> revenue = parse("new_customers*new_price + (repeat_customers*repeat_price)")
    >>> str(revenue)
    'new_customers * new_price + repeat_customers * repeat_price'
    >>> revenue.names
    ('new_customers', 'new_price', 'repeat_customers', 'repeat_price')
    >>> parse("（销售额－成本）÷销售额").evaluate({"销售额": Decimal(500), "成本": Decimal(400)})
    Decimal('0.2')
    """
    if len(text) > MAX_LENGTH:
        raise BadFormula(
            _(
                "The formula has {count} characters and is read up to character {limit}: shorten it, or make a "
                "part of it an indicator of its own."
            ).format(count=len(text), limit=MAX_LENGTH),
            place=MAX_LENGTH + 1,
        )
    tokens = list(_tokens(unicodedata.normalize("NFC", text).translate(_TWINS)))
    _check_nesting(tokens)
    tree = _Parser(tokens).whole()
    _compute(tree, {})
    return Formula(tree)


def order(formulas: Mapping[str, Formula]) -> list[str]:
    """Put computed indicators in an order in which each comes after those it is computed from.

    Parameters
    ----------
    formulas : mapping of str to Formula
        Formulas by the name of the indicator. A name in a formula that is not a key is a driver with values of
        its own.

    Returns
    -------
    list of str
        Every key once; the same order for the same mapping.

    Raises
    ------
    CircularFormulas
        Indicators need one another; the sentence shows the circle.
    """
    keys = {unicodedata.normalize("NFC", key): key for key in formulas}
    graph = {key: [keys[name] for name in formula.names if name in keys] for key, formula in formulas.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        # graphlib lists a circle from what is needed to what needs it; people read a formula the other way.
        circle = " → ".join(reversed(error.args[1]))
        raise CircularFormulas(
            _(
                "Indicators are computed from one another in a circle, {circle}: take one of these names out of "
                "the formula before it."
            ).format(circle=circle)
        ) from None


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["number", "name", "sign", "end"]
    text: str
    place: int

    @property
    def ends(self) -> bool:
        return self.kind == "end"

    @property
    def starts_a_value(self) -> bool:
        return self.kind in ("number", "name") or self.text == "("


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        start = at
        if text[at].isspace():
            at += 1
        elif number := _NUMBER.match(text, at):
            at = number.end()
            yield _Token("number", number.group(), start + 1)
        elif text[at].isidentifier():
            while at < len(text) and ("_" + text[at]).isidentifier():
                at += 1
            yield _Token("name", _allowed(text[start:at], start + 1), start + 1)
        elif text[at] in "+-*×/^(),":
            at += 2 if text.startswith("**", at) else 1
            # × is not among the twins: two of them are a slip, and not a power.
            yield _Token("sign", {"**": "^", "×": "*"}.get(text[start:at], text[start:at]), start + 1)
        else:
            _refuse_character(text[at], start + 1)
    yield _Token("end", "", len(text) + 1)


def _allowed(name: str, place: int) -> str:
    if name.startswith("__"):
        raise BadFormula(
            _("The name “{name}” at character {place} begins with two underscores: choose another name.").format(
                name=_shown(name), place=place
            ),
            place=place,
        )
    return name


def _refuse_character(character: str, place: int) -> NoReturn:
    if character in "=＝":
        message = _(
            "Take out the equals sign at character {place}: write only what the indicator is computed from."
        )
    elif character in ".．":
        message = _(
            "The point at character {place} is not within a number: write decimals like 0.5, and names without "
            "points."
        )
    else:
        message = _(
            "“{text}” at character {place} cannot stand in a formula: use numbers, names, + - * / ^, parentheses, "
            "min and max."
        )
    raise BadFormula(message.format(text=_shown(character), place=place), place=place)


def _check_nesting(tokens: list[_Token]) -> None:
    # One number for each open parenthesis: how many minus signs and powers wait there for what follows. Each is
    # a level of the tree, and of the parser's own calls.
    waiting = [0]
    before_value = True
    for token in tokens:
        if token.text == "(":
            waiting.append(0)
        elif token.text == ")":
            # One too many is the parser's to report.
            waiting = waiting[:-1] or [0]
        elif token.text == "^" or (token.text == "-" and before_value):
            waiting[-1] += 1
        elif token.kind == "sign":
            waiting[-1] = 0
        if len(waiting) - 1 + sum(waiting) > MAX_NESTING:
            raise BadFormula(
                _(
                    "At character {place} the formula is more than {limit} levels deep: take out parentheses, or "
                    "make a part of it an indicator of its own."
                ).format(place=token.place, limit=MAX_NESTING),
                place=token.place,
            )
        before_value = token.kind == "sign" and token.text != ")"


class _Parser:
    """Recursive descent; one method for each rule of the grammar."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._rest = iter(tokens)
        self._next = next(self._rest)

    def whole(self) -> Node:
        if self._next.ends:
            raise BadFormula(
                _("The formula is empty: write what the indicator is computed from, such as customers * price."),
                place=1,
            )
        tree = self._sum()
        if not self._next.ends:
            self._refuse_rest()
        return tree

    def _sum(self) -> Node:
        node = self._product()
        while self._next.text in ("+", "-"):
            node = Operation(cast("Operator", self._take().text), node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._next.text in ("*", "/"):
            node = Operation(cast("Operator", self._take().text), node, self._signed())
        return node

    def _signed(self) -> Node:
        if self._next.text == "-":
            self._take()
            return Negative(self._signed())
        return self._power()

    def _power(self) -> Node:
        base = self._atom()
        if self._next.text == "^":
            self._take()
            return Operation("^", base, self._signed())
        return base

    def _atom(self) -> Node:
        if not self._next.starts_a_value:
            self._refuse_value()
        token = self._take()
        if token.kind == "number":
            return Number(Decimal(token.text))
        if token.text in ("min", "max"):
            return self._extreme(token)
        if token.kind == "name":
            if self._next.text == "(":
                self._refuse(
                    token,
                    _(
                        "“{text}” at character {place} is not a function: only min and max are; to multiply, "
                        "write *."
                    ),
                )
            return Name(token.text)
        node = self._sum()
        self._close(token)
        return node

    def _extreme(self, function: _Token) -> Node:
        if self._next.text != "(":
            self._refuse(
                function, _("“{text}” at character {place} needs values in parentheses: write {text}(a, b).")
            )
        opening = self._take()
        arguments = [self._sum()]
        while self._next.text == ",":
            self._take()
            arguments.append(self._sum())
        self._close(opening)
        if len(arguments) == 1:
            self._refuse(function, _("“{text}” at character {place} needs two values: write {text}(a, b)."))
        return Extreme(cast("Function", function.text), tuple(arguments))

    def _close(self, opening: _Token) -> None:
        if self._next.ends:
            self._refuse(
                opening, _("The parenthesis opened at character {place} is never closed: write “)” where it ends.")
            )
        if self._next.text != ")":
            self._refuse_rest()
        self._take()

    def _take(self) -> _Token:
        token = self._next
        self._next = next(self._rest, token)
        return token

    def _refuse_rest(self) -> NoReturn:
        """Say why what follows a complete value cannot stand there."""
        token = self._next
        if token.text == ")":
            self._refuse(token, _("The parenthesis closed at character {place} was never opened: take it out."))
        if token.text == ",":
            self._refuse(
                token,
                _(
                    "The comma at character {place} is not between the values of min or max: take it out, and "
                    "write large numbers like 12000."
                ),
            )
        self._refuse(
            token,
            _(
                "An operator is missing before “{text}” at character {place}: write + - * / or ^ there, and begin "
                "no name with a digit."
            ),
        )

    def _refuse_value(self) -> NoReturn:
        if self._next.ends:
            self._refuse(
                self._next,
                _("A value is missing at the end, character {place}: write a number or a name there."),
            )
        self._refuse(
            self._next,
            _("A value is missing before “{text}” at character {place}: write a number or a name there."),
        )

    def _refuse(self, token: _Token, message: str) -> NoReturn:
        raise BadFormula(message.format(text=_shown(token.text), place=token.place), place=token.place)


def _compute(node: Node, values: Mapping[str, Decimal | None]) -> Decimal | None:
    """Compute a part, or as much of it as the values allow: None where a value it needs is not there."""
    result: Decimal | None
    if isinstance(node, Number):
        result = node.value
    elif isinstance(node, Name):
        result = values.get(node.name)
        if result is not None and not result.is_finite():
            raise NotComputable(
                _("The value of “{name}” is {value}, which is not a number: correct it.").format(
                    name=_shown(node.name), value=result
                )
            )
    elif isinstance(node, Negative):
        operand = _compute(node.operand, values)
        result = None if operand is None else _CONTEXT.minus(operand)
    elif isinstance(node, Operation):
        result = _operate(node, _compute(node.left, values), _compute(node.right, values))
    else:
        arguments = [_compute(argument, values) for argument in node.arguments]
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
                part=_shown(_written(node)), value=_brief(right), limit=MAX_EXPONENT
            )
        )
    if left is None or right is None:
        return None
    if node.operator == "+":
        return _CONTEXT.add(left, right)
    if node.operator == "-":
        return _CONTEXT.subtract(left, right)
    if node.operator == "*":
        return _CONTEXT.multiply(left, right)
    if node.operator == "/":
        return _CONTEXT.divide(left, right)
    return _raise(node, left, right)


def _raise(node: Operation, base: Decimal, exponent: Decimal) -> Decimal:
    if base == 0 and exponent < 0:
        _refuse_zero(node, node.left)
    if (base == 0 and exponent == 0) or (base < 0 and exponent != exponent.to_integral_value()):
        raise NotComputable(
            _("“{part}” is {base} to the power {exponent}, which has no value: change one of them.").format(
                part=_shown(_written(node)), base=_brief(base), exponent=_brief(exponent)
            )
        )
    return _CONTEXT.power(base, exponent)


def _bounded(node: Node, result: Decimal) -> Decimal:
    rounded = _CONTEXT.plus(result)  # also makes of -0, which no person wrote, a plain 0
    if abs(rounded) >= TOO_LARGE:
        raise OutOfRange(
            _("“{part}” is too large: keep numbers below 1 followed by 30 zeros.").format(
                part=_shown(_written(node))
            )
        )
    return rounded


def _refuse_zero(node: Operation, divisor: Node) -> NoReturn:
    raise DividedByZero(
        _("“{part}” divides by zero, because “{divisor}” is 0: correct the value or the formula.").format(
            part=_shown(_written(node)), divisor=_shown(_written(divisor))
        )
    )


def _unknown(name: str, known: Mapping[str, object]) -> str:
    nearest = get_close_matches(name, known, n=3, cutoff=0.5)
    if nearest:
        return _("The formula needs “{name}”, which is not there: write {nearest} if that is meant.").format(
            name=_shown(name), nearest=_listed(nearest)
        )
    return _("The formula needs “{name}”, which is not there: correct the name, or give it values.").format(
        name=_shown(name)
    )


_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_NEGATIVE, _ATOM = 3, 5


def _names(node: Node) -> Iterator[str]:
    # A stack rather than calls: a sum of 250 terms is 250 levels deep on its left.
    stack = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, Name):
            yield part.name
        elif isinstance(part, Negative):
            stack.append(part.operand)
        elif isinstance(part, Operation):
            stack += [part.right, part.left]
        elif isinstance(part, Extreme):
            stack += reversed(part.arguments)


def _written(node: Node, rank: int = 0) -> str:
    """Write a part where nothing that binds less than `rank` may stand without parentheses."""
    if isinstance(node, Number):
        return f"{node.value:f}"
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Extreme):
        return f"{node.function}({', '.join(_written(argument) for argument in node.arguments)})"
    if isinstance(node, Negative):
        own = _NEGATIVE
        text = "-" + _written(node.operand, _NEGATIVE)
    else:
        own = _RANKS[node.operator]
        if node.operator == "^":
            text = f"{_written(node.left, _ATOM)}^{_written(node.right, _NEGATIVE)}"
        else:
            text = f"{_written(node.left, own)} {node.operator} {_written(node.right, own + 1)}"
    return f"({text})" if own < rank else text


def _listed(names: list[str]) -> str:
    return _(", ").join(_("“{name}”").format(name=_shown(name)) for name in names)


def _brief(value: Decimal) -> str:
    """Write a number for a sentence: the first figures of a long one."""
    return f"{value:.6g}" if len(value.as_tuple().digits) > _SHOWN // 2 else f"{value:g}"


def _shown(text: str) -> str:
    """Make what a person typed fit a sentence: cut, and without characters that cannot be printed."""
    printable = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return printable if len(printable) <= _SHOWN else printable[: _SHOWN - 1] + "…"
