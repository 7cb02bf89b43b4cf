"""The columns of a grid of records, read from the record's annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from kpinb.forms.column import NOT_TICKED, TICKED, GridColumn, Sort
from kpinb.forms.naming import Names, labelled
from kpinb.forms.shape import Shape, shapes_of
from kpinb.language import _
from kpinb.records import Record, label


def columns_of(kind: type[Record], fields: Sequence[str], names: Names) -> list[GridColumn]:
    """Make a column for each field.

    Raises
    ------
    TypeError
        A field holds a list, for which a grid has no cell: a fault in the program that makes the grid.
    """
    shapes = shapes_of(kind)
    return [_column(kind, shapes[name], names) for name in fields]


def text_of(value: object) -> str:
    """Write a draft's value as a cell holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return TICKED if value else NOT_TICKED
    return str(value)


def value_of(shape: Shape, text: str) -> object:
    """Read a cell's text as a draft holds it; what is not right stays a text, for the record to refuse."""
    if shape.base is bool:
        return {TICKED: True, NOT_TICKED: False}.get(text, text)
    return text


def _column(kind: type[Record], shape: Shape, names: Names) -> GridColumn:
    if shape.many:
        raise TypeError(f"{shape.name}: a grid has no cell for a list")
    options, other_names = _choices(shape, names)
    return GridColumn(
        name=shape.name,
        title=label(kind, shape.name),
        sort=_sort(shape),
        help=_(kind.model_fields[shape.name].description or ""),
        options=options,
        other_names=other_names,
    )


def _sort(shape: Shape) -> Sort:
    if shape.reference or shape.choices:
        return Sort.choice
    if shape.base is bool:
        return Sort.tick
    if shape.base is date:
        return Sort.date
    return Sort.number if shape.base in (Decimal, int) else Sort.text


def _choices(shape: Shape, names: Names) -> tuple[tuple[tuple[str, str], ...], Mapping[str, str]]:
    """Give what there is to choose from, and the names under which it can be typed or pasted without doubt."""
    if shape.reference:
        known = names.of_kind(shape.reference)
        often = Counter(name.casefold() for name in known.values())
        clear = {name.casefold(): key for key, name in known.items() if often[name.casefold()] == 1}
        # An id stands beside a name only where two have the same: cells are narrow.
        options = tuple(
            (name if clear.get(name.casefold()) == key else labelled(name, key), key)
            for key, name in known.items()
        )
        return options, clear
    if shape.choices:
        labels = tuple((str(item.label), str(item.value)) for item in shape.choices)
        return labels, {text.casefold(): value for text, value in labels}
    return (), {}
