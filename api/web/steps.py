"""Steps: forms that carry out one command on one record, each said in one place.

A step asks its boxes, carries its command out and says in a few words that it is done. The pages of
a record that has many of them (an improvement plan, its actions, an indicator) need one route for
all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypedDict, TypeVar

from starlette.responses import RedirectResponse, Response

from api.web.boxes import Box, FormValues, drawn
from api.web.changes import Trouble, flat, new_key, once, seen, tried
from api.web.context import Reading
from api.web.forms import Errors
from qa.authorisation.context import Desk, Once
from qa.authorisation.policy import require
from qa.core.words import Actor, Resource
from qa.store.unit import Receipt

V = TypeVar("V")


class Sent(TypedDict):
    """What every command is given beside what was asked."""

    desk: Desk
    by: Actor
    once: Once | None
    seen: int | None


@dataclass(frozen=True, slots=True)
class FormStep(Generic[V]):
    """One form. `boxes` and `do` are given the record; `do` reads what was typed and commands."""

    title: str
    button: str
    done: str
    boxes: Callable[[V], Sequence[Box]]
    do: Callable[[V, FormValues, Sent], Receipt]
    intro: tuple[str, ...] = ()
    verb: str = "run-plan"
    warns: bool = False


@dataclass(frozen=True, slots=True)
class At:
    """Where a form stands: its address, where to go back and on to, the version seen, and the
    record as the policy sees it (None: what belongs to the council)."""

    address: str
    back: str
    seen: int | None = None
    caption: str = ""
    resource: Resource | None = None


def show(
    reading: Reading,
    step: FormStep[V],
    view: V,
    at: At,
    typed: Mapping[str, str] | None = None,
    errors: Errors | None = None,
    status: int = 200,
) -> Response:
    """The form of a step, empty or with what was typed."""
    require(reading.actor, step.verb, at.resource)
    wrong = errors or Errors()
    return reading.page(
        "plans/form.html",
        status=status,
        title=step.title,
        caption=at.caption,
        intro=step.intro,
        action=at.address,
        back=at.back,
        seen=at.seen,
        key=new_key(),
        button=step.button,
        warns=step.warns,
        boxes=drawn(step.boxes(view), typed, wrong),
        errors=wrong,
        as_at=None,
    )


def send(
    reading: Reading, step: FormStep[V], view: V, at: At, form: Mapping[str, Any], onward: str = ""
) -> Response:
    """Carry the step out, and go back to the record; or show the form again with its faults."""
    require(reading.actor, step.verb, at.resource)
    boxes = step.boxes(view)
    asked = FormValues(form, flat(form), boxes)

    def do() -> Receipt:
        sent = Sent(
            desk=reading.desk,
            by=reading.actor,
            once=once(form, reading.request),
            seen=None if at.seen is None else seen(form),
        )
        return step.do(view, asked, sent)

    order = [box.name for box in boxes]
    done = tried(do, order)
    if isinstance(done, Trouble):
        return show(reading, step, view, at, asked.typed, done.errors, done.status)
    there = onward.format(**done.response) if onward else at.back
    return RedirectResponse(f"{there}?done={at.address.rpartition('/')[2]}", status_code=303)
