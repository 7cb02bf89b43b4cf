"""A formula down to the drivers that are measured, as readers call them."""

from __future__ import annotations

import unicodedata

from kpinb import formula
from kpinb.clarify.drivers.computing import Driver, Source, drivers_of, has_series
from kpinb.clarify.history import Histories
from kpinb.clarify.records import Indicator
from kpinb.formula import Formula, tree

MOST_DRIVERS = 12
"""Drivers that are computed themselves are replaced by what they are computed from, up to so many."""


def expanded(indicator: Indicator, histories: Histories) -> Formula:
    """Give an indicator's formula, which has no problem, with computed drivers replaced by their own formulas.

    A driver with a series of its own stays, and so does everything where more than `MOST_DRIVERS` would come of
    it.
    """
    by_id = {other.id: other for other in histories.indicators}
    read = formula.parse(indicator.formula)
    while True:
        drivers = drivers_of(read, histories.indicators, histories.series)
        own = {name: by_id[driver.key] for name, driver in drivers.items() if driver.source is Source.indicator}
        parts = {
            name: formula.parse(one.formula).tree
            for name, one in own.items()
            if one.formula and not has_series(one, histories.series)
        }
        further = Formula(tree.replaced(read.tree, parts)) if parts else read
        # How often names stand there is bounded as well: a tree that doubles at each step would not end soon.
        standing = sum(1 for _name in tree.names_in(further.tree))
        if not parts or len(further.names) > MOST_DRIVERS or standing > formula.MAX_LENGTH // 2:
            return read
        read = further


def called(read: Formula, histories: Histories) -> tuple[Formula, dict[str, Driver]]:
    """Write a formula with its drivers as readers call them, and give the drivers by that.

    Where two drivers are called the same, all keep their names in the formula.
    """
    drivers = drivers_of(read, histories.indicators, histories.series)
    titles = {name: unicodedata.normalize("NFC", driver.title) for name, driver in drivers.items()}
    if len(set(titles.values())) < len(titles):
        return read, drivers
    written = Formula(tree.replaced(read.tree, {name: tree.Name(title) for name, title in titles.items()}))
    return written, {titles[name]: driver for name, driver in drivers.items()}
