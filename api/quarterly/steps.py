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
    title="Start a quarterly report",
    verb=KEEP,
    done="The report is started. Add its sections.",
    button="Start",
)
_PRINTS: Mapping[str, Callable[[ReviewedView], Options]] = {
    "shows": lambda _: SHOWS,
    "writer": lambda view: [("", "QA leads"), *view.people],
}


ADD = reviewed_step(
    handlers.add_section,
    title="Add a section",
    button="Add the section",
    done="The section is added.",
    verb=KEEP,
    choices=_PRINTS,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What the reader wrote beside a section before."""

    text: str


OF_SECTION: Mapping[str, FormStep[ReviewedView]] = {
    "commentary": reviewed_step(
        handlers.comment,
        button="Save",
        title="Write the commentary",
        done="The commentary is saved under your name.",
        verb=COMMENT,
    ),
    "change": reviewed_step(
        handlers.change_section,
        button="Save",
        title="Change the section",
        verb=KEEP,
        done="The section is changed.",
        choices=_PRINTS,
    ),
    "remove": reviewed_step(
        handlers.remove_section,
        title="Take the section out",
        verb=KEEP,
        done="The section is removed.",
        button="Take the section out",
        intro=("Its commentary goes with it, and headlines made of its figures.",),
        warns=True,
    ),
    "up": worked_step(
        handlers.order_sections,
        title="Move the section up",
        button="Move up",
        done="The section is moved up.",
        verb=KEEP,
    ),
}
"""The forms of one section, by the end of their address."""


def _headline_boxes(view: ReviewedView) -> Sequence[Box]:
    return (command_box(ChooseQuarterlyHeadlines, "headlines", view.choices, view.chosen),)


def _headlines(view: ReviewedView, asked: FormValues, sent: Sent) -> Receipt:
    typed = asked.several("headlines")
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
        intro=("Each sentence is made of a figure of a section, and changes with it until the "
               "report is sent for review.",),
    ),
    "review": worked_step(
        handlers.send,
        "reviewer",
        title="Send for review",
        button="Send for review",
        done="The report is sent for review.",
        verb=KEEP,
        intro=("The figures are frozen as they are now: what is reviewed is what is published.",),
    ),
    "return": reviewed_step(
        handlers.send_back,
        title="Send it back to be changed",
        done="The report is a draft again.",
        button="Send back",
        verb="return-quarterly-report",
    ),
    "agree": reviewed_step(
        handlers.agree,
        title="Agree the report",
        done="The report is agreed.",
        button="Agree",
        verb="review-quarterly-report",
        intro=("You have read every section and its commentary. The report can then be "
               "published as it is.",),
    ),
    "publish": worked_step(
        handlers.publish,
        title="Publish the report",
        button="Publish",
        done="The report is published.",
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
