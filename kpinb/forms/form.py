"""The form that an analyst sees: pick a record, type, see what is missing, save."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC

import ipywidgets as widgets

from kpinb.errors import EditConflict
from kpinb.forms import layout, messages
from kpinb.forms.answer import Answer
from kpinb.forms.book import FormBook
from kpinb.forms.conflict import ConflictPanel, how_to_decide
from kpinb.forms.draft import Draft
from kpinb.forms.fields import Entry
from kpinb.forms.live import Live, LivePanel
from kpinb.forms.messages import Tone
from kpinb.forms.naming import Names, labelled, next_id
from kpinb.forms.quiet import Quiet
from kpinb.forms.shape import shapes_of
from kpinb.forms.versions import VersionList, put_back
from kpinb.language import _
from kpinb.records import Record, Revision

Advice = Callable[[Mapping[str, object]], Mapping[str, str]]
"""From what stands in the fields, as typed, to sentences beside them that do not stand in the way of saving."""

NEW = ""
"""What the list at the top holds for a record that is not there yet."""


class RecordForm:
    """A form for the records of one kind; show it as the last expression of a cell.

    Nothing that was typed is lost by an error, by another's save, or by looking at another record: each record
    keeps its own draft until it is saved or reset. The form speaks the language that was current when it was
    made.

    Parameters
    ----------
    book : FormBook
        Where records are read and saved.
    kind : type of Record
        What the form is for.
    title : str, optional
        Heading, translated already; by default the kind's own title.
    defaults : mapping of str to object, optional
        What a new record begins with, such as the period under review.
    references : mapping of str to type of Record, optional
        The class of every kind that fields refer to, ``{"indicator": Indicator}``; the form's own is known.
    fields : sequence of str, optional
        Fields to show; the others keep what they have. By default all.
    advice : callable, optional
        Takes what stands in the fields, as typed, and gives sentences by field that are shown beside them and do
        not stand in the way of saving. Called at every change.
    live : callable, optional
        Takes the record, whenever it is valid, and gives the sentences, tables and figures that a panel beside
        the fields shows of it.

    Attributes
    ----------
    widget : Widget
        The whole form.
    picker, reason, save_button, reset_button, keep_theirs_button, save_mine_button : Widget
        Its parts besides the fields, which are reached by name: ``form["name"].value = "…"``.
    versions : VersionList
        The versions of the record, and the way back to one.
    panel : LivePanel or None
        What the record would mean.

    Raises
    ------
    TypeError
        A field refers to a kind that is missing in ``references``, or ``fields`` or ``defaults`` names a field
        that is not there: a fault in the program that makes the form.
    """

    def __init__(
        self,
        book: FormBook,
        kind: type[Record],
        *,
        title: str | None = None,
        defaults: Mapping[str, object] | None = None,
        references: Mapping[str, type[Record]] | None = None,
        fields: Sequence[str] | None = None,
        advice: Advice | None = None,
        live: Live | None = None,
    ) -> None:
        shapes = shapes_of(kind)
        self._references = {**(references or {}), kind.kind: kind}
        self._defaults = dict(defaults or {})
        shown = list(fields) if fields is not None else list(shapes)
        check_program(kind, self._references, [*shown, *self._defaults])
        self.book = book
        self.kind = kind
        self._advise = advice
        self._quiet = Quiet()
        self._proposed_reason = ""
        self._drafts: dict[str, Draft] = {}
        self._revisions: dict[str, Revision] = {}
        self._answer = Answer(self._recover)
        self._entries = {name: Entry(kind, shapes[name]) for name in shown}
        self.panel = LivePanel(live) if live else None
        self._lay_out(title or _(kind.title))
        self.draft = self._read(NEW)
        self._show_draft()
        self._listen()

    def __getitem__(self, field: str) -> widgets.Widget:
        """Give the widget of one field."""
        return self._entries[field].widget

    @property
    def messages(self) -> list[str]:
        """What came of the last action, as plain sentences."""
        return self._answer.sentences

    @property
    def blockers(self) -> list[str]:
        """Sentences listed under the Save button; it works once there are none."""
        return self.draft.blockers

    @property
    def shown_problems(self) -> dict[str, str]:
        """Sentences that stand beside fields, by field."""
        return self.draft.shown_problems

    def _ipython_display_(self) -> None:
        layout.display_form(self.widget, _(self.kind.title), self._answer.language)

    def _lay_out(self, title: str) -> None:
        self.picker = layout.with_class("kpinb-entry", widgets.Dropdown(description=_("Record")))
        self.reason = layout.reason()
        self.save_button = layout.save_button()
        self.reset_button = widgets.Button(description=_("Reset"))
        self.versions = VersionList(self._on_version)
        self._conflict = ConflictPanel()
        self.keep_theirs_button = self._conflict.keep_theirs_button
        self.save_mine_button = self._conflict.save_mine_button
        self._blocker_area = widgets.HTML()
        self.widget = layout.form(
            title,
            [
                layout.with_class("kpinb-record", layout.field(self.picker)),
                *(entry.box for entry in self._entries.values()),
                layout.with_class("kpinb-reason", layout.field(self.reason)),
                layout.buttons(self.save_button, self.reset_button),
                self._answer.area,
                self._conflict.widget,
                self._blocker_area,
                self.versions.widget,
            ],
            beside=self.panel.widget if self.panel else None,
        )

    def _listen(self) -> None:
        for entry in self._entries.values():
            entry.observe(self._on_change)
        self.picker.observe(lambda change: self._on_pick(change["new"]), "value")
        self.save_button.on_click(lambda _button: self._on_save())
        self.reset_button.on_click(lambda _button: self._on_reset())
        self.keep_theirs_button.on_click(lambda _button: self._on_keep_theirs())
        self.save_mine_button.on_click(lambda _button: self._on_save_mine())
        self.versions.restore_button.on_click(lambda _button: self._on_put_back())

    # What the person does

    def _on_change(self, field: str, value: object) -> None:
        if self._quiet:
            return
        with self._answer.event():
            self.draft.put(field, value)
            if field != "id" and "id" in self._entries:
                with self._quiet:
                    self._entries["id"].put(self.draft.values["id"])
            self._show_state()

    def _on_pick(self, record_id: str) -> None:
        if self._quiet:
            return
        with self._answer.event():
            draft = self._read(record_id)
            self._keep_draft()
            self.draft = self._drafts.pop(record_id, draft)
            self._show_draft()

    def _on_reset(self) -> None:
        with self._answer.event():
            self.draft = self._read(NEW if self.draft.is_new else str(self.draft.values["id"]))
            self._show_draft()

    def _on_save(self) -> None:
        with self._answer.event():
            self.draft.touch_all()
            if self.draft.blockers or self.draft.record is None:
                self._answer.say(_("Not saved: see what is missing."), tone=Tone.bad)
                self._show_state()
            elif not self.draft.is_new and not self.draft.is_changed:
                self._answer.say(_("Nothing was changed, so there is nothing to save."))
                self._show_state()
            else:
                self._save(self.draft.record, self.draft.expected)

    def _on_keep_theirs(self) -> None:
        with self._answer.event():
            if self.draft.conflict is None:
                return
            theirs = self.draft.conflict.theirs
            text = (
                _("“{name}” stays deleted.")
                if theirs.deleted
                else _("Their version is kept: “{name}”, version {version}.")
            )
            self._answer.say(text.format(version=theirs.version, name=self._names.of_record(theirs.record)))
            self.draft = self._read(NEW if theirs.deleted else theirs.record.id)
            self._show_draft()

    def _on_save_mine(self) -> None:
        with self._answer.event():
            if self.draft.conflict is None:
                return
            self.draft.touch_all()
            if self.draft.record is None:
                self._answer.say(_("Not saved: see what is missing."), tone=Tone.bad)
                self._show_state()
            else:
                self._save(self.draft.record, self.draft.conflict.theirs.version)

    def _on_version(self) -> None:
        if not self._quiet:
            with self._answer.event():
                self._compare_versions()

    def _on_put_back(self) -> None:
        with self._answer.event():
            revision = self.versions.chosen
            if revision is None:
                return
            self.draft.put_all({name: getattr(revision.record, name) for name in self._entries if name != "id"})
            if self.reason.value.strip() in ("", self._proposed_reason):
                self._proposed_reason = _("back to version {version}").format(version=revision.version)
                self.reason.value = self._proposed_reason
            self._answer.say(put_back(revision))
            with self._quiet:
                self._put_values()
            self._show_state(soon=False)

    def _save(self, record: Record, expected: int) -> None:
        try:
            revision = self.book.save(record, expected=expected, reason=self.reason.value.strip())
        except EditConflict as conflict:
            self.draft.meet(conflict)
            self._answer.say(str(conflict), *how_to_decide(self.draft), tone=Tone.bad)
            self._show_state()
            return
        self.reason.value = ""
        self._answer.say(
            _("{title} “{name}” is saved: version {version}, by {author}, {time} UTC.").format(
                title=_(self.kind.title),
                name=self._names.of_record(revision.record),
                version=revision.version,
                author=revision.author,
                time=revision.recorded_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
            ),
            tone=Tone.good,
        )
        self.draft = Draft.of(revision)  # it is saved, even if what follows fails
        self.draft = self._read(revision.record.id)
        self._show_draft()

    # What the form reads

    def _read(self, record_id: str) -> Draft:
        """Read the store again and begin a draft; one of a record that is gone begins as a new one."""
        self._names = Names(self.book, self._references)
        self._revisions = {
            revision.record.id: revision for revision in self.book.revisions(self.kind) if not revision.deleted
        }
        if record_id in self._revisions:
            return Draft.of(self._revisions[record_id])
        if record_id != NEW:
            self._answer.say(
                _("“{id}” is no longer there: somebody deleted it meanwhile.").format(id=record_id),
                tone=Tone.bad,
            )
        values = dict(self._defaults)
        if "id" not in values and shapes_of(self.kind)["id"].reference is None:
            values["id"] = next_id(self.kind, self.book, self._revisions)
        return Draft(self.kind, values, taken=frozenset(self._revisions))

    def _keep_draft(self) -> None:
        if self.draft.is_changed:
            self._drafts[self._picked()] = self.draft

    def _picked(self) -> str:
        return NEW if self.draft.is_new else str(self.draft.values["id"])

    # What the form shows

    def _show_draft(self) -> None:
        if self.reason.value == self._proposed_reason:
            self.reason.value = ""  # it was for what stood in the fields before
        with self._quiet:
            self._show_list()
            for name, entry in self._entries.items():
                self._show_choices(name, entry)
            self._put_values()
            self.versions.offer([] if self.draft.is_new else self._history())
        self._show_state(soon=False)

    def _put_values(self) -> None:
        for name, entry in self._entries.items():
            entry.put(self.draft.values[name])

    def _history(self) -> Sequence[Revision]:
        return self.book.history(self.kind, str(self.draft.values["id"]))

    def _show_list(self) -> None:
        options = [(_("New: {title}").format(title=_(self.kind.title)), NEW)]
        for record_id, revision in self._revisions.items():
            name = self._names.with_id(revision.record)
            if record_id in self._drafts:
                name = _("{name} – not saved yet").format(name=name)
            options.append((name, record_id))
        picked = self._picked()
        if picked not in {value for _text, value in options}:
            options.append((labelled(picked, picked), picked))
        self.picker.options = options
        self.picker.value = picked

    def _is_offered(self, record_id: str) -> bool:
        return record_id in {value for _text, value in self.picker.options}

    def _show_choices(self, name: str, entry: Entry) -> None:
        kind = entry.shape.reference
        if kind is None:
            return
        names = self._names.of_kind(kind)
        left_out: set[str] = set()
        if name == "id" and self.draft.is_new:
            left_out = set(self._revisions)  # these are picked from the list at the top
        elif kind == self.kind.kind:
            left_out = {str(self.draft.values["id"])}  # nothing is part of itself
        entry.offer([(labelled(text, key), key) for key, text in names.items() if key not in left_out])

    def _show_state(self, *, soon: bool = True) -> None:
        advice = self._advice()
        for name, entry in self._entries.items():
            entry.show(self.draft.shown_problems.get(name, ""), advice.get(name, ""))
        if "id" in self._entries:
            self._entries["id"].widget.disabled = not self.draft.is_new
        self.save_button.disabled = bool(self.draft.blockers)
        self._blocker_area.value = messages.blockers(self.draft.blockers)
        self._answer.show()
        self._conflict.show(self.draft, self._names)
        self._compare_versions()
        if self.panel:
            (self.panel.follow if soon else self.panel.show)(self.draft.record)

    def _compare_versions(self) -> None:
        self.versions.compare({name: self.draft.values[name] for name in self._entries}, self._names)

    def _advice(self) -> Mapping[str, str]:
        if self._advise is None:
            return {}
        try:
            return self._advise(self.draft.values)
        except Exception:  # advice that fails must not stand in the way of what was typed
            logging.getLogger(__name__).exception("advice could not be given")
            return {}

    def _recover(self) -> None:
        with self._quiet:
            self.picker.value = self._picked() if self._is_offered(self._picked()) else None
        self._show_state()


def check_program(kind: type[Record], references: Mapping[str, type[Record]], named: Sequence[str]) -> None:
    """See that whoever makes a form named fields that are there, and gave every class that they refer to."""
    shapes = shapes_of(kind)
    unknown = [name for name in named if name not in shapes]
    if unknown:
        raise TypeError(f"{kind.__name__} has no field {', '.join(unknown)}")
    missing = {shape.reference for shape in shapes.values() if shape.reference} - set(references)
    if missing:
        raise TypeError(f"a form for {kind.__name__} needs references for {', '.join(sorted(missing))}")
