"""A manager opens one file: the bottom line first, then the stages, and nothing of how it was made."""

from __future__ import annotations

import html

import pytest

from kpinb.errors import BadInput
from kpinb.report import IndexEntry, Status, write_department_report, write_index
from kpinb.report.page import CONTENT_SECURITY_POLICY

CHART = "application/vnd.vegalite.v5+json"
OF_OCTOBER = {"period": "2026-10", "language": "zh", "notice": "示例数据为虚构。", "as_of": "2026-11-05"}


@pytest.fixture
def report(tmp_path):
    def write(*notebooks, name="销售部", **changes):
        target = tmp_path / "report.html"
        write_department_report(list(notebooks), target, name=name, **{**OF_OCTOBER, **changes})
        return target.read_text(encoding="utf-8")

    return write


@pytest.fixture
def index(tmp_path):
    def write(*entries, company_notebook=None, name="示例公司", **changes):
        target = tmp_path / "index.html"
        write_index(
            target,
            company_notebook=company_notebook,
            entries=entries,
            name=name,
            **{**OF_OCTOBER, **changes},
        )
        return target.read_text(encoding="utf-8")

    return write


def in_order(text, *parts):
    places = [text.index(part) for part in parts]
    return places == sorted(places)


def test_stages_stand_in_the_order_given_under_one_title(report, notebook, read_page):
    first = notebook("10.ipynb", "# 明确指标\n\n给负责人看。\n\n## 指标溯源", "### 细节")
    second = notebook("20.ipynb", "# 拆解目标")
    page = report(first, second)
    body = page[page.index('<div class="stages">') :]
    assert in_order(body, "明确指标", "给负责人看", "指标溯源", "细节", "拆解目标")
    tags = read_page(page).tags
    assert tags.count("h1") == 1
    assert '<h2 id="stage-1-title">明确指标</h2>' in page
    assert '<h3 id="stage-1-1">指标溯源</h3>' in page
    assert "<h4>细节</h4>" in page
    assert in_order(report(second, first), 'stage-1-title">拆解目标', 'stage-2-title">明确指标')


def test_each_entry_of_the_contents_leads_somewhere(report, notebook, read_page):
    page = read_page(report(notebook("10.ipynb", "# 一\n## 甲\n## 乙"), notebook("20.ipynb", "# 二", "## 丙")))
    anchors = {value for _tag, name, value in page.attributes if name == "id"}
    links = [value for value in page.values("a", "href") if value.startswith("#stage")]
    assert links == ["#stage-1", "#stage-1-1", "#stage-1-2", "#stage-2", "#stage-2-1"]
    assert {link[1:] for link in page.values("a", "href")} <= anchors


def test_the_bottom_line_stands_on_top_and_only_there(report, notebook, output):
    red = output({"text/html": '<p class="kpinb-sentence kpinb-bad">差5个百分点</p>'})
    page = report(notebook("10.ipynb", "# 明确指标"), notebook("50.ipynb", "# 复盘", ("bottom-line", [red])))
    assert page.count("差5个百分点") == 1
    assert page.index("差5个百分点") < page.index("明确指标")
    other = report(notebook("51.ipynb", "# 复盘", ("", [red])))
    assert other.count("差5个百分点") == 1  # control: it is the tag that lifts it


@pytest.mark.parametrize("tag", ["parameters", "injected-parameters", "open", "form", "skip-execution"])
def test_what_is_not_for_the_reader_is_left_out(report, notebook, output, tag):
    shown = output({"text/html": "<p>看得见吗</p>"})
    assert "看得见吗" not in report(notebook("10.ipynb", "# 一", (tag, [shown])))
    assert "看得见吗" in report(notebook("10.ipynb", "# 一", ("other", [shown])))  # control


def test_how_to_fill_in_a_form_is_not_told_where_there_is_no_form(report, notebook, output):
    shown = output({"text/html": "<p>结果</p>"})
    book = notebook(
        "10.ipynb",
        "# 一",
        ("form", [shown]),
        "## 填写\n\n保存后重新运行。",
        ("form", [shown]),
        ("form", []),
        "## 表格",
        ("form", []),
        ("", [shown]),
        "## 结语",
    )
    page = report(book)
    assert "填写" not in page
    assert in_order(page[page.index("<h2") :], "一", "表格", "结果", "结语")  # control: other prose stays


def test_code_widgets_and_warnings_are_never_shown_but_plain_results_are(report, notebook, output):
    from nbformat.v4 import new_output

    widget = output({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "VBox(children=())"})
    plain = output({"text/plain": "<kpinb 12>"})
    error = new_output("stream", name="stderr", text="FutureWarning")
    out = new_output("stream", name="stdout", text="打印")
    page = report(notebook("10.ipynb", "# 一", ("", [widget, plain, error, out])))
    assert "secret_code" not in page
    assert "VBox" not in page
    assert "FutureWarning" not in page
    assert "&lt;kpinb 12&gt;" in page
    assert "打印" in page


def test_a_chart_is_shown_with_its_sentence_and_a_broken_one_says_so(report, notebook, output, bars, read_page):
    broken = output({CHART: {**bars, "mark": "nonsense"}, "text/plain": "图"})
    good = output({CHART: bars}, {"kpinb": {"sentence": "销售部 <领先>"}})
    described = output({CHART: bars})
    page = read_page(report(notebook("40.ipynb", "# 跟踪", ("", [broken, good, described]))))
    assert page.values("img", "alt") == ["销售部 <领先>", "销售部领先。"]
    assert all(src.startswith("data:image/svg+xml;base64,") for src in page.values("img", "src"))
    assert "kpinb-sentence kpinb-unknown" in page.values("p", "class")
    whole = read_page(report(notebook("41.ipynb", "# 跟踪", ("", [good]))))
    assert "kpinb-sentence kpinb-unknown" not in whole.values("p", "class")  # control


def test_a_hostile_name_notice_or_output_never_becomes_code(report, index, notebook, output, read_page):
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    cell = output({"text/html": evil, "text/plain": ""})
    book = notebook("10.ipynb", f"# {evil}\n\n## {evil}", ("bottom-line", [cell, output({"text/plain": evil})]))
    assert read_page(evil).dangers()  # control
    page = read_page(report(book, name=evil, notice=evil, period=evil, as_of=evil))
    assert page.dangers() == []
    entry = IndexEntry("x", evil, Status.failed, evil, None, ["x/10.ipynb"])
    whole = index(entry, company_notebook=book, name=evil, notice=evil, period=evil, as_of=evil)
    assert [d for d in read_page(whole).dangers() if d != "a href=x/10.ipynb"] == []


def test_the_browser_is_told_to_load_nothing(report, index, notebook, read_page):
    for page in (report(notebook("10.ipynb", "# 一")), index()):
        read = read_page(page)
        assert read.values("meta", "content")[0] == CONTENT_SECURITY_POLICY
        assert read.values("meta", "http-equiv") == ["Content-Security-Policy"]
    assert CONTENT_SECURITY_POLICY == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_page_speaks_the_readers_language(report, index, notebook, output, read_page, translated):
    book = notebook("10.ipynb", "# 一", ("bottom-line", [output({"text/html": "<p>二</p>"})]))
    chinese = report(book)
    assert read_page(chinese).values("html", "lang") == ["zh-CN"]
    assert '<h2 id="bottom-line">结论</h2>' in chinese
    assert "<title>销售部：2026-10复盘</title>" in chinese
    assert "数据截至 2026-11-05" in chinese
    english = report(book, language="en")
    assert read_page(english).values("html", "lang") == ["en"]
    assert '<h2 id="bottom-line">Bottom line</h2>' in english
    assert translated["Reports of the departments"] in index()


@pytest.mark.usefixtures("translated")
def test_nothing_is_said_of_a_moment_that_was_not_given(report, notebook):
    with_moment = report(notebook("10.ipynb", "# 一"))
    without = report(notebook("10.ipynb", "# 一"), as_of="", notice="")
    assert "数据截至" in with_moment
    assert "数据截至" not in without
    assert 'class="provenance"' not in without


def test_the_same_notebooks_give_the_same_bytes(report, notebook, output, bars):
    bars["mark"] = {"type": "bar", "clip": True}
    book = notebook("10.ipynb", "# 一", ("", [output({CHART: bars})]))
    assert report(book) == report(book)


def test_a_notebook_that_is_none_is_named(report, tmp_path):
    broken = tmp_path / "10_clarify.ipynb"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match=r"10_clarify\.ipynb"):
        report(broken)
    with pytest.raises(BadInput, match=r"20_decompose\.ipynb"):
        report(tmp_path / "20_decompose.ipynb")


def test_the_index_lists_what_failed_first_with_its_reason_and_notebook(index, notebook, output, read_page):
    red = output({"text/html": "<p>公司差5个百分点</p>"})
    company = notebook("60.ipynb", "# 公司总览", ("bottom-line", [red]))
    page = index(
        IndexEntry("sales", "销售部", Status.ok, "", "sales/report.html", ["sales/10_clarify.ipynb"]),
        IndexEntry("service", "客服部", Status.left_out, "参数 langauge 未知"),
        IndexEntry("marketing", "市场部", Status.failed, "第17行有5列", None, ["marketing/20_decompose.ipynb"]),
        company_notebook=company,
    )
    body = page[page.index("<main") :]
    assert in_order(
        body,
        "市场部",
        "第17行有5列",
        "marketing/20_decompose.ipynb",
        "客服部",
        "langauge",
        "公司差5个百分点",
        "销售部",
    )
    links = read_page(body).values("a", "href")
    assert links == ["marketing/20_decompose.ipynb", "sales/report.html", "sales/10_clarify.ipynb", "#top"]


def test_the_index_counts_only_what_there_is(index):
    page = index(
        IndexEntry("sales", "销售部", Status.ok, report="sales/report.html"),
        IndexEntry("product", "产品部", Status.ok, report="product/report.html"),
        language="en",
    )
    assert "2 departments were reviewed" in html.unescape(page)
    assert "failed" not in page[page.index("<main") :]


def test_the_index_stands_without_the_companys_notebook(index):
    english = index(IndexEntry("sales", "销售部", Status.ok, report="sales/report.html"), language="en")
    assert "own notebook has no results" in english
    assert 'href="sales/report.html"' in english


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "https://example.com/", "//example.com/x", "/etc/x", "\\\\x", "data:text/html,x"],
)
def test_the_index_links_only_to_files_beside_it(address):
    with pytest.raises(BadInput, match="beside it"):
        IndexEntry("sales", "销售部", Status.ok, report=address)
    with pytest.raises(BadInput, match="beside it"):
        IndexEntry("sales", "销售部", Status.ok, notebooks=[address])
    IndexEntry("sales", "销售部", Status.ok, report="sales/report.html")  # control
