"""Stage one, 精准理解绩效指标: where an indicator comes from, what it means in numbers, what matters first."""

from kpinb.clarify.charts.matrix import matrix_chart
from kpinb.clarify.definition import bottom_line, card_table, history_table, question_table, trace_table
from kpinb.clarify.form import criterion_form, goal_form, indicator_form, question_form
from kpinb.clarify.priority import priority_table
from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, OpenQuestion, VagueTerm

__all__ = [
    "Agreement",
    "BusinessGoal",
    "Criterion",
    "Indicator",
    "OpenQuestion",
    "VagueTerm",
    "bottom_line",
    "card_table",
    "criterion_form",
    "goal_form",
    "history_table",
    "indicator_form",
    "matrix_chart",
    "priority_table",
    "question_form",
    "question_table",
    "trace_table",
]
