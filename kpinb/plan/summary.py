"""The plan in a few sentences: milestones, who does what, resources, and the top risk."""

from __future__ import annotations

from kpinb.book import Book
from kpinb.plan.gather import gather
from kpinb.plan.milestones import assess, explain, outlook
from kpinb.plan.raci import raci_sentence
from kpinb.plan.resources import match_resources, missing, resource_sentence
from kpinb.plan.risks import rank_risks, top_risk
from kpinb.view import Sentences


def bottom_line(book: Book) -> Sentences:
    """Say whether the milestones hold, who does what, which resources are missing, and what the top risk is."""
    plan = gather(book)
    assessed = assess(plan.milestones, plan.tasks, book.today)
    matched = match_resources(plan.resources, plan.tasks, book.today)
    return Sentences.of(
        [
            outlook(assessed),
            *explain(assessed),
            raci_sentence(plan),
            resource_sentence(matched),
            *missing(matched),
            top_risk(rank_risks(plan.risks, plan.tasks)),
        ]
    )
