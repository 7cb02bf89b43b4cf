"""What a target is divided into, and the records that its parts become."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from kpinb.book import Book
from kpinb.decompose.records import Level, Target
from kpinb.language import N_, Label
from kpinb.period import Period, PeriodKind
from kpinb.records import Revision

_LONGEST_ID = 64
_PLACES_OF_A_SHARE = 9


class Into(Label):
    """What a target is divided into."""

    half = "half", N_("half-years")
    quarter = "quarter", N_("quarters")
    month = "month", N_("months")
    week = "week", N_("weeks")
    people = "people", N_("teams or people")


@dataclass(frozen=True)
class Part:
    """One part of a target, before it has a value.

    Parameters
    ----------
    key : str
        Names it in the grid.
    member : Period or str
        The period, or who carries it.
    revision : Revision, optional
        As it stands in the store.
    value : Decimal, optional
        What it comes to as it stands, be it a value or a growth.
    """

    key: str
    member: Period | str
    revision: Revision | None = None
    value: Decimal | None = None

    @property
    def record(self) -> Target | None:
        """The record, where there is one already."""
        found = self.revision.record if self.revision else None
        return found if isinstance(found, Target) else None


def ways(target: Target, fiscal_start: int) -> list[Into]:
    """Give what a target can be divided into.

    A target of every week or month is the same in each of them, so it is divided among people only.
    """
    kinds = list(PeriodKind)
    own = Period.parse(target.period, fiscal_start=fiscal_start).kind
    shorter = [kind.value for kind in kinds[kinds.index(own) + 1 :]] if target.every is None else []
    return [way for way in Into if way is Into.people or way.value in shorter]


def usual_way(target: Target, revisions: Sequence[Revision], fiscal_start: int) -> Into:
    """Give the way in which a target is divided already, else the one that comes next."""
    offered = ways(target, fiscal_start)
    known = {way: parts_of(target, way, revisions, fiscal_start, {}) for way in offered}
    there = [way for way in offered if any(part.revision for part in known[way])]
    # The half-year is rarely planned by: it is offered, but not proposed.
    return next(iter([*there, *(way for way in offered if way is not Into.half)]))


def parts_of(
    target: Target,
    way: Into,
    revisions: Sequence[Revision],
    fiscal_start: int,
    values: Mapping[str, Decimal | None],
) -> list[Part]:
    """Give the parts of a target, with those that stand in the store.

    Parameters
    ----------
    target : Target
        What is divided.
    way : Into
        Into what.
    revisions : sequence of Revision
        All targets as they were read.
    fiscal_start : int
        The month in which the fiscal year begins.
    values : mapping of str to Decimal or None
        What each target comes to, by its id.
    """
    own = [(one, one.record) for one in revisions if isinstance(one.record, Target)]
    own = [(one, record) for one, record in own if record.parent == target.id]
    if way is Into.people:
        names: set[str] = set()
        return [
            Part(f"id:{record.id}", _unique(own_name(record), names), one, values.get(record.id))
            for one, record in own
            if record.period == target.period
        ]
    by_period: dict[str, Revision] = {}
    for one, record in own:
        by_period.setdefault(record.period, one)
    whole = Period.parse(target.period, fiscal_start=fiscal_start)
    found = [(one, by_period.get(str(one))) for one in whole.children(PeriodKind(way.value))]
    return [Part(str(one), one, there, values.get(there.record.id) if there else None) for one, there in found]


def _unique(name: str, taken: set[str]) -> str:
    found = next(one for one in (name, *(f"{name} {n}" for n in range(2, len(taken) + 3))) if one not in taken)
    taken.add(found)
    return found


@dataclass(frozen=True)
class Values:
    """What a part comes to.

    Parameters
    ----------
    value, stretch, challenge : Decimal or None
        The three tiers.
    held : bool
        Whether it stays when the target is divided anew.
    share : Decimal or None
        Of the target above it, where that is known exactly.
    """

    value: Decimal
    stretch: Decimal | None
    challenge: Decimal | None
    held: bool
    share: Decimal | None = None


@dataclass(frozen=True)
class Change:
    """One record to write.

    Parameters
    ----------
    key : str
        The part's row; empty for the target.
    record : Target
        As it shall be.
    before : Revision or None
        The version that the person saw; None for a new one.
    deleted : bool
        Whether it is taken away.
    """

    key: str
    record: Target
    before: Revision | None
    deleted: bool = False


def record_of(part: Part, parent: Target, values: Values, new_ids: Iterator[str]) -> Target:
    """Make the record of a part; what it says besides its values stays.

    A growth that a part was given before goes with a new value: it would say something else.

    Raises
    ------
    BadRecord
        The values cannot be stored; the message says why.
    """
    before = part.record
    if before is None:
        body: dict[str, object] = {
            "id": next(new_ids),
            "indicator": parent.indicator,
            "level": parent.level if isinstance(part.member, Period) else _level_below(parent.level),
            "owner": parent.owner if isinstance(part.member, Period) else part.member,
            "every": parent.every,
            "phasing": parent.phasing,
        }
    else:
        body = dict(before)
        if not isinstance(part.member, Period) and part.member != own_name(before):
            body["owner"] = part.member
    if values.value != part.value:
        body |= {"value": values.value, "growth": None, "points": None}
    period = str(part.member) if isinstance(part.member, Period) else parent.period
    return Target.build(
        {
            **body,
            "period": period,
            "parent": parent.id,
            "stretch": values.stretch,
            "challenge": values.challenge,
            "held": values.held,
            "share": before.share if before and isinstance(part.member, Period) else values.share,
        }
    )


def own_name(target: Target) -> str:
    """Name a part that is somebody's."""
    return target.owner or target.statement or target.id


def _level_below(level: Level) -> Level:
    levels = list(Level)
    return levels[min(levels.index(level) + 1, len(levels) - 1)]


def new_ids(book: Book, parent: Target, taken: Collection[str]) -> Iterator[str]:
    """Give ids for new parts, such as ``revenue-2026-3``, that no target has or ever had."""
    for number in count(1):
        ending = f"-{number}"
        proposal = parent.id[: _LONGEST_ID - len(ending)] + ending
        if proposal not in taken and not book.history(Target, proposal):
            yield proposal


def exact_shares(weights: Mapping[str, Decimal]) -> dict[str, Decimal | None]:
    """Give each weight's share of their sum; none where one of them has more digits than a record keeps."""
    whole = sum(weights.values(), Decimal(0))
    shares = {key: weight / whole for key, weight in weights.items()} if whole else {}
    fits = [share == round(share, _PLACES_OF_A_SHARE) for share in shares.values()]
    if shares and all(fits) and sum(shares.values(), Decimal(0)) == 1:
        return dict(shares)
    return dict.fromkeys(weights)
