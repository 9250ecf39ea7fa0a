"""The forms of a quarterly report: its sections, commentary and headlines, and its review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api.publishing.reviewing import ReviewedView, reviewed_step, worked_step
from api.web.boxes import Box, FormValues
from api.web.steps import FormStep, Options, Sent, carry_out, command_box
from qa.quarterly import handlers
from qa.quarterly.commands import ChooseQuarterlyHeadlines
from qa.quarterly.events import HeadlineFigure
from qa.store.unit import Receipt

SHOWS: Options = (
    ("whole", "The whole report: figures and charts"),
    ("figures", "Figures only"),
    ("charts", "Charts only"),
)
KEEP, COMMENT = "keep-quarterly-report", "comment-quarterly-report"


START = reviewed_step(
    handlers.start,
    "Start a quarterly report",
    "Start the report",
    "The report is started. Add its sections.",
    KEEP,
)
_PRINTS: Mapping[str, Callable[[ReviewedView], Options]] = {
    "shows": lambda _: SHOWS,
    "writer": lambda view: [("", "QA leads"), *view.people],
}


ADD = reviewed_step(
    handlers.add_section,
    "Add a section",
    "Add the section",
    "The section is added.",
    KEEP,
    choices=_PRINTS,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What the reader wrote beside a section before."""

    text: str


OF_SECTION: Mapping[str, FormStep[ReviewedView]] = {
    "commentary": reviewed_step(
        handlers.comment,
        "Write the commentary",
        "Save",
        "The commentary is saved under your name.",
        COMMENT,
    ),
    "change": reviewed_step(
        handlers.change_section,
        "Change the section",
        "Save",
        "The section is changed.",
        KEEP,
        choices=_PRINTS,
    ),
    "remove": reviewed_step(
        handlers.remove_section,
        "Remove the section",
        "Remove the section",
        "The section is removed.",
        KEEP,
        intro=("Its commentary goes with it, and headlines made of its figures.",),
        warns=True,
    ),
    "up": worked_step(
        handlers.order_sections, "Move the section up", "Move up", "The section is moved up.", KEEP
    ),
}
"""The forms of one section, by the end of their address."""


def _headline_boxes(view: ReviewedView) -> Sequence[Box]:
    return (command_box(ChooseQuarterlyHeadlines, "headlines", view.choices, view.chosen),)


def _headlines(view: ReviewedView, form: FormValues, sent: Sent) -> Receipt:
    typed = form.several("headlines")
    offered = {code for code, _ in view.choices}
    chosen = tuple(HeadlineFigure.model_validate_json(one) for one in typed if one in offered)
    command = ChooseQuarterlyHeadlines(**view.target, headlines=chosen, **view.worked(chosen))
    return carry_out(handlers.choose_headlines, command, sent)


OF_REPORT: Mapping[str, FormStep[ReviewedView]] = {
    "headlines": FormStep(
        title="Choose the three headline sentences",
        button="Save",
        done="The headlines are chosen.",
        boxes=_headline_boxes,
        do=_headlines,
        verb=KEEP,
        intro=(
            "Each sentence is made of a figure of a section, and changes with it until the "
            "report is sent for review.",
        ),
    ),
    "review": worked_step(
        handlers.send,
        "Send for review",
        "Send for review",
        "The report is sent for review.",
        KEEP,
        asks=("reviewer",),
        intro=("The figures are frozen as they are now: what is reviewed is what is published.",),
    ),
    "return": reviewed_step(
        handlers.send_back,
        "Send it back to be changed",
        "Send back",
        "The report is a draft again.",
        "return-quarterly-report",
    ),
    "agree": reviewed_step(
        handlers.agree,
        "Agree the report",
        "Agree",
        "The report is agreed.",
        "review-quarterly-report",
        intro=(
            "You have read every section and its commentary. The report can then be "
            "published as it is.",
        ),
    ),
    "publish": worked_step(
        handlers.publish,
        "Publish the report",
        "Publish",
        "The report is published.",
        KEEP,
        intro=("It goes into the register of published reports, as it was agreed.",),
    ),
}
"""The forms of the whole report, by the end of their address."""
OFFERED: Mapping[str, tuple[str, ...]] = {
    "draft": ("headlines", "review"),
    "review": ("agree", "return"),
    "agreed": ("publish", "return"),
    "published": (),
}
"""The forms that fit where a report stands."""
