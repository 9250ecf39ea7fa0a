"""RAG scales: every version with what its levels mean, publishing one, mapping two."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.responses import Response

from api.plans.pages import may_keep
from api.web.boxes import Box, FormValues
from api.web.context import Reader
from api.web.steps import At, FormStep, Sent, carry_out, command_box, form_routes
from projections.plans import queries
from qa.authorisation.policy import require
from qa.core.errors import Fault, NotFound, Refused
from qa.core.words import code_of
from qa.plans.commands import MapRagScale, PublishRagScale
from qa.plans.handlers import rag_scales
from qa.plans.rag_scale import MappedLevel, RagScale, id_of
from qa.store.unit import Receipt

router = APIRouter(prefix="/rag-scales")

Scales = dict[str, RagScale]
LEVELS_HINT = (
    "From the worst to the best, one a line: label | colour | meaning | what it counts as. "
    "Colours: green, turquoise, blue, yellow, orange, red, grey, purple. What it counts as, where "
    "it does: met, final, evidence (giving it owes evidence of impact), not rated; and what it "
    "claims: embedded, delivered, on track, slipping or off track."
)
COUNTS = {"met", "final", "evidence", "not rated"}
CLAIMS = {"embedded", "delivered", "on track", "slipping", "off track"}


def _level(line: str, rank: int, number: int, faults: list[Fault]) -> dict[str, Any] | None:
    """One level as it was typed; None, with a fault, where it cannot be read."""
    parts = [part.strip() for part in line.split("|")]
    if len(parts) not in (3, 4) or not all(parts[:3]):
        sentence = f"Line {number} needs a label, a colour and a meaning, with | between them."
        faults.append(Fault("levels", "level-unclear", sentence))
        return None
    said = {word.strip().casefold() for word in parts[3].split(",")} if len(parts) == 4 else set()
    unknown = said - COUNTS - CLAIMS - {""}
    if unknown:
        sentence = f"Line {number}: “{', '.join(sorted(unknown))}” is nothing a level can count as."
        faults.append(Fault("levels", "level-unclear", sentence))
        return None
    if len(said & CLAIMS) > 1:
        faults.append(Fault("levels", "level-unclear", f"Line {number}: a level claims one thing."))
        return None
    return {
        "code": code_of(parts[0]),
        "label": parts[0],
        "colour": parts[1].casefold(),
        "meaning": parts[2],
        "rank": None if "not rated" in said else rank,
        "met": "met" in said,
        "final": "final" in said,
        "evidence": "evidence" in said,
        "stands_for": next((one.replace(" ", "-") for one in sorted(said & CLAIMS)), None),
    }


def _publish(held: Scales, asked: FormValues, sent: Sent) -> Receipt:
    name, own = asked.text("name"), code_of(asked.text("name"))
    lines = asked.lines("levels")
    read = [_level(line, at, at, asked.faults) for at, line in enumerate(lines, start=1)]
    if not name:
        asked.refuse("name", "name-missing", "Give the scale a name.")
    asked.done()
    versions = [scale.version for scale in held.values() if scale.id == own]
    try:
        scale = RagScale.model_validate(
            {"id": own, "version": max(versions, default=0) + 1, "name": name, "levels": read}
        )
    except ValidationError as wrong:
        raise Refused(
            [
                Fault("levels", "level-unfit", _sentence(one["loc"], one["msg"]))
                for one in wrong.errors()
            ]
        ) from None
    return carry_out(rag_scales.publish, PublishRagScale(content=scale), sent)


def _sentence(place: tuple[int | str, ...], message: str) -> str:
    at = next((f"Line {one + 1}: " for one in place if isinstance(one, int)), "")
    said = message.removeprefix("Value error, ")
    return f"{at}{said[:1].upper()}{said[1:]}."


def _map(held: Scales, asked: FormValues, sent: Sent) -> Receipt:
    old, new = asked.text("old"), asked.text("new")
    since = asked.day("since")
    if since is None and not asked.faults:
        asked.refuse("since", "date-missing", "Enter the first day of the mapping.")
    levels = []
    for number, line in enumerate(asked.lines("levels"), start=1):
        was, arrow, now = (part.strip() for part in line.partition("="))
        if not (was and arrow and now):
            sentence = f"Line {number}: write old level = new level."
            asked.refuse("levels", "level-unclear", sentence)
        else:
            levels.append(MappedLevel(old=code_of(was), new=code_of(now)))
    asked.done()
    assert since is not None
    command = MapRagScale(scale=id_of(new), old=old, new=new, levels=tuple(levels), since=since)
    return carry_out(rag_scales.map_levels, command, sent)


def _choices(held: Scales) -> list[tuple[str, str]]:
    return [(key, f"{scale.name}, version {scale.version}") for key, scale in held.items()]


STEPS: dict[str, FormStep[Scales]] = {
    "new": FormStep(
        "Publish a version of a scale",
        "Publish it",
        "The version is published. It never changes again.",
        lambda _: [
            Box("name", "Name of the scale", hint="The name of one that exists: its next version"),
            Box("levels", "Levels", "lines", LEVELS_HINT),
        ],
        _publish,
        ("Ratings stay on the version that they were given under.",),
    ),
    "map": FormStep(
        "Map two versions",
        "Save the mapping",
        "The mapping is saved.",
        lambda held: [
            command_box(MapRagScale, name, _choices(held) if name in ("old", "new") else ())
            for name in ("old", "new", "levels", "since")
        ],
        _map,
        ("Without a mapping, figures never mix ratings of two versions.",),
    ),
}


@router.get("")
def list_scales(reading: Reader) -> Response:
    """Every version of every scale."""
    require(reading.actor, "read-plan")
    held = queries.scales(reading.connection, position=reading.at.position)
    names = {key: f"{scale.name}, version {scale.version}" for key, scale in held.items()}
    done = reading.request.query_params.get("done", "")
    return reading.page(
        "plans/scales.html",
        title="RAG scales",
        scales=list(held.values()),
        mappings=[
            {
                "old": names.get(one.old, one.old),
                "new": names.get(one.new, one.new),
                "since": one.since,
                "levels": "; ".join(f"{level.old} = {level.new}" for level in one.levels),
            }
            for one in queries.mappings(reading.connection, position=reading.at.position)
        ],
        may_keep=may_keep(reading),
        said=STEPS[done].done if done in STEPS else "",
    )


def _form(step: str, reading: Reader) -> tuple[FormStep[Scales], Scales, At]:
    if step not in STEPS:
        raise NotFound("There is no such page.")
    at = At(f"/rag-scales/{step}", "/rag-scales")
    return STEPS[step], queries.scales(reading.connection), at


form_routes(router, "/{step}", _form)
