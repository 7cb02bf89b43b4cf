"""How the message catalogue finds the prose of the notebook templates; `babel.cfg` names it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any


def extract_notebook(
    file: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Give each Markdown cell of a notebook as one message, for Babel.

    A cell is translated as a whole, because a sentence taken out of its paragraph cannot be.

    Parameters
    ----------
    file : binary file
        The notebook.
    keywords, comment_tags, options
        Babel's own; not needed here.

    Yields
    ------
    tuple
        Number of the cell, from 1, in the place of a line; None, as no function marks it; its text; no comments.
    """
    del keywords, comment_tags, options
    for number, cell in enumerate(json.load(file)["cells"], start=1):
        source = cell["source"]
        text = source if isinstance(source, str) else "".join(source)
        if cell["cell_type"] == "markdown" and text.strip():
            yield number, None, text, []
