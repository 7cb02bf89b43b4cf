"""What is typed and pasted into a grid: cells from Excel, what has no place, what can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpinb.forms import Grid, GridColumn, GridDraft, GridRow, Sort
from kpinb.forms.clipboard import read_cells
from kpinb.forms.grid_draft import LONGEST_CELL, MOST_ROWS

COLUMNS = [
    GridColumn("name", "Task"),
    GridColumn("owner", "Owner"),
    GridColumn("end", "End", Sort.date),
    GridColumn(
        "target", "Target", Sort.choice, options=(("Revenue (t-1)", "t-1"),), other_names={"revenue": "t-1"}
    ),
    GridColumn("key", "Key", Sort.tick),
    GridColumn("sum", "Sum", Sort.number, editable=False),
]
BLANK = {"key": "false"}


def row(key: str, **texts: str) -> GridRow:
    return GridRow(key, {**{column.name: "" for column in COLUMNS}, "key": "false", **texts})


def tasks(*rows: GridRow) -> GridDraft:
    return GridDraft(COLUMNS, rows, blank=BLANK)


def table(draft: GridDraft) -> list[list[str]]:
    """Every row but the blank one at the end."""
    return [list(one.texts.values()) for one in draft.rows if not one.is_blank]


def test_cells_are_parted_by_tabs_and_rows_by_line_breaks():
    assert read_cells("a\tb\r\nc\td\r\n") == [["a", "b"], ["c", "d"]]
    assert read_cells('"one\ntwo"\t"say ""hi"""\tplain') == [["one\ntwo", 'say "hi"', "plain"]]
    assert read_cells('5" screen\tx\n"not closed\ty') == [['5" screen', "x"], ['"not closed', "y"]]
    assert read_cells("\t\n\t\n") == []
    assert read_cells("a\n\nb") == [["a"], [""], ["b"]]
    assert read_cells("'=1+1\t'quoted'\t-5") == [["=1+1", "'quoted'", "-5"]]


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="'")), min_size=2, max_size=4), min_size=1))
def test_what_a_spreadsheet_quotes_comes_back_as_it_was(rows):
    marked = [["x", *line] for line in rows]
    text = "\r\n".join("\t".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in marked)
    assert read_cells(text) == marked


def test_a_hostile_clipboard_takes_no_longer_than_its_length():
    assert len(read_cells('"' * 200_001)) == 1
    assert len(read_cells('"a\t' * 100_000)[0]) == 100_001


def test_rows_pasted_from_excel_fill_the_cells_to_the_right_and_add_rows():
    draft = tasks(row("id:1", name="Offer", owner="A"))
    draft.paste("Call\tB\t2026/6/1\tRevenue\t是\nVisit\tC\t2026年6月12日\tt-1\tno\n", "id:1", "name")
    assert table(draft) == [
        ["Call", "B", "2026-06-01", "t-1", "true", ""],
        ["Visit", "C", "2026-06-12", "t-1", "false", ""],
    ]
    assert draft.notices == ["2 rows were pasted."]
    assert draft.rows[-1].is_blank


def test_what_cannot_be_read_stays_as_it_was_pasted():
    draft = tasks()
    draft.paste("Call\tB\t6/1/2026\tProfit\tperhaps", "new:1", "name")
    assert table(draft) == [["Call", "B", "6/1/2026", "Profit", "perhaps", ""]]
    assert draft.rows[1].texts["key"] == "false"


def test_a_line_of_titles_says_where_the_cells_go():
    draft = tasks()
    draft.paste("Owner\t\tTask\nA\tignored\tCall\nB\t\tVisit", "new:1", "end")
    assert [(one.texts["name"], one.texts["owner"]) for one in draft.rows] == [
        ("Call", "A"),
        ("Visit", "B"),
        ("", ""),
    ]
    draft.paste("Owner", "new:1", "owner")
    assert draft.rows[0].texts["owner"] == "Owner"  # one word alone is a text


def test_a_paste_says_what_had_no_place():
    draft = GridDraft(COLUMNS, [row("r1", sum="7"), row("r2", sum="8")])
    draft.paste("2026-01-01\t\t\t1\tx\n2026-01-02\n2026-01-03\n2026-01-04", "r1", "end")
    assert [one.texts["end"] for one in draft.rows] == ["2026-01-01", "2026-01-02"]
    assert [one.texts["sum"] for one in draft.rows] == ["7", "8"]
    assert draft.notices == [
        "2 rows were pasted.",
        "One column of it lies beyond the last one here and was left out.",
        "Cells that cannot be changed are as they were.",
        "2 rows more were left out: no rows can be added here.",
    ]


def test_a_grid_is_bounded_and_says_so():
    draft = tasks()
    draft.paste("\n".join(f"task {n}" for n in range(MOST_ROWS + 3)), "new:1", "name")
    assert len(draft.rows) == MOST_ROWS
    assert draft.notices[-1] == "3 rows more were left out: a grid holds 5,000 rows."
    draft.put([("new:1", "name", "x" * (LONGEST_CELL + 1))])
    assert len(draft.rows[0].texts["name"]) == LONGEST_CELL
    assert draft.notices == ["A cell takes 5,000 characters; what was longer is cut."]
    full = GridDraft(COLUMNS, [row(f"r{n}") for n in range(MOST_ROWS + 1)])
    assert (len(full.rows), full.notices) == (MOST_ROWS, ["One row more was left out: a grid holds 5,000 rows."])


def test_what_cannot_be_changed_is_not():
    fixed = GridRow("r1", {"name": "January", "owner": ""}, fixed=frozenset({"name"}))
    draft = GridDraft(COLUMNS, [fixed, row("r2", sum="8")])
    draft.put([("r1", "name", "May"), ("r2", "sum", "9"), ("gone", "name", "x"), ("r1", "nothing", "x")])
    draft.remove(["r1"])
    assert draft.rows[0] is fixed
    assert draft.rows[1].texts["sum"] == "8"
    assert not draft.can_undo


def test_every_action_can_be_taken_back_one_after_the_other():
    draft = tasks(row("id:1", name="Offer"), row("id:2", name="Call"))
    begun = table(draft)
    draft.put([("id:1", "name", "Offers")])
    draft.paste("a\nb\nc", "id:2", "name")
    draft.remove(["id:1"])
    draft.clear([("id:2", "name")])
    assert [one.texts["name"] for one in draft.changed] == ["Offers", "", "b", "c"]
    for _step in range(4):
        draft.undo()
    assert table(draft) == begun
    assert not draft.can_undo
    assert draft.changed == []


def test_a_row_taken_away_waits_to_be_saved_and_a_new_one_is_gone():
    draft = tasks(row("id:1", name="Offer"))
    draft.put([("new:1", "name", "Call")])
    draft.remove(["id:1", "new:1"])
    assert [(one.key, one.removed) for one in draft.rows] == [("id:1", True), ("new:2", False)]
    draft.put([("id:1", "name", "changed")])
    assert draft.rows[0].texts["name"] == "Offer"
    draft.restore(["id:1"])
    assert draft.changed == []


class TestWhatThePageIsTold:
    """The widget shows the draft, and does what the page's messages say."""

    def grid(self, draft: GridDraft) -> Grid:
        from contextlib import nullcontext

        return Grid(draft, label="Tasks", event=nullcontext, changed=lambda: None)

    def test_a_page_is_told_the_rows_that_changed_and_how_far_the_kernel_heard(self):
        draft = tasks(row("id:1", name="Offer"), row("id:2", name="Call"))
        grid = self.grid(draft)
        grid.receive({"seq": 4, "do": "put", "cells": [["id:2", "owner", "B"]]})
        assert list(grid.patch["rows"]) == ["id:2"]
        assert (grid.patch["order"], grid.patch["answered"]) == (None, 4)
        assert grid.patch["rows"]["id:2"]["state"] == "changed"
        # a page opened later begins with what stands now
        assert grid.table["rows"][1]["texts"]["owner"] == "B"

    def test_a_page_can_type_into_the_next_row_before_the_kernel_has_answered(self):
        grid = self.grid(tasks())
        ahead = f"new:{grid.table['next']}"
        grid.receive({"seq": 1, "do": "put", "cells": [["new:1", "name", "Call"]]})
        grid.receive({"seq": 2, "do": "put", "cells": [[ahead, "name", "Visit"]]})
        assert [one["texts"]["name"] for one in grid.table["rows"]] == ["Call", "Visit", ""]

    def test_each_action_of_the_page_is_done(self):
        grid = self.grid(tasks(row("id:1", name="Offer")))
        texts = []
        for message in (
            {"do": "paste", "text": "Call\tB", "row": "id:1", "column": "name"},
            {"do": "clear", "cells": [["id:1", "owner"]]},
            {"do": "undo"},
            {"do": "remove", "rows": ["id:1"]},
            {"do": "restore", "rows": ["id:1"]},
        ):
            grid.receive(message)
            texts.append((grid.draft.rows[0].texts["owner"], grid.draft.rows[0].removed))
        assert texts == [("B", False), ("", False), ("B", False), ("B", True), ("B", False)]

    @pytest.mark.parametrize(
        "message",
        [
            None,
            "put",
            {},
            {"do": "put", "cells": "all"},
            {"do": "put", "cells": [["id:1", "name"], ["id:1", "name", 5], [1, 2, 3], None]},
            {"do": "paste", "text": 5, "row": "id:1", "column": "name"},
            {"do": "remove", "rows": [1, None]},
            {"seq": "many", "do": "run"},
        ],
    )
    def test_a_message_that_is_none_changes_nothing(self, message):
        draft = tasks(row("id:1", name="Offer"))
        before = draft.rows
        self.grid(draft).receive(message)
        assert draft.rows == before

    def test_sentences_stand_at_their_cells(self):
        draft = tasks(row("id:1", end="soon"))
        draft.problems = {("id:1", "end"): "“soon” is not a date."}
        draft.hints = {("id:1", "owner"): "name somebody."}
        draft.totals = {"sum": "12"}
        shown = self.grid(draft).table
        assert shown["rows"][0]["problems"] == {"end": "“soon” is not a date."}
        assert shown["rows"][0]["hints"] == {"owner": "Name somebody."}
        assert shown["totals"] == {"sum": "12"}
