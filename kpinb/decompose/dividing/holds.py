"""Held values: what is left for the others, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from kpinb.decompose.dividing.apportion import Whole
from kpinb.decompose.dividing.rules import Member, checked_number, is_missing, name_of
from kpinb.errors import BadInput
from kpinb.facts.source import nearest
from kpinb.language import _
from kpinb.measure import EXACT
from kpinb.view import formats

COARSEST = Decimal("0.01")
"""Where no unit is asked for, parts are rounded to this, or finer so that an average part keeps six digits."""


class HoldsTooLarge(BadInput):
    """Held values go beyond their total, so that the others would have to go the other way.

    Parameters
    ----------
    message : str
        The sentence for the person.
    over : Decimal
        By how much, above zero.
    """

    def __init__(self, message: str, *, over: Decimal) -> None:
        super().__init__(message)
        self.over = over


class HoldsTooSmall(BadInput):
    """Held values leave something over, and nothing that is free has a weight to take it.

    Parameters
    ----------
    message : str
        The sentence for the person.
    short : Decimal
        How much is left over, above zero.
    """

    def __init__(self, message: str, *, short: Decimal) -> None:
        super().__init__(message)
        self.short = short


def known_holds(members: Sequence[Member], holds: Mapping[Any, Decimal | int]) -> dict[Member, Decimal]:
    """Take over held values.

    Raises
    ------
    BadInput
        One is of a member that is not there (the nearest are named), or is missing.
    """
    known = set(members)
    for member in holds:
        if member not in known:
            raise BadInput(
                _("“{member}” is held, but is not among the parts. The closest matches: {nearest}.").format(
                    member=name_of(member), nearest=nearest(map(name_of, members), name_of(member))
                )
            )
    return {member: held_number(value, member) for member, value in holds.items()}


def held_number(value: Decimal | int | None, member: Member) -> Decimal:
    """Take over one held value; a missing one is refused, since missing is not zero."""
    if value is None or is_missing(value):
        raise BadInput(
            _("“{member}” is held without a value: give the value at which it is held, or release it.").format(
                member=name_of(member)
            )
        )
    return checked_number(Decimal(value), member)


def checked_unit(unit: Decimal | int) -> Decimal:
    """Refuse a unit that is not above zero."""
    number = checked_number(Decimal(unit), _("Unit"))
    if not number > 0:
        raise BadInput(
            _("Nothing can be rounded to units of {unit}: give a unit above zero, such as 1.").format(unit=unit)
        )
    return number


def finest_unit(amounts: Sequence[Decimal], parts: int) -> Decimal:
    """Choose what parts are rounded to where no unit is asked for.

    It is a hundredth, or finer: so that an average part keeps six digits, and as fine as the amounts themselves.
    """
    largest = max(map(abs, amounts), default=Decimal(0))
    places = [COARSEST.as_tuple().exponent, *(amount.normalize(EXACT).as_tuple().exponent for amount in amounts)]
    if largest:
        places.append((largest / parts).adjusted() - 5)
    return Decimal(1).scaleb(min(int(place) for place in places))


def first_misfit(totals: Whole, rests: Whole, can_take: NDArray[np.bool_]) -> int | None:
    """Find the first group whose held values do not fit its total.

    A positive total, and zero, is not divided into negative parts, nor a negative one into positive parts; a held
    value may have the other sign, and the rest is then larger than the total.

    Parameters
    ----------
    totals, rests : array of int
        Each group's total, and what is left of it for the others.
    can_take : array of bool
        Whether any other has a weight.
    """
    over = np.where(totals >= 0, rests < 0, rests > 0)
    misfits = np.flatnonzero(over | ((rests != 0) & ~can_take))
    return int(misfits[0]) if len(misfits) else None


def refuse_holds(total: Decimal, held: Decimal, where: str | None = None) -> NoReturn:
    """Say that held values do not fit their total, where, and by how much."""
    rest = EXACT.subtract(total, held)
    by = abs(rest)
    texts = {"held": exactly(held), "by": exactly(by), "total": exactly(total), "where": where}
    if rest and (rest < 0) == (total >= 0):
        message = (
            _(
                "The held values come to {held}, which is {by} beyond the total of {total}: change or release one "
                "of them."
            )
            if where is None
            else _(
                "What is held within “{where}” comes to {held}, which is {by} beyond its {total}: change or "
                "release one of the held values, or hold “{where}” itself at what it needs."
            )
        )
        raise HoldsTooLarge(message.format(**texts), over=by)
    message = (
        _(
            "The held values come to {held}, which leaves {by} of the total of {total} to parts that have no "
            "weight: change or release one of them."
        )
        if where is None
        else _(
            "What is held within “{where}” comes to {held}, which leaves {by} of its {total} to parts that have "
            "no weight: change or release one of the held values, or give one of those parts a weight."
        )
    )
    raise HoldsTooSmall(message.format(**texts), short=by)


def exactly(value: Decimal) -> str:
    """Write a number with all the decimal places it has."""
    written = value.normalize(EXACT)
    # More digits than this cannot be shown without an error of the usual context.
    places = min(-int(written.as_tuple().exponent), 26 - max(written.adjusted(), 0))
    return formats.number(value, places=max(places, 0))
