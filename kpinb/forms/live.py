"""A panel that shows what the record in the form would mean, while it is typed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from kpinb.errors import KpinbError
from kpinb.forms import messages
from kpinb.language import _
from kpinb.records import Record
from kpinb.view import Figure

Live = Callable[[Any], Sequence[object]]
"""From a record to what is shown of it: sentences, tables, figures."""

_PAUSE = 0.3
"""Seconds without a keystroke after which what costs time is computed."""


def bundles(thing: object) -> list[dict[str, Any]]:
    """Give what a notebook would show of a thing, by MIME type; a figure is two: its sentence and its chart."""
    if isinstance(thing, Figure):
        parts = bundles(thing.sentence)
        if thing.chart is not None:
            from kpinb.view.theme import MIME

            parts.append({MIME: thing.specification(), "text/plain": thing.sentence.text})
        return parts
    write = getattr(thing, "_repr_mimebundle_", None)
    return [write() if write else {"text/plain": str(thing)}]


class LivePanel:
    """What the last valid record of a form means.

    In the kernel the panel follows once the typing pauses; where no event loop runs it follows at once. While
    something is typed, a record equal to the last one is not computed again.

    Parameters
    ----------
    live : callable
        Takes the record and gives what is shown of it.

    Attributes
    ----------
    widget : Widget
        The whole panel.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._shown: Record | None = None
        self._waiting: asyncio.TimerHandle | None = None
        self._output = widgets.Output()
        self._remark = widgets.HTML()
        self.widget = widgets.VBox([self._remark, self._output])
        self.widget.add_class("kpinb-live")

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """What stands in the panel, by MIME type."""
        return [output["data"] for output in self._output.outputs]

    @property
    def remark(self) -> str:
        """What stands above it, as HTML."""
        return str(self._remark.value)

    def follow(self, record: Record | None) -> None:
        """Show a record that is being typed, when the typing pauses; ``None`` while it is not valid."""
        self._wait_no_more()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if record is not None and record == self._shown:
            self._remark.value = ""
        elif loop is None or record is None:
            self.show(record)
        else:
            # The loop keeps the language of now for the call.
            self._waiting = loop.call_later(_PAUSE, self.show, record)

    def show(self, record: Record | None) -> None:
        """Show a record at once and anew, for what is in the store may have changed.

        While the record is not valid the last one stays, with a remark.
        """
        self._wait_no_more()  # or what was typed before a save or reset would come over what is shown now
        if record is None:
            text = (
                _("This shows the last valid entry, not what stands in the fields now.")
                if self._shown
                else _("Here you will see what the entry means, once it is complete.")
            )
            self._remark.value = messages.remark(text)
            return
        self._remark.value = ""
        self._shown = record
        self._output.outputs = tuple(
            {"output_type": "display_data", "data": bundle, "metadata": {}} for bundle in self._of(record)
        )

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _of(self, record: Record) -> list[dict[str, Any]]:
        try:
            return [bundle for thing in self._live(record) for bundle in bundles(thing)]
        except KpinbError as error:
            sentence = str(error)
        except Exception as fault:  # the last place where it can still be told
            logging.getLogger(__name__).exception("a live panel could not be computed")
            sentence = _("This could not be worked out ({fault}).").format(fault=fault)
        return [{"text/html": messages.remark(sentence), "text/plain": sentence}]
