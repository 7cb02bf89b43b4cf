"""A part of a formula as text, and what a sentence about it may repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from difflib import get_close_matches

from kpinb.formula.tree import Extreme, Name, Negative, Node, Number
from kpinb.language import _

_SHOWN = 40
_RANKS = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 4}
_NEGATIVE, _ATOM = 3, 5


def write(node: Node, rank: int = 0) -> str:
    """Write a part where nothing that binds less than `rank` may stand without parentheses."""
    if isinstance(node, Number):
        return f"{node.value:f}"
    if isinstance(node, Name):
        return node.name
    if isinstance(node, Extreme):
        return f"{node.function}({', '.join(write(argument) for argument in node.arguments)})"
    if isinstance(node, Negative):
        own = _NEGATIVE
        text = "-" + write(node.operand, _NEGATIVE)
    else:
        own = _RANKS[node.operator]
        if node.operator == "^":
            text = f"{write(node.left, _ATOM)}^{write(node.right, _NEGATIVE)}"
        else:
            text = f"{write(node.left, own)} {node.operator} {write(node.right, own + 1)}"
    return f"({text})" if own < rank else text


def listed(names: Sequence[str]) -> str:
    """Write names between quotation marks, one after the other."""
    return _(", ").join(_("“{name}”").format(name=shown(name)) for name in names)


def brief(value: Decimal) -> str:
    """Write a number for a sentence: the first figures of a long one."""
    return f"{value:.6g}" if len(value.as_tuple().digits) > _SHOWN // 2 else f"{value:g}"


def shown(text: str) -> str:
    """Make what a person typed fit a sentence: cut, and without characters that cannot be printed."""
    printable = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return printable if len(printable) <= _SHOWN else printable[: _SHOWN - 1] + "…"


def unknown(name: str, known: Iterable[str]) -> str:
    """Say that a formula needs a name that is not there, and which ones are nearest to it."""
    nearest = get_close_matches(name, list(known), n=3, cutoff=0.5)
    if nearest:
        return _("The formula needs “{name}”, which is not there: write {nearest} if that is meant.").format(
            name=shown(name), nearest=listed(nearest)
        )
    return _("The formula needs “{name}”, which is not there: correct the name, or give it values.").format(
        name=shown(name)
    )
