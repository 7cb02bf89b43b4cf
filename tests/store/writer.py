"""Run as a process of its own: adds to one tally until it has done its share, printing what was acknowledged."""

import sys

from store_notes import Note

from kpinb.errors import EditConflict
from kpinb.store import open_store


def main(url: str, author: str, share: int) -> None:
    with open_store(url) as store:
        for _ in range(share):
            while True:
                seen = store.get(Note, "sales", "tally")
                more = seen.record.model_copy(update={"count": seen.record.count + 1})
                try:
                    saved = store.save("sales", more, author=author, expected=seen.version)
                except EditConflict:
                    continue
                break
            # In one write, so that a kill cannot leave half a line.
            sys.stdout.write(f"{saved.version} {author}\n")
            sys.stdout.flush()


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
