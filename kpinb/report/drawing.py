"""Charts as pictures: a Vega-Lite specification becomes SVG, embedded as an image, in which no script can run.

vl-convert shares one engine between all charts of a process, and a chart that fails inside it can fail the next
one as well. So what is known to do that is taken out before, and after a failure the engine draws something
harmless until it is well again.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any, Literal

import vl_convert

from kpinb.errors import KpinbError
from kpinb.language import _

PHONE = 360
"""Width in CSS pixels for which the narrow drawing of a chart is made."""

_DATES: dict[str, Literal["zh-CN", "en-GB"]] = {"zh-CN": "zh-CN", "en": "en-GB"}
"""How the engine writes dates, unless a chart says it."""
_NUDGE = 12
"""A label moved by no more pixels than this still belongs to its mark."""
_HARMLESS = {"data": {"values": [{}]}, "mark": "point"}
_SIZE = re.compile(r'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"')
_COUNTED_ID = re.compile(r'(?<=id=")(?:clip|gradient_)\d+(?=")')
_VERSION = re.compile(r"/v(\d+\.\d+)")
# Of the parts of a specification only these hold rows of data, in which any name may be a column's.
_DATA = {"values", "datasets"}


class NotDrawn(KpinbError):
    """A chart cannot be drawn; the message is the sentence that stands in its place."""


@dataclass(frozen=True)
class Drawing:
    """An SVG picture.

    Parameters
    ----------
    svg : str
        The document.
    width, height : int
        Natural size in CSS pixels.
    """

    svg: str
    width: int
    height: int

    @property
    def uri(self) -> str:
        """The picture as the address of an image, which needs no file and no network."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode("ascii")


def draw(spec: object, *, language: str) -> Drawing:
    """Draw a chart.

    Parameters
    ----------
    spec : object
        A Vega-Lite specification, as found in a notebook. Links in it are left out.
    language : str
        Language of its texts as HTML names it, ``zh-CN`` or ``en``: decides how dates are written and which
        variant of a character is drawn.

    Raises
    ------
    NotDrawn
        The specification is none, asks for data or pictures from elsewhere, or the engine refuses it. Charts
        drawn afterwards are not affected.
    """
    if not isinstance(spec, dict):
        raise NotDrawn(_("A chart that belongs here cannot be drawn: the notebook holds no chart description."))
    svg = _convert(_self_contained(spec), language)
    size = _SIZE.match(svg)
    if size is None:
        raise NotDrawn(_("A chart that belongs here cannot be drawn: it has no size."))
    svg = svg.replace("<svg ", f'<svg xml:lang="{language}" ', 1)
    return Drawing(_renumbered(svg), round(float(size[1])), round(float(size[2])))


def draw_for_phone(spec: object, wide: Drawing, *, language: str) -> Drawing | None:
    """Draw a chart again at the width of a phone, so that its texts keep their size.

    Returns
    -------
    Drawing or None
        None where the chart already fits, or cannot be made narrow: then the wide one is to be scrolled.
    """
    if wide.width <= PHONE or not isinstance(spec, dict) or _placed_in_pixels(spec):
        return None
    plot = PHONE * 2 // 3
    try:
        narrow = draw(_narrowed(spec, plot), language=language)
        if narrow.width > PHONE:
            # The axis and its labels took more than a third; what they take stays, the plot gives way.
            narrow = draw(_narrowed(spec, max(150, PHONE + plot - narrow.width)), language=language)
    except NotDrawn:
        return None
    return narrow if narrow.width <= PHONE * 1.15 else None


def _self_contained(spec: dict[str, Any]) -> dict[str, Any]:
    """Copy a specification without links, which poison the engine and lead nowhere in a picture.

    The walk keeps a list of its own: a specification nested without end must not end the report.
    """
    copy: dict[str, Any] = {}
    waiting: list[tuple[Any, Any]] = [(spec, copy)]
    while waiting:
        source, target = waiting.pop()
        for key, value in source.items() if isinstance(source, dict) else enumerate(source):
            if key == "href":
                continue
            if key == "url":
                raise NotDrawn(
                    _(
                        "A chart that belongs here is left out: it asks for data or pictures from “{url}”, "
                        "and a report reads nothing from elsewhere."
                    ).format(url=str(value)[:80])
                )
            kept = value
            if isinstance(value, dict | list) and key not in _DATA:
                kept = type(value)()
                waiting.append((value, kept))
            if isinstance(target, dict):
                target[key] = kept
            else:
                target.append(kept)
    return copy


def _placed_in_pixels(spec: dict[str, Any]) -> bool:
    """Say whether marks stand so many pixels from where the data put them.

    In a narrower plot they would stand beside something else: a score in the neighbouring field of a matrix.
    """
    waiting: list[Any] = [spec]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            offsets = [part.get("dx"), part.get("xOffset")]
            offsets += [axis.get("value") for name in ("x", "x2") if isinstance(axis := part.get(name), dict)]
            if any(isinstance(offset, int | float) and abs(offset) > _NUDGE for offset in offsets):
                return True
            waiting += [value for key, value in part.items() if key not in _DATA]
    return False


def _convert(spec: dict[str, Any], language: str) -> str:
    try:
        return _engine(spec, language)
    except (ValueError, RuntimeError):
        # The failure may be that of an earlier chart, in code that does not know how to settle.
        _settle()
    try:
        return _engine(spec, language)
    except (ValueError, RuntimeError) as error:
        _settle()
        raise NotDrawn(
            _("A chart that belongs here cannot be drawn. The chart engine says: {problem}").format(
                problem=_first_words(error)
            )
        ) from error


def _engine(spec: dict[str, Any], language: str) -> str:
    # An empty list of addresses means that nothing may be fetched; None would mean anything.
    svg: str = vl_convert.vegalite_to_svg(
        spec, vl_version=_version(spec), allowed_base_urls=[], time_format_locale=_DATES[language]
    )
    return svg


def _settle() -> None:
    for _attempt in range(3):
        try:
            _engine(_HARMLESS, "en")
        except (ValueError, RuntimeError):
            continue
        return


def _version(spec: dict[str, Any]) -> str:
    known: list[str] = vl_convert.get_vegalite_versions()
    named = _VERSION.search(str(spec.get("$schema", "")))
    return named[1] if named and named[1] in known else known[-1]


def _first_words(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[1] if len(lines) > 1 else lines[0] if lines else type(error).__name__)[:160]


def _renumbered(svg: str) -> str:
    """Count ids from the picture's own beginning; the engine counts through the life of the process."""
    numbers = {old: f"k{n}" for n, old in enumerate(dict.fromkeys(_COUNTED_ID.findall(svg)))}
    for old, new in numbers.items():
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    return svg


def _narrowed(spec: dict[str, Any], plot: int) -> dict[str, Any]:
    """Copy a specification with plots so many pixels wide and below one another, labels cut earlier."""
    narrow = dict(spec)
    config = dict(spec.get("config") or {})
    config["view"] = {**(config.get("view") or {}), "continuousWidth": plot, "discreteWidth": plot}
    config["axisY"] = {**(config.get("axisY") or {}), "labelLimit": 110}
    legend = config.get("legend") or {}
    config["legend"] = {**legend, "orient": "bottom", "columns": 2, "labelLimit": 130}
    narrow["config"] = config
    return _views_narrowed(narrow, plot)


def _views_narrowed(view: dict[str, Any], plot: int) -> dict[str, Any]:
    narrow = dict(view)
    if isinstance(narrow.get("width"), int | float | str):
        narrow["width"] = plot
    for side_by_side in ("hconcat", "vconcat", "concat"):
        if isinstance(views := narrow.pop(side_by_side, None), list):
            narrow["vconcat"] = [_views_narrowed(v, plot) if isinstance(v, dict) else v for v in views]
    if isinstance(repeated := narrow.get("spec"), dict):
        narrow["spec"] = _views_narrowed(repeated, plot)
    return narrow
