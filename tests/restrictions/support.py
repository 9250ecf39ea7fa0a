"""A child with a whole story on record, whose records are restricted to four people."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qa.children import handlers as children
from qa.children.commands import JoinChildren
from qa.core.words import Actor, Role
from qa.learning import handlers as learning
from qa.learning.commands import OpenLearningTheme, TagLearningTheme
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson
from qa.restrictions import handlers
from qa.restrictions.commands import RestrictChild
from qa.safeguarding import handlers as safeguarding
from qa.safeguarding.commands import RaiseConcern
from qa.supervision import handlers as supervision
from qa.supervision.commands import RecordSession
from tests.follow_ups.support import inadequate
from tests.inspections.support import opened
from tests.supervision.support import begun
from tests.support.addresses import addresses_of
from tests.support.council import Council

CHILD, OTHER = "HUSH-0077", "C-99999"
JOINED = "H-77"
"""Another reference of the child, with an audit of its own."""
TEXT = "A marmalade cat was seen on the stairs."
WHY = "The child of a colleague in the east team."
READERS = ("lead2", "auditor", "moderator", "nobody")
OUTSIDE = ("lead", "admin", "moderator2", "reader", "worker", "inspector")


@dataclass(frozen=True)
class Story:
    """The ids of what is on record about the child."""

    audit: str
    action: str
    concern: str
    pair: str
    theme: str
    reference: str

    @property
    def marks(self) -> tuple[str, ...]:
        """What nobody outside may be shown."""
        return CHILD, self.reference, "marmalade"


def restrict(
    council: Council,
    child: str = CHILD,
    readers: Sequence[str] = (),
    by: Actor | None = None,
) -> str:
    named = [council.ids[one] for one in READERS]
    done = handlers.restrict(
        council.services.desk,
        RestrictChild(child=child, readers=tuple(readers or named), why=WHY),
        by=by or council.actor("lead2"),
    )
    return str(done.response["restriction"])


def told(council: Council) -> Story:
    """An inadequate audit with an action, a moderation, a concern, a follow-up, a session of
    supervision and a learning theme that name it; and somebody who inspects."""
    desk, lead = council.services.desk, council.actor("lead2")
    council.grant("reader", Role.TEAM_MANAGER)
    audit, action = inadequate(council, child=CHILD, rationale=f"{TEXT} " * 8)
    council.moderate(audit, "inadequate")
    raised = safeguarding.raise_concern(
        desk,
        RaiseConcern(audit=audit, what=TEXT, manager=council.ids["moderator2"], how="telephone"),
        by=council.actor("auditor"),
    )
    pair = begun(council, by="lead2", days_ago=10)
    supervision.record_held(
        desk,
        RecordSession(pair=pair, held_on=council.today, cases=(CHILD, OTHER)),
        by=council.actor("reader"),
    )
    theme = learning.open_theme(
        desk, OpenLearningTheme(title="Visits", question="Are children seen alone?"), by=lead
    ).response["theme"]
    learning.tag(
        desk,
        TagLearningTheme(theme=str(theme), kind="finding", record=audit, part="planning"),
        by=lead,
    )
    learning.tag(desk, TagLearningTheme(theme=str(theme), kind="action", record=action), by=lead)
    council.allocated("auditor", child=JOINED, by=lead)
    children.join(desk, JoinChildren(child=JOINED, other=CHILD, why=WHY), by=lead)
    with_room(council)
    return Story(
        audit, action, str(raised.response["concern"]), pair, str(theme),
        council.view(audit).row.reference,
    )  # fmt: skip


def with_room(council: Council) -> None:
    done = people.add_person(
        council.services.desk,
        AddPerson(handle="inspector", name="Ina Spector", team=None),
        by=OPERATOR,
    )
    council.ids["inspector"] = str(done.response["person"])
    opened(council, inspector=council.ids["inspector"], by=council.actor("lead2"))


def asked(council: Council, story: Story, position: int, turn: int) -> list[str]:
    """What names the record itself; of every other address with the record in its place a third,
    from `turn` on, now, and another third at the position before it was closed: three people in a
    row ask them all, both ways."""
    own = [
        f"/actions/{story.action}",
        f"/api/v1/actions/{story.action}",
        f"/audits/{story.audit}/concerns/{story.concern}",
        f"/api/v1/case-audits/{story.audit}/concerns",
        f"/supervision/{story.pair}",
        f"/api/v1/supervision/{story.pair}",
        f"/learning/{story.theme}",
        f"/api/v1/learning-themes/{story.theme}",
        "/search?q=marmalade",
        f"/search?q={CHILD}",
        f"/search?q={story.reference}",
        "/api/v1/search?q=marmalade",
        f"/api/v1/search?q={story.reference}",
        f"/audits?child={CHILD}",
        f"/api/v1/case-audits?child={CHILD}",
        f"/history?record=child:{CHILD}",
        f"/history?record=action:{story.action}",
        f"/history?record=supervision:{story.pair}",
        f"/api/v1/history?record=supervision:{story.pair}",
        *(f"/history?record=work:{council.ids[one]}" for one in ("auditor", "lead2", "reader")),
        f"/access-log?child={CHILD}",
        "/compare?from_position=1",
        "/api/v1/compare?from_position=1&first=2026-01-01&last=2026-12-31",
        "/api/v1/learnt-later?true_on=2026-12-31",
        "/closing-the-loop?from=2026-01-01&to=2026-12-31",
        "/api/v1/reports/closing-the-loop?from=2026-01-01&to=2026-12-31",
        "/agreement?from=2026-01-01&to=2026-12-31",
        "/agreement/rows?from=2026-01-01&to=2026-12-31&figure=audits_submitted"
        "&group=from:2026-01-01&group=to:2026-12-31",
        *(f"/api/v1/exports/{what}.json" for what in ("audits", "actions")),
        "/restrictions",
        "/api/v1/restrictions",
        f"/children/{JOINED}",
        f"/history?record=child:{JOINED}",
        f"/audits?child={JOINED}",
        f"/access-log?child={JOINED}",
        "/api/v1/child-joinings",
    ]
    every = [one for one in addresses_of(council, story.audit) if one not in own]
    now, other = every[turn % 3 :: 3], every[(turn + 1) % 3 :: 3]
    before = [*own[turn % 3 :: 3], *other]
    past = [f"{one}{'&' if '?' in one else '?'}position={position}" for one in before]
    return [*own, *now, *past]


def body(answer: Any) -> str:
    """The text of an answer, of files within it too; not what the question itself said."""
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            return " ".join(
                packed.read(name).decode("utf-8", "replace") for name in packed.namelist()
            )
    return str(answer.text)


def leaks_at(
    path: str, client: Any, marks: Sequence[str]
) -> tuple[int, list[tuple[str, int, str]]]:
    """What an address answers, and which of the marks it shows that the question did not say."""
    answer = client.get(path)
    assert answer.status_code < 500, path
    shown = body(answer)
    for echoed in (path, path.partition("?")[0]):
        shown = shown.replace(echoed, "").replace(echoed.replace("&", "&amp;"), "")
    leaked = [mark for mark in marks if mark in shown and f"={mark}" not in path]
    return answer.status_code, [(mark, answer.status_code, path) for mark in leaked]
