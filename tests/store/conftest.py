from pathlib import Path

import pytest

from kpinb.store import create_store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'var' / 'kpinb.sqlite'}"


@pytest.fixture
def store(url):
    with create_store(url) as made:
        yield made
