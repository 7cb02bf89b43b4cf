"""Labels beside a plot that do not run into each other."""

from __future__ import annotations

from collections.abc import Sequence


def apart(places: Sequence[float], least: float) -> list[float]:
    """Move labels that would overlap to a least distance from each other, and the others not at all.

    Neighbours that are too close are set around their mean place, in the order of their places.

    Parameters
    ----------
    places : sequence of float
        Where they belong, in any order.
    least : float
        Distance that two of them need.

    Returns
    -------
    list of float
        Where they stand, in the order given.
    """
    order = sorted(range(len(places)), key=lambda at: places[at])
    groups: list[list[int]] = []
    for at in order:
        groups.append([at])
        while len(groups) > 1 and _low(groups[-1], places, least) - _high(groups[-2], places, least) < least:
            groups[-2:] = [groups[-2] + groups[-1]]
    placed = list(places)
    for group in groups:
        for step, at in enumerate(group):
            placed[at] = _low(group, places, least) + step * least
    return placed


def _low(group: Sequence[int], places: Sequence[float], least: float) -> float:
    return sum(places[at] for at in group) / len(group) - least * (len(group) - 1) / 2


def _high(group: Sequence[int], places: Sequence[float], least: float) -> float:
    return _low(group, places, least) + least * (len(group) - 1)
