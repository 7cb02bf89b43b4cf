"""Charts are pictures that need nothing, and one that fails takes no other with it."""

from __future__ import annotations

import base64
import copy
from xml.etree import ElementTree as ET

import altair as alt
import pytest
import vl_convert

from kpinb.report.drawing import PHONE, NotDrawn, _version, draw, draw_for_phone


def poison(bars):
    spec = copy.deepcopy(bars)
    spec["encoding"]["href"] = {"value": "javascript:alert(1)"}
    return spec


def convert_carelessly(spec):
    return vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])


def test_a_chart_keeps_its_chinese_words_and_its_size(bars):
    drawing = draw(bars, language="zh-CN")
    assert "销售部" in drawing.svg
    assert drawing.svg.startswith('<svg xml:lang="zh-CN"')
    assert drawing.width > 620
    assert base64.b64decode(drawing.uri.removeprefix("data:image/svg+xml;base64,")).decode() == drawing.svg


def test_a_link_to_code_is_left_out_and_the_next_chart_is_drawn(bars):
    with pytest.raises(ValueError, match="href"):
        convert_carelessly(poison(bars))  # control: carelessly drawn, it fails ...
    with pytest.raises(ValueError, match="href"):
        convert_carelessly(bars)  # ... and so does the good one after it
    assert "javascript" not in draw(poison(bars), language="en").svg
    assert "销售部" in draw(bars, language="en").svg


def test_a_chart_is_drawn_even_if_someone_elses_chart_has_failed_before(bars):
    with pytest.raises(ValueError, match="href"):
        convert_carelessly(poison(bars))
    assert "销售部" in draw(bars, language="en").svg


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mark": "nonsense"}, "cannot be drawn"),
        ({"encoding": {"x": {"field": "增长", "axis": {"labelExpr": "%%%"}}}}, "Expression parse error"),
        ({"data": {"url": "https://example.com/x.csv"}}, "https://example.com/x.csv"),
        ({"mark": {"type": "image", "url": "https://example.com/x.png"}}, "https://example.com/x.png"),
        ({"data": {"url": "file:///etc/passwd"}}, "file:///etc/passwd"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_why_and_the_next_one_is_drawn(bars, change, words):
    with pytest.raises(NotDrawn, match=words):
        draw({**bars, **change}, language="en")
    assert "销售部" in draw(bars, language="en").svg


def test_what_is_no_chart_at_all_is_refused():
    for nothing in (None, [], "x", 3, {}):
        with pytest.raises(NotDrawn):
            draw(nothing, language="en")


def test_a_column_may_be_called_url(bars):
    bars["data"]["values"] = [{"url": "甲", "href": "乙"}, {"url": "丙", "href": "丁"}]
    bars["encoding"] = {"y": {"field": "url", "type": "nominal"}, "x": {"field": "href", "type": "nominal"}}
    svg = draw(bars, language="en").svg
    assert "甲" in svg
    assert "乙" in svg


def test_hostile_words_in_the_data_stay_words(bars):
    bars["data"]["values"][0]["部门"] = "</text></svg><script>alert(1)</script>"
    drawing = draw(bars, language="en")
    tags = {element.tag.rsplit("}", 1)[-1] for element in ET.fromstring(drawing.svg).iter()}  # noqa: S314
    assert "script" not in tags
    assert "text" in tags


def test_the_same_chart_gives_the_same_bytes_however_many_were_drawn_before(bars):
    bars["mark"] = {
        "type": "area",
        "clip": True,
        "color": {"gradient": "linear", "stops": [{"offset": 0, "color": "white"}, {"offset": 1, "color": "red"}]},
    }
    careless = [convert_carelessly(bars) for _turn in range(2)]
    assert careless[0] != careless[1]  # control: the engine counts on
    first, second = (draw(bars, language="en").svg for _turn in range(2))
    assert first == second
    assert "url(#k" in first


def test_a_phone_gets_a_chart_drawn_anew_at_its_width(bars):
    wide = draw(bars, language="en")
    narrow = draw_for_phone(bars, wide, language="en")
    assert narrow is not None
    assert narrow.width <= PHONE * 1.15
    assert "销售部" in narrow.svg


def test_charts_side_by_side_stand_one_below_the_other_on_a_phone(bars):
    both = {"hconcat": [bars, bars]}
    wide = draw(both, language="en")
    narrow = draw_for_phone(both, wide, language="en")
    assert narrow is not None
    assert narrow.height > wide.height


def test_a_chart_with_labels_placed_in_pixels_is_not_made_narrow_lest_they_stand_elsewhere(bars):
    def labelled(offset):
        text = {"mark": {"type": "text", "dx": offset}, "encoding": {"text": {"field": "增长"}}}
        return {"data": bars["data"], "encoding": bars["encoding"], "width": 620, "layer": [{"mark": "bar"}, text]}

    far, near = labelled(40), labelled(5)
    assert draw_for_phone(far, draw(far, language="en"), language="en") is None
    assert draw_for_phone(near, draw(near, language="en"), language="en") is not None


def test_a_chart_that_fits_a_phone_is_drawn_once(bars):
    bars["width"] = 200
    assert draw_for_phone(bars, draw(bars, language="en"), language="en") is None


def test_dates_are_written_in_the_readers_language():
    spec = {
        "data": {"values": [{"day": "2026-06-01"}, {"day": "2026-06-30"}]},
        "mark": "point",
        "encoding": {"x": {"field": "day", "type": "temporal", "axis": {"format": "%B"}}},
    }
    assert "六月" in draw(spec, language="zh-CN").svg
    assert "June" in draw(spec, language="en").svg


def test_altairs_own_version_of_vega_lite_is_the_one_that_draws():
    schema = f"https://vega.github.io/schema/vega-lite/{alt.SCHEMA_VERSION}.json"
    assert alt.SCHEMA_VERSION.startswith("v" + _version({"$schema": schema}))
    assert (
        _version({"$schema": "https://vega.github.io/schema/vega-lite/v99.0.json"})
        in vl_convert.get_vegalite_versions()
    )
