"""The funnel from lead to signature: its plan and actuals, what it needs for a target, and how sure that is."""

from kpinb.decompose.funnel.plan_and_actual import funnel_of, funnel_table, planned_and_actual, read_funnel
from kpinb.decompose.funnel.reading import Solved, funnel_answer, funnel_needs_table, read_solved, solved_funnel
from kpinb.decompose.funnel.solving import Solution, chances, solve
from kpinb.decompose.funnel.wording import answer

__all__ = [
    "Solution",
    "Solved",
    "answer",
    "chances",
    "funnel_answer",
    "funnel_needs_table",
    "funnel_of",
    "funnel_table",
    "planned_and_actual",
    "read_funnel",
    "read_solved",
    "solve",
    "solved_funnel",
]
