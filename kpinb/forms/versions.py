"""The versions of a record, and the way back to one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC

import ipywidgets as widgets

from kpinb.forms import messages
from kpinb.forms.conflict import shown_value
from kpinb.forms.draft import typed
from kpinb.forms.naming import Names
from kpinb.forms.shape import shapes_of
from kpinb.language import _, join_sentences
from kpinb.records import Revision, label


class VersionList:
    """Who wrote which version when and why; one of them can be put back into the form.

    Nothing is saved by that: the person sees the values in the fields, and what they differ in, and saves or not.

    Parameters
    ----------
    picked : callable
        Called when another version is picked.

    Attributes
    ----------
    widget : Widget
        The whole list; it is away while there is no version.
    picker, restore_button : Widget
        Its parts.
    """

    def __init__(self, picked: Callable[[], None]) -> None:
        self._versions: dict[int, Revision] = {}
        self.picker = widgets.Dropdown(description=_("Versions"))
        self.picker.add_class("kpinb-entry")
        self.restore_button = widgets.Button(description=_("Put it back into the fields"))
        self._differences = widgets.HTML()
        buttons = widgets.HBox([self.restore_button])
        buttons.add_class("kpinb-buttons")
        field = widgets.VBox([self.picker, self._differences, buttons])
        field.add_class("kpinb-field")
        self.widget = widgets.VBox([field])
        self.widget.add_class("kpinb-versions")
        self.picker.observe(lambda _change: picked(), "value")

    @property
    def chosen(self) -> Revision | None:
        """The version that is picked."""
        return self._versions.get(self.picker.value)

    def offer(self, history: Sequence[Revision]) -> None:
        """List versions, the newest first and picked; a deletion has no values to go back to.

        With one version alone there is none to go back to, and no list.
        """
        self._versions = {revision.version: revision for revision in history if not revision.deleted}
        newest_first = sorted(self._versions, reverse=True)
        self.picker.options = [(_listed(self._versions[number]), number) for number in newest_first]
        self.picker.value = newest_first[0] if newest_first else None
        self.widget.layout.display = "" if len(newest_first) > 1 else "none"

    def compare(self, values: Mapping[str, object], names: Names) -> None:
        """Show in what an older version that is picked differs from what stands in the fields.

        Parameters
        ----------
        values : mapping of str to object
            What stands in the fields, as typed.
        names : Names
            Names of what they refer to.
        """
        rows = []
        head = ("", "", "")
        if self.chosen and self.chosen.version < max(self._versions):
            record = self.chosen.record
            shapes = shapes_of(type(record))
            for name, value in values.items():
                then = typed(shapes[name], getattr(record, name))
                if str(then if then is not None else "") != str(value if value is not None else ""):
                    was = shown_value(type(record), name, getattr(record, name), names)
                    rows.append((label(type(record), name), was, shown_value(type(record), name, value, names)))
            head = (_("Field"), _("Version {version}").format(version=self.chosen.version), _("In the fields"))
        self._differences.value = messages.comparison(head, rows)
        self.restore_button.disabled = not rows


def _listed(revision: Revision) -> str:
    parts = {
        "version": revision.version,
        "author": revision.author,
        "time": revision.recorded_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
        "reason": revision.reason,
    }
    if revision.reason:
        return _("Version {version}, {time} UTC, {author}: {reason}").format(**parts)
    return _("Version {version}, {time} UTC, {author}").format(**parts)


def put_back(revision: Revision) -> str:
    """Say what stands in the fields now, and that nothing is saved yet."""
    return join_sentences(
        [
            _("The fields hold version {version} again.").format(version=revision.version),
            _("Nothing is saved until you save it."),
        ]
    )
