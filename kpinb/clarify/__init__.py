"""Stage one, 精准理解绩效指标: where an indicator comes from, what it means in numbers, what matters first."""

from kpinb.clarify.agreement import Standing, bottom_line
from kpinb.clarify.charts.goals import goals_chart
from kpinb.clarify.charts.matrix import matrix_chart
from kpinb.clarify.definition import card_table, history_table, question_table
from kpinb.clarify.form import (
    agreement_form,
    criterion_form,
    goal_form,
    indicator_form,
    priority_form,
    question_form,
)
from kpinb.clarify.priority import priority_table
from kpinb.clarify.proposed import proposal_table, weight_line
from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, OpenQuestion, VagueTerm
from kpinb.clarify.scales import anchor_table
from kpinb.clarify.sensitivity import sensitivity_line, sensitivity_table
from kpinb.clarify.trace import trace_table

__all__ = [
    "Agreement",
    "BusinessGoal",
    "Criterion",
    "Indicator",
    "OpenQuestion",
    "Standing",
    "VagueTerm",
    "agreement_form",
    "anchor_table",
    "bottom_line",
    "card_table",
    "criterion_form",
    "goal_form",
    "goals_chart",
    "history_table",
    "indicator_form",
    "matrix_chart",
    "priority_form",
    "priority_table",
    "proposal_table",
    "question_form",
    "question_table",
    "sensitivity_line",
    "sensitivity_table",
    "trace_table",
    "weight_line",
]
