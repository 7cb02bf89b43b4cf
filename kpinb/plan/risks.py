"""Risks: what could go wrong, what matters most, and what is done about it.

Risks are ordered by their score, probability × impact, each on a scale of 1 to 5 (the probability–impact matrix of
IEC 31010). The score only orders: 10 is not twice as bad as 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.language import N_, Label, _
from kpinb.plan.gather import gather, names_of
from kpinb.plan.records import Risk, RiskResponse
from kpinb.view import Column, Sentence, Sentences, Table, Tone

MEDIUM, HIGH = 5, 15
"""Scores from which a risk counts as medium and as high."""

COLUMNS = [
    "id",
    "rank",
    "event",
    "cause",
    "effect",
    "probability",
    "impact",
    "score",
    "level",
    "response",
    "measures",
    "trigger",
    "owner",
    "tasks",
]


class RiskLevel(Label):
    """How much a risk matters."""

    low = "low", N_("low")
    medium = "medium", N_("medium")
    high = "high", N_("high")

    @property
    def tone(self) -> Tone:
        """How it stands."""
        return {"low": Tone.plain, "medium": Tone.warn, "high": Tone.bad}[self.value]


def level(score: int) -> RiskLevel:
    """Class a score of 1 to 25: from 5 on medium, from 15 on high."""
    if score >= HIGH:
        return RiskLevel.high
    return RiskLevel.medium if score >= MEDIUM else RiskLevel.low


def rank_risks(risks: Sequence[Risk], tasks: Sequence[Task]) -> pd.DataFrame:
    """Order risks by what matters most.

    Returns
    -------
    pandas.DataFrame
        One row a risk, highest score first (of equal scores, the greater impact; then the order of entry): `id`,
        `rank` (1 for the first), `event`, `cause`, `effect`, `probability`, `impact`, `score`, `level`,
        `response`, `measures`, `trigger`, `owner`, `tasks` (names of the tasks it would affect).
    """
    names = names_of(tasks)
    ordered = sorted(risks, key=lambda risk: (-risk.probability * risk.impact, -risk.impact))
    rows = [
        {
            **dict(risk),
            "rank": number,
            "score": risk.probability * risk.impact,
            "level": level(risk.probability * risk.impact),
            "tasks": [names.get(task, task) for task in risk.tasks],
        }
        for number, risk in enumerate(ordered, 1)
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def risk_table(book: Book) -> Table:
    """Show the risks, the highest score on top."""
    plan = gather(book)
    ranked = rank_risks(plan.risks, plan.tasks)
    ranked["calculation"] = [
        f"{row['probability']} × {row['impact']} = {row['score']}" for row in ranked.to_dict("records")
    ]
    return Table(
        ranked,
        [
            Column("rank", _("No."), numeric=True),
            Column("event", _("Event")),
            Column("cause", _("Cause")),
            Column("effect", _("Effect")),
            Column("tasks", _("Tasks affected")),
            Column("calculation", _("Score"), numeric=True, tone=lambda row: row["level"].tone),
            Column("response", _("Response")),
            Column("measures", _("What is done")),
            Column("trigger", _("Trigger")),
            Column("owner", _("Owner")),
        ],
        empty=_("No risk has been noted yet. Add one in the notebook's form."),
        caption=_(
            "Score = probability × impact, each from 1 to 5; from {high} on high, from {medium} on medium."
        ).format(high=HIGH, medium=MEDIUM),
    )


def top_risk(ranked: pd.DataFrame) -> Sentence:
    """Name the risk with the highest score, from what `rank_risks` returns."""
    if ranked.empty:
        return Sentence(_("No risk has been noted yet."), Tone.unknown)
    first = ranked.iloc[0]
    values = {
        "event": first["event"],
        "score": first["score"],
        "level": first["level"].label,
        "response": first["response"].label,
        "owner": first["owner"],
    }
    if first["owner"]:
        text = _("The top risk is {event} (score {score} of 25, {level}); response: {response}, owner: {owner}.")
    else:
        text = _(
            "The top risk is {event} (score {score} of 25, {level}); response: {response}, owner: nobody yet."
        )
    return Sentence(text.format(**values), first["level"].tone)


def unanswered(ranked: pd.DataFrame) -> list[Sentence]:
    """Say about which risks nothing is done yet, or by nobody; a risk that is accepted needs no measure."""
    found = []
    for row in ranked.to_dict("records"):
        if row["response"] is not RiskResponse.accept and not row["measures"].strip():
            text = _("{event}: the response is “{response}”, but no measures are noted. Add them.")
        elif not row["owner"]:
            text = _("{event}: nobody is watching it. Name the owner.")
        else:
            continue
        found.append(Sentence(text.format(event=row["event"], response=row["response"].label), Tone.warn))
    return found


def risk_sentences(book: Book) -> Sentences:
    """Name the top risk, and those about which nothing is done yet."""
    plan = gather(book)
    ranked = rank_risks(plan.risks, plan.tasks)
    return Sentences.of([top_risk(ranked), *unanswered(ranked)])
