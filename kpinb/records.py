"""What people type, as values that cannot change, and the envelope in which the store keeps each version.

A record is a frozen Pydantic model. The title, description and constraints of its fields are said once and feed
the form's label, help and validation, the stored JSON and the tables' headings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from kpinb.errors import BadInput, BadRecord, shown
from kpinb.language import N_, Label, _, join_sentences
from kpinb.period import Period

_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")
_PLAIN_NUMBER = re.compile(r"(?a:[+-]?\d{1,18}(?:\.\d{1,9})?)\Z")


def parse_identifier(text: str) -> str:
    """Accept a department or record id: it becomes part of file names, so nothing else may.

    Raises
    ------
    BadInput
        The text is not 1 to 64 lower-case letters, digits, ``-`` and ``_``, beginning with a letter or digit.
    """
    if not _IDENTIFIER.match(text):
        raise BadInput(
            _(
                "“{text}” cannot be an id: use 1 to 64 lower-case letters a–z, digits, “-” and “_”, "
                "beginning with a letter or digit."
            ).format(text=text[:80])
        )
    return text


def parse_number(text: object) -> Decimal:
    """Read one number, the same way in forms, parameters and files of actuals.

    Accepted are digits with an optional sign and a decimal point; nothing that could be read in two ways: no
    thousands separators, no exponents, no full-width digits.

    Raises
    ------
    BadInput
        The text is anything else.
    """
    if isinstance(text, Decimal):
        text = format(text, "f")
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise BadInput(_not_a_number(text))
    written = repr(text) if isinstance(text, float) else str(text).strip()
    if not _PLAIN_NUMBER.match(written):
        raise BadInput(_not_a_number(text))
    return Decimal(written)


def _not_a_number(value: object) -> str:
    return _("“{value}” is not a number: write digits and at most one decimal point, such as 1234.5.").format(
        value=str(value)[:80]
    )


def _as_value_error(parse: Any) -> Any:
    # Pydantic collects ValueError into its list of problems; anything else would end at the first one.
    def checked(value: Any) -> Any:
        if value is None:
            return value
        try:
            return parse(value)
        except BadInput as problem:
            raise ValueError(str(problem)) from problem

    return checked


def _period_text(text: str) -> str:
    return str(Period.parse(text))


def _single_line(text: str) -> str:
    if not text.isprintable():
        raise BadInput(
            _("“{text}” has line breaks or control characters: write it on one line.").format(text=shown(text))
        )
    return text


Identifier = Annotated[str, AfterValidator(_as_value_error(parse_identifier))]
"""Id of a record or department."""
# Without a serializer of its own a small number is stored as 1E-7, which `parse_number` refuses to read again.
Number = Annotated[
    Decimal,
    BeforeValidator(_as_value_error(parse_number)),
    PlainSerializer(lambda number: format(number, "f"), return_type=str, when_used="json"),
]
"""A number that is compared or added up exactly."""
PeriodText = Annotated[str, AfterValidator(_as_value_error(_period_text))]
"""A period in its written form."""
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_as_value_error(_single_line))]
"""One line that must be there."""
Line = Annotated[str, Field(max_length=200), AfterValidator(_as_value_error(_single_line))]
"""One line that may be empty."""
Prose = Annotated[str, Field(max_length=4000)]
"""Text of several lines that may be empty."""
Score = Annotated[int, Field(ge=1, le=5)]
"""A score from 1 to 5."""


class Reference:
    """Marks a field that holds the id of another record, so that a form can offer those there are.

    Parameters
    ----------
    kind : str
        `Record.kind` of what is referred to.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind


class Record(BaseModel):
    """Base of everything people type.

    Attributes
    ----------
    kind : str
        Name under which the store keeps it.
    title : str
        What the reader calls it (a message of the catalogue).
    called_by : tuple of str
        Fields by whose words a list calls one, where the first of them is filled in; by default its name.
    id : str
        Unique among the department's records of one kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    kind: ClassVar[str]
    title: ClassVar[str]
    called_by: ClassVar[tuple[str, ...]] = ()

    id: Identifier = Field(title=N_("Id"), description=N_("Lower-case letters, digits, - and _."))

    @classmethod
    def build(cls, values: dict[str, Any]) -> Self:
        """Make a record of what was typed, or say everything that is wrong with it.

        Raises
        ------
        BadRecord
            One paragraph: the record, and a sentence for each field that is not right.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise BadRecord(
                _("{title} “{id}”: {problems}").format(
                    title=_(cls.title),
                    id=values.get("id", "?"),
                    problems=join_sentences(at_field(cls, name, text) for name, text in problems(error)),
                )
            ) from error

    def body(self) -> dict[str, Any]:
        """Give the fields as JSON holds them, numbers as text so that none is rounded."""
        return self.model_dump(mode="json")


def at_field(record: type[Record], field: str, problem: str) -> str:
    """Put a field's name before what is wrong with it; a rule across fields has no field to name."""
    return _("{field}: {problem}").format(field=label(record, field), problem=problem) if field else problem


def label(record: type[Record], field: str) -> str:
    """Name a field in the current language."""
    info = record.model_fields.get(field)
    return _(info.title) if info is not None and info.title else field


def problems(error: ValidationError) -> list[tuple[str, str]]:
    """Turn what Pydantic found into one sentence a field, in the current language.

    Returns
    -------
    list of (str, str)
        Field name (empty for a rule across fields) and sentence, in the order of the fields.
    """
    return [(".".join(str(part) for part in entry["loc"][:1]), _sentence(entry)) for entry in error.errors()]


_PROBLEMS = {
    "missing": N_("this is required."),
    "string_too_short": N_("this is required."),
    "too_short": N_("this is required."),
    "too_long": N_("there are too many: at most {max_length}."),
    "string_too_long": N_("this is too long: at most {max_length} characters."),
    "string_type": N_("“{input}” is not text. Put it in quotes."),
    "extra_forbidden": N_("there is no such field."),
    "greater_than_equal": N_("{input} is too small: at least {ge}."),
    "greater_than": N_("{input} is too small: it must be above {gt}."),
    "less_than_equal": N_("{input} is too large: at most {le}."),
    "less_than": N_("{input} is too large: it must be below {lt}."),
    "int_parsing": N_("“{input}” is not a whole number."),
    "int_from_float": N_("“{input}” is not a whole number."),
    "int_type": N_("“{input}” is not a whole number."),
    "enum": N_("“{input}” is none of the choices, which are {expected}."),
    "date_from_datetime_parsing": N_("“{input}” is not a date: write it as 2026-06-10."),
    "date_parsing": N_("“{input}” is not a date: write it as 2026-06-10."),
    "date_type": N_("“{input}” is not a date: write it as 2026-06-10."),
    "bool_parsing": N_("“{input}” is neither yes nor no."),
}


def _sentence(entry: Any) -> str:
    context = entry.get("ctx", {})
    if entry["type"] == "value_error":
        return str(context["error"])
    message = _PROBLEMS.get(entry["type"])
    if message is None:
        return _("“{input}” cannot be used here.").format(input=str(entry["input"])[:80])
    values = {key: value for key, value in context.items() if key != "error"}
    if "expected" in values:
        # Pydantic joins the last choice by an English word.
        values["expected"] = values["expected"].replace(" or ", ", ").replace(", ", _(", "))
    return _(message).format(**{**values, "input": str(entry["input"])[:80]})


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of one record: who wrote it, when and why.

    Parameters
    ----------
    department : str
        Whose record it is.
    record : Record
        The record as of this version; of a deletion, as it was last.
    version : int
        1 for the first.
    author : str
        Login name.
    recorded_at : datetime
        In UTC.
    reason : str
        Why it was changed; may be empty.
    deleted : bool
        Whether this version takes the record away.
    """

    department: str
    record: Record
    version: int
    author: str
    recorded_at: datetime
    reason: str = ""
    deleted: bool = False


def show(value: object) -> str:
    """Write a field's value for a person, without units: choices by name, lists by commas, nothing as a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, Label):
        return str(value.label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return _(", ").join(show(item) for item in value) or "–"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def changed_fields(before: Revision | None, after: Revision) -> str:
    """Name what a version changed, with the old and new values, a line for each field; empty for the first."""
    if after.deleted:
        return _("deleted")
    if before is None:
        return ""
    old, new = dict(before.record), dict(after.record)
    return "\n".join(
        _("{field}: {before} → {after}").format(
            field=label(type(after.record), name), before=show(old.get(name)), after=show(value)
        )
        for name, value in new.items()
        if old.get(name) != value
    )
