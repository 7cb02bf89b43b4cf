"""The prose of a notebook finds its way into the message catalogue, a cell a message."""

from __future__ import annotations

import io
import json

from babel.messages.extract import extract

from kpinb.catalogue import extract_notebook


def test_each_markdown_cell_is_one_message_and_code_is_none() -> None:
    notebook = {
        "cells": [
            {"cell_type": "markdown", "source": ["# 题目\n", "\n", "一段话。"]},
            {"cell_type": "code", "source": "clarify.card_table(book)"},
            {"cell_type": "markdown", "source": "## 小标题"},
            {"cell_type": "markdown", "source": []},
        ]
    }
    file = io.BytesIO(json.dumps(notebook).encode())

    found = [(number, text) for number, text, _comments, _context in extract(extract_notebook, file)]

    assert found == [(1, "# 题目\n\n一段话。"), (3, "## 小标题")]
