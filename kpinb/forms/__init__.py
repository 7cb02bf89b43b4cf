"""Forms for JupyterLab, made from the records' own annotations: type, see what is missing, save.

`RecordForm` is all that a stage needs; the parts beneath it are `shape` (what an annotation says), `fields` (the
widget for it), `draft` (what was typed and what is wrong with it, without widgets), `naming` (what a record is
called in a list), `messages` (HTML that cannot be broken by what was typed) and `form` (the view).
"""

from kpinb.forms.draft import Draft
from kpinb.forms.form import RecordForm

__all__ = ["Draft", "RecordForm"]
