"""Steps: forms that carry out one command on one record, each said in one place.

`command_step` makes one from the command itself; a form that branches is a `FormStep` of its own.

A step asks its boxes, carries its command out and says in a few words that it is done. The pages of
a record that has many of them (an improvement plan, its actions, an indicator) need one route for
all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, Generic, TypedDict, TypeVar, Unpack

from fastapi import APIRouter
from pydantic import BaseModel, ValidationError
from starlette.responses import RedirectResponse, Response

from api.web.boxes import Box, FormValues, Kind, drawn
from api.web.changes import Trouble, new_key, once, seen, tried
from api.web.context import PresentReader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors
from api.web.late_routes import taking_as
from qa.authorisation.context import Desk, Once
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import require
from qa.core.command import Command
from qa.core.errors import NotFound
from qa.core.fields import CHOOSE, FieldWords, field_words, typed
from qa.core.words import Actor, Resource
from qa.store.unit import Receipt

V = TypeVar("V")
C = TypeVar("C", bound=Command)
Options = Sequence[tuple[str, str]]
YES_NO: Options = (("", "No"), ("yes", "Yes"))


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
    template: str = "form.html"


def carry_out(
    handler: CommandHandler[C], command: C, sent: Sent, reason: str | None = None
) -> Receipt:
    """Carry out what a form made of what was typed."""
    key = None if sent["once"] is None else sent["once"].key
    return handler(sent["desk"], command, by=sent["by"], seen=sent["seen"], key=key, reason=reason)


def command_box(
    command: type[BaseModel],
    name: str,
    items: Options = (),
    value: str = "",
    at: str = "",
    owed: bool = False,
) -> Box:
    """The box of one field of a command, named `at` where a form calls it otherwise. Yes or no is
    chosen, or ticked where `items` holds the words of the tick, as ``yes``."""
    each = field_words(command)[name]
    kind: Kind
    if each.widget != "tick":
        kind = each.widget
    else:
        kind, items = ("several", items) if items else ("choice", YES_NO)
    return Box(at or name, each.label, kind, each.hint, items=items, value=value, owed=owed)


class MoreWords(TypedDict, total=False):
    """What only some forms say."""

    intro: tuple[str, ...]
    warns: bool
    template: str


class StepWords(MoreWords):
    """What a `FormStep` takes as it stands."""

    title: str
    button: str
    done: str
    verb: str


def command_step(
    handler: CommandHandler[Any],
    *,
    target: Callable[[V], Mapping[str, str]] = lambda _: {},
    asks: Sequence[str] = (),
    chosen: Mapping[str, Callable[[V], Box]] | None = None,
    choices: Mapping[str, Callable[[V], Options]] | None = None,
    initial: Callable[[V], object] = lambda _: None,
    **words: Unpack[StepWords],
) -> FormStep[V]:
    """A form with a box for every field of the command that the address does not give, or for those
    that it `asks`, in their order.

    `chosen` has the boxes of targets that the address does not give after all, which come first.
    `choices` says, by field, what a form on this record offers to this reader; another value is
    refused with the field's `missing` sentence. `initial` is an object whose attributes stand in
    the boxes at first.
    """
    command: type[Command] = handler.command
    known_fields = field_words(command)
    open_fields = (n for n, each in known_fields.items() if not (each.target or each.derived))
    fields = {name: known_fields[name] for name in asks or open_fields}
    offered, asked_first = choices or {}, chosen or {}

    def boxes(view: V) -> list[Box]:
        first = initial(view)
        return [box(view) for box in asked_first.values()] + [
            command_box(command, name, options(name, view), typed(getattr(first, name, None)))
            for name in fields
        ]

    def options(name: str, view: V) -> Options:
        return offered[name](view) if name in offered else ()

    def do(view: V, form: FormValues, sent: Sent) -> Receipt:
        values = {name: form.value(name, each) for name, each in fields.items()}
        for name in offered:
            if fields[name].widget == "tick":
                continue
            known = {code for code, _ in options(name, view)}
            chosen = values[name] if isinstance(values[name], tuple) else (values[name],)
            if not {one for one in chosen if one} <= known:
                _refuse_choice(form, name, fields[name], "unknown")
        given = {**target(view), **values}
        given |= {name: form.text(box(view).name) for name, box in asked_first.items()}
        _refuse_unreadable(form, command, given)
        try:
            wanted = command.model_validate(given)
        except ValidationError as wrong:
            # An empty choice, say. The decision refuses it in its turn, after the right and the
            # state of the record; what it would not see is refused here.
            wanted = command.model_construct(None, **given)
            seen_by_it = {fault.field for fault in wanted.faults()}
            for name in dict.fromkeys(str(error["loc"][0]) for error in wrong.errors()):
                if name not in seen_by_it:
                    _refuse_choice(form, name, fields[name], "missing")
            form.done()
        return carry_out(handler, wanted, sent)

    return FormStep(boxes=boxes, do=do, **words)


def _refuse_unreadable(form: FormValues, command: type[Command], given: Mapping[str, Any]) -> None:
    """Where a box holds what it cannot hold, the command is not reached that would say what else is
    wrong: it is said here."""
    named = {fault.field for fault in form.faults}
    if named:
        broken = command.model_construct(None, **given).faults()
        form.faults.extend(fault for fault in broken if fault.field not in named)
    form.done()


def _refuse_choice(form: FormValues, name: str, each: FieldWords, what: str) -> None:
    code = each.code or f"{name.replace('_', '-')}-{what}"
    form.refuse(name, code, each.missing or each.sentence or CHOOSE)


@dataclass(frozen=True, slots=True)
class At:
    """Where a form stands: its address, where to go back and on to, the version seen, and the
    record as the policy sees it (None: what belongs to the council)."""

    address: str
    back: str
    seen: int | None = None
    caption: str = ""
    resource: Resource | None = None

    @classmethod
    def step(
        cls,
        there: str,
        step: str,
        seen: int | None = None,
        caption: str = "",
        resource: Resource | None = None,
    ) -> At:
        """A form right beneath the page of a record, which it leads back to."""
        return cls(f"{there}/{step}", there, seen, caption, resource)


def step_called(steps: Mapping[str, FormStep[V]], name: str, *but: str) -> FormStep[V]:
    """The step of this name. Raises `NotFound` where there is none, or it is one of those that
    stand on a page of their own (`but`)."""
    if name not in steps or name in but:
        raise NotFound("There is no such page.")
    return steps[name]


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
        step.template,
        status=status,
        **reading.parts(step.template, view),
        title=step.title,
        caption=at.caption,
        intro=step.intro,
        view=view,
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
    values = FormValues.of(form, boxes)

    def do() -> Receipt:
        sent = Sent(
            desk=reading.desk,
            by=reading.actor,
            once=once(form, reading.request),
            seen=None if at.seen is None else seen(form),
        )
        return step.do(view, values, sent)

    order = [box.name for box in boxes]
    done = tried(do, order)
    if isinstance(done, Trouble):
        return show(reading, step, view, at, values.typed, done.errors, done.status)
    there = onward.format(**done.response) if onward else at.back
    return RedirectResponse(
        f"{there}?done={at.address.partition('?')[0].rpartition('/')[2]}", status_code=303
    )


def taking_present(
    endpoint: Callable[..., Any], opening: Callable[..., Any], *more: Parameter
) -> None:
    """Have an endpoint take what `opening` takes, and `more`: the reading of the present, because
    of the past nothing is changed."""
    taking_as(endpoint, opening, *more, reading=PresentReader)


def form_routes(
    router: APIRouter,
    path: str,
    opening: Callable[..., tuple[FormStep[V], V, At]],
    onward: str = "",
) -> None:
    """Declare the form at an address: shown, and sent. `opening` takes what an endpoint takes, the
    reading among it, and answers the step, the record and where the form stands. `onward` is where
    it leads once done, by the names of the result; else it leads back."""

    def shown(**address: Any) -> Response:
        return show(address["reading"], *opening(**address))

    def sent(form: Mapping[str, Any], **address: Any) -> Response:
        return send(address["reading"], *opening(**address), form, onward)

    posted = Parameter("form", Parameter.KEYWORD_ONLY, annotation=Posted)
    taking_present(shown, opening)
    taking_present(sent, opening, posted)
    router.add_api_route(path, shown, methods=["GET"])
    router.add_api_route(path, sent, methods=["POST"])
