"""What stands on top of an opened notebook, with the styles of everything below it."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Heading:
    """Whose review it is, and of which month.

    Parameters
    ----------
    title : str
        Such as 销售部 · 2026年10月.
    notice : str
        Where the data come from, if that has to be said.
    """

    title: str
    notice: str = ""

    def _repr_mimebundle_(self, **_kwargs: object) -> dict[str, str]:
        # Charts that an analyst draws below without kpinb follow the same theme, and appear offline.
        from kpinb.view import theme

        theme.enable()
        styles = (Path(__file__).parent / "notebook.css").read_text(encoding="utf-8")
        notice = f'<p class="kpinb-notice">{html.escape(self.notice)}</p>' if self.notice else ""
        return {
            "text/html": f'<style>{styles}</style><p class="kpinb-title">{html.escape(self.title)}</p>{notice}',
            "text/plain": " · ".join(filter(None, [self.title, self.notice])),
        }
