"""The versions of a target's parts, each with the value that it came to, and the way back to one in the grid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from kpinb.decompose.dividing.rules import name_of
from kpinb.decompose.form.parts import Into, own_name
from kpinb.decompose.form.parts_grid import PartsGrid, plain
from kpinb.decompose.records import Target
from kpinb.records import Revision


def listed(parts: PartsGrid) -> dict[str, tuple[str, str, int]]:
    """Give what each part is called, its id and the version that the person has seen, by row key."""
    return {
        key: (name_of(part.member), part.revision.record.id, part.revision.version)
        for key, part in parts.parts.items()
        if part.revision
    }


def history(parts: PartsGrid, key: str) -> list[Revision]:
    """Give the versions of a part; a growth with the value that it came to."""
    part = parts.parts.get(key)
    if part is None or part.record is None:
        return []
    found = []
    for one in parts.book.history(Target, part.record.id):
        if isinstance(record := one.record, Target):
            value, name = parts.comes_to(record), own_name(record)
            shown = {
                "value": None if value is None else Decimal(plain(value)),
                # Two of one name are told apart in the grid.
                "owner": str(part.member) if name == own_name(part.record) else name,
            }
            found.append(replace(one, record=record.model_copy(update=shown)))
    return found


def values(parts: PartsGrid, key: str) -> dict[str, object]:
    """Give what stands in a row, by the fields of its record."""
    row = parts.grid.row(key)
    if row is None:
        return {}
    named = {"owner": row.texts["part"]} if parts.way is Into.people else {}
    return {**named, "value": row.texts["value"], "held": row.texts["held"] == "true"}


def put_back(parts: PartsGrid, key: str, record: Target) -> None:
    """Put a version's value into the row, as if it were typed: who takes up the difference is asked."""
    row = parts.grid.row(key)
    if row is not None and row.removed:
        parts.grid.restore([key])
    parts.grid.put([(key, "held", "false")])
    parts.follow()  # or a value that is held could not be changed
    held = "true" if record.held else "false"
    parts.grid.put([(key, "part", record.owner), (key, "value", plain(record.value)), (key, "held", held)])
    parts.follow()
