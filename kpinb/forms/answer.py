"""What a form says to the last thing a person did, in the language that it was made in, whatever happens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ipywidgets as widgets

from kpinb import language
from kpinb.errors import KpinbError
from kpinb.forms import messages
from kpinb.forms.messages import Tone
from kpinb.language import _


class Answer:
    """The sentences under a form's buttons.

    Parameters
    ----------
    recover : callable
        Called after an error, to show the form as it stands.

    Attributes
    ----------
    sentences : list of str
        What came of the last action.
    area : Widget
        Where they stand.
    language : str
        Code of the language that was current when the form was made.
    """

    def __init__(self, recover: Callable[[], None]) -> None:
        self.sentences: list[str] = []
        self.area = widgets.HTML()
        self.language = language.current()
        self._tone = Tone.neutral
        self._recover = recover

    def say(self, *sentences: str, tone: Tone = Tone.neutral) -> None:
        """Take sentences in the place of those that were there; `show` puts them on the page."""
        self.sentences = list(sentences)
        self._tone = tone

    def show(self) -> None:
        """Put the sentences on the page."""
        self.area.value = messages.message(self.sentences, self._tone)

    @contextmanager
    def event(self) -> Iterator[None]:
        """Answer one thing the person did.

        An error that leaves a widget's callback is shown nowhere: the person would wait for ever.
        """
        with language.use(self.language):
            self.say()
            try:
                yield
            except KpinbError as error:
                self.say(*self.sentences, str(error), tone=Tone.bad)
            except Exception as fault:  # the last place where it can still be told
                logging.getLogger(__name__).exception("a form could not answer")
                self.say(
                    *self.sentences,
                    _("Something went wrong ({fault}). What you typed is still here.").format(fault=fault),
                    tone=Tone.bad,
                )
            else:
                return
            self._recover()
