"""What a record's annotations say about one field, read once for drafts and widgets alike.

Pydantic spreads it over several places: constraints of a plain field stand in its ``metadata``, those of an
optional or listed one stay inside the annotation, partly wrapped in another ``FieldInfo``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from kpinb.language import Label
from kpinb.records import PeriodText, Record, Reference

LONGEST_LINE = 200
"""Text that may be longer than this gets several lines."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One field of a record.

    Parameters
    ----------
    name : str
        Field name.
    base : type
        Type of the value, or of each item of a list.
    optional : bool
        Whether it may be left empty (``None``).
    many : bool
        Whether it is a list.
    required : bool
        Whether the record has no value of its own for it.
    shortest : int
        Fewest characters, or items of a list.
    longest : int or None
        Most characters.
    lowest, highest : Decimal or None
        Range of a number, ends included; ``None`` where it is open or the end itself is excluded.
    reference : str or None
        Kind of the record whose id it holds.
    is_period : bool
        Whether it is a period in its written form.
    """

    name: str
    base: type
    optional: bool
    many: bool
    required: bool
    shortest: int
    longest: int | None
    lowest: Decimal | None
    highest: Decimal | None
    reference: str | None
    is_period: bool

    @property
    def choices(self) -> type[Label] | None:
        """The list of choices, where it is one."""
        return self.base if issubclass(self.base, Label) else None

    @property
    def is_text(self) -> bool:
        """Whether it holds free text, which may be empty as far as its type goes."""
        return self.base is str and not self.many and not self.reference and self.longest is not None

    @property
    def is_name(self) -> bool:
        """Whether it is one line of text that must be there."""
        return self.is_text and self.shortest > 0


@cache
def shapes_of(kind: type[Record]) -> Mapping[str, Shape]:
    """Read every field of a record class, once.

    Raises
    ------
    TypeError
        An annotation is one that forms have no widget for (a fault in the program, not in what was typed).
    """
    return MappingProxyType({name: _shape(name, info) for name, info in kind.model_fields.items()})


def _shape(name: str, info: FieldInfo) -> Shape:
    outer, optional, inner = _unwrap(info.annotation, list(_flat(info.metadata)))
    many = get_origin(inner) is list
    marks = outer
    if many:
        marks, item_optional, inner = _unwrap(get_args(inner)[0], [])
        if item_optional:
            raise TypeError(f"{name}: a list of values that may be missing has no widget")
    if not isinstance(inner, type):
        raise TypeError(f"{name}: there is no widget for {info.annotation}")
    return Shape(
        name=name,
        base=inner,
        optional=optional,
        many=many,
        required=info.is_required(),
        shortest=next((m.min_length for m in outer if isinstance(m, annotated_types.MinLen)), 0),
        longest=next((m.max_length for m in marks if isinstance(m, annotated_types.MaxLen)), None),
        lowest=next((Decimal(str(m.ge)) for m in marks if isinstance(m, annotated_types.Ge)), None),
        highest=next((Decimal(str(m.le)) for m in marks if isinstance(m, annotated_types.Le)), None),
        reference=next((m.kind for m in [*marks, *outer] if isinstance(m, Reference)), None),
        is_period=get_args(PeriodText)[1] in marks,
    )


def _unwrap(annotation: Any, marks: list[Any]) -> tuple[list[Any], bool, Any]:
    """Take ``Annotated`` and ``| None`` off an annotation; give its marks, whether None is allowed, the rest."""
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *extra = get_args(annotation)
        return _unwrap(base, [*marks, *_flat(extra)])
    if origin in (Union, UnionType):
        others = [part for part in get_args(annotation) if part is not NoneType]
        if len(others) != 1:
            raise TypeError(f"there is no widget for {annotation}")
        marks, _optional, base = _unwrap(others[0], marks)
        return marks, True, base
    return marks, False, annotation


def _flat(marks: Iterable[Any]) -> Iterator[Any]:
    for mark in marks:
        if isinstance(mark, FieldInfo):
            yield from _flat(mark.metadata)
        else:
            yield mark
