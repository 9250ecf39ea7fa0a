"""What every kind of page costs each role that can reach it, against an empty FastAPI page.

    PYTHONPATH=src:. python -m benchmarks.pages [--engine sqlite] [--years] [--rounds N] [--slow N]

Crawls the demonstration council (with `--years`, one of ten years: 6,000 audits and 60,000
actions) as each of its roles, follows up to `SAME` links of a kind, and asks the first of each kind
`--rounds` times more, an empty page after each. A kind is a path without ids, with what a report is
by. Both are asked in this process, past the network. What counts are seconds of the clock and of
the processor, which other work on the machine moves least; on PostgreSQL the latter are those of
this process alone. With `--keep` a SQLite store is made once in that folder and used again.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import tempfile
from collections import Counter, deque
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient

from api.demo import cast
from api.demo.build import build_demo
from api.demo.story import FIRST_DAY
from api.main import collect_seldom, create_app
from api.services import Services, build
from api.settings import Settings
from benchmarks.common import databases
from benchmarks.scale import life
from projections.core.rebuild import rebuild
from projections.people import queries as people_queries
from qa.actions import events as actions
from qa.actions.states import ActionKind
from qa.core.event import Event
from qa.security.accounts import sessions
from qa.store.unit import Stamp

ROLES = ("lead", "admin", "moderator", "manager", "auditor", "practitioner")
SAME = 2
"""Links of one kind that are followed."""
TELLING = ("by", "dimension", "name", "variant")
"""Parameters that make another kind of page."""
AUDITS, ACTIONS, DAYS = 6_000, 60_000, 3_650
KINDS: tuple[ActionKind, ...] = ("compliance", "practice", "outcome-for-child")
_VARIES = re.compile(r"[0-9a-f]{32}|[A-Z]{1,4}-?\d[\w-]*|\d[\d.,-]*")


@dataclass(frozen=True)
class PageCost:
    """What one kind of page costs one role: seconds, and times the empty page beside it."""

    kind: str
    role: str
    address: str
    bytes: int
    median: float
    p95: float
    times: float
    processor: float
    times_processor: float


def kind_of(address: str) -> str:
    """The path without ids and days, and the parameters that make another page of it."""
    parts = urlsplit(address)
    asked = sorted(pair for pair in parts.query.split("&") if pair.partition("=")[0] in TELLING)
    return _VARIES.sub("…", parts.path) + ("?" + "&".join(asked) if asked else "")


def handles() -> dict[str, str]:
    """The sign-in name of one person of each role."""
    return {
        **{role: role for role in ROLES},
        "manager": cast.MANAGER.handle,
        "auditor": cast.auditors()[0].handle,
        "practitioner": cast.practitioners()[0].handle,
    }


def browser(services: Services, app: FastAPI, handle: str) -> TestClient:
    with services.store.writing() as connection:
        person = people_queries.with_handle(connection, handle)
        assert person is not None, handle
        secret, _ = sessions.start(connection, services.clock, person=person)
    client = TestClient(app, raise_server_exceptions=False, follow_redirects=True)
    client.cookies.set(services.settings.cookie_name, secret)
    client.headers["accept"] = "text/html"
    return client


def found_by(client: TestClient, most: int) -> dict[str, tuple[str, int]]:
    """The kinds of page that links lead to from home, each with an address and its size."""
    seen, waiting = {"/"}, deque(["/"])
    kinds: dict[str, tuple[str, int]] = {}
    followed: Counter[str] = Counter()
    while waiting and len(kinds) < most:
        address = waiting.popleft()
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        kinds.setdefault(kind_of(address), (address, len(answer.content)))
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        for link in map(html.unescape, re.findall(r'href="(/[^"#]*)', answer.text)):
            kind = kind_of(link)
            if link in seen or link.startswith("/static") or followed[kind] >= SAME:
                continue
            followed[kind] += 1
            seen.add(link)
            waiting.append(link)
    return kinds


def empty() -> TestClient:
    app = FastAPI()

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        return "<!doctype html><title>Empty</title>"

    return TestClient(app)


def took(client: TestClient, address: str) -> tuple[float, float]:
    """Seconds of the clock and of the processor for one answer."""
    begun, used = perf_counter(), process_time()
    client.get(address)
    return perf_counter() - begun, process_time() - used


def measure(services: Services, given: argparse.Namespace) -> list[PageCost]:
    app, nothing = create_app(services), empty()
    collect_seldom()
    costs = []
    for role, handle in handles().items():
        if given.role and role != given.role:
            continue
        client = browser(services, app, handle)
        kinds = found_by(client, given.most)
        print(f"{role}: {len(kinds)} kinds of page", file=sys.stderr, flush=True)
        for kind, (address, size) in kinds.items():
            pairs = [(took(client, address), took(nothing, "/")) for _ in range(given.rounds)]
            spent = [one for (one, _), _ in pairs]
            costs.append(
                PageCost(
                    kind,
                    role,
                    address,
                    size,
                    median(spent),
                    quantiles(spent, n=20, method="inclusive")[-1] if spent[1:] else spent[0],
                    median(one / other for (one, _), (other, _) in pairs),
                    median(used for (_, used), _ in pairs),
                    median(used / other for (_, used), (_, other) in pairs),
                )
            )
    return costs


def fill_years(services: Services) -> None:
    """Ten years before the demonstration: audits and actions of its teams, by its people."""
    store, projector = services.store, services.store.projector
    store.projector = None
    begun = FIRST_DAY - timedelta(days=DAYS)
    with store.reading() as connection:
        known = people_queries.everybody(connection)
        teams = [one for one in people_queries.teams(connection) if one.team in cast.CASE_TEAMS]
    people = [one.person for one in known]
    for number in range(AUDITS):
        day = begun + timedelta(days=number * DAYS // AUDITS)
        team = teams[number % len(teams)]
        audit, child = f"{number:032x}", f"Y-{number % 4000}"
        where = {"team": team.team, "service": team.service}
        allocated, started, submitted, *rest = life(number, done=True)
        names = {"team_name": team.name, "service_name": team.service_name}
        dates = {"practice_from": day - timedelta(days=180), "practice_to": day}
        own = {"due_on": day, "child": child, **where, **names, **dates}
        auditor = people[number % len(people)]
        content = submitted.content.model_copy(update={"audit_date": day, **dates})
        past = [
            allocated.model_copy(update={"auditor": auditor, **own}),
            started.model_copy(update={"auditor": auditor}),
            submitted.model_copy(update={"auditor": auditor, "content": content}),
            *(one.model_copy(update=_of_day(one, day)) for one in rest),
        ]
        with store.unit(Stamp("benchmark", "qa-lead")) as unit:
            unit.append(f"case-audit:{audit}", *past, effective_on=day, about=f"child:{child}")
            for more in range(ACTIONS // AUDITS):
                # Of no audit either: a record is searched for by its id alone.
                action = f"{1:02x}{number * 100 + more:030x}"
                owner = people[(number + more) % len(people)]
                steps = _action(action, audit, child, where, owner, day, more)
                for on, step in steps:
                    unit.append(f"action:{action}", step, effective_on=on, about=f"child:{child}")
    store.projector = projector
    rebuild(store, services.registry)


def _of_day(event: object, day: date) -> dict[str, date]:
    return {name: day for name in ("due_on", "moderated_on") if hasattr(event, name)}


def _action(
    action: str, audit: str, child: str, where: dict[str, str], owner: str, day: date, number: int
) -> list[tuple[date, Event]]:
    raised = actions.ActionRaised(
        action=action,
        raised_by="case-audit",
        audit=audit,
        child=child,
        text="Bring the chronology up to date and agree with the family how it is kept so.",
        kind=KINDS[number % 3],
        owner=owner,
        due_on=day + timedelta(days=30),
        domain="assessment",
        **where,
    )
    later = [day + timedelta(days=days) for days in (5, 25, 32, 70)]
    steps: list[tuple[date, Event]] = [
        (day, raised),
        (later[0], actions.ActionAccepted()),
        (later[1], actions.ActionClaimedDone(evidence=(), check_by=later[2])),
        (later[2], actions.EvidenceAccepted(verify_from=later[2], verify_by=later[3])),
        (
            later[3],
            actions.ImpactConfirmed(proof="other", reference="Seen", note="Seen on the file."),
        ),
    ]
    return steps if number else steps[:3]


def council(store: str, key: Path, years: bool) -> Services:
    """The services over a council in the store at that address, which is made where there is none.

    A demonstration that is there already is taken as it is.
    """
    settings = Settings(store=store, key_file=key, demonstration=True)
    made = build_demo(settings)
    services = build(settings, make_key=False)
    if made and years:
        fill_years(services)
    return services


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="append", choices=["sqlite", "postgres"])
    parser.add_argument("--years", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--most", type=int, default=1000, help="kinds of page a role")
    parser.add_argument("--role", choices=ROLES)
    parser.add_argument("--slow", type=int, default=25, help="rows to print, the slowest first")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    which = given.engine or ["sqlite", "postgres"]
    found: dict[str, list[PageCost]] = {}
    with databases(which) as fresh, tempfile.TemporaryDirectory() as folder:
        for engine in which:
            key = (given.keep or Path(folder)) / f"{engine}-{'years' if given.years else 'demo'}"
            kept = given.keep and engine == "sqlite"
            store = f"sqlite:///{key.absolute()}.db" if kept else fresh(engine)
            services = council(store, key.with_suffix(".key"), given.years)
            found[engine] = measure(services, given)
            services.store.close()
    for engine, costs in found.items():
        over = {cost.kind for cost in costs if cost.times_processor > 60}
        kinds = {cost.kind for cost in costs}
        print(f"\n{engine}: {len(costs)} pages of {len(kinds)} kinds, {len(over)} over 60 times")
        print("times the empty page (processor, clock), seconds of the processor, of the clock")
        for cost in sorted(costs, key=lambda one: -one.times_processor)[: given.slow]:
            ratios = f"{cost.times_processor:6.1f} {cost.times:6.1f}"
            spent = f"{1000 * cost.processor:6.0f}  {1000 * cost.median:6.0f} ms"
            p95 = f"p95 {1000 * cost.p95:6.0f} ms"
            print(f"  {ratios}  {spent}  {p95}  {cost.role:13}{cost.address}")
    if given.json:
        whole = {engine: [asdict(cost) for cost in costs] for engine, costs in found.items()}
        given.json.write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    main()
