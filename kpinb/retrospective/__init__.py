"""Stage five, 结果复盘与持续优化: result against target and history, causes, lessons, actions, skills."""

from kpinb.retrospective.causes import finding_table
from kpinb.retrospective.charts import gap_chart
from kpinb.retrospective.form import action_form, finding_form, lesson_form, skill_form
from kpinb.retrospective.gap import gap_table
from kpinb.retrospective.learning import action_sentence, action_table, lesson_table, skill_table
from kpinb.retrospective.records import Action, Finding, Lesson, SkillGap
from kpinb.retrospective.segments import segment_table
from kpinb.retrospective.summary import bottom_line

__all__ = [
    "Action",
    "Finding",
    "Lesson",
    "SkillGap",
    "action_form",
    "action_sentence",
    "action_table",
    "bottom_line",
    "finding_form",
    "finding_table",
    "gap_chart",
    "gap_table",
    "lesson_form",
    "lesson_table",
    "segment_table",
    "skill_form",
    "skill_table",
]
