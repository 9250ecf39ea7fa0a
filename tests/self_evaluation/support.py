"""What several tests of self-evaluations do in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from html import unescape
from typing import Any
from urllib.parse import urlencode

from qa.audit_tools.definition import JudgementArea
from qa.publishing.events import ReportAsked
from qa.quarterly.events import RowPart
from qa.self_evaluation import handlers
from qa.self_evaluation.commands import StartSelfEvaluation
from qa.self_evaluation.events import FigureAsTied, FigureSeenAgain
from tests.quarterly.support import done
from tests.support.council import Browser, Council

PATH = "/self-evaluations"
DAYS = "from=2026-01-01&to=2026-12-31&by=financial-year"
WORDS = {
    "area": "help-and-protection",
    "known": "Auditors and moderators agree.",
    "how_known": "Moderation says so.",
    "will_do": "Audit again in June.",
}


def begun(council: Council) -> str:
    """A self-evaluation with one claim that has no evidence; its address."""
    lead = council.browser("lead")
    place = done(
        lead, f"{PATH}/new", title="Self-evaluation 2026", council="Testshire",
        start="2026-01-01", end="2026-12-31",
    )  # fmt: skip
    done(lead, f"{place}/claim", **WORDS)
    return place


def claims_of(browser: Browser, place: str) -> list[str]:
    """The addresses of its claims."""
    found = re.findall(rf"{place}/claims/\w+(?=/change)", browser.get(place).text)
    return list(dict.fromkeys(found))


WHOLE = "&figure=kappa&" + urlencode(
    [("group", one) for one in ("total=Whole range", "from=2026-01-01", "to=2026-12-31")]
)
"""Names the row of all days: every figure of it is offered then."""


def figures_offered(browser: Browser, claim: str, report: str, row: str = "") -> dict[str, str]:
    """The figures of a report that a claim can be tied to: the value of each, by its words."""
    form = browser.get(f"{claim}/figure?name={report}&{DAYS}{row}").text
    found = re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)</option>', form)
    return {unescape(words).strip(): unescape(value) for value, words in found}


def tied(council: Council, audit: str) -> str:
    """One with a claim that is tied to a figure of agreement and to an audit."""
    place, lead = begun(council), council.browser("lead")
    (claim,) = claims_of(lead, place)
    offered = figures_offered(lead, claim, "agreement")
    rate = next(value for words, value in offered.items() if "2 of 3" in words)
    done(lead, f"{claim}/figure?name=agreement&{DAYS}", figure=rate)
    done(lead, f"{claim}/record", named=council.view(audit).row.reference)
    return place


def frozen(council: Council, place: str, reviewer: str = "auditor") -> str:
    """Sent for review and agreed; the address of the copy."""
    done(council.browser("lead"), f"{place}/review", reviewer=council.ids[reviewer])
    done(council.browser(reviewer), f"{place}/freeze")
    page = council.browser("lead").get(place).text
    return re.findall(rf"{place}/copies/\d+", page)[0]


def given(**values: Any) -> dict[str, Any]:
    """The words of a claim."""
    return {**WORDS, **values}


def evaluated(council: Council, done: Callable[..., str]) -> Iterator[None]:
    """Every command on a self-evaluation, by `done`; it pauses once, when a copy is frozen."""
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    begun = StartSelfEvaluation(title="2026", council="Testshire", start=start, end=end)
    by = council.actor("lead")
    of = str(handlers.start(council.services.desk, begun, by=by).response["evaluation"])
    do = partial(done, council)
    words = {"known": "It is so.", "how_known": "Audits say so.", "will_do": "Look again."}
    claimed = {"of": of, "area": JudgementArea.CHILDREN_IN_CARE, **words}
    first, second = (do(handlers.make_claim, **claimed) for _ in range(2))
    asked = ReportAsked(report="agreement", start=start, end=end, by="quarter", formulas=2)
    told = FigureAsTied(numerator=0, denominator=0, value="0", shown="0")
    named = {"total": "Whole range", "from": start.isoformat(), "to": end.isoformat()}
    row = tuple(RowPart(name=name, value=value) for name, value in named.items())
    figure = {"asked": asked, "figure": "moderated", "row": row, "told": told}
    record = {"named": "It", "kind": "audit", "record": council.submitted()}

    def now() -> dict[str, Any]:
        return {"of": of, "position": council.services.store.head(), "as_at": council.today}

    def reviewed() -> None:
        made = {"reviewer": council.ids["auditor"], "sha256": "ab" * 32, "rendering": 2}
        do(handlers.send, **now(), **made, moved=0)

    for claim in (first, second):
        do(handlers.tie_figure, claim=claim, **figure, **now())
        do(handlers.tie_record, claim=claim, **record, **now())
    reviewed()
    do(handlers.freeze, "auditor", of=of, sha256="ab" * 32)
    yield
    why = "It is no longer so in the spring."
    seen = (FigureSeenAgain(evidence="E1", told=told),)
    do(handlers.confirm, claim=first, note=why, moved=1, figures=seen, **now())
    do(handlers.change, of=of, title="2026, changed", start=start, end=end)
    do(handlers.change_claim, claim=first, **{**claimed, "known": "It was."})
    do(handlers.untie, of=of, claim=first, evidence="E2", reason=why)
    do(handlers.withdraw_claim, of=of, claim=second, reason=why)
    reviewed()
    do(handlers.send_back, of=of, reason="Say more of the spring.")
