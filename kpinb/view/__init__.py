"""How figures look: tables, sentences and charts, in the reader's language, in JupyterLab and in the report."""

from kpinb.view.figure import Figure
from kpinb.view.formats import amount, day, moment, number, percent, period
from kpinb.view.heading import Heading
from kpinb.view.sentence import Sentence, Sentences, Tone
from kpinb.view.table import Column, Table

__all__ = [
    "Column",
    "Figure",
    "Heading",
    "Sentence",
    "Sentences",
    "Table",
    "Tone",
    "amount",
    "day",
    "moment",
    "number",
    "percent",
    "period",
]
