"""`caseloop report rag|board`: the ratings of an improvement plan on a day, and its board view; and
`caseloop import rag-scale|plan|assessments|measures|measure-reports|plan-claims`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import day_of, renamed
from api.imports.import_command import Given, bring_in, import_command
from api.reports.command import report_command
from api.reports.query import QuestionPart
from qa.core.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class RagQuery:
    plan: Annotated[str, QuestionPart("Plan", "The id of the plan, or its title.")]
    day: Annotated[
        date | None, QuestionPart("On", "The plan as it stood on this day. Today if left out.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardQuery:
    plan: Annotated[str, QuestionPart("Plan", "The id of the plan, or its title.")]
    meeting: Annotated[
        str | None, QuestionPart("Meeting", "The id of a meeting, or its day; today, if left out.")
    ] = None
    day: Annotated[
        date | None, QuestionPart("On", "The plan as it stood on this day. Today if left out.")
    ] = None


MEANT = "The plan on another day, by what is known now, is --day."
RENAMED = {"known_on": ("--known-on", "--as-at")}


ScaleFile = Annotated[Path, typer.Argument(help="YAML, CSV or XLSX.")]
OfPlan = Annotated[
    str, typer.Option("--plan", help="The plan: its title or its id, unless one alone is open.")
]


def import_scale(
    given: Given,
    scale: Annotated[str, typer.Option("--id", help="The code of the scale.")] = "",
    version: Annotated[int | None, typer.Option(help="Its version (the first is 1).")] = None,
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    best: Annotated[
        str,
        typer.Option(
            help="Which rank is best: highest or lowest. Without ranks, which level: first or last."
        ),
    ] = "",
) -> None:
    """Publish a version of a RAG scale: one row a level."""
    from api.imports.about import AboutPlan
    from api.plans.importers.rag_scales import read_scale

    options = {"id": scale, "version": str(version or ""), "name": name, "best": best}
    try:
        data = given.file.read_bytes()
    except OSError:
        raise Refused(f"{given.file} cannot be opened.", code="file-unreadable") from None
    read, about = read_scale(given.file.name, data, sheet=given.sheet)
    about |= {key: value for key, value in options.items() if value}
    bring_in("rag-scale", given, about=AboutPlan(of_scale=about), sheet=read)


def import_plan(
    given: Given,
    plan: Annotated[
        str, typer.Option("--plan", help="The plan: its title or its id, or that of a new one.")
    ] = "",
    board: Annotated[str, typer.Option(help="The board a new plan answers to.")] = "",
    scale: Annotated[str, typer.Option(help="The scale of a new plan, as id@version.")] = "",
    since: Annotated[
        str | None, typer.Option(help="From which day a new plan and its actions hold.")
    ] = None,
    tier: Annotated[
        list[str] | None,
        typer.Option("--tier", help="What the parts are called, from the top. Repeatable."),
    ] = None,
) -> None:
    """Import an improvement plan: one row an action, or one row a part."""
    from api.imports.about import AboutPlan

    about = AboutPlan(
        plan=plan,
        board=board,
        scale=scale,
        since=day_of(since, "--since"),
        tiers=tuple(tier or ()),
    )
    bring_in("plan", given, about=about)


ToldOf = Annotated[
    str | None,
    typer.Option("--on", help="The day that the file tells of, where no column says it."),
]
OldName = Annotated[str | None, typer.Option("--as-at", hidden=True)]


def _bring_in(
    kind: str, given: Given, plan: str, on: str | None = None, old: str | None = None
) -> None:
    from api.imports.about import AboutPlan

    renamed(old, "--as-at", "--on")
    bring_in(kind, given, about=AboutPlan(plan=plan, as_at=day_of(on, "--on")))


def import_assessments(
    given: Given, plan: OfPlan = "", on: ToldOf = None, as_at: OldName = None
) -> None:
    """Import ratings of the actions of a plan."""
    _bring_in("assessments", given, plan, on, as_at)


def import_measures(given: Given, plan: OfPlan = "") -> None:
    """Import success measures of the actions of a plan."""
    _bring_in("measures", given, plan)


def import_reports(
    given: Given, plan: OfPlan = "", on: ToldOf = None, as_at: OldName = None
) -> None:
    """Import updates on success measures: values, N/A, or words."""
    _bring_in("measure-reports", given, plan, on, as_at)


def import_claims(given: Given, plan: OfPlan = "", on: ToldOf = None) -> None:
    """Import what documents say of the ratings of a plan, to stand beside what they give."""
    _bring_in("plan-claims", given, plan, on)


_BAD_ROWS = ("skip_bad", "rejects")
COMMANDS = (
    report_command(
        "rag",
        RagQuery,
        {
            "actions": "Actions",
            "unrated": "Unrated",
            "mean": "Mean",
            "mean_of_themes": "Mean of the means of themes",
        },
        "Counts at each level, means and lateness of an improvement plan, by theme and in all.",
        every="rated_",
        meant=MEANT,
        old_options=RENAMED,
    ),
    report_command(
        "board",
        BoardQuery,
        {},
        "What a board has to know at a meeting, and what changed since the last.",
        meant=MEANT,
        old_options=RENAMED,
    ),
    CliCommand(
        "rag-scale", import_command(import_scale, file=ScaleFile, without=_BAD_ROWS), "import"
    ),
    CliCommand("plan", import_command(import_plan), "import"),
    CliCommand("assessments", import_command(import_assessments), "import"),
    CliCommand("measures", import_command(import_measures), "import"),
    CliCommand("measure-reports", import_command(import_reports), "import"),
    CliCommand("plan-claims", import_command(import_claims), "import"),
)
