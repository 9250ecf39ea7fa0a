"""Copies of a published report for outside the council: those given out, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request
from starlette.responses import RedirectResponse, Response

from api.disclosure import copy_files, report
from api.disclosure import reading as disclosure_reading
from api.disclosure.sources import OutsideSource, source_called
from api.lists.files import TYPES
from api.web import access_notes
from api.web.changes import Trouble, key_of, new_key, seen, tried
from api.web.context import PresentReader, Reader, Reading
from api.web.csrf import Posted
from api.web.forms import Errors, text
from api.web.late_routes import PageRouter
from projections.core.typed_rows import json_text
from projections.disclosure import queries
from projections.disclosure.tables import OutsideCopyRow
from projections.people import queries as people_queries
from qa.authorisation.policy import can, require
from qa.core.access import What
from qa.core.errors import Refused
from qa.core.fields import field_words
from qa.disclosure import handlers
from qa.disclosure.commands import GiveOutsideCopy, TextToRelease, WithdrawOutsideCopy
from qa.disclosure.events import DisclosureRuleSet
from qa.disclosure.number_words import number_sentences
from qa.disclosure.words import AUDIENCES
from qa.store.unit import Receipt

router = PageRouter(prefix="/published/{of}/copies")

PublishedId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
CopyId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
CopyFileKind = Literal["csv", "xlsx", "json", "docx", "pdf"]
AudienceAsked = Annotated[Literal["partners", "public"], Query()]
_PREVIEW_SALT = "00"
DONE = {"given": "The copy is made.", "withdrawn": "The copy is withdrawn."}


@router.get("")
def list_copies(of: PublishedId, request: Request, reading: Reader) -> Response:
    """The copies of a report that were given out, with what was left out of them and why."""
    at = reading.at
    found = source_called(reading.services, reading.connection, reading.actor, of, at.position)
    copies = queries.copies(reading.connection, of, position=at.position)
    by = people_queries.names(reading.connection, {one.by for one in copies}, position=at.position)
    titles = {one.key: one.what for one in found.texts(at.position)}
    _note(reading, found, What.VIEW, "copies")
    publishes = can(reading.actor, "publish-report").allowed and not at.is_past
    return reading.page(
        "disclosure/copies.html",
        title=f"Copies for outside: {found.title}",
        source=found,
        copies=[
            {
                "row": one,
                "name": by.get(one.by, one.by),
                "audience": AUDIENCES[one.audience],
                "told_by": report.told_by(one),
                "texts": [(titles.get(text.text, "Text"), text) for text in one.released],
            }
            for one in reversed(copies)
        ],
        rule=_rule_words(queries.rule(reading.connection, position=at.position)[0]),
        said=DONE.get(request.query_params.get("done", ""), ""),
        may_withdraw=publishes,
        may_give=publishes and not found.withdrawn_because,
        may_export=can(reading.actor, "export").allowed,
    )


@router.get("/new")
def new_copy(of: PublishedId, reading: PresentReader, audience: AudienceAsked) -> Response:
    require(reading.actor, "publish-report")
    return _new(reading, of, audience, {}, Errors())


def _new(
    reading: Reading,
    of: str,
    audience: str,
    typed: Mapping[str, Mapping[str, Any]],
    errors: Errors,
    status: int = 200,
) -> Response:
    services, connection = reading.services, reading.connection
    found = source_called(services, connection, reading.actor, of, None)
    made = disclosure_reading.worked_out(services, connection, found)
    tables = made["tables"]
    before = next(iter(queries.copies(connection, of)), None)
    row = OutsideCopyRow(
        given="",
        stream_version=0,
        published=of,
        audience=audience,
        least=made["least"],
        policy_version=made["policy_version"],
        made_at=made["position"],
        tables=json_text([one.model_dump() for one in tables]),
        texts=json_text([]),
        salt=_PREVIEW_SALT if before is None else before.salt,
        rendering=made["rendering"],
        by=reading.actor.person,
        given_us=0,
    )
    _note(reading, found, What.VIEW, "a copy to be made")
    start = "yes" if audience == "partners" else "no"
    return reading.page(
        "disclosure/new.html",
        status=status,
        title=f"Copy for {AUDIENCES[audience]}",
        errors=errors,
        source=found,
        audience=audience,
        key=new_key(),
        version=made["after"],
        rule=report.told_by(row),
        tables=report.view_of(found, row).tables,
        fields=field_words(TextToRelease),
        texts=[
            {
                "at": at,
                "one": one,
                "give": typed.get(str(at), {}).get("give", start),
                "passages": typed.get(str(at), {}).get("passages", ""),
                "because": typed.get(str(at), {}).get("because", ""),
                "sentences": number_sentences(one.text) if audience == "public" else (),
                "confirmed": typed.get(str(at), {}).get("confirmed", ()),
            }
            for at, one in enumerate(found.texts(None))
        ],
    )


@router.post("/new")
def give_copy(of: PublishedId, reading: Reader, form: Posted, audience: AudienceAsked) -> Response:
    require(reading.actor, "publish-report")
    services, connection = reading.services, reading.connection
    typed = _typed(form)
    released = [at for at, one in typed.items() if one.get("give") == "yes"]

    def do() -> Receipt:
        found = source_called(services, connection, reading.actor, of, None)
        command = GiveOutsideCopy(
            of=of,
            audience=audience,
            texts=tuple(
                TextToRelease(
                    text=typed[at].get("text", ""),
                    passages=tuple(typed[at].get("passages", "").splitlines()),
                    because=typed[at].get("because", ""),
                    confirmed=tuple(typed[at].get("confirmed", ())),
                )
                for at in released
            ),
            **disclosure_reading.worked_out(services, connection, found),
        )
        try:
            return handlers.give(
                reading.desk, command, by=reading.actor, seen=seen(form), key=key_of(form)
            )
        except Refused as refused:
            raise Refused([_in_form(one, released) for one in refused.faults]) from refused

    done = tried(do)
    if isinstance(done, Trouble):
        return _new(reading, of, audience, typed, done.errors, done.status)
    return RedirectResponse(f"/published/{of}/copies?done=given", status_code=303)


def _typed(form: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What was typed for each text, by its place in the form."""
    given = form.get("texts", {})
    texts = given if isinstance(given, dict) else {}
    return {
        at: {
            **{name: one for name, one in each.items() if isinstance(one, str)},
            "confirmed": _several(each.get("confirmed")),
        }
        for at, each in texts.items()
        if isinstance(each, dict)
    }


def _several(given: Any) -> list[str]:
    """The boxes that are ticked, one or several."""
    found = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return [one for one in found if isinstance(one, str)]


def _in_form(fault: Any, released: list[str]) -> Any:
    """The fault at the place where the form has the text."""
    parts = fault.field.split(".")
    if parts[0] == "texts" and len(parts) > 2:
        parts[1] = released[int(parts[1])]
    return replace(fault, field=".".join(parts))


@router.get("/{given}")
def show_copy(of: PublishedId, given: CopyId, reading: Reader) -> Response:
    """A copy as it is read outside."""
    found, copy = disclosure_reading.copy_of(
        reading.services, reading.connection, reading.actor, of, given, reading.at.position
    )
    view = report.view_of(found, copy)
    _note(reading, found, What.VIEW, "copy")
    return reading.page(
        "disclosure/copy.html",
        title=view.title,
        wide=True,
        source=found,
        copy=copy,
        view=view,
        may_see_all=not found.pieces or can(reading.actor, "read-self-evaluation").allowed,
        may_export=can(reading.actor, "export").allowed,
    )


@router.get("/{given}/copy.{kind}")
def download_copy(of: PublishedId, given: CopyId, kind: CopyFileKind, reading: Reader) -> Response:
    """A copy as a file: the same bytes whenever it is asked for."""
    found, copy = disclosure_reading.copy_of(
        reading.services, reading.connection, reading.actor, of, given, reading.at.position
    )
    require(reading.actor, "export")
    body = copy_files.file_of(found, copy, kind)
    _note(reading, found, What.EXPORT, f"copy for {copy.audience}, {kind}")
    name = copy_files.file_name(found, copy, kind)
    headers = {
        "Caseloop-Position": str(found.position),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(body, media_type=TYPES[kind], headers=headers)


@router.get("/{given}/withdrawal")
def ask_withdrawal(of: PublishedId, given: CopyId, reading: PresentReader) -> Response:
    return _withdrawal(reading, of, given, "", Errors())


def _withdrawal(
    reading: Reading, of: str, given: str, reason: str, errors: Errors, status: int = 200
) -> Response:
    require(reading.actor, "publish-report")
    found, copy = disclosure_reading.copy_of(
        reading.services, reading.connection, reading.actor, of, given, None
    )
    return reading.page(
        "disclosure/withdrawal.html",
        status=status,
        title=f"Withdraw the copy for {AUDIENCES[copy.audience]}",
        errors=errors,
        source=found,
        copy=copy,
        key=new_key(),
        version=queries.version(reading.connection),
        field=field_words(WithdrawOutsideCopy)["reason"],
        reason=reason,
    )


@router.post("/{given}/withdrawal")
def withdraw_copy(of: PublishedId, given: CopyId, reading: Reader, form: Posted) -> Response:
    reason = text(form, "reason")

    def do() -> Receipt:
        command = WithdrawOutsideCopy(of=of, given=given, reason=reason)
        return handlers.withdraw(
            reading.desk, command, by=reading.actor, seen=seen(form), key=key_of(form)
        )

    done = tried(do, ("reason",))
    if isinstance(done, Trouble):
        return _withdrawal(reading, of, given, reason, done.errors, done.status)
    return RedirectResponse(f"/published/{of}/copies?done=withdrawn", status_code=303)


def _rule_words(rule: DisclosureRuleSet) -> str:
    return report.rule_words(rule.least, rounds=rule.method == "round")


def _note(reading: Reading, source: OutsideSource, what: What, detail: str) -> None:
    access_notes.note(
        reading.services,
        reading.actor,
        what,
        source.subject,
        detail=detail,
        at=reading.at,
    )
