"""What a running definition says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from kpinb.clarify.quantify.running import Running, Verdict
from kpinb.clarify.quantify.values import State
from kpinb.clarify.records import Statistic, Window
from kpinb.language import _, join_sentences, ngettext
from kpinb.period import Period
from kpinb.view import Sentence, Sentences, Tone, formats

_NAMED = 6
"""So many windows are named; of more, only how many."""

TONES = {
    Verdict.met_anyway: Tone.good,
    Verdict.within: Tone.warn,
    Verdict.beyond: Tone.bad,
    Verdict.unknown: Tone.unknown,
}


def read_running(running: Running) -> Sentences:
    """Say how a criterion was computed, what it came to, what is missing, and what the process does anyway.

    Parameters
    ----------
    running : Running
        Of a criterion that is saved, or of one that is being typed.
    """
    if running.problem:
        return Sentences.of([Sentence(running.problem, Tone.unknown)])
    said = [
        Sentence(running.computed.how),
        *_last(running),
        *_so_far(running),
        *_gaps(running),
        *_changed(running),
        natural_sentence(running),
        *_cautions(running),
        *_months_instead(running),
        verdict_sentence(running),
    ]
    return Sentences.of(said)


def bound(running: Running) -> str:
    """Write what is asked, with the unit of the values."""
    criterion = running.criterion
    return formats.bound(criterion.threshold, criterion.upper, criterion.direction, running.unit)


def natural_sentence(running: Running) -> Sentence:
    """Say between which limits the values run, and by which method."""
    natural = running.natural
    if natural.lower is None or natural.upper is None:
        return Sentence(
            _("The natural range is not computable: {reason}.").format(reason=natural.reason), Tone.unknown
        )
    names = {
        "lower": formats.figure(natural.lower, running.unit),
        "upper": amount(running, natural.upper),
        "centre": amount(running, natural.centre),
        "points": natural.points,
    }
    text = _(
        "Left as it is, the process runs between {lower} and {upper}, around a mean of {centre} (natural range of "
        "{points} values: mean ± 2.66 × mean moving range)."
    ).format(**names)
    if natural.provisional:
        text = join_sentences([text, _("With fewer than 15 values, these limits are provisional.")])
    return Sentence(text)


def verdict_sentence(running: Running) -> Sentence:
    """Say whether what is asked is inside what the process does anyway."""
    verdict, phase = running.verdict, running.phase
    met = sum(map(running.meets, phase.values()))
    by_month = not running.natural.computable
    match verdict:
        case Verdict.unknown if running.seasonal and running.natural.shifted:
            text = _(
                "The season moves these figures, so their range does not say whether the process does {bound} "
                "anyway; it met it in {met} of {count} cases."
            )
        case Verdict.unknown if running.natural.shifted:
            text = _(
                "The process is changing, so its range does not say whether it does {bound} anyway; it met it in "
                "{met} of {count} cases."
            )
        case Verdict.unknown:
            text = _("Whether the process does {bound} anyway cannot be said yet.")
        case Verdict.met_anyway if by_month:
            text = _(
                "Even single months meet {bound} as the process runs: it is met anyway and asks for no change."
            )
        case Verdict.met_anyway if met < len(phase):
            text = _(
                "The whole natural range meets {bound}, as {met} of {count} values did; the others were "
                "exceptions. It is met as a rule and asks for no change."
            )
        case Verdict.met_anyway:
            text = _(
                "The whole natural range meets {bound}, as {met} of {count} values did: it is met anyway and asks "
                "for no change."
            )
        case Verdict.within if running.seasonal:
            text = _(
                "{bound} lies within the natural range: the process met it in {met} of {count} cases, by season "
                "and by chance. Meeting it every time takes a change of the process."
            )
        case Verdict.within:
            text = _(
                "{bound} lies within the natural range: the process meets it by chance, in {met} of {count} "
                "cases. Meeting it every time takes a change of the process."
            )
        case _ if by_month:
            text = _(
                "Even single months do not reach {bound} as the process runs: reaching it takes a change of the "
                "process."
            )
        case _ if met:
            text = _(
                "{bound} lies beyond the natural range and was met in {met} of {count} cases, as an exception. "
                "Meeting it as a rule takes a change of the process."
            )
        case _:
            text = _(
                "{bound} lies beyond the natural range: in {count} cases the process has never met it. Meeting it "
                "takes a change of the process."
            )
    return Sentence(text.format(bound=bound(running), met=met, count=len(phase)), TONES[verdict])


def short_reading(running: Running) -> Sentence:
    """Say in one paragraph what a criterion came to last and whether it asks for more than the process does."""
    if running.problem:
        return Sentence(named(running, running.problem), Tone.unknown)
    range_ = [] if running.by_month else [natural_sentence(running)]
    parts = [
        *_last(running),
        *_so_far(running),
        *_changed(running),
        *range_,
        *_cautions(running),
        *_months_instead(running),
        verdict_sentence(running),
    ]
    return Sentence(named(running, join_sentences(part.text for part in parts)), TONES[running.verdict])


def brief_reading(running: Running) -> Sentence:
    """Say in one paragraph only whether a criterion asks for more than the process does."""
    if running.problem:
        return Sentence(named(running, running.problem), Tone.unknown)
    parts = [*_so_far(running), *_changed(running), *_months_instead(running), verdict_sentence(running)]
    return Sentence(named(running, join_sentences(part.text for part in parts)), TONES[running.verdict])


def amount(running: Running, value: Decimal | None) -> str:
    """Write a value in the criterion's unit."""
    return formats.amount(value, running.unit)


def named(running: Running, text: str) -> str:
    """Put the indicator's name before a text."""
    return _("{name}: {text}").format(name=running.name, text=text)


def _last(running: Running) -> Iterator[Sentence]:
    for window, value in list(running.known.items())[-1:]:
        names = {
            "period": formats.period(window),
            "value": amount(running, value),
            "bound": bound(running),
        }
        if running.meets(value):
            yield Sentence(_("In {period} it came to {value}, which meets {bound}.").format(**names), Tone.good)
        else:
            text = _("In {period} it came to {value}, which does not meet {bound}.")
            yield Sentence(text.format(**names), Tone.bad)


def _so_far(running: Running) -> Iterator[Sentence]:
    computed = running.computed
    if computed.so_far is None:
        return
    (*_over, window) = computed.values
    yield Sentence(
        ngettext(
            "{period} is not over; {count} month of it comes to {value}.",
            "{period} is not over; {count} months of it come to {value}.",
            computed.so_far_months,
        ).format(
            period=formats.period(window),
            count=computed.so_far_months,
            value=amount(running, computed.so_far),
        )
    )


def _gaps(running: Running) -> Iterator[Sentence]:
    due = [window for window, one in running.values.items() if one.state is not State.not_due]
    if not running.missing and len(running.known) == len(due):
        yield Sentence(_("No figure is missing in {windows}.").format(windows=_counted(running, len(due))))
        return
    if running.missing:
        text = _("Missing, and not counted as zero: {windows}.")
        yield Sentence(text.format(windows=_listed(running, running.missing)), Tone.warn)
    broken = [window for window in due if running.values[window].state is State.not_computable]
    if broken:
        text = _("Not computable: {windows}.")
        yield Sentence(text.format(windows=_listed(running, broken)), Tone.warn)


def _counted(running: Running, count: int) -> str:
    match running.criterion.window:
        case Window.quarter:
            text = ngettext("{count} quarter", "{count} quarters", count)
        case Window.year:
            text = ngettext("{count} year", "{count} years", count)
        case _:
            text = ngettext("{count} month", "{count} months", count)
    return text.format(count=count)


def _listed(running: Running, windows: Sequence[Period]) -> str:
    listed = [_with_reason(running, window) for window in windows[:_NAMED]]
    more = len(windows) - len(listed)
    if more:
        listed.append(ngettext("{count} more", "{count} more", more).format(count=more))
    return _("; ").join(listed)


def _with_reason(running: Running, window: Period) -> str:
    one, name = running.values[window], formats.period(window)
    months = [formats.period(month) for month in one.missing[:_NAMED] if month != window]
    reason = one.reason or _(", ").join(months)
    return _("{name} ({reason})").format(name=name, reason=reason) if reason else name


def _cautions(running: Running) -> Iterator[Sentence]:
    natural = running.natural
    if natural.lower is None or natural.upper is None:
        return
    if running.seasonal:
        yield from _outside(running)
        yield Sentence(
            _(
                "The months go up and down as they did a year before, so this range holds the season too. Growth "
                "over the year before takes it out."
            ),
            Tone.warn,
        )
    elif natural.shifted:
        yield Sentence(
            _(
                "Eight or more values in a row lie on one side of the mean: the process has changed within this "
                "time, and the range mixes what it was with what it is."
            ),
            Tone.warn,
        )
    else:
        yield from _outside(running)
    if natural.lower < 0 <= min(running.phase.values()):
        yield Sentence(_("The lower limit is below zero, where no value has been: read it as no lower limit."))
    if running.criterion.statistic is Statistic.share_within and natural.upper > 1:
        yield Sentence(_("The upper limit is above 100%, where no share can be: read it as no upper limit."))


def _outside(running: Running) -> Iterator[Sentence]:
    windows = [w for w in running.values if running.since is None or running.since.first <= w.first]
    listed = [formats.period(windows[at]) for at in running.natural.outside[:_NAMED]]
    if listed:
        text = _("Outside the range, and so worth a question: {windows}.")
        yield Sentence(text.format(windows=_(", ").join(listed)), Tone.warn)


def _changed(running: Running) -> Iterator[Sentence]:
    if running.since is None:
        return
    yield Sentence(
        _(
            "From {period} on, {count} values in a row lie on one side of the mean of all: the process has "
            "changed, and only these say what it does now."
        ).format(period=formats.period(running.since), count=len(running.phase)),
        Tone.warn,
    )


def _months_instead(running: Running) -> Iterator[Sentence]:
    months = running.by_month
    if months is None or months.natural.lower is None or months.natural.upper is None:
        return
    names = {
        "lower": formats.figure(months.natural.lower, running.unit),
        "upper": amount(running, months.natural.upper),
        "centre": amount(running, months.natural.centre),
        "count": months.natural.points,
    }
    text = (
        _(
            "So few years say little; single months run between {lower} and {upper}, around a mean of {centre} "
            "({count} values). A whole year varies less."
        )
        if running.criterion.window is Window.year
        else _(
            "So few quarters say little; single months run between {lower} and {upper}, around a mean of {centre} "
            "({count} values). A whole quarter varies less."
        )
    )
    yield Sentence(text.format(**names))
