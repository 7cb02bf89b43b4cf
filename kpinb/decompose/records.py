"""A large target as smaller ones, and the tasks that carry them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from kpinb.language import N_, Label, _
from kpinb.records import Identifier, Line, Name, Number, PeriodText, Prose, Record, Reference, Score

GREATEST = Decimal(10) ** 15


class Phasing(Label):
    """How a target is spread over the months of its period."""

    seasonal = "seasonal", N_("by last years' seasonality")
    even = "even", N_("the same every month")


class Every(Label):
    """How often something is asked for or done within its period."""

    day = "day", N_("every working day")
    week = "week", N_("every week")
    month = "month", N_("every month")
    quarter = "quarter", N_("every quarter")


class Basis(Label):
    """What a growth is counted from."""

    year_before = "year_before", N_("the same period of the year before")
    period_before = "period_before", N_("the period before it")


class Rule(Label):
    """How a target was divided among its parts."""

    even = "even", N_("evenly")
    weights = "weights", N_("by weights")
    last_year = "last_year", N_("by last year's shares")
    seasonal = "seasonal", N_("by seasonality")
    indicator = "indicator", N_("by another indicator")
    growth_simple = "growth_simple", N_("growing by the same amount")
    growth_compound = "growth_compound", N_("growing by the same rate, compounded")
    base = "base", N_("by its base, never added up")


class Level(Label):
    """Where in the hierarchy a target stands."""

    company = "company", N_("company")
    department = "department", N_("department")
    team = "team", N_("team")
    person = "person", N_("person")


class Target(Record):
    """What an indicator is to reach in a period, and who carries it."""

    kind: ClassVar[str] = "target"
    title: ClassVar[str] = N_("Target")
    called_by: ClassVar[tuple[str, ...]] = ("statement", "owner", "period")

    indicator: Annotated[Identifier, Reference("indicator")] = Field(title=N_("Indicator"))
    period: PeriodText = Field(title=N_("Period"), description=N_("2026, 2026-Q1, 2026-10 or 2026-W05."))
    level: Level = Field(Level.department, title=N_("Level"))
    owner: Line = Field("", title=N_("Owner"), description=N_("Who carries it."))
    statement: Line = Field("", title=N_("In words"), description=N_("Such as: revenue grows by 5 %."))
    value: Annotated[Number, Field(ge=-GREATEST, le=GREATEST)] | None = Field(
        None, title=N_("Value"), description=N_("In the indicator's unit; for a range, its lower end.")
    )
    upper: Annotated[Number, Field(ge=-GREATEST, le=GREATEST)] | None = Field(
        None, title=N_("Upper end"), description=N_("Only for a range.")
    )
    growth: Annotated[Number, Field(gt=-1, le=1000)] | None = Field(
        None, title=N_("Growth"), description=N_("0.2 is 20 %; counted from what the next field says.")
    )
    basis: Basis = Field(Basis.year_before, title=N_("Growth over"))
    every: Every | None = Field(
        None,
        title=N_("Asked for"),
        description=N_(
            "Where value or growth is that of every week or month within the period, not of the whole."
        ),
    )
    points: Annotated[Number, Field(ge=-1000, le=1000)] | None = Field(
        None,
        title=N_("Part of the growth"),
        description=N_("What this period adds to the year's growth; 0.05 is 5 points of the year before."),
    )
    share: Annotated[Number, Field(ge=0, le=1)] | None = Field(
        None, title=N_("Share"), description=N_("Of the target above it, 0 to 1.")
    )
    parent: Annotated[Identifier | None, Reference("target")] = Field(
        None, title=N_("Part of"), description=N_("The target above it.")
    )
    committed: Annotated[Number, Field(ge=-GREATEST, le=GREATEST)] | None = Field(
        None, title=N_("Committed"), description=N_("What its owner says can be reached, in the same unit.")
    )
    stretch: Annotated[Number, Field(ge=-GREATEST, le=GREATEST)] | None = Field(
        None, title=N_("Stretch"), description=N_("The second tier, beyond the target.")
    )
    challenge: Annotated[Number, Field(ge=-GREATEST, le=GREATEST)] | None = Field(
        None, title=N_("Challenge"), description=N_("The third tier, beyond the stretch.")
    )
    held: bool = Field(
        default=False, title=N_("Held"), description=N_("Stays as it is when the target above is divided anew.")
    )
    rule: Rule | None = Field(None, title=N_("Divided"), description=N_("How its parts came about."))
    phasing: Phasing = Field(Phasing.seasonal, title=N_("Spread over months"))
    due: Line = Field("", title=N_("Time node"), description=N_("Such as: end of Q1, every Friday."))
    note: Prose = Field("", title=N_("Note"))

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if self.value is None and self.growth is None and self.points is None:
            raise ValueError(_("give a value, a growth, or a part of the year's growth."))
        if self.upper is not None and (self.value is None or self.upper < self.value):
            raise ValueError(_("the upper end lies below the lower end."))
        return self


class Task(Record):
    """One thing to do for a target: who, from when to when, and what lies on the table afterwards."""

    kind: ClassVar[str] = "task"
    title: ClassVar[str] = N_("Task")

    name: Name = Field(title=N_("Task"))
    owner: Line = Field("", title=N_("Owner"))
    start: date | None = Field(None, title=N_("Start"))
    end: date | None = Field(None, title=N_("End"))
    deliverable: Line = Field("", title=N_("Deliverable"))
    target: Annotated[Identifier | None, Reference("target")] = Field(
        None, title=N_("Serves the target"), description=N_("The target it carries.")
    )
    rhythm: Line = Field("", title=N_("Rhythm"), description=N_("For work that repeats: 50 leads every week."))
    brings: Annotated[Number, Field(ge=0, le=GREATEST)] | None = Field(
        None, title=N_("Brings"), description=N_("What it adds to its target, in the target's unit.")
    )
    takes: Annotated[Number, Field(gt=0, le=GREATEST)] | None = Field(
        None,
        title=N_("Takes"),
        description=N_("How many of the funnel stage before that uses up: 5 leads for 2 signed."),
    )
    every: Every | None = Field(
        None, title=N_("How often"), description=N_("How often it brings that; empty: once.")
    )
    effort_hours: Annotated[Number, Field(ge=0, le=GREATEST)] | None = Field(
        None, title=N_("Effort in hours"), description=N_("Of work; for work that repeats, each time.")
    )
    key_action: bool = Field(
        default=False, title=N_("Key action"), description=N_("Breaks through the core of the target.")
    )
    importance: Score = Field(3, title=N_("Importance"), description=N_("1 marginal … 5 decides on the strategy."))
    urgency: Score = Field(3, title=N_("Urgency"), description=N_("1 can wait a year … 5 this month."))

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError(
                _("the end, {end}, lies before the start, {start}.").format(end=self.end, start=self.start)
            )
        return self


class FunnelStage(Record):
    """One step on the way from lead to signature, with what a week of it should bring."""

    kind: ClassVar[str] = "funnel_stage"
    title: ClassVar[str] = N_("Funnel stage")

    funnel: Name = Field(title=N_("Funnel"))
    position: Annotated[int, Field(ge=1, le=20)] = Field(title=N_("Position"), description=N_("1 is the first."))
    name: Name = Field(title=N_("Name"))
    per_week: Annotated[Number, Field(ge=0, le=GREATEST)] = Field(title=N_("Every week"))
    unit: Line = Field("", title=N_("Unit"))
    fact: Line = Field("", title=N_("Actuals"), description=N_("Name of its series in the file of actuals."))
    rate: Annotated[Number, Field(ge=0, le=1)] | None = Field(
        None,
        title=N_("Rate"),
        description=N_(
            "Share of the stage before that comes through, 0 to 1; empty: from actuals, else from the plan."
        ),
    )
    lead_days: Annotated[Number, Field(ge=0, le=3650)] | None = Field(
        None, title=N_("Lead time in days"), description=N_("From the stage before to this one, on average.")
    )
    hours_each: Annotated[Number, Field(ge=0, le=10000)] | None = Field(
        None, title=N_("Hours each"), description=N_("Work that one of these takes.")
    )
    hours_available: Annotated[Number, Field(ge=0, le=GREATEST)] | None = Field(
        None, title=N_("Hours available"), description=N_("A week, for this stage.")
    )
    indicator: Annotated[Identifier | None, Reference("indicator")] = Field(
        None, title=N_("Feeds the indicator"), description=N_("Of the last stage: what its units are counted as.")
    )
