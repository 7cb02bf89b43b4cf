"""A template in the reader's language: its prose translated, its code untouched."""

from __future__ import annotations

import copy
from typing import Any

from kpinb import language
from kpinb.batch.template import source_of
from kpinb.language import _


def localised(notebook: dict[str, Any], code: str) -> dict[str, Any]:
    """Translate a template's Markdown cells.

    The prose of the templates is Chinese; the whole text of a cell is its message in the catalogue.

    Parameters
    ----------
    notebook : dict
        A notebook as its JSON says, or an `nbformat.NotebookNode`; it is not changed.
    code : str
        Language, ``zh`` or ``en``.

    Returns
    -------
    dict
        A copy. A cell that the catalogue does not know stays as it is, so a template keeper's own additions
        appear in the language they were written in.
    """
    translated = copy.deepcopy(notebook)
    with language.use(code):
        for cell in translated["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = _(source_of(cell))
    return translated
