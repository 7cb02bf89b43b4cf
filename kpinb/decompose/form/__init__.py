"""Forms of the second stage."""

from kpinb.decompose.form.cascade import cascade_form
from kpinb.decompose.form.records import funnel_form, target_form, task_form
from kpinb.decompose.form.tasks import task_grid_form

__all__ = ["cascade_form", "funnel_form", "target_form", "task_form", "task_grid_form"]
