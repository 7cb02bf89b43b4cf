"""An indicator that was typed today has no actuals yet: it is unknown, and the others go on."""

from __future__ import annotations

import pytest
from stories import MONTHS_2025, Workbook, indicator, target, year_of

from kpinb import retrospective, track
from kpinb.errors import NotFound
from kpinb.track.pace import Status


def test_a_new_indicator_without_actuals_is_unknown_and_stops_nothing(workbook: Workbook) -> None:
    facts = workbook.write_actuals("sales", revenue=year_of(MONTHS_2025, 2025) | year_of([100] * 10))
    workbook.save(
        "sales",
        indicator(),
        target("2026", growth="0.2"),
        indicator("complaints"),
        target("2026", "t-complaints", indicator="complaints", value="120"),
    )
    found = {s.indicator.id: s for s in track.standings(workbook.book(facts=facts))}
    assert found["complaints"].status is Status.unknown
    assert len(found["complaints"].to_date.missing) == 10
    assert found["revenue"].status is Status.on_track
    assert "complaints: unknown" in str(retrospective.bottom_line(workbook.book(facts=facts)).items)
    assert retrospective.gap_table(workbook.book(facts=facts)).texts()
    assert retrospective.segment_table(workbook.book(facts=facts)).texts() == []


def test_a_series_that_is_named_and_not_there_is_a_slip_of_the_pen(workbook: Workbook) -> None:
    facts = workbook.write_actuals("sales", revenue=year_of(MONTHS_2025, 2025))
    workbook.save(
        "sales", indicator("complaints", fact="complaint"), target("2026", indicator="complaints", value="1")
    )
    with pytest.raises(NotFound, match="complaint"):
        track.standings(workbook.book(facts=facts))
