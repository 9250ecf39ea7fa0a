"""A learning theme: one way from several findings to its effect, in words that name nobody."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from qa.audits.events import CaseAuditSubmitted
from qa.audits.state import CaseAudit
from qa.core import naming
from qa.core.errors import NotNow, Refused
from qa.core.event import Event
from qa.learning import commands, decisions, events
from qa.learning.decisions import Named
from qa.learning.state import LearningTheme, evolve
from tests.audits.support import ALLOCATED, STARTED, audit, content_of
from tests.support.given import Given, codes_of, given, recorded

OPENED = events.LearningThemeOpened(theme="t1", title="Seen alone", question="Are children seen?")
SHARED = events.LearningShared(where="Meeting", with_whom="Teams", message="See them alone.")
CHANGED = events.LearningPracticeChanged(what="A prompt is used.", evidence="In ten files.")
LOOKED = events.LearningReAudited(audits=("later",), found="Nine of ten.")
CLOSED = events.LearningThemeClosed(effect="improved", why="Nine of ten.")
STRENGTH = events.LearningThemeTagged(kind="strength", record="a1", part="0")
NAMED = Named(("Amara Tree", "Young"), ("C-00001",))


def standing(*after: Event) -> Given[LearningTheme]:
    return given(LearningTheme(), evolve, OPENED, *after)


def thank(state: LearningTheme, text: str = "The plan was the child’s own.") -> list[Event]:
    return decisions.share_good_practice(
        state,
        commands.ShareGoodPractice(
            theme="t1", audit="a1", strength=0, text=text, worker="p-worker", thanks="Thank you."
        ),
        exemplar="e1",
        named=NAMED,
    )


def test_the_steps_follow_one_another() -> None:
    def shared(t: LearningTheme) -> list[Event]:
        return decisions.share(
            t,
            commands.ShareLearning(
                theme="t1", where="Meeting", with_whom="Teams", message="See them alone."
            ),
            named=NAMED,
        )

    def changed(t: LearningTheme) -> list[Event]:
        return decisions.change_practice(
            t,
            commands.NotePracticeChange(
                theme="t1", what="A prompt is used.", evidence="In ten files."
            ),
            named=NAMED,
        )

    def looked(t: LearningTheme) -> list[Event]:
        return decisions.re_audit(
            t,
            commands.NoteReAudit(theme="t1", audits=("later",), found="Nine of ten."),
            named=NAMED,
        )

    def closed(t: LearningTheme) -> list[Event]:
        return decisions.close(
            t,
            commands.CloseLearningTheme(theme="t1", effect="improved", why="Nine of ten."),
            named=NAMED,
        )

    standing().when(changed).refused("theme-not-shared")
    standing().when(shared).then(SHARED)
    standing(SHARED).when(looked).refused("theme-not-changed")
    standing(SHARED).when(changed).then(CHANGED)
    standing(SHARED, CHANGED).when(closed).refused("theme-not-re-audited")
    standing(SHARED, CHANGED).when(looked).then(LOOKED)
    standing(SHARED, CHANGED, LOOKED).when(closed).then(CLOSED)
    standing(SHARED, CHANGED, LOOKED, CLOSED).when(shared).refused("theme-closed")
    given(LearningTheme(), evolve).when(shared).refused("not-found")


def test_a_finding_of_the_theme_is_no_re_audit_of_it() -> None:
    finding = events.LearningThemeTagged(kind="finding", record="a1", part="assessment")
    ready = standing(finding, SHARED, CHANGED)
    ready.when(
        lambda t: decisions.re_audit(
            t, commands.NoteReAudit(theme="t1", audits=("a1",), found="So."), named=NAMED
        )
    ).refused("audits-of-theme")
    ready.when(
        lambda t: decisions.re_audit(
            t, commands.NoteReAudit(theme="t1", audits=(), found=""), named=NAMED
        )
    ).refused("found-missing", "audits-missing")


def test_a_thing_is_tagged_once_and_taken_out_with_a_reason() -> None:
    tag = commands.TagLearningTheme(theme="t1", kind="strength", record="a1", part="0")
    standing(STRENGTH).when(lambda t: decisions.tag(t, tag)).nothing()
    untag = commands.UntagLearningTheme(**tag.model_dump(), reason="")
    standing().when(lambda t: decisions.untag(t, untag, named=NAMED)).refused(
        "reason-missing", "tag-unknown"
    )


def test_good_practice_is_a_tagged_strength_and_held_up_once() -> None:
    standing().when(thank).refused("strength-not-tagged")
    held = standing(STRENGTH).when(thank).then(events.GoodPracticeShared)
    standing(STRENGTH, *held).when(thank).refused("strength-shared")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Amara  Tree saw the child alone.", ["names-person"]),
        ("As AMARA TREE’s plan shows.", ["names-person"]),
        ("Ms Tree saw the child alone.", ["names-person"]),
        ("Well done, A. Tree!", ["names-person"]),
        ("The file of c-00001 shows it.", ["names-child"]),
        ("Amara Tree, C-00001.", ["names-person", "names-child"]),
        ("A tree of relatives was drawn with the child.", []),
        ("Younger children were seen in C-000012 hours.", []),
    ],
)
def test_a_text_for_everybody_names_nobody(text: str, codes: list[str]) -> None:
    found = naming.faults("text", text, NAMED.people, NAMED.children)
    assert [fault.code for fault in found] == codes
    if codes:
        standing(STRENGTH).when(lambda t: thank(t, text)).refused(*codes)


def test_every_fault_of_a_new_theme_is_named() -> None:
    with pytest.raises(Refused) as refused:
        decisions.open_theme(
            commands.OpenLearningTheme(title="Amara Tree", question=" "), theme="t", named=NAMED
        )
    assert [(f.field, f.code) for f in refused.value.faults] == [
        ("question", "question-missing"),
        ("title", "names-person"),
    ]


class Themes(RuleBasedStateMachine):
    """Whatever is asked in whatever order, the steps on record are in theirs."""

    def __init__(self) -> None:
        super().__init__()
        self.state = LearningTheme()
        self.told: list[str] = []
        self._say([OPENED])

    def _say(self, decided: list[Event]) -> None:
        for event in decided:
            self.told.append(event.TYPE)
            self.state = evolve(self.state, recorded(event, len(self.told)))

    @rule(step=st.sampled_from(["share", "change", "look", "close", "tag"]))
    def ask(self, step: str) -> None:
        state, nobody = self.state, Named()
        ways: dict[str, Callable[[], list[Event]]] = {
            "share": lambda: decisions.share(
                state,
                commands.ShareLearning(theme="t1", where="A", with_whom="B", message="C"),
                named=nobody,
            ),
            "change": lambda: decisions.change_practice(
                state, commands.NotePracticeChange(theme="t1", what="A", evidence="B"), named=nobody
            ),
            "look": lambda: decisions.re_audit(
                state, commands.NoteReAudit(theme="t1", audits=("x",), found="A"), named=nobody
            ),
            "close": lambda: decisions.close(
                state,
                commands.CloseLearningTheme(
                    theme="t1", effect="not-improved", why="Said with reason."
                ),
                named=nobody,
            ),
            "tag": lambda: decisions.tag(
                state, commands.TagLearningTheme(theme="t1", kind="action", record="r", part="")
            ),
        }
        with suppress(NotNow):
            self._say(ways[step]())

    @invariant()
    def in_order(self) -> None:
        order = [
            "LearningThemeOpened",
            "LearningShared",
            "LearningPracticeChanged",
            "LearningReAudited",
            "LearningThemeClosed",
        ]
        firsts = [self.told.index(kind) for kind in order if kind in self.told]
        assert firsts == sorted(firsts)
        assert [kind in self.told for kind in order] == sorted(
            (kind in self.told for kind in order), reverse=True
        )
        assert "LearningThemeClosed" not in self.told[:-1]


Themes.TestCase.settings = settings(max_examples=20, stateful_step_count=12)
TestThemes = Themes.TestCase


def test_a_theme_is_tagged_to_a_part_that_the_audit_has() -> None:
    content = content_of(strengths=("Warm.",))
    state = audit(ALLOCATED, STARTED, CaseAuditSubmitted(auditor="p", content=content)).state
    domain = content.judgements[0].domain
    part = decisions.part_of_audit
    assert codes_of(lambda: part("finding", state, domain)) == []
    assert codes_of(lambda: part("strength", state, "0")) == []
    assert codes_of(lambda: part("strength", state, "1")) == ["part-unknown"]
    assert codes_of(lambda: part("finding", state, "0")) == ["part-unknown"]
    assert codes_of(lambda: part("finding", CaseAudit(), domain)) == ["audit-not-submitted"]


def test_a_re_audit_is_submitted_and_an_example_final() -> None:
    assert codes_of(lambda: decisions.looked_again(False)) == ["audit-not-submitted"]
    assert codes_of(lambda: decisions.looked_again(True)) == []
    assert codes_of(lambda: decisions.grade_is_final(CaseAudit())) == ["audit-not-final"]
    assert codes_of(lambda: decisions.grade_is_final(CaseAudit(final_grade="good"))) == []
