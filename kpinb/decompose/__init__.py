"""Stage two, 拆解目标: the hierarchy of targets, the months, the funnel and the task list."""

from kpinb.decompose.charts.funnel import funnel_chart
from kpinb.decompose.charts.hierarchy import hierarchy_chart
from kpinb.decompose.charts.months import months_chart
from kpinb.decompose.form import funnel_form, target_form, task_form
from kpinb.decompose.funnel import funnel_table
from kpinb.decompose.hierarchy import bottom_line, cascade_table
from kpinb.decompose.months import method_sentences, months_table
from kpinb.decompose.proof import Check, Inconsistency, prove
from kpinb.decompose.proof.shown import inconsistency_sentences, proof_table
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.decompose.tasks import priority_table, task_table

__all__ = [
    "Check",
    "FunnelStage",
    "Inconsistency",
    "Target",
    "Task",
    "bottom_line",
    "cascade_table",
    "funnel_chart",
    "funnel_form",
    "funnel_table",
    "hierarchy_chart",
    "inconsistency_sentences",
    "method_sentences",
    "months_chart",
    "months_table",
    "priority_table",
    "proof_table",
    "prove",
    "target_form",
    "task_form",
    "task_table",
]
