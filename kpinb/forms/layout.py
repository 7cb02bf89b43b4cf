"""How the parts of a form stand on the page."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets
from IPython.display import display

from kpinb import language
from kpinb.forms import messages
from kpinb.language import _


def form(title: str, parts: Sequence[widgets.Widget], *, beside: widgets.Widget | None = None) -> widgets.Widget:
    """Put a form together: its rules of style, its title, its parts, and a panel beside them where it is wide."""
    style = with_class("kpinb-style", widgets.HTML(messages.style()))
    whole = [style, widgets.HTML(messages.heading(title))]
    if beside is None:
        return with_class("kpinb-form", widgets.VBox([*whole, *parts]))
    fields = with_class("kpinb-fields", widgets.VBox(list(parts)))
    columns = with_class("kpinb-columns", widgets.Box([fields, beside]))
    return with_class("kpinb-wide", with_class("kpinb-form", widgets.VBox([*whole, columns])))


def with_class(name: str, widget: widgets.Widget) -> widgets.Widget:
    """Give a widget a class for the rules of style."""
    widget.add_class(name)
    return widget


def field(entry: widgets.Widget) -> widgets.Widget:
    """Put a field without a note in its place."""
    return with_class("kpinb-field", widgets.VBox([entry]))


def buttons(*these: widgets.Widget) -> widgets.Widget:
    """Put buttons side by side."""
    return with_class("kpinb-buttons", widgets.HBox(list(these)))


def reason() -> widgets.Widget:
    """Make the field for why something is changed."""
    entry = widgets.Text(
        description=_("Reason for the change"), placeholder=_("may stay empty"), continuous_update=False
    )
    return with_class("kpinb-entry", entry)


def save_button() -> widgets.Widget:
    """Make the button that saves."""
    return widgets.Button(description=_("Save"), button_style="primary")


def display_form(widget: widgets.Widget, title: str, code: str) -> None:
    """Show a form below a cell.

    The widget's own text is a page of its parts; where widgets cannot be drawn, a sentence must do.
    """
    bundle = dict(widget._repr_mimebundle_())
    with language.use(code):
        bundle["text/plain"] = _("Form “{title}”: run this cell to fill it in.").format(title=title)
    display(bundle, raw=True)  # type: ignore[no-untyped-call]  # IPython says nothing of its types
