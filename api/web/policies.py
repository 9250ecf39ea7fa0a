"""Pages of a versioned policy: what is in force, and the form of the next version.

Moderation has a page of its own, because its policy holds more than numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from starlette.responses import Response

from api.web.access_notes import Look
from api.web.boxes import FormValues
from api.web.changes import timeline
from api.web.context import Reader
from api.web.late_routes import PageRouter
from api.web.steps import At, FormStep, Options, command_step, form_routes
from projections.history import queries
from projections.people import queries as people_queries
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import can, require
from qa.core.command import Command
from qa.core.fields import field_words, typed

P = TypeVar("P")


InForce = Callable[[Look], tuple[P, int]]
"""What is in force as known at the moment that somebody looks at, and the version of its stream."""


def as_known(
    query: Callable[..., tuple[P, int] | None], starts_with: P | None = None
) -> InForce[P]:
    """What a query of a policy answers; where none was ever set, what Caseloop `starts_with`."""

    def in_force(look: Look) -> tuple[P, int]:
        found = query(look.connection, position=look.at.position) or (starts_with, 0)
        return cast(tuple[P, int], found)

    return in_force


@dataclass(frozen=True, slots=True)
class PolicyLink:
    """Where a policy is shown and what it is called. A capability whose policy has a page of its
    own making names it under ``POLICY``; those made by `policy_router` need not."""

    address: str
    title: str


class PolicyRouter(PageRouter):
    """The routes of a policy, and its link."""

    def __init__(self, link: PolicyLink) -> None:
        super().__init__(prefix=link.address)
        self.link = link


@dataclass(frozen=True, slots=True)
class PolicyPage(Generic[P]):
    """A policy and how its page speaks of it. `rows` shows what is in force. `links` are files
    beneath its address, each with what it is."""

    address: str
    title: str
    first: str
    note: str
    button: str
    stream: str
    step: FormStep[P]
    in_force: InForce[P]
    rows: Callable[[P], Sequence[tuple[str, str]]]
    links: Sequence[tuple[str, str]] = ()


def numbers_in(form: FormValues, names: Sequence[str], missing: str) -> dict[str, int | None]:
    """What was typed into those boxes; an empty one is a fault, said in the words of `missing`."""
    found = {name: form.whole(name) for name in names}
    for name in names:
        if found[name] is None and not form.text(name):
            form.refuse(name, "number-missing", missing)
    return found


def command_policy(
    handler: CommandHandler[Any],
    *,
    change: str,
    button: str,
    done: str,
    intro: tuple[str, ...],
    link: str,
    choices: Mapping[str, Mapping[str, str]] | None = None,
    **page: Any,
) -> PolicyPage[Any]:
    """The page of a policy whose command holds all that it says: one row, and one box, a field.
    `choices` are the words of the values that a field can have."""
    command: type[Command] = handler.command
    fields = field_words(command)
    step: FormStep[Any] = command_step(
        handler,
        title=change,
        button=button,
        done=done,
        intro=intro,
        verb="set-policy",
        initial=lambda now: now,
        choices={name: _offering(words) for name, words in (choices or {}).items()},
    )

    def value_words(now: Any, name: str) -> str:
        value = typed(getattr(now, name))
        return (choices or {}).get(name, {}).get(value, value)

    return PolicyPage(
        button=link,
        step=step,
        rows=lambda now: [(each.label, value_words(now, name)) for name, each in fields.items()],
        **page,
    )


def _offering(words: Mapping[str, str]) -> Callable[[Any], Options]:
    return lambda _: tuple(words.items())


def policy_router(page: PolicyPage[P]) -> PolicyRouter:
    """The routes of a policy: shown at its address, changed below it at ``/edit``."""
    router = PolicyRouter(PolicyLink(page.address, page.title))

    def form(reading: Reader) -> tuple[FormStep[P], P, At]:
        now, version = page.in_force(reading)
        return page.step, now, At.step(page.address, "edit", version)

    @router.get("")
    def show_policy(reading: Reader) -> Response:
        require(reading.actor, "read-tool")
        now, version = page.in_force(reading)
        entries = queries.entries(
            reading.connection, streams=[page.stream], position=reading.at.position, limit=500
        )
        done = reading.request.query_params.get("done") == "edit"
        return reading.page(
            "policy.html",
            title=page.title,
            version=version,
            first=page.first,
            note=page.note,
            button=page.button,
            address=page.address,
            rows=page.rows(now),
            links=[(text, reading.link(f"{page.address}/{file}")) for text, file in page.links],
            may_set=can(reading.actor, "set-policy").allowed and not reading.at.is_past,
            said=page.step.done if done else "",
            history=timeline(people_queries.with_names(reading.connection, entries)[::-1]),
        )

    form_routes(router, "/edit", form)
    return router
