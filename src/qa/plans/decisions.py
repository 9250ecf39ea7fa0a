"""Decisions on an improvement plan: opening it, its parts, its scale and rules, its groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.core.errors import Fault, NotFound, NotNow, Refused
from qa.core.event import Event
from qa.core.reasons import owe_reason
from qa.plans import events
from qa.plans.events import PlanSource
from qa.plans.state import ImprovementPlan, PlanPartState
from qa.plans.status_rules import StatusRules

LONGEST = 2000
LONGEST_NAME = 300


def known(plan: ImprovementPlan) -> None:
    """Raises `NotFound` for a plan that was never opened."""
    if not plan.id:
        raise NotFound("There is no such improvement plan.")


def open_still(plan: ImprovementPlan) -> None:
    """Raises `NotNow` for a plan that came to its end."""
    if plan.closed:
        raise NotNow("This improvement plan is closed.", code="plan-closed")


def text_faults(text: str, field: str, missing: str, longest: int = LONGEST) -> list[Fault]:
    """The faults of a text that is owed."""
    if not text.strip():
        return [Fault(field, f"{field}-missing", missing)]
    return long_faults(text, field, longest)


def long_faults(text: str, field: str, longest: int = LONGEST) -> list[Fault]:
    """The fault of a text that may be left out and is too long."""
    if len(text) > longest:
        sentence = f"It must be {longest:,} characters or fewer."
        return [Fault(field, f"{field}-long", sentence)]
    return []


def names(listed: Sequence[str]) -> tuple[str, ...]:
    """Names without blanks around them, each once, in their order."""
    return tuple(dict.fromkeys(name.strip() for name in listed if name.strip()))


def open_plan(
    *,
    plan: str,
    title: str,
    board: str,
    tiers: Sequence[str],
    scale: str,
    since: date,
    rules: StatusRules,
    today: date,
) -> list[Event]:
    """Open a plan with the names of its tiers, from the top downwards.

    Raises:
        Refused: every fault, by field.
    """
    faults = text_faults(title, "title", "Say what the plan is called.", LONGEST_NAME)
    faults += text_faults(board, "board", "Say which board it answers to.", LONGEST_NAME)
    given = names(tiers)
    if not given:
        sentence = "Name at least one tier, for example Ambition."
        faults.append(Fault("tiers", "tiers-missing", sentence))
    elif len({name.casefold() for name in given}) != len([name for name in tiers if name.strip()]):
        faults.append(Fault("tiers", "tiers-same", "Two tiers have the same name."))
    if since > today:
        faults.append(Fault("since", "date-future", "A plan begins today or earlier."))
    if faults:
        raise Refused(faults)
    return [
        events.ImprovementPlanOpened(
            plan=plan,
            title=title.strip(),
            board=board.strip(),
            tiers=given,
            scale=scale,
            since=since,
            rules=rules,
        )
    ]


def adopt_scale(plan: ImprovementPlan, *, scale: str, since: date) -> list[Event]:
    """Rate actions on another scale from `since` on; ratings given stay on theirs.

    Raises:
        Refused: it is the scale in use, or an earlier day than the one in use was adopted on.
    """
    open_still(plan)
    last, held = plan.scales[-1]
    if scale == held:
        raise Refused("This scale is in use already.", field="scale", code="scale-same")
    if since <= last:
        raise Refused(
            "Choose a day after the one the present scale was adopted on.",
            field="since",
            code="date-before-scale",
        )
    return [events.PlanScaleAdopted(old=held, new=scale, since=since)]


def adopt_rules(plan: ImprovementPlan, *, rules: StatusRules) -> list[Event]:
    """Compute the status by the next version of the rules.

    Raises:
        Refused: the version is not the next one, or the rules are the same.
    """
    open_still(plan)
    assert plan.rules is not None
    if rules.version != plan.rules.version + 1:
        sentence = f"The next version of the rules is {plan.rules.version + 1}."
        raise Refused(sentence, field="version", code="rules-version")
    if rules.model_copy(update={"version": plan.rules.version}) == plan.rules:
        raise Refused("These rules are in use already.", field="rules", code="rules-same")
    return [events.PlanRulesAdopted(rules=rules)]


def add_part(
    plan: ImprovementPlan,
    *,
    part: str,
    tier: str,
    reference: str,
    title: str,
    under: str | None,
    leads: Sequence[str],
    sources: Sequence[PlanSource],
) -> list[Event]:
    """Add a part on a tier of the plan, at the top or under a part of a higher tier.

    Raises:
        Refused: every fault, by field.
    """
    open_still(plan)
    faults = text_faults(title, "title", "Say what the part is called.")
    faults += text_faults(reference, "reference", "Give the part its number or code.", 60)
    if tier not in plan.tiers:
        sentence = f"This plan has no tier “{tier}”."
        faults.append(Fault("tier", "tier-unknown", sentence))
    elif under is not None:
        above = plan.parts.get(under)
        if above is None or not above.open:
            faults.append(Fault("under", "part-unknown", "Choose a part of this plan."))
        elif plan.tiers.index(above.tier) >= plan.tiers.index(tier):
            sentence = f"A part of the tier {tier} cannot stand under one of {above.tier}."
            faults.append(Fault("under", "tier-order", sentence))
    if any(
        held.open and held.tier == tier and held.reference == reference.strip()
        for held in plan.parts.values()
    ):
        sentence = f"There is a part {reference.strip()} on this tier already."
        faults.append(Fault("reference", "reference-taken", sentence))
    if faults:
        raise Refused(faults)
    return [
        events.PlanPartAdded(
            part=part,
            tier=tier,
            reference=reference.strip(),
            title=title.strip(),
            under=under,
            leads=names(leads),
            sources=tuple(sources),
        )
    ]


def part_of(plan: ImprovementPlan, part: str) -> PlanPartState:
    """A part that still belongs to the plan.

    Raises:
        NotFound: no such part.   NotNow: it was removed or routed to another board.
    """
    held = plan.parts.get(part)
    if held is None:
        raise NotFound("There is no such part of the plan.")
    open_still(plan)
    if not held.open:
        raise NotNow("This part was removed or routed elsewhere.", code="part-ended")
    return held


def reword_part(plan: ImprovementPlan, *, part: str, title: str, reason: str) -> list[Event]:
    """Change the words of a part; the earlier ones stay readable."""
    held = part_of(plan, part)
    faults = text_faults(title, "title", "Say what the part is called.")
    if faults:
        raise Refused(faults)
    owe_reason(reason, "Say why the words change.")
    if title.strip() == held.title:
        return []
    return [events.PlanPartReworded(part=part, old=held.title, new=title.strip())]


def lead_part(plan: ImprovementPlan, *, part: str, leads: Sequence[str]) -> list[Event]:
    """Say who leads a part from now on."""
    held = part_of(plan, part)
    given = names(leads)
    if given == held.leads:
        return []
    return [events.PlanPartLedBy(part=part, old=held.leads, new=given)]


def route_part(plan: ImprovementPlan, *, part: str, board: str, reason: str) -> list[Event]:
    """Hand a part to another board; it stays in the plan to be seen."""
    part_of(plan, part)
    faults = text_faults(board, "board", "Say which board answers for it now.", LONGEST_NAME)
    if faults:
        raise Refused(faults)
    owe_reason(reason, "Say why it goes to another board.")
    return [events.PlanPartRouted(part=part, board=board.strip())]


def remove_part(plan: ImprovementPlan, *, part: str, reason: str, actions_open: int) -> list[Event]:
    """Take a part out of the plan.

    Raises:
        NotNow: parts or actions under it are still open.   Refused: no reason.
    """
    part_of(plan, part)
    if actions_open or any(held.open and held.under == part for held in plan.parts.values()):
        raise NotNow("End or move the parts and actions under it first.", code="part-not-empty")
    owe_reason(reason, "Say why the part leaves the plan.")
    return [events.PlanPartRemoved(part=part)]


def form_group(
    plan: ImprovementPlan, *, group: str, name: str, lead: str, purpose: str
) -> list[Event]:
    """Set up a task and finish group.

    Raises:
        Refused: it has no name or no lead.
    """
    open_still(plan)
    faults = text_faults(name, "name", "Give the group a name.", LONGEST_NAME)
    faults += text_faults(lead, "lead", "Say who leads the group.", LONGEST_NAME)
    faults += long_faults(purpose, "purpose")
    if faults:
        raise Refused(faults)
    return [
        events.TaskGroupFormed(
            group=group, name=name.strip(), lead=lead.strip(), purpose=purpose.strip()
        )
    ]


def dissolve_group(plan: ImprovementPlan, *, group: str) -> list[Event]:
    """End a task and finish group.

    Raises:
        NotFound: no such group.   NotNow: it ended already.
    """
    open_still(plan)
    if group not in plan.groups:
        raise NotFound("There is no such group.")
    if not plan.groups[group]:
        raise NotNow("This group was dissolved already.", code="group-ended")
    return [events.TaskGroupDissolved(group=group)]


def close(plan: ImprovementPlan, *, reason: str) -> list[Event]:
    """Bring the plan to its end; everything stays readable.

    Raises:
        NotNow: it is closed already.   Refused: no reason.
    """
    open_still(plan)
    owe_reason(reason, "Say why the plan is closed.")
    return [events.ImprovementPlanClosed()]


def scale_on(plan: ImprovementPlan, day: date) -> str:
    """The key of the scale of that day. Raises `Refused` for a day before the plan has one."""
    key = plan.scale_on(day)
    if key is None:
        sentence = "The plan had no scale yet on that day."
        raise Refused(sentence, field="as_at", code="date-before-plan")
    return key


def something_undone(records: int) -> None:
    """Raises `NotNow` where a batch brought only what stays."""
    if not records:
        raise NotNow(
            "What this batch brought stays: a published scale is replaced by its next version, and "
            "what was said of a measure by saying it again.",
            code="stays",
        )
