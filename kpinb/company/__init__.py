"""The company: all departments at a glance, worst first, and what they come to together."""

from kpinb.company.cascade import cascade_sentences
from kpinb.company.charts import department_chart
from kpinb.company.overview import bottom_line, department_table, overview, total_table

__all__ = ["bottom_line", "cascade_sentences", "department_chart", "department_table", "overview", "total_table"]
