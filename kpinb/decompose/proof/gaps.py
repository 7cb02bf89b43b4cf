"""Sums that do not come to their target, told so that one wrong number is one fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpinb.decompose.proof.inconsistency import Check, Inconsistency
from kpinb.decompose.proof.tree import Tree
from kpinb.decompose.proof.wording import figures, in_place_of_growth, named, titled, typed
from kpinb.language import _, join_sentences


@dataclass(frozen=True)
class Gap:
    """A target that its parts do not come to.

    Parameters
    ----------
    row : int
        Row of the target.
    value, total : Decimal
        What it says, and what its parts come to.
    parts : list of int
        Their rows.
    by : str
        What they are: quarters, teams, the months of persons.
    """

    row: int
    value: Decimal
    total: Decimal
    parts: list[int]
    by: str

    @property
    def missing(self) -> Decimal:
        """By how much the parts fall short; below zero where they come to more."""
        return self.value - self.total


def explained(tree: Tree, gaps: Sequence[Gap]) -> Iterator[Inconsistency]:
    """Say of each gap what it is; several that one wrong number explains are one fault.

    A number that is too large by some amount is that much more than its own parts, and leaves that much less to
    the others below each target that it is a part of.
    """
    as_whole, as_part = defaultdict(list), defaultdict(list)
    for gap in gaps:
        as_whole[gap.row].append(gap)
        for part in gap.parts:
            as_part[part].append(gap)
    said: set[int] = set()

    def unsaid(several: list[Gap], missing: Decimal | None = None) -> list[Gap]:
        return [gap for gap in several if missing in (None, gap.missing) and id(gap) not in said]

    for gap in gaps:
        if id(gap) in said:
            continue
        own = [those[0] for part in gap.parts if (those := unsaid(as_whole[part]))]
        exactly = [one for one in own if one.missing == -gap.missing]
        explaining = exactly[:1] or own
        if sum((one.missing for one in explaining), gap.missing) == 0:
            said.update(id(same) for same in unsaid(as_whole[gap.row], gap.missing))
            for one in explaining:
                same = [*unsaid(as_whole[one.row], one.missing), *unsaid(as_part[one.row], -one.missing)]
                said.update(map(id, same))
                yield _one_number(tree, one, gap)
    for gap in gaps:
        if id(gap) in said:
            continue
        alike = unsaid(as_whole[gap.row], gap.missing)
        said.update(id(one) for one in alike)
        met = {part: unsaid(as_part[part], gap.missing) for part in gap.parts}
        shared = [part for part, others in met.items() if others]
        if len(alike) == len(shared) == 1:
            said.update(id(one) for one in met[shared[0]])
            yield _one_part(tree, shared[0], [gap, *met[shared[0]]])
        else:
            yield gap_fault(tree, gap)


def _one_number(tree: Tree, below: Gap, above: Gap) -> Inconsistency:
    """Say that a number fits neither its parts nor its whole, and that one change mends both."""
    unit = tree.measure(below.row).unit
    value, total = figures(unit, below.value, below.total)
    names = {"target": titled(tree, below.row), "parts": below.by, "sum": total, "value": value}
    return Inconsistency(
        Check.total,
        tree.ids[below.row],
        names["target"],
        below.total,
        below.value,
        unit,
        _(
            "“{target}” asks for {value}; divided by {parts} it comes to {sum}, which is also what “{whole}” "
            "leaves for it."
        ).format(**names, whole=titled(tree, above.row)),
        join_sentences(
            [
                _("Type {number} as the value of “{target}”: then both fit.").format(
                    number=typed(tree.typed_for(below.row, below.total)), target=names["target"]
                ),
                *in_place_of_growth(tree, below.row),
            ]
        ),
        tuple(tree.ids[[above.row, *below.parts]]),
    )


def _one_part(tree: Tree, part: int, gaps: list[Gap]) -> Inconsistency:
    """Say that the same amount is missing in two sums which have one part in common."""
    unit = tree.measure(part).unit
    value = tree.whole.decimal(tree.whole.whole[part])
    fitting = value + gaps[0].missing
    shown, fits = figures(unit, value, fitting)
    wholes = [gap.row for gap in gaps]
    return Inconsistency(
        Check.total,
        tree.ids[part],
        titled(tree, part),
        fitting,
        value,
        unit,
        _(
            "“{target}” asks for {value}, and each of the sums that it is a part of leaves {sum} for it: {wholes}."
        ).format(target=titled(tree, part), value=shown, sum=fits, wholes=named(tree, wholes)),
        join_sentences(
            [
                _("Type {number} as the value of “{target}”: then all of them fit.").format(
                    number=typed(tree.typed_for(part, fitting)), target=titled(tree, part)
                ),
                *in_place_of_growth(tree, part),
            ]
        ),
        tuple(tree.ids[wholes]),
    )


def gap_fault(tree: Tree, gap: Gap, which: str = "") -> Inconsistency:
    """Say that a target is more or less than its parts come to."""
    unit = tree.measure(gap.row).unit
    value, total, difference = figures(unit, gap.value, gap.total, abs(gap.missing))
    target = titled(tree, gap.row)
    text = (
        _("Divided by {parts}, “{target}” comes to {sum}, {difference} less than the {value} it asks for.")
        if gap.missing > 0
        else _("Divided by {parts}, “{target}” comes to {sum}, {difference} more than the {value} it asks for.")
    )
    if which:
        target = _("{target}, {which}").format(target=target, which=which)
    return Inconsistency(
        Check.total,
        tree.ids[gap.row],
        target,
        gap.value,
        gap.total,
        unit,
        text.format(parts=gap.by, target=target, sum=total, value=value, difference=difference),
        join_sentences([_mend(tree, gap, target), *in_place_of_growth(tree, gap.row)]),
        tuple(tree.ids[gap.parts]),
    )


def _mend(tree: Tree, gap: Gap, target: str) -> str:
    held = [part for part in gap.parts if tree.held[part]]
    words = {
        "difference": figures(tree.measure(gap.row).unit, gap.missing)[0],
        "number": typed(tree.typed_for(gap.row, gap.total)),
        "target": target,
        "held": named(tree, held),
    }
    if not held:
        return _("Change the parts by {difference} in all, or type {number} as the value of “{target}”.").format(
            **words
        )
    if len(held) == len(gap.parts):
        return _(
            "All its parts are held: release one and change it by {difference}, or type {number} as the value of "
            "“{target}”."
        ).format(**words)
    return _(
        "Change the parts that are not held by {difference} in all, or type {number} as the value of “{target}”; "
        "held are: {held}."
    ).format(**words)
