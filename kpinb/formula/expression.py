"""A formula that was read, and the way to read one."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import cast

from kpinb.formula.computing import compute
from kpinb.formula.errors import MissingValue, UnknownName
from kpinb.formula.reading import MAX_LENGTH, read
from kpinb.formula.tree import Node, names_in
from kpinb.formula.writing import listed, unknown, write
from kpinb.language import _


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
        spaced = write(self.tree)
        # A long formula typed without spaces would grow past what `parse` reads.
        return spaced if len(spaced) <= MAX_LENGTH else spaced.replace(" ", "")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names that the formula needs, in the order in which they first appear."""
        return tuple(dict.fromkeys(names_in(self.tree)))

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
                raise UnknownName(unknown(name, given))
        missing = [name for name in self.names if given[name] is None]
        if missing:
            raise MissingValue(
                _(
                    "The formula cannot be computed without {names}: enter a value, for missing is not zero."
                ).format(names=listed(missing))
            )
        # `compute` gives None only for a value that is not there, and all are.
        return cast("Decimal", compute(self.tree, {name: Decimal(str(given[name])) for name in self.names}))


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
    tree = read(text)
    compute(tree, {})
    return Formula(tree)
