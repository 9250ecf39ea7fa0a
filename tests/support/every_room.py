"""A council in which every capability is used, so that every read model has a past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from api.documents.style_set import blank
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, run
from api.word_templates.template_files import made_ready
from qa.actions import handlers as action_commands
from qa.actions.clocks import DEFAULT_ACTION_POLICY
from qa.audit_tools import handlers as audit_tools
from qa.audit_tools.definition import AreaOfDomain, JudgementArea
from qa.audits import handlers as audit_handlers
from qa.audits.judgements import Strength
from qa.authorisation.handling import CommandHandler
from qa.children import handlers as children
from qa.core.words import Role
from qa.disclosure import handlers as disclosure
from qa.disclosure.commands import TextToRelease, WrittenText
from qa.disclosure.events import ShownTable
from qa.follow_ups import handlers as follow_ups
from qa.follow_ups.clocks import DEFAULT_FOLLOW_UP_POLICY
from qa.imports.commands.batches import File
from qa.indicators import handlers as indicators
from qa.inspections import handlers as inspections
from qa.learning import handlers as learning
from qa.moderation import handlers as moderation
from qa.moderation.events import DEFAULT_POLICY
from qa.notifications import handlers as notifications
from qa.notifications.steps import DEFAULT_REMINDER_POLICY
from qa.people import handlers as people
from qa.people.commands import OPERATOR, AddPerson
from qa.plans.events import MappedLevel
from qa.plans.handlers import actions as plan_actions
from qa.plans.handlers import claims, plans, rag_scales, reviews
from qa.practitioners import handlers as practitioners
from qa.publishing import handlers as publishing
from qa.publishing.events import ReportAsked
from qa.quarterly import handlers as quarterly
from qa.quarterly.commands import StartQuarterlyReport
from qa.quarterly.events import HeadlineFigure
from qa.restrictions import handlers as restrictions
from qa.safeguarding import handlers as safeguarding
from qa.safeguarding.clocks import DEFAULT_SAFEGUARDING_POLICY
from qa.safeguarding.events import StatedConcern
from qa.safeguarding.rows import ImportedConcern
from qa.supervision import handlers as supervision_handlers
from qa.supervision.clocks import DEFAULT_SUPERVISION_POLICY
from qa.supervision.events import CaseRow
from qa.views import handlers as views
from qa.word_templates import handlers as word_templates
from qa.working_days import handlers as working_days
from tests.actions.support import closed, following, raised
from tests.follow_ups.support import inadequate, re_audit
from tests.history.support import Eventful
from tests.indicators.support import Keeper
from tests.plans.support import FOUR, THREE, Kept, on
from tests.sampling_frames.support import OWN, send_frame
from tests.self_evaluation.support import evaluated
from tests.supervision import support as supervised
from tests.support.council import Council
from tests.word_templates.support import saved

Room = Callable[[Council], Iterator[None]]
"""Uses a room, and pauses once: what exists by then is changed by what comes after."""


def live(council: Council) -> None:
    """Use every room, with something in each that later events change."""
    for _ in lived_in_halves(council):
        pass


def lived_in_halves(council: Council) -> Iterator[None]:
    """The same, pausing once, when each room has something that its second half changes."""
    rooms: list[Room] = [
        _policies, _indicators, _plans, _supervision, _concerns,
        _practitioners, _learning, _people, _inspections, _publishing, _quarterly, _working_days,
        _word_templates, lambda council: evaluated(council, _done), _typing,
        _restrictions, _children, _views, _imports, _sampling_frames,
        _follow_ups, _actions, _audits,
    ]  # fmt: skip
    begun = [room(council) for room in rooms]
    for half in (1, 2):
        for room in begun:
            next(room, None)
            council.clock.advance(timedelta(hours=12))
        if half == 1:
            yield


def _done(council: Council, command: Callable[..., Any], who: str = "lead", **asked: Any) -> str:
    """Carry out a command; the first thing that it answers with."""
    desk, by = council.services.desk, council.actor(who)
    if isinstance(command, CommandHandler):
        said = {**asked, **asked.pop("policy").model_dump()} if "policy" in asked else asked
        known = {
            name: value for name, value in said.items() if name in command.command.model_fields
        }
        done = command(desk, command.command.model_validate(known), by=by)
    else:
        done = command(desk, by=by, **asked)
    return str(next(iter(done.response.values()), ""))


def _policies(council: Council) -> Iterator[None]:
    for first in (True, False):
        for command, policy, change in (
            (action_commands.set_policy, DEFAULT_ACTION_POLICY, {"reopen_within_days": 100}),
            (follow_ups.set_policy, DEFAULT_FOLLOW_UP_POLICY, {"re_audit_within_days": 60}),
            (notifications.set_policy, DEFAULT_REMINDER_POLICY, {"soon_days": 2}),
            (safeguarding.set_policy, DEFAULT_SAFEGUARDING_POLICY, {"escalations_at_most": 2}),
            (supervision_handlers.set_policy, DEFAULT_SUPERVISION_POLICY,
             {"prompt_within_days": 50}),
        ):  # fmt: skip
            said = policy.model_copy(update=change if first else {})  # type: ignore[attr-defined]
            numbers = said.model_dump(exclude={"policy_version"})
            made = isinstance(command, CommandHandler)
            _done(council, command, **(numbers if made else {"policy": said}))
        said = DEFAULT_POLICY.model_copy(update={"small_number": 2 if first else 1})
        _done(council, moderation.set_policy, policy=said, reason="A small council.")
        yield


def _audits(council: Council) -> Iterator[None]:
    eventful = Eventful(council, 6)
    for area in (JudgementArea.CARE_LEAVERS, JudgementArea.HELP_AND_PROTECTION):
        named = AreaOfDomain(tool=council.tool.id, domain="planning", area=area)
        _done(
            council, audit_tools.map_areas, from_on=date(2026, 1, 1), areas=(named,),
            reason="For the self-evaluation.",
        )  # fmt: skip
        eventful.go_on(15)
        yield
        if area is JudgementArea.CARE_LEAVERS:
            _done(council, audit_tools.retire_tool, tool="dip-sample", reason="Nobody uses it.")
        while not {"correct", "reopen", "bring_in_moderations", "undo"} <= eventful.done.keys():
            eventful.go_on(5)


def _actions(council: Council) -> Iterator[None]:
    _, action = raised(council)
    for helpers in ((council.ids["auditor"],), ()):
        _done(council, action_commands.name_contributors, action=action, contributors=helpers)
    yield
    closed(council, action)
    _done(
        council, action_commands.reopen, action=action, next=following(council),
        finding="Seen again.", reason="The same gap came back in May.",
    )  # fmt: skip


def _follow_ups(council: Council) -> Iterator[None]:
    audit, action = inadequate(council)
    _done(council, follow_ups.escalate, audit=audit, owner=council.ids["moderator2"])
    yield
    _done(council, follow_ups.agree_plan, audit=audit, actions=(action,), plan="See the child.")
    re_audit(council, audit, "good")


def _indicators(council: Council) -> Iterator[None]:
    keep, id = Keeper(council), "seen-in-time"
    keep.define(id)
    keep.observe(id, "2025/26 Q1", "40%")
    yield
    keep.restate(id, "2025/26 Q1", "41%", "The clerk miscounted it.")
    keep.define("told-in-time")
    for value in ("50%", "51%"):
        _done(
            council, indicators.observe_comparator, indicator=id, comparator="Others",
            period="2025/26 Q1", value=value, reason="The department published it anew.",
        )  # fmt: skip


def _plans(council: Council) -> Iterator[None]:
    kept = Kept.opened(council)
    one = kept.action("1.1", on(council.today + timedelta(days=60)), since=date(2025, 5, 1))
    group = kept.do(plans.form_group, plan=kept.plan, name="Visits", lead="Head of quality")
    kept.do(plans.dissolve_group, plan=kept.plan, group=group)
    kept.meet(council.today)
    yield
    kept.do(rag_scales.publish, content=THREE)
    kept.do(
        rag_scales.map_levels, scale=THREE.id, old=FOUR.key, new=THREE.key, since=date(2026, 1, 1),
        levels=[MappedLevel(old="blue", new="green")],
    )  # fmt: skip
    kept.do(
        plan_actions.reword, action=one, title="Do it well", reason="Nobody knew what was meant."
    )
    kept.do(plan_actions.add_evidence, action=one, of="impact", what="A dip sample")
    measure = kept.do(reviews.set_measure, action=one, text="Fewer repeat audits")
    kept.do(reviews.report_measure, action=one, measure=measure, said="Fewer, we are told.")
    kept.do(plan_actions.link, action=one, kind="indicator", to="seen-in-time")
    kept.do(plan_actions.unlink, action=one, kind="indicator", to="seen-in-time")
    kept.rate(one, "amber")
    kept.do(
        claims.record_claim, plan=kept.plan, as_at=council.today, claimed="2.8",
        source="The board's paper",
    )  # fmt: skip
    request = kept.do(
        reviews.ask_for_dates, action=one, new=[on(council.today + timedelta(days=90))],
        reason="A new post begins in May.",
    )  # fmt: skip
    kept.do(reviews.approve_dates, "lead2", action=one, asked=request)
    kept.meet(council.today)
    asked = {"title": "Getting to outstanding", "board": "The board", "tiers": ("Ambition",)}
    kept.do(plans.open_plan, scale=THREE.key, since=council.today, **asked)


def _supervision(council: Council) -> Iterator[None]:
    supervised.managed(council)
    pair = supervised.begun(council, days_ago=60)
    month_ago = council.today - timedelta(days=30)
    check = supervised.asked(council, pair)
    _open_cases(council, "C-1", "C-2")
    _set_prompt_aside(council)
    yield
    supervised.held(council, pair, month_ago, note="Spoke of the workload.")
    _done(
        council, supervision_handlers.record_not_held, "reader", pair=pair, why="leave",
        planned_on=council.today - timedelta(days=2),
    )  # fmt: skip
    supervised.submitted(council, check)
    _open_cases(council, "C-1")
    _set_prompt_aside(council)
    _done(
        council, supervision_handlers.end, pair=pair, on=council.today,
        reason="They moved to another team.",
    )  # fmt: skip
    supervised.begun(council, supervisor=council.ids["lead2"], practitioner=council.ids["reader"])


def _open_cases(council: Council, *cases: str) -> None:
    _done(
        council, supervision_handlers.list_open_cases, counted_on=council.today,
        source="The case system", cases=tuple(CaseRow(case=one, team="east") for one in cases),
    )  # fmt: skip


def _set_prompt_aside(council: Council) -> None:
    audit = council.submitted("inadequate")
    _done(
        council, supervision_handlers.set_prompt_aside, practitioner=council.ids["worker"],
        audits=(audit,), reason="The pair has newly started.",
    )  # fmt: skip


def _concerns(council: Council) -> Iterator[None]:
    audit = council.allocated()
    manager = council.ids["reader"]
    concern = _done(
        council, safeguarding.raise_concern, "auditor", audit=audit, what="A child alone at night."
    )
    yield
    _done(
        council, safeguarding.tell_manager, "auditor", audit=audit, concern=concern,
        manager=manager, how="telephone",
    )  # fmt: skip
    _done(
        council, safeguarding.acknowledge, "reader", audit=audit, concern=concern,
        doing="We went there at once.",
    )  # fmt: skip
    stated = StatedConcern(what="A child alone in March.", raised_on=council.today)
    row = ImportedConcern(2, "SC-1", council.view(audit).row.reference, stated)
    file = File(name="concerns.csv", sha256="0" * 64, rows=1, rejected=0, mapping={})
    _done(council, safeguarding.import_concerns, file=file, rows=(row,))


def _practitioners(council: Council) -> Iterator[None]:
    audit, _ = council.moderated()
    for text in ("It was a hard year.", "It was a hard year for us all."):
        _done(council, practitioners.reflect, "worker", audit=audit, text=text)
    yield
    dispute = _done(
        council, practitioners.dispute_fact, "worker", audit=audit, stated="No visit in May.",
        should_be="There was one.",
    )  # fmt: skip
    _done(
        council, practitioners.answer, audit=audit, dispute=dispute, outcome="stands",
        answer="The record shows none.",
    )  # fmt: skip


def _learning(council: Council) -> Iterator[None]:
    theme = _done(council, learning.open_theme, title="Chronologies", question="Are they kept?")
    _, action = raised(council)
    audit = council.submitted(strengths=(Strength(text="Seen alone.", domain="planning"),))
    council.moderate(audit)
    _done(council, learning.tag, theme=theme, kind="action", record=action)
    yield
    _done(council, learning.open_theme, title="Fathers", question="Are they asked?")
    _done(council, learning.tag, theme=theme, kind="strength", record=audit, part="0")
    _done(
        council, learning.share_good_practice, theme=theme, audit=audit, strength=0,
        text="A child was seen twice alone.", worker=council.ids["worker"], thanks="Thank you.",
    )  # fmt: skip
    _done(
        council, learning.share, theme=theme, where="Team meeting", with_whom="All",
        message="Keep them.",
    )  # fmt: skip
    _done(
        council,
        learning.untag,
        theme=theme,
        kind="action",
        record=action,
        reason="It is about another theme.",
    )


def _people(council: Council) -> Iterator[None]:
    both = {"person": council.ids["lead"], "deputy": council.ids["lead2"]}
    since = council.today
    _done(
        council, people.name_deputy, "admin", since=since, until=since + timedelta(days=90),
        **both,
    )  # fmt: skip
    yield
    _done(council, people.end_deputy, "admin", since=since, **both)
    late = _done(council, people.add_person, "admin", handle="late", name="Late Tree", team="west")
    _done(council, people.grant_role, "admin", person=late, role=Role.AUDITOR)
    _done(council, people.rename_person, "admin", person=council.ids["auditor2"], name="New Tree")
    _done(council, people.grant_role, "admin", person=council.ids["worker"], role=Role.READER)
    _done(council, people.open_team, "admin", name="North", service_name="Safeguarding")
    _done(council, people.rename_team, "admin", team="west", name="West and Coast")


def _inspections(council: Council) -> Iterator[None]:
    council.ids["visitor"] = str(
        people.add_person(
            council.services.desk, AddPerson(handle="visitor", name="Visitor Tree"), by=OPERATOR
        ).response["person"]
    )
    inspector, until = council.ids["visitor"], council.today + timedelta(days=60)
    room = _done(
        council, inspections.open_room, inspector=inspector, title="Focused visit", until=until
    )
    asked = _done(council, inspections.ask, "visitor", room=room, asked="Who saw the child?")
    yield
    _done(council, inspections.answer, room=room, question=asked, answer="The key worker.")
    _done(
        council, inspections.change_reach, room=room, tools=(council.tool.id,),
        reason="They read what this tool found.",
    )  # fmt: skip
    _done(council, inspections.close_room, room=room, reason="The visit is over.")
    _done(council, inspections.open_room, inspector=inspector, title="A second one", until=until)


def _publishing(council: Council) -> Iterator[None]:
    asked = ReportAsked(
        report="agreement", start=date(2026, 1, 1), end=date(2026, 3, 31), by="quarter"
    )
    published = _done(
        council, publishing.publish, title="To the board", asked=asked,
        position=council.services.store.head(), as_at=council.today, sha256="ab" * 32,
    )  # fmt: skip
    made = {
        "of": published, "least": 5, "position": council.services.store.head(), "rendering": 2,
        "originals": (WrittenText(text="title", written="To the board"),), "withdrawn": False,
        "texts": (TextToRelease(text="title"),), "tables": (ShownTable(totals=(0,)),),
    }  # fmt: skip
    _done(council, disclosure.give, audience="partners", policy_version=0, after=0, **made)
    _done(council, disclosure.set_rule, least=5)
    yield
    _done(council, disclosure.set_rule, least=6)
    _done(council, disclosure.give, audience="public", policy_version=2, after=1, **made)
    _done(council, publishing.comment, of=published, commentary="It held.")
    _done(council, publishing.withdraw, of=published, reason="The wrong period.")


def _quarterly(council: Council) -> Iterator[None]:
    start, end = date(2026, 1, 1), date(2026, 3, 31)
    begun = StartQuarterlyReport(title="Quarter 4", council="Testshire", start=start, end=end)
    lead = council.actor("lead")
    of = str(quarterly.start(council.services.desk, begun, by=lead).response["report"])
    asked = ReportAsked(report="agreement", start=start, end=end, by="quarter", formulas=2)
    sections = [
        _done(council, quarterly.add_section, of=of, asked=asked, question=question, shows="whole")
        for question in ("Do moderators agree?", "Did they before?", "Is it chance?")
    ]
    first, second, third = sections
    yield
    changed = {"of": of, "section": first, "question": "Do they agree?", "shows": "figures"}
    _done(council, quarterly.change_section, **changed, writer=council.ids["auditor"])
    _done(council, quarterly.remove_section, of=of, section=third)
    _done(council, quarterly.order_sections, of=of, sections=(second, first))
    for section in (first, second, first):
        _done(council, quarterly.comment, of=of, section=section, text="It held.")
    headlines = tuple(
        HeadlineFigure(section=first, figure=figure)
        for figure in ("moderated", "moderation_coverage_rate", "moderation_agreement_rate")
    )
    chosen = {"headlines": headlines, "sentences": ("One.", "Two.", "Three.")}
    _done(council, quarterly.choose_headlines, of=of, **chosen)
    made = {
        "reviewer": council.ids["auditor"], "as_at": council.today, "sha256": "ab" * 32,
        "formulas": 2, "rendering": 1, "sentences": chosen["sentences"],
    }  # fmt: skip
    for again in (True, False):
        position = council.services.store.head()
        _done(council, quarterly.send, of=of, position=position, **made)
        _done(council, quarterly.agree, "auditor", of=of)
        if again:
            _done(council, quarterly.send_back, of=of, reason="Say more of the spring.")
    _done(council, quarterly.publish, of=of, sha256="ab" * 32)


def _working_days(council: Council) -> Iterator[None]:
    for days in (90, 91):
        closed = (council.today + timedelta(days=days),)
        _done(council, working_days.set_working_days, closed=closed)
        yield


def _word_templates(council: Council) -> Iterator[None]:
    for styles in (made_ready(saved()), blank()):
        _done(council, word_templates.set_word_template, word_file="house.docx", styles=styles)
        yield


def _typing(council: Council) -> Iterator[None]:
    audit, _ = council.moderated()
    yield
    _done(
        council, audit_handlers.correct, "auditor", audit=audit, field="rationale", kind="typing",
        new="The plan names six steps and owners.", reason="Typed in the wrong box.",
    )  # fmt: skip


def _children(council: Council) -> Iterator[None]:
    references = [council.view(council.submitted(child=one)).row.child for one in ("C-1", "C-2")]
    joining = _done(
        council, children.join, child=references[0], other=references[1],
        why="The number was given anew in March.",
    )  # fmt: skip
    yield
    _done(council, children.part, joining=joining, why="They are two children after all.")


def _restrictions(council: Council) -> Iterator[None]:
    child = council.view(council.submitted(child="C-00777")).row.child
    readers = [council.ids["lead"], council.ids["auditor"]]
    why = "The child of a colleague."
    restriction = _done(council, restrictions.restrict, child=child, readers=readers, why=why)
    yield
    _done(council, restrictions.break_glass, "moderator", child=child, why="A call in the night.")
    _done(
        council, restrictions.name_readers, restriction=restriction, readers=readers[:1],
        why="The auditor has moved on.",
    )  # fmt: skip


def _views(council: Council) -> Iterator[None]:
    own = {"path": "/actions", "query": "view=overdue", "name": "Late"}
    view = _done(council, views.keep, **own)
    _done(council, views.keep, **own, role="auditor")
    yield
    _done(council, views.remove, view=view)
    _done(council, views.keep, **own)


def _imports(council: Council) -> Iterator[None]:
    rows = "Audit ref,Child ref,Audit date,Auditor,Team,Overall grade\n" + "".join(
        f"X-{number},C-008{number},2026-02-0{number},{name},East,Good\n"
        for number, name in enumerate(("Pat Sample", "P. Sample", "Pat Sample"), 1)
    )
    sheet, lead = read_sheet("tracker.csv", rows.encode()), council.actor("lead")
    for name in ("Tracker", "Tracker of last year"):
        run(council.services, "audits", sheet, ImportChoices(keep_as=name), by=lead)
        if name == "Tracker":
            yield
    both = {"person": "written-p-sample", "joined_to": "written-pat-sample"}
    _done(council, people.join_person, **both)
    council.clock.advance(timedelta(days=1))
    _done(council, people.part_person, person="written-p-sample")


def _sampling_frames(council: Council) -> Iterator[None]:
    send_frame(council, OWN, "C-1,East,Open,2026-01-02,", "C-2,,Open,,")
    yield
    why = {"changed": "correct", "reason": "The first list was of January."}
    send_frame(council, OWN, "C-1,East,Review,2026-01-02,", said=why)
    send_frame(council, OWN, "C-3,West,Open,,", cycle="Quarter 1 of 2026/27")
