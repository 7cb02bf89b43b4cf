"""The form that an analyst sees: pick a record, type, see what is missing, save."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC

import ipywidgets as widgets
from IPython.display import display

from kpinb import language
from kpinb.errors import EditConflict, KpinbError
from kpinb.forms import messages
from kpinb.forms.book import FormBook
from kpinb.forms.draft import Draft
from kpinb.forms.fields import Entry
from kpinb.forms.messages import Tone
from kpinb.forms.naming import Names, labelled, next_id
from kpinb.forms.shape import shapes_of
from kpinb.language import _
from kpinb.records import Record, Revision, label, show

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

    Attributes
    ----------
    widget : Widget
        The whole form.
    picker, reason, save_button, reset_button, keep_theirs_button, save_mine_button : Widget
        Its parts besides the fields, which are reached by name: ``form["name"].value = "…"``.
    messages : list of str
        What came of the last action, as plain sentences.

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
    ) -> None:
        shapes = shapes_of(kind)
        self._references = {**(references or {}), kind.kind: kind}
        self._defaults = dict(defaults or {})
        shown = list(fields) if fields is not None else list(shapes)
        _check_program(kind, self._references, [*shown, *self._defaults])
        self.book = book
        self.kind = kind
        self._language = language.current()
        self._quiet = False
        self._drafts: dict[str, Draft] = {}
        self._revisions: dict[str, Revision] = {}
        self.messages: list[str] = []
        self._tone = Tone.neutral
        self._entries = {name: Entry(kind, shapes[name]) for name in shown}
        self._lay_out(title or _(kind.title))
        self.draft = self._read(NEW)
        self._show_draft()
        self._listen()

    def __getitem__(self, field: str) -> widgets.Widget:
        """Give the widget of one field."""
        return self._entries[field].widget

    @property
    def blockers(self) -> list[str]:
        """Sentences listed under the Save button; it works once there are none."""
        return self.draft.blockers

    @property
    def shown_problems(self) -> dict[str, str]:
        """Sentences that stand beside fields, by field."""
        return self.draft.shown_problems

    def _ipython_display_(self) -> None:
        # The widget's own text is a page of its parts; where widgets cannot be drawn, a sentence must do.
        bundle = dict(self.widget._repr_mimebundle_())
        with language.use(self._language):
            bundle["text/plain"] = _("Form “{title}”: run this cell to fill it in.").format(
                title=_(self.kind.title)
            )
        display(bundle, raw=True)  # type: ignore[no-untyped-call]  # IPython says nothing of its types

    def _lay_out(self, title: str) -> None:
        self.picker = widgets.Dropdown(description=_("Record"))
        self.reason = widgets.Text(
            description=_("Reason for the change"), placeholder=_("may stay empty"), continuous_update=False
        )
        self.save_button = widgets.Button(description=_("Save"), button_style="primary")
        self.reset_button = widgets.Button(description=_("Reset"))
        self.keep_theirs_button = widgets.Button(description=_("Keep their version"))
        self.save_mine_button = widgets.Button(description=_("Overwrite with mine"))
        for entry in (self.picker, self.reason):
            entry.add_class("kpinb-entry")
        self._message_area = widgets.HTML()
        self._blocker_area = widgets.HTML()
        self._comparison_area = widgets.HTML()
        decision = _with_class("kpinb-buttons", widgets.HBox([self.keep_theirs_button, self.save_mine_button]))
        self._conflict_panel = widgets.VBox([self._comparison_area, decision])
        buttons = _with_class("kpinb-buttons", widgets.HBox([self.save_button, self.reset_button]))
        self.widget = _with_class(
            "kpinb-form",
            widgets.VBox(
                [
                    _with_class("kpinb-style", widgets.HTML(messages.style())),
                    widgets.HTML(messages.heading(title)),
                    _with_class("kpinb-record", _with_class("kpinb-field", widgets.VBox([self.picker]))),
                    *(entry.box for entry in self._entries.values()),
                    _with_class("kpinb-reason", _with_class("kpinb-field", widgets.VBox([self.reason]))),
                    buttons,
                    self._message_area,
                    self._conflict_panel,
                    self._blocker_area,
                ]
            ),
        )

    def _listen(self) -> None:
        for entry in self._entries.values():
            entry.observe(self._on_change)
        self.picker.observe(lambda change: self._on_pick(change["new"]), "value")
        self.save_button.on_click(lambda _button: self._on_save())
        self.reset_button.on_click(lambda _button: self._on_reset())
        self.keep_theirs_button.on_click(lambda _button: self._on_keep_theirs())
        self.save_mine_button.on_click(lambda _button: self._on_save_mine())

    # What the person does

    def _on_change(self, field: str, value: object) -> None:
        if self._quiet:
            return
        with self._event():
            self.draft.put(field, value)
            if field != "id" and "id" in self._entries:
                with self._quietly():
                    self._entries["id"].put(self.draft.values["id"])
            self._show_state()

    def _on_pick(self, record_id: str) -> None:
        if self._quiet:
            return
        with self._event():
            draft = self._read(record_id)
            self._keep_draft()
            self.draft = self._drafts.pop(record_id, draft)
            self._show_draft()

    def _on_reset(self) -> None:
        with self._event():
            self.draft = self._read(NEW if self.draft.is_new else str(self.draft.values["id"]))
            self._show_draft()

    def _on_save(self) -> None:
        with self._event():
            self.draft.touch_all()
            if self.draft.blockers or self.draft.record is None:
                self._say(_("Not saved: see what is missing."), tone=Tone.bad)
                self._show_state()
            elif not self.draft.is_new and not self.draft.is_changed:
                self._say(_("Nothing was changed, so there is nothing to save."))
                self._show_state()
            else:
                self._save(self.draft.record, self.draft.expected)

    def _on_keep_theirs(self) -> None:
        with self._event():
            if self.draft.conflict is None:
                return
            theirs = self.draft.conflict.theirs
            self._say(
                _("Their version is kept: “{name}”, version {version}.").format(
                    version=theirs.version, name=self._names.of_record(theirs.record)
                )
            )
            self.draft = self._read(NEW if theirs.deleted else theirs.record.id)
            self._show_draft()

    def _on_save_mine(self) -> None:
        with self._event():
            if self.draft.conflict is None:
                return
            self.draft.touch_all()
            if self.draft.record is None:
                self._say(_("Not saved: see what is missing."), tone=Tone.bad)
                self._show_state()
            else:
                self._save(self.draft.record, self.draft.conflict.theirs.version)

    def _save(self, record: Record, expected: int) -> None:
        try:
            revision = self.book.save(record, expected=expected, reason=self.reason.value.strip())
        except EditConflict as conflict:
            self.draft.meet(conflict)
            self._say(str(conflict), *_how_to_decide(self.draft), tone=Tone.bad)
            self._show_state()
            return
        self.reason.value = ""
        self._say(
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
            self._say(
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
        with self._quietly():
            self._show_list()
            for name, entry in self._entries.items():
                self._show_choices(name, entry)
                entry.put(self.draft.values[name])
        self._show_state()

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

    def _show_state(self) -> None:
        for name, entry in self._entries.items():
            entry.show(self.draft.shown_problems.get(name, ""))
        if "id" in self._entries:
            self._entries["id"].widget.disabled = not self.draft.is_new
        self.save_button.disabled = bool(self.draft.blockers)
        self.save_mine_button.disabled = self.draft.record is None
        self._blocker_area.value = messages.blockers(self.draft.blockers)
        self._message_area.value = messages.message(self.messages, self._tone)
        self._comparison_area.value = messages.comparison(self._differences())
        self._conflict_panel.layout.display = "" if self.draft.conflict else "none"

    def _differences(self) -> list[tuple[str, str, str]]:
        if self.draft.conflict is None or self.draft.conflict.theirs.deleted:
            return []
        return [
            (label(self.kind, one.field), self._shown(one.field, one.theirs), self._shown(one.field, one.mine))
            for one in self.draft.differences
        ]

    def _shown(self, field: str, value: object) -> str:
        kind = shapes_of(self.kind)[field].reference
        if kind is None:
            return show(value)
        names = self._names.of_kind(kind)
        if isinstance(value, list | tuple):
            return show([names.get(item, item) for item in value])
        return show(names.get(value, value) if isinstance(value, str) else value)

    def _say(self, *sentences: str, tone: Tone = Tone.neutral) -> None:
        self.messages = list(sentences)
        self._tone = tone

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Set widgets without taking it for something the person typed."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    @contextmanager
    def _event(self) -> Iterator[None]:
        """Answer one thing the person did, in their language, whatever happens.

        An error that leaves a widget's callback is shown nowhere: the person would wait for ever.
        """
        with language.use(self._language):
            self._say()
            try:
                yield
            except KpinbError as error:
                self._say(*self.messages, str(error), tone=Tone.bad)
            except Exception as fault:  # the last place where it can still be told
                logging.getLogger(__name__).exception("a form could not answer")
                self._say(
                    *self.messages,
                    _("Something went wrong ({fault}). What you typed is still here.").format(fault=fault),
                    tone=Tone.bad,
                )
            else:
                return
            with self._quietly():
                self.picker.value = self._picked() if self._is_offered(self._picked()) else None
            self._show_state()


def _with_class(name: str, widget: widgets.Widget) -> widgets.Widget:
    widget.add_class(name)
    return widget


def _how_to_decide(draft: Draft) -> list[str]:
    if draft.conflict is None:
        return []
    if draft.conflict.theirs.deleted:
        return [_("What you typed is still here. Keep it deleted, or save yours over that.")]
    sentences = [
        _("What you typed is still here. Keep their version and drop yours, or overwrite theirs with yours.")
    ]
    if draft.is_new:
        sentences.append(_("To keep both, give yours another id."))
    return sentences


def _check_program(kind: type[Record], references: Mapping[str, type[Record]], named: Sequence[str]) -> None:
    shapes = shapes_of(kind)
    unknown = [name for name in named if name not in shapes]
    if unknown:
        raise TypeError(f"{kind.__name__} has no field {', '.join(unknown)}")
    missing = {shape.reference for shape in shapes.values() if shape.reference} - set(references)
    if missing:
        raise TypeError(f"a form for {kind.__name__} needs references for {', '.join(sorted(missing))}")
