"""What a quarterly report and a self-evaluation share on their pages: somebody writes it of a
period, somebody else reviews it as it was frozen, and then it is given out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, Unpack

from api.documents.listing import ColumnKind
from api.jobs.announcement import Announcement, NewsItem
from api.lists.declaration import ListColumn, ListFilter, RecordList, record_column
from api.settings import NO_NAME
from api.web.boxes import Box, FormValues
from api.web.context import Reading
from api.web.steps import (
    At,
    FormStep,
    MoreWords,
    Options,
    Sent,
    StepWords,
    carry_out,
    command_box,
    command_step,
)
from projections.people import queries as people_queries
from projections.quarterly.tables import QuarterlyRow
from projections.self_evaluation.tables import SelfEvaluationRow
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import can, require
from qa.core.dates_in_words import day as in_words
from qa.core.errors import NotFound
from qa.core.event import Event
from qa.core.periods import Period
from qa.core.policy_lines import FIGURE_READERS
from qa.core.words import Resource
from qa.outbox.notices import NewNotice
from qa.quarterly.events import QuarterlySentForReview
from qa.self_evaluation.events import EvaluationSentForReview
from qa.store.unit import Receipt

NO_PAGE = "There is no such page."


ReviewedRow = QuarterlyRow | SelfEvaluationRow
R = TypeVar("R", QuarterlyRow, SelfEvaluationRow)


@dataclass(frozen=True, slots=True)
class ReviewedView:
    """What the forms are given. `target` is what the address names, `people` are those who can
    review it; `choices` are figures, of which `chosen` are ticked; `initial` stands in the boxes at
    first. `worked` works out, when a form is sent, what is not typed in it."""

    target: Mapping[str, Any] = field(default_factory=dict)
    people: Options = ()
    choices: Options = ()
    chosen: str = ""
    initial: object = None
    worked: Callable[..., Mapping[str, Any]] = field(default=dict)


def reviewed_step(
    handler: CommandHandler[Any],
    title: str,
    button: str,
    done: str,
    verb: str,
    choices: Mapping[str, Callable[[ReviewedView], Options]] | None = None,
    **more: Unpack[MoreWords],
) -> FormStep[ReviewedView]:
    """A form with a box for every field of a command that the address does not give."""
    words = StepWords(title=title, button=button, done=done, verb=verb, **more)
    return command_step(
        handler, target=_target, choices=choices, initial=lambda view: view.initial, **words
    )


def _target(view: ReviewedView) -> Mapping[str, Any]:
    return view.target


def worked_step(
    handler: CommandHandler[Any],
    title: str,
    button: str,
    done: str,
    verb: str,
    asks: Sequence[str] = (),
    **more: Unpack[MoreWords],
) -> FormStep[ReviewedView]:
    """A form that `asks` for some fields of a command: the rest is worked out from what was typed
    when it is sent. A reviewer is chosen from the people."""
    command = handler.command

    def boxes(view: ReviewedView) -> Sequence[Box]:
        offered = {"reviewer": view.people}
        return [command_box(command, name, offered.get(name, ())) for name in asks]

    def do(view: ReviewedView, form: FormValues, sent: Sent) -> Receipt:
        typed = {name: form.text(name) for name in asks}
        return carry_out(handler, command(**view.target, **typed, **view.worked(**typed)), sent)

    return FormStep(title, button, done, boxes, do, verb=verb, **more)


@dataclass(frozen=True, slots=True)
class FirstWords:
    """What stands in the form of a new one."""

    council: str
    start: date
    end: date
    title: str = ""


def first_words(reading: Reading, period: Period) -> FirstWords:
    council = reading.services.settings.council_name
    return FirstWords("" if council == NO_NAME else council, period.start, period.end)


def readers_of_figures(reading: Reading) -> list[tuple[str, str]]:
    """Whoever reads figures, and so can write beside them or review them, by name."""
    names = {
        one.person: one.name
        for role in FIGURE_READERS
        for one in people_queries.holding(reading.connection, role, reading.today)
    }
    return sorted(names.items(), key=lambda one: one[1].casefold())


def reviewers(reading: Reading) -> list[tuple[str, str]]:
    """The same without the reader, who does not review what they send."""
    return [one for one in readers_of_figures(reading) if one[0] != reading.actor.person]


def reviewed_by(row: ReviewedRow) -> Resource:
    return Resource(person=row.reviewer)


def offered_steps(
    reading: Reading,
    row: ReviewedRow,
    forms: Mapping[str, FormStep[Any]],
    offered: Mapping[str, Sequence[str]],
) -> list[tuple[str, str]]:
    """The forms that fit where it stands and that the reader may send, with their titles."""
    return [
        (name, forms[name].title)
        for name in offered[row.stage]
        if not reading.at.is_past and can(reading.actor, forms[name].verb, reviewed_by(row)).allowed
    ]


def recorded_up_to(day: date, position: int) -> tuple[str, str]:
    """The line of a text's facts that says how much of the record it knows."""
    return "Recorded up to", f"{in_words(day)}, entry {position:,} of the log"


def step_called(forms: Mapping[str, FormStep[ReviewedView]], step: str) -> FormStep[ReviewedView]:
    """A form by the end of its address. Raises `NotFound`."""
    if step not in forms:
        raise NotFound(NO_PAGE)
    return forms[step]


def at_step(
    reading: Reading, row: ReviewedRow, form: FormStep[ReviewedView], step: str, place: str
) -> At:
    """Where a form of the whole stands. Raises `Forbidden` where it is not open to this reader."""
    require(reading.actor, form.verb, reviewed_by(row))
    return At.step(place, step, row.stream_version, row.title, reviewed_by(row))


def reviewed_list(
    reading: Reading,
    path: str,
    title: str,
    noun: tuple[str, str],
    rows: Sequence[R],
    key: Callable[[R], str],
    counted: ListColumn[R],
    stages: Mapping[str, str],
    *,
    empty: tuple[str, str],
) -> RecordList[R]:
    """The list of all that were begun, the last first, with a number of its own."""
    people = {person for row in rows for person in (row.author, row.reviewer) if person}
    names = people_queries.names(reading.connection, people, position=reading.at.position)

    def stage(row: R) -> str:
        return stages[row.stage]

    return RecordList(
        path=path,
        title=title,
        noun=noun,
        rows=rows,
        key=key,
        columns=(
            record_column(
                "title", "Title", lambda row: row.title, lambda row: f"{path}/{key(row)}"
            ),
            ListColumn("start", "First day", lambda row: row.start, ColumnKind.DAY),
            ListColumn("end", "Last day", lambda row: row.end, ColumnKind.DAY),
            ListColumn("stage", "Stage", stage),
            counted,
            ListColumn("author", "Author", lambda row: names.get(row.author, row.author)),
            ListColumn(
                "reviewer", "Reviewer", lambda row: names.get(row.reviewer or "", row.reviewer)
            ),
        ),
        filters=(ListFilter("stage", "Stage", lambda row: (row.stage, stage(row))),),
        order="the last begun first",
        empty=empty,
        file_name=path.strip("/"),
    )


def review_notices(
    called: str,
    place: str,
    row_of: Callable[[NewsItem], ReviewedRow | None],
    sent: type[QuarterlySentForReview | EvaluationSentForReview],
    returned: type[Event],
    agreed: type[Event],
) -> Announcement:
    """The notices of one kind of text; `called` is what it is ("quarterly report")."""

    def notices(news: NewsItem) -> Iterator[NewNotice]:
        row, event = row_of(news), news.recorded.event
        if row is None:
            return
        person, text = row.author, f"Your {called} was agreed."
        if isinstance(event, sent):
            person, text = event.reviewer, f"A {called} was sent to you for review."
        elif isinstance(event, returned):
            text = f"Your {called} was sent back to be changed."
        if person:
            yield news.notice(person, text, f"{place}/{news.record}")

    return Announcement((sent, returned, agreed), notices)
