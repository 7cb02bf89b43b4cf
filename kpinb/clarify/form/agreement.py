"""The form in which both sides confirm what an indicator means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ipywidgets as widgets
from pydantic import ValidationError

from kpinb.book import Book
from kpinb.clarify.agreement import DefinitionVersions, Standing, State, definition_versions, states
from kpinb.clarify.form.agreement_card import card
from kpinb.clarify.records import Agreement
from kpinb.errors import EditConflict, NotFound
from kpinb.forms import layout, messages
from kpinb.forms.answer import Answer
from kpinb.forms.messages import Tone
from kpinb.forms.quiet import Quiet
from kpinb.language import _
from kpinb.records import at_field, label, problems
from kpinb.view import formats

NOTHING = ""
"""What the list at the top holds where there is no indicator."""


def agreement_form(book: Book) -> AgreementForm:
    """Confirm an indicator's definition with who issued it; the day of the talk is proposed from the book."""
    return AgreementForm(book, book.clock().date())


@dataclass(frozen=True)
class _Typed:
    """What stands in the fields for one indicator."""

    agreed_with: str
    on: date | None
    note: str = ""


class AgreementForm:
    """Pick an indicator, read its card, see what is missing, confirm; the last expression of a cell.

    What was typed for one indicator is kept while another is looked at. Nobody can confirm a definition that they
    have not seen: if it was changed while the form was open, the form shows it anew instead.

    Parameters
    ----------
    book : Book
        Where records are read and saved.
    today : date
        Proposed as the day of the talk.

    Attributes
    ----------
    widget : Widget
        The whole form.
    picker, agreed_with, on, note, confirm_button, refresh_button : Widget
        Its parts.
    state : State or None
        How far the picked indicator is; None where there is none.
    """

    def __init__(self, book: Book, today: date) -> None:
        self.book = book
        self._today = today
        self._quiet = Quiet()
        self._typed: dict[str, _Typed] = {}
        self._states: dict[str, State] = {}
        self._seen: dict[str, DefinitionVersions] = {}
        self._answer = Answer(self._show)
        self._lay_out()
        self._read()
        self._show_picked()
        self._listen()

    @property
    def messages(self) -> list[str]:
        """What came of the last action, as plain sentences."""
        return self._answer.sentences

    @property
    def state(self) -> State | None:
        """How far the picked indicator is."""
        return self._states.get(self.picker.value)

    @property
    def blockers(self) -> list[str]:
        """Sentences listed under the button; it works once there are none."""
        return [] if self.state is None else [*self.state.blockers, *self._own_blockers()]

    def _ipython_display_(self) -> None:
        layout.display_form(self.widget, _(Agreement.title), self._answer.language)

    def _lay_out(self) -> None:
        self.picker = widgets.Dropdown(description=_("Indicator"), options=[(_("none yet"), NOTHING)])
        self.agreed_with = widgets.Text(description=label(Agreement, "agreed_with"))
        self.on = widgets.DatePicker(description=label(Agreement, "on"))
        self.note = widgets.Textarea(description=label(Agreement, "note"), rows=3)
        self.confirm_button = widgets.Button(description=_("Confirm"), button_style="primary")
        self.refresh_button = widgets.Button(description=_("Read again"))
        self._card = widgets.HTML()
        self._standing = widgets.HTML()
        self._blocker_area = widgets.HTML()
        for entry in (self.picker, self.agreed_with, self.on, self.note):
            entry.add_class("kpinb-entry")
        self.widget = layout.form(
            _(Agreement.title),
            [
                layout.with_class("kpinb-record", layout.field(self.picker)),
                self._card,
                self._standing,
                *(layout.field(entry) for entry in (self.agreed_with, self.on, self.note)),
                layout.buttons(self.confirm_button, self.refresh_button),
                self._answer.area,
                self._blocker_area,
            ],
        )

    def _listen(self) -> None:
        self.picker.observe(lambda change: self._on_pick(change["old"]), "value")
        for entry in (self.agreed_with, self.on, self.note):
            entry.observe(lambda _change: self._on_change(), "value")
        self.confirm_button.on_click(lambda _button: self._on_confirm())
        self.refresh_button.on_click(lambda _button: self._on_refresh())

    # What the person does

    def _on_pick(self, before: str) -> None:
        if self._quiet:
            return
        with self._answer.event():
            self._keep(before)
            self._read()
            self._show_picked()

    def _on_change(self) -> None:
        if self._quiet:
            return
        with self._answer.event():
            self._show()

    def _on_refresh(self) -> None:
        with self._answer.event():
            self._keep(self.picker.value)
            self._read()
            self._show_picked()

    def _on_confirm(self) -> None:
        with self._answer.event():
            self._keep(self.picker.value)
            seen, picked = self._seen.get(self.picker.value), self.picker.value
            self._read()
            if self._seen.get(picked) != seen:
                self._answer.say(
                    _(
                        "Not confirmed: the definition was changed while this form was open. It is shown as it is "
                        "now: read it, then confirm."
                    ),
                    tone=Tone.bad,
                )
            elif self.blockers or self.state is None:
                self._answer.say(_("Not confirmed: see what is missing."), tone=Tone.bad)
            else:
                self._save(self.state)
            self._show_picked()

    def _save(self, state: State) -> None:
        record = Agreement.build(self._values(state))
        try:
            revision = self.book.save(record, expected=self._expected(state))
        except EditConflict as conflict:
            self._answer.say(str(conflict), _("What you typed is still here."), tone=Tone.bad)
            self._read()
            return
        self._typed.pop(state.indicator.id, None)
        self._answer.say(
            _("{name} is confirmed: agreed with {who} on {day}, saved by {author}.").format(
                name=state.indicator.name,
                who=record.agreed_with,
                day=formats.day(record.on),
                author=revision.author,
            ),
            tone=Tone.good,
        )
        self._read()

    def _expected(self, state: State) -> int:
        """Give the version on which an agreement is saved; of one that was deleted, that of the deletion."""
        if state.agreement is not None:
            return state.agreement.version
        try:
            versions = self.book.history(Agreement, state.indicator.id)
        except NotFound:
            return 0
        return versions[-1].version if versions else 0

    # What the form knows

    def _read(self) -> None:
        self._states = {state.indicator.id: state for state in states(self.book)}
        self._seen = dict(definition_versions(self.book))

    def _keep(self, indicator_id: str) -> None:
        state = self._states.get(indicator_id)
        typed = _Typed(self.agreed_with.value, self.on.value, self.note.value)
        if state is None:
            return
        self._typed.pop(indicator_id, None)
        if typed != self._proposed(state):
            self._typed[indicator_id] = typed

    def _proposed(self, state: State) -> _Typed:
        """Begin with the agreement in force, or with the issuer and the day; a note is never proposed."""
        agreed = state.agreement.record if state.agreement else None
        if not isinstance(agreed, Agreement):
            return _Typed(state.indicator.issuer, self._today)
        if state.standing is Standing.agreed:
            return _Typed(agreed.agreed_with, agreed.on, agreed.note)
        return _Typed(agreed.agreed_with, self._today)

    def _values(self, state: State) -> dict[str, object]:
        typed = {"agreed_with": self.agreed_with.value, "on": self.on.value, "note": self.note.value}
        return {"id": state.indicator.id, **{name: value for name, value in typed.items() if value is not None}}

    def _own_blockers(self) -> list[str]:
        """Say what is wrong with what was typed, and why the same agreement cannot be saved twice."""
        state = self.state
        if state is None:
            return []
        try:
            record = Agreement.model_validate(self._values(state))
        except ValidationError as error:
            return [at_field(Agreement, name, text) for name, text in problems(error)]
        if record.on > self.book.clock().date():
            return [at_field(Agreement, "on", _("this day is yet to come."))]
        if state.agreement is None or record != state.agreement.record:
            return []
        if self._is_on_record():
            return [_("It is agreed already, and nothing was changed since.")]
        # The store keeps no version that says what the one before it says: the agreement would stay ended.
        return [_("This agreement is on record already: say in the note what was agreed this time.")]

    def _is_on_record(self) -> bool:
        """Say whether the fields hold the agreement that is in force."""
        state = self.state
        if state is None or state.agreement is None or state.standing is not Standing.agreed:
            return False
        held = state.agreement.record.model_dump(exclude={"id"})
        return held == {"agreed_with": self.agreed_with.value, "on": self.on.value, "note": self.note.value}

    # What the form shows

    def _show_picked(self) -> None:
        with self._quiet:
            options = [
                (_("{name}: {standing}").format(name=one.indicator.name, standing=one.standing.label), one_id)
                for one_id, one in self._states.items()
            ] or [(_("none yet"), NOTHING)]
            picked = (
                self.picker.value if self.picker.value in {value for _name, value in options} else options[0][1]
            )
            if self.picker.options != tuple(options):
                self.picker.options = options
            self.picker.value = picked
            state = self.state
            typed = self._typed.get(picked) or (self._proposed(state) if state else _Typed("", self._today))
            self.agreed_with.value, self.on.value, self.note.value = typed.agreed_with, typed.on, typed.note
        self._show()

    def _show(self) -> None:
        state = self.state
        self._answer.show()
        self._card.value = card(self.book, state.indicator) if state else ""
        self._standing.value = messages.message([_standing(state)], _TONES[state.standing]) if state else ""
        for entry in (self.agreed_with, self.on, self.note):
            entry.disabled = state is None
        self.confirm_button.disabled = state is None or bool(self.blockers)
        # Of what is agreed already the message above says so.
        listed = [] if self._is_on_record() else self.blockers
        self._blocker_area.value = messages.blockers(listed, opening=_("This cannot be confirmed yet."))


_TONES = {Standing.draft: Tone.neutral, Standing.clarified: Tone.neutral, Standing.agreed: Tone.good}


def _standing(state: State) -> str:
    agreed = state.agreement.record if state.agreement else None
    if state.ended:
        return state.ended
    if isinstance(agreed, Agreement):
        return _("Agreed with {who} on {day}; nothing was changed since.").format(
            who=agreed.agreed_with, day=formats.day(agreed.on)
        )
    if state.blockers:
        return _("It is a draft: what is missing stands below.")
    return _("It is clear and can be confirmed.")
