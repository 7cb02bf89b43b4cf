"""The files around the package agree with each other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[1]
EXTRAS = ("lab", "examples", "test")
OTHER_NAMES_IN_CONDA = {"ibis-framework": "ibis-duckdb"}
ADDRESSES = re.compile(r"https?://|file://|--(extra-)?index-url|--find-links|--trusted-host|--hash")


def pyproject() -> dict[str, Any]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))


def pins() -> dict[str, str]:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def installed_by(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> Iterator[str]:
    """Name what comes with a distribution in this environment, itself excluded."""
    if (name, extras) in seen:
        return
    seen.add((name, extras))
    for text in metadata.requires(name) or []:
        needed = Requirement(text)
        wanted = needed.marker is None or any(needed.marker.evaluate({"extra": e}) for e in extras | {""})
        if wanted:
            yield canonicalize_name(needed.name)
            yield from installed_by(needed.name, frozenset(needed.extras), seen)


def test_conda_users_get_what_pip_users_get() -> None:
    project = pyproject()["project"]
    extras = project["optional-dependencies"]
    asked = [Requirement(text) for text in project["dependencies"] + extras["lab"] + extras["examples"]]
    environment = yaml.safe_load((PROJECT / "environment.yml").read_text(encoding="utf-8"))
    listed = [Requirement(text) for text in environment["dependencies"] if isinstance(text, str)]

    assert environment["channels"] == ["conda-forge"]
    assert environment["dependencies"][-1] == {"pip": ["-e ."]}
    offered = {canonicalize_name(one.name): str(one.specifier) for one in listed}
    assert offered.pop("python") == project["requires-python"]
    assert offered.pop("pip") == ""
    assert offered == {
        OTHER_NAMES_IN_CONDA.get(canonicalize_name(one.name), canonicalize_name(one.name)): str(one.specifier)
        for one in asked
    }


def test_constraints_are_names_and_versions_and_nothing_else() -> None:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if not re.match(r"#|[A-Za-z0-9][\w.-]*==[\w.]+\Z", line)] == []
    assert len(pins()) == len([line for line in lines if not line.startswith("#")])


def test_everything_that_make_installs_is_pinned() -> None:
    needed = set(installed_by("kpinb", frozenset(EXTRAS), set()))

    assert {"pandas", "jupyterlab", "vega-datasets", "ruff", "sqlglot"} <= needed
    assert needed - pins().keys() == set()


def test_every_pin_is_within_what_the_project_asks_for() -> None:
    project = pyproject()["project"]
    asked = [Requirement(text) for text in project["dependencies"]]
    for extra in EXTRAS:
        asked += [Requirement(text) for text in project["optional-dependencies"][extra]]

    outside = [str(one) for one in asked if pins()[canonicalize_name(one.name)] not in one.specifier]
    assert outside == []


@pytest.mark.parametrize(
    "name",
    ["Makefile", "constraints.txt", "environment.yml", "pyproject.toml", ".ci/run", ".pre-commit-config.yaml"],
)
def test_nothing_is_fetched_from_an_address_that_the_project_names(name: str) -> None:
    assert ADDRESSES.search((PROJECT / name).read_text(encoding="utf-8")) is None


def test_the_continuous_check_is_the_command_that_the_readme_gives() -> None:
    last = (PROJECT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1]

    assert last == "exec make test"
    assert (PROJECT / ".ci/run").stat().st_mode & 0o111


def test_every_target_of_the_makefile_that_a_person_calls_is_explained() -> None:
    lines = (PROJECT / "Makefile").read_text(encoding="utf-8").splitlines()

    explained = {line.split()[2] for line in lines if line.startswith("## make ")}
    called = next(line for line in lines if line.startswith(".PHONY:")).split()[1:]
    assert explained == set(called) - {"help", "install"}


def test_the_wheel_ships_notebooks_and_parameters_where_init_looks_for_them() -> None:
    from kpinb.newbook import SHIPPED

    shipped = pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]

    assert shipped == {name: f"kpinb/{SHIPPED}/{name}" for name in ("notebooks", "params")}


def test_every_kind_of_record_can_be_loaded_and_listed() -> None:
    from kpinb.records import Record
    from kpinb.stages import KINDS

    def below(kind: type[Record]) -> Iterator[type[Record]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    of_the_package = {kind for kind in below(Record) if kind.__module__.startswith("kpinb.")}
    assert set(KINDS.values()) == of_the_package
    assert all(name == kind.kind for name, kind in KINDS.items())
