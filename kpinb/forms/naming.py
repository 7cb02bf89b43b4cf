"""What a record is called in a list, and the id that a new one gets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import count

from kpinb.errors import NotFound
from kpinb.forms.book import FormBook
from kpinb.forms.shape import Shape, shapes_of
from kpinb.language import _
from kpinb.records import Record

_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_LONGEST_PROPOSAL = 40


def name_field(kind: type[Record]) -> str | None:
    """Give the field that names a record of this kind: ``name``, else the first line that must be there."""
    names = [shape.name for shape in shapes_of(kind).values() if shape.is_name]
    return "name" if "name" in names else next(iter(names), None)


class Names:
    """Names of records by kind and id, each kind read once.

    Parameters
    ----------
    book : FormBook
        Where they are.
    references : mapping of str to type of Record
        The class of each kind that may be asked for.
    """

    def __init__(self, book: FormBook, references: Mapping[str, type[Record]]) -> None:
        self._book = book
        self._references = references
        self._known: dict[str, dict[str, str]] = {}

    def of_kind(self, kind: str) -> dict[str, str]:
        """Give the names of all living records of a kind by id; none of a kind whose class is not known."""
        if kind not in self._known:
            self._known[kind] = {}  # records that refer to their own kind find their ids meanwhile
            if kind in self._references:
                records = self._book.shared(self._references[kind])
                self._known[kind] = {record.id: self.of_record(record) for record in records}
        return self._known[kind]

    def of_record(self, record: Record) -> str:
        """Name a record: what it is called, and what it belongs to; its id where it has neither."""
        words = [getattr(record, field) for field in record.called_by]
        if words and words[0]:
            return " · ".join(word for word in words if word)
        field = name_field(type(record))
        parts = [getattr(record, field)] if field else []
        for shape in shapes_of(type(record)).values():
            if _belongs(shape):
                record_id = getattr(record, shape.name)
                parts.append(self.of_kind(shape.reference or "").get(record_id, record_id))
            elif shape.is_period and shape.required and not field:
                parts.append(getattr(record, shape.name))
        return " · ".join(parts) or record.id

    def with_id(self, record: Record) -> str:
        """Name a record so that it cannot be mistaken for another of the same name."""
        return labelled(self.of_record(record), record.id)


def labelled(name: str, record_id: str) -> str:
    """Put name and id together."""
    return record_id if name == record_id else _("{name} ({id})").format(name=name, id=record_id)


def _belongs(shape: Shape) -> bool:
    return shape.reference is not None and shape.required and not shape.optional and not shape.many


def id_from_name(name: str, taken: Collection[str]) -> str | None:
    """Make an id of a name in ASCII; ``None`` of any other, since half a name would mislead."""
    if not name.isascii():
        return None
    plain = _NOT_IN_IDS.sub("-", name.lower()).strip("-")[:_LONGEST_PROPOSAL].strip("-")
    if not plain:
        return None
    return next(
        proposal
        for proposal in (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
        if proposal not in taken
    )


def next_id(kind: type[Record], book: FormBook, taken: Collection[str]) -> str:
    """Give a new record the first id such as ``indicator-3`` that none has or ever had."""
    return next(proposal for proposal in numbered_ids(kind) if not _ever_used(kind, book, proposal, taken))


def numbered_ids(kind: type[Record]) -> Iterator[str]:
    """Give ids such as ``indicator-1``, one after the other, without end."""
    return (f"{kind.kind.replace('_', '-')}-{number}" for number in count(1))


def _ever_used(kind: type[Record], book: FormBook, record_id: str, taken: Collection[str]) -> bool:
    if record_id in taken:
        return True
    try:
        return bool(book.history(kind, record_id))
    except NotFound:
        return False
