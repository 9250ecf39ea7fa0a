"""The synthetic council's quarterly report: composed, reviewed by a moderator, and published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from api.demo import cast
from api.demo.parts import Demonstration
from api.demo.story import QUARTERS, Story, quarter_start
from api.quarterly import making, reading
from api.reports.declaration import Sight, report_called
from api.reports.query import taken
from api.web.moments import as_at
from projections.plans import queries as plan_queries
from projections.quarterly import queries
from qa.authorisation.handling import CommandHandler
from qa.core.command import Command
from qa.quarterly import commands, handlers
from qa.quarterly.events import HeadlineFigure, SectionShows

C = TypeVar("C", bound=Command)
SECTIONS: tuple[tuple[str, str, SectionShows, str], ...] = (
    ("grades", "How good is practice?", "charts",
     "Plans say what is to be done, and too seldom by when. The next audits look at timescales."),
    ("agreement", "Do moderators give the same grade as auditors?", "figures",
     "Where they differ, the two talk it over within a week. New auditors are paired with a "
     "moderator for their first three audits."),
    ("closing-the-loop", "Does what we find lead to change?", "figures",
     "Managers agree the day on which an effect is looked for when they accept an action."),
    ("supervision", "Does supervision take place in time?", "figures",
     "The head of service speaks with each manager whose gaps are the longest."),
    ("rag", "Where does the improvement plan stand?", "figures",
     "The board looks first at actions whose dates were moved more than once."),
)  # fmt: skip
"""(report, question, what is printed, commentary)."""


def _compose(story: Story) -> None:
    services, by, store = story.services, story.actor("lead"), story.services.store
    start = quarter_start(QUARTERS - 2)
    end = quarter_start(QUARTERS - 1) - timedelta(days=1)

    def carry_out(handler: CommandHandler[C], command: C, who: Any = by) -> Mapping[str, Any]:
        return handler(services.desk, command, by=who).response

    begun = commands.StartQuarterlyReport(
        title="Quality assurance report to the improvement board",
        council=services.settings.council_name,
        start=start,
        end=end,
    )
    of = str(carry_out(handlers.start, begun)["report"])
    headlines: list[HeadlineFigure] = []
    for name, question, shows, text in SECTIONS:
        report = report_called(name)
        with store.reading() as connection:
            sight = Sight(connection, as_at(store, connection), by)
            first = quarter_start(0) if shows == "charts" else start
            days: dict[str, Any] = {"start": first, "end": end}
            if name == "rag":
                days = {"plan": plan_queries.plans(connection)[0].id}
            proposal = making.proposed(sight, report, taken(report.query, days))
        added = commands.AddQuarterlySection(of=of, asked=proposal, question=question, shows=shows)
        section = str(carry_out(handlers.add_section, added)["section"])
        written = commands.WriteQuarterlyCommentary(of=of, section=section, text=text)
        carry_out(handlers.comment, written)
    with store.reading() as connection:
        sight = Sight(connection, as_at(store, connection), by)
        draft = queries.one(connection, of)
        assert draft is not None
        for one in reading.standing(sight, draft).sections[:3]:
            offered = [headline for headline, _ in one.sentences()]
            # Its last quarter, of the figure that its report tells first.
            headlines += [each for each in offered if each.figure == offered[0].figure][-1:]
        sentences = making.sentences_of(sight, of, headlines)
    chosen = commands.ChooseQuarterlyHeadlines(
        of=of, headlines=tuple(headlines), sentences=sentences
    )
    carry_out(handlers.choose_headlines, chosen)
    reviewer = cast.MODERATORS[0].handle
    with store.reading() as connection:
        sight = Sight(connection, as_at(store, connection), by)
        made = making.sent(services, sight, of)
    sent = commands.SendQuarterlyForReview(of=of, reviewer=story.people[reviewer], **made)
    carry_out(handlers.send, sent)
    carry_out(handlers.agree, commands.AgreeQuarterlyReport(of=of), story.actor(reviewer))
    with store.reading() as connection:
        sight = Sight(connection, as_at(store, connection), by)
        sha256 = making.made_again(services, sight, of)
    carry_out(handlers.publish, commands.PublishQuarterlyReport(of=of, sha256=sha256))


def _tell(story: Story) -> None:
    # As late as can be, so that nothing else of the story is told otherwise.
    story.at(quarter_start(QUARTERS) - timedelta(days=2), lambda: _compose(story), hour=16)


DEMONSTRATIONS = Demonstration(99, _tell)
