"""The funnel solved: back from the target to what each stage needs, forward from a week's work to the result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

import pandas as pd

from kpinb.decompose.funnel.odds import MOST_TRIALS, chance, likely_range, trials_for
from kpinb.decompose.funnel.rates import Rate
from kpinb.decompose.funnel.stages import Counts, Stage, read_stages
from kpinb.decompose.funnel.timing import Timing, timing
from kpinb.decompose.records import FunnelStage
from kpinb.errors import BadInput, shown
from kpinb.language import _
from kpinb.period import Period

WEEKS_A_QUARTER = 13
MOST_WEEKS = 520
SURENESS = (Decimal("0.8"), Decimal("0.9"), Decimal("0.95"))
RANGE = Decimal("0.8")
"""The share of cases that a range of results covers."""


@dataclass(frozen=True)
class Forecast:
    """What a week's work at the first stage comes to at the last.

    Parameters
    ----------
    activity : Decimal
        Of the first stage, a week.
    week, period : tuple of Decimal, int, int
        What is expected of one week and of all of them, and the range that covers `RANGE` of cases.
    week_chance, period_chance : float
        Probability that one week reaches its part of the target, and that all together reach the target.
    """

    activity: Decimal
    week: tuple[Decimal, int, int]
    period: tuple[Decimal, int, int]
    week_chance: float
    period_chance: float


@dataclass(frozen=True)
class Solution:
    """A funnel solved for a target.

    Parameters
    ----------
    stages : tuple of Stage
        In order.
    target : Decimal
        Of the last stage, over the whole period.
    weeks : int
        Of the period.
    sureness : tuple of Decimal
        For which the needs were computed, rising.
    needs : pandas.DataFrame
        One row a stage: `stage`, `unit`, `rate` (of the stage before), `through` (share that reaches the last
        stage), `expected` (Decimal a week; None where nothing comes through), and for each sureness, such as
        80 %, `single_80` (int: so many in one week bring that week's part of the target so surely) and
        `pooled_80` (Decimal a week: so many over all weeks bring the whole target so surely); None where no
        number does, or the counts say too little.
    hours : pandas.DataFrame
        One row for each stage that gives its hours: `stage`, `unit`, `needed` (a week, pooled, for `deciding`),
        `hours`, `available`, `allows` (int: that many a week), `leaves` (share of the target that is then
        expected, at most 1).
    forecast : Forecast or None
        None where no activity was given.
    timing : Timing or None
        None where no period or no lead time was given.
    """

    stages: tuple[Stage, ...]
    target: Decimal
    weeks: int
    sureness: tuple[Decimal, ...]
    needs: pd.DataFrame
    hours: pd.DataFrame
    forecast: Forecast | None
    timing: Timing | None

    @property
    def deciding(self) -> Decimal:
        """The sureness that plans are made for: the middle one, 90 % of 80, 90 and 95 %."""
        return self.sureness[len(self.sureness) // 2]

    @property
    def week_goal(self) -> int:
        """What one week has to bring: its part of the target, counted up to a whole one."""
        return math.ceil(self.target / self.weeks)

    @property
    def steps(self) -> tuple[Rate, ...]:
        """Every step from the first stage to the last."""
        return _steps(self.stages, 0)


def solve(
    stages: Sequence[FunnelStage] | pd.DataFrame,
    *,
    target: Decimal | int | None = None,
    activity: Decimal | int | None = None,
    weeks: int = WEEKS_A_QUARTER,
    sureness: Sequence[Decimal] = SURENESS,
    counts: Counts | None = None,
    period: Period | None = None,
    today: date | None = None,
) -> Solution:
    """Say what each stage of a funnel needs every week for a target, and what a week's work comes to.

    Parameters
    ----------
    stages : sequence of FunnelStage, or pandas.DataFrame
        Of one funnel; see `kpinb.decompose.funnel.stages.read_stages`.
    target : Decimal or int, optional
        How many are to reach the last stage in all the weeks; left out, what its plan says a week × the weeks.
    activity : Decimal or int, optional
        How many of the first stage a week brings; left out, what its plan says.
    weeks : int
        How many weeks the target has, 13 for a quarter.
    sureness : sequence of Decimal
        Probabilities between 0 and 1 for which the needs are computed.
    counts : mapping, optional
        Successes and trials by stage; the numbers are then beta-binomial, which is to say that the rate is not
        known better than it was counted (Jeffreys' prior). A typed rate goes before a counted one.
    period, today : Period and date, optional
        In which the target is to be reached, and from which day it is seen; both are needed for lead times.

    Returns
    -------
    Solution
        Numbers for a sureness are exact for known rates; with counted ones the probability behind them is within
        0.0005.

    Raises
    ------
    BadInput
        What `read_stages` refuses; no target, or one that is not above zero; weeks or a sureness out of range.

    Notes
    -----
    What comes through known rates is binomial, with the product of the rates: each is taken to come through or not
    independently of the others. A week that needs 63 leads for 80 % does so whatever other weeks brought; over the
    period good and bad weeks make up for one another, so that it needs fewer a week.
    """
    found = read_stages(stages, counts)
    levels = _levels(sureness)
    _check_weeks(weeks)
    asked = _target(found[-1], target, weeks)
    needs = pd.DataFrame([_need(found, n, asked, weeks, levels) for n in range(len(found))], dtype=object)
    deciding = levels[len(levels) // 2]
    brings = found[0].per_week if activity is None else Decimal(activity)
    return Solution(
        stages=found,
        target=asked,
        weeks=weeks,
        sureness=levels,
        needs=needs,
        hours=_hours(found, needs, asked / weeks, column("pooled", deciding)),
        forecast=None if brings is None else _forecast(found, brings, asked, weeks),
        timing=timing(found, period, today) if period is not None and today is not None else None,
    )


def column(way: str, sureness: Decimal) -> str:
    """Name the column of `Solution.needs` for a way, `single` or `pooled`, and a sureness: `single_80`."""
    return f"{way}_{format((sureness * 100).normalize(), 'f')}"


def chances(solution: Solution, activities: Sequence[int]) -> pd.DataFrame:
    """Give the probability of reaching the target by how many of the first stage a week brings.

    Returns
    -------
    pandas.DataFrame
        One row an activity: `activity` (int), `single` (that one week reaches its part) and `pooled` (that all
        together reach the target); float.
    """
    steps, goal = solution.steps, math.ceil(solution.target)
    return pd.DataFrame(
        {
            "activity": list(activities),
            "single": [chance(solution.week_goal, brings, steps) for brings in activities],
            "pooled": [chance(goal, brings * solution.weeks, steps) for brings in activities],
        }
    )


def _steps(stages: Sequence[Stage], place: int) -> tuple[Rate, ...]:
    return tuple(stage.rate for stage in stages[place + 1 :] if stage.rate is not None)


def _through(stages: Sequence[Stage], place: int) -> Decimal:
    return math.prod((rate.mean for rate in _steps(stages, place)), start=Decimal(1))


def _levels(sureness: Sequence[Decimal]) -> tuple[Decimal, ...]:
    levels = tuple(sorted({Decimal(str(level)) for level in sureness}))
    for level in levels:
        if not 0 < level < 1:
            raise BadInput(
                _("A sureness of {level} is not between 0 and 1: 0.9 stands for 90%.").format(level=level)
            )
    if not levels:
        raise BadInput(_("No sureness was given: 0.9 stands for 90%."))
    return levels


def _check_weeks(weeks: int) -> None:
    if not 1 <= weeks <= MOST_WEEKS:
        raise BadInput(
            _("{weeks} weeks are no period for a funnel: give 1 to {most}.").format(weeks=weeks, most=MOST_WEEKS)
        )


def _target(last: Stage, target: Decimal | int | None, weeks: int) -> Decimal:
    planned = None if last.per_week is None else last.per_week * weeks
    asked = planned if target is None else Decimal(target)
    name = shown(last.name)
    if asked is None:
        raise BadInput(_("The funnel has no target: say how many of “{stage}” it is to bring.").format(stage=name))
    if not asked.is_finite() or not 0 < asked <= MOST_TRIALS:
        raise BadInput(
            _("A target of {target} for “{stage}” cannot be computed: give one above 0, at most {most}.").format(
                target=format(asked, "f"), stage=name, most=MOST_TRIALS
            )
        )
    return asked


def _need(
    stages: Sequence[Stage], place: int, target: Decimal, weeks: int, levels: Sequence[Decimal]
) -> dict[str, object]:
    stage, steps, through = stages[place], _steps(stages, place), _through(stages, place)
    row: dict[str, object] = {
        "stage": stage.name,
        "unit": stage.unit,
        "rate": None if stage.rate is None else stage.rate.mean,
        "through": through,
        "expected": target / weeks / through if through else None,
    }
    for level in levels:
        row[column("single", level)] = trials_for(math.ceil(target / weeks), float(level), steps)
    for level in levels:
        pooled = trials_for(math.ceil(target), float(level), steps)
        row[column("pooled", level)] = None if pooled is None else Decimal(pooled) / weeks
    return row


def _hours(stages: Sequence[Stage], needs: pd.DataFrame, week_target: Decimal, pooled: str) -> pd.DataFrame:
    rows = []
    for stage, need in zip(stages, needs.to_dict("records"), strict=True):
        needed = need[pooled]
        if needed is None or not stage.hours_each or stage.hours_available is None:
            continue
        allows = int((stage.hours_available / stage.hours_each).to_integral_value(rounding=ROUND_FLOOR))
        rows.append(
            {
                "stage": stage.name,
                "unit": stage.unit,
                "needed": needed,
                "hours": needed * stage.hours_each,
                "available": stage.hours_available,
                "allows": allows,
                "leaves": min(Decimal(1), allows * need["through"] / week_target),
            }
        )
    columns = ["stage", "unit", "needed", "hours", "available", "allows", "leaves"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _forecast(stages: Sequence[Stage], activity: Decimal, target: Decimal, weeks: int) -> Forecast:
    if not activity.is_finite() or not 0 <= activity <= MOST_TRIALS:
        raise BadInput(
            _("{activity} a week of “{stage}” cannot be computed: give a number from 0 to {most}.").format(
                activity=format(activity, "f"), stage=shown(stages[0].name), most=MOST_TRIALS
            )
        )
    steps, through = _steps(stages, 0), _through(stages, 0)
    # Whole ones come through, not parts: two and a half leads a week are 2 in one week and 32 in 13.
    one, all_weeks = int(activity), min(int(activity * weeks), MOST_TRIALS)
    return Forecast(
        activity=activity,
        week=(activity * through, *likely_range(one, steps, float(RANGE))),
        period=(activity * weeks * through, *likely_range(all_weeks, steps, float(RANGE))),
        week_chance=chance(math.ceil(target / weeks), one, steps),
        period_chance=chance(math.ceil(target), all_weeks, steps),
    )
