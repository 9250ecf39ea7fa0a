"""A self-evaluation put together at a moment for one reader: its claims by judgement area, each
with the evidence that is open to them, and what changed of it since somebody looked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from api.reports.declaration import FigureOf, FigureReceipt, Sight, report_called
from api.self_evaluation.evidence_reading import (
    PLACES,
    EvidenceReader,
    ShownEvidence,
    at_entry,
    open_records,
)
from api.services import Services
from api.web.moments import AsAt
from projections.audit_tools import queries as tool_queries
from projections.audits import queries as audit_queries
from projections.core.base import present
from projections.people import queries as people_queries
from projections.self_evaluation import queries
from projections.self_evaluation.queries import EvaluationRecord
from projections.self_evaluation.tables import (
    FIGURE,
    EvaluationClaimRow,
    EvaluationCopyRow,
    EvaluationEvidenceRow,
    SelfEvaluationRow,
)
from qa.audit_tools.definition import JudgementArea
from qa.authorisation.policy import require
from qa.core.dates_in_words import day as in_words
from qa.core.errors import Forbidden, NotFound

READ, KEEP = "read-self-evaluation", "keep-self-evaluation"
REVIEW = "review-self-evaluation"
QUESTIONS = ("What do we know?", "How do we know it?", "What will we do?")
NONE_SUCH = "There is no such self-evaluation."
NO_EVIDENCE = "There is no such piece of evidence."
SEALED = (
    "This copy rests on evidence that is restricted from you for now, such as an audit that you "
    "moderate blind."
)


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim with the evidence that is open to its reader; `restricted` counts the rest, of which
    nothing else is told. `place` is its number in the whole."""

    place: int
    row: EvaluationClaimRow
    by: str
    confirmed_by: str
    evidence: Sequence[ShownEvidence]
    restricted: int

    @property
    def moved(self) -> bool:
        """Whether it is amber for this reader."""
        return any(one.moved for one in self.evidence)

    @property
    def words(self) -> tuple[str, str, str]:
        """What answers the three questions."""
        return self.row.known, self.row.how_known, self.row.will_do

    @property
    def confirmed(self) -> str:
        """That somebody looked at it again, and when; empty where nobody has."""
        if self.row.confirmed_at is None:
            return ""
        return f"{self.confirmed_by}, {in_words(self.row.confirmed_at)}: {self.row.confirmed_note}"

    @property
    def restricted_words(self) -> str:
        """That there is evidence which this reader may not see; empty where there is none."""
        if not self.restricted:
            return ""
        if self.restricted == 1:
            return "1 piece of evidence is restricted."
        return f"{self.restricted} pieces of evidence are restricted."


@dataclass(frozen=True, slots=True)
class ShownEvaluation:
    """A self-evaluation for one reader, the claims in the order of their areas."""

    evaluation: EvaluationRecord
    at: AsAt
    author: str
    mapping: str
    claims: Sequence[ShownClaim]

    @property
    def areas(self) -> list[tuple[JudgementArea, list[ShownClaim]]]:
        """The areas in Ofsted's order, each with its claims."""
        return [
            (area, [one for one in self.claims if one.row.under is area]) for area in JudgementArea
        ]

    @property
    def moved(self) -> int:
        """How many claims are amber."""
        return sum(claim.moved for claim in self.claims)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What is said of it first."""
        row = self.evaluation.row
        start, end = map(in_words, row.days)
        return [
            ("Council", row.council),
            ("Period", f"{start} to {end}"),
            ("Author", self.author),
            ("Judgement areas", self.mapping),
        ]


def opened(sight: Sight, evaluation: str) -> EvaluationRecord:
    """A self-evaluation that this reader may see.

    Raises:
        Forbidden: it is not open to this reader.   NotFound: there is none at that moment.
    """
    if sight.actor is not None:
        require(sight.actor, READ)
    record = queries.one(sight.connection, evaluation, position=sight.at.position)
    if record is None:
        raise NotFound(NONE_SUCH)
    return record


def copy_of(sight: Sight, evaluation: str, number: int) -> EvaluationCopyRow:
    """A frozen copy. Raises as `opened`; `NotFound` where there is no such copy at that moment."""
    opened(sight, evaluation)
    for row in queries.copies(sight.connection, evaluation, position=sight.at.position):
        if row.number == number:
            return row
    raise NotFound("There is no such copy.")


def numbered(evaluation: EvaluationRecord) -> Iterable[tuple[int, EvaluationClaimRow]]:
    """The claims in the order of their areas, each with its number in the whole."""
    order = list(JudgementArea)
    claims = sorted(evaluation.claims, key=lambda claim: (order.index(claim.under), claim.made))
    return enumerate(claims, 1)


def composed(
    reader: EvidenceReader, evaluation: EvaluationRecord, *, causes: bool = False
) -> ShownEvaluation:
    """The self-evaluation for a reader of evidence (of nobody: everything is shown); `causes` says
    to look up what moved each piece of evidence."""
    sight = reader.sight
    names = people_queries.names(sight.connection, evaluation.people, position=sight.at.position)
    every = [row for rows in evaluation.evidence.values() for row in rows]
    known = reader.open_to_reader(every)
    claims = []
    for place, row in numbered(evaluation):
        rows = evaluation.evidence.get(row.claim, ())
        seen = [reader.shown(one, causes=causes) for one in rows if one.evidence in known]
        claims.append(
            ShownClaim(
                place,
                row,
                names.get(row.by, row.by),
                names.get(row.confirmed_by or "", ""),
                seen,
                len(rows) - len(seen),
            )
        )
    author = evaluation.row.author
    return ShownEvaluation(
        evaluation, sight.at, names.get(author, author), _mapping(sight), tuple(claims)
    )


def _mapping(sight: Sight) -> str:
    """How domains of audit tools come under the areas at the moment."""
    rows = tool_queries.area_mappings(sight.connection, position=sight.at.position)
    in_force = [one for one in rows if one.mapped.from_on <= sight.at.on]
    if not in_force:
        return "As Ofsted has judged since April 2026; no domain of a tool is mapped to them"
    last = in_force[-1]
    since = f"{last.mapped.from_on:%B %Y}"
    return (
        f"As Ofsted has judged since April 2026; domains of tools by mapping "
        f"{last.mapping_version}, from {since}"
    )


def reader_of(services: Services, sight: Sight, copy: EvaluationCopyRow) -> EvidenceReader:
    """Whoever reads the evidence of a frozen copy by the reader of `sight` (None: whole)."""
    return reader_at(services, sight, copy.position, copy.on)


def reader_at(services: Services, sight: Sight, position: int, day: date) -> EvidenceReader:
    """Reads evidence as recorded up to an entry of the log, which is as known: what was so on a day
    does not enter it."""
    known = present(sight.connection)
    at = at_entry(services, known, position, day)
    return EvidenceReader(services, replace(sight, connection=known, at=at))


def standing(reader: EvidenceReader, evaluation: str) -> EvaluationRecord:
    """A self-evaluation as it stands at the moment of a reader. Raises `NotFound`."""
    at = reader.sight
    record = queries.one(at.connection, evaluation, position=at.at.position)
    if record is None:
        raise NotFound(NONE_SUCH)
    return record


def of_copy(reader: EvidenceReader, copy: EvaluationCopyRow) -> ShownEvaluation:
    """The frozen copy for a reader at its entry, as `reader_of` makes one."""
    return composed(reader, standing(reader, copy.evaluation))


def require_unsealed(reader: EvidenceReader, evaluation: EvaluationRecord) -> None:
    """A copy to take out says the same to everybody, and cases in it are not named. It is kept
    from a reader who is yet to judge one of them, or from whom a figure of it is sealed.

    Raises:
        Forbidden: for such a reader.
    """
    actor = reader.sight.actor
    if actor is None:
        return
    every = [row for rows in evaluation.evidence.values() for row in rows]
    audits = {row.record for row in every if row.kind == "audit"}
    sealed = audits & audit_queries.sealed_for(reader.sight.connection, actor)
    figures = [row for row in every if row.kind == FIGURE]
    open_figures = reader.open_to_reader(figures)
    if sealed or len(open_figures) < len(figures):
        raise Forbidden(SEALED, rule="read-judgement")


def piece(evaluation: EvaluationRecord, evidence: str) -> EvaluationEvidenceRow:
    """A piece of evidence by its number. Raises `NotFound`."""
    for rows in evaluation.evidence.values():
        for row in rows:
            if row.evidence == evidence:
                return row
    raise NotFound(NO_EVIDENCE)


@dataclass(frozen=True, slots=True)
class EvidenceReceipt:
    """Why a figure of a claim is what it is: as shown, and counted again from the records alone;
    `counted` are the references of the records that it counts and that its reader may open, and
    `closed` how many more there are."""

    shown: ShownEvidence
    why: FigureReceipt
    counted: Sequence[str]
    closed: int


def receipt(services: Services, sight: Sight, row: EvaluationEvidenceRow) -> EvidenceReceipt:
    """The receipt of a figure at the moment of `sight`.

    Raises:
        NotFound: it is no figure, or there is none any more.   Forbidden: it is restricted.
    """
    reader = EvidenceReader(services, sight)
    if row.kind != FIGURE:
        raise NotFound("This piece of evidence is a record: it has no receipt.")
    if row.evidence not in reader.open_to_reader([row]):
        raise Forbidden("This piece of evidence is restricted.", rule=READ)
    found = reader.figure(row)
    if found is None:
        raise NotFound("There is no such figure any more.")
    report = report_called(row.report_asked.report)
    figure = FigureOf(report.query_of(row.report_asked), row.figure, found[0].group)
    own = replace(sight, at=report.frozen_at(sight.at, row.on))
    why = report.why(services.store, own, figure)
    try:
        behind = list(report.behind(own, figure))
    except NotFound:
        # A coefficient rests on the whole table of grades: there is no list behind it.
        behind = []
    open_to = open_records(sight, {(kind, one) for _, one in behind for kind in PLACES})
    known = {one for _, one in open_to}
    counted = sorted({reference for reference, one in behind if one in known})
    closed = len({one for _, one in behind} - known)
    return EvidenceReceipt(reader.shown(row, causes=True), why, counted, closed)


def listed(sight: Sight) -> list[SelfEvaluationRow]:
    """The self-evaluations that there were. Raises `Forbidden`."""
    require(sight.reader, READ)
    return queries.evaluations(sight.connection, position=sight.at.position)
