"""Vague wording: what is marked, what a figure beside it excuses, and what a measurable version needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import Workbook, indicator

from kpinb.clarify.quantify.vague import vague_line, vague_sentences, vague_table, vague_terms
from kpinb.clarify.quantify.vague_words import MEASURES, WORDS
from kpinb.clarify.records import Criterion, VagueTerm
from kpinb.view import Tone

OWN = VagueTerm(id="duo-tuo", term="多拓", needs="写明在什么时间内拓展多少个。")


def terms(text: str, *extra: VagueTerm) -> list[str]:
    return [found.term for found in vague_terms(text, extra)]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        # The method's own sentences.
        ("优化客户服务响应速度", ["优化"]),
        ("提升用户复购率", ["提升"]),
        ("营收增长20%", []),
        ("平均响应时间≤2小时", []),
        ("24小时内问题解决率≥95%", []),
        ("新产品推广带来3%增长，老客户复购增长2%", []),
        ("每周8个签约客户", []),
        ("获取200个新用户", []),
        ("完成10场线下宣讲", []),
        ("客户满意度不低于90%", []),
        # A figure speaks for its own clause only.
        ("营收增长20%，并提升客户满意度", ["提升"]),
        ("营收增长20%并且提升服务", ["提升"]),
        ("优化响应速度：平均响应时间≤2小时", []),
        ("优化响应速度（平均响应时间≤2小时）", []),
        ("提升响应速度，即平均2小时", []),
        ("Increase revenue by 20% and improve service", ["improve"]),
        ("Keep the rate between 5 and 8%", []),
        # A date is no amount, and a deadline is none either.
        ("2026年优化客户服务", ["优化"]),
        ("第3季度提升销售能力", ["提升"]),
        ("Q1优化流程，6月10日前完善制度", ["优化", "完善"]),
        ("6个月内提升团队能力", ["提升"]),
        ("In 2026 improve service", ["improve"]),
        ("Improve service by 10 June", ["Improve"]),
        ("1. Improve service", ["Improve"]),
        ("1、优化服务", ["优化"]),
        ("B2B客户增长", ["增长"]),
        ("Win 2000 more users", []),
        ("营收翻番，利润增长两成", []),
        ("提升２０％", []),
        # But a date, or a length of time, says when.
        ("尽快回复客户", ["尽快"]),
        ("2小时内尽快回复客户", []),
        ("每月10日前及时报送", []),
        ("及时处理95%的工单", ["及时"]),
        ("Reply promptly, within 2 hours", []),
        ("Reply in a timely manner", ["in a timely manner"]),
        # And an amount says nothing of quality.
        ("高质量完成10场线下宣讲", ["高质量"]),
        ("高质量交付，一次合格率≥98%", ["高质量"]),
        ("高质量交付（一次合格率≥98%）", []),
        # The longest match wins, and a measure's name is not vague.
        ("大幅度降本增效", ["大幅度", "降本增效"]),
        ("客户满意度与及时率", []),
        ("让客户满意", ["满意"]),
        ("每天跟进有效线索", []),
        ("Answer as soon as possible", ["as soon as possible"]),
        ("no more than last year", []),
        # English by whole words with their endings, in any case, also among Chinese.
        (
            "IMPROVED, optimising; enhancements! strengthens? better",
            ["IMPROVED", "optimising", "enhancements", "strengthens", "better"],
        ),
        ("Optimization and optimisation significantly", ["Optimization", "optimisation", "significantly"]),
        ("The goods in the bettering house of Soonok", []),
        ("请improve服务", ["improve"]),
        ("", []),
    ],
)
def test_vague_words_are_marked_unless_a_figure_makes_them_measurable(text: str, marked: list[str]) -> None:
    assert terms(text) == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        # Chinese, as indicators are handed down.
        ("将客户投诉率由3%降低到1%以下", []),
        ("加强团队建设，提高员工凝聚力", ["加强", "提高"]),
        ("年底前完成ERP系统上线", []),
        ("确保全年营收不低于5000万元", []),
        ("确保安全生产零事故", []),
        ("力争重大投诉为零", []),
        ("提升零售业务", ["提升"]),
        ("优化流程，将审批时间从5天缩短到2天", []),
        ("优化流程，将于6月10日前完成", ["优化"]),
        ("营收增长20%，加大研发投入", ["加大"]),
        ("严格控制费用", ["严格"]),
        ("积极开拓华东市场", ["积极", "开拓"]),
        ("增收节支", ["增收节支"]),
        ("新增收入占比", []),
        ("保持行业领先地位", ["领先"]),
        ("持续改进，追求卓越", ["持续", "改进", "追求", "卓越"]),
        ("切实做好客户回访", ["切实", "做好"]),
        ("力争Q3前签约三十单", []),
        ("力争签约五位大客户", []),
        ("保证客服电话30秒内接听率≥90%", []),
        ("质量保证部有效投诉不超过3次", []),
        ("订单交付及时率98%", []),
        ("毛利率提升三个百分点", []),
        ("人效提升一倍", []),
        ("较去年同期有所增长", ["有所", "增长"]),
        ("打造一流团队", ["打造", "一流"]),
        ("在保证质量的前提下降低成本", ["保证", "降低"]),
        ("库存周转天数控制在45天以内", []),
        # English.
        ("Increase customer retention", ["Increase"]),
        ("Improve customer satisfaction to 4.5 out of 5", []),
        ("Ensure zero accidents", []),
        ("Reduce defects by half", []),
        ("Achieve best-in-class service", ["best-in-class"]),
        ("Be more customer-centric", ["more", "customer-centric"]),
        ("Timely delivery rate of 98%", []),
        ("Deliver in a timely manner 98% of orders", ["in a timely manner"]),
        ("Good Manufacturing Practice audit passed", []),
        ("Fast-track applications", []),
        ("Lower churn below 2%", []),
        ("Significantly lower churn", ["Significantly", "lower"]),
        ("Handle complaints efficiently and effectively", ["efficiently", "effectively"]),
        ("More than 90% of invoices paid within 30 days", []),
        ("Maintain a good relationship with key accounts", ["good"]),
        ("Provide adequate support where necessary", ["adequate", "where necessary"]),
        ("Optimize the checkout so that conversion rises from 2.1% to 2.5%", []),
    ],
)
def test_indicators_as_people_write_them_are_marked_as_a_reader_would(text: str, marked: list[str]) -> None:
    assert terms(text) == marked


@pytest.mark.parametrize(
    "word",
    [
        "优化",
        "提升",
        "加强",
        "改善",
        "尽快",
        "及时",
        "显著",
        "大幅",
        "较高",
        "适当",
        "力争",
        "确保",
        "improve",
        "optimise",
        "optimize",
        "enhance",
        "better",
        "faster",
        "timely",
        "soon",
        "significantly",
        "strengthen",
        "appropriate",
        "as appropriate",
        "high quality",
    ],
)
def test_every_word_that_was_asked_for_is_known(word: str) -> None:
    assert terms(word) == [word]


def test_a_find_says_where_it_stands() -> None:
    text = "力争在年内，提升服务"
    found = vague_terms(text)
    assert [(f.start, f.end, text[f.start : f.end]) for f in found] == [(0, 2, "力争"), (6, 8, "提升")]


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        (
            "优化客户服务响应速度",
            "Say from what average time to what, counted from which event to which, and by when.",
        ),
        ("Optimise the speed of service", "Say from what average time to what"),
        ("提升用户复购率", "Say from what percentage to what"),
        ("提升营收", "Say from how much to how much"),
        ("尽快回复", "Say within how many hours or days"),
    ],
)
def test_what_a_measurable_version_needs_fits_what_is_to_be_changed(text: str, needs: str) -> None:
    assert [found.needs.startswith(needs) for found in vague_terms(text)] == [True]


def test_a_teams_own_word_is_marked_with_the_teams_own_advice() -> None:
    assert terms("多拓新客户。") == []
    (found,) = vague_terms("多拓新客户。", [OWN])
    assert (found.start, found.end, found.term, found.needs) == (0, 2, "多拓", OWN.needs)
    assert terms("多拓8个新客户", OWN) == []


def test_a_teams_own_word_wins_over_the_same_one_of_the_package_and_the_later_over_the_earlier() -> None:
    first = VagueTerm(id="a", term="优化", needs="先写基准。")
    later = VagueTerm(id="b", term="优化", needs="写明从多少到多少。")
    assert [f.needs for f in vague_terms("优化流程", [first, later])] == [later.needs]
    longer = VagueTerm(id="c", term="优化流程", needs="写明哪一步。")
    assert terms("优化流程", first, longer) == ["优化流程"]


def test_a_teams_own_english_word_is_a_whole_word_and_its_signs_mean_nothing() -> None:
    own = VagueTerm(id="a", term="leverage", needs="Say what for.")
    assert terms("Leveraged leverages, beleveraged", own) == ["Leveraged", "leverages"]
    assert terms("a.b axb", VagueTerm(id="b", term="a.b", needs="?")) == ["a.b"]
    assert terms("(((", VagueTerm(id="b", term="(((", needs="?")) == ["((("]


def test_words_with_the_same_need_share_a_sentence() -> None:
    assert vague_sentences("优化流程，改善服务，优化体验，尽快完成") == [
        "“优化”, “改善” cannot be measured. Say from how much to how much, in which unit, and by when.",
        "“尽快” cannot be measured. Say within how many hours or days, counted from which event.",
    ]
    assert vague_sentences("平均响应时间≤2小时") == []


def test_no_word_is_said_twice() -> None:
    words = [word for group in [MEASURES, *WORDS.values()] for word in group]
    assert len(words) == len(set(words))


@given(st.text(alphabet="优化提升尽快高质量满意度及时率20%≤ 小时，。improve soon as appropriate1.５", max_size=60))
def test_finds_are_in_order_do_not_overlap_and_stand_where_they_say(text: str) -> None:
    end = 0
    for found in vague_terms(text, [OWN]):
        assert end <= found.start < found.end
        assert text[found.start : found.end] == found.term
        end = found.end


def test_a_book_shows_what_is_vague_and_which_criterion_says_it_in_numbers(workbook: Workbook) -> None:
    workbook.save(
        "sales",
        indicator("response", statement="优化客户服务响应速度。"),
        indicator("new", statement="多拓新客户。"),
        indicator("revenue", statement="营收增长20%。"),
        Criterion.build(
            {
                "id": "c",
                "indicator": "response",
                "statistic": "mean",
                "direction": "at_most",
                "threshold": "2",
                "unit": "hours",
            }
        ),
    )
    workbook.save("company", OWN)
    book = workbook.book()
    table = vague_table(book)
    assert table.frame[["name", "statement", "numbers", "tone"]].to_numpy().tolist() == [
        ["response", "优化客户服务响应速度。", "mean ≤ 2\N{NO-BREAK SPACE}hours, each calendar month", Tone.good],
        ["new", "多拓新客户。", "no criterion yet", Tone.bad],
    ]
    assert table.frame["vague"].tolist()[1] == f"“多拓” cannot be measured. {OWN.needs}"
    line = vague_line(book)
    assert line.text == "2 instructions have vague wording. Still without a criterion: new."
    assert line.tone is Tone.warn


def test_a_book_without_vague_wording_says_so(workbook: Workbook) -> None:
    workbook.save("sales", indicator("revenue", statement="营收增长20%。"))
    book = workbook.book()
    assert vague_line(book).text == vague_table(book).empty == "No instruction has vague wording."
    workbook.save("sales", indicator("response", statement="尽快回复。"))
    workbook.save("sales", Criterion.build({"id": "c", "indicator": "response", "threshold": "2"}))
    assert vague_line(book).text == "1 instruction has vague wording; a criterion puts it in numbers."
