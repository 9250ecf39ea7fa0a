"""The rules of a tool that the grades of an audit keep, or that are set aside with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from qa.audit_tools.definition import Domain, LimitingRule, ToolDefinition
from qa.audits.judgements import DomainJudgement
from qa.core.errors import Fault


class Judged(Protocol):
    """Grades by the domains of a tool, and the whole: of an audit, or of a supervision check."""

    @property
    def judgements(self) -> tuple[DomainJudgement, ...]: ...

    @property
    def overall(self) -> str: ...

    @property
    def rationale(self) -> str: ...


def words_in(text: str) -> int:
    return len(text.split())


def limits(content: Judged, tool: ToolDefinition) -> Iterator[tuple[LimitingRule, list[str], bool]]:
    """The working of every limiting rule: the rule, the domains that met it, whether it caps."""
    ranked: list[tuple[Domain, int]] = []
    for judgement in content.judgements:
        domain = tool.domain(judgement.domain)
        scale = None if domain is None else tool.scale_of(domain.scale)
        if domain is None or scale is None or judgement.grade is None:
            continue
        rank = scale.rank(judgement.grade)
        if rank is not None:
            ranked.append((domain, rank))
    for rule in tool.limiting_rules:
        worst = {scale.key: scale.rank(rule.grade_or_worse) for scale in tool.scales}
        met = [
            domain.title
            for domain, rank in ranked
            if rule.looks_at(domain.id)
            and (threshold := worst[domain.scale]) is not None
            and rank >= threshold
        ]
        yield rule, met, len(met) >= rule.at_least


def breached(content: Judged, tool: ToolDefinition) -> Iterator[tuple[str, Fault]]:
    """The rules that the grades go against, set aside or not: rule id and its fault."""
    scale = tool.overall_scale
    if scale.rank(content.overall) is not None and content.rationale.strip():
        for rationale_rule in tool.rationale_rules:
            applies = not rationale_rule.grades or content.overall in rationale_rule.grades
            if applies and words_in(content.rationale) < rationale_rule.min_words:
                yield (
                    rationale_rule.id,
                    Fault(
                        "rationale",
                        "rationale-short",
                        f"An overall grade of {scale.label(content.overall)} needs reasons of at "
                        f"least {rationale_rule.min_words} words.",
                    ),
                )
    given = {judgement.domain: judgement.grade or "" for judgement in content.judgements}
    for rule, met, caps in limits(content, tool):
        capped, domain = tool.capped_scale(rule), tool.domain(rule.caps)
        if not caps or capped is None:
            continue
        rank = capped.rank(content.overall if domain is None else given.get(domain.id, ""))
        cap = capped.rank(rule.overall_no_better_than)
        if rank is not None and cap is not None and rank < cap:
            what = "The overall grade" if domain is None else f"The grade of {domain.title}"
            yield (
                rule.id,
                Fault(
                    "overall" if domain is None else f"overrides.{rule.id}",
                    "overall-limited" if domain is None else "domain-limited",
                    f"{what} cannot be better than "
                    f"{capped.label(rule.overall_no_better_than)}, because of: {', '.join(met)}. "
                    f"{rule.why}".strip()
                    + " Change the grade, or set the rule aside with a reason.",
                ),
            )
