"""From what an annotation says to the widget that a person types into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import ipywidgets as widgets
import traitlets

from kpinb.forms import messages
from kpinb.forms.shape import LONGEST_LINE, Shape
from kpinb.language import _
from kpinb.records import Record, label

Options = Sequence[tuple[str, str]]
"""What there is to choose from: what is read, and what is stored."""

EMPTY = ""
"""What an empty choice stores; ipywidgets takes None for no choice at all and shows it without its text."""

_BUTTONS = 5
_STEPS = 100
_LISTED = 20


class CheckList(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Several choices at once, one checkbox each: no key to hold down, and every name in full.

    Parameters
    ----------
    description : str
        The label.
    options : sequence of (str, str)
        Label and value of each choice.

    Attributes
    ----------
    value : tuple of str
        The values ticked, in the order of the options.
    """

    value = traitlets.Tuple()

    def __init__(self, *, description: str, options: Options = ()) -> None:
        self.description = description
        self._items = widgets.VBox()
        self._items.add_class("kpinb-list-items")
        super().__init__([widgets.Label(description), self._items])
        self.add_class("kpinb-list")
        self.disabled = False
        self.options = options
        self.observe(self._tick, "value")

    @property
    def options(self) -> Options:
        """Label and value of each choice; setting them drops ticks that are no longer offered."""
        return self._options

    @options.setter
    def options(self, options: Options) -> None:
        if getattr(self, "_options", None) == tuple(options):
            return
        self._options = tuple(options)
        boxes = []
        before = self._items.children
        for text, value in self._options:
            box = widgets.Checkbox(description=text, value=value in self.value, indent=False)
            box.observe(self._read, "value")
            boxes.append(box)
        self._items.children = boxes or [widgets.Label(_("There is nothing to choose from yet."))]
        self._read()
        for box in before:  # ipywidgets keeps every widget that is not closed, for as long as the kernel runs
            for part in (box.layout, box.style, box):
                part.close()

    def _read(self, _change: object = None) -> None:
        boxes = self._items.children
        self.value = tuple(value for (_text, value), box in zip(self._options, boxes, strict=False) if box.value)

    def _tick(self, change: dict[str, tuple[str, ...]]) -> None:
        for (_text, value), box in zip(self._options, self._items.children, strict=False):
            box.value = value in change["new"]


class Entry:
    """One field of a form: the widget, and the line under it.

    Parameters
    ----------
    kind : type of Record
        Whose field it is.
    shape : Shape
        What the annotation says.

    Attributes
    ----------
    widget : Widget
        What the person types into; its ``value`` is as the draft keeps it.
    box : Widget
        The widget with its note.
    """

    def __init__(self, kind: type[Record], shape: Shape) -> None:
        self.shape = shape
        info = kind.model_fields[shape.name]
        self._help = _(info.description or "")
        self.widget = _widget(shape, label(kind, shape.name))
        self._note = widgets.HTML(messages.note(self._help))
        self.box = widgets.VBox([self.widget, self._note])
        self.box.add_class("kpinb-field")
        if isinstance(self.widget, widgets.Checkbox):
            self.box.add_class("kpinb-check")
        else:
            self.widget.add_class("kpinb-entry")

    def observe(self, changed: Callable[[str, object], None]) -> None:
        """Call back with field name and value whenever the person changes it."""
        self.widget.observe(lambda change: changed(self.shape.name, change["new"]), "value")

    def offer(self, options: Options) -> None:
        """Set what a reference can point at."""
        if isinstance(self.widget, CheckList):
            self.widget.options = options
        else:
            self.widget.options = [*_empty_choice(self.shape), *options]

    def put(self, value: object) -> None:
        """Show a value of the draft; one that is no longer offered is offered with a remark, never dropped."""
        if isinstance(self.widget, CheckList) and isinstance(value, tuple):
            offered = {stored for _text, stored in self.widget.options}
            gone = [(_gone(item), item) for item in value if item not in offered]
            if gone:
                self.widget.options = [*self.widget.options, *gone]
            # in the order of the options, as ticking gives it
            value = tuple(stored for _text, stored in self.widget.options if stored in value)
        elif isinstance(self.widget, widgets.Dropdown):
            value = EMPTY if value is None else value
            if value not in {stored for _text, stored in self.widget.options}:
                self.widget.options = [*self.widget.options, (_gone(value), value)]
        elif isinstance(self.widget, widgets.Text):
            value = "" if value is None else str(value)
        if self.widget.value != value:
            self.widget.value = value

    def show(self, problem: str, advice: str = "") -> None:
        """Show a sentence beside the field, or take it away; advice does not stand in the way of saving."""
        text = messages.note(self._help, problem, advice)
        if self._note.value != text:
            self._note.value = text
            (self.box.add_class if problem else self.box.remove_class)("kpinb-wrong")


def _gone(value: object) -> str:
    return _("{id} – no longer there").format(id=value)


def _empty_choice(shape: Shape) -> list[tuple[str, str]]:
    if shape.optional:
        return [("–", EMPTY)]
    return [(_("Choose…"), EMPTY)] if shape.required else []


def _widget(shape: Shape, description: str) -> widgets.Widget:
    if shape.many:
        choices = shape.choices
        options = [(str(item.label), str(item.value)) for item in choices] if choices else []
        return CheckList(description=description, options=options)
    if shape.reference:
        return widgets.Dropdown(description=description, options=_empty_choice(shape))
    if shape.choices:
        labelled = [(item.label, item.value) for item in shape.choices]
        return widgets.Dropdown(description=description, options=[*_empty_choice(shape), *labelled])
    if shape.base is bool:
        return widgets.Checkbox(description=description, indent=False)
    if shape.base is date:
        return widgets.DatePicker(description=description)
    if shape.base is int:
        return _whole_number(shape, description)
    if shape.base is Decimal:
        return _number(description)
    if shape.base is str:
        if (shape.longest or 0) > LONGEST_LINE:
            return widgets.Textarea(description=description, rows=3)
        return widgets.Text(description=description)
    raise TypeError(f"{shape.name}: there is no widget for {shape.base}")


def _whole_number(shape: Shape, description: str) -> widgets.Widget:
    if shape.lowest is None or shape.highest is None:
        return _number(description)
    numbers = range(int(shape.lowest), int(shape.highest) + 1)
    if shape.optional and len(numbers) <= _LISTED:
        return widgets.Dropdown(
            description=description,
            options=[*_empty_choice(shape), *((str(number), number) for number in numbers)],
        )
    # A slider or a row of buttons always has a value: only where the record has one of its own, too.
    if shape.optional or shape.required or len(numbers) > _STEPS + 1:
        return _number(description)
    if len(numbers) <= _BUTTONS:
        return widgets.ToggleButtons(
            description=description,
            tooltip=description,  # without one the label's hint reads "null"
            options=[(str(number), number) for number in numbers],
        )
    return widgets.IntSlider(description=description, min=numbers[0], max=numbers[-1])


def _number(description: str) -> widgets.Widget:
    widget = widgets.Text(description=description)
    widget.add_class("kpinb-number")
    return widget
