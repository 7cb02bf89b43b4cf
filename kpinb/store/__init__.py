"""Where records are kept: every version of each, none ever changed or removed."""

from kpinb.store.revisions import Entry, Store, create_store, open_store

__all__ = ["Entry", "Store", "create_store", "open_store"]
