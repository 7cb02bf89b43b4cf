"""One part of a divided target changes: who takes it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from kpinb.decompose.dividing.cascade import cascade
from kpinb.decompose.dividing.holds import exactly, known_holds
from kpinb.decompose.dividing.rules import Member, name_of
from kpinb.errors import BadInput
from kpinb.language import N_, Label, _, ngettext
from kpinb.measure import EXACT

_NAMED = 6
"""How many moving parts are named one by one."""


class Onto(Label):
    """Who takes up a change of one part."""

    siblings = "siblings", N_("the other parts; the total stays")
    parent = "parent", N_("the total; the other parts stay")


@dataclass(frozen=True)
class Pushed:
    """What a change of one part leads to.

    Parameters
    ----------
    frame : pandas.DataFrame
        As it was given, with the new values.
    total : Decimal
        What the parts now come to.
    moves : tuple of str
        What moved and what did not, a sentence each.
    """

    frame: pd.DataFrame
    total: Decimal
    moves: tuple[str, ...]


def push(
    frame: pd.DataFrame,
    member: Member,
    value: Decimal | int,
    *,
    onto: Onto,
    unit: Decimal | int | None = None,
) -> Pushed:
    """Change one part, and let the others or the total take it up.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `cascade`: `member`, `weight`, `held` and `value`. It is not changed.
    member : hashable
        Whose value changes.
    value : Decimal
        Its new value.
    onto : Onto
        Who takes it up. The other parts do so in proportion to the values they have, so that what was changed
        before keeps its place among them; by their weights where all of those are zero. Held parts stay.
    unit : Decimal, optional
        What the other parts are rounded to, as in `cascade`.

    Raises
    ------
    HoldsTooLarge, HoldsTooSmall
        The other parts cannot take it up; the exception has the amount.
    BadInput
        The member is not there (the nearest are named) or is held, or a part has no value yet.
    """
    before = dict(zip(frame["member"], frame["value"], strict=True))
    held = {one for one, is_held in zip(frame["member"], frame["held"], strict=True) if is_held}
    new = known_holds(list(before), {member: value})[member]
    _refuse_unfit(before, held, member)
    total = _sum(before)
    if onto is Onto.parent:
        after = {**before, member: new}
    else:
        fixed = {**{one: before[one] for one in held}, member: new}
        divided = cascade(total, _claims(frame, before, fixed), holds=fixed, unit=unit)
        after = dict(zip(divided["member"], divided["value"], strict=True))
    changed = frame.assign(value=pd.Series(list(after.values()), index=frame.index, dtype=object))
    return Pushed(changed, _sum(after), tuple(_moves(before, after, member, len(held), onto)))


def _refuse_unfit(before: Mapping[Any, Decimal | None], held: set[Member], member: Member) -> None:
    if member in held:
        raise BadInput(_("“{member}” is held: release it before you change it.").format(member=name_of(member)))
    for one, value in before.items():
        if value is None:
            raise BadInput(
                _("“{member}” has no value yet: divide the target before you change a part of it.").format(
                    member=name_of(one)
                )
            )


def _claims(
    frame: pd.DataFrame, before: Mapping[Any, Decimal], fixed: Mapping[Any, Decimal]
) -> dict[Member, Decimal]:
    """Give the weights by which the others take a change up."""
    if any(value for one, value in before.items() if one not in fixed):
        return {one: abs(value) for one, value in before.items()}
    return dict(zip(frame["member"], frame["weight"], strict=True))


def _sum(values: Mapping[Any, Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values.values():
        total = EXACT.add(total, value)
    return total


def _moves(
    before: Mapping[Any, Decimal], after: Mapping[Any, Decimal], member: Member, held: int, onto: Onto
) -> list[str]:
    moved = [member, *(one for one in before if one != member and before[one] != after[one])]
    sentences = [
        _("“{member}” moves from {before} to {after}.").format(
            member=name_of(one), before=exactly(before[one]), after=exactly(after[one])
        )
        for one in moved[:_NAMED]
    ]
    if more := len(moved[_NAMED:]):
        sentences.append(
            ngettext(
                "{count} more part moves in proportion.", "{count} more parts move in proportion.", more
            ).format(count=more)
        )
    if held and onto is Onto.siblings:
        sentences.append(ngettext("{count} held part stays.", "{count} held parts stay.", held).format(count=held))
    totals = {"before": exactly(_sum(before)), "after": exactly(_sum(after))}
    sentences.append(
        _("The total stays at {after}.").format(**totals)
        if onto is Onto.siblings
        else _("The total moves from {before} to {after}; the other parts stay.").format(**totals)
    )
    return sentences
