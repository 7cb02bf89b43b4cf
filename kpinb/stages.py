"""Every kind of record there is, by the name under which the store keeps it."""

from __future__ import annotations

from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, OpenQuestion, VagueTerm
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.plan.records import Assignment, Milestone, Resource, Risk
from kpinb.records import Record
from kpinb.retrospective.records import Action, Finding, Lesson, SkillGap
from kpinb.track.records import ChangeRequest, CheckIn

KINDS: dict[str, type[Record]] = {
    kind.kind: kind
    for kind in (
        BusinessGoal,
        Indicator,
        Criterion,
        OpenQuestion,
        Agreement,
        VagueTerm,
        Target,
        Task,
        FunnelStage,
        Assignment,
        Milestone,
        Resource,
        Risk,
        CheckIn,
        ChangeRequest,
        Finding,
        Lesson,
        Action,
        SkillGap,
    )
}
"""Record classes by `Record.kind`, in the order of the method's steps."""
