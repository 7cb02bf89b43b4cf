"""Many records of one kind, edited as the rows of a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ipywidgets as widgets

from kpinb.forms import layout, messages
from kpinb.forms.answer import Answer
from kpinb.forms.book import FormBook
from kpinb.forms.conflict import ConflictPanel, how_to_decide
from kpinb.forms.form import check_program
from kpinb.forms.grid import Grid
from kpinb.forms.messages import Tone
from kpinb.forms.record_rows import Outcome, RecordRows, Rule
from kpinb.forms.row_versions import RowVersions
from kpinb.forms.shape import shapes_of
from kpinb.language import _
from kpinb.records import Record

_TOLD_EVERY = 10


class RecordGrid:
    """A grid for the records of one kind; show it as the last expression of a cell.

    Rows are typed, pasted from a spreadsheet, changed and taken away; each is checked by its record, beside the
    cell. Nothing is written until it is saved, and then only what was changed, each row as a version of its own.

    Parameters
    ----------
    book : FormBook
        Where records are read and saved.
    kind : type of Record
        What the grid is for.
    title : str, optional
        Heading, translated already; by default the kind's own title.
    fields : sequence of str, optional
        Columns, in order; the other fields keep what they have. By default all but the id.
    references : mapping of str to type of Record, optional
        The class of every kind that fields refer to; the grid's own is known.
    defaults : mapping of str to object, optional
        What a new record begins with.
    check : callable, optional
        Rules across rows: takes all valid records and gives sentences by ``(record id, field)``, the empty field
        for a row as a whole. What it says of a changed row stands in the way of saving.
    advice : callable, optional
        The same, but not in the way.

    Attributes
    ----------
    widget : Widget
        The whole form.
    rows : RecordRows
        What stands in it.
    grid : Grid
        The grid itself.
    reason, save_button, reset_button, keep_theirs_button, save_mine_button : Widget
        Its other parts.
    versions : RowVersions
        The versions of the row that the person went to last or chose, and the way back to one.

    Raises
    ------
    TypeError
        A field refers to a kind that is missing in ``references``, is not there, or holds a list: a fault in the
        program that makes the grid.
    """

    def __init__(
        self,
        book: FormBook,
        kind: type[Record],
        *,
        title: str | None = None,
        fields: Sequence[str] | None = None,
        references: Mapping[str, type[Record]] | None = None,
        defaults: Mapping[str, object] | None = None,
        check: Rule | None = None,
        advice: Rule | None = None,
    ) -> None:
        shown = list(fields) if fields is not None else [name for name in shapes_of(kind) if name != "id"]
        known = {**(references or {}), kind.kind: kind}
        check_program(kind, known, [*shown, *(defaults or {})])
        self.kind = kind
        self._answer = Answer(self._show)
        self.rows = RecordRows(
            book, kind, fields=shown, references=known, defaults=dict(defaults or {}), check=check, advice=advice
        )
        self._lay_out(title or _(kind.title))
        self._show()
        self._listen()

    @property
    def messages(self) -> list[str]:
        """What came of the last action, as plain sentences."""
        return self._answer.sentences

    @property
    def blockers(self) -> list[str]:
        """Sentences listed under the Save button; it works once there are none."""
        return self.rows.blockers

    def _ipython_display_(self) -> None:
        layout.display_form(self.widget, _(self.kind.title), self._answer.language)

    def _lay_out(self, title: str) -> None:
        self.grid = Grid(self.rows.grid, label=title, event=self._answer.event, changed=self._on_change)
        self.reason = layout.reason()
        self.save_button = layout.save_button()
        self.reset_button = widgets.Button(description=_("Reset"))
        self._conflict = ConflictPanel()
        self.keep_theirs_button = self._conflict.keep_theirs_button
        self.save_mine_button = self._conflict.save_mine_button
        self._blocker_area = widgets.HTML()
        self.versions = RowVersions(
            self._answer, self.reason, history=self.rows.history, values=self.rows.values, put=self._on_put_back
        )
        self.versions.follow(self.grid)
        parts = [
            self.grid,
            layout.with_class("kpinb-reason", layout.field(self.reason)),
            layout.buttons(self.save_button, self.reset_button),
            self._answer.area,
            self._conflict.widget,
            self._blocker_area,
            self.versions.widget,
        ]
        self.widget = layout.with_class("kpinb-wide", layout.form(title, parts))

    def _listen(self) -> None:
        self.save_button.on_click(lambda _button: self._on_save())
        self.reset_button.on_click(lambda _button: self._on_reset())
        self.keep_theirs_button.on_click(lambda _button: self._on_keep_theirs())
        self.save_mine_button.on_click(lambda _button: self._on_save_mine())

    # What the person does

    def _on_change(self) -> None:
        self.rows.follow()
        self._show_state()

    def _on_reset(self) -> None:
        with self._answer.event():
            self.rows.read()
            self.versions.forget_reason()
            self._show()

    def _on_save(self) -> None:
        with self._answer.event():
            self.rows.touch_all()
            if self.rows.blockers:
                self._answer.say(_("Not saved: see what is missing."), tone=Tone.bad)
            elif not self.rows.waiting:
                self._answer.say(_("Nothing was changed, so there is nothing to save."))
            else:
                outcome = Outcome()
                try:
                    self.rows.save(self.reason.value.strip(), outcome, self._tell)
                finally:
                    self._told(outcome)
            self._show()

    def _on_keep_theirs(self) -> None:
        with self._answer.event():
            if self.rows.conflicts:
                self.rows.keep_theirs(self.rows.conflicts[0])
                self._answer.say(_("Their version is kept."), *self._conflict_sentences())
                self._show()

    def _on_save_mine(self) -> None:
        with self._answer.event():
            if self.rows.conflicts:
                outcome = Outcome()
                try:
                    self.rows.save_mine(self.rows.conflicts[0], self.reason.value.strip(), outcome)
                finally:
                    self._told(outcome)
                self._show()

    def _on_put_back(self, key: str, record: Record) -> None:
        self.rows.put_back(key, record)
        self.grid.show()
        self._show_state()

    # What the form shows

    def _tell(self, done: int, total: int) -> None:
        if done % _TOLD_EVERY == 0 and done:
            self._answer.say(_("Saving: {done} of {total} rows.").format(done=done, total=total))
            self._answer.show()

    def _told(self, outcome: Outcome) -> None:
        met = self._conflict_sentences()
        self._answer.say(*outcome.sentences(), *met, tone=Tone.bad if met else Tone.good)
        if not met and not self.rows.waiting:
            self.reason.value = ""

    def _conflict_sentences(self) -> list[str]:
        if not self.rows.conflicts:
            return []
        key = self.rows.conflicts[0]
        draft = self.rows.draft(key)
        number = self.rows.grid.number(key)
        return [
            _("Row {number}: {problem}").format(number=number, problem=draft.conflict),
            *how_to_decide(draft),
        ]

    def _show(self) -> None:
        self.grid.begin()
        self.versions.offer(self.rows.versions, self.rows.names)
        self._show_state()

    def _show_state(self) -> None:
        key = next(iter(self.rows.conflicts), None)
        self.save_button.disabled = bool(self.rows.blockers)
        self._answer.show()
        self._conflict.show(self.rows.draft(key) if key else None, self.rows.names)
        self._blocker_area.value = messages.blockers(self.rows.blockers)
        self.versions.compare()
