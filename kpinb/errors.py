"""What can go wrong, each with a sentence that names the object, the value and what to do.

The tree::

    KpinbError
    ├── BadInput            something a person typed, or a file they keep, is not usable
    │   ├── BadParameters   a parameters file
    │   ├── BadFacts        a file of actuals
    │   ├── BadRecord       a record that breaks its own rules
    │   ├── BadFormula      a text that is not a formula (this and the next three in `kpinb.formula`)
    │   ├── NotComputable   a formula that has no value for the figures given
    │   ├── UnitMismatch    a formula whose units do not go together
    │   ├── CircularFormulas    indicators computed from one another in a circle
    │   ├── HoldsTooLarge   held values go beyond their total (this and the next in `kpinb.decompose`)
    │   └── HoldsTooSmall   held values leave something that nobody can take
    ├── NotFound            a record, department or file that is not there
    ├── EditConflict        someone else saved first
    ├── StoreUnusable       the store cannot be opened safely
    ├── RunFailed           a notebook did not finish
    │   └── StageFailed     with the cell that failed (in `kpinb.batch.execute`)
    ├── AlreadyRunning      another batch has the month (in `kpinb.batch.lock`)
    └── NotDrawn            a chart cannot be drawn (in `kpinb.report.drawing`)

Messages are written in the reader's language when they are raised, because a message without its values
cannot be translated afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpinb.records import Revision


def shown(text: str, *, most: int = 80) -> str:
    """Cut text from outside to what a message may repeat, and take out what could steer a terminal."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:most]
    )


class KpinbError(Exception):
    """Base of everything kpinb raises on purpose; its text is one paragraph for the person at the screen."""

    def _render_traceback_(self) -> list[str]:
        # IPython calls this instead of drawing a traceback: an analyst reads the sentence, nothing else.
        return [str(self)]


class BadInput(KpinbError):
    """Something a person typed, or a file they keep, is not usable as it stands."""


class BadParameters(BadInput):
    """A parameters file names an unknown parameter, lacks one, or gives one of the wrong type."""


class BadFacts(BadInput):
    """A file of actuals cannot be read without guessing."""


class BadRecord(BadInput):
    """A record breaks one of its own rules."""


class NotFound(KpinbError):
    """A record, department or file that was asked for is not there."""


class EditConflict(KpinbError):
    """Someone else saved the record first; nothing was overwritten.

    Parameters
    ----------
    message : str
        The sentence for the person.
    mine : Revision
        What was to be saved.
    theirs : Revision
        What stands in the store now.
    """

    def __init__(self, message: str, *, mine: Revision, theirs: Revision) -> None:
        super().__init__(message)
        self.mine = mine
        self.theirs = theirs


class StoreUnusable(KpinbError):
    """The store cannot be opened, or not safely."""


class RunFailed(KpinbError):
    """A notebook did not finish."""
