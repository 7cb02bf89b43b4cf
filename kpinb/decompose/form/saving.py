"""The records that a division becomes: each part a target, and the target above it with the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from kpinb.decompose.form.parts import Part, Values, exact_shares, new_ids, record_of
from kpinb.decompose.form.parts_grid import PartsGrid
from kpinb.decompose.records import Rule, Target
from kpinb.errors import EditConflict
from kpinb.measure import EXACT
from kpinb.period import Period


@dataclass(frozen=True)
class Change:
    """One record to write.

    Parameters
    ----------
    record : Target
        As it shall be.
    expected : int
        The version that the person saw; 0 for a new one.
    deleted : bool
        Whether it is taken away.
    """

    record: Target
    expected: int
    deleted: bool = False


def changes(parts: PartsGrid) -> list[Change]:
    """Give what a save writes: the target first, then the parts that are different from what is stored.

    Raises
    ------
    BadRecord
        A part cannot be stored as it stands.
    """
    return [*_of_the_target(parts), *_of_the_parts(parts), *_taken_away(parts)]


def _of_the_target(parts: PartsGrid) -> Iterator[Change]:
    target, division = parts.step.target, parts.division
    body = {**dict(target), "rule": division.inputs.rule if division.divided else target.rule}
    if division.total != parts.step.value:
        # The value says now what it comes to; the growth that it was before would contradict it.
        body |= {"value": division.total, "growth": None, "points": None}
    record = Target.build(body)
    if record != target:
        revisions = {one.record.id: one for one in parts.book.revisions(Target)}
        yield Change(record, revisions[target.id].version)


def _of_the_parts(parts: PartsGrid) -> Iterator[Change]:
    division, target = parts.division, parts.step.target
    taken = {one.record.id for one in parts.book.revisions(Target)}
    ids = new_ids(parts.book, target, taken)
    shares = _shares(parts)
    for key, member in division.inputs.members.items():
        known = parts.parts.get(key)
        part = replace(known or Part(key, ""), member=member if isinstance(member, Period) else str(member))
        value = division.values[key]
        values = Values(
            value if value is not None else Decimal(0),
            stretch=_tier(parts, "stretch", part),
            challenge=_tier(parts, "challenge", part),
            held=key in division.held,
            share=shares.get(key),
        )
        record = record_of(part, target, values, ids)
        if record != part.record:
            yield Change(record, part.revision.version if part.revision else 0)


def _tier(parts: PartsGrid, name: str, part: Part) -> Decimal | None:
    """Give a part's further tier; its own where the target has none that could be divided."""
    if name in parts.division.further:
        return parts.division.tiers.get(name, {}).get(part.key)
    own: Decimal | None = getattr(part.record, name, None)
    return own


def _taken_away(parts: PartsGrid) -> Iterator[Change]:
    for row in parts.grid.rows:
        part = parts.parts.get(row.key)
        if row.removed and part is not None and part.revision is not None and part.record is not None:
            yield Change(part.record, part.revision.version, deleted=True)


def _shares(parts: PartsGrid) -> dict[str, Decimal | None]:
    """Give the shares that the values have exactly, where they were divided by weights."""
    division = parts.division
    if division.inputs.rule is not Rule.weights or division.is_ratio:
        return {}
    weights = {key: weight for key, weight in division.inputs.weights.items() if weight is not None}
    shares = exact_shares(weights)
    for key, share in shares.items():
        if share is None or EXACT.multiply(share, division.total) != division.values.get(key):
            return {}
    return shares


def write(parts: PartsGrid, reason: str) -> tuple[int, list[EditConflict]]:
    """Write what changed; what somebody else saved in the meantime is left as it is.

    Returns
    -------
    (int, list of EditConflict)
        How many records were written, and what was met.
    """
    written, met = 0, []
    for change in changes(parts):
        try:
            if change.deleted:
                parts.book.delete(change.record, expected=change.expected, reason=reason)
            else:
                parts.book.save(change.record, expected=change.expected, reason=reason)
        except EditConflict as conflict:
            met.append(conflict)
        else:
            written += 1
    return written, met
