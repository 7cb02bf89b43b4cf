"""The form in which a team scores its indicators and shares out the weights, all of them at once."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kpinb.book import Book
from kpinb.clarify.form.indicator_row import FIELDS, IndicatorRow, typed
from kpinb.clarify.prioritise.urgency import Proposal, proposals
from kpinb.clarify.prioritise.weights import exact_percent, propose_weights, total_sentence
from kpinb.clarify.records import Indicator
from kpinb.errors import EditConflict, KpinbError
from kpinb.forms import layout, messages
from kpinb.forms.answer import Answer
from kpinb.forms.conflict import ConflictPanel, how_to_decide
from kpinb.forms.messages import Tone
from kpinb.forms.naming import Names
from kpinb.forms.quiet import Quiet
from kpinb.forms.row_versions import RowVersions
from kpinb.language import _, join_sentences
from kpinb.records import Record, label

_COLUMNS = "minmax(8em, 1fr) repeat(3, 88px) 112px"


def priority_form(book: Book) -> PriorityForm:
    """Score all indicators and share out their weights."""
    return PriorityForm(book)


class PriorityForm:
    """All indicators of a department with their scores and weights, saved together.

    Save works while the weights add up to exactly 1. Only scores and weights are written: whatever else was
    changed in the meantime stays, and no agreement ends by it. If other scores were saved in the meantime, nothing
    is saved: the form shows those where nothing was typed, keeps what was, and asks where both are different.

    Parameters
    ----------
    book : Book
        Where indicators are read and saved.

    Attributes
    ----------
    widget : Widget
        The whole form.
    rows : dict of str to IndicatorRow
        By the indicator's id: ``form.rows["revenue"].fields["weight"].value = "0.4"``.
    reason, take_button, save_button, reset_button, keep_theirs_button, save_mine_button : Widget
        Its other parts.
    versions : RowVersions
        The versions of one indicator, and the way back to its scores and weight in one.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._quiet = Quiet()
        self._urgencies: dict[str, Proposal] = {}
        self.rows: dict[str, IndicatorRow] = {}
        self._answer = Answer(self._show)
        self._lay_out()
        self._on_reset()
        self.take_button.on_click(lambda _button: self._on_take())
        self.save_button.on_click(lambda _button: self._on_save())
        self.reset_button.on_click(lambda _button: self._on_reset())
        self.keep_theirs_button.on_click(lambda _button: self._on_decide(mine=False))
        self.save_mine_button.on_click(lambda _button: self._on_decide(mine=True))

    @property
    def messages(self) -> list[str]:
        """What came of the last action, as plain sentences."""
        return self._answer.sentences

    @property
    def blockers(self) -> list[str]:
        """Sentences listed under the buttons; Save works once there are none."""
        found = [row.problem for row in self.rows.values() if row.problem]
        choose = _("First choose between your version and the one saved in the meantime.")
        found += [_("{name}: {problem}").format(name=row.indicator.name, problem=choose) for row in self._met]
        return found if self.total == 1 or not self.rows else [total_sentence(self.total), *found]

    @property
    def total(self) -> Decimal:
        """What the weights as typed add up to; one that is missing or cannot be read counts as none."""
        return sum((row.weight for row in self.rows.values() if row.weight is not None), Decimal(0))

    @property
    def _met(self) -> list[IndicatorRow]:
        return [row for row in self.rows.values() if row.conflict]

    def _ipython_display_(self) -> None:
        layout.display_form(self.widget, _("Priorities"), self._answer.language)

    def _lay_out(self) -> None:
        self._grid = widgets.GridBox(layout=widgets.Layout(grid_template_columns=_COLUMNS, grid_gap="6px 12px"))
        self._sum = layout.with_class("kpinb-sum", widgets.HTML())
        self.reason = layout.reason()
        self.take_button = widgets.Button(description=_("Take over the proposed weights"))
        self.save_button = layout.save_button()
        self.reset_button = widgets.Button(description=_("Reset"))
        self._conflict = ConflictPanel()
        self.keep_theirs_button = self._conflict.keep_theirs_button
        self.save_mine_button = self._conflict.save_mine_button
        self._blocker_area = widgets.HTML()
        self.versions = RowVersions(
            self._answer,
            self.reason,
            history=lambda one_id: self.book.history(Indicator, one_id),
            values=lambda one_id: self.rows[one_id].values if one_id in self.rows else {},
            put=self._on_put_back,
        )
        self.widget = layout.form(
            _("Priorities"),
            [
                self._grid,
                self._sum,
                layout.with_class("kpinb-reason", layout.field(self.reason)),
                layout.buttons(self.save_button, self.take_button, self.reset_button),
                self._answer.area,
                self._conflict.widget,
                self._blocker_area,
                self.versions.widget,
            ],
        )

    # What the person does

    def _on_change(self) -> None:
        if self._quiet:
            return
        with self._answer.event():
            self._show()

    def _on_take(self) -> None:
        with self._answer.event():
            with self._quiet:
                for one_id, weight in self._proposed_weights().items():
                    self.rows[one_id].fields["weight"].value = format(weight, "f")
            self._show()

    def _on_reset(self) -> None:
        with self._answer.event():
            self.rows = {}
            self._read()
            self._propose_urgencies()
            self.versions.forget_reason()
            self._show()

    def _on_save(self) -> None:
        with self._answer.event():
            self._try_to_save()
            self._show()

    def _on_decide(self, *, mine: bool) -> None:
        with self._answer.event():
            if not self._met:
                return
            row = self._met[0]
            row.conflict = None
            if not mine:
                with self._quiet:
                    row.put(typed(row.indicator))
                self._answer.say(_("Their version is kept."), *self._how_to_decide())
            elif self._met:
                self._answer.say(*self._how_to_decide(), tone=Tone.bad)
            else:
                self._try_to_save()
            self._show()

    def _on_put_back(self, one_id: str, record: Record) -> None:
        with self._quiet:
            if isinstance(record, Indicator) and one_id in self.rows:
                self.rows[one_id].put(typed(record))
        self._show()

    def _try_to_save(self) -> None:
        if self.blockers:
            self._answer.say(_("Not saved: see what is missing."), tone=Tone.bad)
        elif not self._changed():
            self._answer.say(_("Nothing was changed, so there is nothing to save."))
        elif met := self._read():
            ways = self._how_to_decide() or [_("What you typed is still here. Look at it, then save again.")]
            self._answer.say(
                _("Nothing was saved, because something else was saved in the meantime."),
                *(sentence for sentence in met if sentence not in ways),
                *ways,
                tone=Tone.bad,
            )
        else:
            self._save()

    def _how_to_decide(self) -> list[str]:
        draft = self._met[0].draft if self._met else None
        return [f"{draft.conflict}", *how_to_decide(draft)] if draft else []

    def _changed(self) -> list[IndicatorRow]:
        return [row for row in self.rows.values() if row.record != row.indicator]

    def _save(self) -> None:
        saved = []
        try:
            for row in self._changed():
                self.book.save(row.record, expected=row.revision.version, reason=self.reason.value.strip())
                saved.append(row.indicator.name)
        except EditConflict as conflict:
            done = [_("Saved before that: {names}.").format(names=_(", ").join(saved))] if saved else []
            self._read()
            ways = self._how_to_decide() or [str(conflict), _("What you typed is still here.")]
            self._answer.say(*done, *ways, tone=Tone.bad)
            return
        self.reason.value = ""
        self._answer.say(
            _("Saved: {names}.").format(names=_(", ").join(saved)), total_sentence(self.total), tone=Tone.good
        )
        self._read()

    # What the form reads

    def _read(self) -> list[str]:
        """Read the store again; keep what was typed, and say what others changed where it matters."""
        met = []
        rows: dict[str, IndicatorRow] = {}
        with self._quiet:
            for revision in self.book.revisions(Indicator):
                row = self.rows.get(revision.record.id)
                if row is None:
                    if self.rows:
                        met.append(_("{name} is new.").format(name=getattr(revision.record, "name", "")))
                    row = IndicatorRow(revision, self._on_change)
                else:
                    said = row.meet(revision)
                    met.extend([said] if said else [])
                rows[revision.record.id] = row
        met.extend(
            _("{name} was deleted.").format(name=row.indicator.name)
            for one_id, row in self.rows.items()
            if one_id not in rows
        )
        self.rows = rows
        self._grid.children = [*_heads(), *(cell for row in rows.values() for cell in row.cells)]
        return met

    def _propose_urgencies(self) -> None:
        # The actuals are read once: they do not change while a team sits over its scores.
        try:
            self._urgencies = proposals(self.book)
        except KpinbError as problem:
            self._urgencies = {}
            self._answer.say(
                join_sentences([_("No urgency can be proposed now."), str(problem)]), tone=Tone.neutral
            )

    def _proposed_weights(self) -> dict[str, Decimal]:
        return propose_weights([row.scored for row in self.rows.values()])

    # What the form shows

    def _show(self) -> None:
        weights = self._proposed_weights()
        for one_id, row in self.rows.items():
            row.show(self._urgencies.get(one_id), weights[one_id])
        self._answer.show()
        self._sum.value = (
            messages.remark(
                _("Sum of the weights: {total}").format(total=exact_percent(self.total)), wrong=self.total != 1
            )
            if self.rows
            else ""
        )
        self._blocker_area.value = messages.blockers(self.blockers)
        self.save_button.disabled = bool(self.blockers) or not self.rows
        self.take_button.disabled = not self.rows
        names = Names(self.book, {})
        self._conflict.show(self._met[0].draft if self._met else None, names)
        known = {one_id: (row.indicator.name, one_id, row.revision.version) for one_id, row in self.rows.items()}
        self.versions.offer(known, names)


def _heads() -> list[widgets.Widget]:
    texts = [_("Indicator"), *(label(Indicator, name) for name in FIELDS)]
    return [widgets.HTML(f'<div class="kpinb-remark"><b>{escape(text)}</b></div>') for text in texts]
