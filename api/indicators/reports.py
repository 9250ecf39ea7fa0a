"""Indicators as a report: a row for each period of each of them, declared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.agreement import provenance
from api.agreement.provenance import FigureRequest
from api.documents.document import day_text
from api.documents.figures import FiguresReport, FiguresRow
from api.indicators import reading
from api.indicators.cli import IndicatorsQuery
from api.indicators.derived import DerivedIndicator, reported
from api.indicators.schemas import IndicatorsOut
from api.reports.declaration import FigureOf, FigureReceipt, Printed, Report, Sight
from api.reports.figure_rows import figure_of, row_of
from api.web.moments import EARLIEST, AsAt
from projections.agreement.question import AgreementQuestion
from projections.core.base import Projector
from projections.core.health import Health
from projections.figures.figure import Figure, caveat
from projections.figures.formulas import NEWEST
from projections.figures.provenance import FigureProvenance, counted_again, events_beneath
from projections.indicators import projector
from projections.indicators.series import Series
from qa.audits.events import case_audit_stream
from qa.core.errors import Refused
from qa.core.event import EventRow
from qa.core.periods import parse_period
from qa.indicators.events import indicator_stream
from qa.publishing.events import ReportAsked
from qa.store.store import Store

RULE = (
    "Each value is that of its period, as it was observed, or as Caseloop counted it by the "
    "definition that then held."
)


@dataclass(frozen=True, slots=True)
class IndicatorFiguresRow:
    group: Mapping[str, Any]
    figures: Mapping[str, Figure]
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFigures:
    """The values of every indicator, or of the `one` asked for; `shown` are the whole series."""

    shown: Sequence[Series]
    as_at: date
    position: int
    true_on: date | None
    rows: tuple[IndicatorFiguresRow, ...]
    caveats: tuple[str, ...]
    totals: tuple[IndicatorFiguresRow, ...] = ()
    one: bool = False
    title: str = "Indicators"
    cohort_rule: str = RULE


def _rows(shown: Sequence[Series]) -> tuple[IndicatorFiguresRow, ...]:
    return tuple(
        IndicatorFiguresRow(
            group={
                "indicator": each.indicator.id,
                "indicator_name": each.indicator.definition.name,
                "period": point.period.label,
                "from": point.period.start.isoformat(),
                "to": point.period.end.isoformat(),
            },
            figures={
                "value": point.figure,
                **{f"comparator:{name}": figure for name, _, figure in point.comparators},
            },
        )
        for each in shown
        for point in each.points
        if point.figure is not None
    )


YEAR = "year_to_date"


def with_years(made: IndicatorFigures) -> IndicatorFigures:
    """The report with the financial year so far of each indicator, by the year as its period."""
    years = [
        IndicatorFiguresRow(
            group={
                "indicator": each.indicator.id,
                "indicator_name": each.indicator.definition.name,
                "period": figure.basis.period.label,
            },
            figures={YEAR: figure},
        )
        for each in made.shown
        if (figure := each.year.figure) is not None and figure.basis.period is not None
    ]
    return replace(made, rows=(*made.rows, *years))


def counted_once(sight: Sight, formulas: int) -> Sequence[DerivedIndicator]:
    """Every indicator with what Caseloop counts of it: this report and every board show them."""

    def make() -> list[DerivedIndicator]:
        connection, at, actor = sight.connection, sight.at, sight.actor
        return reading.every_counted(connection, at, actor=actor, formulas=formulas)

    return sight.once(("indicators", sight.at, formulas), make)


def beneath_periods(
    store: Store, sight: Sight, series: Series, first: date, last: date
) -> set[EventRow]:
    """The events of the audits that Caseloop counts for an indicator from `first` to `last`; none
    for one whose values are given."""
    found: set[EventRow] = set()
    for definition in {
        one.measure: one for one, _ in series.indicator.definitions if one.derived
    }.values():
        name, figure, narrowed = reported(definition.measure)
        under = provenance.beneath(
            store,
            sight.connection,
            FigureRequest(
                name=name,
                question=AgreementQuestion(
                    start=first, end=last, by=definition.period_kind, filters=narrowed
                ),
                figure=figure,
                group={"from": first.isoformat(), "to": last.isoformat()},
                at=sight.at,
                actor=sight.reader,
            ),
        )
        found |= {*under.events, *under.policy}
    return found


def _length(row: FiguresRow) -> str:
    return parse_period(str(row.group["period"])).kind.value


def _lengths(rows: Sequence[FiguresRow]) -> dict[object, Counter[str]]:
    """How often each length of period is told of each indicator; of equals the first by name."""
    found: dict[object, Counter[str]] = {}
    for row in sorted(rows, key=_length):
        found.setdefault(row.group["indicator"], Counter())[_length(row)] += 1
    return found


class IndicatorsInFigures(Report[IndicatorsQuery, IndicatorFigures]):
    name = "indicators"
    title = "Indicators"
    about = "What is measured: the values of each indicator by period, and their comparators."
    query = IndicatorsQuery
    page = "/indicators"
    models = ("indicators", "moderation_agreement", "audit_tools", "case_audits")
    main = ("value",)
    unkept = (YEAR,)
    publishes = "publishIndicators"
    verb = "read-indicators"
    source = "indicators"
    is_rounded_outside = True

    def kept_inside(self, made: IndicatorFigures, rows: Sequence[FiguresRow]) -> Sequence[int]:
        """What Caseloop counts of audits is told by the reports on them. Periods of an indicator
        are told of one length, that of before or the most frequent: from months and quarters of one
        thing few could be worked out."""
        derived = {
            each.indicator.id
            for each in made.shown
            if any(definition.derived for definition, _ in each.indicator.definitions)
        }
        before, now = _lengths(rows), _lengths(made.rows)
        often = {one: before.get(one, lengths).most_common(1)[0][0] for one, lengths in now.items()}
        return [
            at
            for at, row in enumerate(made.rows)
            if row.group["indicator"] in derived or _length(row) != often[row.group["indicator"]]
        ]

    def make(
        self, sight: Sight, query: IndicatorsQuery, behind: Sequence[Health] = ()
    ) -> IndicatorFigures:
        return self._made(sight, query, behind, NEWEST)

    def _made(
        self, sight: Sight, query: IndicatorsQuery, behind: Sequence[Health], formulas: int
    ) -> IndicatorFigures:
        connection, at = sight.connection, sight.at
        options: dict[str, Any] = {
            "actor": sight.actor, "first": query.start, "last": query.end, "formulas": formulas,
        }  # fmt: skip
        if query.indicator is None:
            shown = reading.every(connection, at, counted=counted_once(sight, formulas), **options)
        else:
            shown = [reading.one(connection, query.indicator, at, **options)]
        return IndicatorFigures(
            shown=shown,
            one=query.indicator is not None,
            as_at=sight.at.day,
            position=sight.at.shown,
            true_on=sight.at.true_on,
            rows=_rows(shown),
            caveats=tuple(caveat("figures-behind", one.words) for one in behind),
        )

    def answer(self, sight: Sight, made: IndicatorFigures) -> IndicatorsOut:
        if made.one:
            return reading.report_of_one(made.shown[0], sight.at)
        return reading.report(made.shown, sight.at)

    def printed(self, made: IndicatorFigures) -> Printed:
        rows = [
            [
                each.indicator.definition.name,
                point.period.label,
                point.state if point.figure is None else point.figure.display,
                " ".join(filter(None, (point.movement.sentence, point.restated))),
                point.target.label,
            ]
            for each in made.shown
            for point in (
                each.points if made.one else [one for one in each.points if one.over][-1:]
            )
        ]
        notes = [
            f"{one.indicator.definition.name}: {one.warning}" for one in made.shown if one.warning
        ]
        return ["Indicator", "Period", "Value", "Direction", "Target"], rows, notes

    def question_words(self, sight: Sight, query: IndicatorsQuery) -> list[tuple[str, str]]:
        found = [] if query.indicator is None else [("Indicator", query.indicator)]
        days = (("From", query.start), ("To", query.end))
        return [*found, *((name, day_text(on)) for name, on in days if on is not None)]

    def subject(self, query: IndicatorsQuery) -> str:
        return "indicators" if query.indicator is None else indicator_stream(query.indicator)

    def figure_words(self, sight: Sight, figure: str) -> str:
        if figure == YEAR:
            return "Financial year so far"
        kind, _, name = figure.partition(":")
        return f"Comparator: {name}" if name else kind.capitalize()

    def link(self, query: IndicatorsQuery, moment: Mapping[str, str]) -> str:
        if query.indicator is None:
            return super().link(query, moment)
        own = replace(query, indicator=None)
        return super().link(own, moment).replace("?", f"/{query.indicator}?", 1)

    def row_named(
        self, sight: Sight, figure: FigureOf[IndicatorsQuery]
    ) -> tuple[FiguresReport, FiguresRow]:
        if figure.figure != YEAR:
            return super().row_named(sight, figure)
        made = with_years(self.make(sight, figure.query))
        return made, row_of(made, figure.group, YEAR)

    def why(self, store: Store, sight: Sight, figure: FigureOf[IndicatorsQuery]) -> FigureReceipt:
        """Beneath a value that Caseloop counted lie the audits that it counts too."""
        group = {key: figure.group.get(key, "") for key in ("indicator", "period")}
        if not all(group.values()):
            sentence = "A group names its indicator and its period."
            raise Refused(sentence, field="group", code="group-malformed")
        query = replace(figure.query, indicator=group["indicator"])
        made = self.make(sight, query)
        found = figure_of(with_years(made), group, figure.figure)
        own = indicator_stream(group["indicator"])
        [series] = made.shown
        span = parse_period(group["period"])
        events = set(
            events_beneath(
                store, sight.connection, [own], upto=sight.at.shown, true_on=sight.at.true_on
            )
        )
        events |= beneath_periods(store, sight, series, span.start, span.end)
        projectors: list[Projector] = [projector.Indicators(), *provenance.PROJECTORS]
        again = counted_again(
            projectors,
            events,
            lambda alone: figure_of(
                with_years(self.make(Sight(alone, sight.at), query)), group, figure.figure
            ),
        )
        given = {row[1] for row in events if not row[1].startswith(case_audit_stream(""))}
        return FigureReceipt(FigureProvenance(found, again, sorted(events)), frozenset(given))

    # -- publishing

    def kept(self, query: IndicatorsQuery, at: AsAt) -> ReportAsked:
        days = replace(query, start=query.start or EARLIEST, end=query.end or at.on)
        return super().kept(days, at).model_copy(update={"formulas": NEWEST})

    def frozen(self, sight: Sight, kept: ReportAsked) -> IndicatorFigures:
        return self._made(sight, self.query_of(kept), (), kept.formulas)

    def query_of(self, kept: ReportAsked) -> IndicatorsQuery:
        found = super().query_of(kept)
        return replace(found, start=None) if found.start == EARLIEST else found


REPORTS = IndicatorsInFigures()
