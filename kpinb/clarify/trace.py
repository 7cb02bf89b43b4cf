"""指标溯源: which business goal an indicator serves, and which larger goal that one serves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from kpinb.book import Book
from kpinb.clarify.records import BusinessGoal, Indicator
from kpinb.language import _, join_sentences
from kpinb.view import Column, Sentence, Table, Tone


def goal_path(goal_id: str, goals: Sequence[BusinessGoal]) -> list[BusinessGoal]:
    """Follow a goal up to the one that serves no other; the given goal comes first.

    A circle of goals ends where it would begin again; an unknown id gives an empty list.
    """
    known = {goal.id: goal for goal in goals}
    path: list[BusinessGoal] = []
    step = known.get(goal_id)
    while step is not None and step not in path:
        path.append(step)
        step = known.get(step.parent) if step.parent else None
    return path


def trace(indicators: Sequence[Indicator], goals: Sequence[BusinessGoal]) -> pd.DataFrame:
    """Trace indicators to the business goals they serve.

    Returns
    -------
    pandas.DataFrame
        One row for each indicator and goal, and one with empty `goal` for an indicator without any:
        `id`, `name`, `issuer`, `goal` (its name), `path` (names from the goal up, joined by arrows), `purpose`
        (of the goal).
    """
    rows: list[dict[str, str]] = []
    for indicator in indicators:
        paths = [path for goal in indicator.goals if (path := goal_path(goal, goals))] or [[]]
        rows.extend(
            {
                "id": indicator.id,
                "name": indicator.name,
                "issuer": indicator.issuer,
                "goal": path[0].name if path else "",
                "path": " → ".join(goal.name for goal in path),
                "purpose": path[0].purpose if path else "",
            }
            for path in paths
        )
    return pd.DataFrame(rows, columns=["id", "name", "issuer", "goal", "path", "purpose"], dtype=object)


@dataclass(frozen=True, slots=True)
class GoalNode:
    """A business goal in its place in the tree.

    Parameters
    ----------
    id, name : str
        Of a goal that is not there, the id that was given for it.
    depth : int
        0 for a goal that serves no other.
    parent : str or None
        Id of the goal above it in the tree.
    known : bool
        Whether there is such a goal.
    purpose : str
        What the company gains.
    """

    id: str
    name: str
    depth: int = 0
    parent: str | None = None
    known: bool = True
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class GoalTree:
    """Goals on goals, and the indicators that hang on them, many to many.

    Parameters
    ----------
    nodes : tuple of GoalNode
        Each goal once, every goal right below the one it serves; what is referred to and not there comes last.
    hangs : dict of str to tuple of str
        Ids of the goals that an indicator names, by the indicator's id; empty for one without any.
    circles : tuple of tuple of str
        Ids of goals that serve each other in a circle; the tree opens each at the goal that was written first.
    """

    nodes: tuple[GoalNode, ...]
    hangs: dict[str, tuple[str, ...]]
    circles: tuple[tuple[str, ...], ...] = ()

    @property
    def served(self) -> set[str]:
        """Ids of the known goals that an indicator serves, itself or by way of a smaller goal."""
        parents = {node.id: node.parent for node in self.nodes if node.known}
        found: set[str] = set()
        for goal in (goal for goals in self.hangs.values() for goal in goals):
            step: str | None = goal
            while step in parents and step not in found:
                found.add(step)
                step = parents[step]
        return found


def goal_tree(indicators: Sequence[Indicator], goals: Sequence[BusinessGoal]) -> GoalTree:
    """Put goals in the order of a tree, whatever was typed: circles are opened, unknown goals are kept.

    Of two goals of one id, the company's and the department's own, the later one counts.
    """
    by_id = {goal.id: goal for goal in goals}
    hangs = {indicator.id: tuple(dict.fromkeys(indicator.goals)) for indicator in indicators}
    circles = tuple(_circles(by_id))
    opened = {min(circle, key=list(by_id).index) for circle in circles}
    above = {goal.id: goal.parent if goal.parent and goal.id not in opened else None for goal in by_id.values()}
    referred = [
        *(parent for parent in above.values() if parent),
        *(goal for ids in hangs.values() for goal in ids),
    ]
    nodes: list[GoalNode] = []
    waiting = [(goal, 0) for goal in reversed(by_id) if above[goal] not in by_id]
    while waiting:
        goal, depth = waiting.pop()
        nodes.append(GoalNode(goal, by_id[goal].name, depth, above[goal], purpose=by_id[goal].purpose))
        waiting.extend((child, depth + 1) for child in reversed(by_id) if above[child] == goal)
    nodes.extend(GoalNode(goal, goal, known=False) for goal in dict.fromkeys(referred) if goal not in by_id)
    return GoalTree(tuple(nodes), hangs, circles)


def _circles(by_id: dict[str, BusinessGoal]) -> Iterator[tuple[str, ...]]:
    done: set[str] = set()
    for start in by_id:
        path: list[str] = []
        step: str | None = start
        while step in by_id and step not in done and step not in path:
            path.append(step)
            step = by_id[step].parent
        if step in path:
            yield tuple(path[path.index(step) :])
        done.update(path)


def tree_sentence(indicators: Sequence[Indicator], tree: GoalTree) -> Sentence:
    """Read the tree aloud: how many indicators hang on how many goals, and what hangs on nothing.

    Parameters
    ----------
    indicators : sequence of Indicator
        Those the tree was made of.
    tree : GoalTree
        What `goal_tree` returns.
    """
    known = {node.id: node.name for node in tree.nodes if node.known}
    if not indicators:
        return Sentence(_("There is no indicator yet. Add one in the notebook's form."), Tone.unknown)
    hanging = [one for one in indicators if any(goal in known for goal in tree.hangs[one.id])]
    loose = [one.name for one in indicators if one not in hanging]
    served = tree.served
    unserved = [name for goal, name in known.items() if goal not in served]
    unknown = [node.id for node in tree.nodes if not node.known]
    sentences = [
        _(
            "Indicators that serve a business goal: {hanging} of {count}. Goals they serve: {served} of {goals}."
        ).format(hanging=len(hanging), count=len(indicators), served=len(served), goals=len(known))
    ]
    if loose:
        sentences.append(_("Without a business goal: {names}.").format(names=_(", ").join(loose)))
    if unserved:
        sentences.append(_("No indicator here serves these goals: {names}.").format(names=_(", ").join(unserved)))
    if unknown:
        sentences.append(_("These goals are named and not written down: {ids}.").format(ids=_(", ").join(unknown)))
    sentences.extend(
        _("These goals serve each other in a circle: {names}. Take one of them out of it.").format(
            names=_(", ").join(known[goal] for goal in circle)
        )
        for circle in tree.circles
    )
    return Sentence(join_sentences(sentences), Tone.warn if loose or unknown or tree.circles else Tone.plain)


def trace_table(book: Book) -> Table:
    """Show what each indicator is for."""
    return Table(
        trace(book.records(Indicator), book.shared(BusinessGoal)),
        [
            Column("name", _("Indicator")),
            Column("issuer", _("Issuer")),
            Column("path", _("Business goal")),
            Column("purpose", _("Purpose")),
        ],
        empty=_("There is no indicator yet. Add one in the notebook's form."),
    )
