"""The synthetic council's self-evaluation: claims with evidence, a frozen copy, and one claim whose
evidence moved since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeVar

from api.demo import cast
from api.demo.parts import Demonstration
from api.demo.story import QUARTERS, Story, quarter_start
from api.quarterly.making import proposed
from api.quarterly.reading import row_parts
from api.reports.declaration import Sight, report_called
from api.reports.query import taken
from api.self_evaluation import making
from api.web.moments import as_at
from projections.actions import queries as action_queries
from projections.actions.queries import ActionFilter
from projections.actions.tables import ActionRow
from projections.plans import queries as plan_queries
from qa.actions import handlers as action_handlers
from qa.actions.commands import AcceptAction
from qa.actions.states import ActionState
from qa.audit_tools.definition import JudgementArea
from qa.authorisation.handling import CommandHandler
from qa.authorisation.policy import reach
from qa.core.command import Command
from qa.quarterly.events import RowPart
from qa.self_evaluation import handlers
from qa.self_evaluation.commands import (
    FreezeSelfEvaluation,
    MakeEvaluationClaim,
    SendEvaluationForReview,
    StartSelfEvaluation,
    TieEvaluationFigure,
    TieEvaluationRecord,
)

C = TypeVar("C", bound=Command)
CLAIMS: tuple[tuple[JudgementArea, str, str, str, str, str], ...] = (
    (JudgementArea.HELP_AND_PROTECTION, "grades", "good_or_better_rate",
     "Too little of our work with children who need help and protection is good yet.",
     "Case audits by trained auditors, a share of them moderated blind.",
     "We audit timescales in plans every month until March, and report to the board."),
    (JudgementArea.CHILDREN_IN_CARE, "supervision", "supervision_timeliness_rate",
     "Most social workers of children in care are supervised in time.",
     "Records of supervision, checked against the standard.",
     "The head of service speaks each month with managers whose gaps are the longest."),
    (JudgementArea.IMPACT_OF_LEADERS, "agreement", "moderation_agreement_rate",
     "Our auditors judge as our moderators do, so leaders can rely on the grades.",
     "Blind moderation of one audit in five, with agreement counted every quarter.",
     "New auditors are paired with a moderator for their first three audits."),
)  # fmt: skip
"""(area, the report and its figure that bear it out, and what answers the three questions)."""


def _first_waiting(story: Story) -> ActionRow:
    """An action that its owner has yet to accept, the first that was raised."""
    with story.services.store.reading() as connection:
        wanted = ActionFilter(state=(ActionState.RAISED.value,))
        rows = action_queries.actions(connection, reach(story.actor("lead")), wanted)
    return min(rows, key=lambda row: row.opened)


def _compose(story: Story) -> None:
    services, by, store = story.services, story.actor("lead"), story.services.store
    start, end = quarter_start(1), quarter_start(QUARTERS) - timedelta(days=1)

    def carry_out(handler: CommandHandler[C], command: C, who: Any = by) -> Mapping[str, Any]:
        return handler(services.desk, command, by=who).response

    begun = StartSelfEvaluation(
        title="Self-evaluation of services for children",
        council=services.settings.council_name,
        start=start,
        end=end,
    )
    of = str(carry_out(handlers.start, begun)["evaluation"])
    for area, name, figure, known, how_known, will_do in CLAIMS:
        made = MakeEvaluationClaim(
            of=of, area=area, known=known, how_known=how_known, will_do=will_do
        )
        claim = str(carry_out(handlers.make_claim, made)["claim"])
        report = report_called(name)
        with store.reading() as connection:
            sight = Sight(connection, as_at(store, connection), by)
            query = taken(report.query, {"start": start, "end": end, "by": "quarter"})
            kept = proposed(sight, report, query)
            shown = report.frozen(sight, kept)
            # Of the whole period, or where the report gives none, of its last quarter.
            whole = next(
                each
                for each in (*shown.totals, *reversed(shown.rows))
                if figure in each.figures and each.figures[figure].exact is not None
            )
            row = tuple(RowPart(name=n, value=v) for n, v in row_parts(whole).items())
            worked = making.figure_tied(services, sight, kept, figure, row)
        tied = TieEvaluationFigure(of=of, claim=claim, asked=kept, figure=figure, row=row, **worked)
        carry_out(handlers.tie_figure, tied)
    with store.reading() as connection:
        plan = plan_queries.plans(connection)[0].id
        record = plan_queries.read(connection, plan)
        assert record is not None
        planned = next(iter(record.actions))
    for named in (f"/plan-actions/{planned}", f"/actions/{_first_waiting(story).action}"):
        with store.reading() as connection:
            sight = Sight(connection, as_at(store, connection), by)
            found = making.record_named(sight, named)
        carry_out(
            handlers.tie_record, TieEvaluationRecord(of=of, claim=claim, named=named, **found)
        )
    with store.reading() as connection:
        sight = Sight(connection, as_at(store, connection), by)
        sent = making.sent(services, sight, of)
    reviewer = cast.MODERATORS[0].handle
    carry_out(
        handlers.send, SendEvaluationForReview(of=of, reviewer=story.people[reviewer], **sent)
    )
    with store.reading() as connection:
        again = making.made_again(services, Sight(connection, as_at(store, connection)), of)
    carry_out(handlers.freeze, FreezeSelfEvaluation(of=of, **again), story.actor(reviewer))


def _accept(story: Story) -> None:
    """The action behind the last claim is accepted: the claim is marked."""
    row = _first_waiting(story)
    owner = next(handle for handle, person in story.people.items() if person == row.owner)
    accepted = AcceptAction(action=row.action)
    action_handlers.accept(story.services.desk, accepted, by=story.actor(owner))


def _tell(story: Story) -> None:
    def tell() -> None:
        _compose(story)
        _accept(story)

    story.last.append(tell)


DEMONSTRATIONS = Demonstration(100, _tell)
