"""`caseloop import rag-scale|plan|assessments|measures|measure-reports`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import day_of, renamed
from api.imports.import_command import (
    DryRun,
    Given,
    Heading,
    Json,
    MapFile,
    Rejects,
    Sheet,
    SkipBad,
    bring_in,
)

File = Annotated[Path, typer.Argument(help="CSV or XLSX.")]
OfPlan = Annotated[str, typer.Option("--plan", help="The plan: its title or its id.")]


def import_scale(
    file: Annotated[Path, typer.Argument(help="YAML, CSV or XLSX.")],
    scale: Annotated[str, typer.Option("--id", help="The code of the scale.")] = "",
    version: Annotated[int | None, typer.Option(help="Its version (the first is 1).")] = None,
    name: Annotated[str, typer.Option(help="What it is called.")] = "",
    best: Annotated[str, typer.Option(help="Which rank is best: highest or lowest.")] = "",
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Publish a version of a RAG scale: one row a level."""
    from api.imports.about import AboutPlan
    from api.plans.importers.rag_scales import read_scale
    from qa.core.errors import Refused

    said = {"id": scale, "version": str(version or ""), "name": name, "best": best}
    try:
        data = file.read_bytes()
    except OSError:
        raise Refused(f"{file} cannot be opened.", code="file-unreadable") from None
    read, about = read_scale(file.name, data, sheet=sheet)
    about |= {key: value for key, value in said.items() if value}
    given = Given(file, heading, map_file, sheet, dry_run, False, None, as_json)
    bring_in("rag-scale", given, about=AboutPlan(of_scale=about), sheet=read)


def import_plan(
    file: File,
    plan: OfPlan,
    board: Annotated[str, typer.Option(help="The board a new plan answers to.")] = "",
    scale: Annotated[str, typer.Option(help="The scale of a new plan, as id@version.")] = "",
    since: Annotated[
        str | None, typer.Option(help="From which day a new plan and its actions hold.")
    ] = None,
    tier: Annotated[
        list[str] | None,
        typer.Option("--tier", help="What the parts are called, from the top. Repeatable."),
    ] = None,
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Bring in an improvement plan: one row an action, or one row a part."""
    from api.imports.about import AboutPlan

    about = AboutPlan(
        plan=plan,
        board=board,
        scale=scale,
        since=day_of(since, "--since"),
        tiers=tuple(tier or ()),
    )
    given = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("plan", given, about=about)


ToldOf = Annotated[
    str | None,
    typer.Option("--on", help="The day that the file tells of, where no column says it."),
]
OldName = Annotated[str | None, typer.Option("--as-at", hidden=True)]


def import_assessments(
    file: File,
    plan: OfPlan,
    on: ToldOf = None,
    as_at: OldName = None,
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Bring in ratings of the actions of a plan."""
    from api.imports.about import AboutPlan

    renamed(as_at, "--as-at", "--on")
    about = AboutPlan(plan=plan, as_at=day_of(on, "--on"))
    given = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("assessments", given, about=about)


def import_measures(
    file: File,
    plan: OfPlan,
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Bring in success measures of the actions of a plan."""
    from api.imports.about import AboutPlan

    given = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("measures", given, about=AboutPlan(plan=plan))


def import_reports(
    file: File,
    plan: OfPlan,
    on: ToldOf = None,
    as_at: OldName = None,
    heading: Heading = None,
    map_file: MapFile = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    rejects: Rejects = None,
    as_json: Json = False,
) -> None:
    """Bring in what is said of success measures: values, N/A, or words."""
    from api.imports.about import AboutPlan

    renamed(as_at, "--as-at", "--on")
    about = AboutPlan(plan=plan, as_at=day_of(on, "--on"))
    given = Given(file, heading, map_file, sheet, dry_run, skip_bad, rejects, as_json)
    bring_in("measure-reports", given, about=about)


COMMANDS = (
    CliCommand("rag-scale", import_scale, "import"),
    CliCommand("plan", import_plan, "import"),
    CliCommand("assessments", import_assessments, "import"),
    CliCommand("measures", import_measures, "import"),
    CliCommand("measure-reports", import_reports, "import"),
)
