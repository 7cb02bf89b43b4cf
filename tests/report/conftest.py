"""Executed notebooks as papermill leaves them, and a reader that sees a page as a browser does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kpinb import language

WRITTEN = {
    "As known on {as_of}": "数据截至 {as_of}",
    "Bottom line": "结论",
    "Failed: no report this time": "失败：本次没有报告",
    "Reports of the departments": "各部门报告",
    "Review of {period}": "{period}复盘",
    "{name}: review of {period}": "{name}：{period}复盘",
}


@dataclass
class Page(HTMLParser):
    """What a browser finds in a page."""

    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    text: str = ""
    styles: str = ""
    _hidden: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    @classmethod
    def read(cls, html: str) -> Page:
        page = cls()
        page.feed(html)
        page.close()
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self._hidden += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if self._hidden:
            self.styles += data
        else:
            self.text += data

    def values(self, tag: str, name: str) -> list[str]:
        return [value for at, key, value in self.attributes if (at, key) == (tag, name)]

    def dangers(self) -> list[str]:
        """Whatever could run, load or lead away, but for links of prose to the web and mail."""
        bad = [
            tag
            for tag in self.tags
            if tag in {"script", "iframe", "object", "embed", "svg", "form", "foreignobject", "base", "link"}
        ]
        for tag, name, value in self.attributes:
            address = value.strip().lower()
            if name.startswith("on") or name == "style" or (name == "http-equiv" and address == "refresh"):
                bad.append(f"{tag} {name}")
            leads = name in {"src", "srcset", "href", "data", "action", "xlink:href", "formaction"}
            harmless = address.startswith(("#", "data:image/svg+xml;base64,"))
            if leads and not harmless and not (tag == "a" and address.startswith(("https://", "mailto:"))):
                bad.append(f"{tag} {name}={value}")
        if "url(" in self.styles or "@import" in self.styles:
            bad.append("style with an address")
        return bad


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with language.use("en"):
        yield


@pytest.fixture
def read_page() -> Callable[[str], Page]:
    return Page.read


@pytest.fixture
def output() -> Callable[..., Any]:
    """Make a cell's output of a bundle."""

    def make(bundle: dict[str, Any], metadata: dict[str, Any] | None = None) -> Any:
        return new_output("display_data", data=bundle, metadata=metadata or {})

    return make


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook: a text is a Markdown cell, a (tag, outputs) pair an executed code cell."""

    def write(name: str, *cells: str | tuple[str, list[Any]]) -> Path:
        made = []
        for number, cell in enumerate(cells):
            if isinstance(cell, str):
                made.append(new_markdown_cell(cell, id=f"cell-{number}"))
            else:
                tag, outputs = cell
                made.append(
                    new_code_cell(
                        "secret_code(1)",
                        id=f"cell-{number}",
                        execution_count=1,
                        outputs=outputs,
                        metadata={"tags": [tag] if tag else []},
                    )
                )
        path = tmp_path / name
        nbformat.write(new_notebook(cells=made), path)
        return path

    return write


@pytest.fixture
def bars() -> dict[str, Any]:
    """A chart of two departments."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
        "description": "销售部领先。",
        "width": 620,
        "data": {"values": [{"部门": "销售部", "增长": 15}, {"部门": "产品部", "增长": 9}]},
        "mark": "bar",
        "encoding": {
            "y": {"field": "部门", "type": "nominal"},
            "x": {"field": "增长", "type": "quantitative"},
        },
    }


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Put a small catalogue in place of the project's, so that a wrong language cannot go unseen."""
    for code, texts in (("zh_CN", WRITTEN), ("en", {})):
        folder = tmp_path / "locale" / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        lines = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n']
        lines += [f'msgid "{english}"\nmsgstr "{written}"\n' for english, written in texts.items()]
        (folder / "kpinb.po").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(language, "CATALOGUES", tmp_path / "locale")
    language._translations.cache_clear()
    yield WRITTEN
    language._translations.cache_clear()
