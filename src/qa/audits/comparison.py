"""Two versions of an audit side by side: every field as text by its path, and what changed; and two
judgements of one: whether they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from qa.audit_tools.definition import ToolDefinition
from qa.audits.judgements import (
    AgreedGrade,
    AnswerChange,
    AuditContent,
    DomainJudgement,
    ImportedJudgement,
    ModeratedJudgement,
    leaves,
)
from qa.core.errors import Fault
from qa.core.frozen import Frozen
from qa.core.words import Scale

AnyJudgement = DomainJudgement | ImportedJudgement | ModeratedJudgement | AgreedGrade


@dataclass(frozen=True, slots=True)
class GradesGiven:
    """The grades of one judgement: overall (empty where its tool grades domains only), and by
    domain, without those that were not judged."""

    overall: str
    domains: Mapping[str, str]

    @classmethod
    def of(cls, overall: str, judgements: Iterable[AnyJudgement]) -> GradesGiven:
        return cls(overall, {one.domain: one.grade for one in judgements if one.grade})

    def differing(self, other: GradesGiven) -> tuple[str, ...]:
        """The domains that both graded, each otherwise."""
        return tuple(
            domain
            for domain, grade in self.domains.items()
            if other.domains.get(domain, grade) != grade
        )

    def agrees(self, other: GradesGiven) -> bool:
        """Whether both judgements come to the same: by the overall grade, or, where the tool has
        none, by every domain that both graded, of which there is one at least."""
        if self.overall or other.overall:
            return self.overall == other.overall
        return not self.differing(other) and not self.domains.keys().isdisjoint(other.domains)

    def inadequate(self, tool: ToolDefinition) -> bool:
        """Whether the overall grade is the lowest of its scale, whatever a council calls it; where
        the tool has none, whether that of any domain is."""
        return any(self._ends(tool, max))

    def outstanding(self, tool: ToolDefinition) -> bool:
        """Whether the overall grade is the highest of its scale; where the tool has none, whether
        that of every domain is."""
        found = [*self._ends(tool, min)]
        return bool(found) and all(found)

    def worse_than_good(self, tool: ToolDefinition) -> bool:
        """Whether the overall grade is; where the tool has none, whether that of any domain is."""
        return any(
            scale.met_rank is not None and (scale.rank(grade) or 0) > scale.met_rank
            for grade, scale in self._graded(tool)
        )

    def in_words(self, tool: ToolDefinition) -> str:
        """The overall grade; where the tool has none, how many domains have which grade, the best
        first: "3 Good, 1 Requires improvement"."""
        if tool.has_overall:
            return tool.overall_scale.label(self.overall)
        graded = sorted(
            (scale.rank(grade) or 0, scale.label(grade)) for grade, scale in self._graded(tool)
        )
        found = Counter(label for _, label in graded)
        return ", ".join(f"{number} {label}" for label, number in found.items())

    def lowest(self, tool: ToolDefinition) -> str:
        """The grade by which the audit is inadequate; empty where it is not."""
        graded = zip(self._graded(tool), self._ends(tool, max), strict=True)
        return next((grade for (grade, _), ends in graded if ends), "")

    def _graded(self, tool: ToolDefinition) -> list[tuple[str, Scale]]:
        if tool.has_overall:
            return [(self.overall, tool.overall_scale)]
        return [
            (self.domains[domain.id], scale)
            for domain in tool.domains
            if domain.id in self.domains
            if (scale := tool.scale_of(domain.scale)) is not None
        ]

    def _ends(self, tool: ToolDefinition, end: Callable[[Iterable[int]], int]) -> Iterable[bool]:
        for grade, scale in self._graded(tool):
            ranks = [point.rank for point in scale.points if point.rank is not None]
            yield scale.rank(grade) == end(ranks)


def texts(content: Frozen) -> dict[str, str]:
    """Every field of an audit as text by its path: what corrections and comparisons work on."""
    return {path: leaf.text for path, leaf in leaves(content).items()}


def changed_fields(old: AuditContent, new: AuditContent) -> list[tuple[str, str, str]]:
    """Each field that differs, with its old and new text, in the order of the new audit."""
    before, after = texts(old), texts(new)
    ordered = [*after, *(field for field in before if field not in after)]
    return [
        (field, before.get(field, ""), after.get(field, ""))
        for field in ordered
        if before.get(field, "") != after.get(field, "")
    ]


def explain_changes(
    old: AuditContent, new: AuditContent, why: dict[str, str]
) -> tuple[tuple[AnswerChange, ...], list[Fault]]:
    """Pair each changed field with its coded reason (`why`, or its entry ``*``); name the rest."""
    allowed = {"oversight", "new-evidence", "moderator-comment", "wording", "other"}
    changes: list[AnswerChange] = []
    faults: list[Fault] = []
    for field, was, now in changed_fields(old, new):
        code = why.get(field, why.get("*", ""))
        if code not in allowed:
            faults.append(
                Fault(f"why.{field}", "reason-missing", f"Say why “{field}” was changed.")
            )
            continue
        changes.append(
            AnswerChange.model_validate({"field": field, "old": was, "new": now, "why": code})
        )
    return tuple(changes), faults
