"""Stage one, 精准理解绩效指标: where an indicator comes from, what it means in numbers, what matters first."""

from kpinb.clarify.agreement import Standing, bottom_line
from kpinb.clarify.charts.drivers import driver_chart
from kpinb.clarify.charts.goals import goals_chart
from kpinb.clarify.charts.history import history_chart
from kpinb.clarify.charts.matrix import matrix_chart
from kpinb.clarify.definition import card_table, history_table, question_table
from kpinb.clarify.drivers.check import formula_check
from kpinb.clarify.drivers.tree import driver_sentences, driver_table
from kpinb.clarify.form import (
    agreement_form,
    criterion_form,
    goal_form,
    indicator_form,
    priority_form,
    question_form,
)
from kpinb.clarify.prioritise.proposed import proposal_table, weight_line
from kpinb.clarify.prioritise.ranking import priority_table
from kpinb.clarify.prioritise.scales import anchor_table
from kpinb.clarify.prioritise.sensitivity import sensitivity_line, sensitivity_table
from kpinb.clarify.quantify.natural_range import NaturalRange, natural_range
from kpinb.clarify.quantify.running_table import running_sentences, running_table
from kpinb.clarify.quantify.vague import VagueFound, vague_line, vague_table, vague_terms
from kpinb.clarify.records import Agreement, BusinessGoal, Criterion, Indicator, OpenQuestion, VagueTerm
from kpinb.clarify.trace import trace_table

__all__ = [
    "Agreement",
    "BusinessGoal",
    "Criterion",
    "Indicator",
    "NaturalRange",
    "OpenQuestion",
    "Standing",
    "VagueFound",
    "VagueTerm",
    "agreement_form",
    "anchor_table",
    "bottom_line",
    "card_table",
    "criterion_form",
    "driver_chart",
    "driver_sentences",
    "driver_table",
    "formula_check",
    "goal_form",
    "goals_chart",
    "history_chart",
    "history_table",
    "indicator_form",
    "matrix_chart",
    "natural_range",
    "priority_form",
    "priority_table",
    "proposal_table",
    "question_form",
    "question_table",
    "running_sentences",
    "running_table",
    "sensitivity_line",
    "sensitivity_table",
    "trace_table",
    "vague_line",
    "vague_table",
    "vague_terms",
    "weight_line",
]
