"""A criterion as a person says it."""

from __future__ import annotations

from kpinb.clarify.records import Criterion
from kpinb.language import _
from kpinb.view import formats


def criterion_text(criterion: Criterion) -> str:
    """Write a criterion as a person says it: mean ≤ 2 小时, each calendar month."""
    bound = formats.bound(criterion.threshold, criterion.upper, criterion.direction, criterion.unit)
    return _("{criterion}, {window}").format(
        criterion=f"{criterion.statistic.label} {bound}", window=criterion.window.label
    )
