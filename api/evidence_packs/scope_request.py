"""What a pack is asked to be of, as pages, programs and the command line say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import typer


@dataclass(frozen=True, slots=True)
class ScopeRequest:
    """The scope as it was asked for. Audits go by reference or id, plans by id or title."""

    children: Annotated[
        tuple[str, ...], typer.Option("--child", help="A child’s reference; may be repeated.")
    ] = ()
    audits: Annotated[
        tuple[str, ...], typer.Option("--audit", help="An audit’s reference; may be repeated.")
    ] = ()
    audited_from: Annotated[
        date | None,
        typer.Option("--from", help="Every audit from this audit date on."),
    ] = None
    audited_to: Annotated[date | None, typer.Option("--to", help="Up to this audit date.")] = None
    plans: Annotated[
        tuple[str, ...],
        typer.Option("--plan", help="An improvement plan’s title or id; may be repeated."),
    ] = ()

    everything: Annotated[
        bool,
        typer.Option(
            "--everything",
            help="Every audit and plan that the reader may see: of an inspector, their room’s.",
        ),
    ] = False

    @property
    def values(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "children": sorted(set(self.children)),
            "audits": sorted(set(self.audits)),
            "plans": sorted(set(self.plans)),
            "audited_from": None if self.audited_from is None else self.audited_from.isoformat(),
            "audited_to": None if self.audited_to is None else self.audited_to.isoformat(),
            **({"everything": True} if self.everything else {}),
        }
