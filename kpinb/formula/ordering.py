"""Indicators computed from one another: which one first."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from kpinb.formula.errors import CircularFormulas
from kpinb.formula.expression import Formula
from kpinb.language import _


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
