"""`caseloop report rag|board`: the ratings of an improvement plan on a day, and its board view; and
`caseloop import rag-scale|plan|assessments|measures|measure-reports|plan-claims`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.commands import CliCommand
from api.cli.dates import AsAt, Position, day_of, renamed
from api.imports.import_command import Given, bring_in, import_command
from api.reports.command import report_command
from api.reports.query import AskedPart
from qa.core.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from api.web import moments
    from qa.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RagQuery:
    plan: Annotated[str, AskedPart("Plan", "The id of the plan, or its title.")]
    day: Annotated[
        date | None, AskedPart("On", "The plan on this day; that of the moment, if not.")
    ] = None


Day = Annotated[
    str | None,
    typer.Option("--day", help="The plan on this day, YYYY-MM-DD; that of the moment, if not."),
]
MEANT = "The plan on another day, by what is known now, is --day."
KnownOn = Annotated[str | None, typer.Option("--known-on", hidden=True)]


def _moment(
    store: Store, connection: Connection, as_at: str | None, position: int | None
) -> moments.AsAt:
    """The moment that is asked for. `--as-at` was the day of the plan once: whoever means that is
    told the option for it."""
    from api.web import moments

    try:
        return moments.as_at(store, connection, day_of(as_at, "--as-at"), position)
    except Refused as refused:
        sentence = f"{refused.sentence} {MEANT}"
        raise Refused(sentence, field="--as-at", code=refused.code) from None


def board(
    plan: Annotated[str, typer.Option("--plan", help="The id of the plan, or its title.")],
    meeting: Annotated[
        str | None, typer.Option(help="The id of a meeting, or its day, YYYY-MM-DD.")
    ] = None,
    on: Day = None,
    as_at: AsAt = None,
    position: Position = None,
    known_on: KnownOn = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    word_file: Annotated[Path | None, typer.Option("--word", help="Write a Word file.")] = None,
    pdf_file: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF file.")] = None,
) -> None:
    """What a board has to know at a meeting, and what changed since the last."""
    from api.cli import output
    from api.cli.store_session import open_services
    from api.plans import board as plan_board
    from api.plans.boards.board_document import board_document
    from api.plans.boards.board_schemas import BoardViewOut
    from api.plans.lookups import plan_called
    from api.reports.documents import render_report
    from api.web import access_notes
    from qa.core.access import What
    from qa.people.commands import OPERATOR

    renamed(known_on, "--known-on", "--as-at")
    day = day_of(on, "--day")
    services = open_services()
    with services.store.reading() as connection:
        at = _moment(services.store, connection, as_at, position)
        own = plan_called(connection, plan)
        called = None if meeting is None else _meeting(connection, own, meeting)
        made = plan_board.board(connection, own, at, actor=None, meeting=called, day=day)
    taken = at.taken_out("operator", services.clock.now(), services.letterhead)
    files = {"docx": word_file, "pdf": pdf_file}
    wanted = {kind: file for kind, file in files.items() if file is not None}
    what = What.EXPORT if wanted else What.VIEW
    access_notes.note(services, OPERATOR, what, f"plan:{own}", detail="board view", at=at)
    for kind, file in wanted.items():
        file.write_bytes(render_report(board_document(made, taken), kind))
        output.line(f"Wrote {file}.")
    if as_json:
        output.as_json(BoardViewOut.of(made).to_json())
    elif not wanted:
        output.line(f"{made.record.plan.title}, {made.day.isoformat()}")
        for sentence in made.headline:
            output.line(f"- {sentence}")


def _meeting(connection: Connection, plan: str, wanted: str) -> str:
    """The id of the meeting with this id or on this day.

    Raises:
        Refused: there is none.
    """
    from projections.plans import queries

    record = queries.read(connection, plan)
    held = () if record is None else record.meetings
    for one in held:
        if wanted in (one.id, one.on.isoformat()) and one.state != "cancelled":
            return one.id
    raise Refused("There is no such meeting.", field="--meeting", code="meeting-unknown")


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
    from qa.core.errors import Refused

    said = {"id": scale, "version": str(version or ""), "name": name, "best": best}
    try:
        data = given.file.read_bytes()
    except OSError:
        raise Refused(f"{given.file} cannot be opened.", code="file-unreadable") from None
    read, about = read_scale(given.file.name, data, sheet=given.sheet)
    about |= {key: value for key, value in said.items() if value}
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
        old_options={"known_on": ("--known-on", "--as-at")},
    ),
    CliCommand("board", board, "report"),
    CliCommand(
        "rag-scale", import_command(import_scale, file=ScaleFile, without=_BAD_ROWS), "import"
    ),
    CliCommand("plan", import_command(import_plan), "import"),
    CliCommand("assessments", import_command(import_assessments), "import"),
    CliCommand("measures", import_command(import_measures), "import"),
    CliCommand("measure-reports", import_command(import_reports), "import"),
    CliCommand("plan-claims", import_command(import_claims), "import"),
)
