"""How the proof's sentences call targets and write numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext

from kpinb.decompose.proof.amounts import PRECISION
from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.sets import MIXED, Sets
from kpinb.decompose.proof.tree import KINDS, LEVELS, Tree
from kpinb.decompose.records import Level
from kpinb.language import _, ngettext
from kpinb.measure import rounded
from kpinb.period import Period
from kpinb.records import show
from kpinb.view import formats

NAMED = 5
"""How many names a sentence lists before it says how many more there are."""
PLACES = 9
"""To how many decimal places a number is written at most."""


def titled(tree: Tree, row: int) -> str:
    """Call a target by its words, else by its indicator, with its period; with its owner where many have one."""
    name = tree.statements[row] or tree.measure(row).name or tree.ids[row]
    period = formats.period(tree.periods[tree.period[row]])
    owner = tree.owners[tree.owner[row]]
    if owner and LEVELS[tree.level[row]] in (Level.team, Level.person):
        return _("{target}, {owner}, {period}").format(target=name, owner=owner, period=period)
    return _("{target}, {period}").format(target=name, period=period)


def listed(names: Iterable[str], count: int, *, joined_by: str = "") -> str:
    """List the first few of so many names and say how many more there are."""
    first = [name for name, _n in zip(names, range(NAMED), strict=False)]
    text = (joined_by or _("; ")).join(first)
    if count <= NAMED:
        return text
    return ngettext("{names} and {count} more", "{names} and {count} more", count - NAMED).format(
        names=text, count=count - NAMED
    )


def named(tree: Tree, rows: Sequence[int]) -> str:
    """List targets."""
    return listed((titled(tree, row) for row in rows), len(rows))


def same_fault(tree: Tree, rows: Sequence[int], check: Check, sentence: str, mend: str) -> Inconsistency:
    """Report what several targets have in common, and no numbers say, as one fault at the first of them."""
    others = tuple(tree.ids[rows[1:]])
    return Inconsistency(check, tree.ids[rows[0]], named(tree, rows), None, None, "", sentence, mend, others)


def figures(unit: str, *values: Decimal) -> list[str]:
    """Write numbers with as many places as it takes to tell them apart, two at least."""
    places = min(PLACES, max(2, *(_places(value) for value in values)))
    with localcontext(prec=PRECISION):
        if unit == "%":
            return [formats.percent(value, places=max(places - 2, 1)) for value in values]
        return [formats.amount(value, unit, places=None if places == 2 else places) for value in values]


def typed(value: Decimal) -> str:
    """Write a number as it is typed into a field, which takes nine decimal places."""
    return show(rounded(value, PLACES).normalize() if _places(value) > PLACES else value)


def in_place_of_growth(tree: Tree, row: int) -> list[str]:
    """Say that a value which is to be typed replaces a growth; nothing where there is none."""
    growing = not tree.value.known[row] and (tree.growth.known[row] or tree.points.known[row])
    return [_("Take its growth out then: the two would not agree.")] if growing else []


def divided_by(sets: Sets, one: int) -> str:
    """Say what the parts of a set are: quarters, teams, or the months of persons."""
    tree = sets.tree
    row = int(sets.members(one)[0])
    level, kind = LEVELS[tree.level[row]].label, KINDS[tree.kind[row]].label
    if sets.kind[one] == MIXED:
        kind = _("period")
    if not sets.across[one]:
        return str(kind)
    return _("{level} and {period}").format(level=level, period=kind) if sets.along[one] else str(level)


def periods(several: Iterable[Period]) -> str:
    """List periods, from the first on."""
    ordered = sorted(several)
    return listed((formats.period(period) for period in ordered), len(ordered), joined_by=_(", "))


def _places(value: Decimal) -> int:
    return max(0, -int(value.normalize().as_tuple().exponent))
