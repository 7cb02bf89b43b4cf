"""What of an executed notebook a reader is shown.

Prose and results are; code, parameters, imports and forms are not. The cell tagged ``bottom-line`` is shown on top
of the report and not once more in its place.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any

import nbformat
from markdown_it.token import Token
from markupsafe import Markup

from kpinb.errors import BadInput
from kpinb.language import _
from kpinb.report.drawing import Drawing, NotDrawn, draw, draw_for_phone
from kpinb.report.sanitise import clean_output, parse_markdown, render_markdown

FORM = "form"
LEFT_OUT = frozenset({"parameters", "injected-parameters", "open", FORM, "skip-execution"})
"""Tags of cells that are not for the reader."""
BOTTOM_LINE = "bottom-line"
_CHART = "application/vnd.vegalite.v"
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Text:
    """Prose, a sentence or a table: clean HTML."""

    html: Markup


@dataclass(frozen=True)
class Chart:
    """A chart, drawn.

    Parameters
    ----------
    alternative : str
        What it shows, for who cannot see it.
    wide : Drawing
        For paper and screens.
    narrow : Drawing or None
        For phones, if the wide one has to be drawn anew to be read there.
    """

    alternative: str
    wide: Drawing
    narrow: Drawing | None


Block = Text | Chart


@dataclass(frozen=True)
class Heading:
    """One entry of the table of contents."""

    anchor: str
    title: str


@dataclass
class Stage:
    """One notebook as a section of the report.

    Parameters
    ----------
    anchor : str
        Id of the section within the page.
    title : str
        The notebook's first heading.
    blocks : list of Block
        What is shown, in order.
    bottom_line : list of Block
        What is shown on top of the report instead.
    headings : list of Heading
        The sections within, for the table of contents.
    """

    anchor: str
    title: str
    blocks: list[Block] = field(default_factory=list)
    bottom_line: list[Block] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)


def read_stage(notebook: Path, *, number: int, language: str) -> Stage:
    """Read an executed notebook.

    Parameters
    ----------
    notebook : Path
        The ``.ipynb`` file.
    number : int
        Which section of the report it is, from 1.
    language : str
        Language as HTML names it, such as ``zh-CN``.

    Raises
    ------
    BadInput
        The file is not there or is no notebook.
    """
    try:
        content: Any = nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, RecursionError, nbformat.ValidationError) as problem:
        raise BadInput(
            _("Notebook “{name}” cannot be read: {problem}. Run the review again.").format(
                name=notebook.name, problem=str(problem)[:200]
            )
        ) from problem
    stage = Stage(anchor=f"stage-{number}", title=notebook.stem)
    titled = False
    for at, cell in enumerate(content.cells):
        tags = _tags(cell)
        if tags & LEFT_OUT or (titled and _leads_to_nothing(content.cells[at:])):
            continue
        if cell.cell_type == "markdown":
            tokens = parse_markdown(cell.source)
            if not titled and (title := _take_title(tokens)):
                stage.title, titled = title, True
            stage.headings += _demote(tokens, stage)
            stage.blocks += _text(render_markdown(tokens))
        elif cell.cell_type == "code":
            shown = list(_outputs(cell.outputs, language))
            if BOTTOM_LINE in tags:
                stage.bottom_line += shown
            else:
                stage.blocks += shown
    return stage


def _tags(cell: Any) -> set[str]:
    return set(cell.metadata.get("tags", []))


def _leads_to_nothing(cells: list[Any]) -> bool:
    """Say whether the first cell is prose that only leads to forms, or to what stands on top of the report."""
    if cells[0].cell_type != "markdown":
        return False
    below = [_tags(cell) for cell in takewhile(lambda cell: cell.cell_type != "markdown", cells[1:])]
    return any(tags & {FORM, BOTTOM_LINE} for tags in below) and all(
        tags & (LEFT_OUT | {BOTTOM_LINE}) for tags in below
    )


def _take_title(tokens: list[Token]) -> str:
    """Remove the first heading of the first level and give its text."""
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            title = _plain(tokens[at + 1])
            del tokens[at : at + 3]
            return title
    return ""


def _demote(tokens: list[Token], stage: Stage) -> list[Heading]:
    """Move headings one level down, for the report's own title stands above them, and give them anchors."""
    found: list[Heading] = []
    for at, token in enumerate(tokens):
        if token.type not in {"heading_open", "heading_close"}:
            continue
        # A second title of a notebook is a section of its stage.
        level = min(max(int(token.tag[1]), 2) + 1, 5)
        token.tag = f"h{level}"
        if token.type == "heading_open" and level == 3:
            anchor = f"{stage.anchor}-{len(stage.headings) + len(found) + 1}"
            token.attrSet("id", anchor)
            found.append(Heading(anchor, _plain(tokens[at + 1])))
    return found


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in {"text", "code_inline"})


def _text(clean: str) -> list[Text]:
    return [Text(Markup(clean))] if clean.strip() else []  # noqa: S704 - clean or escaped by every caller


def _sentence(text: str, *, mark: str, tone: str) -> list[Text]:
    marked = f'<span class="kpinb-mark">{mark}</span> {html.escape(text)}'
    return _text(f'<p class="kpinb-sentence kpinb-{tone}">{marked}</p>')


def _outputs(outputs: list[Any], language: str) -> Iterator[Block]:
    for output in outputs:
        kind = output.output_type
        if kind in {"display_data", "execute_result"}:
            yield from _shown(output.data, output.metadata, language)
        elif kind == "error":
            yield from _sentence(output.evalue or output.ename, mark="✕", tone="bad")
        elif kind == "stream" and output.name == "stdout":
            yield from _preformatted(output.text)
        # The error stream is for the operator: warnings of libraries are no news of the department.


def _shown(data: dict[str, Any], metadata: dict[str, Any], language: str) -> Iterator[Block]:
    chart = next((kind for kind in data if kind.startswith(_CHART)), None)
    if chart:
        yield from _drawn(data[chart], metadata, language)
    elif "text/html" in data:
        yield from _text(clean_output(data["text/html"]))
    elif "text/markdown" in data:
        yield from _text(render_markdown(parse_markdown(data["text/markdown"])))
    elif "text/plain" in data and _WIDGET not in data:
        yield from _preformatted(data["text/plain"])


def _preformatted(text: str) -> list[Text]:
    return _text(f'<pre class="plain">{html.escape(text.rstrip())}</pre>') if text.strip() else []


def _drawn(spec: object, metadata: dict[str, Any], language: str) -> Iterator[Block]:
    try:
        wide = draw(spec, language=language)
        narrow = draw_for_phone(spec, wide, language=language)
    except NotDrawn as problem:
        yield from _sentence(str(problem), mark="?", tone="unknown")
        return
    yield Chart(_alternative(spec, metadata), wide, narrow)


def _alternative(spec: object, metadata: dict[str, Any]) -> str:
    """Give the sentence that reads the chart: the figure's own, else the specification's description."""
    own = metadata.get("kpinb")
    candidates = [own.get("sentence") if isinstance(own, dict) else None]
    candidates.append(spec.get("description") if isinstance(spec, dict) else None)
    return next((text for text in candidates if isinstance(text, str) and text), _("Chart"))
