"""Two versions of a record side by side, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping

import ipywidgets as widgets

from kpinb.forms import messages
from kpinb.forms.draft import Draft
from kpinb.forms.naming import Names
from kpinb.forms.shape import shapes_of
from kpinb.language import _
from kpinb.records import Record, label, show


class ConflictPanel:
    """What somebody else saved in the meantime, field by field, beside what this person typed.

    Attributes
    ----------
    widget : Widget
        The whole panel; it is away while there is no conflict.
    keep_theirs_button, save_mine_button : Widget
        The two ways out.
    """

    def __init__(self) -> None:
        self.keep_theirs_button = widgets.Button(description=_("Keep their version"))
        self.save_mine_button = widgets.Button(description=_("Overwrite with mine"))
        self._comparison = widgets.HTML()
        buttons = widgets.HBox([self.keep_theirs_button, self.save_mine_button])
        buttons.add_class("kpinb-buttons")
        self.widget = widgets.VBox([self._comparison, buttons])

    def show(self, draft: Draft | None, names: Names) -> None:
        """Show a draft's conflict, or nothing where it has none."""
        conflict = draft.conflict if draft else None
        self.widget.layout.display = "" if conflict else "none"
        rows: list[tuple[str, str, str]] = []
        if draft is not None and conflict is not None:
            self.save_mine_button.disabled = draft.record is None
            if not (conflict.theirs.deleted or conflict.mine.deleted):
                rows = [
                    (
                        label(draft.kind, one.field),
                        shown_value(draft.kind, one.field, one.theirs, names),
                        shown_value(draft.kind, one.field, one.mine, names),
                    )
                    for one in draft.differences
                ]
        self._comparison.value = messages.comparison((_("Field"), _("Theirs"), _("Mine")), rows)


def how_to_decide(draft: Draft) -> list[str]:
    """Say what the two buttons do."""
    if draft.conflict is None:
        return []
    if draft.conflict.theirs.deleted:
        return [_("What you typed is still here. Keep it deleted, or save yours over that.")]
    if draft.conflict.mine.deleted:
        return [_("Keep their version and leave the record there, or delete it all the same.")]
    sentences = [
        _("What you typed is still here. Keep their version and drop yours, or overwrite theirs with yours.")
    ]
    if draft.is_new:
        sentences.append(_("To keep both, give yours another id."))
    return sentences


def shown_value(kind: type[Record], field: str, value: object, names: Names) -> str:
    """Write a field's value for a person, references by the name of what they refer to."""
    reference = shapes_of(kind)[field].reference
    if reference is None:
        return show(value)
    known: Mapping[str, str] = names.of_kind(reference)
    if isinstance(value, list | tuple):
        return show([known.get(item, item) for item in value])
    return show(known.get(value, value) if isinstance(value, str) else value)
