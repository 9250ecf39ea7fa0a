"""A quarterly report from draft to publication, and each of its refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from qa.core.errors import NotFound
from qa.publishing.events import ReportAsked, ReportPublished
from qa.quarterly import commands, decisions, events
from qa.quarterly.events import HeadlineFigure
from qa.quarterly.state import Quarterly, evolve
from tests.support.given import codes_of, recorded

START, END = date(2026, 1, 1), date(2026, 3, 31)
ASKED = ReportAsked(report="agreement", start=START, end=END, by="quarter")
THREE = tuple(HeadlineFigure(section="s1", figure=one) for one in ("a", "b", "c"))
SAID = ("One.", "Two.", "Three.")
MADE: dict[str, Any] = {
    "position": 40, "as_at": END, "sha256": "ab" * 32, "formulas": 2, "rendering": 1,
}  # fmt: skip

BEGUN = events.QuarterlyReportStarted(
    report="q1", title="Quarter 4", council="Testshire", start=START, end=END
)
SECTION = events.QuarterlySectionAdded(
    section="s1", question="Do they agree?", asked=ASKED, shows="whole", writer=None
)
SECOND = SECTION.model_copy(update={"section": "s2", "writer": "p2"})
WRITTEN = events.QuarterlyCommentaryWritten(section="s1", text="It held.")
CHOSEN = events.QuarterlyHeadlinesChosen(headlines=THREE, sentences=SAID)
SENT = events.QuarterlySentForReview(reviewer="p2", **MADE)
COMPLETE = (SECTION, WRITTEN, CHOSEN)
AGREED = (*COMPLETE, SENT, events.QuarterlyAgreed())


def report(*after: Any) -> Quarterly:
    state = Quarterly()
    for version, event in enumerate((BEGUN, *after), 1):
        state = evolve(state, recorded(event, version, "quarterly-report:q1"))
    return state


def starting(**values: Any) -> list[Any]:
    given = {"title": "Quarter 4 ", "council": "Testshire", "start": START, "end": END, **values}
    return decisions.start(commands.StartQuarterlyReport(**given), report="q1")


def adding(state: Quarterly, **values: Any) -> list[Any]:
    given = {"of": "q1", "asked": ASKED, "question": "Do they agree?", **values}
    return decisions.add_section(state, commands.AddQuarterlySection(**given), section="s1")


def changing(state: Quarterly, **values: Any) -> list[Any]:
    given = {"of": "q1", "section": "s1", "question": "Do they?", "shows": "charts", **values}
    return decisions.change_section(state, commands.ChangeQuarterlySection(**given))


def removing(state: Quarterly, section: str = "s1") -> list[Any]:
    asked = commands.RemoveQuarterlySection(of="q1", section=section)
    return decisions.remove_section(state, asked)


def ordering(state: Quarterly, *sections: str) -> list[Any]:
    asked = commands.OrderQuarterlySections(of="q1", sections=sections)
    return decisions.order_sections(state, asked)


def commenting(state: Quarterly, text: str = "It held.", section: str = "s1") -> list[Any]:
    asked = commands.WriteQuarterlyCommentary(of="q1", section=section, text=text)
    return decisions.comment(state, asked)


def choosing(state: Quarterly, headlines: Any = THREE, sentences: Any = SAID) -> list[Any]:
    asked = commands.ChooseQuarterlyHeadlines(of="q1", headlines=headlines, sentences=sentences)
    return decisions.choose_headlines(state, asked)


def sending(state: Quarterly, **values: Any) -> list[Any]:
    given = {"of": "q1", "reviewer": "p2", "sentences": SAID, **MADE, **values}
    return decisions.send(state, commands.SendQuarterlyForReview(**given), by="p1", head=50)


def returning(state: Quarterly, reason: str = "Say more of the spring.") -> list[Any]:
    asked = commands.ReturnQuarterlyReport(of="q1", reason=reason)
    return decisions.send_back(state, asked)


def publishing(state: Quarterly, sha256: str = "ab" * 32) -> tuple[ReportPublished, list[Any]]:
    asked = commands.PublishQuarterlyReport(of="q1", sha256=sha256)
    return decisions.publish(state, asked, published="r1")


def test_it_goes_from_draft_to_publication() -> None:
    assert starting() == [BEGUN]
    assert adding(report()) == [SECTION]
    assert commenting(report(SECTION), " It held. ") == [WRITTEN]
    assert choosing(report(SECTION, WRITTEN)) == [CHOSEN]
    assert sending(report(*COMPLETE)) == [SENT]
    assert decisions.agree(report(*COMPLETE, SENT)) == [events.QuarterlyAgreed()]
    given_out, decided = publishing(report(*AGREED))
    assert decided == [events.QuarterlyPublished(published="r1")]
    assert (given_out.position, given_out.sha256, given_out.rendering) == (40, "ab" * 32, 1)
    assert given_out.asked.filters[0].values == ("q1",)
    assert report(*AGREED, *decided).stage == "published"
    assert report(*AGREED, *returning(report(*AGREED))).stage == "draft"


def test_sections_are_changed_ordered_and_taken_out_with_what_was_made_of_them() -> None:
    both = report(*COMPLETE, SECOND)
    assert both.sections == (("s1", None), ("s2", "p2"))
    assert report(SECTION, *changing(report(SECTION), writer="p3")).sections == (("s1", "p3"),)
    assert report(*COMPLETE, SECOND, *ordering(both, "s2", "s1")).order == ("s2", "s1")
    assert ordering(both, "s1", "s2") == []
    without = report(*COMPLETE, SECOND, *removing(both))
    assert (without.order, without.commented, without.headlines) == (("s2",), frozenset(), ())


QUARTERLY = ASKED.model_copy(update={"report": "quarterly"})
FULL = [SECTION.model_copy(update={"section": f"s{n}"}) for n in range(decisions.MOST_SECTIONS)]


@pytest.mark.parametrize(
    ("refused", "codes"),
    [
        (lambda: starting(title=" ", council=""), ["title-missing", "council-missing"]),
        (lambda: starting(end=date(2025, 12, 31)), ["period-backwards"]),
        (lambda: adding(report(), question=""), ["question-missing"]),
        (lambda: adding(report(), asked=QUARTERLY), ["section-of-quarterly"]),
        (lambda: adding(report(*FULL)), ["sections-full"]),
        (lambda: changing(report(SECTION), question="x" * 201), ["question-long"]),
        (lambda: ordering(report(SECTION, SECOND), "s1", "s1"), ["sections-unknown"]),
        (lambda: commenting(report(SECTION), " "), ["text-missing"]),
        (lambda: choosing(report(SECTION), ()), ["headlines-missing"]),
        (lambda: choosing(report(SECTION), THREE[:2]), ["headlines-three"]),
        (lambda: choosing(report(SECTION), (*THREE[:2], THREE[0])), ["headlines-three"]),
        (lambda: choosing(report(SECTION), sentences=("", *SAID[:2])), ["headline-not-borne-out"]),
        (lambda: sending(report()), ["sections-missing"]),
        (lambda: sending(report(SECTION)), ["sections-uncommented"]),
        (lambda: sending(report(SECTION, WRITTEN)), ["headlines-owed"]),
        (lambda: sending(report(*COMPLETE), sentences=("", "b")), ["headline-not-borne-out"]),
        (lambda: sending(report(*COMPLETE), reviewer=""), ["reviewer-missing"]),
        (lambda: sending(report(*COMPLETE), reviewer="p1"), ["reviewer-sends"]),
        (lambda: sending(report(*COMPLETE), position=51), ["position-beyond-head"]),
        (lambda: returning(report(*COMPLETE)), ["quarterly-not-in-review"]),
        (lambda: returning(report(*COMPLETE, SENT), "x"), ["reason-thin"]),
        (lambda: decisions.agree(report(*AGREED)), ["quarterly-not-in-review"]),
        (lambda: publishing(report(*COMPLETE, SENT)), ["quarterly-not-agreed"]),
        (lambda: publishing(report(*AGREED), "cd" * 32), ["quarterly-made-otherwise"]),
    ],
)
def test_what_does_not_fit_is_refused(refused: Callable[[], object], codes: list[str]) -> None:
    assert codes_of(refused) == codes


@pytest.mark.parametrize(
    "change", [adding, changing, removing, ordering, commenting, choosing, sending]
)
def test_what_is_in_review_is_not_changed(change: Callable[[Quarterly], object]) -> None:
    assert codes_of(lambda: change(report(*COMPLETE, SENT))) == ["quarterly-not-draft"]


def test_a_report_or_a_section_that_there_is_not() -> None:
    for missing in (
        lambda: decisions.known(Quarterly()),
        lambda: removing(report(SECTION), "s9"),
        lambda: changing(report(SECTION), section="s9"),
        lambda: commenting(report(SECTION), section="s9"),
    ):
        with pytest.raises(NotFound):
            missing()
