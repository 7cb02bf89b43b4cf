"""The plan as pictures: a Gantt chart with milestones and their buffers, and the map of risks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import altair as alt
import pandas as pd
from babel.dates import format_date

from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.language import LANGUAGES, _, current, join_sentences, ngettext
from kpinb.period import Period
from kpinb.plan.gather import gather, names_of
from kpinb.plan.milestones import MilestoneState, assess, explain
from kpinb.plan.risks import HIGH, MEDIUM, RiskLevel, level, rank_risks, top_risk
from kpinb.view import Figure, Sentence, Tone, formats
from kpinb.view.theme import COLOURS, WIDTH

_LABELS = 180
"""Pixels for the names of tasks, as wide as the theme lets them be."""
_INK = "#1b1b1b"
_QUIET = "#5f6b76"
_BAR = 15
"""Height of a bar in pixels, enough for the owner's name in it."""
_DAY = timedelta(days=1)


def gantt_chart(book: Book) -> Figure:
    """Draw the tasks and milestones of the fiscal year under review."""
    plan = gather(book)
    return draw_gantt(plan.tasks, assess(plan.milestones, plan.tasks, book.today), book.today, book.year)


def draw_gantt(tasks: Sequence[Task], assessed: pd.DataFrame, today: date, year: Period) -> Figure:
    """Draw a bar for each task and a diamond for each milestone, with the buffer before it.

    Parameters
    ----------
    tasks : sequence of Task
        Those without a start or an end are named in the sentence instead.
    assessed : pandas.DataFrame
        What `milestones.assess` returns.
    today : date
        Drawn as a line.
    year : Period
        What lies wholly outside is left out, and counted in the sentence.
    """
    dated = [task for task in tasks if task.start and task.end]
    shown = [t for t in dated if t.start and t.end and t.start <= year.last and t.end >= year.first]
    due = assessed.loc[[row for row, day in assessed["due"].items() if year.first <= day <= year.last]]
    sentence = _gantt_sentence(tasks, shown, len(dated) - len(shown), assessed, today)
    if not shown and due.empty:
        return Figure(sentence)
    first, last = _window(shown, due, today, year)
    rows = _rows(shown, due, names_of(tasks))
    bars, spans, marks = _task_bars(rows, first, last), _spans(rows, first, last), _marks(rows, first, last)
    order = [row["label"] for row in rows]
    # Every layer has the same scale and axis: Vega-Lite drops marks of the axis that one layer lacks.
    scale = alt.Scale(domain=[_instant(first), _instant(last + _DAY)], clamp=True, nice=False)
    axis = _time_axis(first, last)
    x, at = (alt.X(f"{field}:T", title=None, scale=scale, axis=axis) for field in ("from", "at"))
    y = alt.Y("row:N", title=None, sort=order, axis=alt.Axis(labelLimit=_LABELS, ticks=False, domain=False))
    kinds = [(_("Task"), "plan"), (_("Buffer"), "buffer"), (_("After the due date"), "bad")]
    there = {*(bar["kind"] for bar in bars), *(span["kind"] for span in spans)}
    kinds = [(name, colour) for name, colour in kinds if name in there]
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=[name for name, _colour in kinds], range=[COLOURS[c] for _name, c in kinds]),
        legend=alt.Legend(symbolStrokeWidth=0),
    )
    step = 26 if len(rows) <= 15 else 20
    layers: list[Any] = []
    # Vega cannot lay out a layer without rows.
    if bars:
        tips = [
            alt.Tooltip("row:N", title=_("Task")),
            alt.Tooltip("owner:N", title=_("Owner")),
            alt.Tooltip("dates:N", title=_("From – to")),
        ]
        drawn = alt.Chart(pd.DataFrame(bars)).mark_bar(height=_BAR, cornerRadius=2)
        layers.append(drawn.encode(x, y, color=colour, x2="to:T", tooltip=tips))
    if spans:
        drawn = alt.Chart(pd.DataFrame(spans)).mark_bar(height=_BAR - 1, stroke=_INK, strokeWidth=0.8)
        layers.append(drawn.encode(x, y, color=colour, x2="to:T"))
    layers.extend(_today_line(today, first, last, at))
    if marks:
        diamonds = alt.Chart(pd.DataFrame(marks)).mark_point(
            shape="diamond", size=80, filled=True, opacity=1, color=_INK
        )
        layers.append(diamonds.encode(x, y, tooltip=[alt.Tooltip("row:N", title=_("Milestone")), "text:N"]))
    for look in _LOOKS:
        texts = pd.DataFrame([text for text in (*bars, *marks) if text["look"] == look])
        if not texts.empty:
            layers.extend(_beside(texts, look, at, y))
    return Figure(sentence, alt.layer(*layers).properties(width=WIDTH - _LABELS, height=alt.Step(step)))


_LOOKS: dict[str, tuple[Any, int, str]] = {
    "inside": ("left", 6, "white"),
    "after": ("left", 7, _QUIET),
    "before": ("right", -7, _QUIET),
    "after a diamond": ("left", 11, _INK),
    "before a diamond": ("right", -11, _INK),
}
"""How the text of a row stands: alignment, distance in pixels, colour."""


def _beside(texts: pd.DataFrame, look: str, at: alt.X, y: alt.Y) -> list[Any]:
    """Write the texts of one look, outside a bar on a white edge, so that a line behind does not cross them."""
    align, dx, ink = _LOOKS[look]
    style: Any = {"align": align, "baseline": "middle", "dx": dx, "fontSize": 11}
    base = alt.Chart(texts).encode(at, y, text="text:N")
    edge = (
        []
        if look == "inside"
        else [base.mark_text(**style, stroke="white", strokeWidth=4, strokeJoin="round", color="white")]
    )
    return [*edge, base.mark_text(**style, color=ink)]


def _instant(day: date) -> str:
    # Without an offset a browser reads it in its own time zone, and shows it so: the day stays the day.
    return datetime.combine(day, time()).isoformat()


def _noon(day: date) -> str:
    return datetime.combine(day, time(12)).isoformat()


def _window(shown: Sequence[Task], due: pd.DataFrame, today: date, year: Period) -> tuple[date, date]:
    """Give whole months of the year that hold everything shown, and today."""
    days = [day for task in shown for day in (task.start, task.end) if day]
    days += [*due["due"], *(day for day in due["last_end"] if day), today]
    inside = [min(max(day, year.first), year.last) for day in days]
    return Period.month_of(min(inside)).first, Period.month_of(max(inside)).last


def _rows(shown: Sequence[Task], due: pd.DataFrame, names: dict[str, str]) -> list[dict[str, Any]]:
    """Order tasks and milestones by where they begin; a milestone begins where its tasks end."""
    rows = [{"label": names[t.id], "task": t, "key": (t.start, 0, t.end)} for t in shown]
    taken = set(names.values())
    for milestone in due.to_dict("records"):
        label = f"◆ {milestone['name']}"
        if label in taken:
            label = f"{label} ({milestone['id']})"
        taken.add(label)
        begins = min(milestone["last_end"] or milestone["due"], milestone["due"])
        rows.append({"label": label, "milestone": milestone, "key": (begins, 1, milestone["due"])})
    return sorted(rows, key=lambda row: row["key"])


def _task_bars(rows: Sequence[dict[str, Any]], first: date, last: date) -> list[dict[str, Any]]:
    """Place the bars, and the owners in or beside them so that they stay within the picture."""
    bars = []
    days = (last - first).days + 1
    for row in rows:
        if "task" not in row:
            continue
        task: Task = row["task"]
        assert task.start and task.end  # noqa: S101 - tells the type checker what was selected
        start, end = max(task.start, first), min(task.end, last)
        before, after = (start - first).days, (last - end).days
        place = "inside" if (days - before - after) / days >= 0.3 else "after" if after >= before else "before"
        bars.append(
            {
                "row": row["label"],
                "owner": task.owner,
                "text": task.owner,
                "from": _instant(start),
                "to": _instant(end + _DAY),
                "at": _instant(end + _DAY if place == "after" else start),
                "kind": _("Task"),
                "look": place,
                "dates": f"{formats.day(task.start)} – {formats.day(task.end)}",
            }
        )
    return bars


def _spans(rows: Sequence[dict[str, Any]], first: date, last: date) -> list[dict[str, Any]]:
    """Give the buffer from the last task to the milestone, or how far tasks reach beyond it."""
    spans = []
    for milestone in (row["milestone"] | {"row": row["label"]} for row in rows if "milestone" in row):
        kept = milestone["kept"]
        if not kept:
            continue
        between = sorted([milestone["last_end"], milestone["due"]])
        spans.append(
            {
                "row": milestone["row"],
                "from": _noon(max(between[0], first)),
                "to": _noon(min(between[1], last)),
                "kind": _("Buffer") if kept > 0 else _("After the due date"),
            }
        )
    return spans


def _marks(rows: Sequence[dict[str, Any]], first: date, last: date) -> list[dict[str, Any]]:
    """Place the milestones, each with the sign of its state, its date, and what is left of its buffer."""
    marks = []
    for milestone in (row["milestone"] | {"row": row["label"]} for row in rows if "milestone" in row):
        state: MilestoneState = milestone["state"]
        due, kept = milestone["due"], milestone["kept"]
        wanted = milestone["wanted"]
        if kept is None or kept < 0 or not wanted:
            text = f"{state.tone.mark} {_short(due)}"
        else:
            text = _("{mark} {day}, buffer {kept} of {wanted} days").format(
                mark=state.tone.mark, day=_short(due), kept=min(kept, wanted), wanted=wanted
            )
        # The text stands where there is more room, and clear of what is drawn before or after the diamond.
        ends = [due] if kept is None else sorted([due, milestone["last_end"]])
        start, end = max(ends[0], first), min(ends[-1], last)
        before = (start - first).days > (last - end).days
        marks.append(
            {
                "row": milestone["row"],
                "from": _noon(due),
                "at": _noon(start if before else end),
                "text": text,
                "look": "before a diamond" if before else "after a diamond",
            }
        )
    return marks


def _short(day: date) -> str:
    return str(format_date(day, format={"zh": "M月d日", "en": "d MMM"}[current()], locale=LANGUAGES[current()]))


def _time_axis(first: date, last: date) -> alt.Axis:
    """Mark months, or Mondays where there are at most two months."""
    months = Period.month_of(first)
    starts = [m for m in (months.shift(n) for n in range(13)) if m.first <= last]
    if len(starts) > 2:
        ticks = [month.first for month in starts]
        form = "%Y-%m" if first.year != last.year else {"zh": "%-m月", "en": "%b"}[current()]
    else:
        monday = first + timedelta(days=-first.weekday() % 7)
        ticks = [monday + timedelta(weeks=n) for n in range(10) if monday + timedelta(weeks=n) <= last]
        form = {"zh": "%-m月%-d日", "en": "%-d %b"}[current()]
    return alt.Axis(
        values=[alt.DateTime(year=day.year, month=day.month, date=day.day) for day in ticks],
        format=form,
        labelAlign="left",
        labelOverlap=True,
        tickSize=6,
    )


def _today_line(today: date, first: date, last: date, x: alt.X) -> list[Any]:
    if not first <= today <= last:
        return []
    line = alt.Chart(pd.DataFrame([{"at": _noon(today), "text": _("Today: {day}").format(day=_short(today))}]))
    align: Any = "right" if (last - today).days * 2 < (last - first).days else "left"
    return [
        line.mark_rule(color=_INK, strokeDash=[5, 3]).encode(x),
        line.mark_text(align=align, baseline="bottom", color=_INK, fontSize=11, y=-4).encode(x, text="text:N"),
    ]


def _gantt_sentence(
    tasks: Sequence[Task], shown: Sequence[Task], outside: int, assessed: pd.DataFrame, today: date
) -> Sentence:
    """Say what runs, what comes next, what the picture leaves out, and which buffer is used."""
    if not tasks and assessed.empty:
        return Sentence(_("There is no task and no milestone to draw yet."), Tone.unknown)
    parts = []
    if running := [t for t in shown if t.start and t.end and t.start <= today <= t.end]:
        parts.append(
            ngettext(
                "On {day} one task is under way by the plan.",
                "On {day} {count} tasks are under way by the plan.",
                len(running),
            ).format(day=formats.day(today), count=len(running))
        )
    if coming := sorted((t for t in shown if t.start and t.start > today), key=lambda t: t.start or today):
        parts.append(
            _("The next to start is {task}, on {day}.").format(
                task=coming[0].name, day=formats.day(coming[0].start)
            )
        )
    elif shown and not running:
        parts.append(_("By the plan all its tasks have ended by {day}.").format(day=formats.day(today)))
    told = explain(assessed)
    tone = next((t for t in (Tone.bad, Tone.unknown, Tone.warn) if any(s.tone is t for s in told)), Tone.plain)
    parts.extend(sentence.text for sentence in told if sentence.tone in (Tone.bad, Tone.warn))
    if undated := [t.name for t in tasks if not (t.start and t.end)]:
        parts.append(
            ngettext(
                "Not drawn, because its dates are missing: {tasks}.",
                "Not drawn, because their dates are missing: {tasks}.",
                len(undated),
            ).format(tasks=_(", ").join(undated))
        )
    if outside:
        parts.append(
            ngettext(
                "One task outside the fiscal year is not drawn.",
                "{count} tasks outside the fiscal year are not drawn.",
                outside,
            ).format(count=outside)
        )
    if not parts:
        return Sentence(_("The milestones are drawn; there is no task to draw."), tone)
    return Sentence(join_sentences(parts), tone)


def risk_chart(book: Book) -> Figure:
    """Draw the department's risks on the map of probability and impact."""
    plan = gather(book)
    return draw_risks(rank_risks(plan.risks, plan.tasks))


def draw_risks(ranked: pd.DataFrame) -> Figure:
    """Draw what `risks.rank_risks` returns: five by five fields, each with its score and the risks in it."""
    sentence = top_risk(ranked)
    if ranked.empty:
        return Figure(sentence)
    scale: Any = list(range(1, 6))
    x = alt.X(
        "impact:O",
        title=_("Impact"),
        scale=alt.Scale(domain=scale, paddingInner=0.02),
        axis=alt.Axis(labelAngle=0, ticks=False, domain=False),
    )
    y = alt.Y(
        "probability:O",
        title=_("Probability"),
        scale=alt.Scale(domain=scale[::-1], paddingInner=0.03),
        axis=alt.Axis(ticks=False, domain=False),
    )
    bands = [
        (RiskLevel.low, f"1–{MEDIUM - 1}", "unknown"),
        (RiskLevel.medium, f"{MEDIUM}–{HIGH - 1}", "warn"),
        (RiskLevel.high, f"{HIGH}–25", "bad"),
    ]
    legend = {band: f"{band.label} {scores}" for band, scores, _colour in bands}
    fields = pd.DataFrame(
        [
            {"probability": p, "impact": i, "score": p * i, "level": legend[level(p * i)]}
            for p in range(1, 6)
            for i in range(1, 6)
        ]
    )
    colour = alt.Color(
        "level:N",
        title=None,
        scale=alt.Scale(domain=list(legend.values()), range=[COLOURS[c] for _band, _scores, c in bands]),
    )
    width, height = WIDTH - 20, 64
    cell = width / 5
    base = alt.Chart(fields)
    layers = [
        base.mark_rect(opacity=0.28).encode(x, y, color=colour),
        base.mark_text(
            align="right", baseline="bottom", dx=cell / 2 - 8, dy=height / 2 - 5, color=_QUIET, fontSize=11
        ).encode(x, y, text="score:Q"),
    ]
    names = pd.DataFrame(_names_in_fields(ranked))
    layers.extend(
        alt.Chart(names[names["line"] == line])
        .mark_text(
            align="left",
            baseline="top",
            dx=-cell / 2 + 7,
            dy=-height / 2 + 6 + 17 * line,
            limit=cell - 14,
            color=_INK,
            fontSize=12,
        )
        .encode(x, y, text="text:N", tooltip=[alt.Tooltip("full:N", title=_("Event"))])
        for line in range(int(names["line"].max()) + 1)
    )
    return Figure(sentence, alt.layer(*layers).properties(width=width, height=5 * height))


_LINES = 3
"""Risks that a field of the map has room for."""


def _names_in_fields(ranked: pd.DataFrame) -> list[dict[str, Any]]:
    """Write the risks of each field line by line; where there are too many, the last line counts the rest."""
    texts: list[dict[str, Any]] = []
    fields: Any = ranked.groupby(["probability", "impact"], sort=True)
    for (probability, impact), part in fields:
        lines = [(f"{row['rank']} {row['event']}", row["event"]) for row in part.to_dict("records")]
        if len(lines) > _LINES:
            rest = lines[_LINES - 1 :]
            lines = [*lines[: _LINES - 1], (f"+ {len(rest)}", _(", ").join(event for _text, event in rest))]
        texts.extend(
            {"probability": int(probability), "impact": int(impact), "line": n, "text": text, "full": full}
            for n, (text, full) in enumerate(lines)
        )
    return texts
