"""``kpinb records``: what is in the store, and bringing records in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kpinb.cli.command import Group
from kpinb.cli.output import show_table
from kpinb.errors import BadInput, NotFound
from kpinb.language import N_, _, ngettext

if TYPE_CHECKING:
    from kpinb.records import Record, Revision
    from kpinb.store import Store

T = TypeVar("T")
_SHOWN_FIELDS = 3

_kind = click.argument("kind", help=N_("Kind of record, such as indicator."))
_id = click.argument("record_id", metavar="ID", help=N_("Id of the record."))
_department = click.option(
    "--department",
    metavar="ID",
    help=N_("Department that keeps it; needed only where several have one of that id."),
)
_store = click.option(
    "--store",
    metavar="NAME",
    default="embedded",
    help=N_("Name of the store's connection; by default “embedded”."),
)


@click.group(
    cls=Group,
    help=N_("Show the records in the store, or load some from files."),
    example="kpinb records list indicator",
)
def records() -> None:
    """Hold the commands about records."""


@records.command(
    "list",
    help=N_("List the records of one kind, or how many there are of each."),
    example="kpinb records list indicator --department sales",
)
@click.argument("kind", required=False, help=N_("Kind of record, such as indicator; by default all are counted."))
@click.option("--department", metavar="ID", help=N_("Only this department's."))
@_store
def list_(kind: str | None, department: str | None, store: str) -> None:
    """List records."""
    with _open(store) as opened:
        departments = [_known_department(opened, department)] if department else opened.departments()
        if kind is None:
            _count(opened, departments)
        else:
            _list(opened, departments, _known_kind(kind))


@records.command(
    help=N_("Show every field of one record."), example="kpinb records show indicator revenue --department sales"
)
@_kind
@_id
@_department
@_store
def show(kind: str, record_id: str, department: str | None, store: str) -> None:
    """Show one record."""
    from kpinb.records import label
    from kpinb.records import show as written

    kind_class = _known_kind(kind)
    with _open(store) as opened:
        revision = _only(opened, kind_class, record_id, department, lambda d: opened.get(kind_class, d, record_id))
    rows = [(label(kind_class, name), written(value)) for name, value in revision.record]
    show_table(
        [_("Field"), _("Content")],
        [
            (_("Department"), revision.department),
            *rows,
            (_("Version"), str(revision.version)),
            (_("By"), revision.author),
            (_("When"), _moment(revision)),
        ],
    )


@records.command(
    help=N_("Show every version of one record: who changed what, when and why."),
    example="kpinb records history indicator revenue --department sales",
)
@_kind
@_id
@_department
@_store
def history(kind: str, record_id: str, department: str | None, store: str) -> None:
    """Show a record's versions."""
    from kpinb.records import changed_fields

    kind_class = _known_kind(kind)

    def versions(of: str) -> list[Revision]:
        there = opened.history(kind_class, of, record_id)
        if not there:
            raise NotFound(
                _(
                    "Department “{department}” has no record “{id}” of the kind “{kind}”. "
                    "“kpinb records list {kind} --department {department}” shows those it has."
                ).format(department=of, id=record_id, kind=kind)
            )
        return there

    with _open(store) as opened:
        revisions = _only(opened, kind_class, record_id, department, versions)
    show_table(
        [_("Version"), _("When"), _("By"), _("Changed"), _("Reason")],
        [
            (str(after.version), _moment(after), after.author, changed_fields(before, after), after.reason)
            for before, after in zip([None, *revisions], revisions, strict=False)
        ],
    )


@records.command(
    help=N_("Take a record away. Its history stays; saving it again brings it back."),
    example="kpinb records delete target revenue-2025 --department sales --reason duplicate",
)
@_kind
@_id
@_department
@click.option("--reason", required=True, metavar="TEXT", help=N_("Why; it is kept in the history."))
@_store
def delete(kind: str, record_id: str, department: str | None, reason: str, store: str) -> None:
    """Take a record away."""
    from kpinb import identity

    kind_class = _known_kind(kind)
    with _open(store) as opened:
        last = _only(opened, kind_class, record_id, department, lambda of: opened.get(kind_class, of, record_id))
        opened.delete(last.department, last.record, author=identity.author(), expected=last.version, reason=reason)
    click.echo(
        _("“{id}” of department “{department}” is taken away; its history stays.").format(
            id=record_id, department=last.department
        )
    )


@records.command(
    help=N_("Load records from YAML files; what was loaded before is not loaded twice."),
    example="kpinb records load params/records/sales.yaml",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True, help=N_("Files of records."))
@_store
def load(files: tuple[str, ...], store: str) -> None:
    """Load files of records."""
    from kpinb import recordbook

    with _open(store) as opened:
        added = recordbook.load([Path(file) for file in files], opened)
    click.echo(
        ngettext("{n} version of a record loaded.", "{n} versions of records loaded.", added).format(n=added)
    )


def _open(name: str) -> Store:
    from kpinb import workbook
    from kpinb.store import open_store

    return open_store(workbook.store_url(name, workbook.find_root()))


def _known_kind(kind: str) -> type[Record]:
    from kpinb.recordbook import unknown_kind
    from kpinb.stages import KINDS

    if kind not in KINDS:
        raise BadInput(unknown_kind(kind))
    return KINDS[kind]


def _known_department(store: Store, department: str) -> str:
    known = store.departments()
    if department not in known:
        raise NotFound(
            _("The store has no records of department “{department}”. It has those of: {known}.").format(
                department=department, known=_(", ").join(known) or "–"
            )
        )
    return department


def _only(store: Store, kind: type[Record], record_id: str, department: str | None, find: Callable[[str], T]) -> T:
    """Find a record in the one department that has it."""
    if department is not None:
        return find(_known_department(store, department))
    found: dict[str, T] = {}
    for each in store.departments():
        try:
            found[each] = find(each)
        except NotFound:
            continue
    if not found:
        raise NotFound(
            _(
                "There is no record “{id}” of the kind “{kind}” in any department. "
                "“kpinb records list {kind}” shows those there are."
            ).format(id=record_id, kind=kind.kind)
        )
    if len(found) > 1:
        raise BadInput(
            _(
                "Several departments have a record “{id}” of the kind “{kind}”: {departments}. "
                "Name one with --department."
            ).format(id=record_id, kind=kind.kind, departments=_(", ").join(found))
        )
    return next(iter(found.values()))


def _count(store: Store, departments: list[str]) -> None:
    from kpinb.stages import KINDS

    rows = [
        (department, kind.kind, _(kind.title), str(there))
        for department in departments
        for kind in KINDS.values()
        if (there := len(store.all(kind, department)))
    ]
    if rows:
        show_table([_("Department"), _("Kind"), _("Name"), _("Records")], rows)
    else:
        click.echo(_("There are no records yet."))


def _list(store: Store, departments: list[str], kind: type[Record]) -> None:
    from kpinb.records import label
    from kpinb.records import show as written

    fields = [name for name in kind.model_fields if name != "id"][:_SHOWN_FIELDS]
    rows = [
        (
            revision.department,
            revision.record.id,
            *(written(getattr(revision.record, field)) for field in fields),
            str(revision.version),
            revision.author,
            _moment(revision),
        )
        for department in departments
        for revision in store.all(kind, department)
    ]
    if rows:
        names = [label(kind, field) for field in fields]
        show_table([_("Department"), _("Id"), *names, _("Version"), _("By"), _("When")], rows)
    else:
        click.echo(_("There are no records of this kind yet."))


def _moment(revision: Revision) -> str:
    from kpinb.view import formats

    return formats.moment(revision.recorded_at.astimezone())
