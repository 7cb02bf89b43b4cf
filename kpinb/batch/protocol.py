"""How the batch and the process of one run write values to each other: as JSON, checked when it is read."""

from __future__ import annotations

from pydantic import TypeAdapter

from kpinb.batch.job import Job, Outcome, Stage

JOB = TypeAdapter(Job)
STAGE = TypeAdapter(Stage)
OUTCOME = TypeAdapter(Outcome)
