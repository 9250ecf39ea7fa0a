"""The forms of a quarterly report: its sections, commentary and headlines, and its review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.quarterly.reading import ComposedSection, QuarterlyFigures
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Options, Sent, carry_out, command_box, command_step
from projections.quarterly.tables import QuarterlyRow
from qa.authorisation.handling import CommandHandler
from qa.publishing.events import ReportAsked
from qa.quarterly import handlers
from qa.quarterly.commands import (
    ChooseQuarterlyHeadlines,
    PublishQuarterlyReport,
    SendQuarterlyForReview,
)
from qa.quarterly.events import HeadlineFigure
from qa.store.unit import Receipt

SHOWS: Options = (
    ("whole", "The whole report: figures and charts"),
    ("figures", "Figures only"),
    ("charts", "Charts only"),
)
KEEP, COMMENT = "keep-quarterly-report", "comment-quarterly-report"


@dataclass(frozen=True, slots=True)
class QuarterlyView:
    """What the forms are given. `people` are those who can write or review; `made` is the report
    at the moment, `asked` what a new section shows, `initial` what stands in a new report at
    first. `sent` and `again` work out what is sent for review, and what was."""

    row: QuarterlyRow | None
    people: Options = ()
    made: QuarterlyFigures | None = None
    section: ComposedSection | None = None
    asked: ReportAsked | None = None
    mine: str = ""
    initial: Any = None
    sentences: Callable[[Sequence[HeadlineFigure]], tuple[str, ...]] = lambda _: ()
    sent: Callable[[], Mapping[str, Any]] = field(default=dict)
    again: Callable[[], str] = str

    @property
    def of(self) -> str:
        assert self.row is not None
        return self.row.report

    @property
    def own(self) -> ComposedSection:
        assert self.section is not None
        return self.section

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The sentences that can be chosen, by the figure that bears each out."""
        assert self.made is not None
        return [
            (one.model_dump_json(), f"{section.place}. {said}")
            for section in self.made.sections
            for one, said in section.sentences()
        ]


def _step(handler: CommandHandler[Any], title: str, done: str, **more: Any) -> Any:
    more = {"button": "Save", "verb": KEEP, "target": lambda view: {"of": view.of}, **more}
    return command_step(handler, title=title, done=done, **more)


def _of_section(view: QuarterlyView) -> dict[str, str]:
    return {"of": view.of, "section": view.own.row.section}


START: FormStep[QuarterlyView] = command_step(
    handlers.start,
    title="Start a quarterly report",
    button="Start",
    done="The report is started. Add its sections.",
    verb=KEEP,
    initial=lambda view: view.initial,
)
_PRINTS: Mapping[str, Callable[[QuarterlyView], Options]] = {
    "shows": lambda _: SHOWS,
    "writer": lambda view: [("", "QA leads"), *view.people],
}

ADD: FormStep[QuarterlyView] = _step(
    handlers.add_section,
    "Add a section",
    "The section is added.",
    button="Add the section",
    target=lambda view: {"of": view.of, "asked": view.asked},
    choices=_PRINTS,
)

OF_SECTION: Mapping[str, FormStep[QuarterlyView]] = {
    "commentary": _step(
        handlers.comment,
        "Write the commentary",
        "The commentary is saved under your name.",
        verb=COMMENT,
        target=_of_section,
        initial=lambda view: _Written(view.mine),
    ),
    "change": _step(
        handlers.change_section,
        "Change the section",
        "The section is changed.",
        target=_of_section,
        choices=_PRINTS,
        initial=lambda view: view.own.row,
    ),
    "remove": _step(
        handlers.remove_section,
        "Take the section out",
        "The section is removed.",
        button="Take the section out",
        target=_of_section,
        intro=("Its commentary goes with it, and headlines made of its figures.",),
        warns=True,
    ),
}
"""The forms of one section, by the end of their address; `MOVE_UP` is another."""


@dataclass(frozen=True, slots=True)
class _Written:
    text: str


def _moved_up(view: QuarterlyView) -> tuple[str, ...]:
    assert view.row is not None
    order = list(view.row.order)
    at = order.index(view.own.row.section)
    if at:
        order[at - 1], order[at] = order[at], order[at - 1]
    return tuple(order)


def _up(view: QuarterlyView, asked: FormValues, sent: Sent) -> Receipt:
    command = handlers.order_sections.command(of=view.of, sections=_moved_up(view))
    return carry_out(handlers.order_sections, command, sent)


def _headline_boxes(view: QuarterlyView) -> Sequence[Box]:
    assert view.row is not None
    chosen = "\n".join(one.model_dump_json() for one in view.row.chosen)
    return (command_box(ChooseQuarterlyHeadlines, "headlines", view.choices, chosen),)


def _headlines(view: QuarterlyView, asked: FormValues, sent: Sent) -> Receipt:
    typed = asked.several("headlines")
    offered = {code for code, _ in view.choices}
    chosen = tuple(HeadlineFigure.model_validate_json(one) for one in typed if one in offered)
    command = ChooseQuarterlyHeadlines(
        of=view.of, headlines=chosen, sentences=view.sentences(chosen)
    )
    return carry_out(handlers.choose_headlines, command, sent)


def _review_boxes(view: QuarterlyView) -> Sequence[Box]:
    return (command_box(SendQuarterlyForReview, "reviewer", view.people),)


def _review(view: QuarterlyView, asked: FormValues, sent: Sent) -> Receipt:
    command = SendQuarterlyForReview(of=view.of, reviewer=asked.text("reviewer"), **view.sent())
    return carry_out(handlers.send, command, sent)


def _publish(view: QuarterlyView, asked: FormValues, sent: Sent) -> Receipt:
    command = PublishQuarterlyReport(of=view.of, sha256=view.again())
    return carry_out(handlers.publish, command, sent)


def _none(_: QuarterlyView) -> Sequence[Box]:
    return ()


OF_REPORT: Mapping[str, FormStep[QuarterlyView]] = {
    "headlines": FormStep(
        title="Choose the three headline sentences",
        button="Save",
        done="The headlines are chosen.",
        boxes=_headline_boxes,
        do=_headlines,
        verb=KEEP,
        intro=("Each sentence is made of a figure of a section, and changes with it until the "
               "report is sent for review.",),
    ),
    "review": FormStep(
        title="Send for review",
        button="Send for review",
        done="The report is sent for review.",
        boxes=_review_boxes,
        do=_review,
        verb=KEEP,
        intro=("The figures are frozen as they are now: what is reviewed is what is published.",),
    ),
    "return": _step(
        handlers.send_back,
        "Send it back to be changed",
        "The report is a draft again.",
        button="Send back",
        verb="return-quarterly-report",
    ),
    "agree": _step(
        handlers.agree,
        "Agree the report",
        "The report is agreed.",
        button="Agree",
        verb="review-quarterly-report",
        intro=("You have read every section and its commentary. The report can then be "
               "published as it is.",),
    ),
    "publish": FormStep(
        title="Publish the report",
        button="Publish",
        done="The report is published.",
        boxes=_none,
        do=_publish,
        verb=KEEP,
        intro=("It goes into the register of published reports, as it was agreed.",),
    ),
}  # fmt: skip
"""The forms of the whole report, by the end of their address."""
OFFERED: Mapping[str, tuple[str, ...]] = {
    "draft": ("headlines", "review"),
    "review": ("agree", "return"),
    "agreed": ("publish", "return"),
    "published": (),
}
"""The forms that fit where a report stands."""
MOVE_UP: FormStep[QuarterlyView] = FormStep(
    title="Move the section up",
    button="Move up",
    done="The section is moved up.",
    boxes=_none,
    do=_up,
    verb=KEEP,
)
