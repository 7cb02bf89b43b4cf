"""The records that a division becomes: each part a target, and the target above it with the rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kpinb.decompose.form.parts import Change, Into, Part, Values, exact_shares, new_ids, own_name, record_of
from kpinb.decompose.form.parts_grid import PartsGrid
from kpinb.decompose.records import Rule, Target
from kpinb.errors import EditConflict
from kpinb.forms import Draft
from kpinb.measure import EXACT
from kpinb.period import Period
from kpinb.records import Revision

_AMOUNT = {"value", "upper", "growth", "points"}
"""Fields that say together how much: of two versions, all are taken from one."""


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
        yield Change("", record, parts.revision)


def _of_the_parts(parts: PartsGrid) -> Iterator[Change]:
    division, target = parts.division, parts.step.target
    stored = parts.book.revisions(Target)
    ids = new_ids(parts.book, target, {one.record.id for one in stored})
    others = _made_meanwhile(parts, stored)
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
        # A part that somebody else made in the meantime is met under its id, and not made twice.
        record = record_of(part, target, values, iter([others[str(member)]]) if str(member) in others else ids)
        if record != part.record:
            yield Change(key, record, part.revision)


def _made_meanwhile(parts: PartsGrid, stored: Sequence[Revision]) -> dict[str, str]:
    """Give the ids of parts that the person has not seen, by their member."""
    target, people = parts.step.target, parts.way is Into.people
    seen = {part.record.id for part in parts.parts.values() if part.record}
    records = [one.record for one in stored if isinstance(one.record, Target) and one.record.id not in seen]
    return {
        own_name(record) if people else record.period: record.id
        for record in records
        if record.parent == target.id and (not people or record.period == target.period)
    }


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
            yield Change(row.key, part.record, part.revision, deleted=True)


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


def write(parts: PartsGrid, reason: str) -> int:
    """Write what changed, and give how many records that were.

    What somebody else saved in the meantime is left as it is, and waits in `PartsGrid.met`.
    """
    written = 0
    for change in changes(parts):
        expected = change.before.version if change.before else 0
        written += _write(parts, change, change.record, expected, reason)
    return written


def overwrite(parts: PartsGrid, key: str, reason: str) -> int:
    """Write what was met over the other's version, and give how many records that were: one, or none."""
    change, conflict = parts.met[key]
    record = mine_on_theirs(change, conflict).record
    if not isinstance(record, Target):
        return 0
    return _write(parts, change, record, conflict.theirs.version, reason)


def mine_on_theirs(change: Change, conflict: EditConflict) -> Draft:
    """Make a draft of the other's version with what was changed here; what they wrote besides stays."""
    draft = Draft.of(conflict.theirs)
    if not change.deleted:
        before, record = dict(change.before.record) if change.before else {}, dict(change.record)
        changed = {name for name, value in record.items() if name not in before or before[name] != value}
        if changed & _AMOUNT:
            changed |= _AMOUNT
        draft.put_all({name: record[name] for name in record if name in changed})
    draft.meet(conflict)
    return draft


def _write(parts: PartsGrid, change: Change, record: Target, expected: int, reason: str) -> int:
    try:
        if change.deleted:
            revision = parts.book.delete(record, expected=expected, reason=reason)
        else:
            revision = parts.book.save(record, expected=expected, reason=reason)
    except EditConflict as conflict:
        parts.met[change.key] = change, conflict
        return 0
    parts.take(change.key, revision)
    return 1
