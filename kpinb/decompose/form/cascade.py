"""The cascade as a grid: choose a target, a rule and a unit, hold parts, change one, and save them as targets."""

from __future__ import annotations

import ipywidgets as widgets

from kpinb.book import Book
from kpinb.clarify.records import Indicator
from kpinb.decompose.dividing.push import Onto
from kpinb.decompose.form import part_versions
from kpinb.decompose.form.parts import Into, usual_way, ways
from kpinb.decompose.form.parts_grid import PartsGrid
from kpinb.decompose.form.records import REFERENCES
from kpinb.decompose.form.saving import changes, mine_on_theirs, overwrite, write
from kpinb.decompose.hierarchy import Step, steps_of
from kpinb.decompose.records import Level, Rule, Target
from kpinb.errors import BadInput
from kpinb.forms import Grid, GridDraft, layout, messages
from kpinb.forms.answer import Answer
from kpinb.forms.conflict import ConflictPanel, how_to_decide
from kpinb.forms.messages import Tone
from kpinb.forms.naming import Names
from kpinb.forms.quiet import Quiet
from kpinb.forms.row_versions import RowVersions
from kpinb.language import _, ngettext
from kpinb.records import Record
from kpinb.view import formats


def cascade_form(book: Book) -> CascadeForm:
    """Divide a target among its parts in a grid."""
    return CascadeForm(book)


class CascadeForm:
    """A grid in which one target is divided; show it as the last expression of a cell.

    What is typed for one target is kept while another is looked at, until it is saved or reset. The parts always
    come to the target exactly, or the form says by how much they do not, and cannot be saved.

    Parameters
    ----------
    book : Book
        Where targets are read and saved.

    Attributes
    ----------
    widget : Widget
        The whole form.
    target, way, rule, other, unit : Widget
        What is divided, into what, how, by which other indicator, and to what it is rounded.
    grid : Grid
        The parts.
    siblings_button, parent_button, divide_button : Widget
        Who takes up a change; and dividing anew.
    reason, save_button, reset_button, keep_theirs_button, save_mine_button : Widget
        Its other parts.
    versions : RowVersions
        The versions of the part that the person went to last or chose, and the way back to its value in one.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self._answer = Answer(self._show)
        self._quiet = Quiet()
        self._kept: dict[tuple[str, str], PartsGrid] = {}
        self.parts: PartsGrid | None = None
        self._problem = ""
        self._lay_out()
        self._read()
        self._listen()

    @property
    def messages(self) -> list[str]:
        """What came of the last action, as plain sentences."""
        return self._answer.sentences

    @property
    def sentences(self) -> list[str]:
        """What stands under the grid: what the parts come to, how, and what is asked."""
        if self.parts is None:
            return [self._problem] if self._problem else []
        division = self.parts.division
        # How the values came about is not so any more once one of them is typed over.
        method = "" if division.typed else division.method
        found = [division.sentence, method, division.refusal, division.question]
        return [sentence for sentence in found if sentence]

    @property
    def blockers(self) -> list[str]:
        """Sentences that name what stands in the way of saving."""
        return self.parts.blockers if self.parts else []

    def _ipython_display_(self) -> None:
        layout.display_form(self.widget, _("Cascade"), self._answer.language)

    def _lay_out(self) -> None:
        self.target = _entry(widgets.Dropdown(description=_("Target")))
        self.way = _entry(widgets.Dropdown(description=_("Divide into")))
        self.rule = _entry(widgets.Dropdown(description=_("How")))
        self.other = _entry(widgets.Dropdown(description=_("Other indicator")))
        self.unit = _entry(
            widgets.Text(description=_("Rounded to"), placeholder=_("as fine as needed"), continuous_update=False)
        )
        self.unit.add_class("kpinb-number")
        self.grid = Grid(
            GridDraft(()), label=_("Parts of the target"), event=self._answer.event, changed=self._on_change
        )
        self.siblings_button = widgets.Button(description=_("The other parts take it up"))
        self.parent_button = widgets.Button(description=_("The target takes it up"))
        self.divide_button = widgets.Button(description=_("Divide anew"))
        self.reason = layout.reason()
        self.save_button = layout.save_button()
        self.reset_button = widgets.Button(description=_("Reset"))
        self._sentence_area = widgets.HTML()
        self._blocker_area = widgets.HTML()
        self._conflict = ConflictPanel()
        self.keep_theirs_button = self._conflict.keep_theirs_button
        self.save_mine_button = self._conflict.save_mine_button
        self.versions = RowVersions(
            self._answer,
            self.reason,
            history=lambda key: part_versions.history(self.parts, key) if self.parts else [],
            values=lambda key: part_versions.values(self.parts, key) if self.parts else {},
            put=self._on_put_back,
        )
        self.versions.follow(self.grid)
        self._other_field = layout.field(self.other)
        self._push_buttons = layout.buttons(self.siblings_button, self.parent_button)
        parts = [
            layout.with_class("kpinb-record", layout.field(self.target)),
            layout.field(self.way),
            layout.field(self.rule),
            self._other_field,
            layout.field(self.unit),
            self.grid,
            self._sentence_area,
            self._push_buttons,
            layout.with_class("kpinb-reason", layout.field(self.reason)),
            layout.buttons(self.save_button, self.divide_button, self.reset_button),
            self._answer.area,
            self._conflict.widget,
            self._blocker_area,
            self.versions.widget,
        ]
        self.widget = layout.with_class("kpinb-wide", layout.form(_("Cascade"), parts))

    def _listen(self) -> None:
        self.target.observe(lambda _change: self._on_pick(), "value")
        self.way.observe(lambda _change: self._on_pick(same_target=True), "value")
        self.rule.observe(lambda change: self._on_rule(change["new"]), "value")
        self.other.observe(lambda change: self._on_other(change["new"]), "value")
        self.unit.observe(lambda change: self._on_unit(change["new"]), "value")
        self.siblings_button.on_click(lambda _button: self._on_push(Onto.siblings))
        self.parent_button.on_click(lambda _button: self._on_push(Onto.parent))
        self.divide_button.on_click(lambda _button: self._on_divide())
        self.save_button.on_click(lambda _button: self._on_save())
        self.reset_button.on_click(lambda _button: self._on_reset())
        self.keep_theirs_button.on_click(lambda _button: self._on_keep_theirs())
        self.save_mine_button.on_click(lambda _button: self._on_save_mine())

    # What the person does

    def _on_change(self) -> None:
        if self.parts:
            self.parts.follow()
            self._show_state()

    def _on_pick(self, *, same_target: bool = False) -> None:
        if not self._quiet:
            with self._answer.event():
                self._open(way=Into(self.way.value) if same_target else None)

    def _on_rule(self, rule: str) -> None:
        if self.parts and not self._quiet:
            with self._answer.event():
                if Rule(rule) is Rule.indicator and not self.parts.other:
                    self._compare_with(self.other.value)
                self.parts.choose_rule(Rule(rule))
                self._show()

    def _on_other(self, indicator: str) -> None:
        if self.parts and not self._quiet:
            with self._answer.event():
                self._compare_with(indicator)
                self._show()

    def _on_unit(self, text: str) -> None:
        if self.parts and not self._quiet:
            with self._answer.event():
                self.parts.unit = text
                self.parts.follow()
                self._show()

    def _on_push(self, onto: Onto) -> None:
        with self._answer.event():
            if self.parts and self.parts.division.typed:
                self.parts.division.push(onto)
                self.parts.fill()
                self._show()

    def _on_divide(self) -> None:
        with self._answer.event():
            if self.parts:
                self.parts.follow(anew=True)
                self._show()

    def _on_reset(self) -> None:
        with self._answer.event():
            self.versions.forget_reason()
            self._begin_anew()

    def _on_save(self) -> None:
        with self._answer.event():
            if self.parts is None or self.parts.blockers:
                self._answer.say(_("Not saved: see what is missing."), tone=Tone.bad)
                self._show_state()
                return
            written = write(self.parts, self.reason.value.strip())
            if written or self.parts.met:
                self._tell(written)
            else:
                self._answer.say(_("Nothing was changed, so there is nothing to save."))
                self._show_state()

    def _on_keep_theirs(self) -> None:
        with self._answer.event():
            if self.parts and self.parts.met:
                key = next(iter(self.parts.met))
                theirs = self.parts.met[key][1].theirs
                self.parts.keep_theirs(key)
                self._answer.say(_("Their version is kept."), *self._conflict_sentences())
                if not key and (theirs.deleted or self.parts.step.value is None):
                    self._begin_anew()  # there is nothing to divide any more
                else:
                    self._go_on()

    def _on_save_mine(self) -> None:
        with self._answer.event():
            if self.parts and self.parts.met:
                self._tell(overwrite(self.parts, next(iter(self.parts.met)), self.reason.value.strip()))

    def _on_put_back(self, key: str, record: Record) -> None:
        if self.parts and isinstance(record, Target):
            part_versions.put_back(self.parts, key, record)
            self._show()

    def _tell(self, written: int) -> None:
        said = ngettext("One target is saved.", "{count} targets are saved.", written).format(count=written)
        met = self._conflict_sentences()
        self._answer.say(*([said] if written else []), *met, tone=Tone.bad if met else Tone.good)
        self._go_on()

    def _conflict_sentences(self) -> list[str]:
        if self.parts is None or not self.parts.met:
            return []
        key, (change, conflict) = next(iter(self.parts.met.items()))
        said = str(conflict)
        if key:
            said = _("Row {number}: {problem}").format(number=self.parts.grid.number(key), problem=said)
        return [said, *how_to_decide(mine_on_theirs(change, conflict))]

    def _go_on(self) -> None:
        """Show what stands now; what waits for a decision or was typed besides stays."""
        parts = self.parts
        if parts and (parts.met or parts.blockers or changes(parts)):
            self._read_store()
            self._show()
        else:
            self.reason.value = ""
            self._begin_anew()

    def _begin_anew(self) -> None:
        self._kept.pop((self.target.value, self.way.value), None)
        self.parts = None
        self._read()

    # What the form reads

    def _read(self) -> None:
        picked = self.target.value
        self._read_store()
        way = Into(self.way.value) if picked in self._steps and self.way.value else None
        self._open(way=way)

    def _read_store(self) -> None:
        # First the versions: what somebody saves between the two reads must be met, and not overwritten.
        self._revisions = self.book.revisions(Target)
        known = {revision.record.id for revision in self._revisions}
        self._steps = {step.target.id: step for step in steps_of(self.book) if step.target.id in known}
        self._values = {key: step.value for key, step in self._steps.items()}
        with self._quiet:
            picked = self.target.value
            self.target.options = [(_titled(step), key) for key, step in self._steps.items()]
            # Given options, a list that was empty before has still none of them picked.
            self.target.value = picked if picked in self._steps else next(iter(self._steps), None)
            indicators = self.book.records(Indicator)
            self.other.options = [(indicator.name, indicator.id) for indicator in indicators]
            self.other.value = next((indicator.id for indicator in indicators), None)

    def _open(self, *, way: Into | None) -> None:
        """Show the target that is picked, with what was typed for it before."""
        self._keep()
        step = self._steps.get(self.target.value or "")
        self.parts, self._problem = None, ""
        if step is None:
            self._problem = _("There is no target for this year yet. Add one in the form for one target.")
        else:
            fiscal_start = self.book.period.fiscal_start
            offered = ways(step.target, fiscal_start)
            way = way if way in offered else usual_way(step.target, self._revisions, fiscal_start)
            with self._quiet:
                self.way.options = [(one.label, one.value) for one in offered]
                self.way.value = way.value
            try:
                key = (step.target.id, way.value)
                self.parts = self._kept.pop(key, None) or PartsGrid(
                    self.book, step, way, self._values, self._revisions
                )
            except BadInput as problem:
                self._problem = str(problem)
        self._show()

    def _keep(self) -> None:
        if self.parts:
            self._kept[self.parts.step.target.id, self.parts.way.value] = self.parts

    def _compare_with(self, indicator: str | None) -> None:
        found = next((one for one in self.book.records(Indicator) if one.id == indicator), None)
        if self.parts and found:
            self.parts.compare_with(found)

    # What the form shows

    def _show(self) -> None:
        parts = self.parts
        self.grid.draft = parts.grid if parts else GridDraft(())
        if parts:
            rule = parts.division.inputs.rule
            with self._quiet:
                self.rule.options = [(one.label, one.value) for one in parts.rules]
                self.rule.value = rule.value
                self.unit.value = parts.unit
                if parts.other:
                    self.other.value = parts.other
        self.grid.begin()
        self._names = Names(self.book, REFERENCES)
        self.versions.offer(part_versions.listed(parts) if parts else {}, self._names)
        self._show_state()

    def _show_state(self) -> None:
        parts = self.parts
        uses_other = parts is not None and parts.division.inputs.rule is Rule.indicator
        self._other_field.layout.display = "" if uses_other else "none"
        self._push_buttons.layout.display = "" if parts and parts.division.typed else "none"
        self.grid.layout.display = "" if parts else "none"
        for widget in (self.way, self.rule, self.unit, self.divide_button):
            widget.disabled = parts is None and widget is not self.way
        self.save_button.disabled = parts is None or bool(self.blockers)
        self._sentence_area.value = messages.sentences(self.sentences)
        self._answer.show()
        self._blocker_area.value = messages.blockers(self.blockers)
        met = next(iter(parts.met.values()), None) if parts else None
        self._conflict.show(mine_on_theirs(*met) if met else None, self._names)
        self.versions.compare()


def _entry(widget: widgets.Widget) -> widgets.Widget:
    return layout.with_class("kpinb-entry", widget)


def _titled(step: Step) -> str:
    """Call a target by its words; with its owner where many people have one in the same words."""
    unit = step.indicator.unit if step.indicator else ""
    shared = step.target.owner and step.target.level in (Level.team, Level.person)
    text = _("{target}, {owner}, {period}: {value}") if shared else _("{target}, {period}: {value}")
    return "\N{EM SPACE}" * step.depth + text.format(
        target=step.name,
        owner=step.target.owner,
        period=step.target.period,
        value=formats.amount(step.value, unit),
    )
