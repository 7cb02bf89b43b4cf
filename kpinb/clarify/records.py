"""What a team writes down to understand an indicator: where it comes from, what it means, what matters first."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from kpinb import formula
from kpinb.errors import BadInput
from kpinb.language import N_, Label, _
from kpinb.measure import Adding, Direction, Measure
from kpinb.records import Identifier, Line, Name, Number, PeriodText, Prose, Record, Reference, Score


class Statistic(Label):
    """What is computed from the single observations."""

    total = "total", N_("sum")
    mean = "mean", N_("mean")
    median = "median", N_("median")
    percentile_90 = "percentile_90", N_("90th percentile")
    share_within = "share_within", N_("share within a limit")
    ratio = "ratio", N_("ratio")
    growth = "growth", N_("growth over the year before")


class Window(Label):
    """Over what time a criterion is computed."""

    week = "week", N_("an average week of each month")
    month = "month", N_("each calendar month")
    quarter = "quarter", N_("each quarter")
    year = "year", N_("each year")


def _readable(text: str) -> str:
    if text:
        try:
            formula.parse(text)
        except BadInput as problem:
            raise ValueError(str(problem)) from problem
    return text


FormulaText = Annotated[str, Field(max_length=formula.MAX_LENGTH), AfterValidator(_readable)]
"""A formula in its written form, or nothing."""


class BusinessGoal(Record):
    """What an indicator is for."""

    kind: ClassVar[str] = "business_goal"
    title: ClassVar[str] = N_("Business goal")

    name: Name = Field(title=N_("Name"))
    purpose: Prose = Field("", title=N_("Purpose"), description=N_("What the company gains when it is reached."))
    issuer: Line = Field("", title=N_("Issuer"), description=N_("Who sets it."))
    parent: Annotated[Identifier | None, Reference("business_goal")] = Field(
        None, title=N_("Serves the goal"), description=N_("The larger goal it is a part of, if any.")
    )


class Indicator(Record):
    """A performance indicator: what is measured, how, and what it is for."""

    kind: ClassVar[str] = "indicator"
    title: ClassVar[str] = N_("Indicator")

    name: Name = Field(title=N_("Name"))
    statement: Prose = Field(
        "", title=N_("As issued"), description=N_("The instruction in the issuer's own words, however vague.")
    )
    issuer: Line = Field("", title=N_("Issuer"), description=N_("Who sets it and can be asked."))
    goals: list[Annotated[Identifier, Reference("business_goal")]] = Field(
        default_factory=list, title=N_("Business goals"), description=N_("What it is for.")
    )
    purpose: Prose = Field(
        "",
        title=N_("Purpose"),
        description=N_("What the issuer wants with it; of several goals, which one comes first."),
    )
    owner: Line = Field("", title=N_("Owner"), description=N_("Who answers for it."))
    unit: Line = Field("", title=N_("Unit"), description=N_("Such as 万元 or hours; % shows 0.95 as 95 %."))
    direction: Direction = Field(Direction.at_least, title=N_("Better is"))
    over_time: Adding = Field(Adding.total, title=N_("Months add up as"))
    over_teams: Adding = Field(Adding.total, title=N_("Teams add up as"))
    fact: Line = Field(
        "", title=N_("Actuals"), description=N_("Name of its series in the file of actuals; empty: the id.")
    )
    base: Line = Field(
        "",
        title=N_("Base"),
        description=N_("Series that a mean is weighted with or a ratio is divided by, such as tickets."),
    )
    formula: FormulaText = Field(
        "",
        title=N_("Formula"),
        description=N_("What it is computed from, such as customers * average_order; ids, names or series."),
    )
    importance: Score = Field(3, title=N_("Importance"), description=N_("1 marginal … 5 decides on the strategy."))
    urgency: Score = Field(3, title=N_("Urgency"), description=N_("1 can wait a year … 5 this month."))
    goal_value: Score = Field(
        3,
        title=N_("Goal value"),
        description=N_("What reaching it is worth: 1 little … 5 most of the year's result."),
    )
    weight: Annotated[Number, Field(ge=0, le=1)] | None = Field(
        None, title=N_("Weight"), description=N_("Share of the score, 0 to 1.")
    )

    @property
    def series(self) -> str:
        """Name of its series in the file of actuals."""
        return self.fact or self.id

    @property
    def measure(self) -> Measure:
        """How it is measured, for the kernel's arithmetic."""
        return Measure(self.unit, self.direction, self.over_time, self.over_teams)

    @model_validator(mode="after")
    def _ratio_has_a_base(self) -> Self:
        if Adding.ratio in (self.over_time, self.over_teams) and not self.base:
            raise ValueError(_("a ratio of two sums needs a base: name the series it is divided by."))
        return self


class Criterion(Record):
    """One sentence of the definition, in numbers."""

    kind: ClassVar[str] = "criterion"
    title: ClassVar[str] = N_("Criterion")

    indicator: Annotated[Identifier, Reference("indicator")] = Field(title=N_("Indicator"))
    statistic: Statistic = Field(Statistic.total, title=N_("Statistic"))
    direction: Direction = Field(Direction.at_least, title=N_("Better is"))
    threshold: Number = Field(title=N_("Threshold"), description=N_("For a range, its lower end."))
    upper: Number | None = Field(None, title=N_("Upper end"), description=N_("Only for a range."))
    unit: Line = Field("", title=N_("Unit"))
    limit: Number | None = Field(
        None,
        title=N_("Limit"),
        description=N_("Only for a share within a limit: 24, where 24 hours is still in time."),
    )
    window: Window = Field(Window.month, title=N_("Window"), description=N_("Over what time it is computed."))
    population: Line = Field("", title=N_("Population"), description=N_("What is counted, and what is not."))
    source: Line = Field("", title=N_("Source"), description=N_("The system or table the figures come from."))
    definition: Prose = Field(
        "", title=N_("Definition"), description=N_("Anything two people could read differently.")
    )
    fact: Line = Field(
        "",
        title=N_("Actuals"),
        description=N_("Name of its series in the file of actuals; empty: the indicator's."),
    )
    base: Line = Field(
        "", title=N_("Base"), description=N_("Series it is divided by or weighted with; empty: the indicator's.")
    )
    due: date | None = Field(None, title=N_("Due"), description=N_("By when it is to be reached."))

    @model_validator(mode="after")
    def _range_has_two_ends(self) -> Self:
        if (self.direction is Direction.between) != (self.upper is not None):
            raise ValueError(_("a range needs an upper end, and only a range has one."))
        if self.upper is not None and self.upper < self.threshold:
            raise ValueError(_("the upper end lies below the lower end."))
        return self

    @model_validator(mode="after")
    def _only_a_share_has_a_limit(self) -> Self:
        if self.limit is not None and self.statistic is not Statistic.share_within:
            raise ValueError(_("only a share within a limit has a limit: take it out, or change the statistic."))
        return self


class OpenQuestion(Record):
    """What has to be asked of the issuer before an indicator is clear."""

    kind: ClassVar[str] = "open_question"
    title: ClassVar[str] = N_("Open question")

    indicator: Annotated[Identifier, Reference("indicator")] = Field(title=N_("Indicator"))
    question: Name = Field(title=N_("Question"))
    asked_of: Line = Field("", title=N_("Asked of"))
    answer: Prose = Field("", title=N_("Answer"))
    asked_in: PeriodText | None = Field(None, title=N_("Asked in"), description=N_("A month such as 2026-01."))
    answered_on: date | None = Field(None, title=N_("Answered on"))

    @model_validator(mode="after")
    def _an_answer_has_words(self) -> Self:
        if self.answered_on is not None and not self.answer:
            raise ValueError(_("there is a date of the answer and no answer: write what was answered."))
        return self


class Agreement(Record):
    """That an indicator was agreed, as its definition stood at that moment; any later edit un-confirms it."""

    kind: ClassVar[str] = "agreement"
    title: ClassVar[str] = N_("Agreement")

    id: Annotated[Identifier, Reference("indicator")] = Field(title=N_("Indicator"))
    agreed_with: Name = Field(title=N_("Agreed with"), description=N_("Who issued it, or speaks for the issuer."))
    on: date = Field(title=N_("On"), description=N_("The day of the talk."))
    note: Prose = Field("", title=N_("Note"))


class VagueTerm(Record):
    """A word that sounds like an aim and measures nothing, beside those that the package knows."""

    kind: ClassVar[str] = "vague_term"
    title: ClassVar[str] = N_("Vague word")

    term: Name = Field(title=N_("Word"))
    needs: Name = Field(
        title=N_("What it needs"),
        description=N_("What a measurable version would say, such as: from what to what."),
    )
