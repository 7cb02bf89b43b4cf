"""Who does what, by when, with what, and what could go wrong."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from kpinb.language import N_, Label, _
from kpinb.records import Identifier, Line, Name, Number, Prose, Record, Reference, Score


class Role(Label):
    """A part in a task, after the RACI matrix; `accountable` is the one who approves (审批)."""

    responsible = "R", N_("responsible")
    accountable = "A", N_("accountable")
    consulted = "C", N_("consulted")
    informed = "I", N_("informed")


class ResourceKind(Label):
    """What a task needs besides time."""

    people = "people", N_("people")
    budget = "budget", N_("budget")
    tool = "tool", N_("tool")
    support = "support", N_("support of another department")


class ResourceMatch(Label):
    """How far a resource is secured."""

    requested = "requested", N_("requested")
    confirmed = "confirmed", N_("confirmed")
    refused = "refused", N_("refused")


class RiskResponse(Label):
    """What is done about a risk."""

    avoid = "avoid", N_("avoid")
    reduce = "reduce", N_("reduce")
    transfer = "transfer", N_("transfer")
    accept = "accept", N_("accept")
    contingency = "contingency", N_("contingency plan")


class Assignment(Record):
    """The part that one person or department has in one task."""

    kind: ClassVar[str] = "assignment"
    title: ClassVar[str] = N_("Assignment")

    task: Annotated[Identifier, Reference("task")] = Field(title=N_("Task"))
    who: Name = Field(title=N_("Person or department"))
    roles: list[Role] = Field(min_length=1, max_length=4, title=N_("Roles"), description=N_("One or several."))
    does: Line = Field("", title=N_("What they do"))

    @model_validator(mode="after")
    def _names_a_role_once(self) -> Self:
        if len(set(self.roles)) < len(self.roles):
            raise ValueError(_("a role is named twice."))
        return self


class Milestone(Record):
    """A point in time at which something must be there."""

    kind: ClassVar[str] = "milestone"
    title: ClassVar[str] = N_("Milestone")

    name: Name = Field(title=N_("Milestone"))
    due: date = Field(title=N_("Due"))
    owner: Line = Field("", title=N_("Owner"))
    tasks: list[Annotated[Identifier, Reference("task")]] = Field(
        default_factory=list, title=N_("Tasks needed"), description=N_("What has to be done for it.")
    )
    buffer_days: Annotated[int, Field(ge=0, le=365)] = Field(
        0, title=N_("Buffer"), description=N_("Days kept free between the end of its tasks and the due date.")
    )


class Resource(Record):
    """People, money, a tool or support that a task needs."""

    kind: ClassVar[str] = "resource"
    title: ClassVar[str] = N_("Resource")

    task: Annotated[Identifier, Reference("task")] = Field(title=N_("Task"))
    sort: ResourceKind = Field(title=N_("Kind"))
    name: Name = Field(title=N_("Resource"))
    quantity: Annotated[Number, Field(ge=0)] | None = Field(None, title=N_("Quantity"))
    unit: Line = Field("", title=N_("Unit"))
    provider: Line = Field("", title=N_("Provided by"))
    match: ResourceMatch = Field(ResourceMatch.requested, title=N_("Resource match"))
    needed_by: date | None = Field(None, title=N_("Needed by"))


class Risk(Record):
    """What could go wrong, how likely and how bad, and what is done about it."""

    kind: ClassVar[str] = "risk"
    title: ClassVar[str] = N_("Risk")

    event: Name = Field(title=N_("Event"), description=N_("What could happen."))
    cause: Line = Field("", title=N_("Cause"))
    effect: Line = Field("", title=N_("Effect"))
    probability: Score = Field(3, title=N_("Probability"), description=N_("1 under 5 % … 5 more likely than not."))
    impact: Score = Field(3, title=N_("Impact"), description=N_("1 hardly felt … 5 the target is lost."))
    response: RiskResponse = Field(RiskResponse.reduce, title=N_("Response"))
    measures: Prose = Field("", title=N_("What is done"))
    trigger: Line = Field("", title=N_("Trigger"), description=N_("The sign that it is happening."))
    owner: Line = Field("", title=N_("Owner"))
    tasks: list[Annotated[Identifier, Reference("task")]] = Field(
        default_factory=list, title=N_("Tasks affected"), description=N_("What it would affect.")
    )
