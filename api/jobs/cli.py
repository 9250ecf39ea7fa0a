"""`caseloop run-due`: what a scheduler runs."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli import output
from api.cli.commands import CliCommand
from api.cli.store_session import open_services


def run_due(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Make the notices, reminders and escalations that are due, and send messages. Safe to run at
    any time and any number of times; exit code 1 where a step met trouble."""
    from dataclasses import asdict

    from api.jobs import run_due as job_run_due

    done = job_run_due.run_due(open_services(), dry_run=dry_run)
    if as_json:
        output.as_json({"dry_run": dry_run, "steps": [asdict(step) for step in done]})
    else:
        for step in done:
            output.line(f"{'It would be: ' if dry_run else ''}{step.count} {step.said}.")
            if step.trouble:
                output.warn(f"{step.name}: {step.trouble}")
    if any(step.trouble for step in done):
        raise SystemExit(1)


COMMANDS = CliCommand("run-due", run_due)
