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
        None, title=N_("Growth"), description=N_("Over the same period of the year before; 0.2 is 20 %.")
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
