"""What each event changes in the read rows of self-evaluations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.core.base import RowChange
from projections.core.typed_rows import JsonText, json_text
from projections.self_evaluation.tables import (
    CLAIMS,
    COPIES,
    EVALUATIONS,
    EVIDENCE,
    FIGURE,
    EvaluationClaimRow,
    EvaluationCopyRow,
    EvaluationEvidenceRow,
    SelfEvaluationRow,
)
from qa.core.clock import microseconds
from qa.core.event import RecordedEvent
from qa.self_evaluation import events


class SelfEvaluations:
    """Projects the events of self-evaluations."""

    name = "self_evaluation"
    version = 2
    tables = (EVALUATIONS.table, CLAIMS.table, EVIDENCE.table, COPIES.table)
    by_stream = True
    handles = (
        events.SelfEvaluationStarted,
        events.SelfEvaluationChanged,
        events.EvaluationClaimMade,
        events.EvaluationClaimChanged,
        events.EvaluationClaimWithdrawn,
        events.EvaluationFigureTied,
        events.EvaluationRecordTied,
        events.EvaluationEvidenceUntied,
        events.EvaluationClaimConfirmed,
        events.EvaluationSentForReview,
        events.EvaluationReturned,
        events.SelfEvaluationFrozen,
    )

    def project(self, recorded: RecordedEvent[Any]) -> Iterable[RowChange]:
        of, event = recorded.stream.partition(":")[2], recorded.event
        if isinstance(event, events.SelfEvaluationStarted):
            return [
                EVALUATIONS.begin(
                    recorded, author=recorded.meta.by, begun_us=microseconds(recorded.recorded_at)
                )
            ]
        whole = EVALUATIONS.amend((of,), lambda row: _changed(row, recorded))
        return [*_beside(of, recorded), whole]


def _beside(of: str, recorded: RecordedEvent[Any]) -> list[RowChange]:
    """The claims, their evidence and the copies."""
    at, by = microseconds(recorded.recorded_at), recorded.meta.by
    match recorded.event:
        case events.EvaluationClaimMade() as made:
            return [CLAIMS.put(EvaluationClaimRow(
                of, made.claim, recorded.position, made.area.value, made.known, made.how_known,
                made.will_do, by, at,
            ))]  # fmt: skip
        case events.EvaluationClaimChanged() as changed:
            columns = {name: getattr(changed, name) for name in ("known", "how_known", "will_do")}
            columns |= {"area": changed.area.value, "by": by, "written_us": at}
            return [CLAIMS.amend((of, changed.claim), lambda row: row._replace(**columns))]
        case events.EvaluationClaimWithdrawn(claim=claim):
            return [CLAIMS.close(of, claim), EVIDENCE.close(of, claim)]
        case events.EvaluationFigureTied() as tied:
            return [EVIDENCE.put(_evidence(of, by, tied, FIGURE)._replace(
                asked=JsonText(tied.asked.model_dump_json()),
                figure=tied.figure,
                row=json_text({one.name: one.value for one in tied.row}),
                told=JsonText(tied.told.model_dump_json()),
            ))]  # fmt: skip
        case events.EvaluationRecordTied() as tied:
            return [EVIDENCE.put(_evidence(of, by, tied, tied.kind)._replace(record=tied.record))]
        case events.EvaluationEvidenceUntied(claim=claim, evidence=evidence):
            return [EVIDENCE.close(of, claim, evidence)]
        case events.EvaluationClaimConfirmed() as confirmed:
            columns = {
                "confirmed_by": by, "confirmed_us": at, "confirmed_note": confirmed.note,
            }  # fmt: skip
            return [
                CLAIMS.amend((of, confirmed.claim), lambda row: row._replace(**columns)),
                EVIDENCE.amend(
                    (of, confirmed.claim), lambda row: _seen_again(row, confirmed), missing_ok=True
                ),
            ]
        case events.SelfEvaluationFrozen() as frozen:
            return [COPIES.put(EvaluationCopyRow(
                of, frozen.copy_number, frozen.position, frozen.as_at.isoformat(), frozen.sha256,
                frozen.rendering, JsonText(frozen.letterhead.model_dump_json()), by, at,
            ))]  # fmt: skip
        case _:
            return []


def _evidence(
    of: str, by: str, tied: events.EvaluationFigureTied | events.EvaluationRecordTied, kind: str
) -> EvaluationEvidenceRow:
    number = int(tied.evidence.removeprefix("E"))
    day = tied.as_at.isoformat()
    return EvaluationEvidenceRow(
        of, tied.claim, tied.evidence, number, kind, tied.position, day, day, by
    )


def _seen_again(
    row: EvaluationEvidenceRow, confirmed: events.EvaluationClaimConfirmed
) -> EvaluationEvidenceRow:
    """A figure keeps the day that it is asked of."""
    day = confirmed.as_at.isoformat()
    row = row._replace(position=confirmed.position, looked_on=day)
    if row.kind != FIGURE:
        return row._replace(as_at=day)
    seen = {one.evidence: one.told for one in confirmed.figures}
    if row.evidence not in seen:
        return row
    return row._replace(told=JsonText(seen[row.evidence].model_dump_json()))


def _changed(row: SelfEvaluationRow, recorded: RecordedEvent[Any]) -> SelfEvaluationRow:
    row = row._replace(stream_version=recorded.version)
    match recorded.event:
        case events.SelfEvaluationChanged() as changed:
            start, end = changed.start.isoformat(), changed.end.isoformat()
            return row._replace(title=changed.title, start=start, end=end)
        case events.EvaluationSentForReview() as sent:
            return row._replace(
                stage="review",
                reviewer=sent.reviewer,
                sent=sent.position,
                sent_as_at=sent.as_at.isoformat(),
                sha256=sent.sha256,
                rendering=sent.rendering,
                returned_because=None,
            )
        case events.EvaluationReturned():
            return _in_draft(row)._replace(returned_because=recorded.meta.reason)
        case events.SelfEvaluationFrozen(copy_number=number):
            return _in_draft(row)._replace(copies=number)
        case _:
            return row


def _in_draft(row: SelfEvaluationRow) -> SelfEvaluationRow:
    return row._replace(
        stage="draft", reviewer=None, sent=None, sent_as_at=None, sha256=None, rendering=None
    )


PROJECTORS = (SelfEvaluations,)
