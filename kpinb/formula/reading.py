"""The parser: text into tokens, tokens into a tree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NoReturn, cast

from kpinb.formula.errors import BadFormula
from kpinb.formula.tree import Extreme, Function, Name, Negative, Node, Number, Operation, Operator
from kpinb.formula.writing import shown
from kpinb.language import _

MAX_LENGTH = 500
"""Characters in a formula."""

MAX_NESTING = 20
"""Parentheses, minus signs and powers within one another."""

_TWINS = str.maketrans("（）＋－−＊÷／＾，％", "()+--*//^,%")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def read(text: str) -> Node:
    """Read a formula's text into its tree; see `kpinb.formula.parse`."""
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
    return _Parser(tokens).whole()


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
                name=shown(name), place=place
            ),
            place=place,
        )
    return name


def _refuse_character(character: str, place: int) -> NoReturn:
    if character in "=＝":
        message = _(
            "Take out the equals sign at character {place}: write only what the indicator is computed from."
        )
    elif character == "%":
        message = _("Take out “%” at character {place}: write a share as a decimal, such as 0.05 for 5%.")
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
    raise BadFormula(message.format(text=shown(character), place=place), place=place)


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
        raise BadFormula(message.format(text=shown(token.text), place=token.place), place=token.place)
