"""Stage four, 过程跟踪与动态调整: attainment to date, the board, early warnings, change requests."""

from kpinb.track.board import board, board_sentence, board_table
from kpinb.track.changes import change_table
from kpinb.track.charts import attainment_chart, months_chart
from kpinb.track.form import change_form, check_in_form
from kpinb.track.pace import bottom_line, method_sentence, pace, pace_table, standings, status
from kpinb.track.records import ChangeRequest, CheckIn
from kpinb.track.warnings import warnings

__all__ = [
    "ChangeRequest",
    "CheckIn",
    "attainment_chart",
    "board",
    "board_sentence",
    "board_table",
    "bottom_line",
    "change_form",
    "change_table",
    "check_in_form",
    "method_sentence",
    "months_chart",
    "pace",
    "pace_table",
    "standings",
    "status",
    "warnings",
]
