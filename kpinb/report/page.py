"""The report of a department and the company's index, each one HTML file that needs nothing else.

A manager opens it on a phone: the bottom line comes first, then the stages. Nothing in a page is code, and the
page works without any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from kpinb import language as languages
from kpinb.errors import BadInput
from kpinb.language import N_, Label, _, ngettext
from kpinb.report.cells import Block, Stage, Text, read_stage

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What a reader's browser may do with a page: show it. It stands behind sanitising, not in its place."""

HTML_LANGUAGES = {"zh": "zh-CN", "en": "en"}


class Status(Label):
    """How the review of one department ended."""

    ok = "ok", N_("reviewed")
    failed = "failed", N_("failed")
    left_out = "left-out", N_("left out")


@dataclass(frozen=True)
class IndexEntry:
    """One department on the company's page.

    Parameters
    ----------
    department : str
        Its id.
    name : str
        What people call it.
    status : Status
        How its review ended.
    reason : str
        Why it failed or was left out.
    report : str, optional
        Address of its report, relative to the index.
    notebooks : sequence of str
        Addresses of its executed notebooks, relative to the index, in order; where the review failed, the last
        one is the notebook that failed.

    Raises
    ------
    BadInput
        An address is not relative.
    """

    department: str
    name: str
    status: Status
    reason: str = ""
    report: str | None = None
    notebooks: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", Status(self.status))
        for address in [self.report or "", *self.notebooks]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or address.startswith(("/", "\\")):
                raise BadInput(
                    _("The index can only link to files beside it, and “{address}” is not one of them.").format(
                        address=address[:80]
                    )
                )


def write_department_report(
    notebooks: Sequence[Path],
    target: Path,
    *,
    name: str,
    period: str,
    language: str,
    notice: str,
    as_of: str,
) -> None:
    """Write the report of one department.

    Parameters
    ----------
    notebooks : sequence of Path
        The executed notebooks of its stages, in the order of the method.
    target : Path
        The file to write.
    name : str
        What people call the department.
    period : str
        The period that is reviewed, as the reader is to see it.
    language : str
        ``zh`` or ``en``.
    notice : str
        Where the data come from, if that has to be said; may be empty.
    as_of : str
        The moment whose records the report shows, as the reader is to see it; empty for now.

    Raises
    ------
    BadInput
        A notebook cannot be read.
    """
    with languages.use(language):
        stages = _read(notebooks, language)
        page = _render(
            "page.html.j2",
            language=language,
            name=name,
            title=_("{name}: review of {period}").format(name=name, period=period),
            subtitle=_("Review of {period}").format(period=period),
            notice=notice,
            known=_known(as_of),
            bottom_line=list(chain.from_iterable(stage.bottom_line for stage in stages)),
            stages=stages,
        )
    target.write_text(page, encoding="utf-8", newline="\n")


def write_index(
    target: Path,
    *,
    company_notebook: Path | None,
    entries: Sequence[IndexEntry],
    name: str,
    period: str,
    language: str,
    notice: str,
    as_of: str,
) -> None:
    """Write the company's page: what failed, how the company stands, and a way to each department's report.

    Parameters
    ----------
    target : Path
        The file to write; addresses in `entries` are relative to it.
    company_notebook : Path, optional
        The executed notebook of the company; None where it failed or was not run.
    entries : sequence of IndexEntry
        The departments; the failed are listed first, then those left out, in the order given.
    name : str
        What people call the company.
    period, language, notice, as_of : str
        As for `write_department_report`.

    Raises
    ------
    BadInput
        The notebook cannot be read.
    """
    with languages.use(language):
        stages = _read([company_notebook] if company_notebook else [], language)
        grouped = {status: [entry for entry in entries if entry.status is status] for status in Status}
        page = _render(
            "index.html.j2",
            language=language,
            name=name,
            title=_("{name}: review of {period}").format(name=name, period=period),
            subtitle=_("Review of {period}, all departments").format(period=period),
            notice=notice,
            known=_known(as_of),
            bottom_line=list(chain.from_iterable(stage.bottom_line for stage in stages)),
            stages=stages,
            failed=grouped[Status.failed],
            left_out=grouped[Status.left_out],
            reviewed=grouped[Status.ok],
            tally=_tally(grouped),
        )
    target.write_text(page, encoding="utf-8", newline="\n")


def _read(notebooks: Sequence[Path], language: str) -> list[Stage]:
    return [
        read_stage(notebook, number=number, language=HTML_LANGUAGES[language])
        for number, notebook in enumerate(notebooks, start=1)
    ]


def _known(as_of: str) -> str:
    return _("As known on {as_of}").format(as_of=as_of) if as_of else ""


def _tally(grouped: dict[Status, list[IndexEntry]]) -> list[tuple[str, str, str]]:
    """Say how many departments ended how: tone, mark and sentence, worst first, nothing of what there is none."""
    failed, left_out, reviewed = (len(grouped[status]) for status in (Status.failed, Status.left_out, Status.ok))
    counts = [
        ("bad", "✕", failed, ngettext("{count} department failed", "{count} departments failed", failed)),
        (
            "unknown",
            "?",
            left_out,
            ngettext("{count} department was left out", "{count} departments were left out", left_out),
        ),
        (
            "good",
            "✓",
            reviewed,
            ngettext("{count} department was reviewed", "{count} departments were reviewed", reviewed),
        ),
    ]
    return [(tone, mark, text.format(count=count)) for tone, mark, count, text in counts if count]


def _texts() -> dict[str, str]:
    """Give the fixed texts of the templates, in the current language."""
    return {
        "bottom_line": _("Bottom line"),
        "contents": _("Contents"),
        "skip": _("Skip to the contents of the report"),
        "to_top": _("Back to the top"),
        "failed": _("Failed: no report this time"),
        "left_out": _("Left out"),
        "reports": _("Reports of the departments"),
        "no_reports": _("No department has a report."),
        "failed_notebook": _("Open the notebook that failed"),
        "notebooks": _("Notebooks"),
        "open_report": _("Open the report"),
        "no_reason": _("No reason is known; see manifest.json."),
        "no_company": _(
            "The company's own notebook has no results this time; the departments' reports are not affected."
        ),
    }


def _render(template: str, *, language: str, **values: Any) -> str:
    return (
        _environment()
        .get_template(template)
        .render(
            lang=HTML_LANGUAGES[language],
            policy=Markup(CONTENT_SECURITY_POLICY),  # noqa: S704 - a constant; escaped quotes would do as well
            style=_style(),
            text=_texts(),
            **values,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("kpinb.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["file_name"] = lambda address: address.rsplit("/", 1)[-1]
    environment.tests["text"] = _is_text
    return environment


def _is_text(block: Block) -> bool:
    return isinstance(block, Text)


@cache
def _style() -> Markup:
    path = Path(__file__).parent / "templates" / "style.css"
    return Markup(path.read_text(encoding="utf-8"))  # noqa: S704 - our own file
