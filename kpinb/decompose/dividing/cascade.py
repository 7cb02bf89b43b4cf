"""A target divided among its parts, for one level and for a whole hierarchy of time and organisation.

The same rules hold for both:

- Parts are multiples of a unit and add up to the total exactly: each is cut to the unit, and what is left goes, a
  unit each, to those that lost most by the cut (`kpinb.measure.apportion`). No part is a unit or more away from
  its exact share. What a total has beyond whole units goes to the free part with the largest weight.
- A held part keeps its value; the others share what is left in proportion to their weights. Where more is held
  than there is, or what is left has nobody to take it, the holds are refused with the amount.
- A negative total is divided as its opposite would be, with the signs changed. Nobody gets a negative part of a
  total of zero or more. A held value may have the other sign; the others then share more than the total.
- A part with a weight of zero gets zero. A missing weight is refused. A missing total leaves every part missing
  that is not held.

What cannot be added, a ratio or a weighted mean, is not divided here: see `kpinb.decompose.dividing.ratio`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from kpinb.decompose.dividing.descent import Scale, as_frame, descend, settle
from kpinb.decompose.dividing.holds import (
    checked_unit,
    exactly,
    finest_unit,
    first_misfit,
    known_holds,
    refuse_holds,
)
from kpinb.decompose.dividing.placing import LevelRule, place_holds, place_rules
from kpinb.decompose.dividing.rules import Split, by_weights, checked_number, name_of
from kpinb.decompose.dividing.tree import grow
from kpinb.errors import shown
from kpinb.language import _, join_sentences, ngettext
from kpinb.measure import apportion, scaled, whole_numbers


def cascade(
    total: Decimal | int | None,
    rule: Split | Mapping[Any, Decimal | int],
    *,
    holds: Mapping[Any, Decimal | int] | None = None,
    unit: Decimal | int | None = None,
) -> pd.DataFrame:
    """Divide a total among the parts of one level.

    Parameters
    ----------
    total : Decimal or None
        What is divided. None is missing: then only held parts have a value.
    rule : Split or mapping of member to weight
        A way to divide from `kpinb.decompose.dividing.rules`, or weights of any size.
    holds : mapping of member to Decimal, optional
        Values that stay as they are.
    unit : Decimal, optional
        What the free parts are multiples of: 1 for customers, 10000 for 万. Left out, it is a hundredth, or finer
        so that an average part keeps six digits.

    Returns
    -------
    pandas.DataFrame
        One row a member, in the rule's order: `member`, `weight`, `share` (of the weights), `held` (bool) and
        `value` (Decimal or None). `attrs["method"]` says in sentences how the values came about.

    Raises
    ------
    HoldsTooLarge, HoldsTooSmall
        The held values do not fit the total; the exception has the amount.
    BadInput
        A weight is missing or below zero, all are zero, a held member is not there, or the unit is not above zero.

    See Also
    --------
    kpinb.measure.apportion : how what is left by rounding is given out, and its source.

    Examples
    --------
    A quarter of 10, 20 and 30 is to come to 100, with February held at 20:

    >>> cascade(100, {"January": 10, "February": 20, "March": 30}, holds={"February": 20})["value"].tolist()
    [Decimal('20.0000'), Decimal('20'), Decimal('60.0000')]
    """
    split = rule if isinstance(rule, Split) else by_weights(rule)
    held = known_holds(split.members, holds or {})
    if total is None:
        values = [held.get(member) for member in split.members]
        return _frame(split, held, values, _method([split.method], len(held), None))
    total = checked_number(Decimal(total), _("Total"))
    amounts = [total, *held.values()]
    step = finest_unit(amounts, len(split.members)) if unit is None else checked_unit(unit)
    (whole, each, *fixed), exponent = whole_numbers([total, step, *held.values()])
    weights, _exponent = whole_numbers(split.weights)
    free = [0 if member in held else weight for member, weight in zip(split.members, weights, strict=True)]
    rest = whole - sum(fixed)
    alone = np.array([[whole], [rest]], dtype=object)
    if first_misfit(alone[0], alone[1], np.array([any(free)])) is not None:
        refuse_holds(total, scaled(sum(fixed), exponent))
    parts = [scaled(part, exponent) for part in apportion(rest, free, each)]
    values = [held.get(member, part) for member, part in zip(split.members, parts, strict=True)]
    sentences = _method([split.method], len(held), step)
    if rest % each:
        largest = split.members[free.index(max(free))]
        sentences.append(
            _("What the total has beyond multiples of {unit} is with “{member}”.").format(
                unit=exactly(step), member=name_of(largest)
            )
        )
    return _frame(split, held, values, sentences)


def _frame(
    split: Split, held: Mapping[Any, Decimal], values: Sequence[Decimal | None], sentences: Sequence[str]
) -> pd.DataFrame:
    whole = sum(split.weights, Decimal(0))
    frame = pd.DataFrame(
        {
            "member": pd.Series(list(split.members), dtype=object),
            "weight": pd.Series(list(split.weights), dtype=object),
            "share": pd.Series([weight / whole for weight in split.weights], dtype=object),
            "held": [member in held for member in split.members],
            "value": pd.Series(list(values), dtype=object),
        }
    )
    frame.attrs["method"] = join_sentences(sentences)
    return frame


def _method(rules: Sequence[str], held: int, unit: Decimal | None) -> list[str]:
    """Say how values came about; without a unit, that they did not."""
    sentences = list(rules)
    if held:
        sentences.append(
            ngettext(
                "{count} value is held; the others share what is left.",
                "{count} values are held; the others share what is left.",
                held,
            ).format(count=held)
        )
    sentences.append(
        _("The total is missing, so nothing was divided.")
        if unit is None
        else _(
            "Rounded to multiples of {unit} by largest remainder; the parts add up to the total exactly."
        ).format(unit=exactly(unit))
    )
    return sentences


def cascade_tree(
    total: Decimal | int | None,
    leaves: pd.DataFrame,
    rules: Mapping[str, LevelRule],
    *,
    holds: pd.DataFrame | None = None,
    unit: Decimal | int | None = None,
) -> pd.DataFrame:
    """Divide a total down a hierarchy, level by level, each node among its own parts.

    Parameters
    ----------
    total : Decimal or None
        What is divided. None is missing: then only held nodes have a value.
    leaves : pandas.DataFrame
        One row a leaf and one column a level, outermost first, such as department, person, month. A leaf that ends
        above the last level has empty cells (None or "") below it.
    rules : mapping of level to rule
        One for each level: a `Split` or weights by name, of which each node's parts take theirs; a frame with the
        level's column, as many of the columns above it as the weight depends on, and `weight`; or `Rule.even`.
    holds : pandas.DataFrame, optional
        The level columns, empty below the held node, and `value`. A hold is met by the other parts of its own
        parent. A node all of whose parts are held is held at their sum.
    unit : Decimal, optional
        What the free nodes are multiples of. Left out, it is a hundredth, or finer so that an average leaf keeps
        six digits.

    Returns
    -------
    pandas.DataFrame
        One row a node, each followed by its parts, the total first: the level columns ("" below the node), `depth`
        (0 is the total), `held` (bool) and `value` (Decimal or None). Parts stand in the order in which the leaves
        first name them; which value a name gets does not depend on the order of leaves or holds. Of two parts with
        the same claim to a last unit the one that stands earlier in the rule gets it; under `Rule.even`, which has
        no order, the one whose name sorts first. `attrs["method"]` says how the values came about.

    Raises
    ------
    HoldsTooLarge, HoldsTooSmall
        Held values do not fit the total or what their parent has to divide; the sentence says where.
    BadInput
        The leaves, the rules or the holds are not usable; the sentence names what.
    """
    tree = grow(leaves)
    weights = place_rules(tree, rules)
    holds_at = place_holds(tree, holds)
    amounts = [value for level in holds_at for value in level.values]
    if total is not None:
        amounts.append(checked_number(Decimal(total), _("Total")))
    step = finest_unit(amounts, tree.leaves) if unit is None else checked_unit(unit)
    scale = Scale.of([*amounts, step])
    held = settle(tree, holds_at, scale)
    values = None if total is None else descend(tree, weights, held, Decimal(total), step, scale)
    frame = as_frame(tree, held, values, scale)
    rules_used = [
        _("{name}: {method}").format(name=shown(level), method=placed.method)
        for level, placed in zip(tree.levels, weights, strict=True)
    ]
    count = sum(len(level.values) for level in holds_at)
    frame.attrs["method"] = join_sentences(_method(rules_used, count, None if total is None else step))
    return frame
