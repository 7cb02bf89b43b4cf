"""One indicator in the form for priorities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kpinb.clarify.prioritise.scales import ANCHORS, anchor
from kpinb.clarify.prioritise.urgency import Proposal
from kpinb.clarify.records import Indicator
from kpinb.errors import BadInput, EditConflict
from kpinb.forms import Draft, layout
from kpinb.language import _
from kpinb.records import Revision, changed_fields, label, parse_number
from kpinb.view import formats

SCORES = tuple(ANCHORS)
FIELDS = (*SCORES, "weight")
"""Fields that the form writes."""


class IndicatorRow:
    """One indicator in the form: its fields, what is proposed beside them, and what is wrong.

    Parameters
    ----------
    revision : Revision
        The indicator as it stands in the store.
    changed : callable
        Called whenever the person changes something.

    Attributes
    ----------
    fields : dict of str to Widget
        By name: the three scores and the weight, as text.
    cells : list of Widget
        What stands in the row, in order.
    revision : Revision
        The version that the person has seen.
    conflict : EditConflict or None
        Set while somebody else's scores wait for a decision.
    """

    def __init__(self, revision: Revision, changed: Callable[[], None]) -> None:
        self._name = widgets.HTML()
        self.fields: dict[str, widgets.Widget] = {
            name: widgets.Dropdown(options=[(str(score), score) for score in range(1, 6)]) for name in SCORES
        }
        self.fields["weight"] = layout.with_class("kpinb-number", widgets.Text(placeholder="0.25"))
        self._notes = {name: widgets.HTML() for name in ("urgency", "weight")}
        self.conflict: EditConflict | None = None
        self.read(revision, keep={})
        for field in self.fields.values():
            field.layout.width, field.layout.margin = "100%", "0"
            field.observe(lambda _change: changed(), "value")
        self.cells = [
            self._name,
            *(widgets.VBox([self.fields[name], *self._note(name)]) for name in FIELDS),
        ]

    def _note(self, name: str) -> list[widgets.Widget]:
        return [self._notes[name]] if name in self._notes else []

    @property
    def indicator(self) -> Indicator:
        """The indicator as it was read."""
        record = self.revision.record
        assert isinstance(record, Indicator)  # noqa: S101 - tells the type checker what the store was asked for
        return record

    @property
    def touched(self) -> dict[str, object]:
        """What differs from what was read, as typed."""
        return {name: field.value for name, field in self.fields.items() if field.value != self._read[name]}

    @property
    def values(self) -> dict[str, object]:
        """What stands in the fields, as typed."""
        return {name: field.value for name, field in self.fields.items()}

    @property
    def weight(self) -> Decimal | None:
        """The weight as typed; None where there is none or it cannot be read."""
        return None if self.problem else parse_number(self.fields["weight"].value)

    @property
    def problem(self) -> str:
        """What is wrong with the weight, in a sentence; empty if nothing is."""
        text = self.fields["weight"].value.strip()
        if not text:
            return _("{name} has no weight: give it one, 0 if it does not count.").format(name=self.indicator.name)
        try:
            share = parse_number(text)
        except BadInput as problem:
            return _("{name}: {problem}").format(name=self.indicator.name, problem=problem)
        if not 0 <= share <= 1:
            return _("{name}: the weight {weight} is not between 0 and 1. Write 0.4 for 40%.").format(
                name=self.indicator.name, weight=text[:80]
            )
        return ""

    @property
    def scored(self) -> Indicator:
        """The indicator with the scores as chosen, its weight as it was."""
        return self.indicator.model_copy(update={name: self.fields[name].value for name in SCORES})

    @property
    def record(self) -> Indicator:
        """The indicator as it is to be saved."""
        return self.scored.model_copy(update={"weight": self.weight})

    @property
    def draft(self) -> Draft | None:
        """Their version with what was typed here, while the two wait for a decision."""
        if self.conflict is None:
            return None
        draft = Draft.of(self.revision)
        draft.put_all(self.values)
        draft.meet(self.conflict)
        return draft

    def read(self, revision: Revision, *, keep: Mapping[str, object]) -> None:
        """Show a version, but for the fields in which something else was typed."""
        self.revision = revision
        self._read = typed(self.indicator)
        self._name.value = f'<div style="padding-top: 4px">{escape(self.indicator.name)}</div>'
        self.put({**self._read, **keep})

    def put(self, values: Mapping[str, object]) -> None:
        """Put values into the fields, as typed."""
        for name, value in values.items():
            self.fields[name].value = value

    def meet(self, theirs: Revision) -> str:
        """Take a newer version over where nothing was typed; what was typed over their scores is a conflict.

        Returns
        -------
        str
            What they changed, in a sentence; empty where no score and no weight is different.
        """
        before = self.revision
        self.read(theirs, keep=self.touched)
        changed = {name for name in FIELDS if getattr(before.record, name) != getattr(theirs.record, name)}
        if not changed:
            return ""
        said = _("{author} changed {name}: {fields}.").format(
            author=theirs.author or _("Someone"),
            name=self.indicator.name,
            fields=_("; ").join(changed_fields(before, theirs).splitlines()),
        )
        if changed & self.touched.keys():
            self.conflict = EditConflict(said, mine=replace(theirs, record=self.indicator), theirs=theirs)
        return said

    def show(self, urgency: Proposal | None, weight: Decimal) -> None:
        """Show what is proposed, and what each chosen score means."""
        for name in SCORES:
            self.fields[name].tooltip = _("{field}, {name}: {meaning}").format(
                field=label(Indicator, name),
                name=self.indicator.name,
                meaning=anchor(name, self.fields[name].value),
            )
        self.fields["weight"].tooltip = _("{field}, {name}").format(
            field=label(Indicator, "weight"), name=self.indicator.name
        )
        score = formats.NOTHING if urgency is None or urgency.score is None else str(urgency.score)
        self._notes["urgency"].value = _proposed(score, urgency.why if urgency else "")
        self._notes["weight"].value = _proposed(format(weight, "f"), formats.percent(weight))


def typed(indicator: Indicator) -> dict[str, object]:
    """Write an indicator's scores and weight as the fields hold them."""
    weight = "" if indicator.weight is None else format(indicator.weight, "f")
    return {**{name: getattr(indicator, name) for name in SCORES}, "weight": weight}


def _proposed(text: str, why: str) -> str:
    said = escape(_("proposed: {value}").format(value=text))
    return f'<div class="kpinb-help" title="{escape(why, quote=True)}">{said}</div>'
