"""A chart and the sentence that reads it; neither is shown without the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kpinb.view.sentence import Sentence


@dataclass(frozen=True)
class Figure:
    """A chart with its sentence.

    Parameters
    ----------
    sentence : Sentence
        What the chart shows, for who reads and for who cannot see it.
    chart : altair chart, optional
        None where there is nothing to draw: the sentence then says why.
    """

    sentence: Sentence
    chart: Any = None

    def specification(self) -> dict[str, Any]:
        """Give the Vega-Lite specification, described by the sentence."""
        from kpinb.view.theme import specification

        return specification(self.chart.properties(description=self.sentence.text))

    def _ipython_display_(self) -> None:
        from IPython.display import display

        from kpinb.view.theme import MIME

        display(self.sentence)  # type: ignore[no-untyped-call]
        if self.chart is not None:
            display({MIME: self.specification(), "text/plain": self.sentence.text}, raw=True)  # type: ignore[no-untyped-call]
