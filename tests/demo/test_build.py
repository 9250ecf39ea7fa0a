"""The demonstration is told by the commands that everybody uses, whatever these become."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.cli.store_session import give_starting_set
from api.demo import build as build_module
from api.demo import story
from api.demo.build import build_demo
from api.documents.listing import Listing
from api.gate.current_actor import acting
from api.imports import run as imports
from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.importers import importers
from api.imports.own_records import own_listing, own_records
from api.imports.reading import read_sheet
from api.imports.run import DEFAULT_TOOL
from api.lists.files import render_listing
from api.services import Services, build
from api.settings import Settings
from api.web.moments import as_at
from projections.agreement import profile
from projections.agreement.counting import VersionScales
from projections.agreement.question import AgreementQuestion
from projections.agreement.report import report
from projections.audit_tools import queries as tool_queries
from projections.core.verify import verify
from projections.people import queries as people
from projections.plans import queries as plan_queries
from projections.supervision import queries as supervision
from qa.core.words import Reach
from qa.people.commands import OPERATOR
from qa.supervision.commands import BeginSupervision
from qa.supervision.handlers import begin
from tests.support.given import codes_of

EVERYTHING = Reach("operator", everything=True)
NOT_IN_FILES = {"blind_agreement_rate", "open_agreement_rate", "dispute_upheld_rate"}
"""No file says whether a moderation was blind, or what came of a dispute."""


@pytest.mark.slow
def test_a_council_of_a_tenth_the_size_is_told_to_its_end(told: Services) -> None:
    assert told.settings.demonstration, "whoever serves it says that it is invented"
    kinds = {event.type for event in told.store.events()}
    assert len(kinds) > 60
    assert verify(told.store, told.registry) == []


def records(
    services: Services, kind: str, ending: str = "csv", about: AboutPlan | None = None
) -> tuple[Listing, bytes]:
    with services.store.reading() as connection:
        at = as_at(services.store, connection, None, None, None)
        listing = own_listing(
            services, connection, OPERATOR, EVERYTHING, at, kind, tool=DEFAULT_TOOL, about=about
        )
    return listing, render_listing(listing, ending)


def rows_of(listing: Listing, but: str = "") -> list[dict[str, object]]:
    keys = [column.key for column in listing.columns]
    rows = (dict(zip(keys, row, strict=True)) for row in listing.rows)
    return sorted(({k: cell for k, cell in row.items() if k != but} for row in rows), key=repr)


def figures(services: Services, by_domain: bool) -> list[object]:
    """The figures of agreement and of auditors' and final grades, by team and quarter."""
    cut = ("team", "domain") if by_domain else ("team",)
    question = AgreementQuestion(start=date(2025, 7, 1), end=date(2026, 9, 30), dimensions=cut)
    with services.store.reading() as connection:
        scales = VersionScales.of_tools(tool_queries.definitions(connection))
        final = (
            []
            if by_domain
            else [profile.report(connection, question, grade="final", scales=scales)]
        )
        made = (
            report(connection, question, scales=scales),
            profile.report(connection, question, scales=scales),
            *final,
        )
        # A team that was renamed has another code in a store that knows only its name of today.
        return [
            (
                {name: value for name, value in row.group.items() if name != "team"},
                {
                    name: (one.value, one.numerator, one.denominator)
                    for name, one in row.figures.items()
                    if name not in NOT_IN_FILES
                },
            )
            for told in made
            for row in told.rows
        ]


def supervised_alike(told: Services, empty: Services) -> None:
    """Begin the supervision that no file brings."""
    with told.store.reading() as one, empty.store.reading() as other:
        handles = {p.person: p.handle for p in people.everybody(one, with_departed=True)}
        ids = {p.handle: p.person for p in people.everybody(other, with_departed=True)}
        teams = {row.name: row.team for row in people.teams(other)}
        places = people.places(one)
        pairs = supervision.all_pairs(one)
        sessions = supervision.sessions(one, [pair.pair for pair in pairs])
        lead = acting(other, ids["lead"], empty.desk.today())
    assert lead is not None
    for pair in pairs:
        first = min((session.on for session in sessions.get(pair.pair, ())), default=pair.began_on)
        begin(
            empty.desk,
            BeginSupervision(
                supervisor=ids[handles[pair.supervisor]],
                practitioner=ids[handles[pair.practitioner]],
                team=teams[places[pair.team][0]],
                since=min(date.fromisoformat(first), date.fromisoformat(pair.began_on)),
            ),
            by=lead,
        )


@pytest.mark.slow
def test_what_is_taken_out_comes_in_again_with_the_same_rows_and_figures(
    told: Services, tmp_path: Path
) -> None:
    where = Settings(store=f"sqlite:///{tmp_path / 'new.db'}", key_file=tmp_path / "new.key")
    empty = build(where, make_key=True)
    empty.initialise()
    give_starting_set(empty)
    with told.store.reading() as connection:
        (plan,) = plan_queries.plans(connection)
        (scale,) = (s for s in plan_queries.scales(connection).values() if s.id != "brag")
    about = AboutPlan(
        plan=plan.title,
        board=plan.board,
        scale=scale.key,
        tiers=plan.tiers,
        since=plan.since,
        of_scale={**scale.model_dump(mode="json", exclude={"levels"}), "version": "1"},
    )
    owing = {level.label for level in scale.levels if level.evidence}
    ends: set[object] = set()
    try:
        for number, kind in enumerate(own_records()):
            listing, data = records(told, kind, ("csv", "xlsx")[number % 2])
            if not listing.rows:
                continue
            if kind == "sessions":
                supervised_alike(told, empty)
            known = importers()[kind].headings
            sheet = read_sheet(f"{kind}.{('csv', 'xlsx')[number % 2]}", data, known=known)
            skip = kind == "assessments"
            leaves = ImportAnswers(refused="leave-out" if skip else "")
            choices = imports.ImportChoices(about=about, answers=leaves)
            done = imports.run(empty, kind, sheet, choices, by=OPERATOR)
            # An action made here has no reference of its own: its id stands in its place.
            but = "reference" if kind == "actions" else ""
            expected = [
                row for row in rows_of(listing, but) if row.get("level") not in owing or not skip
            ]
            got = rows_of(records(empty, kind, about=about)[0], but)
            assert got == expected, kind
            assert (done.result or {})["rejected"] == len(listing.rows) - len(expected)
            again = imports.run(empty, kind, sheet, choices, by=OPERATOR)
            assert (again.result or {})["imported"] == 0, kind
            if kind == "audit-outcomes":
                ends = {row["outcome"] for row in rows_of(listing)}
        assert ends == {"final", "withdrawn"}
        for by_domain in (False, True):
            assert figures(empty, by_domain) == figures(told, by_domain)
        assert verify(empty.store, empty.registry) == []
    finally:
        empty.store.close()


@pytest.mark.parametrize("last", [False, True])
def test_one_that_was_broken_off_is_not_taken_for_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: bool
) -> None:
    def broken_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    if last:  # all is told but the answer to the inspector; of the quarters, the days alone
        monkeypatch.setattr(story.Story, "tell_audits", lambda _: None)
        monkeypatch.setattr(build_module, "declared", lambda *_: ())
        monkeypatch.setattr(build_module.inspections, "answer", broken_off)
    else:
        monkeypatch.setattr(story.Story, "tell_audits", broken_off)
    settings = Settings(
        store=f"sqlite:///{tmp_path / 'demo.db'}",
        key_file=tmp_path / "demo.key",
        demonstration=True,
    )
    with pytest.raises(KeyboardInterrupt):
        build_demo(settings)
    assert codes_of(lambda: build_demo(settings)) == ["demonstration-unfinished"]


def test_a_council_that_is_there_is_never_called_invented(tmp_path: Path) -> None:
    where = {"store": f"sqlite:///{tmp_path / 'real.db'}", "key_file": tmp_path / "real.key"}
    services = build(Settings(**where, council_name="Real Council"), make_key=True)
    services.initialise()
    give_starting_set(services)
    services.store.close()
    invented = Settings(**where, council_name="Example Council", demonstration=True)
    assert codes_of(lambda: build_demo(invented)) == ["store-not-empty"]
    again = build(invented)
    again.initialise()
    again.store.close()
    kept = build(Settings(**where)).settings
    assert (kept.council_name, kept.demonstration) == ("Real Council", False)
