"""Learning themes: reading them, every step of one, and the library of good practice."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response

from api.json.command_endpoint import command_endpoint
from api.json.deps import Call, tag
from api.json.routing import ApiRouter
from api.learning import reading, schemas
from api.learning.cli import ThemeQuery
from api.learning.reports import REPORTS
from api.reports.asking import asked_by, only, read_endpoint, why_endpoint
from projections.learning import queries
from qa.authorisation.policy import require
from qa.core.carry import carry
from qa.learning import handlers
from qa.learning.events import theme_stream

router = ApiRouter(prefix="/learning-themes", tags=["learning"])
library_router = ApiRouter(prefix="/good-practice", tags=["learning"])

ThemeId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The id of the theme.")]
Words = Annotated[str, Query(max_length=200, description="Only what holds these words.")]


@router.get("", operation_id="listLearningThemes")
def list_themes(call: Call, q: Words = "") -> schemas.ThemesOut:
    """The themes, the last opened first."""
    require(call.actor, "read-learning")
    call.note("learning", q)
    found = queries.themes(call.connection, position=call.at.position, wanted=q)
    themes = [schemas.ListedThemeOut.of(row, tagged=tagged) for row, tagged in found]
    return schemas.ThemesOut(**call.moment, themes=themes)


@router.record("/{theme}", operation_id="readLearningTheme")
def read_theme(call: Call, theme: ThemeId, response: Response) -> schemas.OpenedThemeOut:
    """A theme with its steps, and what belongs to it as far as the caller may see that."""
    require(call.actor, "read-learning")
    found = reading.open_theme(call, theme)
    call.note(theme_stream(theme))
    tag(response, call.at, found.row.stream_version)
    return schemas.OpenedThemeOut(
        **call.moment,
        theme=schemas.ThemeOut.of(found.row),
        tagged=[carry(schemas.TaggedOut, one) for one in found.tagged],
        closed_to_you=found.closed,
        steps=[
            carry(
                schemas.LearningStepOut,
                step,
                fields={name: value for name, value in step.content.items() if name != "audits"},
            )
            for step in found.steps
        ],
        good_practice=[schemas.ThemeExampleOut.of(one) for one in found.exemplars],
    )


_named = asked_by(ThemeQuery, theme=Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")])
read_endpoint(
    router, "/{theme}/report", only(REPORTS), _named, answer=schemas.ThemeChainOut,
    operation_id="readLearningThemeReport",
    doc="A theme from learning to effect: what it gathers, what was done, what became of it.",
)  # fmt: skip
why_endpoint(
    router, "/{theme}/report/why", only(REPORTS), _named, operation_id="whyLearningThemeFigure"
)


command_endpoint(router, "POST", "", handlers.open_theme, located_by="theme")
command_endpoint(router, "POST", "/{theme}/tags", handlers.tag)
command_endpoint(router, "POST", "/{theme}/untagging", handlers.untag, status=200)
command_endpoint(router, "POST", "/{theme}/sharing", handlers.share)
command_endpoint(router, "POST", "/{theme}/practice-changes", handlers.change_practice)
command_endpoint(router, "POST", "/{theme}/re-audits", handlers.re_audit)
command_endpoint(router, "POST", "/{theme}/closure", handlers.close, status=200)
command_endpoint(router, "POST", "/{theme}/good-practice", handlers.share_good_practice)


@library_router.get("", operation_id="listGoodPractice")
def list_good_practice(call: Call, q: Words = "") -> schemas.GoodPracticeOut:
    """The examples of good practice, the last first. They name nobody."""
    require(call.actor, "read-learning")
    call.note("learning", q)
    found = queries.exemplars(call.connection, position=call.at.position, wanted=q)
    examples = [schemas.ExampleOut.of(one) for one in found]
    return schemas.GoodPracticeOut(**call.moment, good_practice=examples)
