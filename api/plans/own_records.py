"""An improvement plan with its ratings, success measures and what is said of them, as files that
come in again."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from api.imports.own_records import GivenRecords, OwnRecords, RecordsRequest, counted
from api.plans.importers.meant import going, meant_plan
from projections.people import queries as people
from projections.plans import queries
from projections.plans.record import ActionRecord, Measure, PartRecord, PlanRecord, Reported
from qa.core.due_dates import Due, Stage
from qa.core.errors import Refused
from qa.plans.events import PlanSource


def _plan(request: RecordsRequest) -> PlanRecord:
    return meant_plan(request.connection, request.about.plan)


def _going(record: PlanRecord) -> list[ActionRecord]:
    return [one for one in record.actions.values() if one.ended is None]


def _ended(record: PlanRecord) -> list[str]:
    ended = len(record.actions) - len(_going(record))
    return counted(
        ended,
        "action that has left the plan, with its ratings and measures.",
        "actions that have left the plan, with their ratings and measures.",
    )


def _source(source: PlanSource) -> str:
    bare = source.reference if source.kind == "ofsted" else f"{source.kind} {source.reference}"
    return source.text or bare.replace("-", " ")


def _due(due: Due) -> str:
    if due.on is None:
        return due.said or due.label
    if due.kind == "day":
        return due.on.isoformat()
    month = f"{due.on:%B} {due.on.year}"
    return month if due.kind == "month" else f"{month} and {due.kind}"


def _stages(stages: tuple[Stage, ...]) -> str:
    return ", ".join(f"{one.label} {_due(one.due)}".strip() for one in stages)


def _lines(record: PlanRecord) -> Iterator[dict[str, str]]:
    def beside(part: PartRecord) -> dict[str, str]:
        above = record.parts.get(part.under or "")
        theme = {} if above is None else {"theme": above.reference, "theme_title": above.title}
        return {**theme, "part": part.reference, "part_title": part.title}

    lowest = record.plan.tiers[-1]
    for part in record.parts.values():
        if part.ended is None and part.tier == lowest:
            yield {
                **beside(part),
                "part_leads": "; ".join(part.leads),
                "sources": "; ".join(map(_source, part.sources)),
            }
    for action in _going(record):
        yield {
            **beside(record.parts[action.part]),
            "reference": action.reference,
            "title": action.title,
            "leads": "; ".join(action.leads),
            "responsible": "; ".join(action.responsible),
            "since": action.since.isoformat(),
            "due": _stages(action.stages),
            "sources": "; ".join(map(_source, action.sources)),
            "implied": "implied" if action.implied else "",
        }


def _plan_rows(request: RecordsRequest) -> GivenRecords:
    record = _plan(request)
    if len(record.plan.tiers) > 2:
        sentence = f"This plan has {len(record.plan.tiers)} tiers of parts; a file has two."
        raise Refused(sentence, field="plan", code="tier-unknown")
    moved = sum(one.first != one.stages for one in _going(record))
    dates = counted(
        moved, "first agreed date that was moved.", "first agreed dates that were moved."
    )
    return GivenRecords([*_lines(record)], [*_ended(record), *dates])


def _ratings(request: RecordsRequest) -> GivenRecords:
    record = _plan(request)
    # The last of a day is the one that counts.
    reviews = {
        (action.reference, review.as_at): review
        for action in _going(record)
        for review in record.reviews.get(action.id, ())
        if review.stands
    }
    names = people.names(request.connection, {one.by for one in reviews.values()})
    rows = []
    for (reference, _), one in reviews.items():
        level = record.scales[one.scale].level(one.level) if one.level else None
        rows.append(
            {
                "reference": reference,
                "as_at": one.as_at.isoformat(),
                "level": "" if level is None else level.label,
                "percent_complete": ""
                if one.percent_complete is None
                else f"{one.percent_complete}%",
                "difference": one.difference or "",
                "commentary": " ".join(one.commentary.split()),
                "assessed_by": one.assessed_by or names.get(one.by, ""),
            }
        )
    return GivenRecords(rows, _ended(record))


def _measures_of(record: PlanRecord) -> Iterator[tuple[ActionRecord, str, Measure]]:
    """The success measures that stand, each with a reference of its own."""
    for action in _going(record):
        standing = [one for one in record.measures.get(action.id, ()) if not one.withdrawn_on]
        for number, one in enumerate(standing, start=1):
            yield action, f"{action.reference}/M{number}", one


def _measures(request: RecordsRequest) -> GivenRecords:
    record = _plan(request)
    rows = [
        {
            "reference": action.reference,
            "measure_ref": named,
            "text": " ".join(one.text.split()),
            "comparator": one.comparator or "",
            "target": "" if one.target is None else f"{one.target}{_percent(one.unit)}",
            "unit": one.unit or "",
            "indicator": one.indicator or "",
        }
        for action, named, one in _measures_of(record)
    ]
    return GivenRecords(rows, _ended(record))


def _percent(unit: str | None) -> str:
    return "%" if unit == "percent" else ""


def _reports(request: RecordsRequest) -> GivenRecords:
    record = _plan(request)
    named = {one.id: reference for _, reference, one in _measures_of(record)}
    rows, left = [], 0
    for action in _going(record):
        for one in record.reports.get(action.id, ()):
            if one.content.measure is not None and one.content.measure not in named:
                left += 1
            else:
                rows.append(_report(action.reference, named.get(one.content.measure or ""), one))
    withdrawn = counted(
        left,
        "report of a success measure that was withdrawn.",
        "reports of success measures that were withdrawn.",
    )
    return GivenRecords(rows, [*_ended(record), *withdrawn])


def _report(reference: str, named: str | None, reported: Reported) -> dict[str, str]:
    one = reported.content
    cells = {
        "value": "; ".join(f"{value}{_percent(one.unit)}" for value in one.values),
        "not-applicable": "N/A",
        "no-value": one.said,
        "blank": "",
    }
    return {
        "reference": reference,
        "measure_ref": named or "",
        "values": cells[one.state],
        "said": " ".join(one.said.split()),
        "unit": one.unit or "",
        "numerator": "" if one.numerator is None else str(one.numerator),
        "denominator": "" if one.denominator is None else str(one.denominator),
        "period": one.period,
        "note": " ".join(one.note.split()),
        "answers": one.reading,
    }


def _claims(request: RecordsRequest) -> GivenRecords:
    record = _plan(request)
    named = {
        one.id: f"{one.tier} {one.reference}" for one in record.parts.values() if one.ended is None
    }
    rows = [
        {
            "part": "overall" if one.part is None else named[one.part],
            "claimed": one.claimed,
            "as_at": one.as_at.isoformat(),
            "source": one.source,
        }
        for one in record.claims
        if one.part is None or one.part in named
    ]
    return GivenRecords(rows, [])


def _scale_meant(request: RecordsRequest, there: Collection[str]) -> str:
    """The scale of the plan that is named, or of the only one that is open; without a plan the only
    scale that there is."""
    if request.about.plan or len(going(request.connection)) == 1:
        return _plan(request).plan.scale_on(request.today) or ""
    if len(there) != 1:
        names = ", ".join(there) or "none yet"
        sentence = f"Say which scale is meant. There are: {names}."
        raise Refused(sentence, field="plan_scale", code="plan_scale-missing")
    return next(iter(there))


def _scale(request: RecordsRequest) -> GivenRecords:
    """The scale that is named, or the one that the plan is rated on now."""
    there = queries.scales(request.connection)
    key = request.about.scale or _scale_meant(request, there)
    scale = there.get(key)
    if scale is None:
        names = ", ".join(there) or "none yet"
        sentence = f"There is no scale {key}. There are: {names}."
        raise Refused(sentence, field="plan_scale", code="scale-unknown")

    def yes(claimed: bool) -> str:
        return "yes" if claimed else "no"

    rows = [
        {
            "code": one.code,
            "label": one.label,
            "rank": "" if one.rank is None else str(one.rank),
            "meaning": " ".join(one.meaning.split()),
            "colour": one.colour or "",
            "met": yes(one.met),
            "final": yes(one.final),
            "evidence": yes(one.evidence),
        }
        for one in scale.levels
    ]
    note = (
        f"Say that it is {scale.id}, version {scale.version}, “{scale.name}”, and that {scale.best}"
        " is best."
    )
    return GivenRecords(rows, [note])


OWN_RECORDS = (
    OwnRecords("rag-scale", _scale, "Other versions and their mappings are in no such file."),
    OwnRecords(
        "plan",
        _plan_rows,
        "Evidence, links, board meetings and earlier words of an action are in no such file.",
    ),
    OwnRecords(
        "assessments",
        _ratings,
        "Evidence and what a board made of a rating are in no such file. A rating that owes "
        "evidence of impact is refused until there is some.",
    ),
    OwnRecords("measures", _measures, "Measures that were withdrawn are left out."),
    OwnRecords("measure-reports", _reports, "The day on which each was said is left out."),
    OwnRecords("plan-claims", _claims, "Published figures of parts that ended are left out."),
)
