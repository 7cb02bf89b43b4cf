"""The drivers of an indicator as a tree: what is computed from what, with a month's figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from kpinb import formula
from kpinb.book import Book
from kpinb.clarify.drivers.check import check_sentence
from kpinb.clarify.drivers.computing import Driver, Source, drivers_of, formula_notes, formula_problems, has_series
from kpinb.clarify.history import Histories
from kpinb.clarify.prioritise.ranking import rank
from kpinb.clarify.records import Indicator
from kpinb.formula import Extreme, Name, Negative, Node, Operation, compute, write
from kpinb.formula.tree import replaced
from kpinb.language import N_, Label, _, join_sentences
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats

_PRINTED = {"+": "+", "-": "\N{MINUS SIGN}", "*": "×", "/": "÷", "^": "^"}
_OPPOSITE = {"+": "-", "-": "+", "*": "/", "/": "*"}


class Kind(Label):
    """What stands at a place of the tree."""

    computed = "computed", N_("computed by a formula")
    measured = "measured", N_("from the actuals")
    number = "number", N_("a number in the formula")


@dataclass(frozen=True, slots=True)
class Branch:
    """One place of the tree.

    Parameters
    ----------
    number, parent : int, int or None
        Places are numbered from 0, the indicator itself, downwards and in the formula's order.
    depth : int
        Steps from the indicator.
    sign : str
        What is done with it: ``+ − × ÷ ^ min max``; empty for what is there first.
    name : str
        The driver as readers call it, or a part of the formula as it is written.
    value : Decimal or None
        The month's figure; None where it is missing or not computable.
    unit : str
        Empty where it is not known.
    kind : Kind
        How the figure came about.
    """

    number: int
    parent: int | None
    depth: int
    sign: str
    name: str
    value: Decimal | None
    unit: str
    kind: Kind


def driver_tree(
    indicator: Indicator,
    indicators: Sequence[Indicator],
    series: Sequence[str],
    value_of: Callable[[Driver], Decimal | None],
) -> list[Branch]:
    """Draw up the tree of an indicator's drivers.

    Sums and products of several parts are one step: the parts stand side by side, each with its sign. A driver
    that has a formula itself is followed further down, the first time that it is met.

    Parameters
    ----------
    indicator : Indicator
        With a formula that has no problem.
    indicators : sequence of Indicator
        All those of the department.
    series : sequence of str
        The series of its file of actuals.
    value_of : callable
        Gives a driver's figure for the month that is shown.

    Returns
    -------
    list of Branch
        From the indicator downwards, each followed by what it is computed from. Its own figure is the formula's.
    """
    return _Planting(indicators, series, value_of).plant(indicator)


class _Planting:
    def __init__(
        self, indicators: Sequence[Indicator], series: Sequence[str], value_of: Callable[[Driver], Decimal | None]
    ) -> None:
        self._by_id = {indicator.id: indicator for indicator in indicators}
        self._series = series
        self._value_of = value_of
        self._branches: list[Branch] = []
        self._followed: set[str] = set()

    def plant(self, indicator: Indicator) -> list[Branch]:
        read = formula.parse(indicator.formula)
        value = _computed(read.tree, self._values(read))
        root = self._add(None, "", indicator.name, value, indicator.unit, Kind.computed)
        self._follow(indicator, root)
        return self._branches

    def _values(self, read: formula.Formula) -> dict[str, Decimal | None]:
        drivers = drivers_of(read, list(self._by_id.values()), self._series)
        return {name: self._value_of(driver) for name, driver in drivers.items()}

    def _add(
        self, above: Branch | None, sign: str, name: str, value: Decimal | None, unit: str, kind: Kind
    ) -> Branch:
        parent, depth = (None, 0) if above is None else (above.number, above.depth + 1)
        self._branches.append(Branch(len(self._branches), parent, depth, sign, name, value, unit, kind))
        return self._branches[-1]

    def _follow(self, indicator: Indicator, branch: Branch) -> None:
        self._followed.add(indicator.id)
        read = formula.parse(indicator.formula)
        drivers = drivers_of(read, list(self._by_id.values()), self._series)
        self._parts(read.tree, branch, drivers, self._values(read))

    def _parts(
        self, node: Node, above: Branch, drivers: dict[str, Driver], values: dict[str, Decimal | None]
    ) -> None:
        for sign, part in _steps(node):
            value = _computed(part, values)
            if isinstance(part, Name):
                self._driver(drivers[part.name], above, sign, value)
            elif isinstance(part, formula.Number):
                self._add(above, sign, write(part), value, "", Kind.number)
            else:
                branch = self._add(above, sign, printed(part, drivers), value, "", Kind.computed)
                self._parts(part, branch, drivers, values)

    def _driver(self, driver: Driver, above: Branch, sign: str, value: Decimal | None) -> None:
        own = self._by_id[driver.key] if driver.source is Source.indicator else None
        follow = own is not None and bool(own.formula) and own.id not in self._followed
        computed = own is not None and bool(own.formula) and not has_series(own, self._series)
        kind = Kind.computed if computed else Kind.measured
        branch = self._add(above, sign, driver.title, value, driver.unit, kind)
        if own is not None and follow:
            self._follow(own, branch)


def _steps(node: Node) -> list[tuple[str, Node]]:
    """Give what a part is computed from, with the sign of each."""
    if isinstance(node, Extreme):
        first, *others = node.arguments
        return [("", first), *((node.function, other) for other in others)]
    if isinstance(node, Operation) and node.operator == "^":
        return [("", node.left), (_PRINTED["^"], node.right)]
    if isinstance(node, Operation):
        plain = "+" if node.operator in ("+", "-") else "*"
        terms = list(_flat(node, plain, plain))
        return [("" if n == 0 and s == plain else _PRINTED[s], part) for n, (s, part) in enumerate(terms)]
    if isinstance(node, Negative):
        return [(_PRINTED["-"], node.operand)]
    return [("", node)]


def _flat(node: Node, sign: str, plain: str) -> Iterator[tuple[str, Node]]:
    """Take a sum or a product apart as far as it goes; `plain` is its plus or its times."""
    opposite = _OPPOSITE[plain]
    stack = [(sign, node)]
    while stack:
        own, part = stack.pop()
        if isinstance(part, Operation) and part.operator in (plain, opposite):
            right = own if part.operator == plain else _OPPOSITE[own]
            stack += [(right, part.right), (own, part.left)]
        elif isinstance(part, Negative) and plain == "+":
            stack.append((_OPPOSITE[own], part.operand))
        else:
            yield own, part


def _computed(node: Node, values: dict[str, Decimal | None]) -> Decimal | None:
    try:
        return compute(node, values)
    except formula.NotComputable:
        return None


def with_formula(histories: Histories) -> list[Indicator]:
    """Give the department's indicators that have a formula, most important first."""
    by_id = {indicator.id: indicator for indicator in histories.indicators}
    return [by_id[identifier] for identifier in rank(histories.indicators)["id"] if by_id[identifier].formula]


def month_shown(histories: Histories, indicator: Indicator) -> Period | None:
    """Give the latest month that is due for which the formula has a value, else the latest; None without any."""
    computed = histories.computed(indicator).actuals
    known = [month for month in histories.months if computed.of(month) is not None]
    latest = known or histories.months
    return latest[-1] if latest else None


def tree_of(histories: Histories, indicator: Indicator) -> list[Branch]:
    """Draw up an indicator's tree with the figures of `month_shown`; empty where the formula has a problem."""
    if formula_problems(indicator, histories.indicators, histories.series):
        return []
    month = month_shown(histories, indicator)
    return driver_tree(
        indicator,
        histories.indicators,
        histories.series,
        lambda driver: None if month is None else histories.of_driver(driver).of(month),
    )


def ends(tree: Sequence[Branch]) -> list[Branch]:
    """Give the places of a tree below which there is nothing."""
    parents = {branch.parent for branch in tree}
    return [branch for branch in tree if branch.number not in parents]


def driver_table(book: Book) -> Table:
    """Show each indicator that has a formula above its drivers, with the figures of the month under review."""
    histories = Histories(book)
    rows: list[dict[str, object]] = []
    for indicator in with_formula(histories):
        month = month_shown(histories, indicator)
        rows.extend(
            {
                "name": "\N{EM SPACE}" * branch.depth + " ".join(filter(None, [branch.sign, branch.name])),
                "value": formats.amount(branch.value, branch.unit),
                "kind": branch.kind,
                "month": "" if month is None else formats.period(month),
            }
            for branch in tree_of(histories, indicator)
        )
    return Table(
        pd.DataFrame(rows, columns=["name", "value", "month", "kind"], dtype=object),
        [
            Column("name", _("Driver")),
            Column("value", _("Value"), numeric=True),
            Column("month", _("Figures of")),
            Column("kind", _("How it came about")),
        ],
        empty=_("No indicator has a formula that can be computed. Write one in the indicator's form."),
    )


def driver_sentences(book: Book) -> Sentences:
    """Say of each formula what it computes, what is wrong with it, and whether the actuals agree with it."""
    histories = Histories(book)
    found: list[Sentence] = []
    for indicator in with_formula(histories):
        found += read_formula(histories, indicator)
    return Sentences.of(found or [Sentence(_("No indicator is computed from others."))])


def read_formula(histories: Histories, indicator: Indicator) -> list[Sentence]:
    """Say of one formula what it computes, what is wrong with it, and whether the actuals agree with it."""
    problems = formula_problems(indicator, histories.indicators, histories.series)
    if problems:
        return [Sentence(problem, Tone.bad) for problem in problems]
    notes = [Sentence(note) for note in formula_notes(indicator, histories.indicators, histories.series)]
    checked = check_sentence(histories, indicator)
    return [_what_it_computes(histories, indicator), *notes, *([checked] if checked is not None else [])]


def _what_it_computes(histories: Histories, indicator: Indicator) -> Sentence:
    read = formula.parse(indicator.formula)
    drivers = drivers_of(read, histories.indicators, histories.series)
    says = _("{name} is computed as {formula}.").format(name=indicator.name, formula=printed(read.tree, drivers))
    several = {
        Adding.total: _("Several months are the sum of each month's result."),
        Adding.last: _("Several months are the last month's result."),
        Adding.compound: _("Several months are each month's result, compounded."),
    }.get(
        indicator.over_time,
        _("Several months are the mean of each month's result, weighted with “{base}”.").format(
            base=indicator.base
        )
        if indicator.base
        else _("Several months are the plain mean of each month's result."),
    )
    month = month_shown(histories, indicator)
    if month is not None and histories.computed(indicator).actuals.of(month) is None:
        reason = histories.computed(indicator).reasons[month]
        says = join_sentences([says, _("It cannot be computed for any month: {reason}").format(reason=reason)])
        return Sentence(says, Tone.unknown)
    return Sentence(join_sentences([says, several]))


def printed(node: Node, drivers: Mapping[str, Driver]) -> str:
    """Write a part of a formula for readers: drivers as they are called, signs as in print."""
    titles = {name: Name(driver.title) for name, driver in drivers.items()}
    text = write(replaced(node, titles))
    return text.replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", " \N{MINUS SIGN} ")
