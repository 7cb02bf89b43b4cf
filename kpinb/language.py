"""The reader's language: one gettext catalogue for everything a person reads.

``_("…")`` translates while it runs, ``N_("…")`` only marks a text for the catalogue (field titles, enum labels)
which ``_`` translates when it is shown. Messages in the code are English; the prose of the notebook templates is
Chinese; both catalogues, ``zh_CN`` and ``en``, therefore hold a text for every message.
"""

from __future__ import annotations

import gettext
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Self

LANGUAGES = {"zh": "zh_CN", "en": "en"}
"""Language codes a person can choose, and the catalogue of each."""

CATALOGUES = Path(__file__).parent / "locale"

_current: ContextVar[str] = ContextVar("language", default="en")


def N_(message: str) -> str:
    """Mark a message for the catalogue without translating it yet."""
    return message


def _(message: str) -> str:
    """Translate a message into the current language."""
    return _translations(current()).gettext(message) if message else ""


def ngettext(one: str, many: str, number: int) -> str:
    """Translate a message that depends on a number, in the form that the current language has for it."""
    return _translations(current()).ngettext(one, many, number)


class Label(StrEnum):
    """Base of choices from a list: the value is stored and never translated, the label is what a person reads.

    Members are written ``value, N_("label")``.
    """

    message: str

    def __new__(cls, value: str, message: str = "") -> Self:
        """Make a member of its stored value and the message that names it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.message = message
        return member

    @property
    def label(self) -> str:
        """Name of the choice in the current language."""
        return _(self.message)


def join_sentences(sentences: Iterable[str]) -> str:
    """Put sentences one after the other: a space between English ones, none between Chinese ones."""
    joined = ""
    for sentence in sentences:
        joined = _("{sentence} {more}").format(sentence=joined, more=sentence) if joined else sentence
    return joined


def current() -> str:
    """Give the code of the language in use, ``zh`` or ``en``."""
    return _current.get()


def choose(code: str) -> None:
    """Use a language from here on.

    Raises
    ------
    BadInput
        The code is not one of `LANGUAGES`.
    """
    _current.set(_known(code))


@contextmanager
def use(code: str) -> Iterator[None]:
    """Use a language within a ``with`` block."""
    token = _current.set(_known(code))
    try:
        yield
    finally:
        _current.reset(token)


def of_environment() -> str:
    """Give the language that the shell is set to: Chinese where the locale says so, else English."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def _known(code: str) -> str:
    if code not in LANGUAGES:
        from kpinb.errors import BadInput

        raise BadInput(
            _("Language “{code}” is not known. Choose one of: {known}.").format(
                code=code, known=_(", ").join(LANGUAGES)
            )
        )
    return code


@cache
def _translations(code: str) -> gettext.GNUTranslations:
    # Read from the .po itself: a compiled copy beside it could be out of date without anyone noticing.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    path = CATALOGUES / LANGUAGES[code] / "LC_MESSAGES" / "kpinb.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=LANGUAGES[code])
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
