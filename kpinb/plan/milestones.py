"""Milestones and the buffer before them: whether they will hold by the plan.

Days are calendar days, weekends and holidays included. The plan knows when tasks are to end, not whether they are
done; that is known to tracking.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from kpinb.book import Book
from kpinb.decompose.records import Task
from kpinb.language import N_, Label, _, ngettext
from kpinb.plan.gather import gather, names_of
from kpinb.plan.records import Milestone
from kpinb.view import Column, Sentence, Sentences, Table, Tone, formats

COLUMNS = ["id", "name", "owner", "due", "last_end", "kept", "wanted", "used", "state", "ahead", "open"]


class MilestoneState(Label):
    """What the dates of its tasks mean for a milestone."""

    intact = "intact", N_("in time")
    partly_used = "partly_used", N_("in time, buffer partly used")
    used_up = "used_up", N_("in time, buffer used up")
    beyond = "beyond", N_("tasks end after it")
    undated = "undated", N_("dates missing")
    without_tasks = "without_tasks", N_("no tasks named")

    @property
    def holds(self) -> bool:
        """Whether its tasks are known to end in time."""
        return self in (MilestoneState.intact, MilestoneState.partly_used, MilestoneState.used_up)

    @property
    def tone(self) -> Tone:
        """How it stands."""
        return _TONES[self]


_TONES = {
    MilestoneState.intact: Tone.good,
    MilestoneState.partly_used: Tone.warn,
    MilestoneState.used_up: Tone.warn,
    MilestoneState.beyond: Tone.bad,
    MilestoneState.undated: Tone.unknown,
    MilestoneState.without_tasks: Tone.unknown,
}


def assess(milestones: Sequence[Milestone], tasks: Sequence[Task], today: date) -> pd.DataFrame:
    """Compare each milestone with the end of its tasks.

    Parameters
    ----------
    milestones : sequence of Milestone
        In any order.
    tasks : sequence of Task
        Those that they may refer to.
    today : date
        The day from which the review looks.

    Returns
    -------
    pandas.DataFrame
        One row a milestone, by due date: `id`, `name`, `owner`, `due`, `last_end` (latest end that is known, or
        None), `kept` (calendar days from there to the due date; negative where tasks end after it; None where the
        end of a task is not known and the others end in time), `wanted` (buffer days planned), `used` (share of
        the wanted buffer that is gone, Decimal, above 1 where tasks end after the due date; None without a
        buffer), `state` (`MilestoneState`), `ahead` (days from today to the due date, negative where that is
        past), `open` (tuple of names of the tasks without an end, ids of those that do not exist).
    """
    known = {task.id: task for task in tasks}
    names = names_of(tasks)
    rows = []
    for milestone in sorted(milestones, key=lambda milestone: milestone.due):
        ends = [known[task].end if task in known else None for task in milestone.tasks]
        last = max((end for end in ends if end), default=None)
        unknown = [names.get(task, task) for task, end in zip(milestone.tasks, ends, strict=True) if end is None]
        kept = (milestone.due - last).days if last else None
        if unknown and kept is not None and kept >= 0:
            kept = None  # a task without an end may still end after the milestone
        wanted = milestone.buffer_days
        rows.append(
            {
                "id": milestone.id,
                "name": milestone.name,
                "owner": milestone.owner,
                "due": milestone.due,
                "last_end": last,
                "kept": kept,
                "wanted": wanted,
                "used": Decimal(max(0, wanted - kept)) / wanted if wanted and kept is not None else None,
                "state": _state(kept, wanted, any_tasks=bool(milestone.tasks)),
                "ahead": (milestone.due - today).days,
                "open": tuple(unknown),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _state(kept: int | None, wanted: int, *, any_tasks: bool) -> MilestoneState:
    if not any_tasks:
        return MilestoneState.without_tasks
    if kept is None:
        return MilestoneState.undated
    if kept < 0:
        return MilestoneState.beyond
    if kept >= wanted:
        return MilestoneState.intact
    return MilestoneState.partly_used if kept else MilestoneState.used_up


def milestone_table(book: Book) -> Table:
    """Show each milestone with the buffer that its tasks leave."""
    plan = gather(book)
    return Table(
        assess(plan.milestones, plan.tasks, book.today),
        [
            Column("name", _("Milestone")),
            Column("owner", _("Owner")),
            Column("due", _("Due"), formats.day),
            Column("last_end", _("Last task ends"), formats.day),
            Column("wanted", _("Buffer planned"), _days, numeric=True),
            Column("kept", _("Days left free"), _days, numeric=True),
            Column("used", _("Buffer used"), lambda value: formats.percent(value, places=0), numeric=True),
            Column("state", _("State"), tone=lambda row: row["state"].tone),
        ],
        empty=_("There is no milestone yet. Add one in the notebook's form."),
        caption=_("Calendar days, weekends included."),
    )


def _days(value: int | None) -> str:
    return formats.amount(None if value is None else Decimal(value), _("days"))


def explain(assessed: pd.DataFrame) -> list[Sentence]:
    """Say what is wrong with each milestone that does not hold with its whole buffer, from what `assess` returns.

    Of a milestone that is past, only tasks that end after it are told: the rest is history.
    """
    rows: list[Any] = assessed.to_dict("records")
    told = [row for row in rows if row["ahead"] >= 0 or row["state"] is MilestoneState.beyond]
    return [Sentence(text, row["state"].tone) for row in told if (text := _explanation(row))]


def _explanation(row: dict[str, Any]) -> str:
    values = {"milestone": row["name"], "due": formats.day(row["due"]), "end": formats.day(row["last_end"])}
    match row["state"]:
        case MilestoneState.beyond if row["ahead"] < 0:
            return ngettext(
                "{milestone} was due on {due}; by the plan its last task ends one day later, on {end}.",
                "{milestone} was due on {due}; by the plan its last task ends {days} days later, on {end}.",
                -row["kept"],
            ).format(days=-row["kept"], **values)
        case MilestoneState.beyond:
            return ngettext(
                "{milestone} is due on {due}, but its last task ends one day later, on {end}. Bring the task "
                "forward, or agree on another date.",
                "{milestone} is due on {due}, but its last task ends {days} days later, on {end}. Bring the task "
                "forward, or agree on another date.",
                -row["kept"],
            ).format(days=-row["kept"], **values)
        case MilestoneState.partly_used:
            return ngettext(
                "{milestone} has {kept} of {wanted} buffer day left: its last task ends on {end}, it is due on "
                "{due}.",
                "{milestone} has {kept} of {wanted} buffer days left: its last task ends on {end}, it is due on "
                "{due}.",
                row["wanted"],
            ).format(kept=row["kept"], wanted=row["wanted"], **values)
        case MilestoneState.used_up:
            return _(
                "{milestone} has no buffer left: its last task ends on {end}, the day on which it is due."
            ).format(**values)
        case MilestoneState.undated:
            return _(
                "It cannot be said whether {milestone} will be met by {due}: there is no end date for {tasks}. "
                "Enter it in the task list."
            ).format(tasks=_(", ").join(row["open"]), **values)
        case MilestoneState.without_tasks:
            return _(
                "It cannot be said whether {milestone} will be met by {due}: name the tasks that it needs."
            ).format(**values)
        case _:
            return ""


def outlook(assessed: pd.DataFrame) -> Sentence:
    """Say in one sentence whether the milestones ahead hold by the plan, and which comes next."""
    if assessed.empty:
        return Sentence(_("No milestone has been set yet."), Tone.unknown)
    ahead = assessed[assessed["ahead"] >= 0]
    if ahead.empty:
        last = assessed.iloc[-1]
        text = ngettext(
            "No milestone lies ahead; the only one, {milestone}, was due on {due}. Whether it was met is seen in "
            "tracking.",
            "No milestone lies ahead; the last of {count}, {milestone}, was due on {due}. Whether they were met "
            "is seen in tracking.",
            len(assessed),
        ).format(count=len(assessed), milestone=last["name"], due=formats.day(last["due"]))
        return Sentence(text)
    coming = ahead.iloc[0]
    states: list[MilestoneState] = ahead["state"].tolist()
    values = {
        "count": len(ahead),
        "holding": sum(state.holds for state in states),
        "milestone": coming["name"],
        "due": formats.day(coming["due"]),
    }
    if values["holding"] == len(ahead):
        text = ngettext(
            "The only milestone ahead is on course by the plan: {milestone}, due on {due}.",
            "All {count} milestones ahead are on course by the plan; the next is {milestone}, due on {due}.",
            len(ahead),
        )
    else:
        text = ngettext(
            "The plan does not yet show that the only milestone ahead is on course: {milestone}, due on {due}.",
            "The plan shows that {holding} of the {count} milestones ahead are on course; the next is "
            "{milestone}, due on {due}.",
            len(ahead),
        )
    return Sentence(text.format(**values), worst(states))


def worst(states: Sequence[MilestoneState]) -> Tone:
    """Give the tone of the milestone that stands worst: late before unknown, unknown before a used buffer."""
    tones = {state.tone for state in states}
    return next((tone for tone in (Tone.bad, Tone.unknown, Tone.warn) if tone in tones), Tone.good)


def milestone_sentences(book: Book) -> Sentences:
    """Say whether the milestones hold, and what to do about those that do not."""
    plan = gather(book)
    assessed = assess(plan.milestones, plan.tasks, book.today)
    return Sentences.of([outlook(assessed), *explain(assessed)])
