"""A file's bytes as rows of text, every row as long as the heading."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kpinb.errors import BadFacts, shown
from kpinb.facts.source import Encoding, Located
from kpinb.language import _

MOST_BYTES = 256_000_000
_NINE_PLACES = Decimal("1e-9")
_ROUNDED_BELOW = 1e9  # a larger float has no more than eight places


@dataclass(frozen=True, slots=True)
class Sheet:
    """Text in rows and columns.

    Parameters
    ----------
    file : str
        Name for messages.
    headings : list of str
        All different, none empty.
    columns : list of list of str
        One for each heading, without outer blanks; empty text where a cell is empty.
    rows : list of int
        Number of each row as a spreadsheet shows it; in Parquet, counted from 1.
    """

    file: str
    headings: list[str]
    columns: list[list[str]]
    rows: list[int]

    def rejected(self, at: int, column: str, value: str, reason: str) -> BadFacts:
        """Make the error for one cell: file, row, column, what stands there, and a sentence why not."""
        return BadFacts(
            _("Actuals {file}, row {row}, column “{column}”, value “{value}”: {reason}").format(
                file=self.file, row=self.rows[at], column=shown(column), value=shown(value), reason=reason
            )
        )


def read_sheet(located: Located, data: bytes) -> Sheet:
    """Read CSV or Parquet.

    Parameters
    ----------
    located : Located
        The file, for its name and encoding.
    data : bytes
        What is in it.

    Raises
    ------
    BadFacts
        The bytes are not what the name says, the heading is unclear, or a row has too many or too few cells.
    """
    file = located.shown
    name = file.lower()
    if name.endswith(".parquet"):
        return _parquet(file, data)
    if name.endswith(".gz"):
        data = _unpacked(file, data)
    if len(data) > MOST_BYTES:
        raise _too_large(file)
    return _csv(file, _text(file, data, located.source.encoding))


def _unpacked(file: str, data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            return packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise BadFacts(
            _("Actuals {file} are damaged: the file cannot be unpacked. Copy it here again.").format(file=file)
        ) from problem


def _too_large(file: str) -> BadFacts:
    return BadFacts(
        _("Actuals {file} hold more than {most} bytes. Split the file, or leave out what is not used.").format(
            file=file, most=MOST_BYTES
        )
    )


def _text(file: str, data: bytes, encoding: Encoding | None) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    elif encoding in (None, "utf-8"):
        # Every UTF-8 text that is not plain ASCII would also pass as some GB18030 text, so UTF-8 comes first.
        only_utf8 = encoding == "utf-8" or data.startswith(codecs.BOM_UTF8)
        tried = ["utf-8-sig"] if only_utf8 else ["utf-8-sig", "gb18030"]
    else:
        tried = [encoding]
    for codec in tried:
        try:
            text = data.decode(codec)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise BadFacts(
        _(
            "Actuals {file} are not text in {tried}. Save the file as UTF-8, or name its encoding in a "
            "description."
        ).format(file=file, tried=_(", ").join(tried).replace("utf-8-sig", "utf-8"))
    )


def _csv(file: str, text: str) -> Sheet:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    headings: list[str] | None = None
    kept: list[list[str]] = []
    numbers: list[int] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if not "".join(cells).strip():
                continue  # a blank line says nothing
            if headings is None:
                headings = _checked(file, [cell.strip() for cell in cells])
                continue
            if len(cells) != len(headings):
                raise BadFacts(
                    _(
                        "Actuals {file}, row {row}, “{value}”: the row has {found} cells, but the heading has "
                        "{expected}. Look for a comma too many or too few."
                    ).format(
                        file=file,
                        row=number,
                        value=shown(",".join(cells)),
                        found=len(cells),
                        expected=len(headings),
                    )
                )
            kept.append(cells)
            numbers.append(number)
    except csv.Error as problem:
        raise BadFacts(
            _("Actuals {file}, line {line}: this is not CSV: {reason}.").format(
                file=file, line=reader.line_num, reason=problem
            )
        ) from problem
    if headings is None:
        raise BadFacts(_("Actuals {file} are empty: not even a heading is there.").format(file=file))
    columns = [[cell.strip() for cell in column] for column in zip(*kept, strict=True)]
    return Sheet(file, headings, columns or [[] for _heading in headings], numbers)


def _checked(file: str, headings: list[str]) -> list[str]:
    if len(headings) == 1 and (";" in headings[0] or "\t" in headings[0]):
        raise BadFacts(
            _("Actuals {file}: the cells are not separated by commas. Save the file with commas.").format(
                file=file
            )
        )
    seen: set[str] = set()
    for position, heading in enumerate(headings, start=1):
        if not heading:
            raise BadFacts(
                _("Actuals {file}: column {position} has no heading. Give it one.").format(
                    file=file, position=position
                )
            )
        if heading in seen:
            raise BadFacts(
                _("Actuals {file}: two columns are headed “{heading}”. Rename one of them.").format(
                    file=file, heading=shown(heading)
                )
            )
        seen.add(heading)
    return headings


def _parquet(file: str, data: bytes) -> Sheet:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        reader = pq.ParquetFile(io.BytesIO(data))
        if sum(reader.metadata.row_group(n).total_byte_size for n in range(reader.num_row_groups)) > MOST_BYTES:
            raise _too_large(file)
        table = reader.read()
    except (pa.ArrowException, OSError) as problem:
        raise BadFacts(
            _("Actuals {file} are damaged: the file is not Parquet. Copy it here again.").format(file=file)
        ) from problem
    headings = _checked(file, [name.strip() for name in table.column_names])
    columns = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    return Sheet(file, headings, columns, list(range(1, table.num_rows + 1)))


def _cell(value: Any) -> str:
    """Write a typed value as text, so that one set of rules reads both kinds of file."""
    match value:
        case None:
            return ""
        case float():
            # 0.1 + 0.2 is stored as 0.30000000000000004: what a float has beyond nine places is no information.
            exact = Decimal(repr(value))
            return _plain(exact.quantize(_NINE_PLACES) if abs(value) < _ROUNDED_BELOW else exact)
        case Decimal():
            return _plain(value)
        case date():
            return value.isoformat()
        case _:
            return str(value).strip()


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
