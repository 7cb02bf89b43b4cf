"""What a person has typed so far, what is wrong with it, and what it would replace; knows no widget."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from kpinb.errors import EditConflict
from kpinb.forms.naming import id_from_name, name_field
from kpinb.forms.shape import Shape, shapes_of
from kpinb.language import Label, _
from kpinb.period import Period
from kpinb.records import Record, Revision, label, problems


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two versions are not the same.

    Parameters
    ----------
    field : str
        Field name.
    theirs, mine : object
        The two values.
    """

    field: str
    theirs: object
    mine: object


class Draft:
    """A record in the making.

    Values are kept as typed (numbers as text, choices and references as their stored text, lists as tuples), so
    that nothing is lost or rounded while it is not valid yet. Every change is checked at once.

    Parameters
    ----------
    kind : type of Record
        What is being made.
    values : mapping of str to object
        What the fields begin with; typed or final values.
    expected : int
        The version that the person has seen; 0 for a new record.
    taken : collection of str
        Ids that a new record cannot have.

    Attributes
    ----------
    values : dict of str to object
        As typed.
    problems : dict of str to str
        A sentence for each field that is not right, under its name, in the order of the fields; one for a rule
        across fields under the empty name.
    record : Record or None
        The record, once there is no problem.
    touched : set of str
        Fields that the person has been at.
    conflict : EditConflict or None
        Set while somebody else's version waits for a decision.
    """

    def __init__(
        self,
        kind: type[Record],
        values: Mapping[str, object],
        *,
        expected: int = 0,
        taken: Collection[str] = (),
    ) -> None:
        self.kind = kind
        self.expected = expected
        self.taken = taken
        self.touched: set[str] = set()
        self.conflict: EditConflict | None = None
        self._shapes = shapes_of(kind)
        self._name_field = name_field(kind)
        self.values = {
            name: typed(shape, values[name] if name in values else _own_default(kind, name))
            for name, shape in self._shapes.items()
        }
        self._numbered_id = self.values["id"]
        self._at_first = dict(self.values)
        self._check()

    @classmethod
    def of(cls, revision: Revision) -> Draft:
        """Begin with a version that is in the store."""
        record = revision.record
        values = {name: getattr(record, name) for name in type(record).model_fields}
        return cls(type(record), values, expected=revision.version)

    @property
    def is_new(self) -> bool:
        """Whether the person is making a new record."""
        return self.expected == 0

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from what it began with."""
        return _comparable(self.values) != _comparable(self._at_first)

    @property
    def blockers(self) -> list[str]:
        """Sentences that name what stands in the way of saving; empty when nothing does."""
        sentences = [
            _("{field}: {problem}").format(
                field=label(self.kind, name) if name else _(self.kind.title), problem=text
            )
            for name, text in self.problems.items()
        ]
        if self.conflict:
            sentences.append(_("First choose between your version and the one saved in the meantime."))
        return sentences

    @property
    def shown_problems(self) -> dict[str, str]:
        """The problems of fields that the person has been at: nobody is told off before they have begun."""
        return {name: text for name, text in self.problems.items() if name in self.touched}

    def put(self, field: str, value: object) -> None:
        """Take what was typed into one field, and check the whole again."""
        self.put_all({field: value})

    def put_all(self, values: Mapping[str, object]) -> None:
        """Take what was typed into several fields, and check the whole once."""
        for field, value in values.items():
            self._take(field, value)
        self._check()

    def _take(self, field: str, value: object) -> None:
        self.values[field] = typed(self._shapes[field], value)
        self.touched.add(field)
        if field == self._name_field and self._proposes_id():
            name = str(self.values[field]).strip()
            self.values["id"] = id_from_name(name, self.taken) or self._numbered_id
        if field == "id" and self.is_new:
            self.conflict = None  # under another id it replaces nobody's

    def touch_all(self) -> None:
        """Show every problem from now on."""
        self.touched |= set(self._shapes)

    def meet(self, conflict: EditConflict) -> None:
        """Keep everything, and show what somebody else saved meanwhile."""
        self.conflict = conflict

    @property
    def differences(self) -> list[Difference]:
        """Fields in which the other's version and this draft differ, in order; none without a conflict."""
        if self.conflict is None:
            return []
        theirs, mine = self.conflict.theirs.record, self.record or self.conflict.mine.record
        return [
            Difference(name, getattr(theirs, name), getattr(mine, name))
            for name in self._shapes
            if getattr(theirs, name) != getattr(mine, name)
        ]

    def _proposes_id(self) -> bool:
        return self.is_new and "id" not in self.touched and self._shapes["id"].reference is None

    def _check(self) -> None:
        self.record: Record | None = None
        found: dict[str, str] = {}
        ready: dict[str, Any] = {}
        for name, shape in self._shapes.items():
            value = self.values[name]
            if not is_blank(value) or shape.is_text:
                ready[name] = value
            elif shape.optional:
                ready[name] = None
            elif shape.many and not shape.shortest:
                ready[name] = []
            else:
                # Left out, Pydantic would fill in the default for what the person has emptied.
                found[name] = _("this is required.")
        try:
            record = self.kind.model_validate(ready)
        except ValidationError as error:
            for name, text in problems(error):
                found.setdefault(name, text)
        else:
            self.record = None if found else record
        if self.is_new and self.values["id"] in self.taken:
            found["id"] = _(
                "“{id}” is taken: choose another id, or pick the record from the list at the top to change it."
            ).format(id=self.values["id"])
            self.record = None
        self.problems = {name: found[name] for name in (*self._shapes, "") if name in found}


def is_blank(value: object) -> bool:
    """Say whether nothing was typed or chosen."""
    return value is None or value == () or (isinstance(value, str) and not value.strip())


def _comparable(values: Mapping[str, object]) -> dict[str, str]:
    # A whole number is 3 as it comes from the store and "3" as it was typed.
    return {name: "" if is_blank(value) else str(value) for name, value in values.items()}


def typed(shape: Shape, value: object) -> object:
    """Write a field's value as a widget holds it."""
    if shape.many:
        return tuple(_plain(item) for item in value) if isinstance(value, list | tuple) else ()
    if value is None and shape.base in (str, Decimal) and not shape.reference:
        return ""
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, Label):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Period):
        return str(value)
    return value


def _own_default(kind: type[Record], field: str) -> object:
    info = kind.model_fields[field]
    return None if info.is_required() else info.get_default(call_default_factory=True)
