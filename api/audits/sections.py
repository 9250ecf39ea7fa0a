"""The sections an audit is written in, one page each, and how far each one is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.audits.forms import applicable
from api.writing.declaration import Section
from qa.audit_tools.definition import ChildStatus, Domain, ToolDefinition
from qa.audits.judgements import (
    Answer,
    AuditContent,
    DomainJudgement,
    FamilyFeedback,
    Involvement,
    NoActionReason,
    PlannedAction,
    RuleOverride,
    Strength,
    field_at,
    leaves,
    model_within,
    sections_of,
    several,
)
from qa.core.fields import FieldWords, field_words
from qa.core.frozen import Frozen


@dataclass(frozen=True, slots=True)
class AuditSection(Section):
    """One page of the form of an audit; that of a domain has it."""

    domain: Domain | None = None

    @property
    def asked_beside(self) -> list[tuple[str, FieldWords]]:
        """The boxes that its page draws for texts it has no place for."""
        if self.domain is not None:
            at = f"judgements.{self.domain.id}."
            return boxes_of(DomainJudgement, DomainJudgement.model_fields, at)
        return boxes_of(AuditContent, self.fields)

    def row_boxes(self, number: int) -> list[tuple[str, FieldWords]]:
        """The same of one row of a numbered list."""
        model = model_within(AuditContent.model_fields[self.id])
        at = f"{self.id}.{number}."
        return [] if model is None else boxes_of(model, model.model_fields, at)


LAID_OUT: Mapping[type[Frozen], frozenset[str]] = {
    AuditContent: frozenset(
        {
            *("audit_date", "practice_from", "practice_to", "child_status"),
            *("overall", "rationale", "no_action_reason"),
        }
    ),
    DomainJudgement: frozenset({"domain", "grade", "evidence", "not_applicable_reason"}),
    Answer: frozenset({"question", "point", "comment"}),
    Strength: frozenset({"text", "domain"}),
    Involvement: frozenset({"status", "note"}),
    FamilyFeedback: frozenset({"status", "who", "how", "on", "consent", "said", "note"}),
    PlannedAction: frozenset({"action", "text", "kind", "owner", "due_on", "domain"}),
    RuleOverride: frozenset({"rule", "reason"}),
    NoActionReason: frozenset({"domain", "reason"}),
}
"""The fields that the pages of an audit have a place of their own for. What else its model holds is
asked in a plain box of its section, and read in a list at the end."""


def boxes_of(
    model: type[Frozen], names: Iterable[str], at: str = ""
) -> list[tuple[str, FieldWords]]:
    """The texts among these fields of a model that no page has a place for, each by its path."""
    found: list[tuple[str, FieldWords]] = []
    for name in names:
        within = model_within(model.model_fields[name])
        if within is None and name not in LAID_OUT[model]:
            found.append((f"{at}{name}", field_words(model)[name]))
        elif within is not None and not several(model.model_fields[name]):
            found += boxes_of(within, within.model_fields, f"{at}{name}.")
    return found


def told_beside(content: AuditContent) -> dict[str, str]:
    """What was written in fields that no page has a place for, by path."""
    places = {path: field_at(AuditContent, path) for path in leaves(content)}
    return {
        path: leaf.text
        for path, leaf in leaves(content).items()
        if leaf.text and (at := places[path]) is not None and at.name not in LAID_OUT[at.model]
    }


_TITLES = {
    "about": "About the audit",
    "strengths": "Strengths",
    "involvement": "The practitioner’s part",
    "feedback": "What the child and family say",
    "actions": "Actions",
    "overall": "Overall grade",
}


def sections(tool: ToolDefinition, status: ChildStatus | None) -> list[AuditSection]:
    """The sections of a tool for a child with this status, in the order they are written in."""
    fields = sections_of(AuditContent)
    left_out = set()
    if not tool.ask_involvement:
        left_out.add("involvement")
    if not tool.ask_family_feedback:
        left_out.add("feedback")
    titles = dict(_TITLES)
    if not tool.has_overall:
        # There is nothing to say there, but why a limit on a domain is set aside.
        titles["overall"] = "Limits on your grades"
        left_out |= set() if tool.limiting_rules else {"overall"}
    about, *others = [
        AuditSection(
            id,
            title,
            fields[id],
            filled=("practice_from", "practice_to"),
            optional=id == "strengths",
        )
        for id, title in titles.items()
        if id not in left_out
    ]
    domains = [
        AuditSection(
            f"domain-{domain.id}", domain.title, (f"judgements.{domain.id}",), domain=domain
        )
        for domain in applicable(tool, status)
    ]
    return [about, *domains, *others]
