"""What in a clause is a figure already, and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Flag, auto


class Excuse(Flag):
    """What a clause holds that can make a vague word measurable."""

    number = auto()
    """An amount: 20%, 8个, two hours, twice."""
    time = auto()
    """A length of time or a date by which: within 24 hours, 6月10日前."""
    comparison = auto()
    """A share or a bound: 98%, ≥ 4.5, at least 90."""


FLAGS = re.IGNORECASE | re.ASCII
"""ASCII, so that a word boundary lies between Chinese and English, which are written without a space."""

_NARROW = str.maketrans("０１２３４５６７８９％．　\N{NO-BREAK SPACE}", "0123456789%.  ")

_EXPLAINS = (
    r"(?!\s*(?:即|也就是|将(?!于)|把|使(?!用)|不低于|不高于|不超过|至少"
    r"|(?:within|from|namely|i\.e|that is|at least|at most)\b))"
)
_END = re.compile(
    rf"[。；;！!？?、\r\n]|\.(?=\s|$)|(?:，|,(?=\s|$)){_EXPLAINS}|并且|而且|同时|以及"
    r"|\b(?:while|whereas)\b|\band\b(?!\s+[\d.])",
    FLAGS,
)
"""Neither a colon nor a bracket ends a clause, nor does a comma before “within” or 将: what follows explains."""

_MONTHS = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DIGITS = r"(?<!\d)(?<!\d[.,])\d[\d,]{0,20}(?:\.\d{1,9})?"
"""Bounded and not begun in the middle of a number, or four thousand digits would take seconds."""
_HAN = "[两二三四五六七八九十百千万半]"
_HOURS = r"个?(?:工作)?(?:小时|分钟|秒|天|日|周|星期)"
_HOURS_ENGLISH = r"(?:working |business )?(?:hours?|h|minutes?|min|seconds?|days?|weeks?)"
_COUNTED = rf"(?:{_DIGITS}|{_HAN}{{1,6}}|一)"
_COUNTED_ENGLISH = rf"(?:{_DIGITS}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"

_NO_AMOUNT = [
    re.compile(pattern, FLAGS)
    for pattern in (
        r"^\s*[(（]?\d{1,2}[.)）:：]\s*",  # a list's mark; the comma of 1、 has ended the clause
        r"(?:19|20)\d\d\s*(?:年度?|财年)",
        r"(?:19|20)\d\d[-/.](?:\d{1,2}[-/.]\d{1,2}|\d{1,2}|Q[1-4]|H[12]|W\d{1,2})",
        r"\b(?:in|by|during|until|since|fy|year)\s+20[1-4]\d\b",
        r"第?\s*[\d一二三四]\s*季度",
        r"\d{1,2}\s*月(?:份|底|末|初)?(?:\s*\d{1,2}\s*日)?",
        r"(?<!\d)\d{1,2}\s*日(?=前|之前|以前|起|止)",
        r"第\s*[\d一二三四五六七八九十]+",
        rf"\b{_MONTHS}\s+\d{{1,2}}\b",
        rf"\b\d{{1,2}}\s+{_MONTHS}\b",
        r"\b(?:iso|top|level|tier|phase|version|no\.?|chapter|section)\s*\d+",
        r"[A-Za-z]\d+[A-Za-z]?",  # Q1, B2B, O2O, V3
        r"\b\d[A-Z]\b",  # 5G
        r"7\s*[×x*]\s*24|24\s*[×x*/]\s*7",
        # Months and years are deadlines, not amounts: “within six months” says when, not how much.
        rf"{_COUNTED}\s*(?:个月|个季度|年)(?:之内|以内|内)",
        rf"\b(?:within|over|in)\s+(?:the\s+)?(?:next\s+)?{_COUNTED_ENGLISH}\s+(?:months?|quarters?|years?)\b",
    )
]

_AMOUNT = re.compile(
    rf"{_DIGITS}|百分之{_HAN}|翻番|翻一番|翻倍|减半|{_HAN}(?:个|场|次|家|名|人|位|倍|成|天|周|小时|条|件|单|台|套|项|笔|户|份|元|万|百|千|亿)|一(?:倍|成|半)"
    r"|零(?:事故|投诉|缺陷|差错|故障|伤亡|违规|逾期|延误|流失|坏账|退货)|[为至到]零(?!售)"
    r"|\b(?:twice|doubles?|doubled|tripled?|triples?|halved?|halves|by half|in half|zero"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand)(?=\s+\w))\b",
    FLAGS,
)
_BOUND = re.compile(
    rf"{_DIGITS}\s*(?:[%‰]|percent\b|per cent\b|分(?!钟))|百分之|[≥≤<>＜＞=＝]\s*{_DIGITS}"
    rf"|(?:不低于|不少于|不超过|不高于|不多于|至少|至多|最多|最少|以上|以下|达到)\s*{_DIGITS}"
    rf"|\b(?:at least|at most|no (?:more|less|fewer) than|above|below|under|over)\s+{_DIGITS}",
    FLAGS,
)
_TIME = re.compile(
    rf"{_COUNTED}\s*{_HOURS}|\b{_COUNTED_ENGLISH}[\s-]?{_HOURS_ENGLISH}\b"
    r"|\d{1,2}\s*[月日](?:\s*\d{1,2}\s*日)?(?:底|末)?(?:前|之前|以前)|年底前|月底前|周末前|当[天日]|次日"
    r"|\b(?:same|next)[- ](?:working |business )?day\b"
    rf"|\bby\s+(?:the end of\s+)?(?:\d|{_MONTHS}|q[1-4]|noon|(?:mon|tues|wednes|thurs|fri)day)",
    FLAGS,
)


def clauses(text: str) -> Iterator[tuple[int, str]]:
    """Take a text apart where one figure ceases to speak for the words around it: place and clause."""
    start, text = 0, text.translate(_NARROW)  # as long as before, so that places stay what they are
    for end in _END.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    yield start, text[start:]


def excuses(clause: str) -> Excuse:
    """Say what a clause holds that can make a vague word in it measurable."""
    found = Excuse(0)
    if _TIME.search(clause):
        found |= Excuse.time
    amounts = clause
    for pattern in _NO_AMOUNT:
        amounts = pattern.sub(" ", amounts)
    if _AMOUNT.search(amounts):
        found |= Excuse.number
    if _BOUND.search(amounts):
        found |= Excuse.comparison | Excuse.number
    return found
