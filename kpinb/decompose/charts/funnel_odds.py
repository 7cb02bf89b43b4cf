"""How likely the funnel reaches its target, by how many of its first stage a week brings."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd

from kpinb.book import Book
from kpinb.decompose.funnel import Solution, Solved, chances, solved_funnel
from kpinb.decompose.funnel.rates import Counted
from kpinb.decompose.funnel.solving import column
from kpinb.decompose.funnel.wording import chance_text, needs_sentence
from kpinb.language import _, join_sentences
from kpinb.view import Figure, Sentence, Tone, formats
from kpinb.view.theme import COLOURS, WIDTH

POINTS = 120
"""At most so many numbers a week are drawn."""


def funnel_odds_chart(book: Book) -> Figure:
    """Draw the probability of reaching the week's and the quarter's target against a week's work."""
    found = solved_funnel(book)
    return Figure(Sentence(_("This department has no funnel."))) if found is None else draw_solved(found)


def draw_solved(found: Solved, *, width: int = WIDTH) -> Figure:
    """Draw a department's funnel at the rates that plans are made for; where none are known, say why."""
    if found.main is None:
        return Figure(Sentence(join_sentences(found.problems), Tone.warn))
    return draw_odds(found.main, width=width)


def draw_odds(solution: Solution, *, width: int = WIDTH) -> Figure:
    """Draw a solution: one curve for a single week, one for all weeks, and where each is sure enough."""
    last = _last_activity(solution)
    if last is None or len(solution.stages) == 1:
        return Figure(needs_sentence(solution))
    names = {"single": _("a single week")}
    if solution.weeks > 1:
        names["pooled"] = _("{weeks} weeks together").format(weeks=solution.weeks)
    curves = _curves(solution, range(0, last + 1, max(1, last // POINTS)), names)
    first = solution.stages[0]
    x = alt.X(
        "activity:Q",
        title=_("{stage}, a week").format(stage=formats.with_unit(first.name, first.unit)),
        scale=alt.Scale(domain=[0, last], nice=False),
    )
    y = alt.Y(
        "chance:Q",
        title=_("probability of reaching the target"),
        axis=alt.Axis(format=".0%"),
        scale=alt.Scale(domain=[0, 1]),
    )
    dash = alt.StrokeDash(
        "series:N",
        title=None,
        sort=list(names.values()),
        scale=alt.Scale(domain=list(names.values()), range=[[6, 4], [1, 0]]),
        legend=alt.Legend(symbolSize=400, symbolStrokeWidth=2.5),
    )
    points = alt.Chart(_points(solution, names))
    chart = alt.layer(
        *_planned(solution),
        alt.Chart(curves).mark_line(color=COLOURS["plan"]).encode(x, y, dash),
        points.mark_point(size=70, filled=True, opacity=1, color=COLOURS["plan"]).encode(x, y),
        _labels(points, "single", align="left", dx=9, dy=9).encode(x, y, text="text:N"),
        _labels(points, "pooled", align="right", dx=-9, dy=-6).encode(x, y, text="text:N"),
    ).properties(width=width - 60, height=260)
    return Figure(_read_odds(solution), chart)


def _read_odds(solution: Solution) -> Sentence:
    """Say what the curves show at the planned number, and where they are sure enough."""
    if solution.weeks == 1:
        return needs_sentence(solution)
    counted = any(isinstance(rate, Counted) for rate in solution.steps)
    first = solution.stages[0]
    texts = [
        _("The curves are those of the rates counted.") if counted else _("The curves are those of the plan.")
    ]
    if solution.forecast is not None:
        texts.append(
            _(
                "{activity} a week reach the part of a single week with a probability of {single}, and the whole "
                "target over {weeks} weeks with one of {pooled}."
            ).format(
                activity=formats.amount(solution.forecast.activity, first.unit),
                single=chance_text(solution.forecast.week_chance),
                weeks=solution.weeks,
                pooled=chance_text(solution.forecast.period_chance),
            )
        )
    row: dict[Any, Any] = solution.needs.to_dict("records")[0]
    single, pooled = (row[column(way, solution.deciding)] for way in ("single", "pooled"))
    if single is not None and pooled is not None:
        texts.append(
            _("For {sureness} a single week takes {single}, all weeks together {pooled} a week.").format(
                sureness=formats.percent(solution.deciding),
                single=formats.amount(Decimal(single), first.unit),
                pooled=formats.amount(Decimal(math.ceil(pooled)), first.unit),
            )
        )
    return Sentence(join_sentences(texts))


def _last_activity(solution: Solution) -> int | None:
    """Give how far to the right is drawn: a little beyond what the highest sureness of a single week needs."""
    row: dict[Any, Any] = solution.needs.to_dict("records")[0]
    singles = [row[column("single", level)] for level in solution.sureness]
    known = [number for number in singles if number is not None]
    if not known or not row["through"]:
        return None
    brings = 0 if solution.forecast is None else math.ceil(solution.forecast.activity)
    return int(max(*known, brings, 1) * 1.15) + 1


def _curves(solution: Solution, activities: range, names: dict[str, str]) -> pd.DataFrame:
    frame = chances(solution, activities)
    return pd.concat(
        [
            pd.DataFrame({"activity": frame["activity"], "chance": frame[way].round(6), "series": name})
            for way, name in names.items()
        ]
    )


def _points(solution: Solution, names: dict[str, str]) -> pd.DataFrame:
    """Give the first numbers a week that are enough for the sureness up to the deciding one."""
    row: dict[Any, Any] = solution.needs.to_dict("records")[0]
    levels = [level for level in solution.sureness if level <= solution.deciding]
    found = []
    for way, name in names.items():
        for level in levels:
            needed = row[column(way, level)]
            if needed is not None:
                at = math.ceil(needed)
                chance = float(chances(solution, [at])[way].iloc[0])
                text = _("{number} ({sureness})").format(
                    number=formats.number(Decimal(at)), sureness=formats.percent(level)
                )
                found.append(
                    {"activity": at, "chance": round(chance, 6), "series": name, "way": way, "text": text}
                )
    return pd.DataFrame(found, columns=["activity", "chance", "series", "way", "text"])


def _labels(points: Any, way: str, **place: Any) -> Any:
    return points.transform_filter(alt.datum.way == way).mark_text(fontSize=12, **place)


def _planned(solution: Solution) -> list[Any]:
    """Give the line at what a week is planned to bring, if that is known."""
    if solution.forecast is None:
        return []
    brings = float(solution.forecast.activity)
    text = _("planned: {number}").format(number=formats.number(solution.forecast.activity))
    base = alt.Chart(pd.DataFrame([{"activity": brings, "text": text}]))
    return [
        base.mark_rule(color=COLOURS["target"], strokeDash=[4, 4]).encode(x="activity:Q"),
        # Above the plot, where no curve and no other label can come.
        base.mark_text(baseline="bottom", fontSize=12, color=COLOURS["target"]).encode(
            x="activity:Q", y=alt.value(-3), text="text:N"
        ),
    ]
