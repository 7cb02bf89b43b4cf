"""The stages of a funnel as they are solved: checked, in order, each with its rate and where that came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from kpinb.decompose.funnel.rates import Counted, Known, Rate
from kpinb.decompose.records import FunnelStage
from kpinb.errors import BadInput, shown
from kpinb.language import N_, Label, _
from kpinb.records import parse_number

Counts: TypeAlias = Mapping[str, tuple[int, int]]
"""Successes and trials by stage: (8, 50) are 8 of 50 of the stage before."""

COLUMNS = (
    "name",
    "unit",
    "per_week",
    "rate",
    "successes",
    "trials",
    "lead_days",
    "hours_each",
    "hours_available",
)


class Source(Label):
    """Where a rate came from."""

    typed = "typed", N_("as typed")
    counted = "counted", N_("as counted")
    planned = "planned", N_("as planned")


@dataclass(frozen=True)
class Stage:
    """One stage, ready to be solved.

    Parameters
    ----------
    name, unit : str
        How it is called, and what its numbers count.
    per_week : Decimal or None
        What is planned.
    rate : Rate or None
        Of the stage before; None for the first.
    source : Source or None
        Where the rate came from.
    lead_days, hours_each, hours_available : Decimal or None
        Days since the stage before, work that one takes, and work there is in a week.
    """

    name: str
    unit: str = ""
    per_week: Decimal | None = None
    rate: Rate | None = None
    source: Source | None = None
    lead_days: Decimal | None = None
    hours_each: Decimal | None = None
    hours_available: Decimal | None = None


def read_stages(stages: Sequence[FunnelStage] | pd.DataFrame, counts: Counts | None = None) -> tuple[Stage, ...]:
    """Check the stages of one funnel and put them in order.

    Parameters
    ----------
    stages : sequence of FunnelStage, or pandas.DataFrame
        Records are ordered by position. A frame has one row a stage, in order, with a `name` and any others of
        `COLUMNS`; an empty cell is missing.
    counts : mapping, optional
        Successes and trials by id of the record, or by name of the row.

    Returns
    -------
    tuple of Stage
        Each with the rate that was typed, else the one counted, else the one of the plan (a week of this stage ÷ a
        week of the one before).

    Raises
    ------
    BadInput
        There is no stage; two have one position; they belong to several funnels; a rate is missing or not between
        0 and 1; nothing was counted.
    """
    rows = _rows_of_frame(stages) if isinstance(stages, pd.DataFrame) else _rows_of_records(stages)
    if not rows:
        raise BadInput(_("The funnel has no stage: write at least one, such as leads."))
    found: list[Stage] = []
    for key, row in rows:
        counted = (counts or {}).get(key) or _pair(row)
        found.append(_stage(row, counted, found[-1] if found else None))
    return tuple(found)


def _rows_of_records(stages: Sequence[FunnelStage]) -> list[tuple[str, dict[str, Any]]]:
    ordered = sorted(stages, key=lambda stage: stage.position)
    funnels = list(dict.fromkeys(stage.funnel for stage in ordered))
    if len(funnels) > 1:
        raise BadInput(
            _("These stages belong to several funnels, {funnels}: solve one at a time.").format(
                funnels=_(", ").join(shown(name) for name in funnels)
            )
        )
    for one, other in pairwise(ordered):
        if one.position == other.position:
            raise BadInput(
                _("“{first}” and “{second}” both stand at position {position}: give each its own.").format(
                    first=one.name, second=other.name, position=one.position
                )
            )
    return [(stage.id, dict(stage)) for stage in ordered]


def _rows_of_frame(frame: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    for column in frame.columns:
        if column not in COLUMNS:
            near = get_close_matches(str(column), COLUMNS, n=1) or ["name"]
            raise BadInput(
                _("A funnel has no column “{column}”. Did you mean “{near}”?").format(
                    column=shown(str(column)), near=near[0]
                )
            )
    rows = []
    for number, raw in enumerate(frame.to_dict("records"), start=1):
        row: dict[str, Any] = {
            str(column): None if pd.isna(value) else value.item() if isinstance(value, np.generic) else value
            for column, value in raw.items()
        }
        name = row["name"] = str(row.get("name") or number)
        for column in COLUMNS[2:]:
            if row.get(column) is not None:
                row[column] = _not_negative(name, row[column])
        rows.append((name, row))
    return rows


def _not_negative(name: str, value: object) -> Decimal:
    number = parse_number(value)
    if number < 0:
        raise BadInput(
            _("“{stage}”: {value} is below zero, where nothing of a funnel can be.").format(
                stage=shown(name), value=number
            )
        )
    return number


def _pair(row: Mapping[str, Any]) -> tuple[int, int] | None:
    successes, trials = row.get("successes"), row.get("trials")
    if successes is None and trials is None:
        return None
    name = shown(str(row["name"]))
    if successes is None or trials is None:
        raise BadInput(
            _("“{stage}”: give both how many came through and of how many, or neither.").format(stage=name)
        )
    if successes % 1 or trials % 1:
        raise BadInput(
            _("“{stage}”: {successes} of {trials} are not whole numbers, so they were not counted.").format(
                stage=name, successes=successes, trials=trials
            )
        )
    return int(successes), int(trials)


def _stage(row: Mapping[str, Any], counted: tuple[int, int] | None, before: Stage | None) -> Stage:
    rate, source = (None, None) if before is None else _rate(row, counted, before)
    if before is None and row.get("rate") is not None:
        raise BadInput(
            _("“{stage}” is the first stage: a rate counts from the stage before, and there is none.").format(
                stage=shown(row["name"])
            )
        )
    return Stage(
        name=row["name"],
        unit=row.get("unit") or "",
        per_week=row.get("per_week"),
        rate=rate,
        source=source,
        lead_days=row.get("lead_days"),
        hours_each=row.get("hours_each"),
        hours_available=row.get("hours_available"),
    )


def _rate(row: Mapping[str, Any], counted: tuple[int, int] | None, before: Stage) -> tuple[Rate, Source]:
    name = shown(row["name"])
    if row.get("rate") is not None:
        return Known(_at_most_one(name, row["rate"])), Source.typed
    if counted is not None:
        return _counted(name, *counted), Source.counted
    if row.get("per_week") is not None and before.per_week:
        return Known(_at_most_one(name, row["per_week"] / before.per_week)), Source.planned
    raise BadInput(
        _("“{stage}” has no rate: type the share of “{before}” that comes through, or give its actuals.").format(
            stage=name, before=shown(before.name)
        )
    )


def _at_most_one(name: str, rate: Decimal) -> Decimal:
    if not 0 <= rate <= 1:
        raise BadInput(
            _("“{stage}”: a rate of {rate} is not between 0 and 1; no more can come through than went in.").format(
                stage=name, rate=format(round(rate, 4).normalize(), "f")
            )
        )
    return rate


def _counted(name: str, successes: int, trials: int) -> Counted:
    if trials == 0:
        raise BadInput(_("“{stage}”: no rate follows from 0 of 0; type one.").format(stage=name))
    if not 0 <= successes <= trials:
        raise BadInput(
            _("“{stage}”: {successes} of {trials} cannot be; no more can come through than went in.").format(
                stage=name, successes=successes, trials=trials
            )
        )
    return Counted(successes, trials)
