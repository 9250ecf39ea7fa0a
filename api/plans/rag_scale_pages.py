"""RAG scales: every version with what its levels mean, publishing one, mapping two."""

from __future__ import annotations

from itertools import count
from typing import Any, get_args

from pydantic import ValidationError
from starlette.responses import Response

from api.plans.pages import may_keep
from api.web.boxes import Box, FormValues
from api.web.context import Reader
from api.web.late_routes import PageRouter
from api.web.steps import (
    At,
    FormStep,
    Options,
    Sent,
    carry_out,
    command_box,
    form_routes,
    step_called,
)
from projections.plans import queries
from qa.authorisation.policy import require
from qa.core.errors import Fault, Refused
from qa.core.words import code_of
from qa.plans.commands import MapRagScale, PublishRagScale
from qa.plans.handlers import rag_scales
from qa.plans.rag_scale import Colour, MappedLevel, RagScale, id_of
from qa.plans.status_rules import Computed
from qa.store.unit import Receipt

router = PageRouter(prefix="/rag-scales")

Scales = dict[str, RagScale]
MOST_LEVELS = 7
COLOURS: Options = [(one, one.capitalize()) for one in get_args(Colour)]
COUNTS: Options = [
    ("met", "Delivered"),
    ("final", "Nothing more is expected"),
    ("evidence", "Evidence of impact is needed"),
    ("not-rated", "No rating"),
]
CLAIMS: Options = [
    ("", "Nothing"),
    *((one, one.replace("-", " ").capitalize()) for one in get_args(Computed)),
]


def _level_boxes(_: Scales) -> list[Box]:
    """A row of boxes for each level."""
    boxes = [Box("name", "Name of the scale", hint="The name of one that exists: its next version")]
    for at in range(1, MOST_LEVELS + 1):
        boxes += [
            Box(f"label-{at}", "Name"),
            Box(f"colour-{at}", "Colour", "choice", items=[("", "Choose"), *COLOURS]),
            Box(f"meaning-{at}", "What it means"),
            Box(f"counts-{at}", "What it counts as", "several", items=COUNTS),
            Box(f"claims-{at}", "What it says of the action", "choice", items=CLAIMS),
        ]
    return boxes


def _level(form: FormValues, at: int) -> dict[str, Any] | None:
    """One level as it was typed; None where its row is empty."""
    needed = {name: form.text(f"{name}-{at}") for name in ("label", "colour", "meaning")}
    counts, claims = set(form.several(f"counts-{at}")), form.text(f"claims-{at}")
    if not (any(needed.values()) or counts or claims):
        return None
    for name, typed in needed.items():
        if not typed:
            sentence = f"Level {at} needs a name, a colour and what it means."
            form.refuse(f"{name}-{at}", "level-unclear", sentence)
    return {
        **needed,
        "code": code_of(needed["label"]),
        "rated": "not-rated" not in counts,
        **{name: name in counts for name in ("met", "final", "evidence")},
        "stands_for": claims or None,
    }


def _publish(scales: Scales, form: FormValues, sent: Sent) -> Receipt:
    name, own = form.text("name"), code_of(form.text("name"))
    rows = {at: _level(form, at) for at in range(1, MOST_LEVELS + 1)}
    read = {at: level for at, level in rows.items() if level is not None}
    ranks = count(1)
    for level in read.values():
        level["rank"] = next(ranks) if level.pop("rated") else None
    if not name:
        form.refuse("name", "name-missing", "Give the scale a name.")
    form.done()
    versions = [scale.version for scale in scales.values() if scale.id == own]
    try:
        scale = RagScale.model_validate(
            {
                "id": own,
                "version": max(versions, default=0) + 1,
                "name": name,
                "levels": [*read.values()],
            }
        )
    except ValidationError as wrong:
        raise Refused(_unfit(one["loc"], one["msg"], [*read]) for one in wrong.errors()) from None
    return carry_out(rag_scales.publish, PublishRagScale(content=scale), sent)


def _unfit(place: tuple[int | str, ...], message: str, rows: list[int]) -> Fault:
    sentence = message.removeprefix("Value error, ")
    row = next((rows[one] for one in place if isinstance(one, int)), None)
    field = "label-1" if row is None else f"{place[-1]}-{row}".replace("stands_for", "claims")
    where = "" if row is None else f"Level {row}: "
    return Fault(field, "level-unfit", f"{where}{sentence[:1].upper()}{sentence[1:]}.")


def _map(scales: Scales, form: FormValues, sent: Sent) -> Receipt:
    old, new = form.text("old"), form.text("new")
    since = form.day("since")
    if since is None and not form.faults:
        form.refuse("since", "date-missing", "Enter the first day of the mapping.")
    levels = []
    for number, line in enumerate(form.lines("levels"), start=1):
        was, arrow, now = (part.strip() for part in line.partition("="))
        if not (was and arrow and now):
            sentence = f"Line {number}: write old level = new level."
            form.refuse("levels", "level-unclear", sentence)
        else:
            levels.append(MappedLevel(old=code_of(was), new=code_of(now)))
    form.done()
    assert since is not None
    command = MapRagScale(scale=id_of(new), old=old, new=new, levels=tuple(levels), since=since)
    return carry_out(rag_scales.map_levels, command, sent)


def _choices(scales: Scales) -> list[tuple[str, str]]:
    return [(key, f"{scale.name}, version {scale.version}") for key, scale in scales.items()]


STEPS: dict[str, FormStep[Scales]] = {
    "new": FormStep(
        "Publish a version of a scale",
        "Publish it",
        "The version is published. It never changes again.",
        _level_boxes,
        _publish,
        (
            "From the worst level to the best. Leave the rows empty that you do not need.",
            "Ratings stay on the version that they were given under.",
        ),
        verb="keep-rag-scale",
        template="plans/scale.html",
    ),
    "map": FormStep(
        "Map two versions",
        "Save the mapping",
        "The mapping is saved.",
        lambda scales: [
            command_box(MapRagScale, name, _choices(scales) if name in ("old", "new") else ())
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
    scales = queries.scales(reading.connection, position=reading.at.position)
    names = {key: f"{scale.name}, version {scale.version}" for key, scale in scales.items()}
    return reading.page(
        "plans/scales.html",
        title="RAG scales",
        scales=list(scales.values()),
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
        said=reading.notice(STEPS),
    )


def _form(step: str, reading: Reader) -> tuple[FormStep[Scales], Scales, At]:
    form = step_called(STEPS, step)
    at = At.step("/rag-scales", step)
    return form, queries.scales(reading.connection), at


form_routes(router, "/{step}", _form)
