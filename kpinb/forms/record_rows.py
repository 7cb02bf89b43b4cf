"""Records of one kind as the rows of a grid: what is wrong with each, what was changed, saved, met; no widget."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kpinb.errors import EditConflict
from kpinb.forms.book import FormBook
from kpinb.forms.column import Sort
from kpinb.forms.draft import Draft, typed
from kpinb.forms.grid_draft import Cell, GridDraft, GridRow
from kpinb.forms.naming import Names, numbered_ids
from kpinb.forms.record_columns import columns_of, text_of, value_of
from kpinb.forms.shape import shapes_of
from kpinb.language import _, ngettext
from kpinb.records import Record, Revision, at_field

Rule = Callable[[Sequence[Any]], Mapping[tuple[str, str], str]]
"""From records to sentences by record id and field; the empty field stands for the record as a whole."""


@dataclass
class Outcome:
    """What became of a save, as far as it went."""

    saved: int = 0
    deleted: int = 0

    def sentences(self) -> list[str]:
        """Say it."""
        said = []
        if self.saved:
            said.append(
                ngettext("One record is saved.", "{count} records are saved.", self.saved).format(count=self.saved)
            )
        if self.deleted:
            said.append(
                ngettext("One record is deleted.", "{count} records are deleted.", self.deleted).format(
                    count=self.deleted
                )
            )
        return said


class RecordRows:
    """Records as rows, each with its own draft.

    Parameters
    ----------
    book : FormBook
        Where records are read and saved.
    kind : type of Record
        What the rows are.
    fields : sequence of str
        Columns; the other fields keep what they have.
    references : mapping of str to type of Record
        The class of every kind that fields refer to.
    defaults : mapping of str to object
        What a new record begins with.
    check, advice : callable, optional
        Rules across the rows: take all valid records, give sentences by record id and field. What `check` says of
        a row that was changed stands in the way of saving.

    Attributes
    ----------
    grid : GridDraft
        The rows as typed; call `follow` after each change to it.
    """

    def __init__(
        self,
        book: FormBook,
        kind: type[Record],
        *,
        fields: Sequence[str],
        references: Mapping[str, type[Record]],
        defaults: Mapping[str, object],
        check: Rule | None = None,
        advice: Rule | None = None,
    ) -> None:
        self.book = book
        self.kind = kind
        self._fields = tuple(fields)
        self._shapes = shapes_of(kind)
        self._references = references
        self._defaults = defaults
        self._check = check
        self._advice = advice
        begun = Draft(kind, dict(defaults))
        self.grid = GridDraft((), blank={name: text_of(begun.values[name]) for name in self._fields})
        self.read()

    # Reading, and following what is typed

    def read(self) -> None:
        """Read the store, and forget all that was typed."""
        self.names = Names(self.book, self._references)
        revisions = [revision for revision in self.book.revisions(self.kind) if not revision.deleted]
        taken = {revision.record.id for revision in revisions}
        # An id that a deleted record had is passed over when it is saved: to ask for each would take long.
        self._ids = (one for one in numbered_ids(self.kind) if one not in taken)
        self._drafts = {f"id:{revision.record.id}": Draft.of(revision) for revision in revisions}
        rows = [GridRow(key, self._texts(draft)) for key, draft in self._drafts.items()]
        self._seen = {row.key: row for row in rows}  # what they hold is what was read
        self.grid.begin(columns_of(self.kind, self._fields, self.names), rows)
        self.follow()

    def follow(self) -> None:
        """Bring the drafts to what stands in the grid, and say what is wrong."""
        present = set()
        for row in self.grid.rows:
            present.add(row.key)
            if self._seen.get(row.key) is not row:
                self._seen[row.key] = row
                self._take(row)
        for key in [key for key in self._drafts if key not in present]:
            del self._drafts[key]
        self._judge()

    def _take(self, row: GridRow) -> None:
        if row.is_blank:
            self._drafts.pop(row.key, None)
            return
        draft = self._drafts.get(row.key)
        if draft is None:
            draft = self._drafts[row.key] = Draft(self.kind, {**self._defaults, "id": next(self._ids)})
            draft.touched.add("id")  # it stays as it is, whatever the record is called
        draft.put_all(
            {
                name: value_of(self._shapes[name], row.texts[name])
                for name in self._fields
                if text_of(draft.values[name]) != row.texts[name]
            }
        )

    def _texts(self, draft: Draft) -> dict[str, str]:
        return {name: text_of(draft.values[name]) for name in self._fields}

    # What is wrong

    @property
    def waiting(self) -> list[GridRow]:
        """The rows that a save writes."""
        return [row for row in self.grid.changed if not row.is_blank]

    @property
    def blockers(self) -> list[str]:
        """Sentences that name what stands in the way of saving, in the order of the rows."""
        sentences = []
        for row in self.waiting:
            draft = self._drafts[row.key]
            found = {} if row.removed else {**self._rules.get(row.key, {}), **self._problems(row, draft)}
            texts = [at_field(self.kind, name, text) for name, text in found.items()]
            if draft.conflict:
                texts.append(_("First choose between your version and the one saved in the meantime."))
            number = self.grid.number(row.key)
            sentences += [_("Row {number}: {problem}").format(number=number, problem=text) for text in texts]
        return sentences

    def touch_all(self) -> None:
        """Show every problem of what was begun from now on."""
        for draft in self._drafts.values():
            draft.touch_all()
        self._judge()

    def _judge(self) -> None:
        problems: dict[Cell, str] = {}
        for row in self.grid.rows:
            draft = self._drafts.get(row.key)
            if draft is None or row.removed:
                continue
            for name, text in self._problems(row, draft).items():
                # A rule across fields is no field that the person could have been at.
                if name in draft.touched or not name:
                    self._put(problems, row.key, name, text)
            if draft.conflict:
                self._put(problems, row.key, "", _("somebody saved it in the meantime: choose below."))
        self._rules = self._ask(self._check)
        for key, said in self._rules.items():
            for name, text in said.items():
                self._put(problems, key, name, text)
        hints: dict[Cell, str] = {}
        for key, said in self._ask(self._advice).items():
            for name, text in said.items():
                self._put(hints, key, name, text)
        self.grid.problems, self.grid.hints = problems, hints

    def _problems(self, row: GridRow, draft: Draft) -> dict[str, str]:
        """Give what is wrong by field; of a name that is not in a list to choose from, just that."""
        found = dict(draft.problems)
        for column in self.grid.columns:
            text = row.texts[column.name]
            if column.name in found and column.sort is Sort.choice and text:
                found[column.name] = _(
                    "“{text}” is not in the list: choose from it, or type a name just as it stands there."
                ).format(text=text[:80])
        return found

    def _put(self, sentences: dict[Cell, str], key: str, name: str, text: str) -> None:
        cell = (key, name if name in self._fields else "")
        sentences.setdefault(cell, text if cell[1] == name else at_field(self.kind, name, text))

    def _ask(self, rule: Rule | None) -> dict[str, dict[str, str]]:
        """Give a rule's sentences by row key and field."""
        if rule is None:
            return {}
        keys = {}
        records = []
        for row in self.grid.rows:
            draft = self._drafts.get(row.key)
            if draft is not None and draft.record is not None and not row.removed:
                keys[draft.record.id] = row.key
                records.append(draft.record)
        said: dict[str, dict[str, str]] = {}
        try:
            for (record_id, name), text in rule(records).items():
                if record_id in keys:
                    said.setdefault(keys[record_id], {})[name] = text
        except Exception as fault:  # a rule that fails must not stand in the way of what was typed
            logging.getLogger(__name__).exception("rows could not be checked")
            self.grid.notices.append(_("The rows could not be checked ({fault}).").format(fault=fault))
        return said

    # Versions

    @property
    def versions(self) -> dict[str, tuple[str, str, int]]:
        """What each row is called, its record's id and the version that the person has seen, by key."""
        return {
            key: (self._called(key, draft), str(draft.values["id"]), draft.expected)
            for key, draft in self._drafts.items()
            if draft.expected > 1 and self.grid.row(key)
        }

    def _called(self, key: str, draft: Draft) -> str:
        name = self.names.of_record(draft.record) if draft.record else str(draft.values["id"])
        return _("{number}: {name}").format(number=self.grid.number(key), name=name)

    def history(self, key: str) -> Sequence[Revision]:
        """Give all versions of a row's record."""
        return self.book.history(self.kind, str(self._drafts[key].values["id"]))

    def values(self, key: str) -> dict[str, object]:
        """Give what stands in a row, as typed."""
        draft = self._drafts.get(key)
        return {name: draft.values[name] for name in self._fields} if draft else {}

    def put_back(self, key: str, record: Record) -> None:
        """Put a version's values into the row, as if they were typed."""
        row = self.grid.row(key)
        if row is not None and row.removed:
            self.grid.restore([key])
        texts = {name: text_of(typed(self._shapes[name], getattr(record, name))) for name in self._fields}
        self.grid.put((key, name, text) for name, text in texts.items())
        self.follow()

    # Saving

    def save(self, reason: str, outcome: Outcome, progress: Callable[[int, int], None]) -> None:
        """Write every changed row as a version of its own; one that meets another's waits in `conflicts`.

        Parameters
        ----------
        reason : str
            Why, for all of them.
        outcome : Outcome
            Counts what was done, should an error end it.
        progress : callable
            Told how many rows are done and how many there are.
        """
        rows = self.waiting
        for done, row in enumerate(rows):
            progress(done, len(rows))
            draft = self._drafts[row.key]
            try:
                self._write(row, draft, draft.expected, reason, outcome)
            except EditConflict as conflict:
                self._meet(draft, conflict)
        self._settle()

    def _meet(self, draft: Draft, conflict: EditConflict) -> None:
        draft.meet(conflict)
        theirs = conflict.theirs.record
        # What the grid does not show is theirs either way: nobody typed it here.
        draft.put_all(
            {name: getattr(theirs, name) for name in self._shapes if name not in self._fields and name != "id"}
        )

    @property
    def conflicts(self) -> list[str]:
        """Keys of the rows that meet another's version."""
        return [row.key for row in self.grid.rows if row.key in self._drafts and self._drafts[row.key].conflict]

    def draft(self, key: str) -> Draft:
        """Give a row's draft."""
        return self._drafts[key]

    def keep_theirs(self, key: str) -> None:
        """Take the other's version in the place of the row's."""
        conflict = self._drafts[key].conflict
        if conflict is None:
            return
        if conflict.theirs.deleted:
            self._forget(key)
        else:
            self._stored(key, conflict.theirs)
        self._settle()

    def save_mine(self, key: str, reason: str, outcome: Outcome) -> None:
        """Write the row over the other's version."""
        draft, row = self._drafts[key], self.grid.row(key)
        if draft.conflict is None or row is None:
            return
        try:
            self._write(row, draft, draft.conflict.theirs.version, reason, outcome)
        except EditConflict as conflict:
            self._meet(draft, conflict)
        self._settle()

    def _write(self, row: GridRow, draft: Draft, expected: int, reason: str, outcome: Outcome) -> None:
        if row.removed:
            newest = self.book.history(self.kind, str(draft.values["id"]))[-1]
            self.book.delete(newest.record, expected=expected, reason=reason)
            self._forget(row.key)
            outcome.deleted += 1
            return
        while draft.record is not None:
            try:
                revision = self.book.save(draft.record, expected=expected, reason=reason)
            except EditConflict:
                if not draft.is_new:
                    raise
                draft.put("id", next(self._ids))  # nobody chose the id of a new row: another does as well
            else:
                self._stored(row.key, revision)
                outcome.saved += 1
                return

    def _stored(self, key: str, revision: Revision) -> None:
        draft = self._drafts[key] = Draft.of(revision)
        row = GridRow(key, self._texts(draft))
        self._seen[key] = row
        self.grid.settle(row)

    def _forget(self, key: str) -> None:
        del self._drafts[key]
        self.grid.drop(key)

    def _settle(self) -> None:
        # Once nothing waits, what others did in the meantime is shown, too.
        if self.waiting:
            self.follow()
        else:
            self.read()
