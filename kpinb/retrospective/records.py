"""What a review finds, what is learnt from it, and what is done next."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from kpinb.language import N_, Label, _
from kpinb.records import Identifier, Line, Name, Number, PeriodText, Prose, Record, Reference


class Origin(Label):
    """Whether a cause lies within reach."""

    internal = "internal", N_("internal")
    external = "external", N_("external")


class Certainty(Label):
    """How sure a cause is."""

    suspected = "suspected", N_("suspected")
    confirmed = "confirmed", N_("proven")


class Outcome(Label):
    """Whether something worked."""

    worked = "worked", N_("worked")
    failed = "failed", N_("did not work")


class ActionStatus(Label):
    """Where an improvement action stands."""

    open = "open", N_("open")
    done = "done", N_("done")
    dropped = "dropped", N_("dropped")


class Finding(Record):
    """A cause of a gap."""

    kind: ClassVar[str] = "finding"
    title: ClassVar[str] = N_("Finding")

    period: PeriodText = Field(title=N_("Found in the review of"))
    indicator: Annotated[Identifier, Reference("indicator")] = Field(title=N_("Indicator"))
    cause: Name = Field(title=N_("Cause of the gap"))
    origin: Origin = Field(Origin.internal, title=N_("Origin"))
    evidence: Prose = Field("", title=N_("Evidence"), description=N_("The figure or observation that shows it."))
    driver: Line = Field("", title=N_("Driver"), description=N_("What it moved, such as the average order value."))
    effect: Number | None = Field(
        None, title=N_("Effect on the driver"), description=N_("-0.1 is a fall by 10 %.")
    )
    certainty: Certainty = Field(Certainty.suspected, title=N_("Certainty"))


class Lesson(Record):
    """What is to be done again, or never again."""

    kind: ClassVar[str] = "lesson"
    title: ClassVar[str] = N_("Lesson")

    period: PeriodText = Field(title=N_("Learnt in the review of"))
    outcome: Outcome = Field(title=N_("Outcome"))
    name: Name = Field(title=N_("Lesson"))
    evidence: Prose = Field("", title=N_("Evidence"))
    root_cause: Prose = Field("", title=N_("Root cause"), description=N_("Why it worked, or why it failed."))
    applies_to: Line = Field("", title=N_("Applies to"))
    sop: Line = Field("", title=N_("SOP"), description=N_("The standard procedure it became."))


class Action(Record):
    """What is done about a finding, by whom and until when; open ones carry over to the next month."""

    kind: ClassVar[str] = "action"
    title: ClassVar[str] = N_("Improvement action")

    name: Name = Field(title=N_("Action"))
    opened_in: PeriodText = Field(title=N_("Decided in the review of"))
    finding: Annotated[Identifier | None, Reference("finding")] = Field(None, title=N_("Finding"))
    indicator: Annotated[Identifier | None, Reference("indicator")] = Field(None, title=N_("Indicator"))
    owner: Name = Field(title=N_("Owner"))
    due: date = Field(title=N_("Due"))
    status: ActionStatus = Field(ActionStatus.open, title=N_("Status"))
    closed_on: date | None = Field(None, title=N_("Closed on"))
    result: Prose = Field("", title=N_("Result"), description=N_("What came of it, or why it was dropped."))

    @model_validator(mode="after")
    def _says_when_it_was_closed(self) -> Self:
        # Without its day no review would know whether the action was still open then, and none would show it.
        if (self.status is ActionStatus.open) != (self.closed_on is None):
            raise ValueError(
                _("an action that is done or dropped has the day on which it was closed, an open one none.")
            )
        return self


class SkillGap(Record):
    """A skill that was missing, and how it is gained."""

    kind: ClassVar[str] = "skill_gap"
    title: ClassVar[str] = N_("Skill gap")

    who: Name = Field(title=N_("Person or team"))
    skill: Name = Field(title=N_("Skill"))
    evidence: Prose = Field("", title=N_("Where it showed"))
    training: Prose = Field(
        "",
        title=N_("Capability training"),
        description=N_("Course, practice, or a meeting that is held regularly."),
    )
    due: date | None = Field(None, title=N_("By when"))
    seen_in: Line = Field("", title=N_("How it will be seen in the work"))
