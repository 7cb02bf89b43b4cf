"""What of a notebook's HTML and Markdown may stand in a report.

A department's name, a record's text or a hostile notebook can hold anything. What is not named here does not
pass: no script, no style, no address, no picture, no id.
"""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kpinb.report.tables import box_tables

_TAGS = {
    *("p", "div", "span", "br", "small", "strong", "em", "b", "i", "code", "pre", "blockquote", "hr"),
    *("h2", "h3", "h4", "h5", "ul", "ol", "li"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
_DROPPED_WHOLE = {"script", "style", "iframe", "object", "noscript", "template", "title", "svg", "math"}
_OWN_CLASS = re.compile(r"kpinb-[a-z0-9-]+\Z")
_VALUES = {
    "scope": re.compile(r"(?:row|col|rowgroup|colgroup)\Z"),
    "colspan": re.compile(r"[1-9][0-9]?\Z"),
    "rowspan": re.compile(r"[1-9][0-9]{0,2}\Z"),
    "start": re.compile(r"[0-9]{1,6}\Z"),
    "id": re.compile(r"stage-[0-9-]+\Z"),
    "rel": re.compile(r"noopener noreferrer\Z"),
    # Relative links are left out too: beside the report there is nothing that a template could know of.
    "href": re.compile(r"(?:https://|mailto:)[^\s\"'<>]+\Z"),
}
_CELL = {"scope", "colspan", "rowspan"}


def _keep(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return " ".join(name for name in value.split() if _OWN_CLASS.match(name)) or None
    allowed = _VALUES.get(attribute)
    return value if allowed and allowed.match(value) else None


_OUTPUT = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED_WHOLE,
    attributes={"*": {"class"}, "th": _CELL, "td": _CELL, "ol": {"start"}},
    attribute_filter=_keep,
    url_schemes=set(),
    link_rel=None,
)
_PROSE = nh3.Cleaner(
    tags={*_TAGS, "a"},
    clean_content_tags=_DROPPED_WHOLE,
    attributes={
        **{f"h{level}": {"id"} for level in (2, 3, 4, 5)},
        "a": {"href"},
        "ol": {"start"},
    },
    attribute_filter=_keep,
    url_schemes={"https", "mailto"},
    link_rel="noopener noreferrer",
)
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def clean_output(html: str) -> str:
    """Give a cell's HTML output as it may stand in a report.

    Parameters
    ----------
    html : str
        Whatever the notebook holds.

    Returns
    -------
    str
        Balanced HTML of plain text elements and tables, classes only where they begin with ``kpinb-``; each
        table in a box of its own that scrolls where the screen is narrow.
    """
    return box_tables(_OUTPUT.clean(html))


def clean_prose(html: str) -> str:
    """Give rendered Markdown as it may stand in a report: as `clean_output`, with web and mail links."""
    return box_tables(_PROSE.clean(html))


def parse_markdown(source: str) -> list[Token]:
    """Read Markdown; HTML in it is text, pictures are not drawn."""
    return _MARKDOWN.parse(source)


def render_markdown(tokens: list[Token]) -> str:
    """Turn tokens of `parse_markdown` into clean HTML."""
    return clean_prose(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
