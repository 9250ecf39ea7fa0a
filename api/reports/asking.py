"""The API of a report, from its declaration: what it answers, why a figure is what it is, and the
report as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from inspect import Parameter, Signature
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request, Response

from api.json.deps import Call, ExportCall
from api.json.figure_out import FactsBeneathOut
from api.json.routing import ApiRouter
from api.lists.files import download
from api.reports.declaration import FigureOf, FigureReceipt, Report, Sight, reports
from api.reports.documents import report_in
from api.reports.listing import report_listing
from api.reports.query import fields_of, taken
from api.reports.taking import taken_out
from api.web import freshness
from api.web.moments import WITH_DAY, AsAt, TakenOut, on_day, present
from projections.figures.provenance import by_fingerprint
from qa.authorisation.policy import require
from qa.core.access import What
from qa.core.errors import Refused

Q = TypeVar("Q")
ReportFileKind = Literal["csv", "xlsx", "docx", "pdf"]
Group = Annotated[list[str] | None, Query(description="The row's group, one key=value each.")]
OnDay = Annotated[
    date | None, Query(description="Beside an entry: as on this day, which decides what was late.")
]
Chosen = Callable[..., Any]
"""Asks for the report by the path, or names the only one."""


def asked_by(query: type[Q], **in_path: Any) -> Callable[..., Any]:
    """A dependency that reads the question from the address: from its path what is `in_path`, with
    its type (None: not asked), and the rest from its query."""

    async def ask(**given: Any) -> Q:
        return taken(query, given)

    parameters = []
    for one in fields_of(query):
        if in_path.get(one.key, "") is None:
            continue
        kind: Any = list[str] if one.several else one.kind
        default = Parameter.empty if one.owed else None if one.several else one.default
        if default is None and get_origin(kind) is not None:
            kind = kind | None
        marked = (
            in_path.get(one.key)
            or Annotated[kind, Query(alias=one.name, description=one.part.help)]
        )
        parameters.append(
            Parameter(one.key, Parameter.KEYWORD_ONLY, default=default, annotation=marked)
        )
    ask.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    return ask


def only(report: Report[Any, Any]) -> Chosen:
    """The report of an address that names no other."""

    async def chosen() -> Report[Any, Any]:
        return report

    return chosen


def asked_alike() -> Iterator[tuple[str, str, Chosen, Callable[..., Any]]]:
    """The reports that can be published, those that are asked the same together: the operation
    that publishes them, their name in its path, and what reads report and question from it."""
    found: dict[str, list[Report[Any, Any]]] = {}
    for one in sorted(reports(), key=lambda one: one.name):
        if one.publishes:
            found.setdefault(one.publishes, []).append(one)
    for operation, kinds in found.items():
        query = asked_by(kinds[0].query)
        if len(kinds) > 1:
            yield operation, "{name}", _named(kinds), query
        else:
            yield operation, kinds[0].name, only(kinds[0]), query


def _named(kinds: Sequence[Report[Any, Any]]) -> Chosen:
    """The report that the address names, of several."""
    known = {one.name: one for one in kinds}

    async def chosen(name: Any) -> Report[Any, Any]:
        return known[name]

    chosen.__annotations__["name"] = Annotated[Literal[tuple(known)], Path()]
    return chosen


def group_of(given: list[str] | None, query: Any) -> dict[str, str]:
    """The group that an address names, as the report gave it.

    Raises:
        Refused: a part that is not key=value.
    """
    pairs = [part.partition("=") for part in given or []]
    if any(not sign for _, sign, _ in pairs):
        raise Refused("Write a group as key=value.", field="group", code="group-malformed")
    days = {"from": query.start, "to": query.end} if getattr(query, "start", None) else {}
    return {key: str(day) for key, day in days.items()} | {key: value for key, _, value in pairs}


def read_endpoint(
    router: ApiRouter,
    path: str,
    report: Chosen,
    query: Callable[..., Any],
    *,
    answer: Any,
    operation_id: str,
    doc: str,
    why: str = "/why",
) -> None:
    """Declare how a report is read. The head of the answer names the address beneath it, `why`, at
    which each of its figures is opened at the same moment."""

    def read(call: Call, request: Request, response: Response, report: Any, query: Any) -> Any:
        require(call.actor, report.verb)
        behind = freshness.behind(call.services, call.connection, call.at)
        sight = Sight.of(call)
        made = report.make(sight, query, behind)
        call.note(report.subject(query), report.detail(query, call.at))
        response.headers["Link"] = _opened_at(request, why, report, call.at)
        return report.answer(sight, made)

    _typed(read, doc, report=report, query=query)
    router.get(path, operation_id=operation_id, response_model=answer)(read)


def _opened_at(request: Request, why: str, report: Report[Any, Any], at: AsAt) -> str:
    """Where a figure of an answer is opened: what names it is to be added to the query."""
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] not in WITH_DAY]
    query = urlencode([*pairs, *report.moment_of(at).items()])
    return f'<{request.url.path}{why}?{query}>; rel="describedby"; title="Why a figure is so"'


def why_endpoint(
    router: ApiRouter,
    path: str,
    report: Chosen,
    query: Callable[..., Any],
    *,
    operation_id: str,
) -> None:
    """Declare how a figure is asked why it is what it is."""

    def why(
        call: Call, report: Any, query: Any, figure: str, group: Group = None, on: OnDay = None
    ) -> Any:
        require(call.actor, report.verb)
        store, today = (
            call.services.store,
            present(call.services.store, call.connection, call.actor),
        )
        call = replace(call, at=on_day(call.at, on, today.day))
        one_figure = FigureOf(query=query, figure=figure, group=group_of(group, query))
        found = report.why(store, Sight.of(call), one_figure)
        call.note(report.subject(query), f"why {figure}")
        return facts_out(found)

    _typed(why, "A figure counted again from the events beneath it alone.", report=report,
           query=query)  # fmt: skip
    router.get(path, operation_id=operation_id, response_model=FactsBeneathOut)(why)


def facts_out(found: FigureReceipt) -> FactsBeneathOut:
    """A figure with its recount, and those of the events beneath it that the reader may open."""
    events = found.found.events
    given = [row for row in events if found.open_to is None or row[1] in found.open_to]
    return FactsBeneathOut.of(
        found.found,
        facts=[by_fingerprint(row) for row in given],
        facts_not_shown=len(events) - len(given),
    )


def file_endpoint(
    router: ApiRouter,
    path: str,
    report: Chosen,
    query: Callable[..., Any],
    *,
    kind: str,
    operation_id: str,
) -> None:
    """Declare how a report is taken out as a file; the path calls its kind `kind`."""

    def export(call: ExportCall, report: Any, query: Any, file: Any) -> Response:
        require(call.actor, report.verb)
        require(call.actor, "export")
        behind = freshness.behind(call.services, call.connection, call.at)
        sight = Sight.of(call)
        made = report.make(sight, query, behind)
        filters = report.question_words(sight, query)
        body = report_file(report, sight, query, made, file, filters, taken_out(call))
        detail = f"{file}: {report.detail(query, call.at)}"
        call.note(report.subject(query), detail, what=What.EXPORT)
        return download(body, f"{call.at.file_stamp}-{report.name}.{file}", call.at)

    asks = "A report as a file: the query asks for it as the report itself does."
    _typed(export, asks, report=report, query=query)
    export.__annotations__["file"] = Annotated[ReportFileKind, Path(alias=kind)]
    router.file(path, get_args(ReportFileKind), operation_id=operation_id)(export)


def report_file(
    report: Report[Any, Any],
    sight: Sight,
    query: Any,
    made: Any,
    kind: str,
    filters: Sequence[tuple[str, str]],
    taken: TakenOut,
) -> bytes:
    """A report as the bytes of a file, which says where its figures are opened."""
    filters = [*filters, report.opens_at(query, sight.at)]
    openings = report.openings(query, sight.at)
    listing = report_listing(made, filters=filters, taken=taken, openings=openings)
    return report_in(kind, listing, lambda: report.document(sight, made, filters, taken))


def _typed(function: Any, doc: str, **dependencies: Callable[..., Any]) -> None:
    function.__doc__ = doc
    for name, dependency in dependencies.items():
        function.__annotations__[name] = Annotated[Any, Depends(dependency)]
