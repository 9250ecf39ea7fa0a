"""What pages show of a moderation: where it stands, why it was picked, and both judgements."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from markupsafe import Markup
from sqlalchemy.engine import Connection

from api.audits import reading
from api.audits.reading import OpenedAudit
from api.services import Services
from api.web.access_notes import ServedLook
from api.web.diff import word_diff
from api.web.moments import AsAt, present
from projections.audit_tools import queries as tool_queries
from projections.audits.tables import AuditRow
from projections.history import queries as history_queries
from projections.people import queries as people_queries
from qa.audits.comparison import GradesGiven
from qa.core.clock import from_microseconds
from qa.core.dates_in_words import day as in_words
from qa.core.words import Actor, ModerationStatus, Scale
from qa.moderation.events import DEFAULT_POLICY, REASONS, ModerationPolicySet

STATUS_WORDS = {
    "selected": "To be assigned to a moderator",
    "assigned": "With the moderator",
    "agreed": "Auditor and moderator agree",
    "differs": "Auditor and moderator differ",
    "consensus": "Settled by agreement after a difference",
    "disputed": "Disputed",
    "decided": "Dispute decided",
    "cancelled": "Cancelled",
    "superseded": "No longer stands: the audit changed afterwards",
}
SOURCES = {
    "auditor": "The auditor's own grade",
    "moderator": "The moderator's grade",
    "consensus": "The grade both agreed on",
    "senior-decision": "The decision of a dispute",
}
SETTLED_BY = {
    "agreed-after-conversation": "GradeReconciled",
    "dispute-decided": "DisputeDecided",
}
"""By the rule of a final grade, the kind of entry that settled it, where it is not a judgement."""

RULES = {
    "not-selected-for-moderation": "The audit was not picked for moderation.",
    "auditor-and-moderator-agree": "Auditor and moderator gave the same grade.",
    "moderator-is-final": "The policy says that the moderator has the last word.",
    "agreed-after-conversation": "Auditor and moderator agreed on one grade.",
    "dispute-decided": "An independent decider settled the dispute.",
    "stated-in-a-file": "An imported file states it, and a judgement on record bears it out.",
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def due_words(due_on: str | None, today: date) -> str:
    """A due date with how far off it is: "12 October 2026 (3 days overdue)"."""
    if not due_on:
        return "No date"
    due = date.fromisoformat(due_on)
    days = (due - today).days
    count = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    how = "today" if days == 0 else f"in {count}" if days > 0 else f"{count} overdue"
    return f"{in_words(due)} ({how})"


def steps_between(scale: Scale | None, theirs: str | None, ours: str | None) -> int | None:
    """How many grades the moderator's lies below (+) or above (−) the auditor's, in ranks."""
    if scale is None or theirs is None or ours is None:
        return None
    first, second = scale.rank(theirs), scale.rank(ours)
    return None if first is None or second is None else second - first


def steps_words(steps: int | None) -> str:
    """Steps of difference in words, from the auditor's grade to the moderator's."""
    if steps is None:
        return "Not compared"
    if steps == 0:
        return "Same grade"
    size = abs(steps)
    number = _NUMBERS[size] if size < len(_NUMBERS) else str(size)
    grades = "grade" if size == 1 else "grades"
    return f"{number} {grades} {'lower' if steps > 0 else 'higher'}".capitalize()


@dataclass(frozen=True, slots=True)
class ModerationStanding:
    """One audit and its current moderation as one reader may see them.

    `policy` is the one in force at `at` and `picked_by` the one in force when the audit was picked.
    """

    opened: OpenedAudit
    actor: Actor
    at: AsAt
    policy: ModerationPolicySet
    picked_by: ModerationPolicySet

    @property
    def today(self) -> date:
        return self.at.on

    @property
    def row(self) -> AuditRow:
        return self.opened.row

    @property
    def audit(self) -> str:
        return str(self.row.audit)

    @property
    def address(self) -> str:
        return f"/audits/{self.audit}/moderation"

    @property
    def moderation(self) -> Mapping[str, Any] | None:
        return self.opened.view.current_moderation

    @property
    def moderation_id(self) -> str:
        return str(self.row.moderation or "")

    @property
    def status(self) -> ModerationStatus | None:
        return None if self.moderation is None else ModerationStatus(self.moderation["status"])

    @property
    def earlier(self) -> Sequence[Mapping[str, Any]]:
        """Moderations that were cancelled or superseded, newest first."""
        others = [m for m in self.opened.view.moderations if m is not self.moderation]
        return others[::-1]

    @property
    def moderated_words(self) -> str:
        """The moderator's grade; where the tool has no overall grade, those of the domains."""
        found = self.moderation
        if found is None or found["overall"] is None:
            return ""
        given: GradesGiven = found["grades_given"]
        return given.in_words(self.opened.tool)

    def settled_words(self, settled: Mapping[str, Any]) -> str:
        """The grade that was agreed on or decided; without an overall one, those of the domains
        that were settled."""
        domains = {one["domain"]: one["grade"] for one in settled["judgements"]}
        return GradesGiven(settled["overall"], domains).in_words(self.opened.tool)

    @property
    def scale(self) -> Scale:
        return self.opened.tool.overall_scale

    def why_picked(self) -> list[str]:
        """Each line of the policy that picked the audit, in words."""
        if self.moderation is None:
            return []
        return [REASONS.get(code, code) for code in self.moderation["reasons"]]


def stand(
    services: Services,
    connection: Connection,
    actor: Actor,
    audit: str,
    at: AsAt | None = None,
) -> ModerationStanding:
    """The moderation of one audit for one reader, as it stands now or stood at `at`.

    Raises:
        NotFound: no such audit, or none that this reader may know of.
    """
    at = at or present(services.store, connection, actor)
    opened = reading.open_audit(ServedLook(connection, actor, at, services), audit)
    current = opened.view.current_moderation
    then = None if current is None else current["selected"]
    in_force = tool_queries.moderation_policy(connection, position=at.position)
    picked = in_force if then is None else tool_queries.moderation_policy(connection, position=then)
    return ModerationStanding(
        opened=opened,
        actor=actor,
        at=at,
        policy=DEFAULT_POLICY if in_force is None else in_force[0],
        picked_by=DEFAULT_POLICY if picked is None else picked[0],
    )


@dataclass(frozen=True, slots=True)
class GradePair:
    """One line of the side-by-side: a domain, or the overall grade."""

    id: str
    title: str
    theirs: str
    their_text: str
    ours: str
    our_text: str
    steps: int | None
    settled: str
    wording: Markup | None

    @property
    def differs(self) -> bool:
        return self.theirs != self.ours

    @property
    def words(self) -> str:
        return steps_words(self.steps)


def _settled(moderation: Mapping[str, Any]) -> dict[str, str]:
    """The grades that consensus or decision settled, by domain."""
    settling = moderation["decision"] or moderation["consensus"] or {}
    return {given["domain"]: given["grade"] for given in settling.get("judgements", ())}


def _wording(old: str, new: str) -> Markup | None:
    """The word-by-word comparison where one text plainly reworks the other."""
    words = old.split(), new.split()
    if min(map(len, words)) < 5 or old == new:
        return None
    alike = SequenceMatcher(None, *words, autojunk=False).quick_ratio()
    return word_diff(old, new) if alike > 0.5 else None


def side_by_side(standing: ModerationStanding) -> list[GradePair]:
    """Overall first, then every domain of the tool that either of the two spoke of."""
    moderation = standing.moderation
    if moderation is None or moderation["overall"] is None:
        return []
    tool, row, content = standing.opened.tool, standing.row, standing.opened.view.content
    judgement = moderation["judgement"] or {}
    given = {one["domain"]: one for one in judgement.get("judgements", ())}
    graded: dict[str, tuple[str | None, str]] = {}
    if content is not None:
        graded = {
            j.domain: (j.grade, j.evidence or j.not_applicable_reason) for j in content.judgements
        }
    elif standing.opened.view.imported is not None:
        graded = {
            j["domain"]: (j["grade"], "") for j in standing.opened.view.imported["judgements"]
        }
    scale = tool.overall_scale
    rationale = "" if content is None else content.rationale
    lines = []
    if tool.has_overall:
        overall = GradePair(
            id="overall",
            title="Overall",
            theirs=scale.label(row.overall),
            their_text=rationale,
            ours=scale.label(moderation["overall"]),
            our_text=judgement.get("rationale", ""),
            steps=steps_between(scale, row.overall, moderation["overall"]),
            settled=scale.label(row.final_grade),
            wording=_wording(rationale, judgement.get("rationale", "")),
        )
        lines.append(overall)
    settled = _settled(moderation)
    for domain in tool.domains:
        if domain.id not in graded and domain.id not in given:
            continue
        of = tool.scale_of(domain.scale)
        theirs, evidence = graded.get(domain.id, (None, ""))
        mine = given.get(domain.id, {})
        ours, comment = mine.get("grade"), mine.get("comment", "")
        lines.append(
            GradePair(
                id=domain.id,
                title=domain.title,
                theirs="Not applicable" if theirs is None or of is None else of.label(theirs),
                their_text=evidence,
                ours="Not judged" if ours is None or of is None else of.label(ours),
                our_text=comment,
                steps=steps_between(of, theirs, ours),
                settled="" if of is None else of.label(settled.get(domain.id)),
                wording=_wording(evidence, comment),
            )
        )
    return lines


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the final grade comes from: the rule, and the records it cites."""

    grade: str
    source: str
    rule: str
    cites: Sequence[Mapping[str, Any]]


def provenance(connection: Connection, standing: ModerationStanding) -> Provenance | None:
    """The provenance of the final grade, None while there is none."""
    row = standing.row
    if row.final_grade is None:
        return None
    wanted = json.loads(row.final_cites or "[]")
    entries = history_queries.entries(
        connection,
        streams=[f"case-audit:{standing.audit}"],
        position=standing.at.position,
        limit=500,
    )
    settling = [e["fact_id"] for e in entries if e["type"] == SETTLED_BY.get(row.final_rule or "")]
    wanted += settling[-1:]
    cited = people_queries.with_names(connection, [e for e in entries if e["fact_id"] in wanted])
    return Provenance(
        grade=row.grades_final.in_words(standing.opened.tool),
        source=SOURCES.get(row.final_source or "", row.final_source or ""),
        rule=RULES.get(row.final_rule or "", row.final_rule or ""),
        cites=[
            {
                "said": entry["said"],
                "by": entry["by_name"],
                "at": from_microseconds(entry["recorded_us"]),
            }
            for entry in cited
        ],
    )
