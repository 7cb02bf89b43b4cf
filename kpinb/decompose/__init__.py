"""Stage two, 拆解目标: the hierarchy of targets, the months, the funnel and the task list."""

from kpinb.decompose.charts.funnel import funnel_chart
from kpinb.decompose.charts.funnel_odds import funnel_odds_chart
from kpinb.decompose.charts.hierarchy import hierarchy_chart
from kpinb.decompose.charts.months import months_chart
from kpinb.decompose.dividing.cascade import cascade, cascade_tree
from kpinb.decompose.dividing.growth import growing_by_amount, growing_by_rate
from kpinb.decompose.dividing.holds import HoldsTooLarge, HoldsTooSmall
from kpinb.decompose.dividing.push import Onto, push
from kpinb.decompose.dividing.ratio import cascade_ratio
from kpinb.decompose.dividing.rules import (
    Split,
    by_base,
    by_indicator,
    by_last_year,
    by_seasonality,
    by_weights,
    even,
)
from kpinb.decompose.dividing.tiers import Tier, cascade_tiers
from kpinb.decompose.drivers.targets import driver_target_sentences, driver_target_table
from kpinb.decompose.form import cascade_form, funnel_form, target_form, task_form, task_grid_form
from kpinb.decompose.funnel import funnel_answer, funnel_needs_table, funnel_table
from kpinb.decompose.hierarchy import bottom_line, cascade_table
from kpinb.decompose.months import method_sentences, months_table
from kpinb.decompose.proof import Check, Inconsistency, prove
from kpinb.decompose.proof.shown import inconsistency_sentences, proof_table
from kpinb.decompose.records import FunnelStage, Target, Task
from kpinb.decompose.tasks.carrying import carrying_table
from kpinb.decompose.tasks.task_list import priority_table, task_table

__all__ = [
    "Check",
    "FunnelStage",
    "HoldsTooLarge",
    "HoldsTooSmall",
    "Inconsistency",
    "Onto",
    "Split",
    "Target",
    "Task",
    "Tier",
    "bottom_line",
    "by_base",
    "by_indicator",
    "by_last_year",
    "by_seasonality",
    "by_weights",
    "carrying_table",
    "cascade",
    "cascade_form",
    "cascade_ratio",
    "cascade_table",
    "cascade_tiers",
    "cascade_tree",
    "driver_target_sentences",
    "driver_target_table",
    "even",
    "funnel_answer",
    "funnel_chart",
    "funnel_form",
    "funnel_needs_table",
    "funnel_odds_chart",
    "funnel_table",
    "growing_by_amount",
    "growing_by_rate",
    "hierarchy_chart",
    "inconsistency_sentences",
    "method_sentences",
    "months_chart",
    "months_table",
    "priority_table",
    "proof_table",
    "prove",
    "push",
    "target_form",
    "task_form",
    "task_grid_form",
    "task_table",
]
