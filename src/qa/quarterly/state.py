"""A quarterly report as its events leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from qa.core.carry import carry
from qa.core.event import RecordedEvent
from qa.publishing.reviews import ReviewRequest
from qa.quarterly import events
from qa.quarterly.events import HeadlineFigure

QuarterlyStage = Literal["draft", "review", "agreed", "published"]


@dataclass(frozen=True, slots=True)
class Quarterly:
    """`sections` are in their order, each with who writes beside it; `commented` are those that
    have a commentary."""

    id: str = ""
    title: str = ""
    start: date = date.min
    end: date = date.min
    stage: QuarterlyStage = "draft"
    sections: tuple[tuple[str, str | None], ...] = ()
    commented: frozenset[str] = frozenset()
    headlines: tuple[HeadlineFigure, ...] = ()
    review: ReviewRequest | None = None

    @property
    def order(self) -> tuple[str, ...]:
        return tuple(section for section, _ in self.sections)


def evolve(state: Quarterly, recorded: RecordedEvent[Any]) -> Quarterly:
    match recorded.event:
        case events.QuarterlyReportStarted() as event:
            return Quarterly(event.report, event.title, event.start, event.end)
        case events.QuarterlySectionAdded() as event:
            return replace(state, sections=(*state.sections, (event.section, event.writer)))
        case events.QuarterlySectionChanged() as event:
            return replace(
                state,
                sections=tuple(
                    (section, event.writer if section == event.section else writer)
                    for section, writer in state.sections
                ),
            )
        case events.QuarterlySectionRemoved() as event:
            return replace(
                state,
                sections=tuple(one for one in state.sections if one[0] != event.section),
                commented=state.commented - {event.section},
                headlines=tuple(one for one in state.headlines if one.section != event.section),
            )
        case events.QuarterlySectionsOrdered() as event:
            writers = dict(state.sections)
            return replace(state, sections=tuple((one, writers[one]) for one in event.sections))
        case events.QuarterlyCommentaryWritten() as event:
            return replace(state, commented=state.commented | {event.section})
        case events.QuarterlyHeadlinesChosen() as event:
            return replace(state, headlines=event.headlines)
        case events.QuarterlySentForReview() as event:
            sent = carry(ReviewRequest, event)
            return replace(state, stage="review", review=sent)
        case events.QuarterlyReturned():
            return replace(state, stage="draft", review=None)
        case events.QuarterlyAgreed():
            return replace(state, stage="agreed")
        case events.QuarterlyPublished():
            return replace(state, stage="published")
        case _:
            return state
