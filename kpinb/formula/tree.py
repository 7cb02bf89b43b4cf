"""A formula as parts within parts, and the ways to go through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

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


def names_in(node: Node) -> Iterator[str]:
    """Give the names in a part, from left to right, as often as they stand there."""
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


def replaced(node: Node, parts: Mapping[str, Node]) -> Node:
    """Copy a part with other parts in the place of names; a name without one stays."""
    if isinstance(node, Name):
        return parts.get(node.name, node)
    if isinstance(node, Negative):
        return Negative(replaced(node.operand, parts))
    if isinstance(node, Operation):
        return Operation(node.operator, replaced(node.left, parts), replaced(node.right, parts))
    if isinstance(node, Extreme):
        return Extreme(node.function, tuple(replaced(argument, parts) for argument in node.arguments))
    return node
