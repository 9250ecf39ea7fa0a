"""Decisions on an improvement plan: opening it, its parts, its scale and rules, its groups, and
what documents say of its ratings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qa.core.carry import carry
from qa.core.errors import Fault, NotFound, NotNow, Refused, refuse_any
from qa.core.event import Event
from qa.plans import commands, events
from qa.plans.state import ImprovementPlan, PlanPartState
from qa.plans.status_rules import StatusRules


def known(plan: ImprovementPlan) -> None:
    """Raises `NotFound` for a plan that was never opened."""
    if not plan.id:
        raise NotFound("There is no such improvement plan.")


def open_still(plan: ImprovementPlan) -> None:
    """Raises `NotNow` for a plan that came to its end."""
    if plan.closed:
        raise NotNow("This improvement plan is closed.", code="plan-closed")


def names(listed: Sequence[str]) -> tuple[str, ...]:
    """Names without blanks around them, each once, in their order."""
    return tuple(dict.fromkeys(name.strip() for name in listed if name.strip()))


def open_plan(command: commands.OpenPlan, *, plan: str, today: date) -> list[Event]:
    """Open a plan with the names of its tiers, from the top downwards.

    Raises:
        Refused: every fault, by field.
    """
    tiers = tuple(name.strip() for name in command.tiers if name.strip())
    faults = command.model_copy(update={"tiers": tiers}).faults()
    if len({name.casefold() for name in tiers}) != len(tiers):
        faults.append(Fault("tiers", "tiers-same", "Two tiers have the same name."))
    if command.since > today:
        faults.append(Fault("since", "date-future", "A plan begins today or earlier."))
    refuse_any(faults)
    return [
        carry(
            events.ImprovementPlanOpened,
            command,
            plan=plan,
            tiers=tiers,
            rules=command.rules or StatusRules(version=1),
        )
    ]


def adopt_scale(plan: ImprovementPlan, command: commands.AdoptPlanScale) -> list[Event]:
    """Rate actions on another scale from `since` on; ratings given stay on theirs.

    Raises:
        Refused: it is the scale in use, or an earlier day than the one in use was adopted on.
    """
    open_still(plan)
    last, scale = plan.scales[-1]
    if command.scale == scale:
        raise Refused("This scale is in use already.", field="scale", code="scale-same")
    if command.since <= last:
        raise Refused(
            "Choose a day after the one the present scale was adopted on.",
            field="since",
            code="date-before-scale",
        )
    return [events.PlanScaleAdopted(old=scale, new=command.scale, since=command.since)]


def adopt_rules(plan: ImprovementPlan, command: commands.AdoptPlanRules) -> list[Event]:
    """Compute the status by the next version of the rules.

    Raises:
        Refused: a number out of its range; the version is not the next one, or the rules are the
            same.
    """
    open_still(plan)
    assert plan.rules is not None
    command.refuse_faults()
    rules = command.rules
    if rules.version != plan.rules.version + 1:
        sentence = f"The next version of the rules is {plan.rules.version + 1}."
        raise Refused(sentence, field="version", code="rules-version")
    if rules.model_copy(update={"version": plan.rules.version}) == plan.rules:
        raise Refused("These rules are in use already.", field="rules", code="rules-same")
    return [events.PlanRulesAdopted(rules=rules)]


def add_part(plan: ImprovementPlan, command: commands.AddPlanPart, *, part: str) -> list[Event]:
    """Add a part on a tier of the plan, at the top or under a part of a higher tier.

    Raises:
        Refused: every fault, by field.
    """
    open_still(plan)
    faults = command.faults()
    tier, under, number = command.tier, command.under, command.reference.strip()
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
        other.open and other.tier == tier and other.reference == number
        for other in plan.parts.values()
    ):
        sentence = f"There is a part {number} on this tier already."
        faults.append(Fault("reference", "reference-taken", sentence))
    refuse_any(faults)
    return [
        carry(
            events.PlanPartAdded,
            command,
            part=part,
            tier=tier,
            under=under,
            leads=names(command.leads),
        )
    ]


def part_of(plan: ImprovementPlan, part: str) -> PlanPartState:
    """A part that still belongs to the plan.

    Raises:
        NotFound: no such part.   NotNow: it was removed or routed to another board.
    """
    found = plan.parts.get(part)
    if found is None:
        raise NotFound("There is no such part of the plan.")
    open_still(plan)
    if not found.open:
        raise NotNow("This part was removed or routed elsewhere.", code="part-ended")
    return found


def reword_part(plan: ImprovementPlan, command: commands.RewordPlanPart) -> list[Event]:
    """Change the words of a part; the earlier ones stay readable."""
    was, new = part_of(plan, command.part), command.title.strip()
    command.refuse_faults()
    if new == was.title:
        return []
    return [events.PlanPartReworded(part=command.part, old=was.title, new=new)]


def lead_part(plan: ImprovementPlan, command: commands.LeadPlanPart) -> list[Event]:
    """Say who leads a part from now on."""
    was, new = part_of(plan, command.part), names(command.leads)
    if new == was.leads:
        return []
    return [events.PlanPartLedBy(part=command.part, old=was.leads, new=new)]


def route_part(plan: ImprovementPlan, command: commands.RoutePlanPart) -> list[Event]:
    """Hand a part to another board; it stays in the plan to be seen."""
    part_of(plan, command.part)
    command.refuse_faults()
    return [events.PlanPartRouted(part=command.part, board=command.board.strip())]


def remove_part(
    plan: ImprovementPlan, command: commands.RemovePlanPart, *, actions_open: int
) -> list[Event]:
    """Take a part out of the plan.

    Raises:
        NotNow: parts or actions under it are still open.   Refused: no reason.
    """
    part_of(plan, command.part)
    if actions_open or any(
        other.open and other.under == command.part for other in plan.parts.values()
    ):
        raise NotNow("End or move the parts and actions under it first.", code="part-not-empty")
    command.refuse_faults()
    return [events.PlanPartRemoved(part=command.part)]


def form_group(
    plan: ImprovementPlan, command: commands.FormTaskGroup, *, group: str
) -> list[Event]:
    """Set up a task and finish group.

    Raises:
        Refused: it has no name or no lead.
    """
    open_still(plan)
    command.refuse_faults()
    return [carry(events.TaskGroupFormed, command, group=group)]


def dissolve_group(plan: ImprovementPlan, command: commands.DissolveTaskGroup) -> list[Event]:
    """End a task and finish group.

    Raises:
        NotFound: no such group.   NotNow: it ended already.
    """
    open_still(plan)
    if command.group not in plan.groups:
        raise NotFound("There is no such group.")
    if not plan.groups[command.group]:
        raise NotNow("This group was dissolved already.", code="group-ended")
    return [events.TaskGroupDissolved(group=command.group)]


def close(plan: ImprovementPlan, command: commands.ClosePlan) -> list[Event]:
    """Bring the plan to its end; everything stays readable.

    Raises:
        NotNow: it is closed already.   Refused: no reason.
    """
    open_still(plan)
    command.refuse_faults()
    return [events.ImprovementPlanClosed()]


def scale_on(plan: ImprovementPlan, day: date) -> str:
    """The key of the scale of that day. Raises `Refused` for a day before the plan has one."""
    key = plan.scale_on(day)
    if key is None:
        sentence = "The plan had no scale yet on that day."
        raise Refused(sentence, field="as_at", code="date-before-plan")
    return key


def something_undone(records: int) -> None:
    """Raises `NotNow` where nothing of a batch is left."""
    if not records:
        raise NotNow("Nothing of this batch is left to undo.", code="nothing-left")


def record_claim(
    plan: ImprovementPlan, command: commands.RecordPlanClaim, *, claim: str, today: date
) -> list[Event]:
    """Keep what a document says of the plan, or of a part of it, as at a day.

    Raises:
        Refused: a blank, a day to come, or the document says something of it already.
    """
    open_still(plan)
    if command.part:
        part_of(plan, command.part)
    faults = command.faults()
    if command.as_at > today:
        faults.append(Fault("as_at", "in-the-future", "That day is in the future."))
    if known_claim(plan, command) is not None:
        sentence = "What this document says of it for that day is on record: take that back first."
        faults.append(Fault("source", "claim-known", sentence))
    refuse_any(faults)
    return [carry(events.PlanClaimRecorded, command, claim=claim, part=command.part or None)]


def known_claim(
    plan: ImprovementPlan, command: commands.RecordPlanClaim
) -> events.PlanClaimRecorded | None:
    """What is on record of the same part, as at the same day, from the same document."""
    place = command.part or None, command.as_at, command.source.strip()
    claims = plan.claims.values()
    return next((one for one in claims if (one.part, one.as_at, one.source) == place), None)


def withdraw_claim(plan: ImprovementPlan, command: commands.WithdrawPlanClaim) -> list[Event]:
    """Take back what was recorded by mistake.

    Raises:
        NotFound: there is no such claim.   Refused: no reason.
    """
    open_still(plan)
    if command.claim not in plan.claims:
        raise NotFound("There is no such published figure.")
    command.refuse_faults()
    return [events.PlanClaimWithdrawn(claim=command.claim)]


def part_named(plan: ImprovementPlan, named: str) -> str:
    """The id of the part that goes on of this reference, or tier and reference; "" for the whole
    plan, where nothing is named.

    Raises:
        Refused: there is none, or there are several.
    """
    if not named:
        return ""
    found = [
        key
        for key, part in plan.parts.items()
        if part.open and named in (part.reference, f"{part.tier} {part.reference}")
    ]
    if len(found) != 1:
        several = f"The plan has {len(found)} parts called {named}: name the tier too."
        sentence = several if found else f"The plan has no part {named}."
        raise Refused(sentence, field="part", code="part-unknown")
    return found[0]
