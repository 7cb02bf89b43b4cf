"""Whatever a name, a record or a notebook holds, a report never runs it, loads it or leads to it."""

from __future__ import annotations

import pytest

from kpinb.report.sanitise import clean_output, parse_markdown, render_markdown

HOSTILE = {
    "script": "<p>一</p><script>alert(1)</script>",
    "handler": '<p>一</p><img src="x" onerror="alert(1)">',
    "script link": '<p>一</p><a href="javascript:alert(1)">看</a>',
    "broken-out data": '<p>一</p><pre>{"a": "</pre></script><script>alert(1)</script>"}',
    "refresh": '<p>一</p><meta http-equiv="refresh" content="0;url=https://example.com/">',
    "frame": '<p>一</p><iframe srcdoc="<script>alert(1)</script>" src="https://example.com/"></iframe>',
    "svg": '<p>一</p><svg onload="alert(1)"><script>alert(1)</script></svg>',
    "style": '<p style="background:url(https://example.com/x)">一</p><style>@import url(https://example.com/);</style>',
    "data link": '<p>一</p><a href="data:text/html,<script>alert(1)</script>">看</a>',
    "foreign object": '<p>一</p><svg><foreignObject><iframe src="https://x.example/"></iframe></foreignObject></svg>',
    "cell": '<p>一</p><table><tr><td onclick="alert(1)" style="x" class="masthead">1</td></tr></table>',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_output_keeps_its_words_and_loses_its_teeth(kind, read_page):
    assert read_page(HOSTILE[kind]).dangers()  # control: as it came, it bites
    cleaned = clean_output(HOSTILE[kind])
    assert read_page(cleaned).dangers() == []
    assert "meta" not in read_page(cleaned).tags
    assert read_page(cleaned).text.startswith("一")


@pytest.mark.parametrize("kind", HOSTILE)
def test_html_in_prose_is_shown_as_text(kind, read_page):
    page = read_page(render_markdown(parse_markdown(HOSTILE[kind])))
    assert page.dangers() == []
    assert HOSTILE[kind].split(">", 1)[0] in page.text


def test_a_picture_hidden_in_another_namespace_does_not_come_to_light():
    hidden = '<math><mtext><table><mglyph><style><!--</style><img src=x onerror="alert(1)">'
    assert "<img" in hidden  # control
    assert "<img" not in clean_output(f"<p>一</p>{hidden}")


def test_only_our_own_classes_pass(read_page):
    html = '<p class="kpinb-sentence masthead kpinb-bad skip">差5个百分点</p>'
    assert read_page(clean_output(html)).values("p", "class") == ["kpinb-sentence kpinb-bad"]


def test_prose_links_to_the_web_and_mail_but_never_to_code(read_page):
    source = "[网](https://example.com/a) [信](mailto:a@example.com) [码](javascript:alert(1)) [邻](other.ipynb)"
    page = read_page(render_markdown(parse_markdown(source)))
    assert page.values("a", "href") == ["https://example.com/a", "mailto:a@example.com"]
    assert set(page.values("a", "rel")) == {"noopener noreferrer"}


def test_a_picture_in_prose_is_a_link_to_it_and_loads_nothing(read_page):
    page = read_page(render_markdown(parse_markdown("![图](https://example.com/x.png)")))
    assert "img" not in page.tags
    assert page.values("a", "href") == ["https://example.com/x.png"]


def test_an_output_cannot_close_what_the_report_has_opened():
    cleaned = clean_output("</div></section></main><p>后")
    assert cleaned == "<p>后</p>"


def test_who_does_what_by_when_becomes_cards_on_a_phone():
    table = (
        "<table class='kpinb-table'><thead><tr><th scope='col'>措施</th><th>负责人</th><th>截止</th></tr></thead>"
        "<tbody><tr><td>核心客户一对一回访并确认续约意向</td><td>销售部经理</td><td>2026年11月15日</td></tr></tbody></table>"
    )
    cleaned = clean_output(table)
    assert cleaned.startswith('<div class="scroll words" tabindex="0">')
    assert '<td data-label="截止">' in cleaned


def test_a_table_that_says_how_things_stand_does_not_hide_it_behind_the_edge():
    def table(tone):
        heads = "".join(f"<th>{title}</th>" for title in ("Indicator", "Actual", "Target", "Gap", "Status"))
        cells = "<td>5,461.2 万元</td><td>5,959.5 万元</td><td>−498.3 万元</td>"
        row = f"<tr><td>Revenue growth</td>{cells}<td{tone}>missed</td></tr>"
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{row}</tbody></table>"

    assert clean_output(table(' class="kpinb-bad"')).startswith('<div class="scroll words')
    small = "<table><tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td class='kpinb-bad'>2</td></tr></table>"
    assert clean_output(small).startswith('<div class="scroll" tabindex="0">')


def test_short_cells_of_a_card_share_a_line_where_they_fit():
    def table(score):
        heads = "".join(f"<th>{title}</th>" for title in ("指标", "重要性", "紧急性", "权重", "先做什么"))
        row = f"<td>老客户复购营收</td><td>{score}</td><td>4</td><td>10%</td><td class='kpinb-warn'>马上去做</td>"
        return f"<table><tr>{heads}</tr><tr>{row}</tr></table>"

    assert 'class="scroll words dense"' in clean_output(table("5"))
    assert 'class="scroll words"' in clean_output(table("1,115,461.2 万元"))


def test_a_card_tells_what_is_missing_but_not_who_has_no_part():
    def table(*cells):
        heads = "".join(f"<th>{'列' * 5}{number}</th>" for number in range(len(cells) + 1))
        body = "".join(f"<td>{cell}</td>" for cell in cells)
        return clean_output(f"<table><tr>{heads}</tr><tr><td>客户满意度调研</td>{body}</tr></table>")

    assert table("–", "–", "R", "–", "–").count('nothing"') == 4
    assert 'nothing"' not in table("–", "R", "A", "C", "I")


def test_a_matrix_scrolls_and_stays_a_matrix():
    heads = "".join(f"<th>2026-{month:02}</th>" for month in range(1, 13))
    cells = "<td class='kpinb-num'>1000</td>" * 12
    cleaned = clean_output(f"<table><tr><th>指标</th>{heads}</tr><tr><td>营收</td>{cells}</tr></table>")
    assert cleaned.startswith('<div class="scroll wide" tabindex="0">')
    assert "data-label" not in cleaned


def test_each_of_several_tables_has_its_own_box():
    cleaned = clean_output("<table><tr><td>1</td></tr></table><p>与</p><table><tr><td>2</td></tr></table>")
    assert cleaned.count('<div class="scroll"') == 2
    assert clean_output("<table></table><table><tr></tr></table>").count("scroll") == 2


def test_a_column_title_cannot_break_out_of_the_label_it_becomes(read_page):
    title = '"&gt;&lt;img src=x onerror=alert(1)&gt; 很长的一个列标题在这里'
    row = f"<tr><td>{'字' * 20}</td><td>{'字' * 20}</td><td>{'字' * 20}</td></tr>"
    cleaned = clean_output(f"<table><tr><th>甲</th><th>{title}</th><th>丙</th></tr>{row}</table>")
    page = read_page(cleaned)
    assert page.dangers() == []
    assert page.values("td", "data-label")[1].startswith('"><img src=x')
