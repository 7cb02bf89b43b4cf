"""The languages: every message is in both catalogues, with the values it names."""

from __future__ import annotations

import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from kpinb.errors import BadInput
from kpinb.language import CATALOGUES, LANGUAGES, N_, Label, _, choose, current, join_sentences, ngettext, use

ROOT = Path(__file__).parents[1]


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def key(message_id: str | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make messages` would extract from the code and the templates now."""
    target = tmp_path_factory.mktemp("messages") / "kpinb.pot"
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "-q",
        "extract",
        "-F",
        "babel.cfg",
        "-o",
        str(target),
    ]
    subprocess.run([*command, "."], cwd=ROOT, check=True, capture_output=True)
    return catalogue(target)


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_no_message_is_missing_or_left_over(locale: str, extracted: Catalog) -> None:
    kept = catalogue(CATALOGUES / locale / "LC_MESSAGES" / "kpinb.po")
    asked = {key(message.id) for message in extracted if message.id}
    given = {key(message.id): message for message in kept if message.id}
    assert len(asked) > 500
    assert asked - set(given) == set(), "run “make messages” and translate them"
    assert set(given) - asked == set(), "run “make messages”: nothing says these any more"
    for message in given.values():
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), f"“{key(message.id)}” has no text in {locale}"
        assert not message.fuzzy


def placeholders(text: str) -> set[str]:
    return {field for _text, field, _spec, _conversion in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_a_translation_names_the_same_values(locale: str) -> None:
    for message in catalogue(CATALOGUES / locale / "LC_MESSAGES" / "kpinb.po"):
        if not message.id or any(name.endswith(".ipynb") for name, _line in message.locations):
            continue
        singular, *plural = message.id if isinstance(message.id, tuple) else (message.id,)
        allowed = placeholders(singular).union(*map(placeholders, plural))
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert placeholders(text) <= allowed, text
            assert placeholders(singular) & set(allowed) - placeholders(text) <= {"count", "days", "n"}, text


def test_chinese_has_one_form_and_english_two() -> None:
    def late(days: int) -> str:
        return ngettext("{days} day late", "{days} days late", days).format(days=days)

    with use("en"):
        assert (late(1), late(2)) == ("1 day late", "2 days late")
    with use("zh"):
        assert (late(1), late(2)) == ("逾期1天", "逾期2天")


def test_a_choice_is_stored_as_its_value_and_shown_by_its_label() -> None:
    class Colour(Label):
        done = "done", N_("done")

    assert Colour("done") == "done"
    with use("zh"):
        assert Colour.done.label == "已完成"


def test_sentences_are_joined_as_each_language_does() -> None:
    with use("en"):
        assert join_sentences(["One.", "Two."]) == "One. Two."
    with use("zh"):
        assert join_sentences(["一。", "二。"]) == "一。二。"


def test_an_unknown_language_is_refused_and_the_old_one_stays() -> None:
    with use("zh"):
        with pytest.raises(BadInput):
            choose("fr")
        assert current() == "zh"
    assert _("") == ""
