"""One look for every chart, and how JupyterLab draws it without a network.

Colours are those of Okabe and Ito (2008), which people who see colours differently can tell apart. Each colour
has one meaning.
"""

from __future__ import annotations

from typing import Any

import altair as alt

COLOURS = {
    "actual": "#0072B2",
    "target": "#7A4E8A",
    "history": "#9aa5ad",
    "good": "#009E73",
    "warn": "#E69F00",
    "bad": "#D55E00",
    "unknown": "#9aa5ad",
    "buffer": "#56B4E9",
    "plan": "#0072B2",
}
"""What each colour means, everywhere."""

FONTS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
WIDTH = 620
"""Width of a chart in pixels, where nothing else is said; the report makes a narrower one for phones."""

PANEL = 430
"""Width of a chart in the panel beside a form, which has half the width of a notebook."""

MIME = "application/vnd.vegalite.v5+json"
"""JupyterLab 4 draws this type with what it ships. Altair's own renderers load Vega from a CDN, or emit a type
that JupyterLab does not know and nbformat refuses."""


@alt.theme.register("kpinb", enable=False)
def theme() -> alt.theme.ThemeConfig:
    """Give the configuration that every chart of kpinb has."""
    text: Any = {"labelFont": FONTS, "titleFont": FONTS, "labelFontSize": 12, "titleFontSize": 12}
    config: Any = {
        "font": FONTS,
        "background": "white",
        "padding": {"left": 4, "right": 8, "top": 8, "bottom": 4},
        "view": {
            "continuousWidth": WIDTH,
            "continuousHeight": 240,
            "discreteWidth": WIDTH,
            "stroke": None,
        },
        "axis": {
            **text,
            "titleFontWeight": "normal",
            "titleColor": "#4a5560",
            "labelColor": "#1b1b1b",
            "gridColor": "#e6eaed",
            "domainColor": "#9aa5ad",
            "tickColor": "#9aa5ad",
            "labelLimit": 180,
        },
        "legend": {**text, "titleFontWeight": "normal", "orient": "top", "symbolSize": 90},
        "header": text,
        "title": {"font": FONTS, "fontSize": 14, "anchor": "start", "fontWeight": "bold"},
        "bar": {"color": COLOURS["actual"]},
        "line": {"strokeWidth": 2.5},
        "point": {"size": 55, "filled": True},
    }
    return alt.theme.ThemeConfig(config=config)


def specification(chart: Any) -> dict[str, Any]:
    """Give a chart's Vega-Lite specification in kpinb's theme, the same for the same data."""
    with alt.theme.enable("kpinb"):
        spec: dict[str, Any] = chart.to_dict()
    # Of the menu in JupyterLab only saving as a picture: “open in editor” would send the figures to a website.
    actions = {"export": True, "source": False, "compiled": False, "editor": False}
    return {**spec, "usermeta": {"embedOptions": {"actions": actions}}}


def _render(spec: dict[str, Any], **_metadata: Any) -> dict[str, Any]:
    return {MIME: spec, "text/plain": ""}


def enable() -> None:
    """Let charts that an analyst draws look alike and appear offline, in this kernel."""
    alt.renderers.register("kpinb", _render)
    alt.renderers.enable("kpinb")
    alt.theme.enable("kpinb")
