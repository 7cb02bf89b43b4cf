"""Forms for JupyterLab, made from the records' own annotations: type, see what is missing, save.

`RecordForm` and `RecordGrid` are all that a stage needs for records; `Grid` is for what else is edited in cells.
The parts beneath them: `shape` (what an annotation says), `fields` (the widget for it), `draft` (what was typed,
and what is wrong with it, without widgets), `grid_draft`, `column` and `clipboard` (the same for rows of cells),
`naming` (what a record is called in a list), `messages` (HTML that cannot be broken by what was typed), `answer`,
`conflict`, `versions`, `row_versions` and `live` (parts of the view) and `form`, `grid` and `record_grid` (the
views).
"""

from kpinb.forms.column import GridColumn, Sort
from kpinb.forms.draft import Draft
from kpinb.forms.form import RecordForm
from kpinb.forms.grid import Grid
from kpinb.forms.grid_draft import GridDraft, GridRow
from kpinb.forms.record_grid import RecordGrid

__all__ = ["Draft", "Grid", "GridColumn", "GridDraft", "GridRow", "RecordForm", "RecordGrid", "Sort"]
