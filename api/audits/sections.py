"""The sections an audit is written in, one page each, and how far each one is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.audits.forms import applicable
from qa.audit_tools.definition import ChildStatus, Domain, ToolDefinition
from qa.core.errors import Fault

NOT_STARTED, INCOMPLETE, READY, OPTIONAL = "Not started", "Incomplete", "Ready", "Optional"


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form. `fields` are the names (or their beginnings) it holds."""

    id: str
    title: str
    fields: tuple[str, ...]
    domain: Domain | None = None

    def holds(self, path: str) -> bool:
        return any(path == name or path.startswith(f"{name}.") for name in self.fields)

    def of(self, fields: Mapping[str, str]) -> dict[str, str]:
        """The fields of this section."""
        return {path: value for path, value in fields.items() if self.holds(path)}

    def progress(self, fields: Mapping[str, str], faults: Iterable[Fault]) -> str:
        """How far the section is, in words."""
        begun = any(
            value.strip() and not path.startswith(("practice_from", "practice_to"))
            for path, value in self.of(fields).items()
        )
        if self.id == "strengths" and not begun:
            return OPTIONAL
        if not begun:
            return NOT_STARTED
        return INCOMPLETE if any(self.holds(fault.field) for fault in faults) else READY


def sections(tool: ToolDefinition, status: ChildStatus | None) -> list[Section]:
    """The sections of a tool for a child with this status, in the order they are written in."""
    about = ("audit_date", "practice_from", "practice_to", "child_status")
    found = [Section("about", "About the audit", about)]
    found += [
        Section(f"domain-{domain.id}", domain.title, (f"judgements.{domain.id}",), domain)
        for domain in applicable(tool, status)
    ]
    found.append(Section("strengths", "Strengths", ("strengths",)))
    if tool.ask_involvement:
        found.append(Section("involvement", "The practitioner’s part", ("involvement",)))
    if tool.ask_family_feedback:
        found.append(Section("feedback", "What the child and family say", ("feedback",)))
    found.append(
        Section("actions", "Actions", ("actions", "no_action_reason", "no_action_reasons"))
    )
    overall = ("overall", "rationale", "overrides")
    return [*found, Section("overall", "Overall grade", overall)]


def section_with(wanted: str, found: Sequence[Section]) -> Section | None:
    return next((section for section in found if section.id == wanted), None)
