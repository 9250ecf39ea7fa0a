"""Corrections of a case audit, and the walk over its fields that they go by."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, get_args, get_origin

import pytest

from qa.audit_tools.definition import ChildStatus
from qa.audits import events as audit_events
from qa.audits.commands import ConfirmTyping, RefuseTyping
from qa.audits.comparison import texts
from qa.audits.correction import confirm_typing, refuse_typing, small_edit
from qa.audits.judgements import (
    Answer,
    AuditContent,
    DomainJudgement,
    NoActionReason,
    PlannedAction,
    RuleOverride,
    leaves,
)
from qa.audits.moderation_events import (
    ModerationNotSelected,
    ModerationSuperseded,
)
from qa.audits.state import CaseAudit
from qa.audits.submission import lengths
from qa.core.frozen import Frozen
from qa.supervision.check_events import CheckContent
from tests.audits.support import (
    ALLOCATED,
    FIELD,
    SELECTED,
    assigned,
    audit,
    corrected,
    finalised,
    judged,
    submitted,
)
from tests.support.given import TODAY

CONFIRM = ConfirmTyping(audit="a1", field=FIELD)
REWRITTEN = "The plan names six steps and their owners."


def _filled(model: type[Frozen]) -> Frozen:
    """A value of the model with every field that can be given."""
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        kinds = [k for k in (field.annotation, *get_args(field.annotation)) if isinstance(k, type)]
        inner = next((k for k in kinds if issubclass(k, Frozen)), None)
        if inner is not None:
            filled = _filled(inner)
            values[name] = (filled,) if get_origin(field.annotation) is tuple else filled
        elif get_origin(field.annotation) is Literal:
            values[name] = get_args(field.annotation)[0]
        elif ChildStatus in kinds:
            values[name] = ChildStatus.CHILD_IN_NEED
        elif date in kinds:
            values[name] = TODAY
        elif bool in kinds:
            values[name] = True
        else:
            values[name] = f"x-{name}"
    return model.model_validate(values)


def _plain(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_plain(one) for one in value.values())
    return sum(_plain(one) for one in value) if isinstance(value, list | tuple) else 1


@pytest.mark.parametrize("model", [AuditContent, CheckContent])
def test_every_leaf_of_a_content_is_walked_and_held_to_its_length(model: type[Frozen]) -> None:
    """A field added to a model is in reasons, corrections, limits and the search without a line."""
    whole = _filled(model)
    found = leaves(whole)
    # Of each value told apart by a field, that field is no leaf: it is in the path.
    in_paths = {DomainJudgement: 1, Answer: 1, RuleOverride: 1, NoActionReason: 1, PlannedAction: 1}
    held = _models(whole)
    assert len(found) == _plain(whole.model_dump()) - sum(in_paths.get(one, 0) for one in held)
    assert set(texts(whole)) == set(found)
    for path, leaf in found.items():
        if leaf.free:
            long = _with(whole, leaf.steps, "w" * 20_001)
            assert [fault.field for fault in lengths(long)] == [path]
            if isinstance(whole, AuditContent):
                assert whole.corrected(path, "new words") != whole
                assert leaves(whole.corrected(path, "new words"))[path].text == "new words"


def _models(value: Any) -> list[type]:
    if isinstance(value, tuple):
        return [one for each in value for one in _models(each)]
    if not isinstance(value, Frozen):
        return []
    return [type(value), *(one for each in value.__dict__.values() for one in _models(each))]


def _with(whole: Frozen, steps: tuple[str | int, ...], text: str) -> Frozen:
    data = whole.model_dump()
    held: Any = data
    for step in steps[:-1]:
        held = held[step]
    held[steps[-1]] = text
    return type(whole).model_validate(data)


def test_a_correction_keeps_old_and_new() -> None:
    said = audit(ALLOCATED, submitted()).when(corrected).then(audit_events.CaseAuditCorrected)
    assert isinstance(said[0], audit_events.CaseAuditCorrected)
    assert said[0].old == "Evidence for Planning and review seen on the file."


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"field": "overall", "new": "fine"}, "grade-unknown"),
        ({"field": "judgements.planning.grade", "new": "fine"}, "grade-unknown"),
        ({"field": "judgements.planning.answers.timescales", "new": "q"}, "answer-unknown"),
        ({"field": "child_status", "new": "unheard-of"}, "choice-unknown"),
        ({"field": "involvement.status"}, "field-not-correctable"),
        ({"field": "no-such-field"}, "field-not-correctable"),
        ({"new": "Evidence for Planning and review seen on the file."}, "no-change"),
        ({"new": " "}, "text-missing"),
        ({"reason": " "}, "reason-missing"),
        ({"field": "audit_date", "new": "2026-02-30", "kind": "fact"}, "date-impossible"),
        ({"field": "audit_date", "new": "2026-03-03", "kind": "fact"}, "date-future"),
        ({"field": "audit_date", "new": "2025-01-01", "kind": "fact"}, "dates-reversed"),
        ({"field": "practice_to", "new": "2026-03-01", "kind": "typo"}, "date-is-fact"),
    ],
)
def test_a_correction_breaks_no_rule_of_a_submission(values: dict[str, Any], code: str) -> None:
    audit(ALLOCATED, submitted()).when(lambda s: corrected(s, **values)).refused(code)


MODERATED = (ALLOCATED, submitted(), SELECTED, assigned(), judged(), finalised())
LAPSES = (
    ModerationSuperseded(moderation="m1", cause="corrected"),
    audit_events.CaseAuditReopened(was="good"),
)
GRADES = ("overall", "judgements.planning.grade")


@pytest.mark.parametrize("field", GRADES)
def test_a_wrongly_entered_grade_is_put_right_until_it_is_moderated_or_final(field: str) -> None:
    fix = lambda s: corrected(s, field=field, new="requires-improvement", kind="fact")  # noqa: E731
    for before in (
        (),
        (SELECTED,),
        (SELECTED, assigned()),
        (ModerationNotSelected(policy_version=1),),
    ):
        right = audit(ALLOCATED, submitted(), *before)
        done = right.when(fix).then(
            audit_events.CaseAuditChoiceCorrected(
                field=field, old="good", new="requires-improvement"
            )
        )
        after = audit(ALLOCATED, submitted(), *before, *done).state
        assert after.content is not None
        assert texts(after.content)[field] == "requires-improvement"
    for past in (
        (ALLOCATED, submitted(), SELECTED, assigned(), judged("inadequate")),
        (ALLOCATED, submitted(), finalised()),
        MODERATED,
        # A moderation that has lapsed has shown its grade: copying it is no correction.
        (*MODERATED, *LAPSES),
    ):
        audit(*past).when(fix).refused("field-not-correctable")


def test_a_grade_is_corrected_only_to_what_the_rules_of_the_tool_allow() -> None:
    audit(ALLOCATED, submitted()).when(
        lambda s: corrected(s, field="judgements.lived-experience.grade", new="inadequate")
    ).refused("overall-limited", "overall-limited")


def test_an_answer_is_corrected_and_what_was_moderated_lapses() -> None:
    fix = lambda s: corrected(  # noqa: E731
        s, field="judgements.planning.answers.timescales", new="no", kind="typo"
    )
    audit(*MODERATED).when(fix).then(audit_events.CaseAuditChoiceCorrected, *LAPSES)
    audit(ALLOCATED, submitted()).when(fix).then(audit_events.CaseAuditChoiceCorrected)


def test_who_corrects_does_not_choose_what_lapses() -> None:
    audit(*MODERATED).when(lambda s: corrected(s, kind="fact")).then(
        audit_events.CaseAuditCorrected, *LAPSES
    )
    slip = audit(*MODERATED).when(corrected).then(audit_events.CaseAuditCorrected)
    assert slip[0].kind == "typo"  # type: ignore[attr-defined]
    rewritten = (
        audit(*MODERATED)
        .when(lambda s: corrected(s, new=REWRITTEN, kind="typo"))
        .then(audit_events.CaseAuditCorrected, *LAPSES)
    )
    assert rewritten[0].kind == "fact"  # type: ignore[attr-defined]


def _typing(state: CaseAudit, new: str = REWRITTEN) -> Any:
    return corrected(state, new=new, kind="typing")


def test_what_is_said_to_be_typing_waits_for_somebody_else_and_lapses_nothing() -> None:
    [asked] = audit(*MODERATED).when(_typing).then(audit_events.CaseAuditTypingAsked)
    waiting = audit(*MODERATED, asked)
    assert waiting.state.content == audit(*MODERATED).state.content
    assert waiting.state.final_grade == "good"
    waiting.when(_typing).refused("typing-waits")
    confirm = lambda s: confirm_typing(s, CONFIRM, by="p-moderator")  # noqa: E731
    done = waiting.when(confirm).then(
        audit_events.CaseAuditTypingConfirmed, audit_events.CaseAuditCorrected
    )
    after = audit(*MODERATED, asked, *done)
    assert after.state.content is not None
    assert texts(after.state.content)[FIELD] == REWRITTEN
    assert (after.state.final_grade, after.state.typing) == ("good", {})
    after.when(confirm).refused("not-found")
    waiting.when(lambda s: confirm_typing(s, CONFIRM, by="p-auditor")).refused("forbidden")


def test_a_change_that_is_no_typing_leaves_the_text_as_it_was() -> None:
    [asked] = audit(*MODERATED).when(_typing).then(audit_events.CaseAuditTypingAsked)
    waiting = audit(*MODERATED, asked)

    def refuse(reason: str) -> Any:
        command = RefuseTyping(audit="a1", field=FIELD, reason=reason)
        return lambda state: refuse_typing(state, command)

    waiting.when(refuse("No.")).refused("reason-thin")
    [gone] = waiting.when(refuse("It says something else.")).then(
        audit_events.CaseAuditTypingRefused
    )
    assert audit(*MODERATED, asked, gone).state.typing == {}
    audit(*MODERATED).when(refuse("It says something else.")).refused("not-found")
    as_fact = audit(*MODERATED, asked).when(lambda s: corrected(s, new=REWRITTEN, kind="fact"))
    rewritten = as_fact.then(audit_events.CaseAuditCorrected, *LAPSES)
    assert audit(*MODERATED, asked, *rewritten).state.typing == {}


def test_a_waiting_change_whose_text_moved_on_is_not_confirmed() -> None:
    [asked] = audit(*MODERATED).when(_typing).then(audit_events.CaseAuditTypingAsked)
    other = asked.model_copy(update={"old": "Something that stood there once."})
    audit(*MODERATED, other).when(lambda s: confirm_typing(s, CONFIRM, by="p-moderator")).refused(
        "field-moved-on"
    )


def test_typing_waits_only_where_something_would_lapse() -> None:
    audit(ALLOCATED, submitted()).when(_typing).then(audit_events.CaseAuditCorrected)
    slip = "Evidence for Planing and review seen on the file."
    audit(*MODERATED).when(lambda s: _typing(s, slip)).then(audit_events.CaseAuditCorrected)


def test_a_rewrite_of_an_unmoderated_final_audit_takes_its_grade_back() -> None:
    final = (ALLOCATED, submitted(), finalised())
    audit(*final).when(lambda s: corrected(s, new=REWRITTEN, kind="typo")).then(
        audit_events.CaseAuditCorrected, audit_events.CaseAuditReopened(was="good")
    )
    once = audit(*final).when(corrected).then(audit_events.CaseAuditCorrected)
    audit(*final, *once).when(
        lambda s: corrected(s, new="Evidense for Planing and review seen on the file.")
    ).then(audit_events.CaseAuditCorrected, audit_events.CaseAuditReopened)
    audit(*final).when(_typing).then(audit_events.CaseAuditTypingAsked)


def test_many_small_edits_are_held_against_what_was_judged() -> None:
    once = audit(*MODERATED).when(corrected).then(audit_events.CaseAuditCorrected)
    audit(*MODERATED, *once).when(
        lambda s: corrected(s, new="Evidense for Planing and review seen on the file.")
    ).then(audit_events.CaseAuditCorrected, *LAPSES)


TWENTY = "all of the words in this row are here to make it long enough that two changed pass now it"
TWO = TWENTY.replace("words", "word").replace("row", "raw")
NINETEEN = TWENTY.removeprefix("all ")


@pytest.mark.parametrize(
    ("old", "new", "small"),
    [
        ("The plan was reviewd.", "The plan was reviewed.", True),
        ("The plan was reviewed", "the Plan was reviewed.", True),
        ("The paln was kept.", "The plan was kept.", True),
        ("An assesmennt was made.", "An assessment was made.", True),
        ("Her mother was asked.", "Her father was asked.", False),
        ("She is safe there.", "She is unsafe there.", False),
        ("The plan was kept.", "The plan was not kept.", False),
        ("He is not seen.", "He is now seen.", False),
        ("He was seen 6 times.", "He was seen 8 times.", False),
        ("Seen on time.", "", False),
        ("", "Seen on time.", False),
        ("The plan waz kep.", "The plan was kept.", False),
        (TWENTY, TWO, True),
        (TWENTY, TWO.replace("here", "her"), False),
        (NINETEEN, TWO.removeprefix("all "), False),
    ],
)
def test_the_bound_of_a_small_edit(old: str, new: str, small: bool) -> None:
    assert small_edit(old, new) is small
