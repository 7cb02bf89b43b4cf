"""Forms of the first stage."""

from kpinb.clarify.form.agreement import agreement_form
from kpinb.clarify.form.cards import criterion_form, goal_form, indicator_form, question_form
from kpinb.clarify.form.priority import priority_form

__all__ = [
    "agreement_form",
    "criterion_form",
    "goal_form",
    "indicator_form",
    "priority_form",
    "question_form",
]
