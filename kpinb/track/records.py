"""How far the work is, and what was asked to be changed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from kpinb.language import N_, Label
from kpinb.records import Identifier, Line, Name, Number, PeriodText, Prose, Record, Reference


class TaskStatus(Label):
    """Column of the board."""

    not_started = "not_started", N_("not started")
    in_progress = "in_progress", N_("in progress")
    done = "done", N_("done")


class Change(Label):
    """What a change request asks for."""

    target = "target", N_("another target")
    staged = "staged", N_("staged attainment")
    reweight = "reweight", N_("other weights")
    path = "path", N_("another path to the same target")


class Decision(Label):
    """Where a change request stands."""

    draft = "draft", N_("draft")
    submitted = "submitted", N_("submitted")
    approved = "approved", N_("approved")
    rejected = "rejected", N_("rejected")
    withdrawn = "withdrawn", N_("withdrawn")


class CheckIn(Record):
    """How far one task is; its id is the task's, and each move on the board is a version of it."""

    kind: ClassVar[str] = "check_in"
    title: ClassVar[str] = N_("Check-in")

    id: Annotated[Identifier, Reference("task")] = Field(title=N_("Task"))
    status: TaskStatus = Field(TaskStatus.not_started, title=N_("Status"))
    on: date = Field(title=N_("Day"), description=N_("When it became so."))
    progress: Annotated[int, Field(ge=0, le=100)] = Field(0, title=N_("Progress"), description=N_("In percent."))
    confidence: Annotated[int, Field(ge=0, le=10)] | None = Field(
        None, title=N_("Confidence"), description=N_("0 hopeless … 10 certain to be done in time.")
    )
    blocked: bool = Field(default=False, title=N_("Blocked"))
    note: Prose = Field("", title=N_("Note"))


class ChangeRequest(Record):
    """An open request to change a target or the path to it."""

    kind: ClassVar[str] = "change_request"
    title: ClassVar[str] = N_("Change request")

    name: Name = Field(title=N_("Request"))
    change: Change = Field(title=N_("Asks for"))
    target: Annotated[Identifier | None, Reference("target")] = Field(None, title=N_("Target"))
    cause: Prose = Field("", title=N_("Cause"), description=N_("What changed outside."))
    evidence: Prose = Field(
        "", title=N_("Evidence"), description=N_("Figures, such as past growth or missing resources.")
    )
    proposal: Prose = Field("", title=N_("Proposal"))
    value: Number | None = Field(None, title=N_("New value"))
    from_period: PeriodText | None = Field(None, title=N_("In force from"))
    requester: Line = Field("", title=N_("Requested by"))
    decision: Decision = Field(Decision.draft, title=N_("Decision"))
    decided_by: Line = Field("", title=N_("Decided by"))
    reason: Prose = Field("", title=N_("Reason for the decision"))
