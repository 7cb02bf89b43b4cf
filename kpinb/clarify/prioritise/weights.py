"""Weights proposed from the ranking, and whether those in use add up to the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from kpinb.clarify.prioritise.ranking import order, sort_key
from kpinb.clarify.records import Indicator
from kpinb.language import _, join_sentences
from kpinb.measure import share_out
from kpinb.view import Sentence, Tone, formats

_PERCENT = Decimal("0.01")


def rank_order_centroid(count: int) -> list[Fraction]:
    """Give the weights that a mere ranking stands for, the first place first.

    The centre of all weights that agree with the ranking and add up to 1: w_k = 1/n · Σ_{i=k..n} 1/i (Barron and
    Barrett 1996, Management Science 42(11)).
    """
    return [sum((Fraction(1, i) for i in range(k, count + 1)), Fraction(0)) / count for k in range(1, count + 1)]


def propose_weights(indicators: Sequence[Indicator]) -> dict[str, Decimal]:
    """Propose weights by rank-order centroid, in whole percent that add up to exactly 1.

    Indicators with the same three scores share the mean of their places. Rounding is by largest remainder, so
    that two of the same rank can differ by one percent, and the last of many can come to 0.

    Returns
    -------
    dict of str to Decimal
        By id, the most important one first.
    """
    ranked = order(indicators)
    if not ranked:
        return {}
    centroid = iter(rank_order_centroid(len(ranked)))
    exact: list[Fraction] = []
    for _scores, group in groupby(ranked, sort_key):
        places = [next(centroid) for _one in group]
        exact.extend([sum(places, Fraction(0)) / len(places)] * len(places))
    # Brought to whole numbers, since a Decimal of 1/3 would not be exact.
    scale = math.lcm(*(weight.denominator for weight in exact))
    shares = share_out(Decimal(1), [Decimal(int(weight * scale)) for weight in exact], unit=_PERCENT)
    return {indicator.id: share for indicator, share in zip(ranked, shares, strict=True)}


def weight_sentence(indicators: Sequence[Indicator]) -> Sentence:
    """Say whether the weights add up to 1: if not, what they come to, by how much they miss it, and what to do."""
    if not indicators:
        return Sentence(_("There is no indicator yet. Add one in the notebook's form."), Tone.unknown)
    missing = [indicator.name for indicator in indicators if indicator.weight is None]
    if len(missing) == len(indicators):
        return Sentence(
            _("No indicator has a weight yet: take over the proposed ones in the form, or write your own."),
            Tone.warn,
        )
    total = sum((indicator.weight for indicator in indicators if indicator.weight is not None), Decimal(0))
    sentences = [total_sentence(total)]
    if missing:
        sentences.append(
            _("Without a weight: {names}. Give each one, 0 if it does not count.").format(
                names=_(", ").join(missing)
            )
        )
    return Sentence(join_sentences(sentences), Tone.good if total == 1 and not missing else Tone.warn)


def total_sentence(total: Decimal) -> str:
    """Say what weights come to, and what to do where that is not 1."""
    if total == 1:
        return _("The weights add up to 100%.")
    amounts = {"total": exact_percent(total), "off": exact_percent(abs(1 - total))}
    if total < 1:
        return _("The weights add up to {total}, which is {off} too little: raise some of them.").format(**amounts)
    return _("The weights add up to {total}, which is {off} too much: lower some of them.").format(**amounts)


def exact_percent(share: Decimal) -> str:
    """Write a share as percent with all its digits: a sum that is not 100% must never look like it."""
    return formats.percent(share, places=max(0, -int(share.normalize().as_tuple().exponent) - 2))
