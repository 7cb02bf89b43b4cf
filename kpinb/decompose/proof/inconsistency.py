"""What the proof finds: one fault, with its two numbers, where it is, and what would mend it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kpinb.language import N_, Label


class Check(Label):
    """What was compared."""

    parent = "parent", N_("place in the hierarchy")
    period = "period", N_("period of a part")
    twins = "twins", N_("two targets for one thing")
    tiers = "tiers", N_("order of the tiers")
    total = "total", N_("parts and whole")
    left = "left", N_("not yet divided")
    last = "last", N_("last part and whole")
    mean = "mean", N_("mean of the parts")
    growth = "growth", N_("growth")
    shares = "shares", N_("sum of the shares")
    share = "share", N_("share and value")
    commitment = "commitment", N_("asked and committed")
    brings = "brings", N_("what the tasks bring")
    rate = "rate", N_("conversion rate")
    dates = "dates", N_("dates of a task")
    owner = "owner", N_("no owner")
    task = "task", N_("no task")


@dataclass(frozen=True)
class Inconsistency:
    """One fault in the hierarchy of targets.

    Parameters
    ----------
    check : Check
        What was compared.
    target : str
        Id of the target where it shows; empty for one within a funnel.
    where : str
        The same place as a reader calls it.
    expected, found : Decimal or None
        The two numbers in `unit`: what it ought to be and what is written; None where the fault has no numbers.
    unit : str
        The indicator's unit; ``%`` where both are shares or growths.
    sentence : str
        What is so, in one paragraph, with both numbers and the place.
    mend : str
        What would mend it, with the number to type.
    others : tuple of str
        Ids of the other targets that it is about: the parts that were added up, or those with the same fault.
    """

    check: Check
    target: str
    where: str
    expected: Decimal | None
    found: Decimal | None
    unit: str
    sentence: str
    mend: str
    others: tuple[str, ...] = ()
