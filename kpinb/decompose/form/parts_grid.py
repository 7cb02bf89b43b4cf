"""The parts of a target as the rows of a grid, and what is typed there as a division."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from kpinb.actuals import Actuals
from kpinb.book import Book
from kpinb.clarify.history import history_of
from kpinb.clarify.records import Indicator
from kpinb.decompose.dividing.rules import name_of
from kpinb.decompose.form.division import Division, Inputs
from kpinb.decompose.form.parts import Change, Into, Part, own_name, parts_of
from kpinb.decompose.form.ways import TYPED, Ground, rules_for
from kpinb.decompose.hierarchy import Step, comes_to
from kpinb.decompose.records import Rule, Target
from kpinb.errors import BadInput, EditConflict
from kpinb.forms import GridColumn, GridDraft, GridRow, Sort
from kpinb.language import _
from kpinb.measure import Adding
from kpinb.period import Period
from kpinb.records import Revision, parse_number
from kpinb.view import formats

TIERS = ("stretch", "challenge")


class PartsGrid:
    """One target being divided in a grid.

    Parameters
    ----------
    book : Book
        Where parts and actuals are read.
    step : Step
        The target, with what it comes to.
    way : Into
        What it is divided into.
    values : mapping of str to Decimal or None
        What each target comes to, by its id.
    revisions : sequence of Revision
        All targets, read no later than `step` and `values`.

    Attributes
    ----------
    grid : GridDraft
        The rows; call `follow` after each change to it.
    division : Division
        What they come to.
    parts : dict of str to Part
        The parts that are there, by row key; a row that the person added has none.
    revision : Revision
        The target's version that the person has seen.
    met : dict of str to (Change, EditConflict)
        What somebody else saved in the meantime and waits for a decision, by row key; the target's is empty.
    rules : list of Rule
        Those that can be chosen.
    unit, other : str
        What was typed as the unit, and the id of the other indicator; call `follow` after changing one.

    Raises
    ------
    BadInput
        The target cannot be divided; the sentence says why.
    """

    def __init__(
        self,
        book: Book,
        step: Step,
        way: Into,
        values: Mapping[str, Decimal | None],
        revisions: Sequence[Revision],
    ) -> None:
        if step.indicator is None or step.value is None:
            raise BadInput(
                _("“{target}” has no value yet, so there is nothing to divide: give it one first.").format(
                    target=step.name
                )
            )
        self.book, self.step, self.way = book, step, way
        self.revision = next(one for one in revisions if one.record.id == step.target.id)
        self.met: dict[str, tuple[Change, EditConflict]] = {}
        self.unit = self.unit_problem = self.other = ""
        how = step.indicator.over_teams if way is Into.people else step.indicator.over_time
        self.rules = rules_for(how, over_time=way is not Into.people)
        self.parts = {
            part.key: part for part in parts_of(step.target, way, revisions, book.period.fiscal_start, values)
        }
        self._history = history_of(book, step.indicator)
        ground = Ground(how, self._history, Actuals({}))
        self._last = ground.year_before(self._periods)
        self._weights = dict(self._first_weights(ground))
        rule = step.target.rule if step.target.rule in self.rules else self._first_rule()
        inputs = Inputs({}, {}, {}, rule)
        self.division = Division(step.value, _further(step.target), how, ground, inputs)
        self.grid = GridDraft((), blank={"weight": "1"} if way is Into.people else None)
        self.grid.begin(self.columns, [self._row(part) for part in self.parts.values()])
        self._open()

    @property
    def columns(self) -> list[GridColumn]:
        """The columns under the present rule."""
        people, rule = self.way is Into.people, self.division.inputs.rule
        titles = {Rule.base: _("Base"), Rule.weights: _("Weight")}
        columns = [
            GridColumn("part", _("Part"), editable=people, help=_("Who carries it.") if people else ""),
            GridColumn("weight", titles.get(rule, _("Share")), Sort.number, editable=rule in TYPED),
            GridColumn("value", formats.with_unit(_("Value"), self._measured_in), Sort.number),
            GridColumn(
                "held",
                _("Held"),
                Sort.tick,
                lock=True,
                help=_("Stays as it is when the target above is divided anew."),
            ),
        ]
        labels = {"stretch": _("Stretch"), "challenge": _("Challenge")}
        columns += [
            GridColumn(name, labels[name], Sort.number, editable=False, help=_("Divided as the values are."))
            for name in self.division.further
        ]
        if people or any(value is not None for value in self._last.values()):
            columns.append(GridColumn("last", _("Last year"), Sort.number, editable=people))
        return columns

    @property
    def _measured_in(self) -> str:
        return self.step.indicator.unit if self.step.indicator else ""

    def choose_rule(self, rule: Rule) -> None:
        """Divide by another rule."""
        self.division.inputs = replace(self.division.inputs, rule=rule)
        rows = [row for row in self.grid.rows if not row.is_blank]
        if rule in TYPED:
            weights = {row.key: plain(self._weights.get(row.key) or Decimal(1)) for row in rows}
            rows = [replace(row, texts={**row.texts, "weight": weights[row.key]}) for row in rows]
        self.grid.begin(self.columns, rows)
        self.follow(anew=True)

    def follow(self, *, anew: bool = False) -> None:
        """Take over what stands in the grid; divide where what the values follow from is different now."""
        self.grid.problems = {}
        rows = self._rows()
        inputs = self._inputs(rows)
        was_held = self.division.held
        self.division.held = {row.key for row in rows if row.texts["held"] == "true"}
        if anew or inputs != self.division.inputs:
            self.division.inputs = inputs
            self.division.values = {key: self.division.values.get(key) for key in inputs.members}
            if not self.grid.problems:
                self.division.divide()
        else:
            if was_held != self.division.held:
                self.division.place_tiers()
            self.division.put(self._typed(rows))
        self.fill()

    def fill(self) -> None:
        """Write what the division comes to into the grid."""
        division = self.division
        typed = division.inputs.rule in TYPED
        filled = []
        for row in self._rows():
            key, texts, origin = row.key, dict(row.texts), dict(row.origin or {})
            if not typed:
                share = division.shares.get(key)
                texts["weight"] = origin["weight"] = "" if share is None else formats.percent(share)
            if key not in division.typed and (key, "value") not in self.grid.problems:
                texts["value"] = plain(division.values.get(key))
            for name, values in division.tiers.items():
                texts[name] = plain(values.get(key))
            fixed = frozenset({"value"}) if texts["held"] == "true" and key not in division.typed else frozenset()
            filled.append(replace(row, texts=texts, origin=origin, fixed=fixed))
        self.grid.fill(filled)
        self.grid.totals = (
            {"part": _("Together"), "value": plain(division.whole)} if division.inputs.members else {}
        )

    @property
    def blockers(self) -> list[str]:
        """Sentences that name what stands in the way of saving."""
        division = self.division
        found = [
            _("Row {number}: {problem}").format(number=self.grid.number(key), problem=text)
            for (key, _name), text in self.grid.problems.items()
        ]
        if self.unit_problem:
            found.append(_("Rounded to: {problem}").format(problem=self.unit_problem))
        elif not division.inputs.members:
            found.append(_("Name at least one part."))
        elif division.refusal:
            found.append(division.refusal)
        elif division.typed:
            found.append(_("First say who takes up the change."))
        elif not found and division.difference != 0:
            found.append(_("The parts do not come to the target: divide it anew, or change a part."))
        if self.met:
            found.append(_("First choose between your version and the one saved in the meantime."))
        return found

    # What stands in the store

    def take(self, key: str, revision: Revision) -> None:
        """Take a version that stands in the store now as the one that the person has seen."""
        self.met.pop(key, None)
        record = revision.record
        if not isinstance(record, Target):
            return
        if not key:
            self.revision, self.step = revision, replace(self.step, target=record, value=self.comes_to(record))
        elif not revision.deleted:
            member = self.division.inputs.members.get(key) or self.parts[key].member
            member = member if isinstance(member, Period) else str(member)
            self.parts[key] = Part(key, member, revision, self.comes_to(record))
            if row := self.grid.row(key):
                self.grid.settle(replace(row, origin=row.texts, is_new=False))
        elif self.way is Into.people:
            self.parts.pop(key, None)
            self.grid.drop(key)
        else:
            self.parts[key] = Part(key, self.parts[key].member)

    def keep_theirs(self, key: str) -> None:
        """Let what somebody else saved stand in the place of what was typed; all else stays, undivided."""
        theirs, division = self.met[key][1].theirs, self.division
        self.take(key, theirs)
        part, row = self.parts.get(key), self.grid.row(key)
        if not key:
            division.total = self.step.value if self.step.value is not None else division.total
            division.further, division.divided = _further(self.step.target), False
            self.grid.begin(self.columns, self.grid.rows)
        elif part is not None and row is not None:
            if part.record and self.way is Into.people:
                part = self.parts[key] = replace(part, member=own_name(part.record))
            self.grid.settle(GridRow(key, {**row.texts, **self._stored(part)}))
            division.values = {**division.values, key: part.value}
        self.grid.problems = {}
        division.inputs = self._inputs(self._rows())
        division.place_tiers()
        self.follow()

    def comes_to(self, record: Target) -> Decimal | None:
        """Give what a version of the target or of a part comes to."""
        indicator = self.step.indicator
        if indicator is None:
            return record.value
        return comes_to(record, self.book.year, indicator.over_time, self._history)

    # Steps

    @property
    def _periods(self) -> list[Period]:
        return [part.member for part in self.parts.values() if isinstance(part.member, Period)]

    def _first_weights(self, ground: Ground) -> Mapping[str, Decimal | None]:
        if ground.how in (Adding.ratio, Adding.mean):
            bases = ground.bases(self._periods)
            known = {part.key: bases.get(part.member) for part in self.parts.values() if part.member in bases}
            if known and all(known.values()):
                return known
            return dict.fromkeys(self.parts, Decimal(1))
        shares = {key: part.record.share if part.record else None for key, part in self.parts.items()}
        for stored in (shares, {key: part.value for key, part in self.parts.items()}):
            if stored and all(value is not None and value > 0 for value in stored.values()):
                return stored
        return dict.fromkeys(self.parts, Decimal(1))

    def _first_rule(self) -> Rule:
        differ = len(set(self._weights.values())) > 1
        return Rule.weights if Rule.weights in self.rules and differ else self.rules[0]

    def _row(self, part: Part) -> GridRow:
        last = plain(self._last.get(part.member)) if isinstance(part.member, Period) else ""
        return GridRow(part.key, {"weight": plain(self._weights[part.key]), "last": last, **self._stored(part)})

    def _stored(self, part: Part) -> dict[str, str]:
        return {
            "part": name_of(part.member),
            "value": plain(part.value),
            "held": "true" if part.record and part.record.held else "false",
            **{name: plain(getattr(part.record, name, None)) for name in TIERS},
        }

    def _open(self) -> None:
        """Show the parts as they are stored where they all have a value; else divide at once."""
        stored = {key: part.value for key, part in self.parts.items()}
        if stored and all(value is not None for value in stored.values()):
            rows = self._rows()
            division = self.division
            division.inputs, division.values = self._inputs(rows), stored
            division.held = {row.key for row in rows if row.texts["held"] == "true"}
            whole = sum((value for value in stored.values() if value is not None), Decimal(0))
            division.shares = {key: value / whole if value and whole else None for key, value in stored.items()}
            division.method = _("These are the values that are stored.")
            division.place_tiers()
            self.fill()
        elif self.parts:
            self.follow(anew=True)

    def _rows(self) -> list[GridRow]:
        return [row for row in self.grid.rows if not row.is_blank and not row.removed]

    def _inputs(self, rows: list[GridRow]) -> Inputs:
        division = self.division
        rule = division.inputs.rule
        weights: dict[str, Decimal | None] = {}
        last: dict[str, Decimal | None] = {}
        for row in rows:
            part = self.parts.get(row.key)
            weights[row.key] = self._number(row, "weight") if rule in TYPED else Decimal(1)
            if part is not None and isinstance(part.member, Period):
                last[row.key] = self._last.get(part.member)
            else:
                last[row.key] = self._number(row, "last") if row.texts.get("last") else None
        if rule in TYPED:
            self._weights |= weights
        return Inputs(self._members(rows), weights, last, rule, self._unit())

    def _members(self, rows: list[GridRow]) -> dict[str, Period | str]:
        members: dict[str, Period | str] = {}
        for row in rows:
            member = self._member(row)
            if member and member in members.values():
                self.grid.problems[row.key, "part"] = _("another part has this name: tell the two apart.")
            members[row.key] = member
        return members

    def _member(self, row: GridRow) -> Period | str:
        part = self.parts.get(row.key)
        if part is not None and isinstance(part.member, Period):
            return part.member
        if not row.texts["part"]:
            self.grid.problems[row.key, "part"] = _("this is required.")
        return row.texts["part"]

    def _typed(self, rows: list[GridRow]) -> dict[str, Decimal]:
        typed = {}
        for row in rows:
            if row.texts["value"] != plain(self.division.values.get(row.key)):
                value = self._number(row, "value")
                if value is not None:
                    typed[row.key] = value
        return typed

    def _number(self, row: GridRow, name: str) -> Decimal | None:
        try:
            return parse_number(row.texts.get(name, ""))
        except BadInput as problem:
            self.grid.problems[row.key, name] = str(problem) if row.texts.get(name) else _("this is required.")
            return None

    def _unit(self) -> Decimal | None:
        self.unit_problem = ""
        try:
            unit = parse_number(self.unit) if self.unit.strip() else None
        except BadInput as problem:
            self.unit_problem = str(problem)
            return None
        if unit is not None and unit <= 0:
            self.unit_problem = _("write a number above zero, or nothing.")
            return None
        return unit

    def compare_with(self, other: Indicator) -> None:
        """Let another indicator be what `Rule.indicator` goes by."""
        self.other = other.id
        ground = replace(self.division.ground, other=history_of(self.book, other), other_name=other.name)
        self.division.ground = ground
        self.follow(anew=True)


def _further(target: Target) -> dict[str, Decimal]:
    return {name: value for name in TIERS if (value := getattr(target, name)) is not None}


def plain(value: Decimal | None) -> str:
    """Write a number as it is typed: no thousands separators, no zeros at the end."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
