"""The versions of one row among the rows of a form, and the way back to one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import ipywidgets as widgets

from kpinb.forms import layout
from kpinb.forms.answer import Answer
from kpinb.forms.grid import Grid
from kpinb.forms.naming import Names
from kpinb.forms.quiet import Quiet
from kpinb.forms.versions import VersionList, put_back
from kpinb.language import _
from kpinb.records import Record, Revision


class RowVersions:
    """A row is chosen, then one of its versions, which can be put back into the row's fields.

    Nothing is saved by that. Rows of one version are not listed; without any other the whole is away.

    Parameters
    ----------
    answer : Answer
        Where the form says what came of an action.
    reason : Widget
        The form's field for why something is changed; going back proposes one.
    history : callable
        Takes a row's key and gives the versions of its record.
    values : callable
        Takes a row's key and gives what stands in its fields, as typed, by name.
    put : callable
        Takes a row's key and a record, puts its values into the row's fields, and shows the form.

    Attributes
    ----------
    widget : Widget
        The whole list.
    picker : Widget
        The row.
    versions : VersionList
        Its versions.
    """

    def __init__(
        self,
        answer: Answer,
        reason: widgets.Widget,
        *,
        history: Callable[[str], Sequence[Revision]],
        values: Callable[[str], Mapping[str, object]],
        put: Callable[[str, Record], None],
    ) -> None:
        self._answer, self._reason = answer, reason
        self._history, self._values, self._put = history, values, put
        self._rows: dict[str, tuple[str, str, int]] = {}
        self._names: Names | None = None
        self._proposed_reason = ""
        self._quiet = Quiet()
        self.picker = layout.with_class("kpinb-entry", widgets.Dropdown(description=_("Versions of")))
        self.versions = VersionList(self._on_version)
        self.versions.offer([])
        self.widget = self.versions.widget
        self.widget.children = [layout.field(self.picker), *self.widget.children]
        self.picker.observe(lambda _change: self._on_row(), "value")
        self.versions.restore_button.on_click(lambda _button: self._on_put_back())

    def follow(self, grid: Grid) -> None:
        """Choose the row that the person goes to in a grid."""
        grid.observe(lambda change: self.choose(change["new"]), "row")
        # The grid tells only of another row than the one it last heard of.
        self.picker.observe(lambda change: setattr(grid, "row", change["new"] or ""), "value")

    def choose(self, key: str) -> None:
        """Choose a row; one that is not listed leaves the choice as it is."""
        if key in self._rows:
            self.picker.value = key

    def offer(self, rows: Mapping[str, tuple[str, str, int]], names: Names) -> None:
        """List rows.

        Parameters
        ----------
        rows : mapping of str to (str, str, int)
            By key, what a row is called, the id of its record, and its newest version that is known.
        names : Names
            Names of what the fields refer to.
        """
        self._names = names
        listed = {key: row for key, row in rows.items() if row[2] > 1}
        if listed != self._rows:
            picked = self.picker.value if self.picker.value in listed else next(iter(listed), None)
            self._rows = listed
            with self._quiet:
                self.picker.options = [(row[0], key) for key, row in listed.items()]
                self.picker.value = picked
            self._read()
        self.compare()

    def compare(self) -> None:
        """Show in what the version that is picked differs from what stands in the row."""
        if self.picker.value is not None and self._names is not None:
            self.versions.compare(self._values(self.picker.value), self._names)

    def forget_reason(self) -> None:
        """Empty the reason that was proposed: what it was for does not stand in the fields any more."""
        if self._reason.value == self._proposed_reason:
            self._reason.value = ""

    def _read(self) -> None:
        key = self.picker.value
        with self._quiet:
            self.versions.offer([] if key is None else self._history(key))

    def _on_row(self) -> None:
        if not self._quiet:
            with self._answer.event():
                self._read()
                self.compare()

    def _on_version(self) -> None:
        if not self._quiet:
            with self._answer.event():
                self.compare()

    def _on_put_back(self) -> None:
        with self._answer.event():
            key, revision = self.picker.value, self.versions.chosen
            if key is None or revision is None:
                return
            if self._reason.value.strip() in ("", self._proposed_reason):
                self._proposed_reason = _("back to version {version}").format(version=revision.version)
                self._reason.value = self._proposed_reason
            self._answer.say(put_back(revision))
            self._put(key, revision.record)
