"""Stage three, 制定执行计划: who does what, by when, with what, and what could go wrong."""

from kpinb.plan.charts import gantt_chart, risk_chart
from kpinb.plan.form import assignment_form, milestone_form, resource_form, risk_form
from kpinb.plan.milestones import milestone_sentences, milestone_table
from kpinb.plan.raci import raci_sentences, raci_table
from kpinb.plan.records import Assignment, Milestone, Resource, Risk
from kpinb.plan.resources import resource_sentences, resource_table
from kpinb.plan.risks import risk_sentences, risk_table
from kpinb.plan.summary import bottom_line

__all__ = [
    "Assignment",
    "Milestone",
    "Resource",
    "Risk",
    "assignment_form",
    "bottom_line",
    "gantt_chart",
    "milestone_form",
    "milestone_sentences",
    "milestone_table",
    "raci_sentences",
    "raci_table",
    "resource_form",
    "resource_sentences",
    "resource_table",
    "risk_chart",
    "risk_form",
    "risk_sentences",
    "risk_table",
]
