"""What an entry would mean, while it is typed: shown beside the forms."""

from __future__ import annotations

from collections.abc import Mapping

from kpinb import formula
from kpinb.book import Book
from kpinb.clarify.agreement import Standing, series_of, states, without_scores
from kpinb.clarify.blockers import blockers
from kpinb.clarify.charts.drivers import draw_drivers
from kpinb.clarify.charts.history import draw_history
from kpinb.clarify.drivers.computing import formula_problems
from kpinb.clarify.drivers.tree import month_shown, read_formula, tree_of
from kpinb.clarify.history import Histories
from kpinb.clarify.quantify.reading import read_running
from kpinb.clarify.quantify.running import run_criterion
from kpinb.clarify.quantify.vague import vague_sentences
from kpinb.clarify.records import BusinessGoal, Criterion, Indicator, OpenQuestion, VagueTerm
from kpinb.errors import BadInput
from kpinb.language import _, join_sentences
from kpinb.view import Figure, Sentence, Sentences, Tone
from kpinb.view.theme import PANEL


def advise_indicator(book: Book, values: Mapping[str, object]) -> dict[str, str]:
    """Mark vague wording in the instruction, and what is wrong with the formula beyond its spelling."""
    found = {
        "statement": vague_sentences(str(values["statement"] or ""), book.shared(VagueTerm)),
        "formula": _wrong_with_formula(book, values),
    }
    return {field: join_sentences(sentences) for field, sentences in found.items() if sentences}


def _wrong_with_formula(book: Book, values: Mapping[str, object]) -> list[str]:
    """Look at the names, circles and units of a formula that can be read; how it is spelt is the field's check."""
    typed = {name: str(values[name] or "") for name in ("id", "name", "unit", "fact", "base", "formula")}
    try:
        formula.parse(typed["formula"])
    except BadInput:
        return []
    # Not validated: the other fields may still be wrong, and that is no fault of the formula's.
    draft = Indicator.model_construct(None, **typed)  # type: ignore[arg-type]  # these fields are texts
    return formula_problems(draft, book.records(Indicator), series_of(book))


def preview_indicator(book: Book, draft: Indicator) -> list[Sentences | Figure]:
    """Show what keeps an indicator from being agreed, whether saving ends an agreement, what its formula gives."""
    histories = Histories(book, draft)
    standing = [*_ends_an_agreement(book, draft), *_open(histories, book, draft)]
    shown: list[Sentences | Figure] = [Sentences.of(standing)]
    if draft.formula and (tree := tree_of(histories, draft)):
        shown += [Sentences.of(read_formula(histories, draft)), draw_drivers(tree, month_shown(histories, draft))]
    return shown


def preview_criterion(book: Book, draft: Criterion) -> list[Sentences | Figure]:
    """Run a criterion on its source at once: its last 24 months, what is missing, and its natural range."""
    running = run_criterion(book, draft)
    # What the last sentence says is what the chart shows; the others would be said twice beside it.
    *said, verdict = read_running(running)
    figure = draw_history(running, sentence=verdict, width=PANEL)
    if figure.chart is None:
        return [Sentences.of([*_ends_an_agreement(book, draft), *said, verdict])]
    return [Sentences.of([*_ends_an_agreement(book, draft), *said]), figure]


def _open(histories: Histories, book: Book, draft: Indicator) -> list[Sentence]:
    in_formula = formula_problems(draft, histories.indicators, histories.series) if draft.formula else []
    found = blockers(
        draft, book.records(Criterion), book.records(OpenQuestion), book.shared(BusinessGoal), in_formula
    )
    if not found:
        return [Sentence(_("Everything is there: once saved, it can be confirmed with the issuer."), Tone.good)]
    return [Sentence(text, Tone.warn) for text in found]


def _ends_an_agreement(book: Book, draft: Indicator | Criterion) -> list[Sentence]:
    """Say that saving what is typed un-confirms the indicator; nothing where it does not."""
    indicator_id = draft.id if isinstance(draft, Indicator) else draft.indicator
    state = next((s for s in states(book) if s.indicator.id == indicator_id), None)
    if state is None or state.standing is not Standing.agreed:
        return []
    saved = next((r for r in book.records(type(draft)) if r.id == draft.id), None)
    if saved is not None and without_scores(saved) == without_scores(draft):
        return []
    text = _("{name} is agreed with its issuer. Saving this change ends that: it must then be confirmed again.")
    return [Sentence(text.format(name=state.indicator.name), Tone.warn)]
