"""Units as people write them: 万元, 个, %, hours, 万元/个, 元/人·月.

A unit is read into symbols with exponents: what stands after the first ``/`` (or 每, or ``per``) is below the
line, ``·`` and ``*`` multiply. A symbol that is not known is a dimension of its own, so that 积分 only ever goes
with 积分.

Some symbols have no dimension. Counts (个, 人, 单, customers, tickets …) all count the same way: 个 × 万元 is
万元 just as 个 × 万元/个 is. Percent is a share: the workbook stores 95 % as 0.95, so its scale is 1. Powers of
ten (千, 万, 亿, k, million) and numbers may stand alone or before a symbol that is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, lru_cache

COUNT, SHARE = "#", "%"
"""Dimensions of what is counted, and of a part of a whole; in a product neither matters."""

Scaled = tuple[str, Fraction]

_COUNTED = (
    *"个人次单件家条户位名台套份张笔项场篇组批箱盒瓶只辆门间支队",
    *("人次", "客户", "用户", "会员", "订单", "工单", "线索", "门店", "合同"),
    *("person", "people", "customer", "client", "user", "member", "employee", "head", "company", "account"),
    *("lead", "order", "deal", "contract", "sale", "transaction", "ticket", "case", "call", "visit", "reply"),
    *("event", "activity", "session", "signup", "store", "item", "unit", "piece", "pcs", "time"),
)
_TENS = {
    2: ("百",),
    3: ("千", "k", "thousand"),
    4: ("万",),
    5: ("十万",),
    6: ("百万", "mn", "million"),
    7: ("千万",),
    8: ("亿",),
    9: ("十亿", "bn", "billion"),
    10: ("百亿",),
    11: ("千亿",),
    12: ("万亿",),
}
_MEASURED: Mapping[str, Mapping[int | Fraction, tuple[str, ...]]] = {
    COUNT: {1: _COUNTED},
    SHARE: {1: ("%",), Fraction(1, 100): ("百分点", "个百分点"), Fraction(1, 1000): ("‰",)},
    "元": {1: ("元", "人民币", "cny", "rmb", "yuan", "¥")},
    "美元": {1: ("美元", "usd", "dollar", "$")},
    "欧元": {1: ("欧元", "eur", "euro", "€")},
    "秒": {
        1: ("秒", "秒钟", "s", "sec", "second"),
        60: ("分钟", "min", "minute"),
        3600: ("小时", "时", "工时", "h", "hr", "hour"),
        86400: ("天", "日", "d", "day"),
        604800: ("周", "星期", "week"),
    },
    # Months have no fixed number of days, and a day of work is not 24 hours of it.
    "月": {1: ("月", "个月", "month"), 3: ("季度", "季", "quarter"), 12: ("年", "year")},
    "人天": {1: ("人天", "人日", "person-day", "man-day")},
    "克": {1: ("克", "g"), 1000: ("千克", "公斤", "kg"), 10**6: ("吨", "t")},
    "米": {1: ("米",), 1000: ("公里", "千米", "km")},
}
_MONEY = frozenset(symbol for name in ("元", "美元", "欧元") for symbol in _MEASURED[name][1])
_TWINS = str.maketrans({"²": "^2", "³": "^3", "㎡": "m^2", "％": "%", "￥": "¥", "／": "/", "÷": "/", "×": "·"})
_TIMES = re.compile(r"[·⋅•∙*＊]")
_POWER = re.compile(r"(?P<symbol>.+?)\^(?P<power>-?[1-9])\Z")
_NUMBER = re.compile(r"(?a:[1-9]\d{0,11})")
_PER = re.compile(r"(?<=\S)\s+per\s+|(?<=.)每")


@dataclass(frozen=True)
class Unit:
    """A product of symbols.

    Parameters
    ----------
    powers : mapping of str to Fraction
        Exponents of symbols, in the order in which they are written; none of them is 0.
    factors : frozenset of Fraction
        By how much a number in the formula may already have changed the unit: ``元 / 10000`` is perhaps meant
        as 万元, and perhaps as a ten-thousandth of the amount in 元.
    """

    powers: Mapping[str, Fraction]
    factors: frozenset[Fraction] = field(default=frozenset({Fraction(1)}))

    def __str__(self) -> str:
        above = [symbol for symbol, power in self.powers.items() if power > 0]
        for kind in (SHARE, COUNT):
            above = [symbol for symbol in above if _scaled(symbol) != (kind, Fraction(1))] or above
        top = "·".join(_with_power(symbol, self.powers[symbol]) for symbol in above) or "1"
        bottom = "·".join(_with_power(symbol, -power) for symbol, power in self.powers.items() if power < 0)
        return f"{top}/{bottom}" if bottom else top

    @property
    def dimensions(self) -> dict[str, Fraction]:
        """Exponents of what is measured, counts and shares left out."""
        return {name: power for name, power in self._all().items() if name not in (COUNT, SHARE)}

    @property
    def is_count(self) -> bool:
        """Whether it counts things and nothing else."""
        return not self.dimensions and self._all().get(COUNT, 0) > 0

    @property
    def is_share(self) -> bool:
        """Whether it is a part of a whole and nothing else."""
        everything = self._all()
        return not self.dimensions and everything.get(SHARE, 0) > 0 and not everything.get(COUNT, 0)

    @property
    def scale(self) -> Fraction | None:
        """How many of the smallest unit it is; None where that is no fraction, as for the root of 万元."""
        product = Fraction(1)
        for symbol, power in self.powers.items():
            each = _scaled(symbol)[1]
            if each != 1 and power.denominator != 1:
                return None
            product *= each**power.numerator if each != 1 else 1
        return product

    @property
    def scales(self) -> frozenset[Fraction] | None:
        """The scales that it may have, once a number in the formula is taken for a conversion."""
        scale = self.scale
        return None if scale is None else frozenset(scale * factor for factor in self.factors)

    def _all(self) -> dict[str, Fraction]:
        found: dict[str, Fraction] = {}
        for symbol, power in self.powers.items():
            name = _scaled(symbol)[0]
            found[name] = found.get(name, Fraction(0)) + power
        return {name: power for name, power in found.items() if power and name}


def parse_unit(text: str) -> Unit | None:
    """Read a unit.

    Parameters
    ----------
    text : str
        What a person typed as a unit; nothing in it is an error.

    Returns
    -------
    Unit or None
        None where there is no text: the unit is not known.

    Examples
    --------
    >>> parse_unit("元/人·月").dimensions
    {'元': Fraction(1, 1), '月': Fraction(-1, 1)}
    >>> parse_unit("万元").scale
    Fraction(10000, 1)
    """
    written = unicodedata.normalize("NFC", text).translate(_TWINS).strip()
    if not written:
        return None
    if _known(written) or re.search(r"\([^)]*/[^)]*\)", written):
        return Unit({written: Fraction(1)})
    above, *below = _PER.sub("/", written).replace("(", "").replace(")", "").split("/")
    powers: dict[str, Fraction] = {}
    for sign, part in ((1, above), *((-1, part) for part in below)):
        for symbol, power in _symbols(part):
            powers[symbol] = powers.get(symbol, Fraction(0)) + sign * power
    return Unit({symbol: power for symbol, power in powers.items() if power})


def _symbols(part: str) -> list[tuple[str, int]]:
    """Take one side of the line apart; 1, as in ``1/月``, is no symbol."""
    found = []
    for piece in _TIMES.split(part):
        words = piece.split()
        # “customers month” is a product; “net promoter score” is one unit.
        for word in words if all(_known(word) for word in words) else [" ".join(words)]:
            power = _POWER.match(word)
            if power:
                found.append((power["symbol"], int(power["power"])))
            elif word not in ("", "1"):
                found.append((word, 1))
    return found


@lru_cache(maxsize=1024)
def _scaled(symbol: str) -> Scaled:
    """Give a symbol's dimension and scale; what is not known is its own dimension."""
    return _known(symbol) or (symbol.casefold(), Fraction(1))


@lru_cache(maxsize=1024)
def _known(symbol: str) -> Scaled | None:
    plain = symbol.casefold()
    table = _table()
    for spelt in (plain, plain.removesuffix("s"), plain.removesuffix("es"), re.sub(r"ies\Z", "y", plain)):
        if spelt in table:
            return table[spelt]
    number = _NUMBER.match(plain)
    if number:
        rest = plain[number.end() :]
        of_rest = _known(rest) if rest else (COUNT, Fraction(1))
        return (of_rest[0], of_rest[1] * int(number.group())) if of_rest else None
    return _after_a_power_of_ten(plain, table)


def _after_a_power_of_ten(symbol: str, table: Mapping[str, Scaled]) -> Scaled | None:
    # The longest first: 百万元 is a million, and not a hundred of something that is called 万元.
    for ten, power in sorted(_tens().items(), key=lambda entry: -len(entry[0])):
        if not symbol.startswith(ten):
            continue
        rest = symbol.removeprefix(ten).lstrip()
        if not rest:
            return COUNT, Fraction(10) ** power
        # A single Latin letter is a thousand only before money: what “kt” means is not clear.
        if rest in table and (ten != "k" or rest in _MONEY):
            dimension, scale = table[rest]
            return dimension, scale * 10**power
    return None


@cache
def _tens() -> dict[str, int]:
    return {symbol: power for power, symbols in _TENS.items() for symbol in symbols}


@cache
def _table() -> dict[str, Scaled]:
    return {
        symbol: (dimension, Fraction(scale))
        for dimension, scales in _MEASURED.items()
        for scale, symbols in scales.items()
        for symbol in symbols
    }


def _with_power(symbol: str, power: Fraction) -> str:
    return symbol if power == 1 else f"{symbol}^{power}"
