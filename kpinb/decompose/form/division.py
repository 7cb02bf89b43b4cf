"""A target being divided: its parts, what is held, what was typed and who takes it up; knows no widget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from kpinb.decompose.dividing.cascade import cascade
from kpinb.decompose.dividing.holds import exactly
from kpinb.decompose.dividing.push import Onto, push
from kpinb.decompose.dividing.ratio import cascade_ratio
from kpinb.decompose.dividing.rules import Member, name_of
from kpinb.decompose.form.ways import Ground
from kpinb.decompose.records import Rule
from kpinb.errors import BadInput
from kpinb.language import _, join_sentences, ngettext
from kpinb.measure import EXACT, Adding, rounded
from kpinb.view import formats

PLACES = 9
"""Decimal places that a record keeps."""

_AS_GOOD_AS_NOTHING = Decimal("0.0000001")
"""Ratios are kept to nine places, so that their parts come back to the whole to about eight."""

Values = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Inputs:
    """What the values follow from.

    Parameters
    ----------
    members : mapping of str to Period or str
        The parts, by key.
    weights, last : mapping of str to Decimal or None
        What each is weighed by, and what it came to in the year before.
    rule : Rule
        How they are weighed.
    unit : Decimal or None
        What they are multiples of; as fine as needed where there is none.
    """

    members: Mapping[str, Member]
    weights: Values
    last: Values
    rule: Rule
    unit: Decimal | None = None


@dataclass
class Division:
    """A total and its parts.

    Parameters
    ----------
    total : Decimal
        What is divided.
    further : mapping of str to Decimal
        What the further tiers come to, by name, from near to far.
    how : Adding
        How the parts make up the whole.
    ground : Ground
        What rules can go by.
    inputs : Inputs
        What the values follow from.

    Attributes
    ----------
    values : mapping of str to Decimal or None
        What each part comes to.
    shares : mapping of str to Decimal or None
        The part of the weights that each has.
    tiers : mapping of str to mapping
        What each part comes to in the further tiers.
    held : set of str
        Parts that stay when it is divided anew.
    typed : mapping of str to Decimal
        Values that the person changed and that nobody has taken up yet.
    method : str
        How the values came about.
    refusal : str
        Why it cannot be divided as it stands; empty where it can.
    divided : bool
        Whether the values come from the rule, and not only from what was stored or typed.
    """

    total: Decimal
    further: Mapping[str, Decimal]
    how: Adding
    ground: Ground
    inputs: Inputs
    values: Values = field(default_factory=dict)
    shares: Values = field(default_factory=dict)
    tiers: dict[str, Values] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    typed: dict[str, Decimal] = field(default_factory=dict)
    method: str = ""
    refusal: str = ""
    divided: bool = False

    @property
    def is_ratio(self) -> bool:
        """Whether the parts are weighed by bases, and not added."""
        return self.how in (Adding.ratio, Adding.mean)

    # What the person does

    def divide(self) -> None:
        """Divide the total anew; held parts stay. What cannot be is said in `refusal`."""
        self.typed, self.refusal = {}, ""
        held = {key: value for key in self.held if (value := self.values.get(key)) is not None}
        try:
            frame = self._divided(held)
        except BadInput as problem:
            self.refusal = str(problem)
        else:
            self._take(frame)
            self.method = frame.attrs["method"]
            self.divided = True
        self.place_tiers()

    def put(self, typed: Mapping[str, Decimal]) -> None:
        """Take values that were typed: they wait for who takes them up, unless the whole comes to the same."""
        self.typed = dict(typed)
        if self.typed and self.difference == 0:
            self.values, self.typed = {**self.values, **self.typed}, {}
            self.method = _("The values are those that were typed.")
            self.place_tiers()

    def push(self, onto: Onto) -> None:
        """Let the other parts, or the total, take up what was typed.

        Raises
        ------
        BadInput
            They cannot; nothing is changed.
        """
        if onto is Onto.parent and (self.is_ratio or len(self.typed) > 1):
            self._push_up()
        elif self.is_ratio or len(self.typed) > 1:
            frame = self._divided({**self._others_held(), **self.typed}, by_values=True)
            self._take(frame)
            self.method = frame.attrs["method"]
        else:
            ((key, value),) = self.typed.items()
            pushed = push(self._frame(), self.inputs.members[key], value, onto=onto, unit=self.inputs.unit)
            self._take(pushed.frame)
            self.total = pushed.total
            self.method = join_sentences(pushed.moves)
        self.typed, self.refusal = {}, ""
        self.place_tiers()

    def place_tiers(self) -> None:
        """Give every part its further tiers: what each adds to the one before is divided as the values are."""
        self.tiers = {}
        near, before = dict(self.values), self.total
        for name, total in self.further.items():
            try:
                step = self._split_step(EXACT.subtract(total, before))
            except BadInput as problem:
                self.refusal = self.refusal or str(problem)
                return
            near = {key: None if v is None else EXACT.add(v, step[key]) for key, v in near.items()}
            self.tiers[name], before = dict(near), total

    # What it comes to

    @property
    def whole(self) -> Decimal | None:
        """What the parts come to with what was typed; None where one is missing."""
        values = {**self.values, **self.typed}
        known = [values.get(key) for key in self.inputs.members]
        if not known or any(value is None for value in known):
            return None
        weights = [self.inputs.weights.get(key) or Decimal(0) for key in self.inputs.members]
        if not self.is_ratio:
            return _sum(known)
        base = sum(weights, Decimal(0))
        if not base:
            return None
        return sum((v * w for v, w in zip(known, weights, strict=True) if v is not None), Decimal(0)) / base

    @property
    def difference(self) -> Decimal | None:
        """What is missing to the total; None where a part is missing."""
        whole = self.whole
        if whole is None:
            return None
        difference = EXACT.subtract(self.total, whole)
        return Decimal(0) if self.is_ratio and abs(difference) < _AS_GOOD_AS_NOTHING else difference

    @property
    def sentence(self) -> str:
        """Say what the parts come to, what the target is, and the difference."""
        if self.whole is None or self.difference is None:
            return _("Not every part has a value yet.")
        whole = rounded(self.whole, PLACES) if self.is_ratio else self.whole
        by = exactly(abs(self.difference))
        return self._compared().format(sum=exactly(whole), total=exactly(self.total), by=by)

    @property
    def question(self) -> str:
        """Ask who takes up what was typed; empty where nothing waits."""
        if not self.typed or self.difference is None:
            return ""
        by = exactly(rounded(abs(self.difference), PLACES))
        if len(self.typed) > 1:
            return ngettext(
                "{count} value was changed. Who takes up the difference of {by}?",
                "{count} values were changed. Who takes up the difference of {by}?",
                len(self.typed),
            ).format(count=len(self.typed), by=by)
        ((key, value),) = self.typed.items()
        before = self.values.get(key)
        return _("“{part}” is to be {after} and not {before}. Who takes up the difference of {by}?").format(
            part=name_of(self.inputs.members[key]),
            after=exactly(value),
            before=formats.NOTHING if before is None else exactly(before),
            by=by,
        )

    # Steps

    def _compared(self) -> str:
        if self.difference == 0:
            if self.is_ratio:
                return _("Weighed by their bases, the parts come to {sum}, as the target does.")
            return _("The parts come to {sum}, as the target does.")
        if self.is_ratio:
            return (
                _("Weighed by their bases, the parts come to {sum}: {by} short of the target of {total}.")
                if self.difference and self.difference > 0
                else _("Weighed by their bases, the parts come to {sum}: {by} over the target of {total}.")
            )
        if self.difference and self.difference > 0:
            return _("The parts come to {sum}: {by} short of the target of {total}.")
        return _("The parts come to {sum}: {by} over the target of {total}.")

    def _divided(self, held: Mapping[str, Decimal], *, by_values: bool = False) -> pd.DataFrame:
        members, inputs = self.inputs.members, self.inputs
        holds = {members[key]: value for key, value in held.items() if key in members}
        weights = {member: inputs.weights.get(key) for key, member in members.items()}
        if self.is_ratio:
            return cascade_ratio(self.total, weights, holds=holds)  # type: ignore[arg-type]  # it says who has none
        if by_values and any(self.values.get(key) for key in members if key not in held):
            claims = {member: abs(self.values.get(key) or Decimal(0)) for key, member in members.items()}
            return cascade(self.total, claims, holds=holds, unit=inputs.unit)
        last = {member: inputs.last.get(key) for key, member in members.items()}
        split = self.ground.split(inputs.rule, self.total, weights, last)
        return cascade(self.total, split, holds=holds, unit=inputs.unit)

    def _take(self, frame: pd.DataFrame) -> None:
        by_member = dict(zip(frame["member"], frame["value"], strict=True))
        self.values = {
            key: None if by_member[member] is None else self._kept(by_member[member])
            for key, member in self.inputs.members.items()
        }
        if "share" in frame:
            shares = dict(zip(frame["member"], frame["share"], strict=True))
            self.shares = {key: shares[member] for key, member in self.inputs.members.items()}

    def _kept(self, value: Decimal) -> Decimal:
        return rounded(value, PLACES) if self.is_ratio else value

    def _frame(self) -> pd.DataFrame:
        members = self.inputs.members
        return pd.DataFrame(
            {
                "member": pd.Series(list(members.values()), dtype=object),
                "weight": pd.Series([self.shares.get(key) or Decimal(1) for key in members], dtype=object),
                "held": [key in self.held and key not in self.typed for key in members],
                "value": pd.Series([self.values.get(key) for key in members], dtype=object),
            }
        )

    def _others_held(self) -> dict[str, Decimal]:
        return {
            key: value
            for key in self.held
            if key not in self.typed and (value := self.values.get(key)) is not None
        }

    def _push_up(self) -> None:
        whole = self.whole
        if whole is None:
            raise BadInput(_("A part has no value yet: divide the target first."))
        whole = self._kept(whole)
        self.method = _("The total moves from {before} to {after}; the other parts stay.").format(
            before=exactly(self.total), after=exactly(whole)
        )
        self.values, self.total = {**self.values, **self.typed}, whole

    def _split_step(self, step: Decimal) -> dict[str, Decimal]:
        """Divide what a further tier adds, in proportion to the values; a held part is held in every tier."""
        members = self.inputs.members
        if self.is_ratio:
            return dict.fromkeys(members, step)  # a ratio is asked of every part alike
        claims = {member: abs(self.values.get(key) or Decimal(0)) for key, member in members.items()}
        if not any(claims.values()):
            claims = dict.fromkeys(members.values(), Decimal(1))
        holds = {members[key]: Decimal(0) for key in self.held if key in members}
        divided = cascade(step, claims, holds=holds, unit=self.inputs.unit)
        by_member = dict(zip(divided["member"], divided["value"], strict=True))
        return {key: by_member[member] for key, member in members.items()}


def _sum(values: list[Decimal | None]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = EXACT.add(total, value or Decimal(0))
    return total
