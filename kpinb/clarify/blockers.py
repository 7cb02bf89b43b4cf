"""What keeps an indicator from being agreed, in sentences that name what is to be filled in."""

from __future__ import annotations

from collections.abc import Sequence

from kpinb.clarify.criterion_text import criterion_text
from kpinb.clarify.records import BusinessGoal, Criterion, Indicator, OpenQuestion
from kpinb.language import _


def blockers(
    indicator: Indicator,
    criteria: Sequence[Criterion],
    questions: Sequence[OpenQuestion],
    goals: Sequence[BusinessGoal],
    more: Sequence[str] = (),
) -> list[str]:
    """Say what keeps an indicator from being agreed, a sentence for each field.

    Parameters
    ----------
    indicator : Indicator
        The indicator.
    criteria, questions, goals : sequence
        All there are; those of other indicators are passed over.
    more : sequence of str
        Sentences that other analyses have found, such as about its formula; they come last.
    """
    own = [criterion for criterion in criteria if criterion.indicator == indicator.id]
    return [
        *_origin_blockers(indicator, goals),
        *_card_blockers(indicator),
        *_criterion_blockers(indicator, own),
        *(
            _("{name}: the question “{question}” has no answer yet.").format(
                name=indicator.name, question=question.question
            )
            for question in questions
            if question.indicator == indicator.id and not question.answer
        ),
        *more,
    ]


def _origin_blockers(indicator: Indicator, goals: Sequence[BusinessGoal]) -> list[str]:
    name, known = indicator.name, {goal.id for goal in goals}
    found = [
        _("{name}: there is no business goal “{goal}”. Write it, or name another.").format(name=name, goal=goal)
        for goal in indicator.goals
        if goal not in known
    ]
    if not indicator.goals:
        found.append(_("{name}: name the business goal it serves.").format(name=name))
    if len(set(indicator.goals)) > 1 and not indicator.purpose:
        found.append(
            _("{name}: it serves several business goals. Say in its purpose which one comes first.").format(
                name=name
            )
        )
    return found


def _card_blockers(indicator: Indicator) -> list[str]:
    name = indicator.name
    found = []
    if not indicator.issuer:
        found.append(_("{name}: name the issuer, who can be asked what it is for.").format(name=name))
    if not indicator.owner:
        found.append(_("{name}: name the owner.").format(name=name))
    if not indicator.unit:
        found.append(_("{name}: name the unit, such as hours or %.").format(name=name))
    return found


def _criterion_blockers(indicator: Indicator, own: Sequence[Criterion]) -> list[str]:
    name = indicator.name
    if not own:
        return [_("{name}: say in a criterion what number is good enough.").format(name=name)]
    found = []
    for criterion in own:
        text = criterion_text(criterion)
        if not criterion.unit:
            found.append(
                _("{name}: name the unit of the criterion “{criterion}”.").format(name=name, criterion=text)
            )
        if not criterion.source:
            found.append(
                _("{name}: name the source of the criterion “{criterion}”: the system or table.").format(
                    name=name, criterion=text
                )
            )
        if not criterion.population:
            found.append(
                _("{name}: say in the population of the criterion “{criterion}” what is counted.").format(
                    name=name, criterion=text
                )
            )
    return found
